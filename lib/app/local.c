/* SPDX-License-Identifier: MIT */
#include "local.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <string.h>
#include <unistd.h>

struct address {
	int family;
	size_t size;
	unsigned char bytes[16];
};

static const unsigned char *
bytes_of(const struct sockaddr *a, int family)
{
	if (!a || a->sa_family != family)
		return NULL;
	if (family == AF_INET)
		return (const unsigned char *)&((const struct sockaddr_in *)(const void *)a)
			->sin_addr;
	return (const unsigned char *)&((const struct sockaddr_in6 *)(const void *)a)->sin6_addr;
}

/* Bits of the network that I and WANTED share; -1 where they share none. */
static int
shared_bits(const struct ifaddrs *i, const struct address *wanted)
{
	const unsigned char *own = bytes_of(i->ifa_addr, wanted->family);
	const unsigned char *mask = bytes_of(i->ifa_netmask, wanted->family);
	int bits = 0;

	for (size_t b = 0; own && mask && b < wanted->size; b++) {
		if ((own[b] ^ wanted->bytes[b]) & mask[b])
			return -1;
		bits += __builtin_popcount(mask[b]);
	}
	return own && mask ? bits : -1;
}

bool
local_address(const char *address, struct local_address *out)
{
	struct address wanted = { .family = strchr(address, ':') ? AF_INET6 : AF_INET };
	struct ifaddrs *list = NULL;
	const struct ifaddrs *best = NULL;
	int most = 0;
	bool runs = false;

	*out = (struct local_address){ .here = false, .prefix = 0 };
	wanted.size = wanted.family == AF_INET ? 4 : 16;
	if (inet_pton(wanted.family, address, wanted.bytes) != 1 || getifaddrs(&list) != 0)
		return false;
	for (const struct ifaddrs *i = list; i && !out->here; i = i->ifa_next) {
		const unsigned char *own = bytes_of(i->ifa_addr, wanted.family);
		int bits = shared_bits(i, &wanted);

		out->here = own && memcmp(own, wanted.bytes, wanted.size) == 0;
		if (out->here) {
			strncpy(out->interface, i->ifa_name, sizeof(out->interface) - 1);
			out->prefix = bits;
		}
		if (out->here || bits > most) {
			best = i;
			runs = false;
		}
		if (out->here || bits >= most) {
			runs = runs || (i->ifa_flags & IFF_RUNNING);
			most = bits;
		}
	}
	/* Of two interfaces into one network, one will do. */
	if (best && !runs)
		strncpy(out->without_link, best->ifa_name, sizeof(out->without_link) - 1);
	freeifaddrs(list);
	return true;
}

enum truth
local_has(const char *address)
{
	struct local_address found;
	unsigned char bytes[16];

	if (!address || (inet_pton(AF_INET, address, bytes) != 1 &&
				inet_pton(AF_INET6, address, bytes) != 1))
		return TRUTH_NO;
	if (!local_address(address, &found))
		return TRUTH_UNKNOWN;
	return found.here ? TRUTH_YES : TRUTH_NO;
}

void
local_boot(char *buf, size_t size)
{
	int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	ssize_t got = fd >= 0 ? read(fd, buf, size - 1) : 0;

	if (fd >= 0)
		close(fd);
	buf[got > 0 ? got : 0] = '\0';
	buf[strcspn(buf, "\n")] = '\0';
}
