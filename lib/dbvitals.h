/* SPDX-License-Identifier: MIT
 *
 * libdbvitals: may this MySQL, MariaDB or Percona node take reads, may it take writes, and why not?
 *
 *	dbv_policy *policy = dbv_policy_new();
 *	dbv_node *node = dbv_node_new();
 *	char error[DBV_ERROR_SIZE];
 *
 *	if (dbv_policy_set(policy, "role", "write", error, sizeof(error)) &&
 *	    dbv_node_set(node, "host", "db1", error, sizeof(error))) {
 *		dbv_observe(&node, 1, policy, dbv_now() + 3000);
 *		dbv_verdict *verdict = dbv_judge(dbv_node_observation(node), NULL, policy);
 *		...
 *	}
 *
 * Every pointer a function returns as const is borrowed from the handle it was asked of and lives as
 * long as that handle, or until the handle is changed. Every _new has its _free, which takes NULL. Text
 * is UTF-8; text that came from a server has been cleaned of control characters. The library prints
 * nothing, installs no signal handler of its own (MariaDB Connector/C ignores SIGPIPE from its first
 * use on), changes no process-wide limit and keeps no global state: separate handles may be used by
 * separate threads.
 */
#ifndef DBVITALS_H
#define DBVITALS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define DBV_PUBLIC __attribute__((visibility("default")))
#else
#define DBV_PUBLIC
#endif

/* Large enough for every message that a function below leaves in an error buffer. */
#define DBV_ERROR_SIZE 256

/*
 * What may be done with a node, from best to worst. A caller that routes traffic treats UNKNOWN as
 * DOWN.
 *
 * DBV_UP	Use: everything that the role and mode need was read and nothing is wrong.
 *		Callers: full weight.
 * DBV_DEGRADED	Use: usable, not well; the weight (75, 50, 25) says how far from well.
 *		Callers: keep it, prefer others.
 * DBV_UNKNOWN	Use: the checker's own illness: its account, its privileges, its certificate, this host's
 *		lack of memory. Never for a server that does not answer or answers nonsense.
 *		Callers: as down towards traffic; mend the checker.
 * DBV_DOWN	Use: the node must not be used, or did not answer, or not in time, or not sensibly.
 *		Callers: send nothing there.
 */
enum dbv_state {
	DBV_UP,
	DBV_DEGRADED,
	DBV_UNKNOWN,
	DBV_DOWN,
};

/* What one finding costs. DBV_IGNORE hides it, DBV_NOTE shows it without changing the state. */
enum dbv_severity {
	DBV_IGNORE,
	DBV_NOTE,
	DBV_COSTS_WEIGHT,
	DBV_COSTS_KNOWLEDGE,
	DBV_COSTS_NODE,
};

typedef struct dbv_policy dbv_policy;
typedef struct dbv_node dbv_node;
typedef struct dbv_observation dbv_observation;
typedef struct dbv_history dbv_history;
typedef struct dbv_verdict dbv_verdict;

/* The version of the library that runs, such as "0.1.0". */
DBV_PUBLIC const char *dbv_version(void);

/* "up", "degraded", "unknown", "down". */
DBV_PUBLIC const char *dbv_state_name(enum dbv_state state);

/* "ignore", "note", "degraded", "unknown", "down". */
DBV_PUBLIC const char *dbv_severity_name(enum dbv_severity severity);

/* ---- policy: what the node is wanted for, and what each finding costs ---- */

/* Role read, mode galera, the thresholds and severities of dbvitals-checks(7). NULL when out of
 * memory. */
DBV_PUBLIC dbv_policy *dbv_policy_new(void);
DBV_PUBLIC void dbv_policy_free(dbv_policy *policy);

/* Sets one thing by name; "warning", "critical" and "severity" may be set again and again:
 *
 *	role		read, write, promote
 *	mode		galera, replication
 *	channel		judge only this replication channel
 *	min-up		of several nodes, so many must be up or degraded; a majority unless set
 *	warning		[METRIC=]RANGE	Nagios range; a bare one means lag
 *	critical	[METRIC=]RANGE
 *	severity	CHECK=ignore|note|degraded|down
 *	recover-after	seconds that a node stays down after a look that found it so (0)
 *	max-disconnect	seconds that a candidate may be without its source (60)
 *	canary		SCHEMA.TABLE in which dbv_observe() commits one row, for role write alone; the
 *			only thing that this library ever writes
 *	canary-grace	seconds that this commit may hang until the node is down for it (20)
 *
 * False, with the culprit and the nearest valid name in ERROR (NULL: not wanted), leaves the policy
 * as it was. */
DBV_PUBLIC bool dbv_policy_set(
	dbv_policy *policy, const char *name, const char *value, char *error, size_t error_size);

/* ---- node: a server and how to reach it ---- */

/* 127.0.0.1:3306, TLS preferred, the calling user's name, no password. NULL when out of memory. */
DBV_PUBLIC dbv_node *dbv_node_new(void);
DBV_PUBLIC void dbv_node_free(dbv_node *node);

/* Sets one thing by name: host, port, socket, user, password, ssl-mode, ssl-ca, ssl-cert, ssl-key,
 * plugin-dir, admin-port. The option of the same name says what it means; code in plugin-dir is
 * run, and the executables refuse a folder that others may write to, which this does not. False as
 * with dbv_policy_set(). */
DBV_PUBLIC bool dbv_node_set(
	dbv_node *node, const char *name, const char *value, char *error, size_t error_size);

/* "HOST:PORT", "[V6]:PORT" or the socket's path. */
DBV_PUBLIC const char *dbv_node_label(const dbv_node *node);

/* What the observation waits for at this moment ("the greeting"); may be called in a signal
 * handler. */
DBV_PUBLIC const char *dbv_node_waiting_for(const dbv_node *node);

/* Milliseconds of the monotonic clock, the unit of deadlines. */
DBV_PUBLIC int64_t dbv_now(void);

/* Looks at COUNT nodes at once, in this thread, and returns when all are done or at DEADLINE at the
 * latest, but for a few milliseconds. Every node then has an observation, also where nobody
 * answered: what went wrong is part of it. Only what the policy's mode needs is asked. False, with
 * no observation, when out of memory. */
DBV_PUBLIC bool dbv_observe(
	dbv_node *const nodes[], size_t count, const dbv_policy *policy, int64_t deadline);

/* What the last dbv_observe() saw, NULL before it. */
DBV_PUBLIC const dbv_observation *dbv_node_observation(const dbv_node *node);

/* Something known on this host, told before judging: "maintenance-file" and its path; "write-ip", the
 * address that writers use; "link-down", the interface of that address where it has no carrier.
 * False for any other name, before the first dbv_observe(), and when out of memory. */
DBV_PUBLIC bool dbv_node_tell(dbv_node *node, const char *name, const char *value);

/* ---- history: what is remembered of one node, for one role, from look to look ---- */

/* Empty; NULL when out of memory. */
DBV_PUBLIC dbv_history *dbv_history_new(void);
DBV_PUBLIC void dbv_history_free(dbv_history *history);

/* Remembers NOW and the VERDICT that dbv_judge() made of it with this history. False when out of
 * memory: the history is as it was. */
DBV_PUBLIC bool dbv_history_add(
	dbv_history *history, const dbv_observation *now, const dbv_verdict *verdict);

/* Since when the state has been what it is, in dbv_now() milliseconds; 0: not known. */
DBV_PUBLIC int64_t dbv_history_since(const dbv_history *history);

/* Large enough for every history as text. */
#define DBV_HISTORY_SIZE (512 * 1024)

/* As text, for another process on this host before its next restart, since the times are those of
 * the monotonic clock; the bytes used, or 0 where SIZE is too small. */
DBV_PUBLIC size_t dbv_history_write(const dbv_history *history, char *buf, size_t size);

/* From that text; NULL where it is damaged or foreign, or out of memory. */
DBV_PUBLIC dbv_history *dbv_history_read(const char *text);

/* ---- verdict ---- */

/* Judges NOW under POLICY: pure, the same verdict for the same arguments. HISTORY is what was
 * remembered of the same node before, or NULL. The caller frees the verdict; it borrows nothing.
 * NULL when out of memory. */
DBV_PUBLIC dbv_verdict *dbv_judge(
	const dbv_observation *now, const dbv_history *history, const dbv_policy *policy);
DBV_PUBLIC void dbv_verdict_free(dbv_verdict *verdict);

/* Judges COUNT nodes together, by their last observations: what no node knows by itself (the checks
 * cluster.* and pair.* of dbvitals-checks(7)), and whether enough of them are up (min-up). UNKNOWN where
 * every node is. HISTORIES, in the order of NODES, is what is remembered of each; it may be NULL, and
 * so may each. HOLDERS are nodes that lead to the address that writers use, observed with the others:
 * several connections tell whether they all reach one server; NULL and 0 where nobody named one. A node
 * or holder that was never observed is unknown, which improves nothing. NULL when out of memory. */
DBV_PUBLIC dbv_verdict *dbv_judge_together(dbv_node *const nodes[],
	const dbv_history *const histories[], size_t count, dbv_node *const holders[],
	size_t holder_count, const dbv_policy *policy);

DBV_PUBLIC enum dbv_state dbv_verdict_state(const dbv_verdict *verdict);

/* 100 up; 75, 50, 25 degraded; 0 unknown and down. */
DBV_PUBLIC unsigned dbv_verdict_weight(const dbv_verdict *verdict);

/* Findings, worst first, then in the order of dbvitals-checks(7). The same check may speak for
 * several channels. */
DBV_PUBLIC size_t dbv_findings(const dbv_verdict *verdict);
DBV_PUBLIC const char *dbv_finding_id(const dbv_verdict *verdict, size_t index);
DBV_PUBLIC const char *dbv_finding_message(const dbv_verdict *verdict, size_t index);
DBV_PUBLIC const char *dbv_finding_remedy(const dbv_verdict *verdict, size_t index);
DBV_PUBLIC enum dbv_severity dbv_finding_severity(const dbv_verdict *verdict, size_t index);

/* The first finding with this id, NULL when there is none: its message. */
DBV_PUBLIC const char *dbv_finding_by_id(const dbv_verdict *verdict, const char *id);

/* Metrics of the policy's mode, in table order. */
DBV_PUBLIC size_t dbv_metrics(const dbv_verdict *verdict);
DBV_PUBLIC const char *dbv_metric_name(const dbv_verdict *verdict, size_t index);

/* "s", "ms", "B", "%" or "". */
DBV_PUBLIC const char *dbv_metric_unit(const dbv_verdict *verdict, size_t index);

/* False where the node does not report it. */
DBV_PUBLIC bool dbv_metric_value(const dbv_verdict *verdict, size_t index, double *value);

/* The range in force, "" for none. */
DBV_PUBLIC const char *dbv_metric_warning(const dbv_verdict *verdict, size_t index);
DBV_PUBLIC const char *dbv_metric_critical(const dbv_verdict *verdict, size_t index);

/* The metric with this name; dbv_metrics() when there is none. */
DBV_PUBLIC size_t dbv_metric_by_name(const dbv_verdict *verdict, const char *name);

/* Ids of the checks of this mode that nothing was read for. */
DBV_PUBLIC size_t dbv_not_judged(const dbv_verdict *verdict);
DBV_PUBLIC const char *dbv_not_judged_id(const dbv_verdict *verdict, size_t index);

#ifdef __cplusplus
}
#endif
#endif
