-- The checker's account on a Galera cluster. Run it on one node: the cluster copies it to the others.

CREATE USER IF NOT EXISTS 'dbvitals'@'%' IDENTIFIED BY 'change me';
GRANT PROCESS ON *.* TO 'dbvitals'@'%';
