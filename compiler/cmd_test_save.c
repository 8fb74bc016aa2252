#include "cmd_test.h"
#include "file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* 0 when the directory is there, made now or before. */
static int make_directory(const char *path)
{
    if (mkdir(path, 0777) == 0 || errno == EEXIST)
        return file_check_directory(path);
    return errno;
}

static void save(struct test_run *run, const char *directory, const char *name, const char *text,
                 size_t length)
{
    char *path = name_join(directory, name, "");
    int error = file_replace(path, text, length);
    if (error)
        test_run_worsen(run, cmd_fail_write(path, error));
    free(path);
}

void test_save(struct test_run *run, const struct dfc_test_result *result)
{
    char stem[64];
    snprintf(stem, sizeof(stem), "%04zu-%.40s", ++run->saved, result->rule ? result->rule : "file");
    char *directory = name_join(run->save, stem, "");
    int error = make_directory(run->save);
    error = error ? error : make_directory(directory);
    if (error) {
        test_run_worsen(run, cmd_fail_write(directory, error));
    } else {
        save(run, directory, "Dockerfile.in", result->input, result->input_length);
        save(run, directory, "Dockerfile", result->output, result->output_length);
    }
    free(directory);
}
