/* realpath() is of the XSI part of POSIX.1-2008. */
#define _XOPEN_SOURCE 700 // NOLINT(bugprone-reserved-identifier)

#include "cmd_project.h"

#include "options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char config_name[] = "dfc.lua";

/* The first `length` bytes of `directory`, a slash, and `name`. NULL: no memory. */
static char *join(const char *directory, size_t length, const char *name)
{
    size_t size = length + strlen(name) + 2;
    char *path = malloc(size);
    if (path)
        snprintf(path, size, "%.*s/%s", (int)length, directory, name);
    return path;
}

/* Whether `name`, not a directory unless `any` will do, is in the directory that the first `length`
 * bytes name. */
static bool has(const char *directory, size_t length, const char *name, bool any)
{
    struct stat status;
    char *path = join(directory, length, name);
    bool found = path && lstat(path, &status) == 0 && (any || !S_ISDIR(status.st_mode));
    free(path);
    return found;
}

/* Length of the directory above: 0 is the root. */
static size_t above(const char *directory, size_t length)
{
    while (length > 0 && directory[length - 1] != '/')
        length--;
    return length > 0 ? length - 1 : 0;
}

/* Length of the first directory upwards that has .git; of all when there is none. */
static size_t find_top(const char *directory)
{
    size_t whole = strlen(directory);
    for (size_t length = whole;; length = above(directory, length)) {
        if (has(directory, length, ".git", true))
            return length;
        if (length == 0)
            return whole;
    }
}

/* Fill in the project of a directory, which is absolute and without a slash at its end. */
static bool fill(struct project *project, char *directory)
{
    size_t whole = strlen(directory), top = find_top(directory), length = whole;
    project->path = strdup(directory + top + (top < whole));
    while (length > top && !has(directory, length, config_name, false))
        length = above(directory, length);
    bool found = length > top || has(directory, length, config_name, false);
    if (found && length > top)
        project->config = join(directory + top + 1, length - top - 1, config_name);
    else if (found)
        project->config = strdup(config_name);
    project->directory = top == 0 ? strdup("/") : strndup(directory, top);
    return project->directory && project->path && (project->config || !found);
}

static char *find_directory(const char *input)
{
    const char *slash = strcmp(input, "-") == 0 ? NULL : strrchr(input, '/');
    char *name = slash ? strndup(input, (size_t)(slash - input) + 1) : strdup(".");
    char *directory = name ? realpath(name, NULL) : NULL;
    free(name);
    if (directory && strcmp(directory, "/") == 0)
        directory[0] = '\0';
    return directory;
}

/* A relative $XDG_CONFIG_HOME counts as none: XDG Base Directory Specification. */
static char *find_user_config(void)
{
    const char *home = options_variable(VARIABLE_CONFIG_HOME), *name = "dfc/config.lua";
    if (!home || home[0] != '/') {
        home = getenv("HOME");
        name = ".config/dfc/config.lua";
    }
    errno = 0;
    return home && home[0] == '/' ? join(home, strlen(home), name) : NULL;
}

bool project_find(struct project *project, const char *input)
{
    *project = (struct project){NULL, NULL, NULL, NULL};
    project->user_config = find_user_config();
    if (!project->user_config && errno == ENOMEM)
        return false;
    char *directory = find_directory(input);
    if (!directory) /* it is gone, or nobody may know its name: then there is no project */
        return errno != ENOMEM;
    bool good = fill(project, directory);
    free(directory);
    return good;
}

void project_apply(const struct project *project, struct dfc_config *config)
{
    config->project_dir = project->directory;
    config->project_path = project->path;
    config->project_config = project->config;
    config->user_config = project->user_config;
}

void project_release(struct project *project)
{
    free(project->directory);
    free(project->path);
    free(project->config);
    free(project->user_config);
}
