#include "options.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct command command_table[COMMAND_COUNT] = {
#define X(id, name, operand, summary, example) {#name, operand, summary, example},
    COMMANDS(X)
#undef X
};

const struct option option_table[OPTION_COUNT] = {
#define X(id, commands, letter, name, argument, repeatable, help)                                  \
    {commands, letter, name, argument, repeatable, help},
    OPTIONS(X)
#undef X
};

const struct variable variable_table[VARIABLE_COUNT] = {
#define X(id, name, help) {name, help},
    VARIABLES(X)
#undef X
};

enum { LONGEST_WORD = 32, HELP_COLUMN = 27 };

static bool option_belongs(size_t id, enum command_id command)
{
    return (option_table[id].commands & 1u << command) != 0;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Edits between two short words; two neighbours swapped are one edit. */
static size_t edit_distance(const char *a, const char *b)
{
    size_t a_length = strlen(a), b_length = strlen(b);
    size_t rows[3][LONGEST_WORD + 1]; /* row i of the table is rows[i % 3] */
    if (a_length > LONGEST_WORD || b_length > LONGEST_WORD)
        return LONGEST_WORD;
    for (size_t i = 0; i <= a_length; i++) {
        size_t *row = rows[i % 3];
        const size_t *above = rows[(i + 2) % 3], *above2 = rows[(i + 1) % 3];
        for (size_t j = 0; j <= b_length; j++) {
            if (i == 0 || j == 0) {
                row[j] = i + j;
                continue;
            }
            size_t replaced = above[j - 1] + (a[i - 1] != b[j - 1]);
            row[j] = smaller(replaced, 1 + smaller(above[j], row[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = smaller(row[j], above2[j - 2] + 1);
        }
    }
    return rows[a_length % 3][b_length];
}

/* How far `word` is from meaning `name`: an abbreviation is as good as one edit; SIZE_MAX when
 * more than a third of the word would have to change. */
static size_t closeness(const char *word, const char *name)
{
    size_t length = strlen(word);
    if (length >= 2 && strncmp(word, name, length) == 0)
        return 1;
    size_t distance = edit_distance(word, name);
    return 3 * distance <= length ? distance : SIZE_MAX;
}

enum command_id options_find_command(const char *name)
{
    enum command_id id = 0;
    while (id < COMMAND_COUNT && strcmp(command_table[id].name, name) != 0)
        id++;
    return id;
}

const char *options_closest_command(const char *word)
{
    const char *best = NULL;
    size_t best_distance = SIZE_MAX;
    for (size_t id = 0; id < COMMAND_COUNT; id++) {
        size_t distance = closeness(word, command_table[id].name);
        if (distance < best_distance) {
            best_distance = distance;
            best = command_table[id].name;
        }
    }
    return best;
}

static const char *closest_option(const char *word, enum command_id command)
{
    const char *best = NULL;
    size_t best_distance = SIZE_MAX;
    for (size_t id = 0; id < OPTION_COUNT; id++) {
        if (!option_belongs(id, command))
            continue;
        size_t distance = closeness(word, option_table[id].name);
        if (distance < best_distance) {
            best_distance = distance;
            best = option_table[id].name;
        }
    }
    return best;
}

const char *options_variable(enum variable_id id)
{
    const char *value = getenv(variable_table[id].name);
    return value && value[0] ? value : NULL;
}

void options_init(struct options *options, enum command_id command, int count, char **words)
{
    *options = (struct options){.command = command, .count = count, .words = words};
}

enum option_id options_fail(struct options *options, const char *format, ...)
{
    bool in_command = options->command != COMMAND_NONE;
    int used = snprintf(options->error, sizeof(options->error), "dfc%s%s: ", in_command ? " " : "",
                        in_command ? command_table[options->command].name : "");
    va_list args;
    va_start(args, format);
    vsnprintf(options->error + used, sizeof(options->error) - (size_t)used, format, args);
    va_end(args);
    return OPTION_ERROR;
}

/* `name` is what the user wrote, "--mirror" or "-o". */
static enum option_id take_value(struct options *options, enum option_id id, const char *name,
                                 char *value)
{
    const char *argument = option_table[id].argument;
    if (!value && options->next < options->count)
        value = options->words[options->next++];
    if (!value)
        return options_fail(options, "option '%s' needs a value: %s %s", name, name, argument);
    if (!value[0])
        return options_fail(options, "option '%s' needs a value, found an empty one: %s %s", name,
                            name, argument);
    options->value = value;
    return id;
}

static enum option_id unknown_option(struct options *options, const char *name, const char *meant)
{
    if (meant)
        return options_fail(options, "unknown option '%s', did you mean '--%s'?", name, meant);
    bool in_command = options->command != COMMAND_NONE;
    return options_fail(options, "unknown option '%s', see 'dfc%s%s --help'", name,
                        in_command ? " " : "",
                        in_command ? command_table[options->command].name : "");
}

static enum option_id long_option(struct options *options, char *word)
{
    char *name = word + 2, *value = strchr(name, '=');
    if (value)
        *value++ = '\0';
    for (size_t id = 0; id < OPTION_COUNT; id++) {
        if (!option_belongs(id, options->command) || strcmp(option_table[id].name, name) != 0)
            continue;
        if (option_table[id].argument)
            return take_value(options, (enum option_id)id, word, value);
        if (value)
            return options_fail(options, "option '%s' takes no value", word);
        return (enum option_id)id;
    }
    return unknown_option(options, word, closest_option(name, options->command));
}

static enum option_id short_option(struct options *options, char *letters)
{
    char name[] = {'-', letters[0], '\0'};
    char *rest = letters[1] ? letters + 1 : NULL;
    for (size_t id = 0; id < OPTION_COUNT; id++) {
        if (!option_belongs(id, options->command) || option_table[id].letter != letters[0])
            continue;
        if (option_table[id].argument)
            return take_value(options, (enum option_id)id, name, rest);
        options->letters = rest;
        return (enum option_id)id;
    }
    /* "-mirror off" is a long option with a dash too few. */
    const char *meant = rest ? closest_option(letters, options->command) : NULL;
    return unknown_option(options, meant ? options->words[options->next - 1] : name, meant);
}

enum option_id options_next(struct options *options)
{
    if (options->letters) {
        char *letters = options->letters;
        options->letters = NULL;
        return short_option(options, letters);
    }
    if (options->next >= options->count)
        return OPTION_END;
    char *word = options->words[options->next++];
    if (options->operands_only || word[0] != '-' || !word[1]) {
        options->value = word;
        return OPTION_OPERAND;
    }
    if (word[1] != '-')
        return short_option(options, word + 1);
    if (word[2])
        return long_option(options, word);
    options->operands_only = true;
    return options_next(options);
}

static void print_row(FILE *out, const char *left, const char *help, bool repeatable)
{
    fprintf(out, "  %-*s%s%s\n", HELP_COLUMN, left, help, repeatable ? " (repeatable)" : "");
}

static void print_commands(FILE *out)
{
    fputs("\ncommands:\n", out);
    for (size_t id = 0; id < COMMAND_COUNT; id++) {
        char left[64];
        snprintf(left, sizeof(left), "%s %s", command_table[id].name, command_table[id].operand);
        print_row(out, left, command_table[id].summary, false);
    }
}

static void print_options(FILE *out, enum command_id command)
{
    fputs("\noptions:\n", out);
    for (size_t id = 0; id < OPTION_COUNT; id++) {
        const struct option *option = &option_table[id];
        if (!option_belongs(id, command))
            continue;
        char letter[] = {'-', option->letter, ',', '\0'}, left[64];
        snprintf(left, sizeof(left), "%-3s --%s%s%s", option->letter ? letter : "", option->name,
                 option->argument ? " " : "", option->argument ? option->argument : "");
        print_row(out, left, option->help, option->repeatable);
    }
}

static void print_variables(FILE *out)
{
    fputs("\nenvironment:\n", out);
    for (size_t id = 0; id < VARIABLE_COUNT; id++)
        print_row(out, variable_table[id].name, variable_table[id].help, false);
}

static void print_statuses(FILE *out)
{
    fputs("\nexit status:\n"
          "  0 done, 1 errors in the input, 2 usage, 3 a file can't be read or written,\n"
          "  70 a limit was reached\n",
          out);
}

static void print_example(FILE *out, const char *lines)
{
    fputs("\nexample:\n", out);
    while (*lines) {
        int length = (int)strcspn(lines, "\n");
        fprintf(out, "  %.*s\n", length, lines);
        lines += length + (lines[length] == '\n');
    }
}

static void print_help(FILE *out, enum command_id id)
{
    const struct command *command = id == COMMAND_NONE ? NULL : &command_table[id];
    if (command)
        fprintf(out, "usage: dfc %s [OPTION]...%s%s\n\n%s\n", command->name,
                command->operand[0] ? " " : "", command->operand, command->summary);
    else
        fputs("usage: dfc COMMAND [OPTION]...\n\n"
              "compile a Dockerfile.in, a Dockerfile with directives, to a standard Dockerfile\n",
              out);
    if (!command)
        print_commands(out);
    print_options(out, id);
    if (id == COMMAND_BUILD || id == COMMAND_LINT) {
        print_variables(out);
        print_statuses(out);
    }
    print_example(out, command ? command->example : command_table[COMMAND_BUILD].example);
}

char *options_help(enum command_id command)
{
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    if (!out)
        return NULL;
    print_help(out, command);
    bool failed = ferror(out) != 0;
    if (fclose(out) != 0 || failed) {
        free(text);
        return NULL;
    }
    return text;
}
