#include "shell_split.h"

#include <string.h>

enum { DEPTH_MAX = 32 };

enum construct { IN_LIST, IN_PAREN, IN_BRACE, IN_IF, IN_LOOP, IN_CASE };

/* A list being read: that of the text or substitution, or of an open compound command. */
struct level {
    enum construct kind;
    bool in_pattern;          /* IN_CASE: before the ')' of a branch */
    bool negated;             /* behind '!' */
    bool after_compound;      /* the element is a compound command that was closed */
    enum shell_joiner joiner; /* the operator behind the last element, and where it begins */
    size_t joiner_begin;
    size_t elements; /* begun so far */
    size_t last;     /* index + 1 of the last element if it is a simple command, else 0 */
};

/* The line that ends the body of a heredoc. */
struct heredoc_end {
    struct view name;
    bool cut_tabs;
};

struct splitter {
    struct arena *arena;
    struct view text;
    size_t at, end; /* what is left to read */
    int depth;      /* of substitutions and of quotes in them */
    bool is_inner;  /* a substitution is being read … */
    bool in_parens; /* … that ends with a ')' */
    bool closed;    /* it was read */
    bool odd;       /* the text is no correct shell */
    VEC(struct level) levels;
    struct shell_commands *commands;
    bool open;      /* a simple command has begun: */
    size_t command; /* its index */
    struct {
        struct shell_word *items;
        size_t count, capacity;
    } words;
    VEC(struct heredoc_end) heredocs; /* bodies that follow the next newline */
};

static char peek(const struct splitter *s, size_t ahead)
{
    return s->at + ahead < s->end ? s->text.ptr[s->at + ahead] : '\0';
}

static bool at_end(const struct splitter *s)
{
    return s->at >= s->end;
}

static bool is_among(char c, const char *set)
{
    return c != '\0' && strchr(set, c) != NULL;
}

static struct level *level_now(struct splitter *s)
{
    return &s->levels.items[s->levels.count - 1];
}

/* Step over a line that goes on behind a backslash. */
static bool skip_line_break(struct splitter *s)
{
    if (peek(s, 0) != '\\' || peek(s, 1) != '\n')
        return false;
    s->at += 2;
    return true;
}

static void skip_blanks(struct splitter *s)
{
    for (;;) {
        if (is_among(peek(s, 0), " \t\r"))
            s->at++;
        else if (!skip_line_break(s))
            return;
    }
}

static void skip_lines(struct splitter *s)
{
    for (skip_blanks(s); peek(s, 0) == '\n'; skip_blanks(s))
        s->at++;
}

static void skip_comment(struct splitter *s)
{
    while (!at_end(s) && peek(s, 0) != '\n')
        s->at++;
}

/* ---- substitutions */

static void split_all(struct splitter *s);

/* Read commands from here to `end`, or behind the ')' that ends them. */
static void split_inside(struct splitter *outer, size_t end, bool in_parens)
{
    struct splitter inner = {.arena = outer->arena,
                             .text = outer->text,
                             .at = outer->at,
                             .end = end,
                             .depth = outer->depth + 1,
                             .is_inner = true,
                             .in_parens = in_parens,
                             .commands = outer->commands};
    split_all(&inner);
    outer->at = inner.at;
    outer->odd |= inner.odd || (in_parens && !inner.closed);
}

/* Read a part in quotes. Gives where what they hold ends. */
static size_t read_single(struct splitter *s)
{
    size_t close = view_find(s->text, '\'', s->at + 1);
    s->odd |= close >= s->end;
    s->at = close < s->end ? close + 1 : s->end;
    return close < s->end ? close : s->end;
}

static void read_backquotes(struct splitter *s)
{
    size_t close = ++s->at;
    while (close < s->end && s->text.ptr[close] != '`')
        close += s->text.ptr[close] == '\\' ? 2 : 1;
    s->odd |= close >= s->end;
    close = close < s->end ? close : s->end;
    split_inside(s, close, false);
    s->at = close < s->end ? close + 1 : s->end;
}

static bool is_expansion(const struct splitter *s)
{
    return peek(s, 0) == '`' || (peek(s, 0) == '$' && is_among(peek(s, 1), "({"));
}

static void read_expansion(struct splitter *s, bool in_double);

static size_t read_double(struct splitter *s)
{
    for (s->at++; !at_end(s) && peek(s, 0) != '"';) {
        if (is_expansion(s))
            read_expansion(s, true);
        else
            s->at += peek(s, 0) == '\\' ? 2 : 1;
    }
    size_t close = at_end(s) ? s->end : s->at;
    s->odd |= at_end(s);
    s->at = at_end(s) ? s->end : s->at + 1;
    return close;
}

/* The rest of "${…}" or "$((…))", behind the opening brackets. */
static void read_brackets(struct splitter *s, char opening, char closing, size_t open,
                          bool in_double)
{
    while (!at_end(s) && open > 0) {
        char c = peek(s, 0);
        if (is_expansion(s)) {
            read_expansion(s, in_double);
        } else if (c == '"') {
            read_double(s);
        } else if (c == '\'' && !in_double) {
            read_single(s);
        } else {
            s->at += c == '\\' ? 2 : 1;
            open += c == opening ? 1 : 0;
            open -= c == closing ? 1 : 0;
        }
    }
    s->odd |= open > 0;
    s->at = s->at < s->end ? s->at : s->end;
}

/* "$(…)", "$((…))", "${…}" or "`…`". */
static void read_expansion(struct splitter *s, bool in_double)
{
    if (s->depth >= DEPTH_MAX) {
        s->odd = true;
        s->at++;
        return;
    }
    s->depth++;
    if (peek(s, 0) == '`') {
        read_backquotes(s);
    } else if (peek(s, 1) == '{') {
        s->at += 2;
        read_brackets(s, '\0', '}', 1, in_double);
    } else if (peek(s, 2) == '(') {
        s->at += 3;
        read_brackets(s, '(', ')', 2, true);
    } else {
        s->at += 2;
        split_inside(s, s->end, true);
    }
    s->depth--;
}

/* ---- words */

static bool ends_word(char c)
{
    return is_among(c, " \t\r\n;&|()<>");
}

static void add_double(struct str *text, struct view inside)
{
    for (size_t i = 0; i < inside.len; i++) {
        if (inside.ptr[i] == '\\' && i + 1 < inside.len && is_among(inside.ptr[i + 1], "$`\"\\\n"))
            i++;
        if (inside.ptr[i] != '\n' || i == 0 || inside.ptr[i - 1] != '\\')
            str_addc(text, inside.ptr[i]);
    }
}

/* Whether a '$' or '`' that no backslash stands before is in the text. */
static bool has_expansion(struct view text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '\\')
            i++;
        else if (text.ptr[i] == '$' || text.ptr[i] == '`')
            return true;
    }
    return false;
}

/* "$'…\'…'": bash and other shells find another end of it. */
static bool is_bash_text(const struct splitter *s)
{
    if (peek(s, 0) != '$' || peek(s, 1) != '\'')
        return false;
    size_t begin = s->at + 2, end = view_find(s->text, '\'', begin);
    return view_find(view_slice(s->text, begin, end), '\\', 0) < end - begin;
}

/* The quoted part or expansion that begins here; what it says is added to `text`. */
static void read_part(struct splitter *s, struct shell_word *word, struct str *text)
{
    size_t begin = s->at;
    if (peek(s, 0) == '\'') {
        str_add(text, view_slice(s->text, begin + 1, read_single(s)));
    } else if (peek(s, 0) == '"') {
        struct view inside = view_slice(s->text, begin + 1, read_double(s));
        word->live |= has_expansion(inside);
        add_double(text, inside);
    } else if (is_expansion(s)) {
        word->live = true;
        read_expansion(s, false);
        str_add(text, view_slice(s->text, begin, s->at));
    } else {
        word->live |= peek(s, 0) == '$';
        s->odd |= is_bash_text(s);
        s->at += peek(s, 0) == '\\' && s->at + 1 < s->end ? 1 : 0;
        str_addc(text, s->text.ptr[s->at]);
        s->at++;
    }
}

/* "<(…)": bash's process substitution is a word. */
static bool is_process(const struct splitter *s)
{
    return is_among(peek(s, 0), "<>") && peek(s, 1) == '(' && s->depth < DEPTH_MAX;
}

static void read_process(struct splitter *s, struct shell_word *word)
{
    if (!is_process(s))
        return;
    s->at += 2;
    word->live = true;
    split_inside(s, s->end, true);
}

/* Read one word. A plain one, by far the most common kind, is not copied. */
static struct shell_word read_word(struct splitter *s)
{
    struct shell_word word = {.begin = s->at};
    struct str text;
    str_init(&text, s->arena);
    read_process(s, &word);
    while (!at_end(s) && !ends_word(peek(s, 0)) && !is_among(peek(s, 0), "'\"`$\\"))
        s->at++;
    size_t plain = s->at;
    if (at_end(s) || ends_word(peek(s, 0))) {
        word.end = s->at;
        word.text = view_slice(s->text, word.begin, word.end);
        return word;
    }
    str_add(&text, view_slice(s->text, word.begin, plain));
    while (!at_end(s) && !ends_word(peek(s, 0)))
        if (!skip_line_break(s))
            read_part(s, &word, &text);
    word.end = s->at;
    word.text = str_view(&text);
    return word;
}

/* ---- lists */

static void end_list(struct splitter *s)
{
    struct level *level = level_now(s);
    if (level->joiner == SHELL_SEQUENCE && level->last > 0)
        s->commands->items[level->last - 1].after = SHELL_START;
    s->odd |=
        level->joiner == SHELL_AND || level->joiner == SHELL_OR || level->joiner == SHELL_PIPE;
}

static void start_list(struct level *level)
{
    *level = (struct level){.kind = level->kind, .in_pattern = level->in_pattern};
}

static void begin_element(struct splitter *s)
{
    struct level *level = level_now(s);
    s->odd |= level->after_compound;
    level->elements++;
    level->last = 0;
    level->after_compound = false;
    level->joiner = SHELL_START;
}

static void begin_command(struct splitter *s, size_t at)
{
    if (s->open)
        return;
    struct level *level = level_now(s);
    struct shell_command command = {
        .begin = at, .end = at, .before = level->joiner, .before_begin = level->joiner_begin};
    begin_element(s);
    command.element = level->elements;
    command.nested = s->is_inner || s->levels.count > 1 || level->negated;
    s->open = true;
    s->command = s->commands->count;
    level->last = s->command + 1;
    s->words.items = NULL; /* the words before belong to their command */
    s->words.count = s->words.capacity = 0;
    VEC_PUSH(s->arena, s->commands, command);
}

static void find_program(const struct splitter *s, struct shell_command *command);

static void finish_command(struct splitter *s)
{
    if (!s->open)
        return;
    s->open = false;
    find_program(s, &s->commands->items[s->command]);
}

/* A command turned out to be something else: it was begun last, and holds no other. */
static void drop_command(struct splitter *s)
{
    struct level *level = level_now(s);
    s->open = false;
    s->commands->count--;
    level->joiner = s->commands->items[s->command].before;
    level->elements--;
    level->last = 0;
}

static void open_level(struct splitter *s, enum construct kind)
{
    finish_command(s);
    begin_element(s);
    VEC_PUSH(s->arena, &s->levels, (struct level){.kind = kind});
}

static void close_level(struct splitter *s)
{
    finish_command(s);
    end_list(s);
    s->levels.count--;
    level_now(s)->after_compound = true;
}

static void join(struct splitter *s, enum shell_joiner joiner, size_t length)
{
    struct level *level = level_now(s);
    bool is_newline = peek(s, 0) == '\n';
    size_t begin = s->at;
    s->at += length;
    finish_command(s);
    if (level->elements == 0 || level->joiner != SHELL_START) {
        s->odd |= !is_newline;
        if (level->joiner == SHELL_SEQUENCE)
            level->joiner_begin = begin;
        return;
    }
    level->joiner = joiner;
    level->joiner_begin = begin;
    level->after_compound = false;
    level->negated &= joiner == SHELL_PIPE;
    if (level->last == 0)
        return;
    struct shell_command *last = &s->commands->items[level->last - 1];
    last->after = joiner;
    last->after_end = s->at;
}

/* ---- what a command runs */

static bool is_assignment(const struct splitter *s, const struct shell_word *word)
{
    struct view raw = view_slice(s->text, word->begin, word->end);
    size_t equals = view_find(raw, '=', 0);
    size_t end = equals > 0 && equals < raw.len && raw.ptr[equals - 1] == '+' ? equals - 1 : equals;
    for (size_t i = 0; i < end; i++)
        if (!is_alpha(raw.ptr[i]) && raw.ptr[i] != '_' && (i == 0 || !is_digit(raw.ptr[i])))
            return false;
    return end > 0 && equals < raw.len;
}

static bool is_listed(struct view text, const char *const *list)
{
    for (; *list != NULL; list++)
        if (view_is(text, *list))
            return true;
    return false;
}

/* A program that runs another one. */
struct runner {
    const char *name;
    size_t operands;                  /* words before the other program */
    const char *const with_value[16]; /* options whose value is the next word */
};

static const struct runner *find_runner(struct view name)
{
    static const struct runner runners[] = {
        {"sudo",
         0,
         {"-u", "-g", "-h", "-p", "-C", "-r", "-t", "-T", "-D", "-R", "-U", "--user", "--group",
          "--host", "--chdir"}},
        {"env", 0, {"-u", "--unset", "-C", "--chdir"}},
        {"exec", 0, {"-a"}},
        {"time", 0, {"-f", "--format", "-o", "--output"}},
        {"nice", 0, {"-n", "--adjustment"}},
        {"timeout", 1, {"-k", "--kill-after", "-s", "--signal"}},
        {"nohup", 0, {NULL}},
        {"command", 0, {NULL}},
    };
    for (size_t i = 0; i < sizeof(runners) / sizeof(runners[0]); i++)
        if (view_is(name, runners[i].name))
            return &runners[i];
    return NULL;
}

/* Index of the first word behind the options and operands of a runner. */
static size_t skip_runner(const struct splitter *s, const struct runner *runner, size_t at)
{
    for (at++; at < s->words.count && view_starts(s->words.items[at].text, "-"); at++) {
        struct view option = s->words.items[at].text;
        if (view_is(option, "--")) {
            at++;
            break;
        }
        at += is_listed(option, runner->with_value) ? 1 : 0;
    }
    return at + runner->operands;
}

static size_t skip_assignments(const struct splitter *s, size_t at)
{
    while (at < s->words.count && is_assignment(s, &s->words.items[at]))
        at++;
    return at;
}

/* "command -v pip" runs nothing. */
static bool only_asks(const struct splitter *s, size_t at)
{
    return view_is(s->words.items[at].text, "command") && at + 1 < s->words.count &&
           (view_starts(s->words.items[at + 1].text, "-v") ||
            view_starts(s->words.items[at + 1].text, "-V"));
}

/* The words from the program on: behind assignments, and behind sudo, env, exec and their kind,
 * unless nothing follows those. */
static void find_program(const struct splitter *s, struct shell_command *command)
{
    size_t at = skip_assignments(s, 0), count = s->words.count;
    while (at < count && !only_asks(s, at)) {
        const struct runner *runner = find_runner(s->words.items[at].text);
        size_t next = runner == NULL ? count : skip_assignments(s, skip_runner(s, runner, at));
        if (next >= count)
            break;
        command->has_sudo |= view_is(s->words.items[at].text, "sudo");
        at = next;
    }
    command->word_count = count - at;
    if (command->word_count > 0)
        command->words = s->words.items + at;
}

/* ---- compound commands */

/* The bare word that stands here is `name`. */
static bool is_next(const struct splitter *s, const char *name)
{
    size_t length = strlen(name);
    return s->at + length <= s->end && memcmp(s->text.ptr + s->at, name, length) == 0 &&
           (s->at + length == s->end || ends_word(peek(s, length)));
}

static void read_words_to_line_end(struct splitter *s)
{
    for (skip_blanks(s); !at_end(s) && !is_among(peek(s, 0), ";\n"); skip_blanks(s)) {
        size_t begin = s->at;
        if (peek(s, 0) == '#')
            skip_comment(s);
        else
            read_word(s);
        if (s->at > begin)
            continue;
        s->odd = true;
        return;
    }
}

/* "for NAME in WORD…;", "for NAME", "for ((…))": up to what is before "do". */
static void read_for(struct splitter *s)
{
    open_level(s, IN_LOOP);
    skip_blanks(s);
    if (peek(s, 0) == '(' && peek(s, 1) == '(') {
        s->at += 2;
        read_brackets(s, '(', ')', 2, true);
    } else {
        read_word(s);
    }
    skip_lines(s);
    if (is_next(s, "in")) {
        s->at += strlen("in");
        read_words_to_line_end(s);
    }
    skip_blanks(s);
    s->at += peek(s, 0) == ';' ? 1 : 0;
}

/* "case WORD in": up to the first pattern. */
static void read_case(struct splitter *s)
{
    open_level(s, IN_CASE);
    skip_blanks(s);
    read_word(s);
    skip_lines(s);
    s->odd |= !is_next(s, "in");
    s->at += is_next(s, "in") ? strlen("in") : 0;
    level_now(s)->in_pattern = true;
}

/* One piece of "PATTERN|PATTERN)". */
static void read_pattern(struct splitter *s)
{
    char c = peek(s, 0);
    size_t begin = s->at;
    if (is_next(s, "esac")) {
        s->at += strlen("esac");
        close_level(s);
    } else if (c == ')') {
        s->at++;
        level_now(s)->in_pattern = false;
        start_list(level_now(s));
    } else if (c == '\n' || c == '(' || c == '|') {
        s->at++;
    } else if (c == '#') {
        skip_comment(s);
    } else {
        read_word(s);
        s->odd |= s->at == begin;
        s->at += s->at == begin ? 1 : 0;
    }
}

/* "[[ … ]]": bash's test, in which operators are words. */
static void read_test(struct splitter *s)
{
    while (!at_end(s)) {
        skip_lines(s);
        size_t begin = s->at;
        struct shell_word word = read_word(s);
        if (s->at == begin) {
            s->at += at_end(s) ? 0 : 1;
            continue;
        }
        VEC_PUSH(s->arena, &s->words, word);
        s->commands->items[s->command].end = word.end;
        if (view_is(word.text, "]]"))
            return;
    }
    s->odd = true;
}

/* "function NAME", its "()" left out: what follows is the body. */
static void read_function(struct splitter *s)
{
    skip_blanks(s);
    read_word(s);
    skip_blanks(s);
    if (peek(s, 0) == '(' && peek(s, 1) == ')')
        s->at += 2;
}

static void negate(struct splitter *s)
{
    level_now(s)->negated = true;
    s->odd |= level_now(s)->joiner == SHELL_PIPE;
}

static void divide(struct splitter *s)
{
    end_list(s);
    start_list(level_now(s));
}

static bool opens_or_divides(struct splitter *s, struct view word, enum construct kind)
{
    static const char *const dividers[] = {"then", "elif", "else", NULL};
    if (view_is(word, "if"))
        open_level(s, IN_IF);
    else if (view_is(word, "while") || view_is(word, "until"))
        open_level(s, IN_LOOP);
    else if (view_is(word, "{"))
        open_level(s, IN_BRACE);
    else if (view_is(word, "for") || view_is(word, "select"))
        read_for(s);
    else if (view_is(word, "case"))
        read_case(s);
    else if (view_is(word, "function"))
        read_function(s);
    else if (view_is(word, "!"))
        negate(s);
    else if ((kind == IN_IF && is_listed(word, dividers)) ||
             (kind == IN_LOOP && view_is(word, "do")))
        divide(s);
    else
        return false;
    return true;
}

/* Words that open, divide and close compound commands, where a command could begin. */
static bool take_reserved(struct splitter *s, struct view word)
{
    static const char *const strays[] = {"then", "elif", "else", "do", "fi",
                                         "done", "}",    "esac", NULL};
    enum construct kind = level_now(s)->kind;
    size_t begin = s->at;
    bool closes =
        (kind == IN_IF && view_is(word, "fi")) || (kind == IN_LOOP && view_is(word, "done")) ||
        (kind == IN_BRACE && view_is(word, "}")) || (kind == IN_CASE && view_is(word, "esac"));
    s->at += word.len;
    if (closes)
        close_level(s);
    if (closes || opens_or_divides(s, word, kind))
        return true;
    s->odd |= is_listed(word, strays);
    s->at = begin;
    return false;
}

/* ---- redirections and heredocs */

static void read_heredoc_word(struct splitter *s)
{
    struct heredoc_end heredoc = {.cut_tabs = peek(s, 2) == '-'};
    s->at += heredoc.cut_tabs ? 3 : 2;
    skip_blanks(s);
    heredoc.name = read_word(s).text;
    VEC_PUSH(s->arena, &s->heredocs, heredoc);
    if (s->open)
        s->commands->items[s->command].has_heredoc = true;
    else
        s->odd = true; /* of a compound command: not worth more */
}

/* A redirection; `begin` is that of the number before it. */
static void read_redirection(struct splitter *s, size_t begin)
{
    if (!level_now(s)->after_compound)
        begin_command(s, begin);
    if (peek(s, 0) == '<' && peek(s, 1) == '<' && peek(s, 2) != '<') {
        read_heredoc_word(s);
    } else {
        /* "&>" is bash's; other shells read '&' and '>'. */
        if (s->open && peek(s, 0) == '&')
            s->commands->items[s->command].nested = true;
        while (is_among(peek(s, 0), "<>&|"))
            s->at++;
        skip_blanks(s);
        size_t target = s->at;
        read_word(s);
        s->odd |= s->at == target;
    }
    if (s->open)
        s->commands->items[s->command].end = s->at;
}

/* Behind a newline: skip the bodies of the heredocs of the line. The newline that ends them counts
 * as the one before the next command. */
static void skip_heredocs(struct splitter *s)
{
    struct level *level = level_now(s);
    if (s->heredocs.count == 0)
        return;
    for (size_t i = 0; i < s->heredocs.count; i++) {
        bool found = false;
        while (!at_end(s) && !found) {
            size_t end = view_find(s->text, '\n', s->at);
            end = end < s->end ? end : s->end;
            size_t begin = s->at;
            while (s->heredocs.items[i].cut_tabs && begin < end && s->text.ptr[begin] == '\t')
                begin++;
            found = view_equal(view_slice(s->text, begin, end), s->heredocs.items[i].name);
            s->at = end < s->end ? end + 1 : s->end;
        }
    }
    s->heredocs.count = 0;
    s->odd |= level->joiner != SHELL_SEQUENCE;
    level->joiner_begin = s->at - 1;
}

/* ---- the loop */

/* "NAME=(" of bash: a list of words, not commands. */
static bool take_array(struct splitter *s)
{
    size_t count = s->words.count;
    if (!s->open || count == 0 || s->words.items[count - 1].end != s->at ||
        s->text.ptr[s->at - 1] != '=' || !is_assignment(s, &s->words.items[count - 1]))
        return false;
    for (s->at++; !at_end(s) && peek(s, 0) != ')'; skip_lines(s)) {
        size_t begin = s->at;
        if (peek(s, 0) == '#')
            skip_comment(s);
        else
            read_word(s);
        s->at += s->at == begin ? 1 : 0;
    }
    s->odd |= at_end(s);
    s->at += at_end(s) ? 0 : 1;
    s->words.items[count - 1].end = s->at;
    s->commands->items[s->command].end = s->at;
    return true;
}

/* "NAME()": what follows is the body of a function, run where it is called. */
static bool take_function(struct splitter *s)
{
    if (!s->open || s->words.count != 1 || s->command + 1 != s->commands->count)
        return false;
    size_t begin = s->at++;
    skip_blanks(s);
    if (peek(s, 0) != ')') {
        s->at = begin;
        return false;
    }
    s->at++;
    drop_command(s);
    return true;
}

static void read_open_paren(struct splitter *s)
{
    if (take_array(s) || take_function(s))
        return;
    s->odd |= s->open;
    s->at++;
    open_level(s, IN_PAREN);
}

static void read_close_paren(struct splitter *s)
{
    s->at++;
    if (level_now(s)->kind == IN_PAREN) {
        close_level(s);
    } else if (s->in_parens && s->levels.count == 1) {
        s->closed = true;
    } else {
        finish_command(s);
        s->odd = true;
    }
}

/* ";;" and bash's ";&", ";;&" end a branch of a case. */
static bool take_branch_end(struct splitter *s)
{
    if (level_now(s)->kind != IN_CASE || peek(s, 0) != ';' || !is_among(peek(s, 1), ";&"))
        return false;
    s->at += peek(s, 2) == '&' && peek(s, 1) == ';' ? 3 : 2;
    finish_command(s);
    end_list(s);
    level_now(s)->in_pattern = true;
    return true;
}

static void read_operator(struct splitter *s)
{
    char c = peek(s, 0), next = peek(s, 1);
    if (c == '\n') {
        join(s, SHELL_SEQUENCE, 1);
        skip_heredocs(s);
    } else if (c == '(') {
        read_open_paren(s);
    } else if (c == ')') {
        read_close_paren(s);
    } else if (c == '<' || c == '>' || (c == '&' && next == '>')) {
        read_redirection(s, s->at);
    } else if (c == '&') {
        join(s, next == '&' ? SHELL_AND : SHELL_BACKGROUND, next == '&' ? 2 : 1);
    } else if (c == '|') {
        join(s, next == '|' ? SHELL_OR : SHELL_PIPE, next == '|' || next == '&' ? 2 : 1);
    } else if (!take_branch_end(s)) {
        join(s, SHELL_SEQUENCE, 1);
    }
}

/* The word that begins here when nothing in it is quoted or expanded; otherwise "". */
static struct view bare_word(const struct splitter *s)
{
    size_t end = s->at;
    while (end < s->end && !is_among(s->text.ptr[end], " \t\r\n;&|()<>'\"`$\\"))
        end++;
    bool bare = end == s->end || ends_word(s->text.ptr[end]);
    return view_slice(s->text, s->at, bare ? end : s->at);
}

/* "2>": a number directly before a redirection belongs to it. */
static bool take_descriptor(struct splitter *s, struct view word)
{
    size_t begin = s->at;
    for (size_t i = 0; i < word.len; i++)
        if (!is_digit(word.ptr[i]))
            return false;
    if (word.len == 0 || !is_among(peek(s, word.len), "<>"))
        return false;
    s->at += word.len;
    read_redirection(s, begin);
    return true;
}

static void read_command_word(struct splitter *s)
{
    struct view bare = s->open && !is_digit(peek(s, 0)) ? VIEW("") : bare_word(s);
    if (take_descriptor(s, bare) || (!s->open && take_reserved(s, bare)))
        return;
    begin_command(s, s->at);
    struct shell_word word = read_word(s);
    s->commands->items[s->command].end = word.end;
    VEC_PUSH(s->arena, &s->words, word);
    if (s->words.count == 1 && view_is(bare, "[["))
        read_test(s);
}

static void split_all(struct splitter *s)
{
    VEC_PUSH(s->arena, &s->levels, (struct level){.kind = IN_LIST});
    while (!s->closed) {
        skip_blanks(s);
        if (at_end(s))
            break;
        if (level_now(s)->in_pattern)
            read_pattern(s);
        else if (peek(s, 0) == '#')
            skip_comment(s);
        else if (is_among(peek(s, 0), "\n;&|()<>") && !is_process(s))
            read_operator(s);
        else
            read_command_word(s);
    }
    finish_command(s);
    end_list(s);
    s->odd |= s->levels.count > 1;
}

void shell_split(struct arena *arena, struct view text, struct shell_commands *commands)
{
    size_t first = commands->count;
    struct splitter splitter = {
        .arena = arena, .text = text, .end = text.len, .commands = commands};
    split_all(&splitter);
    for (size_t i = first; splitter.odd && i < commands->count; i++)
        commands->items[i].nested = true;
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
