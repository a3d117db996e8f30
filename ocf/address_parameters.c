/* SPDX-License-Identifier: MIT
 *
 * What ocf:heartbeat:IPaddr2 takes. Left out is what is only for its clones that share the load (mac,
 * unique_clone_address, clusterip_*) or for its monitor, which this agent does without
 * (arp_count_refresh, check_link_status), and what hides where the address is: lvs_support, which
 * keeps it on the loopback interface of the others, and network_namespace.
 */
#include "parameters.h"

const struct parameter address_parameters[] = {
	{ "nic", "string", NULL, "Network interface",
		"The interface to put the address on, without a label. Left out, it is the one that "
		"the routing table names for the address." },
	{ "cidr_netmask", "string", NULL, "Prefix length",
		"Length of the network's prefix in bits, for example 24. Left out, it is that of the "
		"route to the address." },
	{ "broadcast", "string", NULL, "Broadcast address",
		"For IPv4: the broadcast address to set, or + or - to have it made of the address "
		"with all host bits set or cleared." },
	{ "proto", "string", NULL, "Origin of the route",
		"Only a route of this origin, for example kernel, is used to find interface and "
		"prefix length. Newer releases of IPaddr2 only." },
	{ "iflabel", "string", NULL, "Label of the address",
		"Is added to the interface's name, with a colon between: 15 characters in all at "
		"most." },
	{ "arp_count", "integer", "5", "Announcements after a move",
		"How many unsolicited ARP packets (IPv4) or neighbour advertisements (IPv6) tell the "
		"network that the address is here now." },
	{ "arp_interval", "integer", "200", "Pause between announcements",
		"In milliseconds. It counts for the programs send_arp and send_ua alone, and "
		"upstream calls it deprecated." },
	{ "arp_bg", "boolean", NULL, "Announce in the background",
		"Whether the promotion goes on before all announcements are sent. Default: true for "
		"IPv4, false for IPv6." },
	{ "arp_sender", "string", NULL, "Program that announces",
		"For IPv4: send_arp, ipoibarping, iputils_arping or libnet_arping. Default: send_arp, "
		"on InfiniBand ipoibarping where it is installed." },
	{ "send_arp_opts", "string", NULL, "Options of the program that announces",
		"For IPv4: more arguments for what arp_sender names, for example -A for "
		"iputils_arping, which then sends replies in place of requests." },
	{ "run_arping", "boolean", "false", "Look for another owner first",
		"For IPv4: ask the network whether somebody has the address before it is brought up. "
		"It takes some seconds." },
	{ "nodad", "boolean", "false", "No duplicate address detection",
		"For IPv6: use the address at once, without asking whether somebody has it." },
	{ "noprefixroute", "boolean", "false", "No route with the address",
		"Do not let the kernel make a route to the address's network." },
	{ "preferred_lft", "string", "forever", "Preferred lifetime",
		"For IPv6: in seconds, or forever. With 0 the host does not choose the address as "
		"the source of its own connections." },
	{ "lvs_ipv6_addrlabel", "boolean", NULL, "Address label",
		"For IPv6: label the address so that the host does not choose it as the source of "
		"its own connections. Default: that of the installed IPaddr2." },
	{ "lvs_ipv6_addrlabel_value", "integer", "99", "Number of the address label",
		"For IPv6: a label that nothing else in the host's table of address labels uses." },
	{ "flush_routes", "boolean", "false", "Forget routes on removal",
		"Flush the kernel's cache of routes when the address is removed, so that nothing on "
		"this host goes on using it." },
	{ .name = NULL },
};
