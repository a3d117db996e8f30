-- The checker's account, MariaDB 10.5 and later. Run it where writes go: replication copies it.

CREATE USER IF NOT EXISTS 'dbvitals'@'%' IDENTIFIED BY 'change me';
GRANT SLAVE MONITOR, PROCESS ON *.* TO 'dbvitals'@'%';
