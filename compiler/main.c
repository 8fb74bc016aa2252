/* dfc: argv to a command. */
#include "cmd.h"
#include "file.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static enum dfc_status output_version(void)
{
    static const char text[] = "dfc " DFC_VERSION "\n";
    return cmd_output(text, sizeof(text) - 1);
}

enum dfc_status cmd_version(struct options *options)
{
    enum option_id id = options_next(options);
    if (id == OPTION_OPERAND)
        id = options_fail(options, "expected no operand, found '%s'", options->value);
    if (id == OPTION_ERROR)
        return cmd_fail_usage(options);
    return id == OPTION_HELP ? cmd_output_help(options->command) : output_version();
}

static enum dfc_status unknown_command(const char *name)
{
    struct stat status;
    const char *meant = options_closest_command(name);
    if (meant)
        return cmd_fail(DFC_USAGE, "unknown command '%s', did you mean '%s'?", name, meant);
    if (stat(name, &status) == 0)
        return cmd_fail(DFC_USAGE, "unknown command '%s', did you mean 'dfc build %s'?", name,
                        name);
    return cmd_fail(DFC_USAGE, "unknown command '%s', see 'dfc help'", name);
}

enum dfc_status cmd_help(struct options *options)
{
    const char *name = NULL;
    enum option_id id = options_next(options);
    if (id == OPTION_OPERAND) {
        name = options->value;
        id = options_next(options);
    }
    if (id == OPTION_OPERAND)
        id = options_fail(options, "expected one COMMAND, found a second: '%s'", options->value);
    if (id == OPTION_ERROR)
        return cmd_fail_usage(options);
    if (id == OPTION_HELP)
        return cmd_output_help(options->command);
    enum command_id command = name ? options_find_command(name) : COMMAND_NONE;
    return name && command == COMMAND_NONE ? unknown_command(name) : cmd_output_help(command);
}

static enum dfc_status run_command(const char *name, int count, char **words)
{
    static enum dfc_status (*const commands[])(struct options *) = {
#define X(id, name, operand, summary, example) cmd_##name,
        COMMANDS(X)
#undef X
    };
    struct options options;
    enum command_id id = options_find_command(name);
    if (id == COMMAND_NONE)
        return unknown_command(name);
    options_init(&options, id, count, words);
    return commands[id](&options);
}

/* A write that fails is an error to report, not a reason to be killed. */
static void ignore_write_signals(void)
{
    signal(SIGPIPE, SIG_IGN);
#ifdef SIGXFSZ
    signal(SIGXFSZ, SIG_IGN);
#endif
}

static enum dfc_status run(int count, char **words)
{
    struct options options;
    options_init(&options, COMMAND_NONE, count, words);
    switch (options_next(&options)) {
    case OPTION_OPERAND:
        return run_command(options.value, count - options.next, words + options.next);
    case OPTION_VERSION:
        return output_version();
    case OPTION_HELP:
        return cmd_output_help(COMMAND_NONE);
    case OPTION_END:
        fputs("usage: dfc COMMAND [OPTION]...\nsee 'dfc help'\n", stderr);
        return DFC_USAGE;
    default:
        return cmd_fail_usage(&options);
    }
}

int main(int argc, char **argv)
{
    ignore_write_signals();
    if (file_reserve_standard() != 0)
        return DFC_IO;
    return (int)(argc > 0 ? run(argc - 1, argv + 1) : run(0, argv));
}
