/*
 * dfc as a library: one text in, one Dockerfile and a list of diagnostics out.
 *
 * This header is all that the program, the fuzzers and the tests of whole compilations include.
 * The library prints nothing, exits never and keeps no global state: it reads files only through
 * the callbacks of its configuration, and two compilations may go on side by side.
 *
 *     struct dfc_config config = dfc_default_config();
 *     config.mirror = "tuna";
 *     struct dfc *dfc = dfc_new(&config);
 *     if (dfc_compile(dfc, "Dockerfile.in", text, length) == DFC_OK)
 *         write(1, dfc_output(dfc, &length), length);
 *     write(2, dfc_report(dfc, false, &length), length);
 *     dfc_free(dfc);
 */
#ifndef DFC_H
#define DFC_H

#include <stdbool.h>
#include <stddef.h>

#define DFC_VERSION "0.1.0"

/* Result of a compilation, and the exit status of the program. */
enum dfc_status {
    DFC_OK = 0,     /* there is output; there may be warnings */
    DFC_ERRORS = 1, /* the input has errors; no output */
    DFC_USAGE = 2,  /* (program only) the command line is wrong */
    DFC_IO = 3,     /* a file could not be read or written; no output */
    DFC_LIMIT = 70, /* a limit was reached, or dfc found a mistake of its own; no output */
};

/* NAME=VALUE of -D. */
struct dfc_define {
    const char *name, *value;
};

struct dfc_config {
    const char *mirror;         /* preset, URL or "off"; NULL: what the file says */
    const char *default_mirror; /* of the surroundings: the file wins over it; NULL: none */
    const char *syntax;         /* frontend for "# syntax=", or "none"; NULL: docker/dockerfile:1 */
    const char *context_dir;    /* build context; NULL: the directory of the input's name, or "." */
    const char *stdlib_dir;     /* replaces the embedded standard library; NULL: embedded */
    const char *const *rules;   /* files and directories of rules, in order */
    size_t rules_count;
    const struct dfc_define *defines;
    size_t define_count;
    bool no_comments;    /* leave out the directive above its expansion */
    size_t memory_limit; /* bytes a compilation may take for text and tree; 0: no limit */

    /*
     * Read a file. `*text` is malloc()ed by the callback and freed by dfc. Gives 0 or an errno
     * value (EFBIG above `limit` bytes). With `beneath` not NULL, a path that leads out of that
     * directory, by "..", an absolute path or a symbolic link, must give EXDEV.
     */
    int (*read_file)(void *context, const char *beneath, const char *path, size_t limit,
                     char **text, size_t *length);
    /* List a directory: names, each followed by a NUL byte, sorted by bytes. As read_file. */
    int (*list_directory)(void *context, const char *path, char **names, size_t *length);
    /* Whether a path below the build context exists, as a file or directory; as read_file. */
    bool (*exists)(void *context, const char *beneath, const char *path);
    void *context;
};

struct dfc;

/* A configuration with all defaults and callbacks that find no file. */
struct dfc_config dfc_default_config(void);

/* The strings of `config` must live until dfc_free. NULL when memory is exhausted. */
struct dfc *dfc_new(const struct dfc_config *config);

/* Compile a text; once per handle. `name` is what diagnostics show; "-" is standard input.
 * `text` must live until dfc_free. */
enum dfc_status dfc_compile(struct dfc *dfc, const char *name, const char *text, size_t length);

/* The Dockerfile, NULL unless dfc_compile gave DFC_OK. Lives until dfc_free. */
const char *dfc_output(const struct dfc *dfc, size_t *length);

/* All diagnostics as text for a terminal; "" when there are none. Lives until dfc_free. */
const char *dfc_report(struct dfc *dfc, bool color, size_t *length);

/* Number of warnings and errors found. */
size_t dfc_warning_count(const struct dfc *dfc);
size_t dfc_error_count(const struct dfc *dfc);

void dfc_free(struct dfc *dfc);

#endif
