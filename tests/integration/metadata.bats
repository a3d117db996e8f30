#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The meta-data of the resource agents: well-formed, valid, and shown by the tools that people read them with.

agents='write-ip node-health'

setup_file() { export BATS_TEST_TIMEOUT=60; }

setup() {
	cd "$BATS_TEST_DIRNAME/../.." || return 1
	# shellcheck source=tests/lib/expect.bash
	source tests/lib/expect.bash
	PATH=$PATH:/usr/sbin:/sbin
	agents_folder=$DBV_BIN/../ocf
	xml=$BATS_TEST_TMPDIR/xml
}

# metadata AGENT: into $xml
metadata() { "$agents_folder/$1" meta-data >"$xml"; }

# of XPATH: the values of attributes, one a line, that $xml has there
of() { xmllint --noent --xpath "$1" "$xml" 2>/dev/null | sed -E 's/^ *[a-z-]+="(.*)"$/\1/'; }

# word XPATH: one text
word() { xmllint --xpath "string($1)" "$xml"; }

# with_agents COMMAND...: where Pacemaker's tools find them; on this machine they are not installed
with_agents() {
	local own=(--mount)
	[ "$EUID" -eq 0 ] || own+=(--map-root-user)
	# shellcheck disable=SC2016
	HOME=$BATS_TEST_TMPDIR unshare "${own[@]}" bash -ec '
		mount -t tmpfs none /var/log
		mount -t tmpfs none /usr/lib/ocf/resource.d
		mkdir /var/log/crmsh /usr/lib/ocf/resource.d/dbvitals
		for agent in $2; do ln -s "$(realpath "$1")/$agent" "/usr/lib/ocf/resource.d/dbvitals/$agent"; done
		exec "${@:3}"' - "$agents_folder" "$agents" "$@"
}

# actions AGENT: those it has to have
actions() {
	printf '%s\n' start stop monitor reload-agent validate-all meta-data
	[ "$1" != write-ip ] || printf '%s\n' promote demote
}

# shown TEXT: $output has it
shown() { [[ $output == *"$1"* ]] || { echo "not shown: $1" && return 1; }; }

@test "valid by the rules of OCF 1.1 and by our own" {
	local name
	for name in $agents; do
		metadata "$name"
		xmllint --noout --nonet --relaxng tests/data/ocf/metadata.rng "$xml"
		[ "$(of '/resource-agent/@name')" = "$name" ]
		[ -z "$(of '//parameter/@name' | sort | uniq -d)" ]
		[ "$(of '//action/@name' | sort -u | tr '\n' ' ')" = "$(actions "$name" | sort | tr '\n' ' ')" ]
	done
}

@test "the rules refuse what breaks them" {
	local change n=0
	metadata write-ip
	while read -r change; do
		sed -E "$change" "$xml" >"$xml.changed"
		if cmp -s "$xml" "$xml.changed"; then echo "changes nothing: $change" && return 1; fi
		run xmllint --noout --nonet --relaxng tests/data/ocf/metadata.rng "$xml.changed"
		# shellcheck disable=SC2154
		[ "$status" = 3 ] || { echo "passes: $change" && return 1; }
		n=$((n + 1))
	done <<-'END'
		s/<version>1.1/<version>1.0/
		0,/<shortdesc.*<\/shortdesc>/s///
		0,/lang="en"/s///
		s/type="integer" default="3306"/type="integer" default="many"/
		s/type="boolean" default="false"/type="boolean" default="no"/
		s/type="string"/type="time"/
		s/reloadable="1"/reloadable="yes"/
		s/ required="1"//
		s/name="admin_port"/name="admin-port"/
		s/timeout="20s"/timeout=""/
		s/role="Promoted"/role="Master"/
		s/ interval="1s"//
		s/<longdesc lang="en">.*<\/longdesc>/<longdesc lang="en"><\/longdesc>/
	END
	[ "$n" -eq 13 ]
}

@test "the DTD of OCF 1.0 misses what is new in 1.1, and nothing else" {
	local name dtd=/usr/share/resource-agents/ra-api-1.dtd
	[ -e "$dtd" ] || skip 'resource-agents is not installed'
	for name in $agents; do
		metadata "$name"
		run xmllint --noout --nonet --dtdvalid "$dtd" "$xml"
		[ "$(grep -oE 'No declaration for attribute [a-z-]+|Value "[a-z-]+" for attribute [a-z]+ of [a-z]+' <<<"$output" |
			sort -u | grep -vxE 'No declaration for attribute (reloadable|unique-group)|Value "reload-agent" for attribute name of action')" = '' ]
		grep -q reload-agent <<<"$output"
		[ "$(grep -cE 'validity error' <<<"$output")" = "$(grep -cE 'No declaration for attribute|is not among the enumerated' <<<"$output")" ]
	done
}

@test "crm ra info shows every parameter and every action" {
	local name parameter default head
	command -v crm >/dev/null || skip 'crmsh is not installed'
	for name in $agents; do
		metadata "$name"
		output=$(with_agents crm ra info "ocf:dbvitals:$name")
		shown "$(word '/resource-agent/shortdesc') (ocf:dbvitals:$name)"
		while read -r parameter; do
			default=$(word "//parameter[@name='$parameter']/content/@default")
			head=$parameter
			[ -z "$(of "//parameter[@name='$parameter']/@required")" ] || head+='*'
			head+=" ($(of "//parameter[@name='$parameter']/content/@type")${default:+, [$default]}): "
			shown "$head$(word "//parameter[@name='$parameter']/shortdesc")"
			shown "    $(word "//parameter[@name='$parameter']/longdesc")"
		done < <(of '//parameter/@name')
		[ "$(of '//parameter/@name' | wc -l)" -ge 25 ]
		while read -r action; do
			shown "    $action "
		done < <(of '//action/@name' | grep -vxE 'meta-data|validate-all')
	done
}

@test "pcs resource describe shows every parameter, and takes the operations for its own" {
	local name parameter
	command -v pcs >/dev/null || skip 'pcs is not installed'
	for name in $agents; do
		metadata "$name"
		output=$(with_agents pcs resource describe "ocf:dbvitals:$name")
		shown "ocf:dbvitals:$name - $(word '/resource-agent/shortdesc')"
		while read -r parameter; do
			[ -z "$(of "//parameter[@name='$parameter']/@required")" ] || parameter+=' (required) (unique group: address)'
			shown "  $parameter: $(word "//parameter[@name='${parameter%% *}']/longdesc")"
		done < <(of '//parameter/@name')
		shown 'Default operations:'
		[ "$name" != write-ip ] || { shown 'role=Promoted' && shown 'role=Unpromoted'; }
	done
}

@test "what is passed on is what IPaddr2 takes" {
	local theirs ours left_out='arp_count_refresh check_link_status lvs_support network_namespace mac clusterip_.* unique_clone_address'
	[ -e /usr/lib/ocf/resource.d/heartbeat/IPaddr2 ] || skip 'resource-agents is not installed'
	metadata node-health
	ours=$(of '//parameter/@name')
	metadata write-ip
	ours=$(of '//parameter[not(@reloadable)]/@name' | sort)
	OCF_ROOT=/usr/lib/ocf /usr/lib/ocf/resource.d/heartbeat/IPaddr2 meta-data >"$xml"
	theirs=$(of '//parameter/@name' | grep -vxE "${left_out// /|}" | sort)
	# Newer than some releases.
	diff <(grep -vx proto <<<"$ours") <(grep -vx proto <<<"$theirs")
}
