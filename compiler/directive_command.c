/*
 * Command directives: options of dfc first, then NAME=value words, then the shell command of the
 * tool, which is copied as it stands.
 */
#include "directive.h"

#include "quote.h"
#include "shell.h"

struct reader {
    const struct binder *binder;
    struct directive *directive;
    struct view text; /* the arguments */
    size_t at;
    struct name_list assignments; /* NAME=value before the command, as written */
    struct view tool;             /* the tool's name before the command, or "" */
};

static void skip_blanks(struct reader *reader)
{
    while (reader->at < reader->text.len && is_blank(reader->text.ptr[reader->at]))
        reader->at++;
}

/* The shell word at `at`, unquoted into a word of a directive. False: reported. */
static bool read_word(const struct reader *reader, size_t at, size_t length,
                      struct directive_word *word)
{
    struct directive_words words = {0};
    struct words_text text = {.file = reader->binder->file,
                              .inst = reader->directive->inst,
                              .joined_at = reader->directive->inst->args_at + at,
                              .text = view_slice(reader->text, at, at + length)};
    if (!words_split(reader->binder->arena, &text, reader->binder->diags, &words))
        return false;
    *word = words.count == 1 ? words.items[0] : (struct directive_word){0};
    return words.count == 1;
}

/* Whether a word that is no option of dfc looks like one misspelt. The tool has options of its own,
 * and that of "cmake --build" is no "--uid": so one letter of a short word, and two of a longer. */
static bool is_near_miss(const struct reader *reader, const struct option_use *use)
{
    enum { DASHES = 2, LONG = 6 };
    struct name_list names = {0};
    const struct rule *rule = reader->directive->rule;
    struct view word = view_slice(use->name, DASHES, use->name.len);
    size_t most = word.len < LONG ? 1 : 2;
    bool near = false;
    directive_own_options(reader->binder->arena, &names);
    for (size_t i = 0; i < rule->args.count; i++)
        VEC_PUSH(reader->binder->arena, &names, rule->args.items[i].name);
    for (size_t i = 0; i < names.count && word.len > 2; i++) {
        struct view name = view_slice(names.items[i], DASHES, names.items[i].len);
        near |= view_distance(word, name, most) <= most;
    }
    return near;
}

/* 1: an option was taken; 0: the command begins; -1: reported. */
static int read_option(struct reader *reader)
{
    skip_blanks(reader);
    size_t length = shell_word_length(reader->text, reader->at);
    struct view raw = view_slice(reader->text, reader->at, reader->at + length);
    if (!view_starts(raw, "--"))
        return 0;
    if (raw.len == 2) {
        reader->at += 2;
        return 0;
    }
    struct directive_word word, next;
    struct option_use use;
    if (!read_word(reader, reader->at, length, &word) || !directive_split_option(&word, &use))
        return -1;
    size_t next_at = reader->at + length;
    while (next_at < reader->text.len && is_blank(reader->text.ptr[next_at]))
        next_at++;
    size_t next_length = shell_word_length(reader->text, next_at);
    const struct rule_arg *arg = rule_find_option(reader->directive->rule, use.name);
    bool needs_next = arg != NULL && arg->type != ARG_SWITCH && !use.has_value;
    bool has_next = needs_next && next_length > 0 && read_word(reader, next_at, next_length, &next);
    int taken =
        directive_take_option(reader->binder, reader->directive, &use, has_next ? &next : NULL);
    if (taken == 0 && is_near_miss(reader, &use)) {
        directive_unknown_option(reader->binder, reader->directive, &use);
        return -1;
    }
    if (taken > 0)
        reader->at = taken == 2 ? next_at + next_length : reader->at + length;
    return taken;
}

static bool read_assignment(struct reader *reader)
{
    skip_blanks(reader);
    size_t length = shell_word_length(reader->text, reader->at);
    struct view raw = view_slice(reader->text, reader->at, reader->at + length);
    if (!shell_is_assignment(raw))
        return false;
    VEC_PUSH(reader->binder->arena, &reader->assignments, raw);
    reader->at += length;
    return true;
}

/* "@npm npm ci" and "@mvn ./mvnw package": the program's name is already there. */
static bool skip_tool(struct reader *reader)
{
    skip_blanks(reader);
    size_t length = shell_word_length(reader->text, reader->at);
    struct view word = view_slice(reader->text, reader->at, reader->at + length);
    bool is_tool = name_list_has(&reader->directive->rule->tools, word);
    if (!is_tool && !view_equal(word, reader->directive->rule->name))
        return false;
    reader->tool = is_tool ? word : VIEW("");
    reader->at += length;
    skip_blanks(reader);
    return true;
}

/* "@make PREFIX=/usr install": only before the tool's name are they the environment. */
static void take_back_assignments(struct reader *reader, size_t at)
{
    if (!reader->directive->rule->assigns)
        return;
    reader->at = at;
    reader->assignments = (struct name_list){0};
}

static bool has_command(const struct reader *reader)
{
    if (reader->at < reader->text.len || reader->directive->rule->bare)
        return true;
    struct directive *directive = reader->directive;
    struct diag *diag =
        diag_add(reader->binder->diags, DIAG_ERROR, "missing-command", directive->name_at,
                 "@%.*s has no command to run", VIEW_ARG(directive->name));
    if (directive->rule->examples.count > 0)
        diag_help(diag, "such as: %.*s", VIEW_ARG(directive->rule->examples.items[0]));
    return false;
}

/* The bytes of the file from the command to the end of the directive, without the line end. */
static struct view source_bytes(const struct reader *reader, size_t at)
{
    const struct unit *unit = reader->directive->unit;
    struct span whole = unit_span(reader->binder->file, unit);
    size_t begin = instruction_offset(unit->inst, unit->inst->args_at + at);
    size_t end = instruction_span(reader->binder->file, unit->inst, unit->inst->args_at,
                                  unit->inst->args_at + reader->text.len)
                     .end;
    return view_slice(whole.source->text, begin, end);
}

static void set_command(struct reader *reader)
{
    struct command *command = ARENA_NEW(reader->binder->arena, struct command);
    command->kind = COMMAND_SOURCE;
    command->text = view_slice(reader->text, reader->at, reader->text.len);
    command->bytes = source_bytes(reader, reader->at);
    command->compound = shell_is_compound(command->text);
    command->assignments = reader->assignments;
    const struct rule *rule = reader->directive->rule;
    command->exe = rule->tools.count > 0 ? rule->tools.items[0] : rule->name;
    if (reader->directive->exe.len > 0)
        command->exe = reader->directive->exe;
    else if (reader->tool.len > 0)
        command->exe = reader->tool;
    reader->directive->command = command;
}

/* Whether the rest of the line is the word that opens the heredoc, and nothing else. */
static bool is_lone_heredoc(const struct reader *reader)
{
    struct view text = reader->text;
    size_t at = reader->at;
    if (reader->directive->inst->heredoc_count != 1 || reader->assignments.count > 0 ||
        !view_starts(view_slice(text, at, text.len), "<<"))
        return false;
    for (at += 2; at < text.len && (text.ptr[at] == '-' || is_blank(text.ptr[at]));)
        at++;
    return at + shell_word_length(text, at) == text.len;
}

static bool set_script(struct reader *reader)
{
    struct directive *directive = reader->directive;
    if (!is_lone_heredoc(reader)) {
        struct diag *diag =
            diag_add(reader->binder->diags, DIAG_ERROR, "unexpected-heredoc", directive->name_at,
                     "the heredoc of @%.*s is its script, nothing else may stand beside it",
                     VIEW_ARG(directive->name));
        diag_help(diag, "write the command into the script, or use a RUN instruction");
        return false;
    }
    struct script *script = ARENA_NEW(reader->binder->arena, struct script);
    script->tag = view_slice(reader->text, reader->at, reader->text.len);
    script->body = directive->inst->heredocs[0].body;
    script->name = directive->inst->heredocs[0].word.name;
    script->own_interpreter = view_starts(script->body, "#!");
    directive->script = script;
    return true;
}

bool directive_bind_command(const struct binder *binder, struct directive *directive)
{
    struct reader reader = {
        .binder = binder, .directive = directive, .text = directive->inst->args_raw};
    int taken;
    while ((taken = read_option(&reader)) > 0)
        continue;
    if (taken < 0)
        return false;
    skip_blanks(&reader);
    size_t begin = reader.at;
    while (read_assignment(&reader))
        continue;
    if (directive->inst->heredoc_count > 0) {
        skip_blanks(&reader);
        return set_script(&reader);
    }
    if (!skip_tool(&reader))
        take_back_assignments(&reader, begin);
    if (!has_command(&reader))
        return false;
    set_command(&reader);
    return true;
}
