-- The table of --canary=dbvitals.canary, and what the checker's account needs there. Run it where writes go.

CREATE DATABASE IF NOT EXISTS `dbvitals`;
CREATE TABLE IF NOT EXISTS `dbvitals`.`canary` (
    node VARCHAR(255) CHARACTER SET ascii PRIMARY KEY,
    beats BIGINT UNSIGNED NOT NULL,
    at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP
) ENGINE=InnoDB;
GRANT INSERT, UPDATE, SELECT ON `dbvitals`.`canary` TO 'dbvitals'@'%';
