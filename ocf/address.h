/* SPDX-License-Identifier: MIT
 *
 * The floating address: ocf:heartbeat:IPaddr2 brings it up and takes it away, iproute2 ends its connections, nftables
 * keeps new ones out meanwhile.
 */
#ifndef DBV_ADDRESS_H
#define DBV_ADDRESS_H

#include "text.h"

#include <stdint.h>

struct address_call {
	const char *address;
	/* The instance that it is for: names the address's own instance, and the table of the firewall. */
	const char *resource;
	int64_t deadline;
};

/* False, with the reason in WHY, where the address is not as wanted afterwards. */
bool address_up(const struct address_call *c, struct text *why);
bool address_down(const struct address_call *c, struct text *why);

/* IPaddr2's own opinion of its parameters: its exit status, 5 where it is not installed. */
int address_validate(const struct address_call *c, struct text *why);

/* For ten seconds from now new connections to the address are refused, also when it is here no longer; established ones
 * go on. */
bool address_block(const struct address_call *c, struct text *why);
bool address_unblock(const struct address_call *c, struct text *why);

/* Ends the established connections to the address, in a way that their clients see. */
bool address_end_connections(const struct address_call *c, struct text *why);

#endif
