#include "rewrite.h"

#include "csv.h"
#include "path.h"
#include "utf8.h"

#include <string.h>

/* ---- what a RUN says */

/* The next word of a "#!" line; "" at its end. */
static struct view next_blank_word(struct view line, size_t *at)
{
    while (*at < line.len && is_blank(line.ptr[*at]))
        ++*at;
    size_t begin = *at;
    while (*at < line.len && !is_blank(line.ptr[*at]))
        ++*at;
    return view_slice(line, begin, *at);
}

/* "#!/bin/sh -e", "#!/usr/bin/env bash" and their kind, or no such line. `*errexit`: with -e. */
static bool is_shell_script(struct view body, bool *errexit)
{
    static const char *const shells[] = {"sh", "bash", "ash", "dash"};
    *errexit = false;
    if (!view_starts(body, "#!"))
        return true;
    struct view line = view_slice(body, 2, view_find(body, '\n', 0));
    size_t at = 0;
    struct view program = path_base(next_blank_word(line, &at));
    if (view_is(program, "env"))
        do
            program = path_base(next_blank_word(line, &at));
        while (view_starts(program, "-"));
    struct view option = next_blank_word(line, &at);
    *errexit = view_starts(option, "-") && view_find(option, 'e', 0) < option.len;
    for (size_t i = 0; i < sizeof(shells) / sizeof(shells[0]); i++)
        if (view_is(program, shells[i]))
            return true;
    return false;
}

/* BuildKit runs the body when the whole command is the heredoc's word; otherwise the body is input
 * of some command (frontend/dockerfile/dockerfile2llb/convert.go, dispatchRun). */
static bool is_script(struct arena *arena, const struct instruction *inst)
{
    struct heredoc_word word;
    return inst->heredoc_count == 1 && word_read_heredoc(arena, inst->args_raw, &word);
}

static void find_errexit(struct run_view *run)
{
    for (size_t i = 0; i < run->commands.count; i++) {
        const struct shell_command *command = &run->commands.items[i];
        if (command->word_count < 2 || !view_is(command->words[0].text, "set"))
            continue;
        struct view option = command->words[1].text;
        bool by_name = command->word_count > 2 && view_is(command->words[2].text, "errexit");
        bool sets = by_name || view_find(option, 'e', 0) < option.len;
        if (sets && !command->nested && view_starts(option, "-")) {
            if (run->errexit_from == SIZE_MAX)
                run->errexit_from = i;
        } else if (sets) {
            run->errexit_known = false;
        }
    }
}

static void read_shell(struct run_view *run, enum run_kind kind, struct view text, size_t base)
{
    run->kind = kind;
    run->text = text;
    run->base = base;
    shell_split(run->arena, text, &run->commands);
    find_errexit(run);
}

/* ---- words that are no shell's */

struct words {
    struct shell_word *items;
    size_t count, capacity;
};

static size_t skip_string(struct view text, size_t at, char quote)
{
    for (at++; at < text.len && text.ptr[at] != quote; at++)
        at += text.ptr[at] == '\\' && quote == '"' ? 1 : 0;
    return at < text.len ? at + 1 : text.len;
}

/* The strings of a JSON array, whose values are the arguments. */
static void read_strings(const struct run_view *run, struct words *words)
{
    const struct instruction *inst = run->unit->inst;
    for (size_t at = 0; at < run->text.len && words->count < inst->arg_count;) {
        size_t begin = at;
        if (run->text.ptr[at] != '"') {
            at++;
            continue;
        }
        at = skip_string(run->text, at, '"');
        VEC_PUSH(run->arena, words,
                 (struct shell_word){begin, at, inst->args[words->count], false});
    }
}

/* Words at blanks outside of quotes. */
static void read_words(const struct run_view *run, struct words *words)
{
    struct view text = run->text;
    for (size_t at = 0; at < text.len;) {
        size_t begin = at;
        while (at < text.len && !is_blank(text.ptr[at]))
            at = text.ptr[at] == '"' || text.ptr[at] == '\'' ? skip_string(text, at, text.ptr[at])
                                                             : at + 1;
        if (at > begin)
            VEC_PUSH(run->arena, words,
                     (struct shell_word){begin, at, view_slice(text, begin, at), false});
        while (at < text.len && is_blank(text.ptr[at]))
            at++;
    }
}

static void read_arguments(struct run_view *run, enum run_kind kind)
{
    const struct instruction *inst = run->unit->inst;
    struct words words = {0};
    run->kind = kind;
    run->text = inst->args_raw;
    run->base = inst->args_at;
    if (kind == RUN_EXEC)
        read_strings(run, &words);
    else
        read_words(run, &words);
    if (words.count == 0)
        return;
    VEC_PUSH(run->arena, &run->commands,
             (struct shell_command){.begin = words.items[0].begin,
                                    .end = words.items[words.count - 1].end,
                                    .words = words.items,
                                    .word_count = words.count,
                                    .element = 1});
}

/* ---- the view */

static void join_words(struct run_view *run)
{
    run->lines = arena_zalloc(run->arena, run->commands.count, sizeof(*run->lines));
    for (size_t i = 0; i < run->commands.count; i++)
        run->lines[i] = shell_command_text(run->arena, &run->commands.items[i]);
}

void run_view_make(struct arena *arena, const struct file *file, const struct unit *unit,
                   const struct stage *stage, struct run_view *run)
{
    const struct instruction *inst = unit->inst;
    bool errexit = false;
    *run = (struct run_view){.arena = arena, .file = file, .unit = unit, .stage = stage};
    run->text = VIEW("");
    run->errexit_from = SIZE_MAX;
    run->errexit_known = stage == NULL || !stage->shell_changed;
    if (inst->json && view_starts(inst->args_raw, "["))
        read_arguments(run, RUN_EXEC);
    else if (inst->keyword != KEYWORD_RUN)
        read_arguments(run, RUN_WORDS);
    else if (!is_script(arena, inst))
        read_shell(run, RUN_LINE, inst->args_raw, inst->args_at);
    else if (is_shell_script(inst->heredocs[0].body, &errexit))
        read_shell(run, RUN_SCRIPT, inst->heredocs[0].body, inst->heredocs[0].begin);
    if (errexit)
        run->errexit_from = 0;
    join_words(run);
}

struct span run_view_span(const struct run_view *run, size_t begin, size_t end)
{
    if (run->kind == RUN_SCRIPT)
        return (struct span){run->file->source, run->base + begin, run->base + end};
    return instruction_span(run->file, run->unit->inst, run->base + begin, run->base + end);
}

/* ---- mounts */

static bool look_up(void *context, struct view name, struct view *value)
{
    /* An ARG without a default may have any value in the build. */
    return stage_variable(context, name, value) && value->ptr != NULL;
}

/* A target as the build sees it: variables replaced as far as they are known, absolute. */
static struct view full_target(const struct run_view *run, struct view target)
{
    struct word_env env = {look_up, (void *)run->stage};
    if (run->stage != NULL && view_find(target, '$', 0) < target.len) {
        struct word_result result =
            word_expand(run->arena, target, run->file->escape, WORD_KEEP_UNSET, &env);
        target = result.error == NULL ? result.text : target;
    }
    struct view workdir = run->stage != NULL ? run->stage->workdir : VIEW("/");
    return path_clean(run->arena, path_join(run->arena, workdir, target));
}

/* What a mount of the user is. */
struct own_mount {
    bool is_cache;
    struct view target; /* "" when it has none */
};

static struct own_mount read_mount(const struct run_view *run, struct view flag)
{
    struct own_mount mount = {false, VIEW("")};
    struct csv_fields fields = {0};
    struct view value = view_slice(flag, strlen("--mount="), flag.len), key;
    if (csv_read(run->arena, value, &fields) != CSV_NONE)
        return mount;
    for (size_t i = 0; i < fields.count; i++) {
        if (!csv_split_field(fields.items[i], &key, &value))
            continue;
        if (view_is_nocase(key, "type"))
            mount.is_cache = view_is_nocase(value, "cache");
        else if (view_is_nocase(key, "target") || view_is_nocase(key, "dst") ||
                 view_is_nocase(key, "destination"))
            mount.target = full_target(run, value);
    }
    return mount;
}

bool run_view_has_mount(const struct run_view *run, struct view target)
{
    const struct instruction *inst = run->unit->inst;
    struct view full = full_target(run, target);
    for (size_t i = 0; i < inst->flag_count; i++) {
        if (!view_starts(inst->flags[i].text, "--mount="))
            continue;
        struct own_mount mount = read_mount(run, inst->flags[i].text);
        if (mount.target.len > 0 && (view_equal(mount.target, full) ||
                                     (mount.is_cache && path_is_beneath(full, mount.target))))
            return true;
    }
    return false;
}

/* ---- ignore comments */

/* The list behind "# dfc ignore=" in a comment; "" when it is another one. */
static struct view ignore_list(const struct file *file, const struct unit *unit, const char *prefix)
{
    if (unit->kind != UNIT_COMMENT)
        return VIEW("");
    struct view text = utf8_trim(view_slice(file->source->text, unit->begin, unit->end));
    while (view_starts(text, "#"))
        text = view_slice(text, 1, text.len);
    text = utf8_trim_start(text);
    if (!view_starts(text, prefix))
        return VIEW("");
    return view_slice(text, strlen(prefix), text.len);
}

/* The next name of a list "a, b;reason=…": names end at commas and blanks, the list at a ';' or
 * where a blank is not beside a comma. */
static bool next_name(struct view list, size_t *at, struct view *name)
{
    while (*at < list.len && is_blank(list.ptr[*at]))
        ++*at;
    size_t begin = *at;
    while (*at < list.len && list.ptr[*at] != ',' && list.ptr[*at] != ';' &&
           !is_blank(list.ptr[*at]))
        ++*at;
    *name = view_slice(list, begin, *at);
    while (*at < list.len && is_blank(list.ptr[*at]))
        ++*at;
    *at = *at < list.len && list.ptr[*at] == ',' ? *at + 1 : list.len;
    return name->len > 0;
}

bool rewrite_is_silenced(const struct file *file, size_t unit, struct view rule)
{
    for (size_t i = unit; i > 0 && file->units[i - 1].kind == UNIT_COMMENT; i--) {
        struct view list = ignore_list(file, &file->units[i - 1], "dfc ignore="), name;
        for (size_t at = 0; next_name(list, &at, &name);)
            if (view_equal(name, rule))
                return true;
    }
    return false;
}

void rewrite_find_global_ignores(struct arena *arena, const struct file *file,
                                 struct name_list *rules)
{
    for (size_t i = 0; i < file->unit_count; i++) {
        struct view list = ignore_list(file, &file->units[i], "dfc global ignore="), name;
        for (size_t at = 0; next_name(list, &at, &name);)
            VEC_PUSH(arena, rules, name);
    }
}
