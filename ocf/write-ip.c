/* SPDX-License-Identifier: MIT
 *
 * ocf:dbvitals:write-ip: the floating write address as a promotable clone. Every instance publishes how fit its node is as
 * its promotion score; the promoted one holds the address.
 */
#include "actions.h"

#include <syslog.h>
#include <unistd.h>

#include "address.h"
#include "hand_over.h"
#include "health.h"
#include "telling.h"

#define RETRY_US 200000
#define JUST_DEMOTED_MS 1000

/* The address decides; where it is not here, or nobody can tell, the record does. */
static int
status_of(const struct turn *t)
{
	enum truth here = has_address(t);

	if (here == TRUTH_YES || (here == TRUTH_UNKNOWN && t->record.promoted))
		return OCF_RUNNING_PROMOTED;
	if (t->record.promoted)
		return OCF_FAILED_PROMOTED;
	return t->record.started ? OCF_SUCCESS : OCF_NOT_RUNNING;
}

static bool
is_writable(const struct judged *j)
{
	return value_truth(&j->observation->values[V_READ_ONLY]) == TRUTH_NO;
}

/* What manage_read_only promises of a database that was found otherwise. */
static void
keep_read_only(struct turn *t, bool holder, struct judged *j, struct fitness *f)
{
	char reason[DBV_ERROR_SIZE];
	struct text why = text_on(reason, sizeof(reason));

	if (!t->run.settings.manage_read_only)
		return;
	if (j->observation && (j->observation->values[V_READ_ONLY].kind == VALUE_ABSENT ||
				      is_writable(j) == holder))
		return;
	/* Also where nobody could look, since other parameters are wrong. */
	if (!holder)
		refuse_writes(t);
	if (!holder || !j->observation)
		return;
	turn_log(t, LOG_WARNING, "read_only is on: setting it to 0");
	if (!allow_writes(t, &why))
		turn_log(t, LOG_ERR, "%s", reason);
	judged_end(j);
	/* The attempts were used up by the first. */
	t->run.settings.attempts = 1;
	*f = health(t, j);
}

/* The record may be older than the parameter, which may be wrong, or missing. */
static int
fail_gone(struct turn *t)
{
	const char *ip = t->run.settings.write_ip;
	char address[64];
	struct text a = text_on(address, sizeof(address));

	text_add_foreign(&a, ip ? ip : "the address", sizeof(address) - 1);
	return turn_fail(t, OCF_FAILED_PROMOTED, "%s is gone from this host (address)", address);
}

int
write_ip_monitor(struct turn *t)
{
	int status = status_of(t);
	bool holder = status == OCF_RUNNING_PROMOTED;
	struct judged j;

	if (status == OCF_FAILED_PROMOTED)
		return fail_gone(t);
	if (t->is_probe)
		return status;
	if (status == OCF_NOT_RUNNING)
		return turn_unrecorded(t);
	/* Pacemaker looks right after it has demoted, and promotes nobody before it has the answer: that of a frozen server
	 * would be waited for. */
	if (!holder && dbv_now() - t->record.demoted_at < JUST_DEMOTED_MS)
		return status;
	struct fitness f = health(t, &j);

	keep_read_only(t, holder, &j, &f);
	judged_end(&j);
	return tell_score(t, holder, &f) ? status : OCF_ERR_GENERIC;
}

/* IPaddr2 calls parameters wrong for the whole cluster (6) that do not fit this host as it is now: an interface that is not
 * there. OTHERWISE is what that is for the action. */
static int
validate_address(struct turn *t, int otherwise)
{
	char reason[DBV_ERROR_SIZE];
	struct text why = text_on(reason, sizeof(reason));
	struct address_call call = { .address = t->run.settings.write_ip,
		.resource = t->resource,
		.deadline = turn_within(t, t->patience / 4) };
	int status = address_validate(&call, &why);

	if (status == OCF_SUCCESS)
		return status;
	return turn_fail(
		t, status == OCF_ERR_INSTALLED ? status : otherwise, "%s (address)", reason);
}

int
write_ip_validate(struct turn *t)
{
	int status = agent_validate(t);

	return status == OCF_SUCCESS ? validate_address(t, OCF_ERR_ARGS) : status;
}

int
write_ip_start(struct turn *t)
{
	struct judged j;
	int status = agent_validate_start(t);

	if (status == OCF_SUCCESS)
		status = validate_address(t, OCF_ERR_GENERIC);
	if (status == OCF_SUCCESS)
		status = give_up_address(t);
	if (status != OCF_SUCCESS)
		return status;
	t->record.started = true;
	if (!turn_keep(t))
		return turn_fail(t, OCF_ERR_GENERIC,
			"cannot write into " RUN_FOLDER " (node.checker_failed)");
	/* A cluster that has just come up may not take attributes yet. */
	for (int64_t until = dbv_now() + t->patience / 3;;) {
		struct fitness f = health(t, &j);

		judged_end(&j);
		if (tell_score(t, false, &f))
			return OCF_SUCCESS;
		if (dbv_now() >= until)
			return OCF_ERR_GENERIC;
		usleep(RETRY_US);
	}
}

/* Pacemaker records a reload as a start, and forgets that this instance was promoted: another one with a higher score could be
 * promoted before this one is demoted, now or at the next failure. The score makes Pacemaker plan anew at once, and promote this
 * one again, which it records; what this one is worth its next monitor tells. */
int
write_ip_reload(struct turn *t)
{
	if (status_of(t) == OCF_RUNNING_PROMOTED)
		tell_held(t);
	return agent_reload(t);
}

int
write_ip_stop(struct turn *t)
{
	int status = give_up_address(t);

	if (status != OCF_SUCCESS)
		return status;
	tell_nothing(t);
	record_remove(t->resource);
	return OCF_SUCCESS;
}

int
write_ip_promote(struct turn *t)
{
	char reason[DBV_ERROR_SIZE];
	struct text why = text_on(reason, sizeof(reason));

	/* Where nobody can tell, it is brought up, too: that ends in knowing. */
	if (has_address(t) != TRUTH_YES)
		return take_address(t);
	/* What else belongs to it, the next monitor sees to. */
	t->record.promoted = true;
	turn_keep(t);
	if (!allow_writes(t, &why))
		turn_log(t, LOG_WARNING, "%s", reason);
	return OCF_SUCCESS;
}

int
write_ip_demote(struct turn *t)
{
	char reason[DBV_ERROR_SIZE];
	struct text why = text_on(reason, sizeof(reason));
	int status = give_up_address(t);
	const struct published *p = &t->record.published[0];
	char word[16];

	if (status != OCF_SUCCESS)
		return status;
	score_word(score_after_demote(score_of_word(p->value)), word, sizeof(word));
	const struct attribute a = { .value = word, .judged_at = p->judged_at };

	t->record.demoted_at = dbv_now();
	if (!publish(&t->record, &a, 1, turn_within(t, 2000), &why))
		turn_log(t, LOG_WARNING, "%s", reason);
	turn_keep(t);
	return OCF_SUCCESS;
}

int
main(int argc, char **argv)
{
	static const struct agent agent = {
		.app = {
			.name = "write-ip",
			.program = PROGRAM_WRITE_IP,
			.late_status = OCF_ERR_GENERIC,
			.failed_status = OCF_ERR_GENERIC,
			.late_prefix = "ocf-exit-reason:",
			.failed_prefix = "ocf-exit-reason:",
			.fails_on_stderr = true,
		},
		.shortdesc = write_ip_shortdesc,
		.longdesc = write_ip_longdesc,
		.passed = address_parameters,
		.actions = write_ip_actions,
	};

	(void)argc;
	agent_main(&agent, argv);
}
