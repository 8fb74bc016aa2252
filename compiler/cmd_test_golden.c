/* Golden files of "dfc test": NAME.in with NAME.out and NAME.err. */
#include "cmd_test.h"
#include "file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- names ---- */

const char *listing_next(const struct listing *listing, const char *name)
{
    const char *next = name ? name + strlen(name) + 1 : listing->names;
    return next < listing->names + listing->length ? next : NULL;
}

bool listing_has(const struct listing *listing, const char *stem, const char *suffix)
{
    size_t length = strlen(stem);
    for (const char *name = NULL; (name = listing_next(listing, name)) != NULL;)
        if (strncmp(name, stem, length) == 0 && strcmp(name + length, suffix) == 0)
            return true;
    return false;
}

bool name_ends_in(const char *name, const char *suffix)
{
    size_t length = strlen(name), suffix_length = strlen(suffix);
    return length > suffix_length && strcmp(name + length - suffix_length, suffix) == 0;
}

char *name_join(const char *directory, const char *stem, const char *suffix)
{
    size_t size = strlen(directory) + strlen(stem) + strlen(suffix) + 2;
    char *path = malloc(size);
    if (!path)
        exit((int)cmd_fail(DFC_LIMIT, "out of memory"));
    snprintf(path, size, "%s/%s%s", directory, stem, suffix);
    return path;
}

char *name_stem(const char *name, const char *suffix)
{
    size_t length = strlen(name) - strlen(suffix);
    char *stem = malloc(length + 1);
    if (!stem)
        exit((int)cmd_fail(DFC_LIMIT, "out of memory"));
    memcpy(stem, name, length);
    stem[length] = '\0';
    return stem;
}

/* ---- one test ---- */

struct golden_file {
    char *path, *text; /* text NULL: there is none */
    size_t length;
};

struct golden_files {
    const char *directory, *name; /* of the input in it */
    struct golden_file input, output, report;
};

static enum dfc_status read_file(struct golden_file *file, bool must_exist)
{
    char *text = NULL;
    size_t length = 0;
    int error = file_read(file->path, (size_t)INPUT_LIMIT_MIB << 20, &text, &length);
    if (error && (error != ENOENT || must_exist))
        return cmd_fail_read(file->path, error);
    file->text = text;
    file->length = length;
    return DFC_OK;
}

static enum dfc_status read_expected(struct golden_files *files)
{
    enum dfc_status status = read_file(&files->output, false);
    return status == DFC_OK ? read_file(&files->report, false) : status;
}

static enum dfc_status golden_files_open(struct golden_files *files, const char *directory,
                                         const char *name)
{
    char *stem = name_stem(name, ".in");
    *files = (struct golden_files){.directory = directory, .name = name};
    files->input.path = name_join(directory, name, "");
    files->output.path = name_join(directory, stem, ".out");
    files->report.path = name_join(directory, stem, ".err");
    free(stem);
    enum dfc_status status = read_file(&files->input, true);
    return status == DFC_OK ? read_expected(files) : status;
}

static void golden_files_release(struct golden_files *files)
{
    struct golden_file *const all[] = {&files->input, &files->output, &files->report};
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        free(all[i]->path);
        free(all[i]->text);
    }
}

/* Make the file what it should be; `text` NULL: not there. */
static enum dfc_status replace(const struct test_run *run, struct golden_file *file,
                               const char *text, size_t length)
{
    bool same =
        text && file->text && length == file->length && memcmp(text, file->text, length) == 0;
    if (same || (!text && !file->text))
        return DFC_OK;
    int error = 0;
    const char *what = text == NULL ? "removed" : file->text == NULL ? "created" : "updated";
    if (text)
        error = file_replace(file->path, text, length);
    else if (unlink(file->path) != 0)
        error = errno;
    if (error)
        return cmd_fail_write(file->path, error);
    test_output_update(run, what, file->path);
    free(file->text);
    file->text = NULL;
    return read_file(file, text != NULL);
}

/* What comes out now becomes what is expected. When there was a limit, the test will say it. */
static enum dfc_status update(const struct test_run *run, struct golden_files *files)
{
    struct dfc_config config = run->config;
    config.context_dir = files->directory;
    struct dfc *dfc = dfc_new(&config);
    if (!dfc)
        return cmd_fail(DFC_LIMIT, "out of memory");
    cmd_start_clock();
    enum dfc_status status = dfc_compile(dfc, files->name, files->input.text, files->input.length);
    cmd_stop_clock();
    if (status == DFC_OK || status == DFC_ERRORS) {
        size_t output_length, report_length;
        const char *output = dfc_output(dfc, &output_length);
        const char *report = dfc_report(dfc, false, &report_length);
        status = replace(run, &files->output, output, output_length);
        if (status == DFC_OK)
            status = replace(run, &files->report, report_length > 0 ? report : NULL, report_length);
    } else {
        status = DFC_OK;
    }
    dfc_free(dfc);
    return status;
}

static enum dfc_status compare(struct test_run *run, const struct golden_files *files)
{
    if (!files->output.text && !files->report.text) {
        test_run_fail(run, files->input.path,
                      "there is neither a .out nor a .err beside it; --update writes them");
        return DFC_OK;
    }
    struct dfc_golden golden = {
        .path = files->input.path,
        .name = files->name,
        .directory = files->directory,
        .text = files->input.text,
        .length = files->input.length,
        .output = files->output.text,
        .output_length = files->output.length,
        .report = files->report.text,
        .report_length = files->report.length,
    };
    return dfc_test_golden(&run->tests, &golden);
}

static void run_one(struct test_run *run, const char *directory, const char *name)
{
    struct golden_files files;
    enum dfc_status status = golden_files_open(&files, directory, name);
    if (status == DFC_OK && run->update)
        status = update(run, &files);
    if (status == DFC_OK)
        status = compare(run, &files);
    test_run_worsen(run, status);
    golden_files_release(&files);
}

/* ---- a directory ---- */

enum golden_kind { GOLDEN_NONE, GOLDEN_NEW, GOLDEN_EXPECTED };

/* A NAME.in beside its NAME is made into that in earnest: it is no test. */
static enum golden_kind input_kind(const struct listing *listing, const char *name)
{
    char *stem = name_stem(name, ".in");
    bool expected = listing_has(listing, stem, ".out") || listing_has(listing, stem, ".err");
    bool in_use = listing_has(listing, stem, "");
    free(stem);
    return expected ? GOLDEN_EXPECTED : in_use ? GOLDEN_NONE : GOLDEN_NEW;
}

/*
 * A directory is one of golden files when it has a NAME.in and its NAME.out or NAME.err. One that
 * has only inputs so far is to become one, unless it has Lua files, too: it is a project then.
 */
static bool is_golden(const struct test_run *run, const struct listing *listing)
{
    bool fresh = false, lua = false;
    for (const char *name = NULL; (name = listing_next(listing, name)) != NULL;) {
        enum golden_kind kind = name_ends_in(name, ".in") ? input_kind(listing, name) : GOLDEN_NONE;
        if (kind == GOLDEN_EXPECTED)
            return true;
        fresh |= kind == GOLDEN_NEW;
        lua |= name_ends_in(name, ".lua");
    }
    return fresh && !lua && !run->unnamed;
}

void test_run_golden(struct test_run *run, const char *directory, const struct listing *listing)
{
    if (!is_golden(run, listing))
        return;
    for (const char *name = NULL; (name = listing_next(listing, name)) != NULL;)
        if (name_ends_in(name, ".in"))
            run_one(run, directory, name);
}
