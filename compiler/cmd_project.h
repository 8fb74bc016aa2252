/*
 * What lies around an input: the project that it belongs to, and where configuration is. Nothing is
 * read here; a compilation reads these files itself when it needs them (dfc.h).
 */
#ifndef DFC_CMD_PROJECT_H
#define DFC_CMD_PROJECT_H

#include "dfc.h"

#include <stdbool.h>

/* All malloc()ed, each NULL when there is none. */
struct project {
    char *directory;   /* the first one upwards that has .git, or that of the input; absolute */
    char *path;        /* from there to the directory of the input; "" when it is that */
    char *config;      /* from there to dfc.lua: the first one upwards that is in the project */
    char *user_config; /* $XDG_CONFIG_HOME/dfc/config.lua, which need not exist */
};

/* Look for the surroundings of a file; "-" lies in the current directory. False: no memory. */
bool project_find(struct project *project, const char *input);

/* Let a compilation use them; the project must live as long as the configuration. */
void project_apply(const struct project *project, struct dfc_config *config);

void project_release(struct project *project);

#endif
