# SPDX-License-Identifier: MIT
# Fresh Debians to install in, from the mirrors that this machine has its packages from; and the packages of dbvitals, made there
# by what docs/install.md says and by nothing else. $work is a folder for all of it; the top of the tree is the current one.
# shellcheck disable=SC2154  # work

fail() {
	echo "$*"
	exit 1
}

# step NAME COMMAND...: its output is told when it fails
step() {
	local since=$SECONDS status=0
	# In a condition no command of it would fail.
	set +e
	(set -e; "${@:2}") >"$work/log" 2>&1 </dev/null
	status=$?
	set -e
	if [ "$status" -ne 0 ]; then
		tail -n 60 "$work/log"
		fail "$1: FAILED"
	fi
	printf '%4d s  %s\n' $((SECONDS - since)) "$1"
}

# inside ROOT OPTION... -- COMMAND...: in namespaces of its own, whose end is the end of all that runs there
inside() {
	local root=$1 options=()
	shift
	while [ "$1" != -- ]; do options+=("$1") && shift; done
	# shellcheck disable=SC2016
	unshare --mount --pid --fork --kill-child "${options[@]}" bash -ec '
		mount -t proc proc "$1/proc"
		ip link set lo up
		exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 HOME=/root DEBIAN_FRONTEND=noninteractive \
			${http_proxy:+"http_proxy=$http_proxy"} chroot "$@"' - "$root" "${@:2}"
}

# mirror CODENAME LABEL: where this machine has it from
mirror() {
	# shellcheck disable=SC2016
	apt-get indextargets --format '$(CREATED_BY) $(CODENAME) $(COMPONENT) $(LABEL) $(REPO_URI)' |
		sed -n "s/^Packages $1 main $2 //p" | head -n 1
}
# fresh FOLDER OPTION...: the machine's release, as debootstrap makes it with these options
fresh() {
	local codename from updates
	codename=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
	from=$(mirror "$codename" Debian)
	[ -n "$from" ] || fail "apt knows no mirror for $codename"
	debootstrap "${@:2}" "$codename" "$1" "$from"
	updates=$(mirror "$codename-security" Debian-Security)
	[ -z "$updates" ] || echo "deb $updates $codename-security main" >>"$1/etc/apt/sources.list"
	echo 'APT::Get::Assume-Yes "true";' >"$1/etc/apt/apt.conf.d/99tests"
	inside "$1" -- apt-get update
}
# no_services FOLDER: none is started when it is installed; who wanted one is in /asked there
no_services() {
	printf '#!/bin/sh\necho "$@" >>/asked\nexit 101\n' >"$1/usr/sbin/policy-rc.d"
	chmod +x "$1/usr/sbin/policy-rc.d"
}

version() { sed -n 's/^VERSION = //p' build/Makefile; }

# all_released FOLDER: it has all files of the tree, but for those with a dot in front
all_released() {
	local file left_out=
	while read -r file; do
		[ -e "$1/$file" ] || left_out+=" $file"
	done < <(git ls-files 2>/dev/null | grep -vE '(^|/)\.')
	[ -z "$left_out" ] || fail "not in the release:$left_out"
}
release() {
	tests/build
	make -C build dist
	mkdir "$work/builder/src"
	local version
	version=$(version)
	cp "build/dbvitals-$version.tar.xz" "$work/builder/src/dbvitals_$version.orig.tar.xz"
	tar -C "$work/builder/src" -xf "build/dbvitals-$version.tar.xz"
	all_released "$work/builder/src/dbvitals-$version"
	mv "$work/builder/src/dbvitals-$version" "$work/builder/src/dbvitals"
	head -n 1 debian/changelog | grep -qF "($version-1)" || fail 'debian/changelog has another version'
}

# documented NUMBER [SECTION]: the commands of the section (on packages), block by block
documented() {
	awk -v wanted="$1" -v section="## ${2:-Debian packages}" '/^## / { on = index($0, section) == 1 } !on { next }
		/^```sh/ { number++; inside = 1; next } /^```/ { inside = 0 } inside && number == wanted' docs/install.md
}

build() {
	[ -n "$(documented 1)" ]
	inside "$work/builder" -- bash -exc "cd /src/dbvitals; $(documented 1)"
	grep -q '^# FAIL: *0$' "$work/log"
	grep -q '^# PASS: *[1-9]' "$work/log"
	inside "$work/builder" -- bash -exc 'cd /src/dbvitals; dpkg-buildpackage -us -uc -S'
}
