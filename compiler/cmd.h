/* The commands of dfc, and how they say and write things. Only these and main.c print. */
#ifndef DFC_CMD_H
#define DFC_CMD_H

#include "dfc.h"
#include "options.h"

#include <stddef.h>

/* Run a command; `options` stands before its first word. Gives the exit status. */
#define X(id, name, operand, summary, example) enum dfc_status cmd_##name(struct options *options);
COMMANDS(X)
#undef X

/* "dfc: message" to standard error, control characters replaced by '?'. Returns `status`. */
enum dfc_status cmd_fail(enum dfc_status status, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* What options_fail() left, to standard error. Returns DFC_USAGE. */
enum dfc_status cmd_fail_usage(const struct options *options);

/* The message for a file that could not be read or written; `error` is an errno value. "-" is
 * standard input or output. Returns DFC_IO. */
enum dfc_status cmd_fail_read(const char *path, int error);
enum dfc_status cmd_fail_write(const char *path, int error);

/* Write the text to standard output and close it. Returns DFC_OK or, with a message, DFC_IO. */
enum dfc_status cmd_output(const char *text, size_t length);

/* Let what begins now take 10 seconds: then the program ends with a message and DFC_LIMIT. */
void cmd_start_clock(void);
void cmd_stop_clock(void);

/* Write the help of a command to standard output. Returns the exit status. */
enum dfc_status cmd_output_help(enum command_id command);

/* Limit of the input's size. */
#define INPUT_LIMIT_MIB 256

#endif
