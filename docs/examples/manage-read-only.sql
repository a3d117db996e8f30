-- What manage_read_only needs besides: the line for the server's family. Run it where writes go.

-- MariaDB 10.5 and later:
GRANT READ_ONLY ADMIN, BINLOG MONITOR ON *.* TO 'dbvitals'@'%';

-- MariaDB before 10.5:
GRANT SUPER ON *.* TO 'dbvitals'@'%';

-- MySQL and Percona Server 8 and later:
GRANT SYSTEM_VARIABLES_ADMIN ON *.* TO 'dbvitals'@'%';

-- MySQL and Percona Server 5.7:
GRANT SUPER ON *.* TO 'dbvitals'@'%';
