#include "edit.h"

#include "path.h"
#include "quote.h"
#include "utf8.h"

#include <stdlib.h>
#include <string.h>

enum { INDENT = 4 };

/* ---- requests */

static void push(const struct run_view *run, struct edit_request *request, struct edit edit)
{
    VEC_PUSH(run->arena, &request->edits, edit);
}

void request_mount(const struct run_view *run, struct edit_request *request,
                   const struct mount *mount)
{
    request->unsafe |= mount->variable.len > 0;
    push(run, request, (struct edit){.kind = EDIT_MOUNT, .mount = mount});
}

/* A command can go with an operator beside it; "|", "||" and "&" make something else of it. */
static bool is_chain(enum shell_joiner joiner)
{
    return joiner == SHELL_START || joiner == SHELL_AND || joiner == SHELL_SEQUENCE;
}

void request_remove_command(const struct run_view *run, struct edit_request *request,
                            size_t command)
{
    const struct shell_command *c = &run->commands.items[command];
    request->unsafe |= c->nested || !is_chain(c->before) || !is_chain(c->after) || c->has_heredoc ||
                       (run->kind != RUN_LINE && run->kind != RUN_SCRIPT);
    push(run, request, (struct edit){.kind = EDIT_COMMAND, .command = command});
}

void request_remove_word(const struct run_view *run, struct edit_request *request, size_t command,
                         size_t word)
{
    const struct shell_command *c = &run->commands.items[command];
    request->unsafe |= c->nested || c->word_count == 1;
    push(run, request,
         (struct edit){.kind = EDIT_WORD, .command = command, .word = word, .text = VIEW("")});
}

static void add_json(struct str *out, struct view text)
{
    str_addc(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (c < 0x20)
            str_addf(out, "\\u%04x", c);
        else
            str_addf(out, c == '"' || c == '\\' ? "\\%c" : "%c", c);
    }
    str_addc(out, '"');
}

/* A word as it is written in this kind of text. */
static struct view written_word(const struct run_view *run, struct view text)
{
    struct str out;
    str_init(&out, run->arena);
    if (run->kind == RUN_EXEC)
        add_json(&out, text);
    else if (run->kind == RUN_WORDS)
        str_add(&out, text);
    else
        quote_word(&out, text);
    return str_view(&out);
}

void request_replace_word(const struct run_view *run, struct edit_request *request, size_t command,
                          size_t word, struct view text)
{
    push(run, request,
         (struct edit){
             .kind = EDIT_WORD, .command = command, .word = word, .text = written_word(run, text)});
}

void request_append_word(const struct run_view *run, struct edit_request *request, size_t command,
                         size_t word, struct view text)
{
    push(run, request,
         (struct edit){.kind = EDIT_APPEND,
                       .command = command,
                       .word = word,
                       .text = view_format(run->arena, "%s%.*s", run->kind == RUN_EXEC ? ", " : " ",
                                           VIEW_ARG(written_word(run, text)))});
}

void request_prepend_command(const struct run_view *run, struct edit_request *request,
                             struct view text)
{
    request->unsafe |=
        run->commands.count == 0 || (run->kind != RUN_LINE && run->kind != RUN_SCRIPT);
    push(run, request, (struct edit){.kind = EDIT_PREPEND, .text = view_copy(run->arena, text)});
}

static struct view mount_text(struct arena *arena, const struct mount *mount)
{
    struct str text;
    str_init(&text, arena);
    str_addz(&text, "--mount=");
    mount_format(&text, mount);
    return str_view(&text);
}

static void describe_edit(const struct run_view *run, const struct edit *edit, struct str *out)
{
    const struct shell_command *command = &run->commands.items[edit->command];
    struct view text = utf8_trim(edit->text);
    if (edit->kind == EDIT_MOUNT) {
        struct view mount = mount_text(run->arena, edit->mount);
        str_addf(out, "add %.*s", VIEW_ARG(mount));
    } else if (edit->kind == EDIT_COMMAND) {
        str_addf(out, "remove '%.*s'", VIEW_ARG(run->lines[edit->command]));
    } else if (edit->kind == EDIT_PREPEND) {
        str_addf(out, "begin with '%.*s'", VIEW_ARG(text));
    } else {
        struct view word = command->words[edit->word].text;
        if (edit->kind == EDIT_APPEND)
            str_addf(out, "write '%.*s' behind '%.*s'", VIEW_ARG(text), VIEW_ARG(word));
        else if (text.len == 0)
            str_addf(out, "remove '%.*s'", VIEW_ARG(word));
        else
            str_addf(out, "write '%.*s' for '%.*s'", VIEW_ARG(text), VIEW_ARG(word));
    }
}

void request_describe(const struct run_view *run, const struct edit_request *request,
                      struct str *out)
{
    for (size_t i = 0; i < request->edits.count; i++) {
        str_addz(out, i > 0 ? ", " : "");
        describe_edit(run, &request->edits.items[i], out);
    }
}

/* ---- removed commands that stand side by side */

/* What was taken for a command; numbers are 1 + an index into the list of edits, 0: none. */
struct command_edits {
    size_t removed;       /* the edit that removes it */
    size_t *words;        /* of each word the edit that changes or removes it; NULL: of no word */
    size_t removed_words; /* how many of them go */
    size_t last;          /* the edit of words, or behind words, that was taken last */
};

static bool is_removed(const struct unit_edits *edits, size_t command)
{
    return edits->commands != NULL && edits->commands[command].removed > 0;
}

/* The command that is the element behind `command`, or before it; SIZE_MAX when there is none or it
 * is a compound one. */
static size_t next_element(const struct run_view *run, size_t command, size_t *steps)
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

/* A run of removed commands, as long as it goes. */
struct gap {
    size_t first, last;         /* commands */
    enum shell_joiner from, to; /* what stands before and behind it */
    size_t sequence; /* 1 + the command in it that a ';' or newline follows, the last one at best */
    bool any_sequence; /* there is a ';' or newline before, in or behind it */
};

static struct gap find_gap(const struct run_view *run, const struct unit_edits *edits,
                           size_t command, size_t *steps)
{
    const struct shell_command *all = run->commands.items;
    struct gap gap = {.first = command, .last = command};
    for (size_t i = command; i != SIZE_MAX && is_removed(edits, i);) {
        gap.first = i;
        i = element_before(run, i, steps);
    }
    for (size_t i = gap.first; i != SIZE_MAX && is_removed(edits, i);) {
        gap.last = i;
        if (all[i].after == SHELL_SEQUENCE)
            gap.sequence = i + 1;
        i = next_element(run, i, steps);
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
static bool gap_is_safe(const struct run_view *run, const struct gap *gap, size_t *steps)
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

/* ---- taking edits */

static struct command_edits *edits_of(const struct run_view *run, struct unit_edits *edits,
                                      size_t command)
{
    if (edits->commands == NULL)
        edits->commands = arena_zalloc(run->arena, run->commands.count, sizeof(*edits->commands));
    return &edits->commands[command];
}

static bool is_loose(const struct edit *edit)
{
    return edit->kind == EDIT_MOUNT || edit->kind == EDIT_PREPEND;
}

enum relation { UNRELATED, SAME, CLASHING };

static enum relation compare_loose(const struct run_view *run, const struct edit *a,
                                   const struct edit *b)
{
    if (a->kind != b->kind)
        return UNRELATED;
    if (a->kind == EDIT_PREPEND)
        return view_equal(a->text, b->text) ? SAME : UNRELATED;
    if (view_equal(mount_text(run->arena, a->mount), mount_text(run->arena, b->mount)))
        return SAME;
    bool same_target = view_equal(path_clean(run->arena, a->mount->target),
                                  path_clean(run->arena, b->mount->target));
    return same_target ? CLASHING : UNRELATED;
}

/* A mount or prepended command beside those that were taken. */
static enum relation relate_loose(const struct run_view *run, struct unit_edits *edits,
                                  const struct edit *edit, const struct edit **old)
{
    for (size_t next = edits->loose; next > 0; next = (*old)->before) {
        *old = &edits->all.items[next - 1];
        edits->steps++;
        enum relation relation = compare_loose(run, *old, edit);
        if (relation != UNRELATED)
            return relation;
    }
    return UNRELATED;
}

/* A command that is to go: only the rule itself may have changed words of it. */
static enum relation relate_command(struct unit_edits *edits, const struct command_edits *of,
                                    const struct edit *edit, const struct edit **old)
{
    if (of->removed > 0)
        return SAME;
    for (size_t next = of->last; next > 0; next = (*old)->before) {
        *old = &edits->all.items[next - 1];
        edits->steps++;
        if (!view_equal((*old)->rule, edit->rule))
            return CLASHING;
    }
    return UNRELATED;
}

static enum relation relate_word(struct unit_edits *edits, const struct command_edits *of,
                                 const struct edit *edit, const struct edit **old)
{
    if (of->words == NULL || of->words[edit->word] == 0)
        return UNRELATED;
    *old = &edits->all.items[of->words[edit->word] - 1];
    return view_equal((*old)->text, edit->text) ? SAME : CLASHING;
}

static enum relation relate_append(struct unit_edits *edits, const struct command_edits *of,
                                   const struct edit *edit, const struct edit **old)
{
    for (size_t next = of->last; next > 0; next = (*old)->before) {
        *old = &edits->all.items[next - 1];
        edits->steps++;
        if ((*old)->kind == EDIT_APPEND && (*old)->word == edit->word &&
            view_equal((*old)->text, edit->text))
            return SAME;
    }
    return UNRELATED;
}

/* How an edit stands to those taken before it; `*old` is the one that it clashes with. */
static enum relation find_relation(const struct run_view *run, struct unit_edits *edits,
                                   const struct edit *edit, const struct edit **old)
{
    if (is_loose(edit))
        return relate_loose(run, edits, edit, old);
    const struct command_edits *of = edits_of(run, edits, edit->command);
    if (edit->kind == EDIT_COMMAND)
        return relate_command(edits, of, edit, old);
    if (of->removed > 0) { /* a rule may change words of a command that it removes, too */
        *old = &edits->all.items[of->removed - 1];
        return view_equal((*old)->rule, edit->rule) ? SAME : CLASHING;
    }
    return edit->kind == EDIT_WORD ? relate_word(edits, of, edit, old)
                                   : relate_append(edits, of, edit, old);
}

static void add_word_edit(const struct run_view *run, struct command_edits *of,
                          const struct edit *edit, size_t number)
{
    if (of->words == NULL)
        of->words = arena_zalloc(run->arena, run->commands.items[edit->command].word_count,
                                 sizeof(*of->words));
    of->words[edit->word] = number;
    of->removed_words += edit->text.len == 0 ? 1 : 0;
}

static void add(const struct run_view *run, struct unit_edits *edits, struct edit edit)
{
    size_t number = edits->all.count + 1;
    if (is_loose(&edit)) {
        edit.before = edits->loose;
        edits->loose = number;
    } else {
        struct command_edits *of = edits_of(run, edits, edit.command);
        if (edit.kind == EDIT_COMMAND) {
            of->removed = number;
        } else {
            edit.before = of->last;
            of->last = number;
        }
        if (edit.kind == EDIT_WORD)
            add_word_edit(run, of, &edit, number);
    }
    VEC_PUSH(run->arena, &edits->all, edit);
}

/* Take back all edits but the first `count`. */
static void undo(const struct run_view *run, struct unit_edits *edits, size_t count)
{
    while (edits->all.count > count) {
        const struct edit *edit = &edits->all.items[--edits->all.count];
        if (is_loose(edit)) {
            edits->loose = edit->before;
            continue;
        }
        struct command_edits *of = edits_of(run, edits, edit->command);
        if (edit->kind == EDIT_COMMAND)
            of->removed = 0;
        else
            of->last = edit->before;
        if (edit->kind == EDIT_WORD) {
            of->words[edit->word] = 0;
            of->removed_words -= edit->text.len == 0 ? 1 : 0;
        }
    }
}

static bool removals_are_safe(const struct run_view *run, struct unit_edits *edits, size_t from)
{
    for (size_t i = from; i < edits->all.count; i++) {
        const struct edit *edit = &edits->all.items[i];
        if (edit->kind == EDIT_COMMAND) {
            struct gap gap = find_gap(run, edits, edit->command, &edits->steps);
            if (!gap_is_safe(run, &gap, &edits->steps))
                return false;
        } else if (edit->kind == EDIT_WORD && !is_removed(edits, edit->command) &&
                   edits->commands[edit->command].removed_words ==
                       run->commands.items[edit->command].word_count) {
            return false;
        }
    }
    return true;
}

enum edit_verdict edits_take(const struct run_view *run, struct unit_edits *edits,
                             const struct edit_request *request, struct view rule,
                             struct view *other)
{
    size_t count = edits->all.count, done = 0;
    if (request->unsafe)
        return EDITS_UNSAFE;
    for (size_t i = 0; i < request->edits.count; i++) {
        struct edit edit = request->edits.items[i];
        const struct edit *old = NULL;
        edit.rule = rule;
        if (edit.kind == EDIT_MOUNT && run_view_has_mount(run, edit.mount->target))
            continue;
        enum relation relation = find_relation(run, edits, &edit, &old);
        if (relation == CLASHING) {
            *other = old->rule;
            undo(run, edits, count);
            return EDITS_CONFLICT;
        }
        if (relation == UNRELATED)
            add(run, edits, edit);
        done++;
    }
    if (removals_are_safe(run, edits, count))
        return done > 0 ? EDITS_TAKEN : EDITS_NOTHING;
    undo(run, edits, count);
    return EDITS_UNSAFE;
}

/* ---- places */

/* A change of the text, and the bytes of the source that it takes the place of. */
struct change {
    size_t begin, end; /* in the text; SIZE_MAX: mounts, which are not in it */
    size_t source_begin, source_end;
    struct view text;
    size_t order;
};

struct changes {
    struct change *items;
    size_t count, capacity;
};

/* Where byte `at` of the text stands in the source; and where the byte before it ends. Between the
 * two are continuations and comments. */
static size_t source_at(const struct run_view *run, size_t at)
{
    return run_view_span(run, at, at).begin;
}

static size_t source_behind(const struct run_view *run, size_t at)
{
    return at > 0 ? run_view_span(run, at - 1, at).end : source_at(run, 0);
}

static void add_change(const struct run_view *run, struct changes *changes, size_t begin,
                       size_t end, size_t source_begin, size_t source_end, struct view text)
{
    VEC_PUSH(run->arena, changes,
             (struct change){begin, end, source_begin, source_end, text, changes->count});
}

/* Cut [begin, end) and the blanks before it, with the line breaks and comments among them. */
static void cut_back(const struct run_view *run, struct changes *changes, size_t begin, size_t end)
{
    const char *p = run->text.ptr;
    for (;;) {
        if (begin > 0 && strchr(" \t\r", p[begin - 1]) != NULL && p[begin - 1] != '\0')
            begin--;
        else if (begin > 1 && p[begin - 1] == '\n' && p[begin - 2] == '\\')
            begin -= 2;
        else
            break;
    }
    add_change(run, changes, begin, end, source_behind(run, begin), source_behind(run, end),
               VIEW(""));
}

static size_t skip_blanks(struct view text, size_t at)
{
    for (;;) {
        if (at < text.len && (text.ptr[at] == ' ' || text.ptr[at] == '\t'))
            at++;
        else if (at + 1 < text.len && text.ptr[at] == '\\' && text.ptr[at + 1] == '\n')
            at += 2;
        else
            return at;
    }
}

/* Whether nothing but blanks and line breaks stand in the source there. */
static bool has_no_comment(const struct run_view *run, size_t begin, size_t end)
{
    const char *p = run->file->source->text.ptr;
    for (size_t i = begin; i < end; i++)
        if (!is_blank(p[i]) && p[i] != '\n' && p[i] != run->file->escape)
            return false;
    return true;
}

/* Cut [begin, end) and the blanks behind it; a comment about what follows stays. */
static void cut_forward(const struct run_view *run, struct changes *changes, size_t begin,
                        size_t end)
{
    size_t next = end;
    if (run->text.ptr[end - 1] != '\n')
        next = skip_blanks(run->text, end);
    size_t source_end = source_at(run, next);
    if (!has_no_comment(run, source_behind(run, end), source_end)) {
        for (size_t limit = next, at = end;; at++) {
            next = at;
            if (at == limit || source_at(run, at) != source_behind(run, at))
                break;
        }
        source_end = source_behind(run, next);
    }
    add_change(run, changes, begin, next, source_at(run, begin), source_end, VIEW(""));
}

/* The removed commands of a gap go, and all operators beside them but one: a ';' if there is one.
 * Where a newline stands before them and a ';' behind, that is the one which goes: the line before
 * may end with a ';', too, or with a comment. */
static void cut_gap(const struct run_view *run, const struct gap *gap, struct changes *changes)
{
    const struct shell_command *all = run->commands.items;
    const struct shell_command *first = &all[gap->first], *last = &all[gap->last];
    bool semicolon = last->after_end > last->end && run->text.ptr[last->after_end - 1] == ';' &&
                     run->text.ptr[first->before_begin] == '\n';
    size_t steps = 0;
    if (gap->from == SHELL_START || (gap->to == SHELL_AND && gap->from == SHELL_SEQUENCE) ||
        (semicolon && gap->to == SHELL_SEQUENCE)) {
        cut_forward(run, changes, first->begin, last->after_end);
    } else if (gap->to != SHELL_AND || gap->sequence == 0) {
        cut_back(run, changes, first->before_begin, semicolon ? last->after_end : last->end);
    } else {
        size_t kept = gap->sequence - 1;
        cut_back(run, changes, first->before_begin, all[kept].end);
        cut_forward(run, changes, all[next_element(run, kept, &steps)].begin, last->after_end);
    }
}

static void cut_commands(const struct run_view *run, const struct unit_edits *edits,
                         struct changes *changes)
{
    size_t steps = 0;
    for (size_t i = 0; edits->commands != NULL && i < run->commands.count; i++) {
        if (!is_removed(edits, i))
            continue;
        struct gap gap = find_gap(run, edits, i, &steps);
        cut_gap(run, &gap, changes);
        i = gap.last;
    }
}

/* Number of words at the beginning of a command that all go. */
static size_t removed_prefix(const struct unit_edits *edits, size_t command)
{
    const size_t *words = edits->commands[command].words;
    size_t count = 0;
    /* Some word stays, so that this ends. */
    while (words[count] > 0 && edits->all.items[words[count] - 1].text.len == 0)
        count++;
    return count;
}

/* A word goes with the blanks before it, or behind it where nothing stays before it. */
static void cut_word(const struct run_view *run, const struct edit *edit, bool is_first,
                     struct changes *changes)
{
    const struct shell_word *word = &run->commands.items[edit->command].words[edit->word];
    if (run->kind != RUN_EXEC && is_first)
        cut_forward(run, changes, word->begin, word->end);
    else if (run->kind != RUN_EXEC)
        cut_back(run, changes, word->begin, word->end);
    else if (is_first) /* with a comma, in either case */
        add_change(run, changes, word->begin, word[1].begin, source_at(run, word->begin),
                   source_at(run, word[1].begin), VIEW(""));
    else
        add_change(run, changes, word[-1].end, word->end, source_behind(run, word[-1].end),
                   source_behind(run, word->end), VIEW(""));
}

/* Behind a "#!" line. */
static size_t prepend_at(const struct run_view *run)
{
    bool has_shebang = run->kind == RUN_SCRIPT && view_starts(run->text, "#!");
    size_t end = has_shebang ? view_find(run->text, '\n', 0) : 0;
    return has_shebang && end < run->text.len ? end + 1 : end;
}

static void change_words(const struct run_view *run, const struct edit *edit, size_t prefix,
                         struct changes *changes)
{
    const struct shell_word *word = &run->commands.items[edit->command].words[edit->word];
    struct span at = run_view_span(run, word->begin, word->end);
    if (edit->kind == EDIT_APPEND)
        add_change(run, changes, word->end, word->end, at.end, at.end, edit->text);
    else if (edit->text.len > 0)
        add_change(run, changes, word->begin, word->end, at.begin, at.end, edit->text);
    else
        cut_word(run, edit, edit->word < prefix, changes);
}

/* Where the command begins: behind the flags; before a "--" that ends them. */
static size_t mounts_at(const struct instruction *inst)
{
    size_t at = inst->args_at;
    const char *p = inst->joined.ptr;
    while (at > 0 && is_blank(p[at - 1]))
        at--;
    bool dashes = at >= 3 && p[at - 1] == '-' && p[at - 2] == '-' && is_blank(p[at - 3]);
    return instruction_offset(inst, dashes ? at - 2 : inst->args_at);
}

/* Each mount with a continuation behind it. */
static struct view mounts_text(const struct run_view *run, const struct unit_edits *edits,
                               const char *newline)
{
    struct str text;
    str_init(&text, run->arena);
    for (size_t i = 0; i < edits->all.count; i++) {
        if (edits->all.items[i].kind != EDIT_MOUNT)
            continue;
        str_add(&text, mount_text(run->arena, edits->all.items[i].mount));
        str_addf(&text, " %c%s", run->file->escape, newline);
        str_fill(&text, ' ', INDENT);
    }
    return str_view(&text);
}

static int compare_changes(const void *a, const void *b)
{
    const struct change *x = a, *y = b;
    if (x->source_begin != y->source_begin)
        return x->source_begin < y->source_begin ? -1 : 1;
    if (x->source_end != y->source_end)
        return x->source_end < y->source_end ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

static void find_word_changes(const struct run_view *run, const struct unit_edits *edits,
                              struct changes *changes)
{
    size_t command = SIZE_MAX, prefix = 0; /* of the edit before: most have the same command */
    for (size_t i = 0; i < edits->all.count; i++) {
        const struct edit *edit = &edits->all.items[i];
        if ((edit->kind != EDIT_WORD && edit->kind != EDIT_APPEND) ||
            is_removed(edits, edit->command))
            continue;
        if (edit->command != command && edits->commands[edit->command].words != NULL)
            prefix = removed_prefix(edits, edit->command);
        command = edit->command;
        change_words(run, edit, prefix, changes);
    }
}

static void find_changes(const struct run_view *run, const struct unit_edits *edits,
                         const char *newline, struct changes *changes)
{
    struct view mounts = mounts_text(run, edits, newline);
    size_t at = mounts_at(run->unit->inst), begin = prepend_at(run), source;
    if (mounts.len > 0)
        add_change(run, changes, SIZE_MAX, SIZE_MAX, at, at, mounts);
    for (size_t i = 0; i < edits->all.count; i++) {
        const struct edit *edit = &edits->all.items[i];
        if (edit->kind != EDIT_PREPEND)
            continue;
        source = source_at(run, begin);
        add_change(run, changes, begin, begin, source, source,
                   view_format(run->arena, "%.*s%s", VIEW_ARG(edit->text),
                               run->kind == RUN_SCRIPT ? "\n" : " && "));
    }
    find_word_changes(run, edits, changes);
    cut_commands(run, edits, changes);
    if (changes->count > 1)
        qsort(changes->items, changes->count, sizeof(*changes->items), compare_changes);
}

/* ---- carrying out */

static struct view changed_source(const struct run_view *run, const struct changes *changes)
{
    struct view text = run->file->source->text;
    struct str out;
    str_init(&out, run->arena);
    size_t at = run->unit->begin > 0 ? run->unit->begin : run->file->head.after_bom;
    for (size_t i = 0; i < changes->count; i++) {
        str_add(&out, view_slice(text, at, changes->items[i].source_begin));
        str_add(&out, changes->items[i].text);
        at = changes->items[i].source_end;
    }
    str_add(&out, view_slice(text, at, run->unit->end));
    return str_view(&out);
}

static struct view changed_text(const struct run_view *run, const struct changes *changes)
{
    struct str out;
    str_init(&out, run->arena);
    size_t at = 0;
    for (size_t i = 0; i < changes->count; i++) {
        if (changes->items[i].begin == SIZE_MAX)
            continue;
        str_add(&out, view_slice(run->text, at, changes->items[i].begin));
        str_add(&out, changes->items[i].text);
        at = changes->items[i].end;
    }
    str_add(&out, view_slice(run->text, at, run->text.len));
    return str_view(&out);
}

/* The instruction that the edits mean, made from the old one and not from the new text. */
static const struct instruction *meaning_of(const struct run_view *run,
                                            const struct unit_edits *edits,
                                            const struct changes *changes)
{
    struct instruction *inst = ARENA_NEW(run->arena, struct instruction);
    const struct instruction *old = run->unit->inst;
    *inst = *old;
    inst->flags = arena_zalloc(run->arena, old->flag_count + edits->all.count, sizeof(struct flag));
    for (size_t i = 0; i < old->flag_count; i++)
        inst->flags[i] = old->flags[i];
    for (size_t i = 0; i < edits->all.count; i++)
        if (edits->all.items[i].kind == EDIT_MOUNT)
            inst->flags[inst->flag_count++].text =
                mount_text(run->arena, edits->all.items[i].mount);
    struct view text = changed_text(run, changes);
    if (run->kind != RUN_SCRIPT && run->kind != RUN_OTHER)
        inst->args_raw = utf8_trim(text);
    if (run->kind == RUN_SCRIPT) {
        inst->heredocs = ARENA_NEW(run->arena, struct heredoc);
        *inst->heredocs = old->heredocs[0];
        inst->heredocs->body = text;
    }
    return inst;
}

struct edited edits_apply(const struct run_view *run, const struct unit_edits *edits,
                          const char *newline)
{
    struct changes changes = {0};
    find_changes(run, edits, newline, &changes);
    return (struct edited){changed_source(run, &changes), meaning_of(run, edits, &changes)};
}

static bool reads_same(const struct instruction *a, const struct instruction *b)
{
    if (a->keyword != b->keyword || a->flag_count != b->flag_count ||
        a->heredoc_count != b->heredoc_count || a->json != b->json ||
        !view_equal(a->args_raw, b->args_raw))
        return false;
    for (size_t i = 0; i < a->flag_count; i++)
        if (!view_equal(a->flags[i].text, b->flags[i].text))
            return false;
    for (size_t i = 0; i < a->heredoc_count; i++)
        if (!view_equal(a->heredocs[i].body, b->heredocs[i].body))
            return false;
    return true;
}

const struct instruction *edited_read(const struct run_view *run, const struct edited *edited)
{
    /* The escape character is a matter of the file, so it is said again here. */
    struct view text =
        view_format(run->arena, "# escape=%c\n%.*s", run->file->escape, VIEW_ARG(edited->text));
    struct diag_list ignored;
    diag_list_init(&ignored, run->arena);
    const struct file *file = parse_file(run->arena, source_new(run->arena, "", text), &ignored);
    const struct instruction *inst = NULL;
    for (size_t i = 0; i < file->unit_count; i++) {
        if (file->units[i].inst != NULL && inst != NULL)
            return NULL;
        inst = file->units[i].inst != NULL ? file->units[i].inst : inst;
    }
    bool same = inst != NULL && ignored.errors == 0 && reads_same(edited->meaning, inst);
    return same ? inst : NULL;
}
