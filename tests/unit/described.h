/* SPDX-License-Identifier: MIT
 *
 * Both agents as far as their meta-data tell of them; they do nothing.
 */
#ifndef DBV_DESCRIBED_H
#define DBV_DESCRIBED_H

#include "agent.h"

extern const struct agent described[2];

#endif
