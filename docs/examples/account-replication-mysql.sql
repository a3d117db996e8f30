-- The checker's account, MySQL and Percona Server. Run it where writes go: replication copies it.

CREATE USER IF NOT EXISTS 'dbvitals'@'%' IDENTIFIED BY 'change me';
GRANT REPLICATION CLIENT, PROCESS ON *.* TO 'dbvitals'@'%';
GRANT SELECT ON performance_schema.replication_connection_status TO 'dbvitals'@'%';
GRANT SELECT ON performance_schema.replication_connection_configuration TO 'dbvitals'@'%';
