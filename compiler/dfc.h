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

/* What dfc_compile does with a text. */
enum dfc_mode {
    DFC_BUILD, /* make the Dockerfile */
    DFC_LINT,  /* report what the rewrites find; there is no output */
    DFC_FIX,   /* carry out their fixes: the output is the text itself, mended; what rewrites have
                  found beside those is reported, and keeps nothing from being mended */
};

struct dfc_config {
    enum dfc_mode mode;
    bool auto_rewrite;     /* DFC_BUILD: apply fixes, as "@set dfc.auto = on" does */
    const char *mirror;    /* preset, URL or "off"; NULL: what the file says */
    const char *builder;   /* buildkit, buildah or legacy; NULL: what the file says */
    const char *footprint; /* keep or none; NULL: what the file says */
    /* Of the surroundings: the file wins over them; NULL: none. */
    const char *default_mirror, *default_builder, *default_footprint, *default_registry;
    const char *syntax;       /* frontend for "# syntax=", or "none"; NULL: docker/dockerfile:1 */
    const char *context_dir;  /* build context; NULL: the directory of the input's name, or "." */
    const char *stdlib_dir;   /* replaces the embedded standard library; NULL: embedded */
    const char *const *rules; /* files and directories of rules, in order */
    size_t rules_count;
    const char *const *default_rules; /* of the surroundings: `rules` win over them */
    size_t default_rules_count;

    /*
     * The project that the input belongs to. @use and the project's configuration read nothing
     * outside of it. Configuration files are read when the input has a directive or rewriting is
     * on; with "committed = true" in the project's, `user_config`, `default_mirror`,
     * `default_rules` and `stdlib_dir` are left out of account.
     */
    const char *project_dir;    /* its top; NULL: the directory of the input */
    const char *project_path;   /* from there to the directory of the input; NULL: it is that */
    const char *project_config; /* from there to its dfc.lua; NULL: it has none */
    const char *user_config;    /* the user's config.lua, which need not exist; NULL: none */

    const struct dfc_define *defines;
    size_t define_count;
    bool no_comments;    /* leave out the directive above its expansion */
    unsigned hash_shift; /* 1 … 15: another number gives Lua other hash seeds; 0: as they come */
    size_t memory_limit; /* bytes a compilation may take for text and tree; 0: no limit */

    /*
     * Read a file. `*text` is malloc()ed by the callback and freed by dfc. Gives 0 or an errno
     * value (EFBIG above `limit` bytes). With `beneath` not NULL, a path that leads out of that
     * directory, by "..", an absolute path or a symbolic link, must give EXDEV.
     */
    int (*read_file)(void *context, const char *beneath, const char *path, size_t limit,
                     char **text, size_t *length);
    /* List a directory: names, each followed by a NUL byte, sorted by bytes. As read_file. */
    int (*list_directory)(void *context, const char *beneath, const char *path, char **names,
                          size_t *length);
    /* Whether a path below the build context exists, as a file or directory; as read_file. */
    bool (*exists)(void *context, const char *beneath, const char *path);
    /* Whether two paths lead to the same file. */
    bool (*same_file)(void *context, const char *path, const char *other);
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

/* What dfc_describe tells about the rules that are known. */
enum dfc_description {
    DFC_RULES_TABLE,    /* directives, rewrites, mirrors, caches, images: one line each */
    DFC_RULES_JSON,     /* all that they declare */
    DFC_RULES_MARKDOWN, /* docs/directives.md */
    DFC_RULES_META,     /* the API for lua-language-server; the configuration has no part in it */
    DFC_RULES_SOURCE,   /* the file that declares `name`, as it is */
    DFC_EXPLAIN,        /* all about `name`, with its examples compiled */
    DFC_MIRRORS_TABLE,  /* the mirrors, and which trees they have */
    DFC_MIRRORS_JSON,   /* the same with the URLs */
    DFC_DAEMON_JSON,    /* mirrors of Docker Hub for Docker's daemon.json; `name`: those of presets
                           and addresses, one a line; NULL: of "cn" */
    DFC_BUILDKITD_TOML, /* the same for BuildKit's buildkitd.toml */
};

/*
 * Describe rules, in place of dfc_compile; once per handle. dfc_output gives the text. `name` is
 * that of a directive, with or without '@', a rewrite, mirror, cache or image; NULL where none is
 * asked for. Examples are compiled as if every file that they name were in the build context.
 */
enum dfc_status dfc_describe(struct dfc *dfc, enum dfc_description what, const char *name);

/* The Dockerfile, NULL unless dfc_compile gave DFC_OK. Lives until dfc_free. */
const char *dfc_output(const struct dfc *dfc, size_t *length);

/* All diagnostics as text for a terminal; "" when there are none. Lives until dfc_free. */
const char *dfc_report(struct dfc *dfc, bool color, size_t *length);

/* Number of errors, warnings and notes found; and, with DFC_FIX, of findings that were mended,
 * which are not among them. */
size_t dfc_error_count(const struct dfc *dfc);
size_t dfc_warning_count(const struct dfc *dfc);
size_t dfc_note_count(const struct dfc *dfc);
size_t dfc_mended_count(const struct dfc *dfc);

void dfc_free(struct dfc *dfc);

/*
 * Tests of rules: "dfc test". Each test ends in a call of `result`.
 *
 * Beside what a test states, all of this must hold: two compilations in fresh states whose hash
 * seeds differ give equal bytes; the output compiles, and to itself; fixes of rewrites leave
 * nothing to fix. The seeds are made to differ by the place of the state in memory (lua_host.h),
 * so they do unless 32-bit hashes collide or Lua was built with a fixed seed.
 */
struct dfc_test_result {
    const char *file;
    size_t line;         /* 0: it is about the file as a whole */
    const char *rule;    /* the directive or rewrite that is tested, or NULL */
    const char *name;    /* of the case or example, or NULL */
    const char *problem; /* one line; NULL: the test has passed */
    const char *detail;  /* lines: differences and diagnostics, as they are in rules and tests */
    size_t detail_length;
    bool limit;                 /* a limit was reached in it */
    const char *input, *output; /* of its compilation; NULL when nothing came out */
    size_t input_length, output_length;
};

struct dfc_tests {
    const struct dfc_config *config; /* rules, stdlib_dir and the callbacks; the rest is default */
    bool stdlib;                     /* the standard library itself is tested */
    /* Something that takes time begins; `name` as above, or NULL. May be NULL itself. */
    void (*begin)(void *context, const char *file, const char *name);
    void (*result)(void *context, const struct dfc_test_result *result);
    void *context;
};

/* A whole compilation with what is expected of it. */
struct dfc_golden {
    const char *path;      /* of the input, for results */
    const char *name;      /* of the input, as diagnostics and the output call it */
    const char *directory; /* the build context */
    const char *text;
    size_t length;
    const char *output; /* NULL: it must fail */
    size_t output_length;
    const char *report; /* all diagnostics as text; NULL: none */
    size_t report_length;
};

/*
 * Run the cases of a file (dfc.test), whose name need not end in _test.lua; the examples of all
 * directives under test, or of those of one rule file; a golden test. DFC_OK: there were results,
 * also of failures. Another status: the rules or tests can't be loaded or memory is exhausted;
 * results say what is the matter, except for memory.
 */
enum dfc_status dfc_test_file(const struct dfc_tests *tests, const char *path);
enum dfc_status dfc_test_examples(const struct dfc_tests *tests, const char *rule_file);
enum dfc_status dfc_test_golden(const struct dfc_tests *tests, const struct dfc_golden *golden);

#endif
