/*
 * The idiom that people paste: "apt-get update && apt-get install -y X && rm -rf /var/lib/…".
 * What the directive makes unnecessary is dropped with a note, the install is kept; anything else
 * with an operator is an error.
 */
#include "directive.h"

#include "path.h"
#include "shell.h"

/* One simple command: words [begin, end). */
struct part {
    size_t begin, end;
};

static bool is_joiner(const struct directive_word *word)
{
    return word->kind == DIRECTIVE_OPERATOR &&
           (view_is(word->text, "&&") || view_is(word->text, ";"));
}

/* Skip the tool's name, which only the first command may do without. */
static bool skip_tool(const struct directive *directive, const struct directive_words *words,
                      struct part *part, bool first)
{
    while (part->begin < part->end && shell_is_assignment(words->items[part->begin].text) && !first)
        part->begin++;
    if (part->begin == part->end)
        return false;
    struct view word = words->items[part->begin].text;
    if (view_equal(word, directive->name) || name_list_has(&directive->rule->tools, word)) {
        part->begin++;
        return true;
    }
    return first;
}

static bool only_options(const struct directive_words *words, size_t begin, size_t end)
{
    for (size_t i = begin; i < end; i++)
        if (words->items[i].text.len == 0 || words->items[i].text.ptr[0] != '-')
            return false;
    return true;
}

/* "rm -rf PATH…" where each path lies in what the directive keeps in a cache. */
static bool is_cleaning(const struct binder *binder, const struct directive *directive,
                        const struct directive_words *words, struct part part)
{
    size_t paths = 0;
    if (!view_is(words->items[part.begin].text, "rm"))
        return false;
    for (size_t i = part.begin + 1; i < part.end; i++) {
        struct view text = words->items[i].text;
        if (text.len > 0 && text.ptr[0] == '-')
            continue;
        struct view path = path_clean(binder->arena, text);
        bool cleaned = false;
        for (size_t k = 0; k < directive->rule->cleans.count; k++)
            cleaned |= path_is_beneath(path, directive->rule->cleans.items[k]);
        if (!cleaned)
            return false;
        paths++;
    }
    return paths > 0;
}

/* "set -eux": options of the shell that a RUN of one install does not need. */
static bool is_set(const struct directive_words *words, struct part part)
{
    return view_is(words->items[part.begin].text, "set") &&
           only_options(words, part.begin + 1, part.end);
}

static bool is_noop(const struct binder *binder, const struct directive *directive,
                    const struct directive_words *words, struct part part, bool first)
{
    if (part.begin == part.end || is_set(words, part) ||
        is_cleaning(binder, directive, words, part))
        return true;
    return skip_tool(directive, words, &part, first) && part.begin < part.end &&
           name_list_has(&directive->rule->noop_verbs, words->items[part.begin].text) &&
           only_options(words, part.begin + 1, part.end);
}

static void report_operator(const struct binder *binder, const struct directive *directive,
                            const struct directive_word *word)
{
    struct diag *diag =
        diag_add(binder->diags, DIAG_ERROR, "shell-syntax", word->at,
                 "the words of @%.*s are not a shell command, found the operator '%.*s'",
                 VIEW_ARG(directive->name), VIEW_ARG(word->text));
    diag_help(diag, "quote it if it belongs to a word, or write the other commands as a RUN "
                    "instruction of their own");
}

static size_t part_end(const struct directive_words *words, size_t begin)
{
    while (begin < words->count && !is_joiner(&words->items[begin]))
        begin++;
    return begin;
}

static void keep_part(struct directive_words *words, struct part part)
{
    size_t count = part.end - part.begin;
    for (size_t i = 0; i < count; i++)
        words->items[i] = words->items[part.begin + i];
    words->count = count;
}

static void note_dropped(const struct binder *binder, const struct directive *directive,
                         const struct directive_words *words, struct part part)
{
    struct str text;
    str_init(&text, binder->arena);
    for (size_t i = part.begin; i < part.end; i++)
        str_addf(&text, "%s%.*s", i == part.begin ? "" : " ", VIEW_ARG(words->items[i].text));
    struct span at = words->items[part.begin].at;
    at.end = words->items[part.end - 1].at.end;
    diag_add(binder->diags, DIAG_NOTE, "dropped-command", at, "'%s' is left out: @%.*s sees to it",
             text.ptr, VIEW_ARG(directive->name));
}

bool directive_reduce_idiom(const struct binder *binder, const struct directive *directive,
                            struct directive_words *words)
{
    const struct directive_word *blocker = NULL;
    for (size_t i = 0; i < words->count && blocker == NULL; i++)
        if (words->items[i].kind == DIRECTIVE_OPERATOR && !is_joiner(&words->items[i]))
            blocker = &words->items[i];
    struct part kept = {0, 0};
    bool have = false, first = true;
    for (size_t at = 0; at < words->count && blocker == NULL;) {
        struct part part = {at, part_end(words, at)};
        at = part.end + 1;
        if (is_noop(binder, directive, words, part, first) && part_end(words, 0) < words->count) {
            if (part.begin < part.end)
                note_dropped(binder, directive, words, part);
        } else if (!have && skip_tool(directive, words, &part, first)) {
            kept = part;
            have = true;
        } else {
            blocker = &words->items[part.begin > 0 ? part.begin - 1 : 0];
        }
        first = false;
    }
    if (blocker != NULL) {
        report_operator(binder, directive, blocker);
        return false;
    }
    if (have)
        keep_part(words, kept);
    else if (part_end(words, 0) < words->count)
        words->count = 0;
    return true;
}
