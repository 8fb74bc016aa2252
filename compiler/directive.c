#include "directive.h"

#include "lex.h"
#include "quote.h"

const struct bound_values *directive_values(const struct directive *directive, const char *key)
{
    const struct rule *rule = directive->rule;
    for (size_t i = 0; i < rule->args.count; i++)
        if (view_is(rule->args.items[i].key, key))
            return &directive->args[i];
    return NULL;
}

static bool is_heredoc_literal(const struct heredoc *heredoc)
{
    return !heredoc->word.expand;
}

/* Words of the line, then those of the heredocs. */
static bool split_all(const struct binder *binder, const struct directive *directive,
                      struct directive_words *words)
{
    const struct instruction *inst = directive->inst;
    struct words_text line = {.file = binder->file,
                              .inst = inst,
                              .joined_at = inst->args_at,
                              .text = inst->args_raw,
                              .skip_heredocs = inst->heredoc_count > 0};
    return words_split(binder->arena, &line, binder->diags, words);
}

static bool split_bodies(const struct binder *binder, const struct directive *directive,
                         struct directive_words *words)
{
    bool good = true;
    for (size_t i = 0; i < directive->inst->heredoc_count; i++) {
        const struct heredoc *heredoc = &directive->inst->heredocs[i];
        struct words_text body = {.file = binder->file,
                                  .source_at = heredoc->begin,
                                  .text = heredoc->body,
                                  .literal = is_heredoc_literal(heredoc),
                                  .is_body = true};
        good &= words_split(binder->arena, &body, binder->diags, words);
    }
    return good;
}

/* Which positional argument takes the next word: the first that is not full. */
static size_t next_positional(const struct directive *directive)
{
    const struct rule *rule = directive->rule;
    for (size_t i = 0; i < rule->args.count; i++) {
        const struct rule_arg *arg = &rule->args.items[i];
        if (!arg->is_option && (arg->many || directive->args[i].count == 0))
            return i;
    }
    return rule->args.count;
}

static bool refuse_verb(const struct binder *binder, const struct directive *directive,
                        const struct directive_word *word)
{
    const struct view *help = map_get(&directive->rule->refused, word->text);
    if (help == NULL || word->quoted)
        return false;
    struct diag *diag =
        diag_add(binder->diags, DIAG_ERROR, "unsupported-verb", word->at,
                 "@%.*s does not do '%.*s'", VIEW_ARG(directive->name), VIEW_ARG(word->text));
    diag_help(diag, "%.*s", VIEW_ARG(*help));
    return true;
}

static bool take_positional(const struct binder *binder, struct directive *directive,
                            const struct directive_word *word, bool *first)
{
    bool may_be_verb = *first;
    *first = false;
    if (may_be_verb && !word->quoted && name_list_has(&directive->rule->verbs, word->text)) {
        directive->verb = word->text;
        directive->verb_at = word->at;
        return true;
    }
    if (may_be_verb && refuse_verb(binder, directive, word))
        return false;
    size_t index = next_positional(directive);
    if (index == directive->rule->args.count) {
        diag_add(binder->diags, DIAG_ERROR, "too-many-arguments", word->at,
                 "@%.*s takes no further argument, found '%.*s'", VIEW_ARG(directive->name),
                 VIEW_ARG(word->text));
        return false;
    }
    return directive_add_value(binder, directive, index, word->text, word->at);
}

static bool bind_words(const struct binder *binder, struct directive *directive,
                       const struct directive_words *words)
{
    bool good = true, first = true;
    for (size_t i = 0; i < words->count; i++) {
        const struct directive_word *word = &words->items[i];
        const struct directive_word *next = i + 1 < words->count ? word + 1 : NULL;
        struct option_use use;
        if (!word->quoted && view_is(word->text, "--")) {
            for (i++; i < words->count; i++)
                VEC_PUSH(binder->arena, &directive->rest,
                         (struct bound_value){words->items[i].text, words->items[i].at});
        } else if (directive_split_option(word, &use)) {
            int taken = directive_take_option(binder, directive, &use, next);
            if (taken == 0)
                directive_unknown_option(binder, directive, &use);
            good &= taken > 0;
            i += taken == 2 || taken == -2 ? 1 : 0;
        } else {
            good &= take_positional(binder, directive, word, &first);
        }
    }
    return good;
}

static bool bind_body_words(const struct binder *binder, struct directive *directive)
{
    struct directive_words words = {0};
    bool good = split_bodies(binder, directive, &words), first = false;
    for (size_t i = 0; i < words.count; i++)
        good &= take_positional(binder, directive, &words.items[i], &first);
    return good;
}

/* Lines as they stand, with a '$' that the heredoc's quotes make literal marked as such. */
static void bind_body_lines(const struct binder *binder, struct directive *directive)
{
    for (size_t i = 0; i < directive->inst->heredoc_count; i++) {
        const struct heredoc *heredoc = &directive->inst->heredocs[i];
        for (size_t at = 0; at < heredoc->body.len;) {
            size_t end = view_find(heredoc->body, '\n', at);
            struct view line = lex_cut_line_end(view_slice(heredoc->body, at, end));
            while (heredoc->word.chomp && view_starts(line, "\t"))
                line = view_slice(line, 1, line.len);
            struct str text;
            str_init(&text, binder->arena);
            if (is_heredoc_literal(heredoc))
                quote_escape(&text, line);
            else
                str_add(&text, line);
            VEC_PUSH(binder->arena, &directive->lines, str_view(&text));
            at = end + 1;
        }
    }
}

static bool check_counts(const struct binder *binder, const struct directive *directive)
{
    const struct rule *rule = directive->rule;
    for (size_t i = 0; i < rule->args.count; i++) {
        const struct rule_arg *arg = &rule->args.items[i];
        if (arg->min <= 0 || directive->args[i].count >= (size_t)arg->min)
            continue;
        diag_add(binder->diags, DIAG_ERROR, "missing-argument", directive->name_at,
                 "@%.*s needs %s %.*s", VIEW_ARG(directive->name), arg->min == 1 ? "a" : "more of",
                 VIEW_ARG(arg->name));
        return false;
    }
    return true;
}

static bool bind_install(const struct binder *binder, struct directive *directive)
{
    const struct instruction *inst = directive->inst;
    enum rule_body body = directive->rule->body;
    if (inst->heredoc_count > 0 && body != BODY_WORDS && body != BODY_LINES) {
        diag_add(binder->diags, DIAG_ERROR, "unexpected-heredoc", directive->name_at,
                 "@%.*s takes no heredoc", VIEW_ARG(directive->name));
        return false;
    }
    struct directive_words words = {0};
    if (!split_all(binder, directive, &words) || !directive_reduce_idiom(binder, directive, &words))
        return false;
    if (body == BODY_LINES)
        bind_body_lines(binder, directive);
    return bind_words(binder, directive, &words) &&
           (body == BODY_LINES || bind_body_words(binder, directive)) &&
           check_counts(binder, directive);
}

bool directive_bind(const struct binder *binder, const struct unit *unit, const struct rule *rule,
                    struct directive *directive)
{
    *directive = (struct directive){.rule = rule, .unit = unit, .inst = unit->inst};
    directive->name = unit->inst->name;
    directive->name_at = instruction_name_span(binder->file, unit->inst);
    directive->verb = rule->default_verb;
    directive->verb_at = directive->name_at;
    directive->exe = VIEW("");
    directive->args = arena_zalloc(binder->arena, rule->args.count, sizeof(struct bound_values));
    if (rule->is_command)
        return directive_bind_command(binder, directive) && check_counts(binder, directive);
    return bind_install(binder, directive);
}
