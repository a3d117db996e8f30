/* SPDX-License-Identifier: MIT
 *
 * The least that a check can do, which the others are measured by: connect, ask one SHOW, read the rows, close.
 *	bare HOST PORT USER PASSWORD disabled|preferred
 */
#include <mysql.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static MYSQL *
connect_to(char **argv)
{
	MYSQL *mysql = mysql_init(NULL);
	my_bool tls = strcmp(argv[5], "preferred") == 0;
	my_bool verify = 0;

	if (!mysql)
		return NULL;
	mysql_optionsv(mysql, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &verify);
	if (tls)
		mysql_optionsv(mysql, MYSQL_OPT_SSL_ENFORCE, &tls);
	return mysql_real_connect(
		mysql, argv[1], argv[3], argv[4], NULL, (unsigned)atoi(argv[2]), NULL, 0);
}

int
main(int argc, char **argv)
{
	MYSQL *mysql = argc == 6 ? connect_to(argv) : NULL;
	int rows = 0;

	if (!mysql || mysql_query(mysql, "SHOW GLOBAL STATUS LIKE 'wsrep_%'") != 0)
		return 1;
	MYSQL_RES *result = mysql_use_result(mysql);

	while (result && mysql_fetch_row(result))
		rows++;
	mysql_free_result(result);
	mysql_close(mysql);
	printf("%d rows\n", rows);
	return rows == 0;
}
