#include "parse_args.h"

#include "json.h"
#include "utf8.h"

enum { ONBUILD_DEPTH_MAX = 8 };

/* Blank bytes of the flag reader, which works on bytes: 0x85 and 0xa0 are Unicode's white space
 * below 256, whatever character they are a part of. */
static bool is_flag_blank(char c)
{
    return is_blank(c) || c == '\n' || (unsigned char)c == 0x85 || (unsigned char)c == 0xa0;
}

static void report(struct args_reader *reader, const char *code, size_t begin, size_t end,
                   const char *message)
{
    struct span at = instruction_span(reader->file, reader->outer, begin, end);
    diag_add(reader->diags, DIAG_ERROR, code, at, "%s", message);
}

/* BuildKit appends each byte of a flag as a character of its own. */
static void add_widened(struct str *text, char c)
{
    unsigned char byte = (unsigned char)c;
    if (byte >= 0x80) {
        str_addc(text, (char)(0xc0 | byte >> 6));
        c = (char)(0x80 | (byte & 0x3f));
    }
    str_addc(text, c);
}

/* Read the flag word at `at`: quotes group and are dropped, the escape character takes the next
 * byte as it is. Gives the end of the word. */
static size_t read_flag(const struct args_reader *reader, size_t at, size_t end, struct str *text)
{
    const char *p = reader->outer->joined.ptr;
    char quote = '\0';
    for (; at < end; at++) {
        if (quote == '\0' && is_flag_blank(p[at]))
            break;
        if (p[at] == reader->file->escape) {
            if (at + 1 < end)
                add_widened(text, p[++at]);
        } else if (quote == '\0' && (p[at] == '\'' || p[at] == '"')) {
            quote = p[at];
        } else if (quote != '\0' && p[at] == quote) {
            quote = '\0';
        } else {
            add_widened(text, p[at]);
        }
    }
    return at;
}

/* Read the flags that begin at `at`; gives where the arguments begin. */
static size_t read_flags(struct args_reader *reader, struct instruction *inst, size_t at,
                         size_t end)
{
    VEC(struct flag) flags = {0};
    const char *p = reader->outer->joined.ptr;
    for (;;) {
        while (at < end && is_flag_blank(p[at]))
            at++;
        if (end - at < 2 || p[at] != '-' || p[at + 1] != '-')
            break;
        struct str text;
        str_init(&text, reader->arena);
        size_t begin = at;
        at = read_flag(reader, at, end, &text);
        if (view_is(str_view(&text), "--"))
            break;
        VEC_PUSH(reader->arena, &flags, (struct flag){str_view(&text), begin, at});
    }
    inst->flags = flags.items;
    inst->flag_count = flags.count;
    return at;
}

static void set_args(struct instruction *inst, const struct word_list *words)
{
    inst->args = words->items;
    inst->arg_count = words->count;
}

static void add_word(struct args_reader *reader, struct word_list *words, struct view word)
{
    VEC_PUSH(reader->arena, words, word);
}

static void split_blanks(struct args_reader *reader, struct view text, struct word_list *words)
{
    size_t at = 0;
    while (at < text.len) {
        size_t begin = at;
        while (at < text.len && !is_blank(text.ptr[at]))
            at++;
        add_word(reader, words, view_slice(text, begin, at));
        while (at < text.len && is_blank(text.ptr[at]))
            at++;
    }
}

/* The arguments as JSON; false: they are in shell form. */
static bool read_json(struct args_reader *reader, struct instruction *inst, struct view text,
                      struct word_list *words)
{
    struct json_strings strings = {0};
    enum json_kind kind = json_read_strings(reader->arena, text, &strings);
    if (kind == JSON_OTHER)
        report(reader, "json-strings", inst->args_at, inst->args_at + inst->args_raw.len,
               "an element of this JSON array is not a string");
    if (kind != JSON_STRINGS)
        return false;
    for (size_t i = 0; i < strings.count; i++)
        add_word(reader, words, strings.items[i]);
    inst->json = true;
    return true;
}

/* State of the splitter of ENV, LABEL and ARG. Quotes and escapes stay in the words. */
struct pair_splitter {
    struct view text;
    char escape;
    size_t at;
};

/* Step over the character at `at`, taking an escaped one along. False: the word's last character
 * is a lone escape, which is dropped. */
static bool step_character(struct pair_splitter *s, bool escapes)
{
    size_t length;
    if (escapes && s->text.ptr[s->at] == s->escape) {
        if (s->at + 1 >= s->text.len)
            return false;
        s->at++;
    }
    utf8_decode(s->text, s->at, &length);
    s->at += length;
    return true;
}

/* Read the next word; false at the end. */
static bool next_pair_word(struct pair_splitter *s, struct view *word)
{
    size_t length;
    while (s->at < s->text.len && utf8_is_space(utf8_decode(s->text, s->at, &length)))
        s->at += length;
    size_t begin = s->at;
    char quote = '\0';
    while (s->at < s->text.len) {
        char c = s->text.ptr[s->at];
        if (quote == '\0' && utf8_is_space(utf8_decode(s->text, s->at, &length)))
            break;
        bool in_single = quote == '\'';
        if (quote == '\0' && (c == '\'' || c == '"'))
            quote = c;
        else if (c == quote)
            quote = '\0';
        if (!step_character(s, !in_single)) {
            *word = view_slice(s->text, begin, s->at);
            s->at = s->text.len;
            return word->len > 0;
        }
    }
    *word = view_slice(s->text, begin, s->at);
    return word->len > 0;
}

static void split_pairs(struct args_reader *reader, struct view text, struct word_list *words)
{
    struct pair_splitter splitter = {.text = text, .escape = reader->file->escape};
    struct view word;
    while (next_pair_word(&splitter, &word))
        add_word(reader, words, word);
}

/* "ENV name value with blanks": the old form, one name. */
static void read_old_pair(struct args_reader *reader, struct instruction *inst,
                          struct word_list *args)
{
    struct view text = inst->args_raw;
    size_t end = 0, value;
    while (end < text.len && !is_blank(text.ptr[end]))
        end++;
    for (value = end; value < text.len && is_blank(text.ptr[value]);)
        value++;
    if (end == text.len) {
        const char *name = keyword_info(inst->keyword)->upper;
        struct span at =
            instruction_span(reader->file, reader->outer, inst->args_at, inst->args_at + text.len);
        struct diag *diag = diag_add(reader->diags, DIAG_ERROR, "missing-value", at,
                                     "%s needs a name and a value", name);
        diag_help(diag, "write '%s %.*s=VALUE'", name, VIEW_ARG(text));
        return;
    }
    add_word(reader, args, view_slice(text, 0, end));
    add_word(reader, args, view_slice(text, value, text.len));
    add_word(reader, args, VIEW(""));
}

static bool add_pair(struct args_reader *reader, struct instruction *inst, struct view word,
                     struct word_list *args)
{
    size_t equals = view_find(word, '=', 0);
    if (equals == word.len) {
        size_t at = (size_t)(word.ptr - reader->outer->joined.ptr);
        struct span span = instruction_span(reader->file, reader->outer, at, at + word.len);
        struct diag *diag = diag_add(reader->diags, DIAG_ERROR, "missing-equals", span,
                                     "'%.*s' has no '='", VIEW_ARG(word));
        diag_help(diag, "write %s NAME=VALUE, in quotes when the value has blanks",
                  keyword_info(inst->keyword)->upper);
        return false;
    }
    add_word(reader, args, view_slice(word, 0, equals));
    add_word(reader, args, view_slice(word, equals + 1, word.len));
    add_word(reader, args, VIEW("="));
    return true;
}

static void read_pairs(struct args_reader *reader, struct instruction *inst)
{
    struct word_list words = {0}, args = {0};
    split_pairs(reader, inst->args_raw, &words);
    if (words.count > 0 && view_find(words.items[0], '=', 0) == words.items[0].len) {
        read_old_pair(reader, inst, &args);
    } else {
        for (size_t i = 0; i < words.count; i++)
            if (!add_pair(reader, inst, words.items[i], &args))
                break;
    }
    set_args(inst, &args);
}

static void read_health(struct args_reader *reader, struct instruction *inst)
{
    struct word_list words = {0};
    struct view text = inst->args_raw;
    size_t end = 0, rest;
    while (end < text.len && !is_flag_blank(text.ptr[end]))
        end++;
    for (rest = end; rest < text.len && is_flag_blank(text.ptr[rest]);)
        rest++;
    if (end > 0) {
        struct view command = view_slice(text, rest, text.len);
        add_word(reader, &words, view_slice(text, 0, end));
        if (command.len > 0 && !read_json(reader, inst, command, &words))
            add_word(reader, &words, command);
    }
    set_args(inst, &words);
}

static void read_onbuild(struct args_reader *reader, struct instruction *inst)
{
    /* BuildKit's second phase refuses ONBUILD ONBUILD, so few levels are all that is ever needed;
     * without a bound, a long line of them would use up the stack. */
    if (inst->args_raw.len == 0 || reader->depth == ONBUILD_DEPTH_MAX)
        return;
    reader->depth++;
    inst->sub = ARENA_NEW(reader->arena, struct instruction);
    inst->sub->joined = reader->outer->joined;
    inst->sub->pieces = reader->outer->pieces;
    inst->sub->piece_count = reader->outer->piece_count;
    args_read_instruction(reader, inst->sub, inst->args_at, inst->args_at + inst->args_raw.len);
}

static void read_words(struct args_reader *reader, struct instruction *inst, enum form form)
{
    struct word_list words = {0};
    struct view text = inst->args_raw;
    bool may_be_json = form == FORM_COMMAND || form == FORM_PATHS;
    if (form == FORM_IGNORED) {
        add_word(reader, &words, VIEW(""));
    } else if (form == FORM_NAMES) {
        split_pairs(reader, text, &words);
    } else if (text.len > 0 && !(may_be_json && read_json(reader, inst, text, &words))) {
        if (form == FORM_PATHS || form == FORM_WORDS)
            split_blanks(reader, text, &words);
        else
            add_word(reader, &words, text);
    }
    set_args(inst, &words);
}

static void read_args(struct args_reader *reader, struct instruction *inst)
{
    enum form form = keyword_info(inst->keyword)->form;
    switch (form) {
    case FORM_PAIRS:
        read_pairs(reader, inst);
        break;
    case FORM_HEALTH:
        read_health(reader, inst);
        break;
    case FORM_INSTRUCTION:
        read_onbuild(reader, inst);
        break;
    default:
        read_words(reader, inst, form);
    }
}

/* The rest of the line behind the flags, trimmed. */
static void set_rest(struct args_reader *reader, struct instruction *inst, size_t at, size_t end)
{
    inst->args_raw = utf8_trim(view_slice(reader->outer->joined, at, end));
    inst->args_at = (size_t)(inst->args_raw.ptr - reader->outer->joined.ptr);
}

/* Reads the name at `at`; gives where the rest begins. */
static size_t read_name(struct args_reader *reader, struct instruction *inst, size_t at, size_t end)
{
    const char *p = reader->outer->joined.ptr;
    size_t begin = at;
    while (at < end && !is_blank(p[at]))
        at++;
    inst->name = view_slice(reader->outer->joined, begin, at);
    while (at < end && is_blank(p[at]))
        at++;
    return at;
}

void args_read_instruction(struct args_reader *reader, struct instruction *inst, size_t begin,
                           size_t end)
{
    inst->name_at = begin;
    size_t at = read_name(reader, inst, begin, end);
    inst->keyword = keyword_find(inst->name);
    at = read_flags(reader, inst, at, end);
    set_rest(reader, inst, at, end);
    read_args(reader, inst);
}

void args_read_directive(struct args_reader *reader, size_t begin, size_t end)
{
    struct instruction *inst = reader->outer;
    inst->name_at = begin;
    size_t at = read_name(reader, inst, begin + 1, end);
    set_rest(reader, inst, at, end);
}
