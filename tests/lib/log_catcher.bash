# SPDX-License-Identifier: MIT
# What an executable tells syslog, without a syslog: a library in front of the C library's.

compile_log_catcher() {
	cc -shared -fPIC -o "$SERVERS/log_catcher.so" -x c - <<-'END'
		#include <stdarg.h>
		#include <stdio.h>
		#include <stdlib.h>

		static const char *name = "?";

		void openlog(const char *ident, int option, int facility)
		{
			(void)option, (void)facility;
			name = ident;
		}

		static void put(int priority, const char *format, va_list args)
		{
			FILE *f = fopen(getenv("LOG_CAUGHT"), "a");

			fprintf(f, "%d %s ", priority & 7, name);
			vfprintf(f, format, args);
			fputc('\n', f);
			fclose(f);
		}

		void syslog(int priority, const char *format, ...)
		{
			va_list args;

			va_start(args, format);
			put(priority, format, args);
			va_end(args);
		}

		void __syslog_chk(int priority, int flag, const char *format, ...)
		{
			va_list args;

			(void)flag;
			va_start(args, format);
			put(priority, format, args);
			va_end(args);
		}
	END
}

# caught keepalived ARGUMENT...: what it logs goes into the file $LOG_CAUGHT, one line each
caught() {
	env -i LOG_CAUGHT="$LOG_CAUGHT" LD_PRELOAD="$SERVERS/log_catcher.so" "$DBV_BIN/dbvitals-keepalived" "${@:2}" \
		</dev/null >/dev/null || true
}
