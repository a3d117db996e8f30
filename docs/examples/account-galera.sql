-- The checker's account on a Galera cluster. Run it on one node: the cluster copies it to the others.

CREATE USER 'dbvitals'@'%' IDENTIFIED BY 'change me';
GRANT PROCESS ON *.* TO 'dbvitals'@'%';
