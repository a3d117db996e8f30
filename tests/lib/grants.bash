# SPDX-License-Identifier: MIT
# An account "least" that has what dbvitals grants prints for one family of servers, and nothing else. Sourced after servers.bash.

# granted_by FAMILY ARGUMENT...: those statements; FAMILY is an expression for what dbvitals grants calls it
granted_by() {
	tool grants --user=least "${@:2}" | awk -v family="$1" '
		/^-- The checker/ { on = /Galera/ || $0 ~ family }
		/^-- (The table|What)/ { on = 1 }
		/^-- .*:$/ { on = $0 ~ family }
		on && !/^--/' | sed "s/change me/$PASSWORD/"
}

# least NODE FAMILY ARGUMENT...: that account, made there by these statements
least() {
	client_file least least "$PASSWORD"
	as_root "$1" "DROP USER IF EXISTS least; $(granted_by "${@:2}")"
}

# without NODE PRIVILEGES COMMAND...: what comes of the command while it has all but these ("SELECT ON a.b")
without() {
	local result=0
	as_root "$1" "REVOKE $2 FROM least"
	"${@:3}" || result=1
	as_root "$1" "GRANT $2 TO least"
	[ "$result" = 0 ] || { echo "without $2" && return 1; }
}

# may_not NODE STATEMENT...: the account is refused each of them
may_not() {
	local statement said
	for statement in "${@:2}"; do
		if said=$(as_least "$1" "$statement" 2>&1) || [[ ! $said =~ ERROR\ (1044|1045|1095|1142|1143|1227|1370) ]]; then
			echo "$statement: $said"
			return 1
		fi
	done
}
as_least() {
	mariadb --no-defaults --host=127.0.0.1 --port="$(of "$1" port)" --user=least --password="$PASSWORD" -e "$2" </dev/null
}
