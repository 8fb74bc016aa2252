/*
 * The API `dfc.v1`: what rules can declare and make, and the calls into them. This header is for
 * expand.c; the pieces of the API share lua_api_internal.h.
 */
#ifndef DFC_LUA_API_H
#define DFC_LUA_API_H

#include "context_files.h"
#include "directive.h"
#include "rule_files.h"
#include "stage.h"
#include "test_case.h"

struct api;

/* A stage that a rule wants before those of the file (ctx:stage). */
struct helper_stage {
    struct view key, name, from;
    struct node_list nodes;
    struct view text;     /* its instructions, to tell two of one key apart */
    struct span at;       /* in the rule file */
    struct span asked_at; /* the directive in the user's file */
};

struct helper_stages {
    struct helper_stage **items;
    size_t count, capacity;
};

/* What a rule wants written in place of some words of its directive. */
struct directive_fix {
    struct span at;
    struct view text;
};

/* An ARG that a rule has been given in place of a mirror; `guard` is its name when it may be empty,
 * or "". */
struct mirror_use {
    struct view name, guard;
};

/* One directive being expanded: what its rule is told, and what it gives. */
struct expansion {
    struct directive *directive;
    struct stage *stage;
    const struct image_facts *facts;
    struct node_list setup;  /* once-per-stage nodes that are placed before it */
    struct node_list result; /* what it becomes */
    VEC(struct mirror_use) mirror_args;
    struct name_list
        mirror_unset; /* ARGs that would choose a mirror, where the directive has its own */
    VEC(struct directive_fix) fixes; /* of findings that are mended and not reported … */
    bool mend;                       /* … which is wanted */
    bool has_read_rest, has_read_exe;
    bool failed; /* the rule has reported an error */
};

/* The API in a new Lua state; NULL when memory is exhausted. Free with api_free. */
struct api *api_new(struct arena *arena, struct diag_list *diags, const struct dfc_config *config,
                    struct rule_files *files, struct stages *stages);
void api_free(struct api *api);

/* A path that a configuration file names, and where. */
struct configuration_path {
    struct view text;
    struct span at;
};

/* What a configuration file says with dfc.settings. */
struct configuration {
    struct map settings; /* struct setting */
    VEC(struct configuration_path) rules;
    bool committed; /* nothing of the user's surroundings may reach the output */
    bool given;     /* dfc.settings was called */
};

/* Run a configuration file. False: an error was reported. */
bool api_load_configuration(struct api *api, struct rule_file *file,
                            struct configuration *configuration);

/* Load rule files that have not been loaded, layer by layer. False: an error was reported. */
bool api_load_files(struct api *api, const struct rule_file_list *files);

/* The rule of a directive, loaded when the standard library has it; NULL when there is none, or
 * when it can't be loaded (`*failed`: an error was reported). */
const struct rule *api_find_rule(struct api *api, struct view name, bool *failed);

/* Names of all directives known, for "did you mean". */
void api_directive_names(struct api *api, struct name_list *names);

/* Call the rule. False: an error was reported. */
bool api_expand(struct api *api, struct expansion *expansion);

/* As stage_lookup_function, with the api as context. */
void api_lookup_image(void *api, const struct image_ref *ref, struct image_facts *facts);

/* As stage_exists_function, with the api as context. */
bool api_context_exists(void *api, const char *path);

/* The files of the build context that rules have read or asked for. */
const struct context_files *api_context_files(const struct api *api);

/* The helper stages that rules have asked for, in order. */
const struct helper_stages *api_helper_stages(const struct api *api);

/* Run a file of tests. False: an error was reported, and `tests` has what was read before it. */
bool api_load_tests(struct api *api, struct rule_file *file, struct test_list *tests);

/* Load all of the standard library. False: an error was reported. */
bool api_load_standard_library(struct api *api);

/* What has been declared so far. */
const struct rules *api_rules(const struct api *api);

/* Whether there are mirrors of a kind: presets of the standard library have it, or a directive asks
 * for it. `*close` is the kind that is meant, or "". */
bool api_is_mirror_kind(struct api *api, struct view kind, struct view *close);

/* Check the name or URL of a mirror ("@mirror", --mirror). False: an error was reported at `at`. */
bool api_check_mirror(struct api *api, struct view mirror, struct span at);

#endif
