#include "dump.h"

#include "utf8.h"

#include <string.h>

enum { RUN_LENGTH = 64 };

static bool is_visible(uint32_t code)
{
    static const uint32_t hidden[][2] = {
        {0x00, 0x1f},     {'%', '%'},       {0x7f, 0xa0},     {0xad, 0xad},
        {0x1680, 0x1680}, {0x2000, 0x200f}, {0x2028, 0x202f}, {0x205f, 0x206f},
        {0x3000, 0x3000}, {0xfeff, 0xfeff}, {0xfff9, 0xffff},
    };
    for (size_t i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++)
        if (code >= hidden[i][0] && code <= hidden[i][1])
            return false;
    return true;
}

/* How often the ASCII character at `at` stands there in a row; 1 for all others. */
static size_t run_length(struct view value, size_t at)
{
    size_t end = at + 1;
    if ((unsigned char)value.ptr[at] < 0x80)
        while (end < value.len && value.ptr[end] == value.ptr[at])
            end++;
    return end - at;
}

void dump_value(struct str *out, struct view value)
{
    size_t step;
    for (size_t at = 0; at < value.len; at += step) {
        size_t run = run_length(value, at), length;
        uint32_t code = utf8_decode(value, at, &length);
        step = length;
        if (run >= RUN_LENGTH) {
            str_addf(out, "%%{%zu}", run);
            step = run;
        }
        if (is_visible(code) && !(code == ' ' && at + step == value.len)) {
            str_add(out, view_slice(value, at, at + length));
            continue;
        }
        for (size_t i = at; i < at + length; i++)
            str_addf(out, "%%%02x", (unsigned)(unsigned char)value.ptr[i]);
    }
}

static void add_line(struct str *out, size_t indent, const char *tag, struct view value)
{
    str_fill(out, ' ', indent);
    str_addz(out, tag);
    if (value.len > 0)
        str_addc(out, ' ');
    dump_value(out, value);
    str_addc(out, '\n');
}

static void add_name(struct str *out, const char *sigil, struct view name)
{
    struct str lower;
    str_init(&lower, out->arena);
    str_addz(&lower, sigil);
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        str_addc(&lower, c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c);
    }
    if (lower.len > 0)
        str_addc(out, ' ');
    dump_value(out, str_view(&lower));
    str_addc(out, '\n');
}

static void add_body(struct str *out, size_t indent, struct view body)
{
    while (body.len > 0) {
        size_t end = view_find(body, '\n', 0);
        bool whole = end < body.len;
        add_line(out, indent, whole ? ">" : ".", view_slice(body, 0, end));
        body = view_slice(body, whole ? end + 1 : end, body.len);
    }
}

static void add_heredocs(struct str *out, size_t indent, const struct instruction *inst)
{
    for (size_t i = 0; i < inst->heredoc_count; i++) {
        const struct heredoc *heredoc = &inst->heredocs[i];
        add_line(out, indent, "heredoc", heredoc->word.name);
        if (heredoc->word.fd != 0) {
            str_fill(out, ' ', indent + 2);
            str_addf(out, "fd %llu\n", (unsigned long long)heredoc->word.fd);
        }
        if (!heredoc->word.expand)
            add_line(out, indent + 2, "literal", VIEW(""));
        if (heredoc->word.chomp)
            add_line(out, indent + 2, "chomp", VIEW(""));
        add_body(out, indent + 2, heredoc->body);
    }
}

/* Whether the raw text is the arguments with a blank between each two. */
static bool raw_is_args(const struct instruction *inst)
{
    struct view rest = inst->args_raw;
    for (size_t i = 0; i < inst->arg_count; i++) {
        struct view arg = inst->args[i];
        if (i > 0) {
            if (rest.len == 0 || rest.ptr[0] != ' ')
                return false;
            rest = view_slice(rest, 1, rest.len);
        }
        if (rest.len < arg.len || !view_equal(view_slice(rest, 0, arg.len), arg))
            return false;
        rest = view_slice(rest, arg.len, rest.len);
    }
    return rest.len == 0;
}

/* All that follows the name of `inst`; the levels of ONBUILD are few, a loop goes down. */
static void add_instruction(struct str *out, size_t indent, const struct instruction *inst,
                            bool directive)
{
    for (; inst != NULL; inst = inst->sub, indent += 2) {
        for (size_t i = 0; i < inst->flag_count; i++)
            add_line(out, indent, "flag", inst->flags[i].text);
        if (directive || !raw_is_args(inst))
            add_line(out, indent, "raw", inst->args_raw);
        if (inst->json)
            add_line(out, indent, "json", VIEW(""));
        for (size_t i = 0; i < inst->arg_count; i++)
            add_line(out, indent, "arg", inst->args[i]);
        add_heredocs(out, indent, inst);
        if (inst->sub != NULL) {
            str_fill(out, ' ', indent);
            str_addz(out, "sub");
            add_name(out, "", inst->sub->name);
        }
    }
}

void dump_parse(struct str *out, const struct file *file)
{
    if (file->escape != '\\')
        str_addf(out, "escape %c\n", file->escape);
    for (size_t i = 0; i < file->unit_count; i++) {
        const struct unit *unit = &file->units[i];
        if (unit->inst == NULL)
            continue;
        str_addf(out, "%zu", unit->line);
        if (unit->end_line != unit->line)
            str_addf(out, "-%zu", unit->end_line);
        bool directive = unit->kind == UNIT_DIRECTIVE;
        add_name(out, directive ? "@" : "", unit->inst->name);
        add_instruction(out, 2, unit->inst, directive);
    }
}

bool dump_is_parse_code(const char *code)
{
    static const char *const codes[] = {
        "repeated-parser-directive", "escape-value", "no-instructions", "line-too-long",
        "unterminated-heredoc",      "json-strings", "missing-value",   "missing-equals",
    };
    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
        if (code != NULL && strcmp(code, codes[i]) == 0)
            return true;
    return false;
}

void dump_errors(struct str *out, const struct diag_list *diags)
{
    for (size_t i = 0; i < diags->all.count; i++) {
        const struct diag *diag = diags->all.items[i];
        if (diag->level != DIAG_ERROR)
            continue;
        size_t line = 0;
        if (diag->at.source != NULL)
            line = source_position(diag->at.source, diag->at.begin).line;
        str_addf(out, "%s-error %zu %s\n", dump_is_parse_code(diag->code) ? "parse" : "check", line,
                 diag->code == NULL ? "" : diag->code);
    }
}
