# SPDX-License-Identifier: MIT
# Medians of what tests/long/failover measured. In: CONFIGURATION FAULT GAP FLOOR DETECTED LOST TURNS FAILURES TO, a line for
# each run, "never" for a gap that did not end. Out: a line for each configuration and fault, tabs between.
BEGIN {
	OFS = "\t"
	never = 1e6
	title["ours"] = "write-ip"
	title["vrrp"] = "keepalived, VRRP"
	title["short"] = "write-ip, Galera's time-outs shortened"
	title["attribute"] = "IPaddr2, rule on a shell check's attribute"
	title["galera"] = "IPaddr2 with ocf:heartbeat:galera"
	fault["killed"] = "killed"
	fault["frozen"] = "frozen"
	fault["cut"] = "cut off"
	fault["stopped"] = "shut down"
	fault["rejects"] = "reject_queries"
}

function note(list, key, value) {
	list[key, runs[key]] = value
}

function sort_runs(list, key, sorted, n, i, j, value) {
	n = runs[key]
	for (i = 1; i <= n; i++) {
		value = list[key, i]
		for (j = i - 1; j >= 1 && sorted[j] > value; j--)
			sorted[j + 1] = sorted[j]
		sorted[j + 1] = value
	}
	return n
}

function median(list, key, sorted, n) {
	n = sort_runs(list, key, sorted)
	return n % 2 ? sorted[(n + 1) / 2] : (sorted[n / 2] + sorted[n / 2 + 1]) / 2
}

function range(list, key, sorted, n) {
	n = sort_runs(list, key, sorted)
	return seconds(sorted[1]) " to " seconds(sorted[n])
}

function most(list, key, sorted, n) {
	n = sort_runs(list, key, sorted)
	return sorted[n]
}

function seconds(t) {
	return t >= never / 2 ? ">120" : sprintf("%.2f", t > -0.005 && t < 0 ? 0 : t)
}

# What the aim allows above nothing at all.
function allowed(what, floor, corosync) {
	if (what == "stopped" || what == "rejects")
		return 1.5
	return floor + 0.5 + (what == "cut" ? corosync : 0)
}

{
	key = $1 " " $2
	if (!(key in runs))
		order[++count] = key
	runs[key]++
	gap = $3 == "never" ? never : $3
	note(gaps, key, gap)
	note(floors, key, $4 + 0)
	note(above, key, gap == never ? never : gap - $4)
	note(found, key, $5 + 0)
	note(lost, key, $6 + 0)
	note(turns, key, $7 + 0)
	note(failures, key, $8 + 0)
}

END {
	for (i = 1; i <= count; i++) {
		key = order[i]
		split(key, part, " ")
		aim = allowed(part[2], median(floors, key), median(found, key))
		middle = median(gaps, key)
		print title[part[1]], fault[part[2]], runs[key], seconds(middle), range(gaps, key), seconds(median(floors, key)),
			seconds(median(above, key)), part[2] == "cut" && median(found, key) ? seconds(median(found, key)) : "-",
			sprintf("%.2f%s", aim, middle <= aim ? "" : ", missed"), most(lost, key), most(turns, key), most(failures, key)
	}
}
