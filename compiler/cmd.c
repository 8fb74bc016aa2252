#include "cmd.h"

#include "file.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SECONDS = 10 };

/* A file's name may hold anything; C0 and C1 controls must not reach a terminal. */
static void hide_controls(char *text)
{
    for (unsigned char *c = (unsigned char *)text; *c; c++) {
        if (*c < 0x20 || *c == 0x7f)
            *c = '?';
        else if (c[0] == 0xc2 && c[1] >= 0x80 && c[1] < 0xa0)
            c[0] = c[1] = '?';
    }
}

static void say(const char *prefix, const char *format, va_list args)
{
    char line[6 * 1024];
    int used = snprintf(line, sizeof(line) - 1, "%s", prefix);
    vsnprintf(line + used, sizeof(line) - 1 - (size_t)used, format, args);
    hide_controls(line);
    size_t length = strlen(line);
    line[length] = '\n';
    file_write(STDERR_FILENO, line, length + 1); /* nobody is left to be told that it failed */
}

enum dfc_status cmd_fail(enum dfc_status status, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say("dfc: ", format, args);
    va_end(args);
    return status;
}

static void say_plain(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void say_plain(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say("", format, args);
    va_end(args);
}

enum dfc_status cmd_fail_usage(const struct options *options)
{
    say_plain("%s", options->error);
    return DFC_USAGE;
}

enum dfc_status cmd_fail_read(const char *path, int error)
{
    bool standard = strcmp(path, "-") == 0;
    const char *quote = standard ? "" : "'", *name = standard ? "standard input" : path;
    if (error == EFBIG)
        return cmd_fail(DFC_IO, "cannot read %s%s%s: larger than %d MiB", quote, name, quote,
                        INPUT_LIMIT_MIB);
    return cmd_fail(DFC_IO, "cannot read %s%s%s: %s", quote, name, quote, strerror(error));
}

enum dfc_status cmd_fail_write(const char *path, int error)
{
    bool standard = strcmp(path, "-") == 0;
    const char *quote = standard ? "" : "'", *name = standard ? "standard output" : path;
    return cmd_fail(DFC_IO, "cannot write %s%s%s: %s", quote, name, quote, strerror(error));
}

enum dfc_status cmd_output(const char *text, size_t length)
{
    int error = file_write(STDOUT_FILENO, text, length);
    /* Some file systems report a full disk only here. */
    if (close(STDOUT_FILENO) != 0 && !error)
        error = errno;
    return error ? cmd_fail_write("-", error) : DFC_OK;
}

static void give_up(int signal_number)
{
    static const char message[] = "dfc: gave up after 10 seconds\n";
    (void)signal_number;
    if (write(STDERR_FILENO, message, sizeof(message) - 1) < 0) {
        /* nobody is left to be told */
    }
    _exit(DFC_LIMIT);
}

void cmd_start_clock(void)
{
    struct sigaction action = {.sa_handler = give_up};
    sigemptyset(&action.sa_mask);
    sigaction(SIGALRM, &action, NULL);
    alarm(SECONDS);
}

void cmd_stop_clock(void)
{
    alarm(0);
}

enum dfc_status cmd_output_help(enum command_id command)
{
    char *text = options_help(command);
    if (!text)
        return cmd_fail(DFC_LIMIT, "out of memory");
    enum dfc_status status = cmd_output(text, strlen(text));
    free(text);
    return status;
}
