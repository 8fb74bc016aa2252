/*
 * Fuzzing of whole compilations through dfc.h: no input may crash the compiler, what it writes must
 * compile to itself, and a text without a directive must come out as it went in.
 */
#include "dfc.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void fail(const char *what)
{
    fprintf(stderr, "fuzz_compile: %s\n", what);
    abort();
}

/* A compilation with all defaults that finds no file. */
static struct dfc *new_compilation(void)
{
    struct dfc_config config = dfc_default_config();
    config.memory_limit = 256 * 1024 * 1024;
    struct dfc *dfc = dfc_new(&config);
    if (dfc == NULL)
        fail("no memory");
    return dfc;
}

/* Whether a line has nothing before an '@' but bytes that may be blanks, or the mark at the
 * beginning of a file: only there can a directive begin. */
static bool may_have_directives(const char *text, size_t length)
{
    bool at_start = true;
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c == '\n')
            at_start = true;
        else if (c == '@' && at_start)
            return true;
        else if (c > ' ' && c < 0x80)
            at_start = false;
    }
    return false;
}

static void check_output_again(const char *output, size_t length)
{
    struct dfc *dfc = new_compilation();
    if (dfc_compile(dfc, "Dockerfile", output, length) != DFC_OK)
        fail("the output does not compile");
    size_t again_length;
    const char *again = dfc_output(dfc, &again_length);
    if (again_length != length || memcmp(again, output, length) != 0)
        fail("the output does not compile to itself");
    dfc_free(dfc);
}

static void check_failed(struct dfc *dfc, enum dfc_status status)
{
    size_t length;
    if (dfc_output(dfc, &length) != NULL)
        fail("a compilation with errors has an output");
    if (status == DFC_ERRORS && dfc_error_count(dfc) == 0)
        fail("a compilation failed without an error");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    /* A copy of its own, so that reading behind its end is seen. */
    char *text = malloc(size == 0 ? 1 : size);
    if (text == NULL)
        fail("no memory");
    if (size != 0)
        memcpy(text, data, size);
    struct dfc *dfc = new_compilation();
    enum dfc_status status = dfc_compile(dfc, "Dockerfile.in", text, size);
    size_t length;
    dfc_report(dfc, true, &length);
    if (status == DFC_OK) {
        const char *output = dfc_output(dfc, &length);
        bool same = length == size && memcmp(output, text, size) == 0;
        if (!same && !may_have_directives(text, size))
            fail("a text without directives does not compile to itself");
        check_output_again(output, length);
    } else {
        check_failed(dfc, status);
    }
    dfc_free(dfc);
    free(text);
    return 0;
}
