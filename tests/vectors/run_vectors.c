/*
 * run_vectors [DIRECTORY]: holds dfc's parser against what BuildKit's own parser made of the
 * inputs in parse.txt, fuzz.txt and words.txt (dump.h describes the form; import.py made them).
 *
 * A vector agrees when
 *   - BuildKit accepts it, and parse_file and check_file find no error and the same instructions;
 *   - BuildKit refuses it while reading lines, and the first error found here has that code and
 *     stands in those lines;
 *   - BuildKit refuses one of its instructions, and here the instructions are the same, none of
 *     the errors is one of reading lines, and that error is among them.
 * For every input, the units must tile the text (tiling.h) and, put together, give it back. What
 * BuildKit accepts must compile to itself, byte for byte (the lines "superset").
 */
#include "check.h"
#include "dfc.h"
#include "dump.h"
#include "head.h"
#include "tiling.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum expected_error { EXPECT_NONE, EXPECT_PARSE, EXPECT_CHECK, EXPECT_UNJUDGED };

struct vector {
    struct str input, parse;
    enum expected_error error;
    size_t first, last; /* lines of the error */
    struct view code;
    bool has_frontend;
    struct str frontend;
};

struct total {
    size_t passed, failed;
};

static void out_of_memory(void *context)
{
    (void)context;
    fputs("run_vectors: out of memory\n", stderr);
    exit(70);
}

static struct view read_vectors(struct arena *arena, const char *directory, const char *name)
{
    struct view path = view_format(arena, "%s/%s", directory, name);
    FILE *file = fopen(path.ptr, "rb");
    if (file == NULL) {
        perror(path.ptr);
        exit(3);
    }
    struct str text;
    str_init(&text, arena);
    char buffer[65536];
    size_t got;
    while ((got = fread(buffer, 1, sizeof(buffer), file)) > 0)
        str_add(&text, (struct view){buffer, got});
    fclose(file);
    return str_view(&text);
}

/* Take one line off the front of `text`, without its line feed. */
static struct view take_line(struct view *text)
{
    size_t end = view_find(*text, '\n', 0);
    struct view line = view_slice(*text, 0, end);
    *text = view_slice(*text, end < text->len ? end + 1 : end, text->len);
    return line;
}

/* True when `line` begins with `tag`; `*value` is what stands behind the blank. */
static bool has_tag(struct view line, const char *tag, struct view *value)
{
    size_t length = strlen(tag);
    if (!view_starts(line, tag) || (line.len > length && line.ptr[length] != ' '))
        return false;
    *value = view_slice(line, line.len > length ? length + 1 : length, line.len);
    return true;
}

static size_t read_number(struct view *text)
{
    size_t number = 0, at = 0;
    while (at < text->len && is_digit(text->ptr[at]))
        number = number * 10 + (size_t)(text->ptr[at++] - '0');
    *text = view_slice(*text, at, text->len);
    return number;
}

static int hex_digit(char c)
{
    return is_digit(c) ? c - '0' : c - 'a' + 10;
}

/* Undo dump_value. */
static void decode_value(struct str *out, struct view value)
{
    while (value.len > 0) {
        size_t repeat = 1;
        if (view_starts(value, "%{")) {
            value = view_slice(value, 2, value.len);
            repeat = read_number(&value);
            value = view_slice(value, 1, value.len);
        }
        bool is_hex = value.ptr[0] == '%' && value.len >= 3;
        char c =
            is_hex ? (char)(hex_digit(value.ptr[1]) * 16 + hex_digit(value.ptr[2])) : value.ptr[0];
        str_fill(out, c, repeat);
        value = view_slice(value, is_hex ? 3 : 1, value.len);
    }
}

static void read_error(struct vector *vector, enum expected_error error, struct view value)
{
    vector->error = error;
    vector->first = vector->last = read_number(&value);
    if (view_starts(value, "-")) {
        value = view_slice(value, 1, value.len);
        vector->last = read_number(&value);
    }
    vector->code = view_slice(value, 1, value.len);
}

/* One line of a vector; false: it is not in the form. */
static bool read_vector_line(struct vector *vector, struct view line)
{
    struct view value;
    if (line.len == 0 || line.ptr[0] == '#')
        return true;
    if (has_tag(line, ">", &value)) {
        decode_value(&vector->input, value);
        str_addc(&vector->input, '\n');
    } else if (has_tag(line, ".", &value)) {
        decode_value(&vector->input, value);
    } else if (has_tag(line, "parse-error", &value)) {
        read_error(vector, EXPECT_PARSE, value);
    } else if (has_tag(line, "check-error", &value)) {
        read_error(vector, EXPECT_CHECK, value);
    } else if (has_tag(line, "frontend", &value)) {
        vector->has_frontend = true;
        decode_value(&vector->frontend, value);
    } else if (has_tag(line, "directive", &value)) {
        vector->error = EXPECT_UNJUDGED;
    } else if (is_digit(line.ptr[0]) || line.ptr[0] == ' ' || has_tag(line, "escape", &value)) {
        str_add(&vector->parse, line);
        str_addc(&vector->parse, '\n');
    } else {
        return false;
    }
    return true;
}

static bool read_vector(struct arena *arena, struct view lines, struct vector *vector)
{
    *vector = (struct vector){.error = EXPECT_NONE};
    str_init(&vector->input, arena);
    str_init(&vector->parse, arena);
    str_init(&vector->frontend, arena);
    while (lines.len > 0)
        if (!read_vector_line(vector, take_line(&lines)))
            return false;
    return true;
}

/* Whether an error has the code and the lines that the vector expects. */
static bool is_expected_error(const struct vector *vector, const struct diag *diag)
{
    if (diag->at.source == NULL || diag->code == NULL || !view_is(vector->code, diag->code))
        return false;
    size_t line = source_position(diag->at.source, diag->at.begin).line;
    return vector->first <= line && line <= vector->last;
}

/* Compare the errors; append to `report` what differs. */
static void compare_errors(struct str *report, const struct vector *vector,
                           const struct diag_list *diags)
{
    const struct diag *first = NULL;
    bool found = false, parse_error = false;
    for (size_t i = 0; i < diags->all.count; i++) {
        const struct diag *diag = diags->all.items[i];
        if (diag->level != DIAG_ERROR)
            continue;
        first = first == NULL ? diag : first;
        found = found || is_expected_error(vector, diag);
        parse_error = parse_error || dump_is_parse_code(diag->code);
    }
    bool agree = vector->error == EXPECT_NONE       ? first == NULL
                 : vector->error == EXPECT_UNJUDGED ? !parse_error
                 : vector->error == EXPECT_PARSE ? first != NULL && is_expected_error(vector, first)
                                                 : found && !parse_error;
    if (agree)
        return;
    if (vector->error == EXPECT_NONE || vector->error == EXPECT_UNJUDGED)
        str_addz(report, "    expected no error\n");
    else
        str_addf(report, "    expected %s error %.*s in lines %zu to %zu\n",
                 vector->error == EXPECT_PARSE ? "the first" : "an", VIEW_ARG(vector->code),
                 vector->first, vector->last);
    str_addz(report, first == NULL ? "    found no error\n" : "    found\n");
    dump_errors(report, diags);
}

/* Append the first line in which two texts differ. */
static void compare_lines(struct str *report, struct view expected, struct view found)
{
    for (size_t number = 1; !view_equal(expected, found); number++) {
        struct view want = take_line(&expected), got = take_line(&found);
        if (view_equal(want, got) && (expected.len > 0) == (found.len > 0))
            continue;
        str_addf(report, "    line %zu of the parse: expected '%.*s'\n", number, VIEW_ARG(want));
        str_addf(report, "    %*s found '%.*s'\n", 26, "", VIEW_ARG(got));
        return;
    }
}

static void compare_bytes(struct str *report, struct arena *arena, const struct file *file)
{
    const char *error = tiling_error(file);
    struct view text = file->source->text;
    struct str whole;
    str_init(&whole, arena);
    for (size_t i = 0; error == NULL && i < file->unit_count; i++)
        str_add(&whole, view_slice(text, file->units[i].begin, file->units[i].end));
    if (error == NULL && !view_equal(str_view(&whole), text))
        error = "the units give another text";
    if (error != NULL)
        str_addf(report, "    %s\n", error);
}

/* Hold the parse of one vector against what it expects. */
static bool check_vector(struct str *report, struct arena *arena, struct view lines, void *context)
{
    struct vector vector;
    (void)context;
    if (!read_vector(arena, lines, &vector)) {
        str_addz(report, "    the vector is not in the form that dump.h describes\n");
        return true;
    }
    struct diag_list diags;
    diag_list_init(&diags, arena);
    struct source *source = source_new(arena, "Dockerfile", str_view(&vector.input));
    struct file *file = parse_file(arena, source, &diags);
    check_file(arena, file, &diags);
    compare_bytes(report, arena, file);
    compare_errors(report, &vector, &diags);
    struct view frontend = head_detect_syntax(source->text);
    if (vector.has_frontend && !view_equal(frontend, str_view(&vector.frontend)))
        str_addf(report, "    expected the frontend '%.*s', found '%.*s'\n",
                 VIEW_ARG(str_view(&vector.frontend)), VIEW_ARG(frontend));
    if (vector.error == EXPECT_PARSE)
        return true;
    struct str parse;
    str_init(&parse, arena);
    dump_parse(&parse, file);
    compare_lines(report, str_view(&vector.parse), str_view(&parse));
    return true;
}

/* Compile the input of a vector that BuildKit accepts; others don't count. */
static bool check_superset(struct str *report, struct arena *arena, struct view lines,
                           void *context)
{
    struct vector vector;
    (void)context;
    if (!read_vector(arena, lines, &vector) || vector.error != EXPECT_NONE)
        return false;
    struct dfc_config config = dfc_default_config();
    struct dfc *dfc = dfc_new(&config);
    if (dfc == NULL)
        out_of_memory(NULL);
    struct view input = str_view(&vector.input), output = {NULL, 0};
    if (dfc_compile(dfc, "Dockerfile.in", input.ptr, input.len) == DFC_OK)
        output.ptr = dfc_output(dfc, &output.len);
    if (output.ptr == NULL) {
        const char *errors = dfc_report(dfc, false, &output.len);
        str_addf(report, "    expected its own text, found errors\n%s", errors);
    } else if (!view_equal(input, output)) {
        str_addf(report, "    expected its own text, found\n%.*s\n", VIEW_ARG(output));
    }
    dfc_free(dfc);
    return true;
}

/* The variables of words.txt, "NAME=VALUE" each. */
struct environment {
    struct word_list settings;
};

static bool look_up(void *context, struct view name, struct view *value)
{
    const struct environment *environment = context;
    for (size_t i = 0; i < environment->settings.count; i++) {
        struct view setting = environment->settings.items[i];
        size_t equals = view_find(setting, '=', 0);
        if (!view_equal(view_slice(setting, 0, equals), name))
            continue;
        *value = view_slice(setting, equals + 1, setting.len);
        return true;
    }
    return false;
}

static void read_environment(struct arena *arena, struct view text, struct environment *environment)
{
    struct view value;
    while (text.len > 0) {
        struct view line = take_line(&text);
        if (view_starts(line, "=="))
            return;
        if (!has_tag(line, "env", &value))
            continue;
        struct str setting;
        str_init(&setting, arena);
        decode_value(&setting, value);
        VEC_PUSH(arena, &environment->settings, str_view(&setting));
    }
}

static void add_tagged(struct str *out, const char *tag, struct view value)
{
    str_addf(out, value.len > 0 ? "%s " : "%s", tag);
    dump_value(out, value);
    str_addc(out, '\n');
}

/* Check one word; what is expected are the lines behind its '.' and "escape". */
static bool check_word(struct str *report, struct arena *arena, struct view lines, void *context)
{
    struct word_env env = {look_up, context};
    struct str word, expected, found;
    struct view value;
    char escape = '\\';
    str_init(&word, arena);
    str_init(&expected, arena);
    str_init(&found, arena);
    while (lines.len > 0) {
        struct view line = take_line(&lines);
        if (has_tag(line, ".", &value)) {
            decode_value(&word, value);
        } else if (has_tag(line, "escape", &value)) {
            escape = value.ptr[0];
        } else if (line.len > 0) {
            str_add(&expected, line);
            str_addc(&expected, '\n');
        }
    }
    struct word_result result = word_expand(arena, str_view(&word), escape, 0, &env);
    if (result.error != NULL) {
        add_tagged(&found, "error", view_of(result.error));
    } else {
        add_tagged(&found, "text", result.text);
        for (size_t i = 0; i < result.words.count; i++)
            add_tagged(&found, "word", result.words.items[i]);
    }
    compare_lines(report, str_view(&expected), str_view(&found));
    return true;
}

/* Take the lines of the next vector off `text`; false at the end. */
static bool next_vector(struct view *text, struct view *id, struct view *lines)
{
    while (text->len > 0 && !view_starts(*text, "== "))
        take_line(text);
    if (text->len == 0)
        return false;
    struct view head = take_line(text);
    *id = view_slice(head, 3, head.len);
    const char *begin = text->ptr;
    while (text->len > 0 && !view_starts(*text, "== "))
        take_line(text);
    *lines = (struct view){begin, (size_t)(text->ptr - begin)};
    return true;
}

/* Check all vectors of one file. `check` appends what differs to the report, and gives false when
 * a vector does not count. */
static void run_file(struct total *all, const char *kind, struct view text,
                     bool (*check)(struct str *report, struct arena *arena, struct view lines,
                                   void *context),
                     void *context)
{
    struct total total = {0, 0};
    struct view id, lines;
    while (next_vector(&text, &id, &lines)) {
        struct arena arena;
        arena_init(&arena, out_of_memory, NULL);
        struct str report;
        str_init(&report, &arena);
        if (check(&report, &arena, lines, context)) {
            total.passed += report.len == 0;
            total.failed += report.len > 0;
        }
        if (report.len > 0)
            printf("%.*s\n%s", VIEW_ARG(id), report.ptr);
        arena_release(&arena);
    }
    printf("vectors: %s %zu/%zu\n", kind, total.passed, total.passed + total.failed);
    all->passed += total.passed;
    all->failed += total.failed;
}

int main(int argc, char **argv)
{
    const char *directory = argc > 1 ? argv[1] : "tests/vectors";
    struct arena arena;
    struct total total = {0, 0};
    arena_init(&arena, out_of_memory, NULL);
    struct view parse = read_vectors(&arena, directory, "parse.txt");
    struct view fuzz = read_vectors(&arena, directory, "fuzz.txt");
    struct view words = read_vectors(&arena, directory, "words.txt");
    struct environment environment = {{NULL, 0, 0}};
    read_environment(&arena, words, &environment);
    run_file(&total, "parse", parse, check_vector, NULL);
    run_file(&total, "fuzz", fuzz, check_vector, NULL);
    run_file(&total, "words", words, check_word, &environment);
    run_file(&total, "superset of parse", parse, check_superset, NULL);
    run_file(&total, "superset of fuzz", fuzz, check_superset, NULL);
    arena_release(&arena);
    printf("%zu passed, %zu failed\n", total.passed, total.failed);
    return total.failed == 0 && total.passed > 0 ? 0 : 1;
}
