/* SPDX-License-Identifier: MIT
 *
 * The executables' main(), under names of their own: the build renames them.
 */
#ifndef DBV_MAINS_H
#define DBV_MAINS_H

int main_keepalived(int argc, char **argv);
int main_nagios(int argc, char **argv);
int main_tool(int argc, char **argv);
int main_write_ip(int argc, char **argv);
int main_node_health(int argc, char **argv);

#endif
