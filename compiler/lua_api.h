/*
 * The API `dfc.v1`: what rules can declare and make, and the calls into them. This header is for
 * expand.c; the pieces of the API share lua_api_internal.h.
 */
#ifndef DFC_LUA_API_H
#define DFC_LUA_API_H

#include "directive.h"
#include "rule_files.h"
#include "stage.h"

struct api;

/* One directive being expanded: what its rule is told, and what it gives. */
struct expansion {
    struct directive *directive;
    struct stage *stage;
    const struct image_facts *facts;
    struct node_list setup;  /* once-per-stage nodes that are placed before it */
    struct node_list result; /* what it becomes */
    bool failed;             /* the rule has reported an error */
};

/* The API in a new Lua state; NULL when memory is exhausted. Free with api_free. */
struct api *api_new(struct arena *arena, struct diag_list *diags, const struct dfc_config *config,
                    struct rule_files *files, struct stages *stages);
void api_free(struct api *api);

/* Load the user's rule files. False: an error was reported. */
bool api_load_user_files(struct api *api);

/* The rule of a directive, loaded when the standard library has it; NULL when there is none, or
 * when it can't be loaded (`*failed`: an error was reported). */
const struct rule *api_find_rule(struct api *api, struct view name, bool *failed);

/* Names of all directives known, for "did you mean". */
void api_directive_names(struct api *api, struct name_list *names);

/* Call the rule. False: an error was reported. */
bool api_expand(struct api *api, struct expansion *expansion);

/* As stage_lookup_function, with the api as context. */
void api_lookup_image(void *api, const struct image_ref *ref, struct image_facts *facts);

/* Check the name or URL of a mirror ("@mirror", --mirror). False: an error was reported at `at`. */
bool api_check_mirror(struct api *api, struct view mirror, struct span at);

#endif
