#include "check.h"

#include "check_parts.h"
#include "utf8.h"

struct span check_span(const struct check *check, struct view part)
{
    const struct instruction *inst = check->inst;
    uintptr_t begin = (uintptr_t)inst->joined.ptr, at = (uintptr_t)part.ptr;
    bool inside = part.len > 0 && at >= begin && at - begin < inst->joined.len &&
                  inst->joined.len - (at - begin) >= part.len;
    if (inside)
        return instruction_span(check->file, inst, at - begin, at - begin + part.len);
    if (inst->args_raw.len > 0)
        return instruction_span(check->file, inst, inst->args_at,
                                inst->args_at + inst->args_raw.len);
    return instruction_name_span(check->file, inst);
}

static const char *upper(const struct check *check)
{
    return keyword_info(check->inst->keyword)->upper;
}

/* ---- unknown instructions */

static bool is_space_or_mark(uint32_t code)
{
    return utf8_is_space(code) || code == 0x200b || code == 0x2060 || code == 0xfeff;
}

/* The keyword that a name begins with, when no letter follows it: what looks like "RUN echo" but
 * is one word. `code` gets the character behind it. */
static enum keyword glued_keyword(struct view name, uint32_t *code)
{
    size_t letters = 0, length;
    while (letters < name.len && is_alpha(name.ptr[letters]))
        letters++;
    if (letters == name.len)
        return KEYWORD_NONE;
    *code = utf8_decode(name, letters, &length);
    return keyword_find(view_slice(name, 0, letters));
}

static struct view closest_keyword(const struct check *check, struct view name)
{
    static const struct view names[] = {
#define X(id, text, form, flags, heredoc) {#id, sizeof(#id) - 1},
        KEYWORD_TABLE(X)
#undef X
    };
    struct str s;
    str_init(&s, check->arena);
    for (size_t i = 0; i < name.len; i++)
        str_addc(&s, is_lower(name.ptr[i]) ? (char)(name.ptr[i] - 'a' + 'A') : name.ptr[i]);
    return diag_closest(str_view(&s), names, sizeof(names) / sizeof(*names));
}

/* Whether the line is rather the rest of the one above: indented, or not begun like a keyword. */
static bool looks_continued(const struct check *check)
{
    const struct instruction *inst = check->inst;
    size_t at = instruction_offset(inst, inst->name_at);
    char first = inst->name.ptr[0];
    bool plain = !is_alpha(first) && (unsigned char)first < 0x80;
    return at > check->file->head.body_begin + inst->name_at &&
           (inst->name_at > 0 || is_lower(first) || plain);
}

static void help_unknown(const struct check *check, struct diag *diag)
{
    struct view name = check->inst->name, closest = closest_keyword(check, name);
    uint32_t code = 0;
    enum keyword glued = glued_keyword(name, &code);
    if (glued != KEYWORD_NONE && is_space_or_mark(code))
        diag_help(diag,
                  "the blank behind '%s' is the full-width or non-breaking character U+%04X: write "
                  "an ordinary one",
                  keyword_info(glued)->upper, (unsigned)code);
    else if (view_starts(name, UTF8_BOM))
        diag_help(diag, "remove the byte order mark (U+FEFF) at the start of the line");
    else if (view_starts(name, "{{") || view_starts(name, "{%") || view_starts(name, "<%"))
        diag_help(diag, "this looks like a template: run its program first");
    else if (view_starts(name, "//") || view_starts(name, "/*"))
        diag_help(diag, "a comment begins with '#'");
    else if (closest.len != 0)
        diag_help(diag, "did you mean '%.*s'?", VIEW_ARG(closest));
    else if (glued != KEYWORD_NONE && code < 0x80 && !is_digit((char)code) && code != '_')
        diag_help(diag, "a blank is missing behind '%s'", keyword_info(glued)->upper);
    else if (looks_continued(check))
        diag_help(diag, "if this belongs to the line above, end that line with '%c'",
                  check->file->escape);
}

static bool check_unknown(const struct check *check)
{
    struct view name = check->inst->name;
    struct span at = instruction_name_span(check->file, check->inst);
    if (name.len == 0) {
        struct diag *diag =
            diag_add(check->diags, DIAG_ERROR, "unknown-instruction", at,
                     "expected an instruction, found only '%c' and blanks", check->file->escape);
        diag_help(diag, "remove these lines");
        return false;
    }
    help_unknown(check, diag_add(check->diags, DIAG_ERROR, "unknown-instruction", at,
                                 "unknown instruction '%.*s'", VIEW_ARG(name)));
    return false;
}

/* ---- FROM */

static bool stage_name_is_good(struct view name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        bool other = is_digit(c) || c == '-' || c == '_' || c == '.';
        if (!is_alpha(c) && !(other && i > 0))
            return false;
    }
    return name.len > 0;
}

static bool from_count(const struct check *check)
{
    const struct instruction *inst = check->inst;
    const struct view *args = inst->args;
    if (inst->arg_count == 0) {
        struct diag *diag =
            diag_add(check->diags, DIAG_ERROR, "argument-count",
                     instruction_name_span(check->file, inst), "FROM needs the name of an image");
        diag_help(diag, "write 'FROM IMAGE' or 'FROM IMAGE AS NAME'");
        return false;
    }
    bool as = view_is_nocase(args[1], "as"), comment = args[1].ptr[0] == '#';
    size_t wrong = as && inst->arg_count > 3 ? 3 : 1;
    struct view rest = args[wrong];
    rest.len = (size_t)(args[inst->arg_count - 1].ptr - rest.ptr) + args[inst->arg_count - 1].len;
    struct span at = check_span(check, rest);
    struct diag *diag =
        comment ? diag_add(check->diags, DIAG_ERROR, "argument-count", at,
                           "a comment can't stand behind an instruction")
        : as && inst->arg_count == 2
            ? diag_add(check->diags, DIAG_ERROR, "argument-count", at,
                       "the name of the stage is missing after '%.*s'", VIEW_ARG(args[1]))
            : diag_add(check->diags, DIAG_ERROR, "argument-count", at,
                       "unexpected '%.*s' behind the image of FROM", VIEW_ARG(rest));
    if (comment)
        diag_help(diag, "put it on a line of its own");
    else
        diag_help(diag, "write 'FROM %.*s' or 'FROM %.*s AS NAME'", VIEW_ARG(args[0]),
                  VIEW_ARG(args[0]));
    return false;
}

static bool check_from(const struct check *check)
{
    const struct instruction *inst = check->inst;
    bool named = inst->arg_count == 3 && view_is_nocase(inst->args[1], "as");
    if (!named && inst->arg_count != 1)
        return from_count(check);
    if (!named || stage_name_is_good(inst->args[2]))
        return check_flags(check);
    struct view name = inst->args[2];
    struct diag *diag = diag_add(check->diags, DIAG_ERROR, "stage-name", check_span(check, name),
                                 "'%.*s' can't be the name of a stage", VIEW_ARG(name));
    diag_help(diag, "begin it with a letter and use letters, digits, '-', '_' and '.'");
    return false;
}

/* ---- numbers of arguments */

/* `what`: "a PORT"; `form`: "EXPOSE PORT". */
static bool need_arguments(const struct check *check, const char *what, const char *form)
{
    if (check->inst->arg_count > 0)
        return true;
    struct diag *diag = diag_add(check->diags, DIAG_ERROR, "argument-count",
                                 instruction_name_span(check->file, check->inst), "%s needs %s",
                                 upper(check), what);
    diag_help(diag, "write '%s'", form);
    return false;
}

static bool check_copy(const struct check *check)
{
    const struct instruction *inst = check->inst;
    if (inst->arg_count < 2) {
        struct diag *diag =
            diag_add(check->diags, DIAG_ERROR, "argument-count", check_span(check, inst->args_raw),
                     inst->arg_count == 0 ? "%s needs a source and a destination"
                                          : "%s has a source but no destination",
                     upper(check));
        diag_help(diag, "write '%s SOURCE… DESTINATION'", upper(check));
        return false;
    }
    if (!check_flags(check))
        return false;
    struct view destination = inst->args[inst->arg_count - 1];
    struct heredoc_word heredoc;
    if (!word_read_heredoc(check->arena, destination, &heredoc))
        return true;
    struct diag *diag =
        diag_add(check->diags, DIAG_ERROR, "heredoc-destination", check_span(check, destination),
                 "the destination of %s can't be a heredoc", upper(check));
    diag_help(diag, "write '%s %.*s DESTINATION'", upper(check), VIEW_ARG(destination));
    return false;
}

static bool check_volume(const struct check *check)
{
    const struct instruction *inst = check->inst;
    if (!need_arguments(check, "a path", "VOLUME /PATH") || !check_flags(check))
        return false;
    for (size_t i = 0; i < inst->arg_count; i++) {
        if (utf8_trim(inst->args[i]).len > 0)
            continue;
        struct diag *diag = diag_add(check->diags, DIAG_ERROR, "blank-name",
                                     check_span(check, inst->args_raw), "a volume has no path");
        diag_help(diag, "remove the empty string");
        return false;
    }
    return true;
}

/* The shell form's words as the array that was meant; an example when quotes are involved. */
static struct view shell_array(const struct check *check)
{
    struct view text = check->inst->args_raw;
    struct str s;
    str_init(&s, check->arena);
    for (size_t at = 0; at < text.len;) {
        size_t end = at;
        for (; end < text.len && !is_blank(text.ptr[end]); end++)
            if (text.ptr[end] == '"' || text.ptr[end] == '\'' || text.ptr[end] == '\\' ||
                text.ptr[end] == '[')
                return VIEW("[\"/bin/bash\", \"-c\"]");
        str_addz(&s, s.len == 0 ? "[\"" : ", \"");
        str_add(&s, view_slice(text, at, end));
        str_addc(&s, '"');
        for (at = end; at < text.len && is_blank(text.ptr[at]);)
            at++;
    }
    str_addc(&s, ']');
    return str_view(&s);
}

static bool check_shell(const struct check *check)
{
    const struct instruction *inst = check->inst;
    if (!check_flags(check) || !need_arguments(check, "a command", "SHELL [\"/bin/bash\", \"-c\"]"))
        return false;
    if (inst->json)
        return true;
    struct view array = shell_array(check);
    struct diag *diag =
        diag_add(check->diags, DIAG_ERROR, "shell-form", check_span(check, inst->args_raw),
                 "SHELL takes a JSON array of strings in double quotes");
    diag_help(diag, "write 'SHELL %.*s'", VIEW_ARG(array));
    return false;
}

/* ---- names and values */

static bool blank_name(const struct check *check, struct view word)
{
    struct diag *diag = diag_add(check->diags, DIAG_ERROR, "blank-name", check_span(check, word),
                                 "a name is missing before '='");
    diag_help(diag, "write '%s NAME=VALUE', without blanks around '='", upper(check));
    return false;
}

static bool check_pairs(const struct check *check)
{
    const struct instruction *inst = check->inst;
    const char *form = inst->keyword == KEYWORD_ENV ? "ENV NAME=VALUE" : "LABEL NAME=VALUE";
    if (!check_flags(check))
        return false;
    /* Arguments that are no pairs were reported when they were read. */
    if (inst->args_raw.len == 0 && !need_arguments(check, "a name and a value", form))
        return false;
    for (size_t i = 0; i + 2 < inst->arg_count; i += 3) {
        struct view key = inst->args[i], value = inst->args[i + 1];
        if (key.len == 0)
            return blank_name(check, (struct view){value.ptr - 1, value.len + 1});
    }
    return true;
}

static bool check_arg(const struct check *check)
{
    const struct instruction *inst = check->inst;
    if (!need_arguments(check, "a name", "ARG NAME' or 'ARG NAME=VALUE"))
        return false;
    for (size_t i = 0; i < inst->arg_count; i++)
        if (inst->args[i].ptr[0] == '=')
            return blank_name(check, inst->args[i]);
    return true;
}

/* ---- ONBUILD: only the name of the instruction behind it is looked at before it is triggered */

static bool check_onbuild(const struct check *check)
{
    const struct instruction *inst = check->inst, *sub = inst->sub;
    if (inst->args_raw.len == 0)
        return need_arguments(check, "an instruction", "ONBUILD RUN COMMAND");
    if (!check_flags(check))
        return false;
    enum keyword trigger = sub == NULL ? KEYWORD_ONBUILD : keyword_find(utf8_trim(sub->name));
    if (trigger != KEYWORD_ONBUILD && trigger != KEYWORD_FROM && trigger != KEYWORD_MAINTAINER)
        return true;
    struct diag *diag = diag_add(check->diags, DIAG_ERROR, "onbuild-trigger",
                                 sub == NULL ? check_span(check, inst->args_raw)
                                             : instruction_name_span(check->file, sub),
                                 "%s can't stand behind ONBUILD", keyword_info(trigger)->upper);
    diag_help(diag, trigger == KEYWORD_ONBUILD ? "write ONBUILD once"
                                               : "ONBUILD takes any instruction except ONBUILD, "
                                                 "FROM and MAINTAINER");
    return false;
}

/* ---- all */

static bool check_text(const struct check *check)
{
    switch (check->inst->keyword) {
    case KEYWORD_USER:
        return need_arguments(check, "a user", "USER NAME") && check_flags(check);
    case KEYWORD_WORKDIR:
        return need_arguments(check, "a path", "WORKDIR /PATH") && check_flags(check);
    case KEYWORD_STOPSIGNAL:
        return need_arguments(check, "a signal", "STOPSIGNAL SIGTERM") && check_flags(check);
    default:
        return need_arguments(check, "a name", "LABEL org.opencontainers.image.authors=NAME") &&
               check_flags(check);
    }
}

static bool check_one(const struct check *check)
{
    switch (check->inst->keyword) {
    case KEYWORD_FROM:
        return check_from(check);
    case KEYWORD_ARG:
        return check_arg(check);
    case KEYWORD_RUN:
        return check_flags(check) && check_run_flags(check);
    case KEYWORD_CMD:
    case KEYWORD_ENTRYPOINT:
        return check_flags(check);
    case KEYWORD_COPY:
    case KEYWORD_ADD:
        return check_copy(check);
    case KEYWORD_ENV:
    case KEYWORD_LABEL:
        return check_pairs(check);
    case KEYWORD_EXPOSE:
        return need_arguments(check, "a port", "EXPOSE PORT") && check_flags(check);
    case KEYWORD_USER:
    case KEYWORD_WORKDIR:
    case KEYWORD_STOPSIGNAL:
    case KEYWORD_MAINTAINER:
        return check_text(check);
    case KEYWORD_VOLUME:
        return check_volume(check);
    case KEYWORD_HEALTHCHECK:
        return check_health(check);
    case KEYWORD_SHELL:
        return check_shell(check);
    case KEYWORD_ONBUILD:
        return check_onbuild(check);
    default:
        return check_unknown(check);
    }
}

void check_instruction(struct arena *arena, const struct file *file, const struct instruction *inst,
                       struct diag_list *diags)
{
    const struct check check = {arena, file, inst, diags};
    check_one(&check);
}

/* Whether a stage is open behind this instruction. An unknown one that was meant to be FROM counts
 * too, so that one slip of the pen is one error. */
static bool begins_stage(const struct check *check)
{
    if (check->inst->keyword == KEYWORD_FROM)
        return true;
    return check->inst->keyword == KEYWORD_NONE &&
           view_is(closest_keyword(check, check->inst->name), "FROM");
}

void check_no_stage(struct arena *arena, const struct file *file, const struct instruction *inst,
                    struct diag_list *diags)
{
    const struct check check = {arena, file, inst, diags};
    struct diag *diag = diag_add(diags, DIAG_ERROR, "no-stage", instruction_name_span(file, inst),
                                 "%s stands before the first FROM", upper(&check));
    diag_help(diag, "only ARG may stand there: begin the stage with 'FROM IMAGE'");
}

/* The next place of a mistake that parsing reported; they are in the order of the file. */
static bool has_parse_error(const struct file *file, const struct unit *unit,
                            const struct diag_list *diags, size_t *next, size_t count)
{
    for (; *next < count; (*next)++) {
        const struct diag *diag = diags->all.items[*next];
        if (diag->level != DIAG_ERROR || diag->at.source != file->source ||
            diag->at.begin < unit->begin)
            continue;
        return diag->at.begin < unit->end;
    }
    return false;
}

void check_next(struct arena *arena, const struct file *file, const struct unit *unit,
                bool has_parse_error, struct check_order *order, struct diag_list *diags)
{
    const struct check check = {arena, file, unit->inst, diags};
    order->stage = order->stage || unit->kind == UNIT_DIRECTIVE;
    if (unit->kind != UNIT_INSTRUCTION)
        return;
    bool good = !has_parse_error && check_one(&check);
    order->stage = order->stage || begins_stage(&check);
    if (good && !order->stage && !order->told && unit->inst->keyword != KEYWORD_ARG) {
        check_no_stage(arena, file, unit->inst, diags);
        order->told = true; /* once: what follows has the same reason */
    }
}

void check_file(struct arena *arena, const struct file *file, struct diag_list *diags)
{
    struct check_order order = {false, false};
    size_t next = 0, parse_errors = diags->all.count;
    for (size_t i = 0; i < file->unit_count; i++) {
        const struct unit *unit = &file->units[i];
        bool has_error = unit->kind == UNIT_INSTRUCTION &&
                         has_parse_error(file, unit, diags, &next, parse_errors);
        check_next(arena, file, unit, has_error, &order, diags);
    }
}
