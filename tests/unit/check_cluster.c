/* SPDX-License-Identifier: MIT
 *
 * Several recorded nodes together, with something changed in them: what is said of the cluster.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "cluster.h"
#include "fixture.h"
#include "suites.h"

#define NODES_MAX 64

/* A node is the name of a recording and changes to it, or one of the words in absent[]. A node that is not there is
 * the last. */
struct row {
	const char *name;
	/* "min-up=2 severity=cluster.too_few=note" */
	const char *set;
	const char *members[6];
	const char *holders[3];
	const char *want;
	/* Part of the first finding's message. */
	const char *says;
};

static const struct {
	const char *word;
	/* NULL: nothing is known of it. */
	const char *recording;
	enum source source;
	enum outcome outcome;
	unsigned error;
} absent[] = {
	{ "silent", NULL, SOURCE_CONNECT, LATE, 0 },
	{ "refused", NULL, SOURCE_CONNECT, FAILED, 2003 },
	{ "nonsense", NULL, SOURCE_CONNECT, NONSENSE, 0 },
	{ "stops", NULL, SOURCE_CONNECT, FAILED, 1053 },
	{ "denied", NULL, SOURCE_CONNECT, FAILED, 1045 },
	{ "full", NULL, SOURCE_CONNECT, FAILED, 1040 },
	{ "offline", NULL, SOURCE_CONNECT, FAILED, 3032 },
	{ "slow-db3", "healthy-db3", SOURCE_SESSIONS, LATE, 0 },
	{ "unprivileged-m2", "pair-healthy-m2", SOURCE_CHANNEL, FAILED, 1227 },
};

/* All observations of a test, to be freed behind it. */
static dbv_observation *seen[NODES_MAX];
static size_t seen_count;

static dbv_observation *
keep(dbv_observation *o)
{
	ck_assert_uint_lt(seen_count, NODES_MAX);
	seen[seen_count++] = o;
	return o;
}

static void
forget(void)
{
	while (seen_count > 0)
		observation_free(seen[--seen_count]);
}

static dbv_observation *
observed(const char *text)
{
	char name[64];
	size_t n = strcspn(text, " ");

	ck_assert_uint_lt(n, sizeof(name));
	memcpy(name, text, n);
	name[n] = '\0';
	for (size_t i = 0; i < sizeof(absent) / sizeof(absent[0]); i++) {
		if (strcmp(name, absent[i].word) != 0)
			continue;
		const char *recording = absent[i].recording;
		dbv_observation *o = keep(recording ? fixture_live(recording) : observation_new());

		observation_answer(o, absent[i].source, absent[i].outcome, absent[i].error, name);
		return o;
	}
	dbv_observation *o = keep(fixture_live(name));

	fixture_change(o, text + n);
	return o;
}

static size_t
observe(struct member members[], const char *const texts[], size_t max, const char *const labels[])
{
	size_t count = 0;

	for (; count < max && texts[count]; count++)
		members[count] = (struct member){ labels[count], observed(texts[count]), NULL };
	return count;
}

static void
settle(dbv_policy *p, const char *set)
{
	char *copy = strdup(set);
	char *rest = copy, *word;

	while ((word = strsep(&rest, " "))) {
		char *value = strchr(word, '=');

		if (!value)
			continue;
		*value++ = '\0';
		ck_assert_msg(dbv_policy_set(p, word, value, NULL, 0), "%s=%s", word, value);
	}
	free(copy);
}

static void
run(const struct row *row, const char *mode)
{
	static const char *const labels[] = { "n1:3306", "n2:3306", "n3:3306", "n4:3306",
		"[2001:db8::5]:3306", "n6:3306" };
	static const char *const addresses[] = { "vip:3306", "vip:3306", "vip:3306" };
	struct member members[6], holders[3];
	size_t count = observe(members, row->members, 6, labels);
	size_t holder_count = observe(holders, row->holders, 3, addresses);
	dbv_policy *p = fixture_policy(mode, "read");

	settle(p, row->set);
	dbv_verdict *v = judge_cluster(members, count, holders, holder_count, p);

	fixture_expect_verdict(v, row->want, row->name, mode);
	if (row->says)
		ck_assert_msg(dbv_findings(v) && strstr(dbv_finding_message(v, 0), row->says),
			"%s: \"%s\" instead of \"%s\"", row->name,
			dbv_findings(v) ? dbv_finding_message(v, 0) : "", row->says);
	dbv_verdict_free(v);
	forget();
	dbv_policy_free(p);
}

#define DB1 "healthy-db1 "
#define DB2 "healthy-db2 "
#define DB3 "healthy-db3 "
/* A fourth one: nothing but its place differs from the third. */
#define DB4 "healthy-db3 hostname=db4 wsrep_node_name=db4 "
#define CONF(id) "wsrep_cluster_conf_id=" id " "
/* SIZE members, this one at INDEX. */
#define SEES(size, index, list) \
	"wsrep_cluster_size=" size " wsrep_local_index=" index " wsrep_incoming_addresses=" list " "
#define LISTS(hosts) "wsrep_cluster_address=gcomm://" hosts " "
#define QUIET "!cluster.split_brain !cluster.size_disagrees !cluster.member_unlisted"
#define ALONE SEES("1", "0", "AUTO") CONF("1") LISTS("")
#define OUTSIDE "wsrep_cluster_status=non-Primary wsrep_ready=OFF wsrep_local_state=0 "

static const struct row galera_rows[] = {
	{ "three healthy nodes", "", { DB1, DB2, DB3 }, { NULL },
		"up !cluster.no_writer !cluster.too_few !cluster.member_missing " QUIET, NULL },
	{ "a cluster of one", "", { DB1 SEES("1", "0", "10.77.0.11:0") }, { NULL }, "up " QUIET,
		NULL },

	/* Nodes that are not there. */
	{ "one frozen", "", { "silent", "stopped-db1-seen-from-db2", "stopped-db1-seen-from-db3" },
		{ NULL }, "50:cluster.member_missing !cluster.too_few " QUIET,
		"no answer from n1:3306" },
	{ "one frozen a moment ago", "", { "silent", DB2, DB3 }, { NULL },
		"50:cluster.member_missing " QUIET, NULL },
	{ "one killed", "", { "refused", "killed-db1-seen-from-db2", DB3 }, { NULL },
		"50:cluster.size_disagrees cluster.member_missing !cluster.split_brain", NULL },
	{ "one stops", "", { DB1, DB2, "stops" }, { NULL }, "50:cluster.member_missing " QUIET,
		NULL },
	{ "something else at the port", "", { DB1, DB2, "nonsense" }, { NULL },
		"50:cluster.member_missing " QUIET, NULL },
	{ "one is full", "", { DB1, DB2, "full" }, { NULL }, "50 !cluster.member_missing " QUIET,
		NULL },
	{ "one is offline", "", { DB1, DB2, "offline" }, { NULL },
		"50 !cluster.member_missing " QUIET, NULL },
	{ "one answers in part", "", { DB1, DB2, "slow-db3" }, { NULL },
		"50 !cluster.member_missing " QUIET, NULL },
	{ "one is unknown", "", { DB1, DB2, "denied" }, { NULL },
		"50 !cluster.member_missing !cluster.too_few " QUIET, NULL },
	{ "all unknown", "", { "denied", "denied", "denied" }, { NULL },
		"unknown !cluster.no_writer !cluster.too_few", NULL },
	{ "unknown or silent", "", { "denied", "denied", "silent" }, { NULL },
		"down:cluster.no_writer cluster.too_few cluster.member_missing", NULL },
	{ "nobody asked about", "", { NULL }, { NULL }, "unknown", NULL },
	{ "all frozen", "", { "silent", "silent", "silent" }, { NULL },
		"down:cluster.no_writer cluster.too_few cluster.member_missing " QUIET,
		"of 3 nodes none is fit for writes" },
	{ "two of three killed", "", { "refused", "two-killed-db2", "refused" }, { NULL },
		"down:cluster.no_writer cluster.too_few cluster.member_missing", NULL },
	{ "two of three shut down", "", { "refused", "alone-after-two-shutdowns-db2", "refused" },
		{ NULL }, "down:cluster.too_few !cluster.no_writer cluster.member_missing " QUIET,
		"up or degraded: 1 of 3 nodes, at least 2 must be" },
	{ "one cut off", "", { "cut-db1-seen-from-db1", "cut-db1-seen-from-db2", DB3 }, { NULL },
		"50:cluster.size_disagrees cluster.member_missing !cluster.split_brain", NULL },
	{ "one cut off, both sides settled", "",
		{ "cut-db1-seen-from-db1", "cut-db1-seen-from-db2",
			DB3 CONF("6") SEES("2", "1", "10.77.0.12:0,10.77.0.13:0") },
		{ NULL }, "50:cluster.member_missing " QUIET, "in no component: n1:3306" },
	{ "one frozen, one cut off", "min-up=1", { "silent", "two-killed-db2", DB3 }, { NULL },
		"50:cluster.member_missing", "no answer from n1:3306; in no component: n2:3306" },
	{ "without Galera", "", { DB1, DB2, "pair-healthy-m1" }, { NULL },
		"50:cluster.member_missing " QUIET, "in no component: n3:3306" },
	{ "nobody in a component", "", { DB1 OUTSIDE, DB2 OUTSIDE, DB3 OUTSIDE }, { NULL },
		"down:cluster.no_writer cluster.too_few !cluster.member_missing " QUIET, NULL },
	{ "a joiner is a member that says non-Primary", "",
		{ DB1, DB2,
			DB3
			"wsrep_cluster_status=non-Primary wsrep_ready=OFF wsrep_local_state=1" },
		{ NULL }, "50 !cluster.member_missing " QUIET, NULL },
	{ "a state transfer", "role=write",
		{ "sst-rsync-donor-db1-joiner-db3-seen-from-db1",
			"sst-rsync-donor-db1-joiner-db3-seen-from-db2", "refused" },
		{ NULL }, "50:cluster.member_missing " QUIET, NULL },
	{ "out of the group by hand", "", { DB1, DB2, "reject-all-db3" }, { NULL },
		"50 !cluster.member_missing", NULL },
	{ "wsrep_on off: a member that does not tell of the others", "",
		{ DB1 LISTS("a,b,c,d,e,f,g"), DB2 LISTS("a,b,c,d,e,f,g"),
			DB3 LISTS("a,b,c,d,e,f,g") "wsrep_on=OFF -wsrep_incoming_addresses" },
		{ NULL }, "50 !cluster.member_missing " QUIET, NULL },

	{ "wsrep_on off on the first", "",
		{ DB1 LISTS("a,b,c,d,e,f,g") "wsrep_on=OFF -wsrep_incoming_addresses",
			DB2 LISTS("a,b,c,d,e,f,g"), DB3 LISTS("a,b,c,d,e,f,g") },
		{ NULL }, "50 !cluster.member_missing " QUIET, NULL },

	/* How many are enough, and for what. */
	{ "half of four is no majority", "", { DB1, DB2, "silent", "silent" }, { NULL },
		"down:cluster.too_few !cluster.no_writer", NULL },
	{ "one of two is no majority", "", { DB1, "silent" }, { NULL }, "down:cluster.too_few",
		NULL },
	{ "one is enough", "min-up=1", { "alone-after-two-shutdowns-db2", "silent" }, { NULL },
		"50:cluster.member_missing !cluster.too_few", NULL },
	{ "all must be up", "min-up=3", { DB1, DB2, "silent" }, { NULL }, "down:cluster.too_few",
		"2 of 3 nodes, at least 3 must be" },
	{ "more than there are", "min-up=4", { DB1, DB2, DB3 }, { NULL }, "down:cluster.too_few",
		NULL },
	{ "degraded is enough", "min-up=3", { DB1, DB2, DB3 "wsrep_local_recv_queue=101" },
		{ NULL }, "50 !cluster.too_few", NULL },
	{ "all read-only", "", { DB1 "read_only=ON", DB2 "read_only=ON", DB3 "read_only=ON" },
		{ NULL }, "down:cluster.no_writer !cluster.too_few", NULL },
	{ "one read-only, for readers", "", { DB1, DB2, "read-only-db3" }, { NULL }, "up", NULL },
	{ "one read-only, for writers", "role=write", { DB1, DB2, "read-only-db3" }, { NULL },
		"50 !cluster.no_writer", NULL },
	{ "none for readers, yet fit for writes", "",
		{ DB1 "wsrep_desync=ON wsrep_local_state=2", "silent", "silent" }, { NULL },
		"down:cluster.too_few !cluster.no_writer", NULL },

	/* What was set has the last word. */
	{ "split brain noted", "severity=cluster.split_brain=note",
		{ DB1 ALONE, DB2 ALONE, DB3 ALONE }, { NULL }, "up cluster.split_brain", NULL },
	{ "split brain degraded", "severity=cluster.split_brain=degraded",
		{ DB1 ALONE, DB2 ALONE, DB3 ALONE }, { NULL }, "50:cluster.split_brain", NULL },
	{ "missing ignored", "severity=cluster.member_missing=ignore", { DB1, DB2, "silent" },
		{ NULL }, "50 !cluster.member_missing", NULL },
	{ "missing is down", "severity=cluster.member_missing=down", { DB1, DB2, "silent" },
		{ NULL }, "down:cluster.member_missing", NULL },
	{ "nobody need write", "severity=cluster.no_writer=note",
		{ DB1 "read_only=ON", DB2 "read_only=ON", DB3 "read_only=ON" }, { NULL },
		"up cluster.no_writer", NULL },
	{ "a node's own severities hold", "severity=galera.rejects_queries=note",
		{ DB1, DB2, "reject-all-db3" }, { NULL }, "up", NULL },

	/* One component at two times. */
	{ "thawed, and tells of the old view", "",
		{ DB1, "stopped-db1-seen-from-db2", "stopped-db1-seen-from-db3" }, { NULL },
		"50:cluster.size_disagrees !cluster.split_brain !cluster.member_unlisted "
		"!cluster.member_missing",
		"the component has 3 members for n1:3306, 2 for n2:3306" },
	{ "thawed, and nobody knows an address", "",
		{ DB1 SEES("3", "0", "AUTO,AUTO,AUTO"), DB2 CONF("4") SEES("2", "0", "AUTO,AUTO"),
			DB3 CONF("4") SEES("2", "1", "AUTO,AUTO") },
		{ NULL }, "50:cluster.size_disagrees !cluster.split_brain", NULL },
	{ "thawed, with an arbitrator and no address", "",
		{ DB1 LISTS("a,b") SEES("3", "0", "AUTO,AUTO,"),
			DB2 LISTS("a,b") CONF("4") SEES("2", "0", "AUTO,") },
		{ NULL }, "50:cluster.size_disagrees !cluster.split_brain", NULL },
	{ "thawed, a third knows both views", "",
		{ DB1 LISTS("a,b,c,d,e"), DB4 LISTS("a,b,c,d,e") CONF("9")
						  SEES("2", "1", "10.77.0.13:0,10.77.0.14:0") },
		{ NULL }, "50:cluster.size_disagrees !cluster.split_brain", NULL },
	{ "just shut down, not all know", "",
		{ "shutdown-db3-seen-from-db1",
			DB2 CONF("19") SEES("3", "1", "10.77.0.11:0,10.77.0.12:0,10.77.0.13:0"),
			"stops" },
		{ NULL }, "50:cluster.size_disagrees !cluster.split_brain", NULL },
	{ "a size that cannot be read", "", { DB1, DB2 "wsrep_cluster_size=NULL", DB3 }, { NULL },
		"50:cluster.size_disagrees !cluster.split_brain", NULL },
	{ "a size that cannot be read, no address known", "",
		{ DB1 SEES("2", "0", "AUTO,AUTO"), DB2 SEES("NULL", "1", "AUTO,AUTO") }, { NULL },
		"50:cluster.size_disagrees !cluster.split_brain", NULL },
	{ "another number, the same members", "", { DB1, DB2, DB3 CONF("4") }, { NULL },
		"up " QUIET, NULL },
	{ "no numbers", "",
		{ DB1 CONF("18446744073709551615") LISTS("a,b,c,d,e,f"),
			DB2 CONF("18446744073709551615") LISTS("a,b,c,d,e,f"), DB3 CONF("") },
		{ NULL }, "up " QUIET, NULL },
	{ "no number on the first", "", { DB1 CONF(""), DB2 CONF(""), DB3 }, { NULL }, "up " QUIET,
		NULL },
	{ "a place that is none", "",
		{ DB1, DB2 "wsrep_local_index=-1", DB3 "wsrep_local_index=1000000" }, { NULL },
		"up " QUIET, NULL },
	{ "an address of four letters is one", "",
		{ DB1 LISTS("a,b,c,d,e") SEES("2", "0", "db1a,db1c"),
			DB2 LISTS("a,b,c,d,e") CONF("9") SEES("2", "1", "db1a,db1b") },
		{ NULL }, "up " QUIET, NULL },
	{ "no UUID on the first", "", { DB1 "-wsrep_cluster_state_uuid", DB2, DB3 }, { NULL },
		"up " QUIET, NULL },
	{ "no UUID on one", "", { DB1, DB2, DB3 "-wsrep_cluster_state_uuid" }, { NULL },
		"up " QUIET, NULL },
	{ "a UUID in capitals", "",
		{ DB1, DB2, DB3 "wsrep_cluster_state_uuid=B82E374A-E63F-11F1-BFF2-87FBFAEAAD05" },
		{ NULL }, "up " QUIET, NULL },
	{ "one view of three in a cluster that lists seven, no address known", "",
		{ DB1 LISTS("a,b,c,d,e,f,g") SEES("3", "0", "AUTO,AUTO,AUTO"),
			DB2 LISTS("a,b,c,d,e,f,g") SEES("3", "1", "AUTO,AUTO,AUTO"),
			DB3 LISTS("a,b,c,d,e,f,g") SEES("3", "2", "AUTO,AUTO,AUTO") },
		{ NULL }, "up " QUIET, NULL },
	{ "one node asked about by two names", "",
		{ DB1 SEES("1", "0", "10.77.0.11:0") LISTS(""),
			DB1 SEES("1", "0", "10.77.0.11:0") LISTS("") },
		{ NULL }, "up " QUIET, NULL },

	/* Two components. */
	{ "two UUIDs", "",
		{ DB1 "wsrep_cluster_state_uuid=11111111-e63f-11f1-bff2-87fbfaeaad05 "
		      "wsrep_local_state_uuid=11111111-e63f-11f1-bff2-87fbfaeaad05",
			DB2, DB3 },
		{ NULL }, "down:cluster.split_brain !cluster.size_disagrees !cluster.no_writer",
		"n1:3306 and n2:3306 are both primary, in different clusters: "
		"wsrep_cluster_state_uuid 11111111-e63f-11f1-bff2-87fbfaeaad05 and b82e374a-" },
	{ "two UUIDs, one of them of a node that is cut off", "",
		{ DB1 OUTSIDE "wsrep_cluster_state_uuid=11111111-e63f-11f1-bff2-87fbfaeaad05", DB2,
			DB3 },
		{ NULL }, "50:cluster.member_missing !cluster.split_brain", NULL },
	{ "one alone, two together", "",
		{ DB1 CONF("4") SEES("1", "0", "10.77.0.11:0"), "killed-db1-seen-from-db2",
			DB3 CONF("4") SEES("2", "1", "10.77.0.12:0,10.77.0.13:0") },
		{ NULL },
		"down:cluster.split_brain !cluster.member_missing !cluster.size_disagrees",
		"n1:3306 and n2:3306 are both primary, in different components: "
		"wsrep_cluster_size 1 and 2" },
	{ "one alone, two together, no address known", "",
		{ DB1 CONF("4") SEES("1", "0", "AUTO"), DB2 CONF("4") SEES("2", "0", "AUTO,AUTO"),
			DB3 CONF("4") SEES("2", "1", "AUTO,AUTO") },
		{ NULL }, "down:cluster.split_brain", NULL },
	{ "two and two, numbered alike", "",
		{ DB1 CONF("11") SEES("2", "0", "10.77.0.11:0,10.77.0.12:0"),
			DB2 CONF("11") SEES("2", "1", "10.77.0.11:0,10.77.0.12:0"),
			DB3 CONF("11") SEES("2", "0", "10.77.0.13:0,10.77.0.14:0"),
			DB4 CONF("11") SEES("2", "1", "10.77.0.13:0,10.77.0.14:0") },
		{ NULL }, "down:cluster.split_brain !cluster.size_disagrees", NULL },
	{ "two and two, no address known", "",
		{ DB1 CONF("11") SEES("2", "0", "AUTO,AUTO"),
			DB2 CONF("11") SEES("2", "1", "AUTO,AUTO"),
			DB3 CONF("11") SEES("2", "0", "AUTO,AUTO"),
			DB4 CONF("11") SEES("2", "1", "AUTO,AUTO") },
		{ NULL }, "down:cluster.split_brain", "n1:3306 and n3:3306" },
	{ "half of it asked about, the other listed", "",
		{ DB1 LISTS("a,b,c,d") CONF("11") SEES("2", "0", "10.77.0.11:0,10.77.0.12:0"),
			DB3 LISTS("a,b,c,d") CONF("11")
				SEES("2", "0", "10.77.0.13:0,10.77.0.14:0") },
		{ NULL }, "down:cluster.split_brain", NULL },
	{ "every node alone", "", { DB1 ALONE, DB2 ALONE, DB3 ALONE }, { NULL },
		"down:cluster.split_brain !cluster.too_few !cluster.no_writer", NULL },
	{ "every node alone, with an address", "",
		{ DB1 CONF("1") SEES("1", "0", "10.77.0.11:0"),
			DB2 CONF("1") SEES("1", "0", "10.77.0.12:0"),
			DB3 CONF("1") SEES("1", "0", "10.77.0.13:0") },
		{ NULL }, "down:cluster.split_brain", NULL },
	{ "every node alone, all with one address", "",
		{ DB1 CONF("1") SEES("1", "0", "127.0.0.1:3306"),
			DB2 CONF("1") SEES("1", "0", "127.0.0.1:3306") },
		{ NULL }, "down:cluster.split_brain", NULL },
	{ "every node alone, places not told", "",
		{ DB1 ALONE "-wsrep_local_index", DB2 ALONE "-wsrep_local_index" }, { NULL },
		"down:cluster.split_brain", NULL },
	{ "on both sides of an arbitrator", "",
		{ DB1 LISTS("a,b") CONF("4") SEES("2", "0", "10.77.0.11:0,"),
			DB2 LISTS("a,b") CONF("4") SEES("1", "0", "10.77.0.12:0") },
		{ NULL }, "down:cluster.split_brain", NULL },
	{ "two numbers that a double cannot tell apart", "",
		{ DB1 LISTS("a,b,c,d,e,f,g") CONF("9007199254740993")
				SEES("3", "0", "AUTO,AUTO,AUTO"),
			DB2 LISTS("a,b,c,d,e,f,g") CONF("9007199254740992")
				SEES("3", "1", "AUTO,AUTO,AUTO") },
		{ NULL }, "down:cluster.split_brain", NULL },
	{ "no number, no address, and room for two components", "",
		{ DB1 LISTS("a,b,c,d") CONF("18446744073709551615") SEES("2", "0", "AUTO,AUTO"),
			DB2 LISTS("a,b,c,d") CONF("18446744073709551615")
				SEES("2", "1", "AUTO,AUTO") },
		{ NULL }, "down:cluster.split_brain", NULL },
	{ "one of each half, numbered alike", "",
		{ DB1 LISTS("a,b,c,d") CONF("11") SEES("2", "0", "10.77.0.11:0,10.77.0.12:0"),
			DB4 LISTS("a,b,c,d") CONF("11")
				SEES("2", "1", "10.77.0.13:0,10.77.0.14:0") },
		{ NULL }, "down:cluster.split_brain", NULL },
	{ "one number, two sizes, no address known", "",
		{ DB1 LISTS("a,b,c,d,e") SEES("3", "0", "AUTO,AUTO,AUTO"),
			DB2 LISTS("a,b,c,d,e") SEES("2", "1", "AUTO,AUTO,AUTO") },
		{ NULL }, "down:cluster.split_brain", NULL },
	{ "an arbitrator on each side", "",
		{ DB1 LISTS("a,b,c,d") SEES("2", "0", "10.77.0.11:0,"),
			DB2 LISTS("a,b,c,d") SEES("2", "0", "10.77.0.12:0,") },
		{ NULL }, "down:cluster.split_brain", NULL },
	{ "two in one seat", "",
		{ DB1 LISTS("a,b,c,d") SEES("2", "0", "AUTO,AUTO"),
			DB2 LISTS("a,b,c,d") SEES("2", "0", "AUTO,AUTO") },
		{ NULL }, "down:cluster.split_brain", NULL },
	{ "a seat beyond the size", "",
		{ DB1 LISTS("a,b,c,d") SEES("2", "0", "AUTO,AUTO"),
			DB2 LISTS("a,b,c,d") SEES("2", "2", "AUTO,AUTO") },
		{ NULL }, "down:cluster.split_brain", NULL },

	/* Members that nobody asked about. */
	{ "an arbitrator", "",
		{ DB1 SEES("4", "0", "10.77.0.11:0,10.77.0.12:0,10.77.0.13:0,"),
			DB2 SEES("4", "1", "10.77.0.11:0,10.77.0.12:0,10.77.0.13:0,"),
			DB3 SEES("4", "2", "10.77.0.11:0,10.77.0.12:0,10.77.0.13:0,") },
		{ NULL }, "up " QUIET, NULL },
	{ "an arbitrator in the first place", "",
		{ DB1 SEES("3", "1", ",10.77.0.11:0,10.77.0.12:0"),
			DB2 SEES("3", "2", ",10.77.0.11:0,10.77.0.12:0") },
		{ NULL }, "up " QUIET, NULL },
	{ "a fourth member", "",
		{ DB1 SEES("4", "0", "10.77.0.11:0,10.77.0.12:0,10.77.0.13:0,10.77.0.14:0"),
			DB2 SEES("4", "1", "10.77.0.11:0,10.77.0.12:0,10.77.0.13:0,10.77.0.14:0"),
			DB3 SEES("4", "2", "10.77.0.11:0,10.77.0.12:0,10.77.0.13:0,10.77.0.14:0") },
		{ NULL }, "50:cluster.member_unlisted !cluster.split_brain",
		"was not asked about: 10.77.0.14:0" },
	{ "one of three asked about", "", { DB2 }, { NULL }, "50:cluster.member_unlisted",
		"were not asked about: 10.77.0.11:0, 10.77.0.13:0" },
	{ "two of three asked about, no address known", "",
		{ DB1 SEES("3", "0", "AUTO,AUTO,AUTO"), DB2 SEES("3", "1", "AUTO,AUTO,AUTO") },
		{ NULL }, "50:cluster.member_unlisted", "was not asked about: AUTO" },
	{ "the silent one may be the third", "", { DB1, DB2, "silent" }, { NULL },
		"50:cluster.member_missing !cluster.member_unlisted", NULL },
	{ "the silent one cannot be both", "", { DB1, "silent" }, { NULL },
		"down:cluster.too_few cluster.member_unlisted", NULL },
	{ "of two that are left one was asked about", "min-up=1", { DB1, "denied" }, { NULL },
		"50:cluster.member_unlisted",
		"1 of these members was not asked about: 10.77.0.12:0, 10.77.0.13:0" },
	{ "IPv6", "", { DB1 SEES("2", "0", "[2001:db8::11]:3306,[2001:db8::12]:3306") }, { NULL },
		"50:cluster.member_unlisted", "[2001:db8::12]:3306" },
	{ "many", "", { DB1 SEES("8", "0", "a,b,c,d,e,f,g,h") }, { NULL },
		"50:cluster.member_unlisted", "b, c, d, e, f and 2 more" },
	{ "an address that must not reach a terminal", "",
		{ DB1 SEES("2", "0", "10.77.0.11:0,\033[2J|evil") }, { NULL },
		"50:cluster.member_unlisted", "not asked about: ?[2J?evil" },

	/* Who holds the write address. */
	{ "the address on one node", "", { DB1, DB2, DB3 }, { DB2, DB2, DB2 },
		"up !cluster.several_write_holders", NULL },
	{ "the address on two nodes", "", { DB1, DB2, DB3 }, { DB2, DB1, DB2 },
		"down:cluster.several_write_holders",
		"vip:3306 leads to different servers: n2:3306 and n1:3306" },
	{ "the address on a stranger", "", { DB1, DB2, DB3 },
		{ DB4 "server_id=7", DB4 "server_id=7" }, "down:cluster.several_write_holders",
		"vip:3306 leads to a server that was not asked about: server_id 7 on db4" },
	{ "a stranger by its port alone", "", { DB1 "port=3306", DB2, DB3 }, { DB1 "port=3307" },
		"down:cluster.several_write_holders", NULL },
	{ "a clone with the same UUID", "", { DB1 "server_uuid=a-b", DB2, DB3 },
		{ DB1 "server_uuid=a-b", DB2 "server_uuid=a-b" },
		"down:cluster.several_write_holders", NULL },
	{ "another UUID on a host of the same name", "", { DB1 "server_uuid=a-b", DB2, DB3 },
		{ DB1 "server_uuid=a-c" }, "down:cluster.several_write_holders", NULL },
	{ "another MariaDB on a host of the same name", "", { DB1 "server_uid=ab=", DB2, DB3 },
		{ DB1 "server_uid=ac=" }, "down:cluster.several_write_holders", NULL },
	{ "another node on one host", "", { DB1, DB2, DB3 }, { DB1, DB1 "wsrep_node_name=other" },
		"down:cluster.several_write_holders", NULL },
	{ "the holder is read-only", "", { DB1, DB2 "read_only=ON", DB3 }, { DB2, DB2 },
		"down:cluster.write_holder_unfit", "vip:3306 leads to n2:3306, which must not take writes" },
	{ "the holder is a donor", "", { DB1, DB2 "wsrep_local_state=2", DB3 }, { DB2, DB2 },
		"50 !cluster.write_holder_unfit", NULL },
	{ "another node is read-only", "", { DB1, DB2, DB3 "read_only=ON" }, { DB2, DB2 },
		"up !cluster.write_holder_unfit", NULL },
	{ "the address is nowhere", "", { DB1, DB2, DB3 }, { "silent", "refused" },
		"down:cluster.write_ip_silent !cluster.several_write_holders",
		"nobody answers at the write address vip:3306" },
	{ "the address answers one of three times", "", { DB1, DB2, DB3 },
		{ "silent", DB2, "refused" }, "up !cluster.several_write_holders !cluster.write_ip_silent",
		NULL },
	{ "the address answers one of three times, and refuses", "", { DB1, DB2, DB3 },
		{ "denied", DB2, "full" }, "up !cluster.several_write_holders !cluster.write_ip_unknown",
		NULL },
	{ "the address refuses", "", { DB1, DB2, DB3 }, { "denied", "denied", "denied" },
		"50:cluster.write_ip_unknown !cluster.write_ip_silent",
		"whom the write address vip:3306 leads to is not known: denied (error 1045)" },
	{ "the address is full, as far as it answers", "", { DB1, DB2, DB3 },
		{ "silent", "full", "denied" }, "50:cluster.write_ip_unknown !cluster.write_ip_silent",
		"vip:3306 leads to is not known: full (error 1040)" },
	{ "the address answers in part", "", { DB1, DB2, DB3 }, { DB1 "variables!3032=not~you" },
		"50:cluster.write_ip_unknown !cluster.write_ip_silent", "not you" },
	{ "a stranger may be the silent node", "", { DB1, DB2, "silent" }, { DB3 },
		"50:cluster.member_missing !cluster.several_write_holders", NULL },
	{ "a holder that does not tell who it is", "", { DB1, DB2, DB3 },
		{ DB1 "-hostname -server_id -wsrep_node_name -port" },
		"up !cluster.several_write_holders", NULL },
};

#define M1 "pair-healthy-m1 "
#define M2 "pair-healthy-m2 "
#define PASSIVE "read_only=ON "
/* Who ID is, and of whom it has a channel. */
#define SERVER(id) "server_id=" id " hostname=m" id " "
#define OF(id) "Master_Server_Id=" id " "
#define NEXT(id) \
	"channel Connection_name=c" id " Master_Server_Id=" id \
	" Slave_IO_Running=Yes Slave_SQL_Running=Yes Seconds_Behind_Master=0 "
#define STOPPED "Slave_IO_Running=No "
#define CALM \
	"!pair.one_way !pair.both_writable !pair.same_server_id !pair.no_binlog " \
	"!pair.autoincrement_collision"

static const struct row pair_rows[] = {
	{ "a healthy pair", "", { M1, M2 PASSIVE }, { NULL }, "up " CALM, NULL },
	{ "a healthy pair, the other way round", "", { M1 PASSIVE, M2 }, { NULL }, "up " CALM,
		NULL },
	{ "both passive", "", { M1 PASSIVE, M2 PASSIVE }, { NULL }, "down:cluster.no_writer " CALM,
		NULL },
	{ "both writable", "", { M1, M2 }, { NULL },
		"50:pair.both_writable !cluster.several_write_holders !pair.one_way",
		"n1:3306 and n2:3306 both take writes" },
	{ "both writable, the address on one", "", { M1, M2 }, { M1, M1 },
		"down:cluster.several_write_holders !pair.both_writable",
		"n1:3306 and n2:3306 both take writes, while the write address leads to one" },
	{ "both writable, the address nowhere", "", { M1, M2 }, { "refused" },
		"down:cluster.write_ip_silent pair.both_writable !cluster.several_write_holders", NULL },
	{ "both writable as far as is told, the address on one", "min-up=1",
		{ M1, M2 "variables!1227" }, { M1, M1 }, "50 !cluster.several_write_holders",
		NULL },
	{ "and the first does not tell", "min-up=1", { M2 "variables!1227", M1 }, { M1, M1 },
		"50 !cluster.several_write_holders", NULL },
	{ "one writable, the address on it", "", { M1, M2 PASSIVE }, { M1, M1 },
		"up !cluster.several_write_holders", NULL },
	{ "the address on both", "", { M1, M2 PASSIVE }, { M1, M2 },
		"down:cluster.several_write_holders", NULL },
	{ "super_read_only is passive, too", "", { M1, M2 "super_read_only=ON" }, { NULL },
		"up " CALM, NULL },
	{ "a word of the future is passive, too", "", { M1, M2 "read_only=NO_LOCK" }, { NULL },
		"up " CALM, NULL },

	/* Directions. */
	{ "the active one does not follow", "min-up=1", { "pair-io-stopped-m1", M2 PASSIVE },
		{ NULL }, "50:pair.one_way", "n1:3306 does not replicate from n2:3306" },
	{ "the passive one does not follow", "min-up=1", { M1, M2 PASSIVE STOPPED }, { NULL },
		"50:pair.one_way", "n2:3306 does not replicate from n1:3306" },
	{ "neither follows", "min-up=1 role=write", { M1 STOPPED, M2 PASSIVE STOPPED }, { NULL },
		"50:pair.one_way",
		"n1:3306 does not replicate from n2:3306; n2:3306 does not replicate from n1:3306" },
	{ "the SQL thread stopped", "min-up=1", { "pair-sql-stopped-m1", M2 PASSIVE }, { NULL },
		"50:pair.one_way", NULL },
	{ "an error", "min-up=1", { "pair-error-1062-m1", M2 PASSIVE }, { NULL }, "50:pair.one_way",
		NULL },
	{ "a dropped link", "min-up=1", { "pair-blocked-connecting-m1", M2 PASSIVE }, { NULL },
		"50:pair.one_way", NULL },
	{ "a wrong password", "min-up=1", { "pair-access-denied-m1", M2 PASSIVE }, { NULL },
		"50:pair.one_way", NULL },
	{ "not reached since the start", "min-up=1", { M1, M2 PASSIVE STOPPED OF("0") }, { NULL },
		"50:pair.one_way", NULL },
	{ "no id in the status", "min-up=1",
		{ M1 "-Master_Server_Id", M2 PASSIVE STOPPED "-Master_Server_Id" }, { NULL },
		"50:pair.one_way", NULL },
	{ "the other is down", "min-up=1", { "pair-master-down-seen-from-m1", "refused" }, { NULL },
		"down:cluster.too_few cluster.member_missing " CALM, NULL },
	{ "the other is down, the holder is judged as such", "min-up=1 role=write",
		{ "pair-master-down-seen-from-m1", "refused" }, { NULL },
		"50:cluster.member_missing !cluster.no_writer " CALM, NULL },
	{ "the other may not tell", "min-up=1", { M1, "unprivileged-m2" }, { NULL }, "50 " CALM,
		NULL },
	{ "one lags", "min-up=1", { M1, M2 PASSIVE "Seconds_Behind_Master=99" }, { NULL },
		"50 " CALM, NULL },
	{ "MySQL's words", "min-up=1",
		{ M1, "mysql8/replica_status.stopped_both read_only=ON max_connections=9 "
		      "Threads_connected=1 server_id=2 auto_increment_increment=2 "
		      "auto_increment_offset=2 log_bin=ON" },
		{ NULL }, "50:pair.one_way", "n2:3306 does not replicate from n1:3306" },

	/* A channel in one direction alone. */
	{ "a source and its read replica", "severity=replication.not_configured=note",
		{ M1 "-channels", M2 PASSIVE "auto_increment_increment=1 log_bin=OFF" }, { NULL },
		"up " CALM, NULL },
	{ "a source and its read replica of equal numbers",
		"severity=replication.not_configured=note",
		{ M1 "-channels auto_increment_increment=1 auto_increment_offset=1",
			M2 PASSIVE "auto_increment_increment=1 auto_increment_offset=1" },
		{ NULL }, "up !pair.autoincrement_collision", NULL },
	{ "a source and its replica that takes writes", "severity=replication.not_configured=note",
		{ M1 "-channels", M2 }, { NULL }, "50:pair.one_way pair.both_writable",
		"n1:3306 does not replicate from n2:3306 (no channel)" },
	{ "the read replica stopped", "min-up=1 severity=replication.not_configured=note",
		{ M1 "-channels", M2 PASSIVE STOPPED }, { NULL },
		"50:pair.one_way !pair.both_writable", "n2:3306 does not replicate from n1:3306" },
	{ "the source writes no log", "severity=replication.not_configured=note",
		{ M1 "-channels log_bin=OFF", M2 PASSIVE }, { NULL }, "50:pair.no_binlog",
		"log_bin is off on n1:3306" },
	{ "two that have nothing to do with one another",
		"severity=replication.not_configured=note", { M1 "-channels", M2 "-channels" },
		{ NULL }, "up " CALM, NULL },
	{ "two replicas of somebody else", "", { M1 OF("9"), M2 OF("9") }, { NULL }, "up " CALM,
		NULL },
	{ "two replicas of somebody else, the address on one", "", { M1 OF("9"), M2 OF("9") },
		{ M1, M1 }, "up !cluster.several_write_holders", NULL },
	{ "the channel that counts stopped", "min-up=1 channel=c2",
		{ M1 NEXT("2") STOPPED, M2 PASSIVE "Connection_name=c2" }, { NULL },
		"50:pair.one_way", NULL },
	{ "another channel stopped", "",
		{ M1 "channel Connection_name=c9 Master_Server_Id=9 Slave_IO_Running=No "
		     "Slave_SQL_Running=Yes Seconds_Behind_Master=NULL",
			M2 PASSIVE },
		{ NULL }, "down:cluster.too_few !pair.one_way", NULL },
	{ "one of two channels to the other runs", "min-up=1", { M1 NEXT("2") STOPPED, M2 PASSIVE },
		{ NULL }, "50 " CALM, NULL },

	/* More than two nodes. */
	{ "a pair and a read replica", "",
		{ M1, M2 PASSIVE, M2 SERVER("3") OF("1") PASSIVE "auto_increment_increment=1" },
		{ NULL }, "up " CALM, NULL },
	{ "a pair and a read replica, and the pair goes one way", "",
		{ M1, M2 PASSIVE STOPPED, M2 SERVER("3") OF("1") PASSIVE }, { NULL },
		"50:pair.one_way", "n2:3306 does not replicate from n1:3306" },
	{ "a pair and a replica that takes writes", "",
		{ M1, M2 PASSIVE, M2 SERVER("3") OF("1") "auto_increment_offset=2" }, { NULL },
		"50:pair.both_writable !pair.one_way", "n1:3306 and n3:3306 both take writes" },
	{ "a ring of writers", "",
		{ M1 SERVER("1") OF("3"), M1 SERVER("2") OF("1"), M1 SERVER("3") OF("2") },
		{ NULL }, "50:pair.both_writable pair.autoincrement_collision !pair.one_way",
		NULL },
	{ "an id not known tells nothing among three", "",
		{ M1, M2 PASSIVE STOPPED OF("0"), M2 SERVER("3") OF("1") PASSIVE }, { NULL },
		"50 !pair.one_way !pair.both_writable", NULL },

	/* As named. */
	{ "equal ids", "", { M1, M2 PASSIVE SERVER("1") "hostname=m2" }, { NULL },
		"50:pair.same_server_id", "n1:3306 and n2:3306 have the same server_id: 1" },
	{ "equal ids, nothing replicates", "severity=replication.not_configured=note",
		{ M1 "-channels", M1 "-channels hostname=m2" }, { NULL },
		"50:pair.same_server_id !pair.both_writable", NULL },
	{ "cloned", "", { M1 "server_uuid=a-b", M2 PASSIVE "server_uuid=A-B" }, { NULL },
		"50:pair.same_server_id", "have the same server_uuid: a-b" },
	{ "one network card's address, MariaDB", "",
		{ M1 "server_uid=ab=", M2 PASSIVE "server_uid=ab=" }, { NULL }, "up " CALM, NULL },
	{ "no log on the passive one", "", { M1, M2 PASSIVE "log_bin=OFF" }, { NULL },
		"50:pair.no_binlog", "log_bin is off on n2:3306: nothing for n1:3306 to follow" },
	{ "no logs", "", { M1 "log_bin=OFF", M2 PASSIVE "log_bin=0" }, { NULL },
		"50:pair.no_binlog", "log_bin is off on n2:3306: nothing for n1:3306 to follow" },
	{ "steps of one", "",
		{ M1 "auto_increment_increment=1",
			M2 PASSIVE "auto_increment_increment=1 auto_increment_offset=1" },
		{ NULL }, "50:pair.autoincrement_collision",
		"auto_increment_increment 1 and 1, auto_increment_offset 1 and 1; set the increment to 2" },
	{ "a numbering that cannot be: increment=0", "", { M1 "auto_increment_increment=0", M2 PASSIVE },
		{ NULL }, "up !pair.autoincrement_collision", NULL },
	{ "a numbering that cannot be: increment=70000", "", { M1 "auto_increment_increment=70000", M2 PASSIVE },
		{ NULL }, "up !pair.autoincrement_collision", NULL },
	{ "a numbering that cannot be: offset=0", "", { M1 "auto_increment_offset=0", M2 PASSIVE },
		{ NULL }, "up !pair.autoincrement_collision", NULL },
	{ "a numbering that cannot be: offset=70000", "", { M1 "auto_increment_offset=70000", M2 PASSIVE },
		{ NULL }, "up !pair.autoincrement_collision", NULL },
	{ "steps of one on one side", "", { M1, M2 PASSIVE "auto_increment_increment=1" }, { NULL },
		"50:pair.autoincrement_collision", NULL },
	{ "equal offsets", "", { M1, M2 PASSIVE "auto_increment_offset=1" }, { NULL },
		"50:pair.autoincrement_collision", NULL },
	{ "steps of ten", "",
		{ M1 "auto_increment_increment=10", M2 PASSIVE "auto_increment_increment=10" },
		{ NULL }, "up " CALM, NULL },
	{ "different steps that never meet", "",
		{ M1 "auto_increment_increment=4 auto_increment_offset=3",
			M2 PASSIVE "auto_increment_increment=2 auto_increment_offset=2" },
		{ NULL }, "up " CALM, NULL },
	{ "different steps that meet", "",
		{ M1 "auto_increment_increment=3", M2 PASSIVE "auto_increment_increment=2" },
		{ NULL }, "50:pair.autoincrement_collision", NULL },
	{ "an offset beyond the step", "", { M1 "auto_increment_offset=3", M2 PASSIVE }, { NULL },
		"50:pair.autoincrement_collision", NULL },
	{ "steps that are not told", "", { M1, M2 PASSIVE "-auto_increment_increment" }, { NULL },
		"up " CALM, NULL },

	/* Galera's rows are not asked here. */
	{ "split brain is no matter of replication", "",
		{ M1 "wsrep_cluster_status=Primary wsrep_cluster_size=1 wsrep_cluster_state_uuid=a",
			M2 PASSIVE
			"wsrep_cluster_status=Primary wsrep_cluster_size=1 wsrep_cluster_state_uuid=b" },
		{ NULL }, "up " QUIET, NULL },
};

START_TEST(galera_cluster)
{
	run(&galera_rows[_i], "galera");
}
END_TEST

START_TEST(pair)
{
	run(&pair_rows[_i], "replication");
}
END_TEST

/* SIZE nodes in one view, of which all but the last BUT say so. */
static void
expect_many(size_t size, size_t but, const char *want, const char *missing)
{
	static char seats[NODES_MAX * 32];
	struct text t = text_on(seats, sizeof(seats));
	struct member members[NODES_MAX];
	static char labels[NODES_MAX][32];
	dbv_policy *p = fixture_policy("galera", "read");

	for (size_t i = 0; i < size; i++)
		text_addf(&t, "%s[2001:db8::%zu]:3306", i ? "," : "", i);
	for (size_t i = 0; i < size; i++) {
		dbv_observation *o = observed(i < size - but ? DB1 : "silent");
		char name[16];
		struct text n = text_on(name, sizeof(name));
		struct text l = text_on(labels[i], sizeof(labels[i]));

		text_addf(&l, "[2001:db8::%zu]:3306", i);
		text_addf(&n, "db%zu", i);
		ck_assert(observation_set(o, V_HOSTNAME, name));
		ck_assert(observation_set(o, V_WSREP_NODE_NAME, name));
		ck_assert(observation_set(o, V_WSREP_INCOMING_ADDRESSES, seats));
		ck_assert(observation_set_number(o, V_WSREP_LOCAL_INDEX, (double)i));
		ck_assert(observation_set_number(o, V_WSREP_CLUSTER_SIZE, (double)size));
		members[i] = (struct member){ labels[i], o, NULL };
	}
	dbv_verdict *v = judge_cluster(members, size, NULL, 0, p);

	fixture_expect_verdict(v, want, missing ? missing : "64 nodes", "many");
	if (missing)
		ck_assert_str_eq(dbv_finding_by_id(v, "cluster.member_missing"), missing);
	dbv_verdict_free(v);
	forget();
	dbv_policy_free(p);
}

START_TEST(sixty_four_nodes)
{
	expect_many(64, 0, "up " QUIET, NULL);
	expect_many(64, 31, "50:cluster.member_missing !cluster.too_few " QUIET,
		"no answer from [2001:db8::33]:3306, [2001:db8::34]:3306, [2001:db8::35]:3306, "
		"[2001:db8::36]:3306, [2001:db8::37]:3306 and 26 more");
	expect_many(64, 32, "down:cluster.too_few " QUIET,
		"no answer from [2001:db8::32]:3306, [2001:db8::33]:3306, [2001:db8::34]:3306, "
		"[2001:db8::35]:3306, [2001:db8::36]:3306 and 27 more");
	expect_many(64, 64, "down:cluster.no_writer cluster.too_few",
		"no answer from [2001:db8::0]:3306, [2001:db8::1]:3306, [2001:db8::2]:3306, "
		"[2001:db8::3]:3306, [2001:db8::4]:3306 and 59 more");
}
END_TEST

/* COUNT nodes with one server_id: so many findings, of which the last says this of the others. */
START_TEST(pairs_are_told_up_to_a_number)
{
	static const struct {
		size_t count, findings;
		const char *more;
	} rows[] = {
		{ 3, 3, "n2:3306 and n3:3306 have the same server_id: 1" },
		{ 4, 6, "n3:3306 and n4:3306 have the same server_id: 1" },
		{ 5, 8, "n3:3306 and n4:3306 have the same server_id: 1; and 2 more pairs" },
		{ 64, 8, "n1:3306 and n9:3306 have the same server_id: 1; and 2008 more pairs" },
	};
	static char labels[NODES_MAX][16];
	struct member members[NODES_MAX];
	dbv_policy *p = fixture_policy("replication", "read");

	for (size_t i = 0; i < NODES_MAX; i++) {
		struct text t = text_on(labels[i], sizeof(labels[i]));

		text_addf(&t, "n%zu:3306", i + 1);
		members[i] = (struct member){ labels[i], observed(M1 "Master_Server_Id=2"), NULL };
	}
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		dbv_verdict *v = judge_cluster(members, rows[i].count, NULL, 0, p);

		ck_assert_uint_eq(dbv_findings(v), rows[i].findings);
		ck_assert_str_eq(dbv_finding_id(v, 0), "pair.same_server_id");
		ck_assert_str_eq(
			dbv_finding_message(v, 0), "n1:3306 and n2:3306 have the same server_id: 1");
		ck_assert_str_eq(dbv_finding_message(v, rows[i].findings - 1), rows[i].more);
		dbv_verdict_free(v);
	}
	forget();
	dbv_policy_free(p);
}
END_TEST

/* What nothing was read for is listed, and nothing else. */
START_TEST(not_judged)
{
	static const struct {
		const char *mode;
		const char *members[2];
		const char *holders[2];
		size_t count;
		const char *first;
	} rows[] = {
		{ "galera", { "denied", "denied" }, { NULL }, 10, "cluster.split_brain" },
		{ "galera", { "silent", "denied" }, { NULL }, 3, "cluster.split_brain" },
		{ "galera", { DB1, "denied" }, { NULL }, 0, NULL },
		{ "galera", { DB1, DB2 }, { "denied", DB1 }, 0, NULL },
		{ "galera", { DB1, DB2 }, { "denied", "full" }, 1,
			"cluster.several_write_holders" },
		{ "galera", { DB1, DB2 }, { "silent", "refused" }, 1,
			"cluster.several_write_holders" },
		{ "replication", { M1, "refused" }, { NULL }, 5, "pair.one_way" },
		{ "replication", { M1, M2 }, { NULL }, 0, NULL },
	};
	static const char *const labels[] = { "n1:3306", "n2:3306" };
	static const char *const addresses[] = { "vip:3306", "vip:3306" };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct member members[2], holders[2];
		size_t count = observe(members, rows[i].members, 2, labels);
		size_t holder_count = observe(holders, rows[i].holders, 2, addresses);
		dbv_policy *p = fixture_policy(rows[i].mode, "read");
		dbv_verdict *v = judge_cluster(members, count, holders, holder_count, p);

		ck_assert_msg(
			dbv_not_judged(v) == rows[i].count, "row %zu: %zu", i, dbv_not_judged(v));
		if (rows[i].first)
			ck_assert_str_eq(dbv_not_judged_id(v, 0), rows[i].first);
		ck_assert_uint_eq(dbv_metrics(v), 0);
		dbv_verdict_free(v);
		dbv_policy_free(p);
		forget();
	}
}
END_TEST

TCase *
cluster_case(void)
{
	TCase *c = tcase_create("cluster");

	tcase_add_loop_test(c, galera_cluster, 0, sizeof(galera_rows) / sizeof(galera_rows[0]));
	tcase_add_loop_test(c, pair, 0, sizeof(pair_rows) / sizeof(pair_rows[0]));
	tcase_add_test(c, sixty_four_nodes);
	tcase_add_test(c, pairs_are_told_up_to_a_number);
	tcase_add_test(c, not_judged);
	return c;
}
