/* SPDX-License-Identifier: MIT
 *
 * The library as a program of somebody else's uses it.
 */
#include <arpa/inet.h>
#include <check.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "dbvitals.h"
#include "suites.h"

/* A socket that listens and never accepts; its port. */
static int
silent_listener(char port[8])
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	ck_assert_int_eq(bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	ck_assert_int_eq(listen(fd, 64), 0);
	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&a, &size), 0);
	unsigned number = ntohs(a.sin_port);
	size_t n = 0;

	for (unsigned scale = 10000; scale > 0; scale /= 10)
		if (number >= scale)
			port[n++] = (char)('0' + number / scale % 10);
	port[n] = '\0';
	return fd;
}

#define NODES 64

/* MySQL Internals, "Protocol::HandshakeV10": a server that offers TLS. */
static const char greeting[] = "\x49\0\0\0\n"
			       "8.0.0\0"
			       "\1\0\0\0"
			       "12345678\0"
			       "\x0c\xaa"
			       "\x2d\2\0"
			       "\x28\0\x15"
			       "\0\0\0\0\0\0\0\0\0\0"
			       "123456789012\0"
			       "mysql_native_password";

/* Greets everybody on the listening socket. Hangs up on the first who answers, says nothing more to
 * the others, and hangs up on them when the listening socket is shut down. */
static void *
greet(void *listener)
{
	int clients[NODES], client, n = 0;
	char answer[64];

	while ((client = accept(*(int *)listener, NULL, NULL)) >= 0) {
		ck_assert_int_lt(n, NODES);
		clients[n++] = client;
		ck_assert_int_eq(send(client, greeting, sizeof(greeting), MSG_NOSIGNAL),
			(int)sizeof(greeting));
		if (n == 1 && recv(client, answer, sizeof(answer), 0) > 0)
			shutdown(client, SHUT_RDWR);
	}
	while (n > 0)
		close(clients[--n]);
	return NULL;
}

/* Many silent nodes at once take the time of one. */
static void
observe_silent(size_t count, const char *port, int64_t milliseconds, const char *waited_for)
{
	dbv_node *nodes[NODES];
	dbv_policy *policy = dbv_policy_new();

	for (size_t i = 0; i < count; i++) {
		nodes[i] = dbv_node_new();
		ck_assert(dbv_node_set(nodes[i], "port", port, NULL, 0));
		ck_assert_ptr_null(dbv_node_observation(nodes[i]));
	}
	int64_t began = dbv_now();

	ck_assert(dbv_observe(nodes, count, policy, began + milliseconds));
	int64_t took = dbv_now() - began;

	ck_assert_int_ge(took, milliseconds);
	ck_assert_int_lt(took, 2 * milliseconds);
	for (size_t i = 0; i < count; i++) {
		dbv_verdict *v = dbv_judge(dbv_node_observation(nodes[i]), NULL, policy);

		ck_assert_int_eq(dbv_verdict_state(v), DBV_DOWN);
		ck_assert_str_eq(dbv_finding_id(v, 0), "server.timeout");
		ck_assert_msg(strstr(dbv_finding_message(v, 0), waited_for), "%s",
			dbv_finding_message(v, 0));
		ck_assert_int_eq(dbv_finding_severity(v, 0), DBV_COSTS_NODE);
		dbv_verdict_free(v);
		dbv_node_free(nodes[i]);
	}
	dbv_policy_free(policy);
}

START_TEST(many_nodes_at_once)
{
	char port[8];
	int fd = silent_listener(port);

	observe_silent(NODES, port, 1200, "the greeting");
	close(fd);
}
END_TEST

START_TEST(several_nodes_at_once_in_tls)
{
	char port[8];
	int fd = silent_listener(port);
	dbv_node *first = dbv_node_new();
	dbv_policy *policy = dbv_policy_new();
	pthread_t greeter;

	ck_assert_int_eq(pthread_create(&greeter, NULL, greet, &fd), 0);
	/* What OpenSSL does once takes valgrind long. */
	ck_assert(dbv_node_set(first, "port", port, NULL, 0));
	ck_assert(dbv_observe(&first, 1, policy, dbv_now() + 10000));
	dbv_node_free(first);
	dbv_policy_free(policy);
	/* And so does the beginning of each handshake: not as many. */
	observe_silent(3, port, 6000, "the TLS handshake");
	shutdown(fd, SHUT_RDWR);
	pthread_join(greeter, NULL);
	close(fd);
}
END_TEST

START_TEST(again_with_the_same_handle)
{
	dbv_node *node = dbv_node_new();
	dbv_policy *policy = dbv_policy_new();

	ck_assert(!dbv_node_tell(node, "maintenance-file", "/x"));
	ck_assert(dbv_node_set(node, "port", "1", NULL, 0));
	for (int i = 0; i < 3; i++) {
		ck_assert(dbv_observe(&node, 1, policy, dbv_now() + 1000));
		ck_assert(dbv_node_tell(node, "maintenance-file", "/x"));
		dbv_verdict *v = dbv_judge(dbv_node_observation(node), NULL, policy);

		ck_assert_ptr_nonnull(dbv_finding_by_id(v, "server.unreachable"));
		ck_assert_ptr_nonnull(dbv_finding_by_id(v, "node.maintenance"));
		ck_assert_uint_eq(dbv_verdict_weight(v), 0);
		dbv_verdict_free(v);
	}
	ck_assert(dbv_observe(NULL, 0, policy, dbv_now()));
	dbv_policy_free(policy);
	dbv_node_free(node);
	dbv_node_free(NULL);
}
END_TEST

START_TEST(settings_by_name)
{
	static const struct {
		const char *name, *value, *complaint;
	} settings[] = {
		{ "plugin-dir", "/usr/lib/plugins", NULL },
		{ "ssl-mode", "verify-identity", NULL },
		{ "ssl-mode", "perhaps", "ssl-mode" },
		{ "port", "0", "port" },
		{ "colour", "red", "unknown setting \"colour\"" },
	};
	dbv_node *node = dbv_node_new();

	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		char error[DBV_ERROR_SIZE] = "";
		bool set = dbv_node_set(
			node, settings[i].name, settings[i].value, error, sizeof(error));

		ck_assert_msg(set == !settings[i].complaint, "%s: %s", settings[i].name, error);
		ck_assert_msg(set || strstr(error, settings[i].complaint), "%s", error);
	}
	dbv_node_free(node);
}
END_TEST

START_TEST(deadline_already_passed)
{
	dbv_node *node = dbv_node_new();
	dbv_policy *policy = dbv_policy_new();

	ck_assert(dbv_observe(&node, 1, policy, dbv_now() - 1));
	dbv_verdict *v = dbv_judge(dbv_node_observation(node), NULL, policy);

	ck_assert_int_eq(dbv_verdict_state(v), DBV_DOWN);
	dbv_verdict_free(v);
	dbv_policy_free(policy);
	dbv_node_free(node);
}
END_TEST

/* Nodes at ports: '-' was never observed, 's' is silent, 'r' refuses. Holders likewise. */
static void
expect_together(const char *nodes, const char *holders, enum dbv_state state, const char *id)
{
	dbv_node *all[8];
	const dbv_history *histories[8] = { NULL };
	dbv_history *history = dbv_history_new();
	size_t count = strlen(nodes), holder_count = strlen(holders);
	char port[8];
	int fd = silent_listener(port);
	dbv_policy *policy = dbv_policy_new();

	for (size_t i = 0; i < count + holder_count; i++) {
		char kind = i < count ? nodes[i] : holders[i - count];

		all[i] = dbv_node_new();
		ck_assert(dbv_node_set(all[i], "port", kind == 's' ? port : "1", NULL, 0));
		ck_assert(kind == '-' || dbv_observe(&all[i], 1, policy, dbv_now() + 50));
	}
	histories[0] = history;
	for (int with = 0; with < 2; with++) {
		dbv_verdict *v = dbv_judge_together(all, with ? histories : NULL, count,
			holder_count ? all + count : NULL, holder_count, policy);

		ck_assert_ptr_nonnull(v);
		ck_assert_int_eq(dbv_verdict_state(v), state);
		ck_assert_msg(!id || dbv_finding_by_id(v, id), "%s, %s: %s", nodes, holders, id);
		ck_assert(id || dbv_findings(v) == 0);
		ck_assert_uint_eq(dbv_metrics(v), 0);
		dbv_verdict_free(v);
	}
	for (size_t i = 0; i < count + holder_count; i++)
		dbv_node_free(all[i]);
	dbv_history_free(history);
	dbv_policy_free(policy);
	close(fd);
}

START_TEST(several_nodes_judged_together)
{
	expect_together("sr", "", DBV_DOWN, "cluster.no_writer");
	expect_together("sr", "", DBV_DOWN, "cluster.too_few");
	expect_together("sr", "", DBV_DOWN, "cluster.member_missing");
	expect_together("sr", "rs", DBV_DOWN, "cluster.write_ip_silent");
	/* Never observed: as good as nothing. */
	expect_together("-", "", DBV_UNKNOWN, NULL);
	expect_together("--", "s", DBV_UNKNOWN, NULL);
	expect_together("-s", "", DBV_DOWN, "cluster.no_writer");
	expect_together("rs", "-", DBV_DOWN, "cluster.write_ip_unknown");
	expect_together("", "", DBV_UNKNOWN, NULL);
}
END_TEST

TCase *
library_case(void)
{
	TCase *c = tcase_create("library");

	tcase_set_timeout(c, 20);
	tcase_add_test(c, many_nodes_at_once);
	tcase_add_test(c, several_nodes_at_once_in_tls);
	tcase_add_test(c, again_with_the_same_handle);
	tcase_add_test(c, settings_by_name);
	tcase_add_test(c, deadline_already_passed);
	tcase_add_test(c, several_nodes_judged_together);
	return c;
}
