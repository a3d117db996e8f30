-- What dbvitals roundtrip --schema=dbvitals needs. Run it where writes go.

CREATE DATABASE IF NOT EXISTS `dbvitals`;
GRANT CREATE, DROP, INSERT, SELECT ON `dbvitals`.* TO 'dbvitals'@'%';
