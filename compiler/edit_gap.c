#include "edit_internal.h"

bool edit_is_removed(const struct unit_edits *edits, size_t command)
{
    return edits->commands != NULL && edits->commands[command].removed > 0;
}

/* The command that is the element behind `command`, or before it; SIZE_MAX when there is none or it
 * is a compound one. */
size_t gap_next_element(const struct run_view *run, size_t command, size_t *steps)
{
    const struct shell_command *all = run->commands.items;
    size_t next = command + 1;
    for (; next < run->commands.count && all[next].nested; next++)
        ++*steps;
    bool is_next = next < run->commands.count && all[next].element == all[command].element + 1;
    return is_next ? next : SIZE_MAX;
}

static size_t element_before(const struct run_view *run, size_t command, size_t *steps)
{
    const struct shell_command *all = run->commands.items;
    size_t before = command;
    while (before-- > 0) {
        ++*steps;
        if (!all[before].nested)
            return all[before].element + 1 == all[command].element ? before : SIZE_MAX;
    }
    return SIZE_MAX;
}

struct gap gap_find(const struct run_view *run, const struct unit_edits *edits, size_t command,
                    size_t *steps)
{
    const struct shell_command *all = run->commands.items;
    struct gap gap = {.first = command, .last = command};
    for (size_t i = command; i != SIZE_MAX && edit_is_removed(edits, i);) {
        gap.first = i;
        i = element_before(run, i, steps);
    }
    for (size_t i = gap.first; i != SIZE_MAX && edit_is_removed(edits, i);) {
        gap.last = i;
        if (all[i].after == SHELL_SEQUENCE)
            gap.sequence = i + 1;
        i = gap_next_element(run, i, steps);
    }
    gap.from = all[gap.first].before;
    gap.to = all[gap.last].after;
    gap.any_sequence = gap.from == SHELL_SEQUENCE || gap.sequence > 0;
    return gap;
}

/* A simple command without substitutions. */
static bool is_plain(const struct run_view *run, size_t command)
{
    const struct shell_command *all = run->commands.items;
    return command + 1 == run->commands.count || all[command + 1].begin >= all[command].end;
}

/* What stands before the first command of a pipeline of plain commands, the one before the gap; the
 * pipeline is another one: SHELL_BACKGROUND, which never stands before a gap. */
static enum shell_joiner before_plain_pipeline(const struct run_view *run, const struct gap *gap,
                                               size_t *steps)
{
    const struct shell_command *all = run->commands.items;
    size_t command = element_before(run, gap->first, steps);
    while (command != SIZE_MAX && is_plain(run, command)) {
        if (all[command].before != SHELL_PIPE)
            return all[command].before;
        command = element_before(run, command, steps);
    }
    return SHELL_BACKGROUND;
}

/*
 * Whether what is left means the same, given that the removed commands would have succeeded.
 *
 * At the end of the text "a; b" leaves the status of a. That makes no difference only where a
 * failed a ends the script, under "set -e", and a is not in an "&&" or "||" list, where its failure
 * does not. And "set -e" does not hold inside of what stands before "&&", so that "a && b" may only
 * become "a", at the end, and "a && b; c" only "a; c", when there is no "set -e" or, at the end,
 * nothing inside of a.
 */
bool gap_is_safe(const struct run_view *run, const struct gap *gap, size_t *steps)
{
    bool never = run->errexit_from == SIZE_MAX && run->errexit_known;
    bool always = run->errexit_from < gap->first && run->errexit_known;
    if (gap->from == SHELL_START)
        return gap->to != SHELL_START;
    if (gap->to != SHELL_START)
        return gap->from != SHELL_AND || !gap->any_sequence || never;
    enum shell_joiner before = before_plain_pipeline(run, gap, steps);
    if (!gap->any_sequence)
        return never || before != SHELL_BACKGROUND;
    return gap->from == SHELL_SEQUENCE && always &&
           (before == SHELL_START || before == SHELL_SEQUENCE);
}
