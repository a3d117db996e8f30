/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "dbvitals.h"

const char *
dbv_version(void)
{
	return PACKAGE_VERSION;
}
