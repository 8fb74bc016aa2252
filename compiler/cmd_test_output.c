/* What "dfc test" writes: lines for people, TAP, JSON. */
#include "cmd_test.h"

#include <stdio.h>
#include <string.h>

/* Text of rules and tests: control characters must not reach a terminal. */
static void print_visible(const char *text, size_t length, const char *indent)
{
    bool fresh = true;
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        bool c1 = c == 0xc2 && i + 1 < length && (unsigned char)text[i + 1] < 0xa0;
        if (fresh && c != '\n')
            fputs(indent, stdout);
        fresh = c == '\n';
        if (c1)
            i++;
        if (c1 || (c < 0x20 && c != '\n' && c != '\t') || c == 0x7f)
            c = '?';
        putchar(c);
    }
}

static void print_line_part(const char *text)
{
    print_visible(text, strlen(text), "");
}

/* Length of a valid UTF-8 character of more than one byte, or 0. */
static size_t character_length(const char *text, size_t length)
{
    unsigned char c = (unsigned char)text[0];
    size_t need = c >= 0xc2 && c < 0xe0   ? 2
                  : c >= 0xe0 && c < 0xf0 ? 3
                  : c >= 0xf0 && c < 0xf5 ? 4
                                          : 0;
    if (need == 0 || need > length)
        return 0;
    for (size_t i = 1; i < need; i++)
        if (((unsigned char)text[i] & 0xc0) != 0x80)
            return 0;
    unsigned char second = (unsigned char)text[1];
    bool wrong = (c == 0xe0 && second < 0xa0) || (c == 0xed && second >= 0xa0) ||
                 (c == 0xf0 && second < 0x90) || (c == 0xf4 && second >= 0x90);
    return wrong ? 0 : need;
}

static void print_json_string(const char *text, size_t length)
{
    putchar('"');
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        size_t more = character_length(text + i, length - i);
        if (c == '"' || c == '\\')
            printf("\\%c", c);
        else if (c == '\n')
            fputs("\\n", stdout);
        else if (c < 0x20 || c == 0x7f)
            printf("\\u%04x", c);
        else if (c < 0x80)
            putchar(c);
        else if (more > 0)
            fwrite(text + i, 1, more, stdout);
        else
            fputs("\\ufffd", stdout);
        i += more > 0 ? more - 1 : 0;
    }
    putchar('"');
}

/* "FILE:LINE: RULE: NAME" as far as there is one. */
static void print_place(const struct dfc_test_result *result)
{
    print_line_part(result->file);
    if (result->line > 0)
        printf(":%zu", result->line);
    if (result->rule) {
        fputs(": ", stdout);
        print_line_part(result->rule);
    }
    if (result->name) {
        fputs(": ", stdout);
        print_line_part(result->name);
    }
}

static void print_text(const struct dfc_test_result *result)
{
    if (!result->problem)
        return;
    print_place(result);
    fputs(": ", stdout);
    print_line_part(result->problem);
    putchar('\n');
    print_visible(result->detail, result->detail_length, "    ");
    if (result->detail_length > 0 && result->detail[result->detail_length - 1] != '\n')
        putchar('\n');
}

/* A '#' would begin a TAP directive such as SKIP, so it is escaped. */
static void print_tap_text(const char *separator, const char *text)
{
    fputs(separator, stdout);
    for (; *text; text++) {
        if (*text == '#' || *text == '\\')
            putchar('\\');
        print_visible(text, 1, "");
    }
}

/* Test Anything Protocol 14. */
static void print_tap(const struct test_run *run, const struct dfc_test_result *result)
{
    printf("%s %zu - ", result->problem ? "not ok" : "ok", run->passed + run->failed);
    print_tap_text("", result->file);
    if (result->line > 0)
        printf(":%zu", result->line);
    if (result->rule)
        print_tap_text(": ", result->rule);
    if (result->name)
        print_tap_text(": ", result->name);
    putchar('\n');
    if (!result->problem)
        return;
    fputs("  ---\n  problem: ", stdout);
    print_json_string(result->problem, strlen(result->problem)); /* which YAML reads as well */
    fputs("\n  detail: ", stdout);
    print_json_string(result->detail, result->detail_length);
    fputs("\n  ...\n", stdout);
}

static void print_json_field(const char *name, const char *value)
{
    printf(",\"%s\":", name);
    print_json_string(value, strlen(value));
}

static void print_json(const struct test_run *run, const struct dfc_test_result *result)
{
    printf("%s\n{\"passed\":%s", run->passed + run->failed > 1 ? "," : "",
           result->problem ? "false" : "true");
    print_json_field("file", result->file);
    if (result->line > 0)
        printf(",\"line\":%zu", result->line);
    if (result->rule)
        print_json_field("rule", result->rule);
    if (result->name)
        print_json_field("name", result->name);
    if (result->problem) {
        print_json_field("problem", result->problem);
        fputs(",\"detail\":", stdout);
        print_json_string(result->detail, result->detail_length);
    }
    putchar('}');
}

void test_output_begin(const struct test_run *run)
{
    if (run->format == FORMAT_TAP)
        puts("TAP version 14");
    else if (run->format == FORMAT_JSON)
        fputs("{\"tests\":[", stdout);
}

void test_output_end(const struct test_run *run)
{
    if (run->format == FORMAT_JSON) {
        printf("\n],\"passed\":%zu,\"failed\":%zu}\n", run->passed, run->failed);
        return;
    }
    if (run->format == FORMAT_TAP)
        printf("1..%zu\n# ", run->passed + run->failed);
    printf("%zu passed, %zu failed\n", run->passed, run->failed);
}

void test_output_result(const struct test_run *run, const struct dfc_test_result *result)
{
    if (run->format == FORMAT_TAP)
        print_tap(run, result);
    else if (run->format == FORMAT_JSON)
        print_json(run, result);
    else
        print_text(result);
}

void test_output_update(const struct test_run *run, const char *what, const char *path)
{
    if (run->format != FORMAT_TEXT)
        return;
    printf("%s: ", what);
    print_line_part(path);
    putchar('\n');
}
