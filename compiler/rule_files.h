/*
 * Where rule files come from: the standard library (embedded, or a directory in its place) and the
 * files and directories that the user names. Rules of the standard library are loaded when a file
 * first needs them: an index of what each file declares is made by looking at its text.
 */
#ifndef DFC_RULE_FILES_H
#define DFC_RULE_FILES_H

#include "dfc.h"
#include "map.h"
#include "source.h"

struct rule_file {
    struct source *source; /* its name is "stdlib/apt.lua", or the path as given */
    struct view module;    /* "apt": what `require` calls it */
    struct view directory; /* of a user's file; "" for the standard library */
    bool is_stdlib;
    bool loaded, loading;
    int result; /* registry reference of what the file returned, for require */
};

struct rule_files {
    struct arena *arena;
    const struct dfc_config *config;
    VEC(struct rule_file *) stdlib; /* of the standard library, sorted by name */
    VEC(struct rule_file *) user_files;
    struct map directives;  /* struct rule_file by the name of a directive */
    struct map caches;      /* struct rule_file by the name of a cache */
    struct map images;      /* struct rule_file by an image's name, or "prefix*" */
    VEC(struct view) names; /* of all directives of the standard library */
};

/* Find the standard library and index it. False with a text in `*problem` (a file can't be read).
 */
bool rule_files_open(struct rule_files *files, struct arena *arena, const struct dfc_config *config,
                     struct view *problem);

/* Read the files that --rules names, in order. False as above. */
bool rule_files_read_user_files(struct rule_files *files, struct view *problem);

/* The file of the standard library that is called `module`, or NULL. */
struct rule_file *rule_files_find_module(const struct rule_files *files, struct view module);

/* The file beside `from` that is called `module`, or NULL. */
struct rule_file *rule_files_find_sibling(const struct rule_files *files,
                                          const struct rule_file *from, struct view module);

/* The file of a source, or NULL. */
struct rule_file *rule_files_file_of(const struct rule_files *files, const struct source *source);

#endif
