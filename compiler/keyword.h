/*
 * The instructions of a Dockerfile, one table row each: how the arguments are read, which flags
 * there are, whether heredocs may follow.
 *
 * Sources: moby/buildkit frontend/dockerfile/parser/parser.go (dispatch), line_parsers.go (forms),
 * instructions/parse.go and commands_run*.go (flags).
 */
#ifndef DFC_KEYWORD_H
#define DFC_KEYWORD_H

#include "str.h"

/* How the arguments of an instruction are split. */
enum form {
    FORM_IGNORED,     /* unknown instruction: one empty argument */
    FORM_COMMAND,     /* JSON array of strings, or the whole text */
    FORM_PATHS,       /* JSON array of strings, or words */
    FORM_WORDS,       /* words at blanks */
    FORM_TEXT,        /* the whole text */
    FORM_PAIRS,       /* key=value words, or "key value" */
    FORM_NAMES,       /* ARG: words, quotes respected */
    FORM_HEALTH,      /* a type word, then a command */
    FORM_INSTRUCTION, /* ONBUILD: another instruction */
};

/* name, form, flags (comma-separated: name, '?' boolean, '*' repeatable), heredocs allowed */
#define KEYWORD_TABLE(X)                                                                           \
    X(FROM, "from", FORM_WORDS, "platform", false)                                                 \
    X(ARG, "arg", FORM_NAMES, NULL, false)                                                         \
    X(RUN, "run", FORM_COMMAND, "mount*,network,security,device*", true)                           \
    X(CMD, "cmd", FORM_COMMAND, "", false)                                                         \
    X(ENTRYPOINT, "entrypoint", FORM_COMMAND, "", false)                                           \
    X(COPY, "copy", FORM_PATHS, "from,chown,chmod,link?,exclude*,parents?", true)                  \
    X(ADD, "add", FORM_PATHS, "chown,chmod,keep-git-dir?,checksum,link?,unpack?,exclude*", true)   \
    X(ENV, "env", FORM_PAIRS, "", false)                                                           \
    X(LABEL, "label", FORM_PAIRS, "", false)                                                       \
    X(EXPOSE, "expose", FORM_WORDS, "", false)                                                     \
    X(USER, "user", FORM_TEXT, "", false)                                                          \
    X(WORKDIR, "workdir", FORM_TEXT, "", false)                                                    \
    X(STOPSIGNAL, "stopsignal", FORM_TEXT, NULL, false)                                            \
    X(VOLUME, "volume", FORM_PATHS, "", false)                                                     \
    X(HEALTHCHECK, "healthcheck", FORM_HEALTH,                                                     \
      "interval,timeout,start-period,start-interval,retries", false)                               \
    X(SHELL, "shell", FORM_COMMAND, "", false)                                                     \
    X(MAINTAINER, "maintainer", FORM_TEXT, "", false)                                              \
    X(ONBUILD, "onbuild", FORM_INSTRUCTION, "", false)

enum keyword {
    KEYWORD_NONE,
#define X(name, text, form, flags, heredoc) KEYWORD_##name,
    KEYWORD_TABLE(X)
#undef X
        KEYWORD_COUNT
};

struct keyword_info {
    const char *name;  /* lower case, as BuildKit's parser gives it */
    const char *upper; /* as one writes it */
    enum form form;
    const char *flags; /* NULL: any flag is accepted and ignored */
    bool heredoc;
};

/* The row of a keyword; KEYWORD_NONE has the name "" and FORM_IGNORED. */
const struct keyword_info *keyword_info(enum keyword keyword);

/* The keyword of that name in any case, or KEYWORD_NONE. */
enum keyword keyword_find(struct view name);

#endif
