/* SPDX-License-Identifier: MIT */
#include "galera.h"

#include <string.h>

bool
galera_is_on(const struct question *q, enum variable v)
{
	return value_truth(value_of(q, v)) == TRUTH_YES;
}

bool
galera_is_not_off(const struct question *q, enum variable v)
{
	const struct value *value = value_of(q, v);

	return value->kind != VALUE_ABSENT && value_truth(value) != TRUTH_NO;
}

void
galera_add_value(struct ruling *r, const struct question *q, enum variable v)
{
	const struct value *value = value_of(q, v);

	text_addf(&r->message, "%s is ", variables[v].name);
	if (value->kind == VALUE_ABSENT)
		text_add(&r->message, "missing");
	else if (value->kind == VALUE_NULL)
		text_add(&r->message, "NULL");
	else if (!*value->text)
		text_add(&r->message, "empty");
	else
		text_add_foreign(&r->message, value->text, 64);
}

bool
galera_has_no_provider(const struct question *q)
{
	const struct value *v = value_of(q, V_WSREP_PROVIDER);

	return v->kind == VALUE_NULL || (v->text && !*v->text) || value_is(v, "none");
}

bool
galera_wsrep_is_on(const struct question *q)
{
	bool for_sessions_alone = value_of(q, V_WSREP_ON)->kind == VALUE_ABSENT &&
				  value_of(q, V_PXC_MAINT_MODE)->kind != VALUE_ABSENT;

	return for_sessions_alone || galera_is_on(q, V_WSREP_ON);
}

bool
galera_takes_part(const struct question *q)
{
	return !galera_has_no_provider(q) && galera_wsrep_is_on(q);
}

bool
galera_is_primary(const struct question *q)
{
	return value_is(value_of(q, V_WSREP_CLUSTER_STATUS), "Primary");
}

unsigned
galera_listed_hosts(const struct question *q)
{
	const char *s = value_text(value_of(q, V_WSREP_CLUSTER_ADDRESS));
	unsigned hosts = 0;

	if (!text_starts_nocase(s, "gcomm://"))
		return 0;
	s += strlen("gcomm://");
	for (bool fresh = true; *s && *s != '?'; s++) {
		hosts += fresh && *s != ',';
		fresh = *s == ',';
	}
	return hosts;
}
