-- The checker's account, MariaDB before 10.5. Run it where writes go: replication copies it.

CREATE USER IF NOT EXISTS 'dbvitals'@'%' IDENTIFIED BY 'change me';
GRANT REPLICATION CLIENT, PROCESS ON *.* TO 'dbvitals'@'%';
