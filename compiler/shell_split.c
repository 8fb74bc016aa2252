#include "shell_split.h"

#include <string.h>

enum { DEPTH_MAX = 32 };

struct splitter {
    struct arena *arena;
    struct view text;
    size_t at, end; /* what is left to read */
    int depth;      /* of substitutions */
    int nesting;    /* of groups, loops and conditions */
    int cases;      /* open "case … in": a ')' ends a pattern */
    struct shell_commands *commands;
    bool open; /* a command has begun */
    struct shell_command now;
    struct {
        struct shell_word *items;
        size_t count, capacity;
    } words;
    enum shell_joiner joiner; /* operator read last, and where it begins */
    size_t joiner_begin;
    struct {
        struct view *items;
        size_t count, capacity;
    } heredocs; /* terminators of bodies that follow the next newline */
};

static char peek(const struct splitter *s, size_t ahead)
{
    return s->at + ahead < s->end ? s->text.ptr[s->at + ahead] : '\0';
}

static bool at_end(const struct splitter *s)
{
    return s->at >= s->end;
}

/* ---- words */

static void split_range(struct splitter *outer, size_t begin, size_t end);

static size_t skip_single(const struct splitter *s, size_t at)
{
    size_t end = view_find(s->text, '\'', at + 1);
    return end < s->end ? end + 1 : s->end;
}

static bool is_expansion(const struct splitter *s, size_t at)
{
    const char *p = s->text.ptr;
    return p[at] == '`' ||
           (p[at] == '$' && at + 1 < s->end && (p[at + 1] == '(' || p[at + 1] == '{'));
}

static size_t skip_backquotes(const struct splitter *s, size_t at)
{
    for (at++; at < s->end && s->text.ptr[at] != '`'; at++)
        at += s->text.ptr[at] == '\\' ? 1 : 0;
    return at < s->end ? at + 1 : s->end;
}

static size_t skip_expansion(const struct splitter *s, size_t at, int depth);

static size_t skip_double(const struct splitter *s, size_t at, int depth)
{
    const char *p = s->text.ptr;
    for (at++; at < s->end && p[at] != '"';) {
        if (p[at] == '\\')
            at += 2;
        else if (is_expansion(s, at) && depth < DEPTH_MAX)
            at = skip_expansion(s, at, depth + 1);
        else
            at++;
    }
    return at < s->end ? at + 1 : s->end;
}

/* End of "$(…)", "${…}", "$((…))" or "`…`" that begins at `at`. */
static size_t skip_expansion(const struct splitter *s, size_t at, int depth)
{
    const char *p = s->text.ptr;
    size_t brackets = 0;
    if (p[at] == '`')
        return skip_backquotes(s, at);
    for (at++; at < s->end;) {
        char c = p[at];
        if (c == '\\') {
            at += 2;
        } else if (c == '\'') {
            at = skip_single(s, at);
        } else if (c == '"') {
            at = skip_double(s, at, depth + 1);
        } else {
            at++;
            if (c == '(' || c == '{')
                brackets++;
            else if ((c == ')' || c == '}') && --brackets == 0)
                return at;
        }
    }
    return s->end;
}

/* Look for commands inside the substitutions of a word. */
static void split_substitutions(struct splitter *s, size_t begin, size_t end)
{
    const char *p = s->text.ptr;
    for (size_t at = begin; at < end; at++) {
        if (p[at] == '\'' && (at == begin || p[at - 1] != '"'))
            at = skip_single(s, at) - 1;
        else if (p[at] == '\\')
            at++;
        else if (p[at] == '`' || (p[at] == '$' && at + 1 < end && p[at + 1] == '(')) {
            size_t close = skip_expansion(s, at, 0);
            size_t inner = p[at] == '`' ? at + 1 : at + 2;
            if (close > inner)
                split_range(s, inner, close - 1);
            at = close - 1;
        }
    }
}

static bool ends_word(char c)
{
    return c == '\0' || strchr(" \t\r\n;&|()<>", c) != NULL;
}

/* Read one word; its text without quotes. */
static struct shell_word read_word(struct splitter *s)
{
    struct shell_word word = {.begin = s->at};
    struct str text;
    str_init(&text, s->arena);
    while (!at_end(s) && !(ends_word(peek(s, 0)) && peek(s, 0) != '\0')) {
        size_t begin = s->at;
        char c = peek(s, 0);
        if (c == '\'') {
            s->at = skip_single(s, begin);
            str_add(&text, view_slice(s->text, begin + 1, s->at - (s->at > begin + 1)));
        } else if (c == '"') {
            s->at = skip_double(s, begin, 0);
            struct view inside = view_slice(s->text, begin + 1, s->at - (s->at > begin + 1));
            word.live |=
                view_find(inside, '$', 0) < inside.len || view_find(inside, '`', 0) < inside.len;
            str_add(&text, inside);
        } else if (is_expansion(s, begin)) {
            s->at = skip_expansion(s, begin, 0);
            word.live = true;
            str_add(&text, view_slice(s->text, begin, s->at));
        } else {
            word.live |= c == '$';
            if (c == '\\' && begin + 1 < s->end)
                s->at++;
            str_addc(&text, peek(s, 0));
            s->at++;
        }
    }
    if (s->at > s->end)
        s->at = s->end;
    word.end = s->at;
    word.text = str_view(&text);
    return word;
}

/* ---- commands */

static bool is_assignment(const struct splitter *s, const struct shell_word *word)
{
    struct view raw = view_slice(s->text, word->begin, word->end);
    size_t equals = view_find(raw, '=', 0);
    for (size_t i = 0; i < equals; i++)
        if (!is_alpha(raw.ptr[i]) && raw.ptr[i] != '_' && (i == 0 || !is_digit(raw.ptr[i])))
            return false;
    return equals > 0 && equals < raw.len;
}

static bool is_one_of(struct view text, const char *const *list)
{
    for (; *list != NULL; list++)
        if (view_is(text, *list))
            return true;
    return false;
}

/* Index of the program's word: behind assignments and behind sudo, env, exec and their kind with
 * their options. */
static size_t find_program(struct splitter *s)
{
    static const char *const runners[] = {"sudo",  "env",     "exec", "time",
                                          "nohup", "command", "nice", NULL};
    static const char *const with_value[] = {"-u", "-g", "-n", "-a", NULL};
    size_t at = 0;
    for (;;) {
        while (at < s->words.count && is_assignment(s, &s->words.items[at]))
            at++;
        if (at >= s->words.count || !is_one_of(s->words.items[at].text, runners))
            return at;
        s->now.has_sudo |= view_is(s->words.items[at].text, "sudo");
        for (at++; at < s->words.count && view_starts(s->words.items[at].text, "-"); at++)
            if (is_one_of(s->words.items[at].text, with_value))
                at++;
    }
}

static void finish_command(struct splitter *s, enum shell_joiner after, size_t after_end)
{
    if (!s->open)
        return;
    size_t program = find_program(s);
    s->open = false;
    s->now.after = after;
    s->now.after_end = after_end;
    s->now.nested = s->nesting > 0 || s->depth > 0;
    if (program < s->words.count) {
        s->now.words = s->words.items + program;
        s->now.word_count = s->words.count - program;
    }
    /* The words belong to the command now: the next one gets an array of its own. */
    s->words.items = NULL;
    s->words.count = s->words.capacity = 0;
    VEC_PUSH(s->arena, s->commands, s->now);
}

static void begin_command(struct splitter *s, size_t at)
{
    if (s->open)
        return;
    s->open = true;
    s->now = (struct shell_command){
        .begin = at, .end = at, .before = s->joiner, .before_begin = s->joiner_begin};
    s->joiner = SHELL_START;
    s->joiner_begin = at;
}

static void join(struct splitter *s, enum shell_joiner joiner, size_t length)
{
    size_t begin = s->at;
    s->at += length;
    finish_command(s, joiner, s->at);
    s->joiner = joiner;
    s->joiner_begin = begin;
}

/* Words that open, divide and close compound commands. True: the word is one of them. */
static bool take_reserved(struct splitter *s, const struct shell_word *word)
{
    static const char *const openers[] = {"if", "while", "until", "{", NULL};
    static const char *const dividers[] = {"then", "elif", "else", "do", "!", NULL};
    static const char *const closers[] = {"fi", "done", "}", "esac", NULL};
    if (s->open && s->words.count > 0)
        return false;
    bool plain = word->end - word->begin == word->text.len;
    if (!plain)
        return false;
    if (is_one_of(word->text, openers)) {
        s->nesting++;
    } else if (is_one_of(word->text, closers)) {
        s->nesting -= s->nesting > 0 ? 1 : 0;
        s->cases -= s->cases > 0 && view_is(word->text, "esac") ? 1 : 0;
    } else if (!is_one_of(word->text, dividers)) {
        return false;
    }
    s->open = false;
    s->joiner = SHELL_START;
    return true;
}

/* "for NAME in WORDS" and "case WORD in": no commands, up to "in" or the end of the list. */
static bool take_for_or_case(struct splitter *s, const struct shell_word *word)
{
    bool is_for = view_is(word->text, "for"), is_case = view_is(word->text, "case");
    if ((!is_for && !is_case) || (s->open && s->words.count > 0))
        return false;
    s->nesting++;
    s->cases += is_case ? 1 : 0;
    s->open = false;
    while (!at_end(s) && peek(s, 0) != ';' && peek(s, 0) != '\n') {
        if (peek(s, 0) == ' ' || peek(s, 0) == '\t' || peek(s, 0) == '\r') {
            s->at++;
            continue;
        }
        size_t begin = s->at;
        struct shell_word next = read_word(s);
        if (s->at == begin)
            break; /* an operator: not the syntax it looked like */
        split_substitutions(s, next.begin, next.end);
        if (is_case && view_is(next.text, "in"))
            break;
    }
    return true;
}

/* ---- redirections and heredocs */

static void remember_heredoc(struct splitter *s)
{
    s->at += 2;
    if (peek(s, 0) == '-')
        s->at++;
    while (peek(s, 0) == ' ' || peek(s, 0) == '\t')
        s->at++;
    struct shell_word word = read_word(s);
    if (word.text.len > 0)
        VEC_PUSH(s->arena, &s->heredocs, word.text);
    s->now.end = s->at;
}

static void read_redirection(struct splitter *s)
{
    begin_command(s, s->at);
    if (peek(s, 0) == '<' && peek(s, 1) == '<' && peek(s, 2) != '<') {
        remember_heredoc(s);
        return;
    }
    while (peek(s, 0) != '\0' && strchr("<>&|-", peek(s, 0)) != NULL)
        s->at++;
    while (peek(s, 0) == ' ' || peek(s, 0) == '\t')
        s->at++;
    struct shell_word word = read_word(s);
    split_substitutions(s, word.begin, word.end);
    s->now.end = s->at;
}

/* Behind a newline: skip the bodies of the heredocs of the line. */
static void skip_heredocs(struct splitter *s)
{
    for (size_t i = 0; i < s->heredocs.count; i++) {
        while (!at_end(s)) {
            size_t end = view_find(s->text, '\n', s->at);
            struct view line = view_slice(s->text, s->at, end);
            while (line.len > 0 && line.ptr[0] == '\t')
                line = view_slice(line, 1, line.len);
            s->at = end < s->end ? end + 1 : s->end;
            if (view_equal(line, s->heredocs.items[i]))
                break;
        }
    }
    s->heredocs.count = 0;
}

/* ---- the loop */

static void read_newline(struct splitter *s)
{
    join(s, SHELL_SEQUENCE, 1);
    skip_heredocs(s);
}

static void read_group(struct splitter *s, char c)
{
    size_t begin = s->at++;
    finish_command(s, SHELL_START, begin);
    if (c == '(')
        s->nesting++;
    else if (s->cases == 0)
        s->nesting -= s->nesting > 0 ? 1 : 0;
    s->joiner = SHELL_START;
    s->joiner_begin = s->at;
}

static void read_operator(struct splitter *s)
{
    char c = peek(s, 0), next = peek(s, 1);
    if (c == '\n')
        read_newline(s);
    else if (c == '(' || c == ')')
        read_group(s, c);
    else if (c == '<' || c == '>' || (c == '&' && next == '>'))
        read_redirection(s);
    else if (c == '&')
        join(s, next == '&' ? SHELL_AND : SHELL_BACKGROUND, next == '&' ? 2 : 1);
    else if (c == '|')
        join(s, next == '|' ? SHELL_OR : SHELL_PIPE, next == '|' || next == '&' ? 2 : 1);
    else
        join(s, SHELL_SEQUENCE, next == ';' ? 2 : 1);
}

/* A number directly before '<' or '>' belongs to the redirection. */
static bool is_descriptor(const struct splitter *s, const struct shell_word *word)
{
    for (size_t i = word->begin; i < word->end; i++)
        if (!is_digit(s->text.ptr[i]))
            return false;
    return peek(s, 0) == '<' || peek(s, 0) == '>';
}

static void read_command_word(struct splitter *s)
{
    struct shell_word word = read_word(s);
    if (word.end == word.begin) { /* nothing that could be one: do not stand still */
        s->at++;
        return;
    }
    if (is_descriptor(s, &word) || take_for_or_case(s, &word) || take_reserved(s, &word))
        return;
    begin_command(s, word.begin);
    s->now.end = word.end;
    VEC_PUSH(s->arena, &s->words, word);
    if (word.live)
        split_substitutions(s, word.begin, word.end);
}

static void split_all(struct splitter *s)
{
    while (!at_end(s)) {
        char c = peek(s, 0);
        if (c == ' ' || c == '\t' || c == '\r')
            s->at++;
        else if (c == '#')
            while (!at_end(s) && peek(s, 0) != '\n')
                s->at++;
        else if (c != '\0' && strchr("\n;&|()<>", c) != NULL)
            read_operator(s);
        else
            read_command_word(s);
    }
    finish_command(s, SHELL_START, s->end);
}

static void split_range(struct splitter *outer, size_t begin, size_t end)
{
    if (outer->depth == DEPTH_MAX)
        return;
    struct splitter inner = {.arena = outer->arena,
                             .text = outer->text,
                             .at = begin,
                             .end = end,
                             .depth = outer->depth + 1,
                             .commands = outer->commands,
                             .joiner_begin = begin};
    split_all(&inner);
}

static void sort_by_begin(struct shell_commands *commands)
{
    /* Nested commands are found before the one they stand in is finished, so the list is nearly
     * sorted: insertion moves each only past the few it contains. */
    for (size_t i = 1; i < commands->count; i++) {
        struct shell_command command = commands->items[i];
        size_t k = i;
        for (; k > 0 && commands->items[k - 1].begin > command.begin; k--)
            commands->items[k] = commands->items[k - 1];
        commands->items[k] = command;
    }
}

void shell_split(struct arena *arena, struct view text, struct shell_commands *commands)
{
    struct splitter splitter = {
        .arena = arena, .text = text, .end = text.len, .commands = commands};
    split_all(&splitter);
    sort_by_begin(commands);
}

struct view shell_command_text(struct arena *arena, const struct shell_command *command)
{
    struct str text;
    str_init(&text, arena);
    for (size_t i = 0; i < command->word_count; i++) {
        if (i > 0)
            str_addc(&text, ' ');
        str_add(&text, command->words[i].text);
    }
    return str_view(&text);
}
