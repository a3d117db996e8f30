# SPDX-License-Identifier: MIT
# What is laid into a host's root when it is new: $LAB/HOST/files.

lab_files() {
	local host
	for host in $(hosts); do
		mkdir -p "$LAB/$host/log"/{crmsh,pacemaker,corosync,mysql} "$LAB/$host/files"/{etc/dbvitals,etc/mysql,usr/local/etc,usr/sbin} \
			"$LAB/$host/files"/{usr/lib/ocf/resource.d,var/lib/dbvitals}
		chown mysql "$LAB/$host/log"
		chown hacluster:haclient "$LAB/$host/log/pacemaker"
		files_common "$host" "$LAB/$host/files"
		if is_node "$host"; then
			my_cnf "$host" >"$LAB/$host/files/etc/mysql/my.cnf"
			cluster_files "$host" "$LAB/$host/files"
		fi
	done
}

files_common() {
	local other
	echo "$1" >"$2/etc/hostname"
	{
		echo 127.0.0.1 localhost
		for other in $(hosts); do echo "$(service_address "$other") $other"; done
	} >"$2/etc/hosts"
	printf '[dbvitals]\nuser=check\npassword=%s\n' "$PASSWORD" >"$2/etc/dbvitals/client.cnf"
	chmod 0600 "$2/etc/dbvitals/client.cnf"
	# Where a build with the default prefix looks for it.
	ln -sfn /etc/dbvitals "$2/usr/local/etc/dbvitals"
	ln -sfn "$LAB_TOOLS/fence_lab" "$2/usr/sbin/fence_lab"
	ln -sfn "$(<"$LAB/ocf")" "$2/usr/lib/ocf/resource.d/dbvitals"
}

my_cnf() {
	cat <<-END
		[client]
		socket=/run/mysqld/mysqld.sock
		[mariadbd]
		user=mysql
		datadir=/var/lib/mysql
		socket=/run/mysqld/mysqld.sock
		pid-file=/run/mysqld/mysqld.pid
		log-error=/var/log/mysql.err
		bind-address=0.0.0.0
		extra-port=3307
		extra-max-connections=3
		max-connections=50
		skip-name-resolve
		performance-schema=OFF
		key-buffer-size=1M
		aria-pagecache-buffer-size=2M
		table-open-cache=200
		innodb-buffer-pool-size=32M
		innodb-log-file-size=16M
		innodb-flush-log-at-trx-commit=0
		binlog-format=ROW
		server-id=${HOST_NUMBER[$1]}
	END
	"my_cnf_$(lab_kind)" "$1"
	grep -vE "^($LAB_SETTINGS|wsrep_provider_options)=" "$LAB/settings" || true
}

my_cnf_hosts() { :; }

my_cnf_galera() {
	cat <<-END
		wsrep-on=ON
		wsrep-provider=/usr/lib/galera/libgalera_smm.so
		wsrep-cluster-name=lab
		wsrep-cluster-address=gcomm://$(cluster_address db1),$(cluster_address db2),$(cluster_address db3)
		wsrep-node-name=$1
		wsrep-node-address=$(cluster_address "$1")
		wsrep-sst-method=rsync
		wsrep-sst-auth=copy:$PASSWORD
		wsrep-provider-options=gcache.size=16M;$(setting wsrep_provider_options '')
		innodb-autoinc-lock-mode=2
	END
}

my_cnf_pair() {
	local offset=1
	[ "$1" = m1 ] || offset=2
	cat <<-END
		log-bin=bin
		log-slave-updates=ON
		relay-log=relay
		gtid-domain-id=${HOST_NUMBER[$1]}
		auto-increment-increment=2
		auto-increment-offset=$offset
		slave-net-timeout=2
		innodb-flush-log-at-trx-commit=2
		read-only=ON
	END
}

cluster_files() {
	mkdir -p "$2/etc/corosync" "$2/var/lib/pacemaker/cib"
	corosync_conf >"$2/etc/corosync/corosync.conf"
	cib_xml >"$2/var/lib/pacemaker/cib/cib.xml"
	chown -R hacluster:haclient "$2/var/lib/pacemaker"
	chmod 0750 "$2/var/lib/pacemaker" "$2/var/lib/pacemaker/cib"
	chmod 0600 "$2/var/lib/pacemaker/cib/cib.xml"
}

corosync_conf() {
	local node pair=0
	[ "$(lab_kind)" != pair ] || pair=1
	cat <<-END
		totem {
			version: 2
			cluster_name: lab
			transport: $(setting transport udpu)
			crypto_cipher: none
			crypto_hash: none
			token: $(setting token 1000)
		}
		logging {
			to_syslog: no
			to_logfile: yes
			logfile: /var/log/corosync/corosync.log
			timestamp: hires
		}
		quorum {
			provider: corosync_votequorum
			two_node: $pair
			wait_for_all: $pair
		}
		nodelist {
	END
	for node in $(nodes); do
		printf '\tnode {\n\t\tname: %s\n\t\tnodeid: %s\n\t\tring0_addr: %s\n\t}\n' \
			"$node" "${HOST_NUMBER[$node]}" "$(cluster_address "$node")"
	done
	echo '}'
}

# cib_xml: what Pacemaker begins with: the fencing, and nothing to run
cib_xml() {
	local fencing=true
	[ "$(setting fencing on)" = on ] || fencing=false
	cat <<-END
		<cib validate-with="pacemaker-3.9" epoch="1" num_updates="0" admin_epoch="0">
		 <configuration>
		  <crm_config><cluster_property_set id="cib-bootstrap-options">
		   <nvpair id="lab-fencing" name="stonith-enabled" value="$fencing"/>
		   <nvpair id="lab-dc-deadtime" name="dc-deadtime" value="4s"/>
		  </cluster_property_set></crm_config>
		  <nodes/>
		  <resources>
		   <primitive id="power" class="stonith" type="fence_lab">
		    <instance_attributes id="power-attributes">
		     <nvpair id="power-hosts" name="pcmk_host_list" value="$(nodes)"/>
		    </instance_attributes>
		   </primitive>
		  </resources>
		  <constraints/>
		 </configuration>
		 <status/>
		</cib>
	END
}
