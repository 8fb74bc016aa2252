/*
 * What is known about each stage while walking the file: base image, user, working directory,
 * environment, arguments in scope, files copied in.
 *
 * The walk follows BuildKit (frontend/dockerfile/dockerfile2llb/convert.go): global ARGs serve
 * FROM only; a stage sees one after its own ARG; FROM of a stage inherits what that stage has.
 */
#ifndef DFC_STAGE_H
#define DFC_STAGE_H

#include "image.h"
#include "parse.h"
#include "rule.h"
#include "setting.h"

/* The user that runs what comes next. */
struct stage_user {
    struct view text;     /* as USER says, "" when it has not been set */
    struct view name;     /* "" for a numeric user without a name */
    struct view uid, gid; /* "" unknown; may be a variable reference such as "${UID}" */
    struct view home;     /* "" unknown */
    bool root;
};

/* What a COPY or ADD may have put into the image. */
struct stage_copy {
    struct view to;                  /* destination, absolute where it is known */
    const struct instruction *exact; /* only its sources, files and directories of the context, lie
                                        there; NULL: anything may */
};

/* A cache that a directive has mounted and its tools read in place (in_place.h). */
struct stage_cache {
    struct view target;
    const struct rule *rule;
    struct view directive; /* as written: "go" */
};

struct stages;

struct stage {
    const struct stages *stages;
    struct stage *parent; /* the stage of "FROM name", or NULL */
    struct view name;     /* "" when it has none */
    size_t index;         /* from 0 */
    struct image_ref ref; /* the image, that of the parent for "FROM name" */
    bool ref_known;       /* false: an ARG without a default is in it */
    struct view ref_text; /* the image as FROM says it, for messages */
    struct image_facts facts;
    struct view platform; /* --platform as written, "" for none */
    struct stage_user user;
    struct view workdir; /* "/" at first */
    bool workdir_known;  /* false: it holds a variable without a value */
    bool shell_is_posix; /* false after SHELL with another program than sh, bash, ash, dash */
    bool shell_changed;
    struct view shell; /* its program without directory and ".exe": "sh", "bash", "powershell" */
    struct map env;    /* struct view: values, expanded as far as known */
    struct map args;   /* struct view: ARGs declared here or in a parent, value or "" */
    struct map once;   /* set-up already placed here or in a parent */
    struct setting_scope settings;
    VEC(struct stage_copy) copied;
    VEC(struct stage_cache) in_place;     /* mounted here or in a parent */
    VEC(const struct instruction *) seen; /* those of the stage so far, without FROM */
    size_t last_unit; /* index of the last instruction or directive of the stage so far */
};

/* Looks a base image up; leaves `facts` unknown when the table has none. */
typedef void stage_lookup_function(void *context, const struct image_ref *ref,
                                   struct image_facts *facts);

/* Whether a path, clean and relative to the build context, exists. */
typedef bool stage_exists_function(void *context, const char *path);

struct stages {
    struct arena *arena;
    const struct file *file;
    VEC(struct stage *) all;
    struct map by_name;     /* struct stage, by lower-cased name; the last of a name wins */
    struct stage *now;      /* NULL before the first FROM */
    size_t from_count;      /* of the file */
    struct map global_args; /* struct view: ARGs before the first FROM */
    struct setting_scope default_settings; /* of the surroundings: the file's win over them */
    struct setting_scope file_settings;
    stage_lookup_function *lookup;
    void *lookup_context;
    stage_exists_function *exists; /* NULL: anything may exist */
    void *exists_context;
};

void stages_init(struct stages *stages, struct arena *arena, const struct file *file);

/* Take note of a plain instruction. */
void stages_see(struct stages *stages, const struct instruction *inst);

/* Whether no FROM follows in the file. */
bool stage_is_final(const struct stage *stage);

/* The stage that "FROM name" means, or NULL. */
struct stage *stages_find(const struct stages *stages, struct view name);

/* The value of a variable in a stage (ENV before ARG); false: not set. */
bool stage_variable(const struct stage *stage, struct view name, struct view *value);

/* Whether the stage has a variable of that name that its mounts can use. */
bool stage_has_variable(const struct stage *stage, struct view name);

/* Whether an earlier COPY or ADD of the stage or its parents may have put `path` (absolute, or
 * relative to the working directory) into the image. */
bool stage_may_have_file(const struct stage *stage, struct view path);

/* Facts of the stage: what "@set dfc.base" says, or the image's. */
const struct image_facts *stage_facts(struct stages *stages, struct stage *stage);

/* Change the user as "USER text" does. */
void stage_set_user(struct stage *stage, struct view text);

#endif
