/*
 * Which settings and team rules are in force: what the user's and the project's configuration, the
 * environment and the command line name, and later @use. In order of precedence, the last wins:
 * config.lua, dfc.lua, DFC_RULES, --rules, @use.
 */
#ifndef DFC_RULE_SOURCES_H
#define DFC_RULE_SOURCES_H

#include "lua_api.h"

struct rule_sources {
    struct arena *arena;
    const struct dfc_config *config;
    struct diag_list *diags;
    struct rule_files *files;
    struct api *api;
    struct view input_directory; /* as messages call it */
};

/*
 * Run the configuration files, open the standard library, load the rules that are named outside of
 * the input, and put what the surroundings say into `settings`. False: an error was reported.
 */
bool rule_sources_open(const struct rule_sources *sources, struct map *settings);

/* Load the rules at a path that stands at `at` in the input, relative to its directory. What can't
 * be had is reported. */
void rule_sources_use(const struct rule_sources *sources, struct view path, struct span at);

#endif
