/*
 * The idiom that people paste: "apt-get update && apt-get install -y X && rm -rf /var/lib/…".
 * What the directive makes unnecessary is dropped with a note, the install is kept; anything else
 * with an operator is an error.
 */
#include "directive.h"

#include "path.h"
#include "shell.h"

enum part_kind {
    PART_INSTALL,
    PART_NOOP,  /* the directive sees to it */
    PART_SUDO,  /* an install with sudo before it */
    PART_OTHER, /* some other command */
};

/* One simple command: words [begin, end). */
struct part {
    size_t begin, end;
    size_t verb; /* behind the environment and the program */
    enum part_kind kind;
    bool first; /* the name of the directive stands for its program */
};

struct reduction {
    const struct binder *binder;
    struct directive *directive;
    struct directive_words *words;
    VEC(struct part) parts;
};

static struct view word_text(const struct reduction *r, size_t index)
{
    return r->words->items[index].text;
}

static bool is_joiner(const struct directive_word *word)
{
    return word->kind == DIRECTIVE_OPERATOR &&
           (view_is(word->text, "&&") || view_is(word->text, ";"));
}

static size_t skip_options(const struct reduction *r, size_t at, size_t end)
{
    while (at < end && view_starts(word_text(r, at), "-"))
        at++;
    return at;
}

static bool is_verb(const struct rule *rule, struct view word)
{
    return name_list_has(&rule->verbs, word) || name_list_has(&rule->noop_verbs, word) ||
           map_find(&rule->refused, word) != NULL;
}

/* The program, behind the directive's name: "@pip pip install x" names it twice, while
 * "@pip pip setuptools" is two packages. */
static bool is_program(const struct reduction *r, const struct part *part, size_t at)
{
    const struct rule *rule = r->directive->rule;
    if (at >= part->end || (!view_equal(word_text(r, at), r->directive->name) &&
                            !name_list_has(&rule->tools, word_text(r, at))))
        return false;
    size_t next = skip_options(r, at + 1, part->end);
    return !part->first || (next < part->end && is_verb(rule, word_text(r, next)));
}

/* "sudo -E apt-get install"; the package sudo is one only in the first command. */
static bool is_sudo(const struct reduction *r, const struct part *part, size_t at)
{
    return at < part->end && view_is(word_text(r, at), "sudo") &&
           (!part->first || is_program(r, part, skip_options(r, at + 1, part->end)));
}

static bool only_options(const struct reduction *r, size_t begin, size_t end)
{
    return skip_options(r, begin, end) == end;
}

/* Options of dfc are for the whole directive: the command that holds one can't be left out. */
static bool has_own_option(const struct reduction *r, const struct part *part)
{
    for (size_t i = part->begin; i < part->end; i++) {
        struct option_use use;
        if (!directive_split_option(&r->words->items[i], &use))
            continue;
        const struct rule_arg *arg = rule_find_option(r->directive->rule, use.name);
        if ((arg != NULL && arg->type != ARG_PASSTHROUGH) || directive_is_own_option(use.name))
            return true;
    }
    return false;
}

/* "rm -rf PATH…" where each path lies in what the directive keeps in a cache. */
static bool is_cleaning(const struct reduction *r, const struct part *part)
{
    const struct name_list *cleans = &r->directive->rule->cleans;
    size_t paths = 0;
    if (!view_is(word_text(r, part->begin), "rm"))
        return false;
    for (size_t i = part->begin + 1; i < part->end; i++) {
        if (view_starts(word_text(r, i), "-"))
            continue;
        struct view path = path_clean(r->binder->arena, word_text(r, i));
        bool cleaned = false;
        for (size_t k = 0; k < cleans->count; k++)
            cleaned |= path_is_beneath(path, cleans->items[k]);
        if (!cleaned)
            return false;
        paths++;
    }
    return paths > 0;
}

/* "set -eux": options of the shell that a RUN of one install does not need. */
static bool is_set(const struct reduction *r, const struct part *part)
{
    return view_is(word_text(r, part->begin), "set") && only_options(r, part->begin + 1, part->end);
}

/* "-Scc --noconfirm": pacman's verbs are options. */
static bool has_noop_option(const struct reduction *r, const struct part *part)
{
    for (size_t i = part->verb; i < part->end; i++)
        if (name_list_has(&r->directive->rule->noop_verbs, word_text(r, i)))
            return true;
    return false;
}

/* "clean", or two words: "cache purge". */
static bool is_noop(const struct reduction *r, const struct part *part)
{
    const struct name_list *noops = &r->directive->rule->noop_verbs;
    size_t verb = skip_options(r, part->verb, part->end);
    if (has_own_option(r, part))
        return false;
    if (verb == part->end)
        return has_noop_option(r, part);
    if (name_list_has(noops, word_text(r, verb)))
        return only_options(r, verb + 1, part->end);
    size_t next = skip_options(r, verb + 1, part->end);
    return next < part->end && only_options(r, next + 1, part->end) &&
           name_list_has(noops,
                         view_format(r->binder->arena, "%.*s %.*s", VIEW_ARG(word_text(r, verb)),
                                     VIEW_ARG(word_text(r, next))));
}

static void classify(const struct reduction *r, struct part *part)
{
    size_t at = part->begin;
    while (at < part->end && shell_is_assignment(word_text(r, at)))
        at++;
    /* At the beginning "curl=7.88" is a package, unless the program follows. */
    if (part->first && !is_program(r, part, at) && !is_sudo(r, part, at))
        at = part->begin;
    bool program = is_program(r, part, at);
    part->verb = at + (program ? 1 : 0);
    if (part->begin == part->end || is_set(r, part) || is_cleaning(r, part))
        part->kind = PART_NOOP;
    else if (is_sudo(r, part, at))
        part->kind = PART_SUDO;
    else if (!program && !part->first)
        part->kind = PART_OTHER;
    else
        part->kind = is_noop(r, part) ? PART_NOOP : PART_INSTALL;
}

static void split_parts(struct reduction *r)
{
    for (size_t at = 0; at < r->words->count || r->parts.count == 0; at++) {
        struct part part = {.begin = at, .first = at == 0};
        while (at < r->words->count && !is_joiner(&r->words->items[at]))
            at++;
        part.end = at;
        classify(r, &part);
        VEC_PUSH(r->binder->arena, &r->parts, part);
    }
    if (r->parts.count == 1 && r->parts.items[0].kind == PART_NOOP)
        r->parts.items[0].kind = PART_INSTALL; /* let its verb be refused */
}

/* The operator that makes this a shell command, or NULL. */
static const struct directive_word *find_blocker(const struct reduction *r)
{
    bool have = false;
    for (size_t i = 0; i < r->words->count; i++)
        if (r->words->items[i].kind == DIRECTIVE_OPERATOR && !is_joiner(&r->words->items[i]))
            return &r->words->items[i];
    for (size_t i = 0; i < r->parts.count; i++) {
        const struct part *part = &r->parts.items[i];
        bool install = part->kind == PART_INSTALL || part->kind == PART_SUDO;
        if (part->kind == PART_OTHER || (install && have))
            return &r->words->items[part->begin - 1];
        have |= install;
    }
    return NULL;
}

static void report_operator(const struct reduction *r, const struct directive_word *word)
{
    struct diag *diag =
        diag_add(r->binder->diags, DIAG_ERROR, "shell-syntax", word->at,
                 "the words of @%.*s are not a shell command, found the operator '%.*s'",
                 VIEW_ARG(r->directive->name), VIEW_ARG(word->text));
    diag_help(diag, "quote it if it belongs to a word, or write the other commands as a RUN "
                    "instruction of their own");
}

static bool report_sudo(const struct reduction *r)
{
    bool found = false;
    for (size_t i = 0; i < r->parts.count; i++) {
        const struct part *part = &r->parts.items[i];
        size_t at = part->begin;
        if (part->kind != PART_SUDO)
            continue;
        while (!view_is(word_text(r, at), "sudo"))
            at++;
        struct diag *diag = diag_add(r->binder->diags, DIAG_ERROR, "sudo", r->words->items[at].at,
                                     "@%.*s takes no sudo", VIEW_ARG(r->directive->name));
        diag_help(diag, "leave it out; where the user is not root, write the directive below USER "
                        "root");
        found = true;
    }
    return found;
}

static void note_dropped(const struct reduction *r, const struct part *part)
{
    struct str text;
    str_init(&text, r->binder->arena);
    for (size_t i = part->begin; i < part->end; i++)
        str_addf(&text, "%s%.*s", i == part->begin ? "" : " ", VIEW_ARG(word_text(r, i)));
    struct span at = r->words->items[part->begin].at;
    at.end = r->words->items[part->end - 1].at.end;
    diag_add(r->binder->diags, DIAG_NOTE, "dropped-command", at,
             "'%s' is left out: @%.*s sees to it", text.ptr, VIEW_ARG(r->directive->name));
}

/* "ACCEPT_EULA=Y apt-get install": the environment of the command. */
static void keep_environment(const struct reduction *r, size_t begin, size_t end)
{
    for (size_t i = begin; i < end && shell_is_assignment(word_text(r, i)); i++) {
        struct view word = word_text(r, i);
        size_t equals = view_find(word, '=', 0);
        if (name_list_has(&r->directive->rule->implied, word))
            continue;
        VEC_PUSH(r->binder->arena, &r->directive->env,
                 (struct env_pair){view_slice(word, 0, equals),
                                   view_slice(word, equals + 1, word.len), VIEW("")});
    }
}

static void keep_part(const struct reduction *r, const struct part *part)
{
    struct directive_words *words = r->words;
    keep_environment(r, part->begin, part->verb);
    size_t count = part->end - part->verb;
    for (size_t i = 0; i < count; i++)
        words->items[i] = words->items[part->verb + i];
    words->count = count;
}

bool directive_reduce_idiom(const struct binder *binder, struct directive *directive,
                            struct directive_words *words)
{
    struct reduction r = {.binder = binder, .directive = directive, .words = words};
    const struct part *kept = NULL;
    split_parts(&r);
    const struct directive_word *blocker = find_blocker(&r);
    if (blocker != NULL) {
        report_operator(&r, blocker);
        return false;
    }
    if (report_sudo(&r))
        return false;
    for (size_t i = 0; i < r.parts.count; i++) {
        const struct part *part = &r.parts.items[i];
        if (part->kind == PART_INSTALL)
            kept = part;
        else if (part->begin < part->end)
            note_dropped(&r, part);
    }
    if (kept != NULL)
        keep_part(&r, kept);
    else
        words->count = 0;
    return true;
}
