/*
 * The command line: one table of commands, one of options, one of environment variables. The
 * parser, --help and "did you mean" read them, and so will the manual page and shell completion.
 */
#ifndef DFC_OPTIONS_H
#define DFC_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

/* id, name, operand or "", summary, lines of an example */
#define COMMANDS(X)                                                                                \
    X(BUILD, build, "[FILE]", "compile FILE (default Dockerfile.in, - for stdin)",                 \
      "dfc build Dockerfile.in > Dockerfile\n"                                                     \
      "dfc build -o Dockerfile -D version=1.4 --mirror off")                                       \
    X(LINT, lint, "[FILE]...",                                                                     \
      "say what rules find in FILEs (default Dockerfile.in or Dockerfile)",                        \
      "dfc lint\n"                                                                                 \
      "dfc lint --fix --rules rules services/*/Dockerfile")                                        \
    X(TEST, test, "[PATH]...", "run the tests of rules (default: those in rules, or in .)",        \
      "dfc test rules\n"                                                                           \
      "dfc test --format=tap rules/jdk_test.lua")                                                  \
    X(EXPLAIN, explain, "NAME", "all about a directive, rewrite, mirror or cache",                 \
      "dfc explain pip\n"                                                                          \
      "dfc explain --rules rules @jdk")                                                            \
    X(RULES, rules, "", "list the directives, rewrites, mirrors, caches and images known here",    \
      "dfc rules --rules rules\n"                                                                  \
      "dfc rules --source pip > rules/pip.lua\n"                                                   \
      "dfc rules --meta > dfc.d.lua")                                                              \
    X(MIRRORS, mirrors, "[NAME|URL]...",                                                           \
      "list mirrors; or configure Docker for some of Docker Hub",                                  \
      "dfc mirrors\n"                                                                              \
      "dfc mirrors --daemon-json cn https://mirror.example\n"                                      \
      "dfc mirrors --buildkitd-toml https://mirror.example/hub")                                   \
    X(VERSION, version, "", "print the version of dfc", "dfc version")                             \
    X(HELP, help, "[COMMAND]", "describe a command", "dfc help build")

enum command_id {
#define X(id, name, operand, summary, example) COMMAND_##id,
    COMMANDS(X)
#undef X
        COMMAND_COUNT,
    COMMAND_NONE = COMMAND_COUNT /* what stands before the name of a command: "dfc --version" */
};

/* Sets of commands, for the second column of OPTIONS. */
#define FOR_BUILD   (1u << COMMAND_BUILD)
#define FOR_LINT    (1u << COMMAND_LINT)
#define FOR_INPUT   (FOR_BUILD | FOR_LINT) /* what compiles an input */
#define FOR_TEST    (1u << COMMAND_TEST)
#define FOR_RULES   (1u << COMMAND_RULES)
#define FOR_MIRRORS (1u << COMMAND_MIRRORS)
#define FOR_KNOWN                                                                                  \
    (FOR_RULES | FOR_MIRRORS | 1u << COMMAND_EXPLAIN) /* what is known about rules                 \
                                                       */
#define FOR_NONE  (1u << COMMAND_NONE)
#define FOR_EVERY ((1u << (COMMAND_NONE + 1)) - 1)

/* id, commands, letter or 0, long name, name of the argument or NULL, repeatable, help */
#define OPTIONS(X)                                                                                 \
    X(OUTPUT, FOR_BUILD, 'o', "output", "FILE", false,                                             \
      "write to FILE, not to stdout; unchanged content is left alone")                             \
    X(DEFINE, FOR_INPUT, 'D', "define", "NAME=VALUE", true, "set a variable")                      \
    X(MIRROR, FOR_INPUT, 0, "mirror", "NAME|off|URL", false, "fetch packages from a mirror")       \
    X(BUILDER, FOR_INPUT, 0, "builder", "NAME", false,                                             \
      "buildkit (default), buildah (Podman, too), or legacy: without mounts")                      \
    X(FOOTPRINT, FOR_INPUT, 0, "footprint", "keep|none", false,                                    \
      "none: the image's own configuration stays as it is")                                        \
    X(RULES, FOR_INPUT | FOR_TEST | FOR_KNOWN, 0, "rules", "PATH", true,                           \
      "read rules from a file or a directory")                                                     \
    X(CONTEXT, FOR_INPUT, 'C', "context", "DIR", false,                                            \
      "the build context; default: the directory of FILE")                                         \
    X(SYNTAX, FOR_BUILD, 0, "syntax", "REF|none", false,                                           \
      "frontend of the syntax line; default: docker/dockerfile:1")                                 \
    X(AUTO, FOR_BUILD, 0, "auto", NULL, false, "mend what rewrites find in plain instructions")    \
    X(FIX, FOR_LINT, 0, "fix", NULL, false, "mend FILEs in place; - to stdout")                    \
    X(FAIL_LEVEL, FOR_LINT, 0, "fail-level", "LEVEL", false,                                       \
      "error, warning (default) or note: exit with 1 from there on")                               \
    X(NO_COMMENTS, FOR_BUILD, 0, "no-comments", NULL, false,                                       \
      "do not write directives as comments above their expansion")                                 \
    X(NO_USER_CONFIG, FOR_INPUT | FOR_KNOWN, 0, "no-user-config", NULL, false,                     \
      "leave the user's dfc/config.lua out of account")                                            \
    X(COLOR, FOR_INPUT | FOR_KNOWN, 0, "color", "WHEN", false,                                     \
      "auto, always or never; auto: when it goes to a terminal")                                   \
    X(QUIET, FOR_INPUT, 'q', "quiet", NULL, false, "no diagnostics unless there are errors")       \
    X(TEST_FORMAT, FOR_TEST, 0, "format", "FORMAT", false, "text, tap or json; default: text")     \
    X(UPDATE, FOR_TEST, 'u', "update", NULL, false,                                                \
      "write what comes out into the golden files .out and .err")                                  \
    X(SAVE, FOR_TEST, 0, "save", "DIR", false,                                                     \
      "write input and output of each test below DIR, for other programs to check")                \
    X(DAEMON_JSON, FOR_MIRRORS, 0, "daemon-json", NULL, false,                                     \
      "mirrors of Docker Hub for Docker's daemon.json; default: those of cn")                      \
    X(BUILDKITD_TOML, FOR_MIRRORS, 0, "buildkitd-toml", NULL, false,                               \
      "the same for BuildKit's buildkitd.toml")                                                    \
    X(JSON, FOR_RULES | FOR_MIRRORS, 0, "json", NULL, false, "as JSON, with all that is declared") \
    X(MARKDOWN, FOR_RULES, 0, "markdown", NULL, false, "a reference of all rules, as Markdown")    \
    X(META, FOR_RULES, 0, "meta", NULL, false, "the API of rules for lua-language-server")         \
    X(SOURCE, FOR_RULES, 0, "source", "NAME", false, "the rule file that declares NAME")           \
    X(VERSION, FOR_NONE, 0, "version", NULL, false, "print the version of dfc")                    \
    X(HELP, FOR_EVERY, 'h', "help", NULL, false, "print this help")

enum option_id {
#define X(id, commands, letter, name, argument, repeatable, help) OPTION_##id,
    OPTIONS(X)
#undef X
        OPTION_COUNT,
    OPTION_OPERAND, /* not an option: `value` is the word */
    OPTION_END,
    OPTION_ERROR /* `error` says what is wrong */
};

/* id, name, help. An empty variable counts as none; an option wins over its variable. */
#define VARIABLES(X)                                                                               \
    X(MIRROR, "DFC_MIRROR", "a mirror where the file names none")                                  \
    X(BUILDER, "DFC_BUILDER", "a builder where the file names none")                               \
    X(FOOTPRINT, "DFC_FOOTPRINT", "keep or none where the file does not say")                      \
    X(REGISTRY, "DFC_REGISTRY", "a registry for Docker Hub's images where the file names none")    \
    X(RULES, "DFC_RULES", "as --rules, separated by colons; read before those of --rules")         \
    X(STDLIB, "DFC_STDLIB", "a directory that replaces the embedded standard library")             \
    X(CONFIG_HOME, "XDG_CONFIG_HOME", "the user's dfc/config.lua is there; default: ~/.config")    \
    X(NO_COLOR, "NO_COLOR", "when not empty, --color=auto means never")

enum variable_id {
#define X(id, name, help) VARIABLE_##id,
    VARIABLES(X)
#undef X
        VARIABLE_COUNT
};

struct command {
    const char *name, *operand, *summary, *example;
};

struct option {
    unsigned commands; /* bit 1 << command_id for each command that takes it */
    char letter;       /* 0: none */
    const char *name;
    const char *argument; /* NULL: it takes none */
    bool repeatable;      /* otherwise the last one wins */
    const char *help;
};

struct variable {
    const char *name, *help;
};

extern const struct command command_table[COMMAND_COUNT];
extern const struct option option_table[OPTION_COUNT];
extern const struct variable variable_table[VARIABLE_COUNT];

/* A walk over the words of a command line. Options and operands may be mixed; "--" ends options. */
struct options {
    enum command_id command;
    int count;
    char **words;
    int next;           /* index of the next word */
    char *letters;      /* rest of a word of short options, or NULL */
    bool operands_only; /* "--" was seen */
    char *value;        /* argument of the option, or the operand; points into a word */
    char error[1024];   /* after OPTION_ERROR: a message, perhaps cut, with the command's name */
};

/* Start before words[0]. The words must outlive the walk; long ones are cut at their "=". */
void options_init(struct options *options, enum command_id command, int count, char **words);

/* The next option, OPTION_OPERAND, OPTION_END or OPTION_ERROR. */
enum option_id options_next(struct options *options);

/* "dfc: message" or "dfc build: message" into `error`, for mistakes the table can't express.
 * Gives OPTION_ERROR. */
enum option_id options_fail(struct options *options, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The command of that name, or COMMAND_NONE. */
enum command_id options_find_command(const char *name);

/* The name of a command that `word` may be a misspelling of, or NULL. */
const char *options_closest_command(const char *word);

/* The value of an environment variable, NULL when it is unset or empty. */
const char *options_variable(enum variable_id id);

/* The help of a command, or of dfc as a whole for COMMAND_NONE; free() it. NULL: no memory. */
char *options_help(enum command_id command);

#endif
