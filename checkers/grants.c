/* SPDX-License-Identifier: MIT
 *
 * dbvitals grants: the SQL for the checker's account. docs/examples has the same statements.
 */
#include <string.h>

#include "canary.h"
#include "commands.h"
#include "node.h"
#include "policy.h"
#include "privileges.h"

static const struct {
	enum family family;
	enum mode mode;
	const char *title;
} families[] = {
	{ FAMILY_GALERA, MODE_GALERA,
		" on a Galera cluster. Run it on one node: the cluster copies it to the others." },
	{ FAMILY_MARIADB, MODE_REPLICATION,
		", MariaDB 10.5 and later. Run it where writes go: replication copies it." },
	{ FAMILY_MARIADB_OLD, MODE_REPLICATION,
		", MariaDB before 10.5. Run it where writes go: replication copies it." },
	{ FAMILY_MYSQL, MODE_REPLICATION,
		", MySQL and Percona Server. Run it where writes go: replication copies it." },
};

/* NAME@HOST as 'NAME'@'HOST'; any host where none is named. */
static void
add_account(struct text *out, const struct settings *s)
{
	const char *account = s->account ? s->account : "dbvitals";
	const char *at = strrchr(account, '@');

	text_addf(out, "'%.*s'@'%s'", at ? (int)(at - account) : (int)strlen(account), account,
		at ? at + 1 : "%");
}

static void
add_grant(struct text *out, const struct settings *s, const char *names, const char *on)
{
	text_addf(out, "GRANT %s ON %s TO ", names, on);
	add_account(out, s);
	text_add(out, ";\n");
}

static bool
is_wanted(const struct privilege *p, enum family family, const struct settings *s)
{
	bool wanted = p->purpose == FOR_CHANNELS || p->purpose == FOR_HEARTBEATS ||
		      p->purpose == FOR_SESSIONS ||
		      (p->purpose == FOR_ADMIN_PORT && s->nodes[0]->admin_port);

	return wanted && (p->families & family);
}

static void
add_family(struct text *out, const struct settings *s, enum family family, const char *title)
{
	char names[160];
	struct text t = text_on(names, sizeof(names));

	text_addf(out, "-- The checker's account%s\n\nCREATE USER IF NOT EXISTS ", title);
	add_account(out, s);
	text_add(out, " IDENTIFIED BY 'change me';\n");
	for (size_t i = 0; i < privilege_count; i++)
		if (is_wanted(&privileges[i], family, s) && !privileges[i].only &&
			!privileges[i].on)
			text_addf(&t, "%s%s", t.len ? ", " : "", privileges[i].names);
	add_grant(out, s, names, "*.*");
	for (size_t i = 0; i < privilege_count; i++)
		if (is_wanted(&privileges[i], family, s) && privileges[i].on)
			add_grant(out, s, privileges[i].names, privileges[i].on);
	for (size_t i = 0; i < privilege_count; i++) {
		if (!is_wanted(&privileges[i], family, s) || !privileges[i].only)
			continue;
		text_addf(out, "-- %s only:\n-- ", privileges[i].only);
		add_grant(out, s, privileges[i].names, "*.*");
	}
}

static void
add_canary(struct text *out, const struct settings *s)
{
	const char *table = s->policy->canary;
	char quoted[160];
	struct text t = text_on(quoted, sizeof(quoted));

	canary_add_table(&t, table);
	text_addf(out,
		"-- The table of --canary=%s, and what the checker's account needs there. Run it where writes go.\n\n"
		"CREATE DATABASE IF NOT EXISTS `%.*s`;\n"
		"CREATE TABLE IF NOT EXISTS %s (\n"
		"    node VARCHAR(255) CHARACTER SET ascii PRIMARY KEY,\n"
		"    beats BIGINT UNSIGNED NOT NULL,\n"
		"    at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP\n"
		") ENGINE=InnoDB;\n",
		table, (int)strcspn(table, "."), table, quoted);
	add_grant(out, s, privilege_names(FOR_CANARY, FAMILY_ALL), quoted);
}

/* In a GRANT, _ stands for any character. */
static void
add_pattern(struct text *t, const char *schema)
{
	text_add(t, "`");
	for (const char *c = schema; *c; c++)
		text_addf(t, "%s%c", *c == '_' ? "\\" : "", *c);
	text_add(t, "`.*");
}

static void
add_roundtrip(struct text *out, const struct settings *s)
{
	char on[160];
	struct text t = text_on(on, sizeof(on));

	add_pattern(&t, s->schema);
	text_addf(out,
		"-- What dbvitals roundtrip --schema=%s needs. Run it where writes go.\n\n"
		"CREATE DATABASE IF NOT EXISTS `%s`;\n",
		s->schema, s->schema);
	add_grant(out, s, privilege_names(FOR_ROUNDTRIP, FAMILY_ALL), on);
}

static void
add_read_only(struct text *out, const struct settings *s)
{
	text_add(out,
		"-- What manage_read_only needs besides: the line for the server's family. Run it where writes go.\n");
	for (size_t i = 0; i < privilege_count; i++) {
		if (privileges[i].purpose != FOR_READ_ONLY)
			continue;
		text_addf(out, "\n-- %s:\n", privileges[i].only);
		add_grant(out, s, privileges[i].names, "*.*");
	}
}

static int
grants(struct run *r)
{
	const struct settings *s = &r->settings;
	const char *gap = "";

	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
		if (s->mode && families[i].mode != s->policy->mode)
			continue;
		text_add(&r->out, gap);
		add_family(&r->out, s, families[i].family, families[i].title);
		gap = "\n";
	}
	if (s->policy->canary) {
		text_add(&r->out, gap);
		add_canary(&r->out, s);
	}
	if (s->schema) {
		text_add(&r->out, gap);
		add_roundtrip(&r->out, s);
	}
	if (s->manage_read_only) {
		text_add(&r->out, gap);
		add_read_only(&r->out, s);
	}
	app_print(r);
	return 0;
}

const struct app command_grants = {
	COMMAND("grants", PROGRAM_GRANTS),
	.purpose = "The SQL for the checker's account, for each family of servers",
	.own = grants,
};
