# SPDX-License-Identifier: MIT
# The executables and agents under valgrind: what they do with memory, and with descriptors. Sourced after expect.bash.

VALGRIND=(/usr/bin/valgrind -q --leak-check=full --show-leak-kinds=all "--errors-for-leak-kinds=definite,indirect"
	--track-fds=yes --child-silent-after-fork=yes --fullpath-after= --num-callers=40 --error-exitcode=99)

# valgrind_begin FOLDER PROGRAM...: those of $DBV_BIN and $DBV_OCF and each PROGRAM, as files in FOLDER that run them under it,
# since callers start them without an environment
valgrind_begin() {
	local program
	export UNDER=$1
	# Whoever runs them writes there.
	install -d -m 1777 "$UNDER/logs"
	# Of what the last alarm ends, valgrind would find all that it holds, and it is due a tenth of a second after the deadline.
	cc -shared -fPIC -x c -o "$UNDER/no_alarm.so" - <<<'int setitimer(int which, const void *new, void *old) { return 0; }'
	for program in "$DBV_BIN"/{dbvitals-keepalived,check_dbvitals,dbvitals} "${DBV_OCF:-$DBV_BIN/../ocf}"/{write-ip,node-health} "${@:2}"; do
		cat >"$UNDER/${program##*/}" <<-END
			#!/bin/sh
			LD_PRELOAD='$UNDER/no_alarm.so' exec ${VALGRIND[*]} --log-file='$UNDER/logs/${program##*/}.%p' '$(realpath "$program")' "\$@"
		END
		chmod 0755 "$UNDER/${program##*/}"
	done
}

# under EXIT TEXT COMMAND...: as expect, under valgrind, which finds nothing; COMMAND has time
under() {
	local well=1
	MEMORY_LIMIT_KIB=1048576 DBV_BIN=$UNDER expect "$1" "$2" 100 "${@:3}" || well=
	nothing_found "${@:3}" && [ -n "$well" ]
}

# nothing_found COMMAND...: it ran under valgrind, which tells nothing of it. What counts for nothing is a descriptor that the
# caller left open, and what libraries keep for themselves: what they do once, the loader, the users' database. What they, or
# we, allocated for us counts, also where it is held at the end. VALGRIND_ONCE: functions whose memory another library keeps for
# itself. A child is a copy of all that until it is another program.
nothing_found() {
	local logs=("$UNDER/logs"/*) found
	[ -e "${logs[0]}" ] || { echo "not under valgrind: $*" && return 1; }
	found=$(sed 's/^==[0-9]*== \{0,1\}//' "${logs[@]}" | awk -v RS= -v once=": (${VALGRIND_ONCE:-none}) " '
		/^FILE DESCRIPTORS/ { sub(/^[^\n]*\n/, "") }
		/^FILE DESCRIPTORS/ || /^Open [^\n]*\n *<inherited from parent>/ { next }
		# Of a thread that is at its end.
		/possibly lost/ && /: _dl_allocate_tls / { next }
		/possibly lost|still reachable/ && $0 ~ once { next }
		/still reachable/ && (!/\(\/[^ \n]*\/(lib|ocf|checkers)\/[^ \n]*\.c:[0-9]+\)/ ||
			/: (__pthread_once_slow|_dl_catch_exception|__tls_get_addr|__nss_[a-z_]*) /) { next }
		{ print $0 "\n" }')
	rm -f "${logs[@]}"
	[ -z "$found" ] || { printf '%s\n' "$*:" "$found" && return 1; }
}
