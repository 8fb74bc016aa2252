/*
 * A directive with its arguments bound to what its rule declares: everything that the schema can
 * check is checked here, before any Lua runs.
 */
#ifndef DFC_DIRECTIVE_H
#define DFC_DIRECTIVE_H

#include "node.h"
#include "rule.h"
#include "setting.h"
#include "words.h"

struct bound_value {
    struct view text; /* a word (quote.h) */
    struct span at;
};

struct bound_values {
    struct bound_value *items;
    size_t count, capacity;
};

struct directive {
    const struct rule *rule;
    const struct unit *unit;
    const struct instruction *inst;
    struct view name;    /* as written: "apt-get" */
    struct span name_at; /* with the '@' */
    struct view verb;
    struct span verb_at;
    struct bound_values *args; /* one for each of rule->args */
    struct bound_values rest;  /* words behind "--" */
    struct view exe;           /* --exe=, or "" */
    struct env_list env;       /* --env=K=V, or the words before a command */
    VEC(struct view) flags;    /* --mount=, --network=, --security=: RUN's own, as written */
    bool no_bind;
    struct command *command; /* of a command directive without a script */
    struct script *script;   /* heredoc of a command directive */
    struct name_list lines;  /* body of a directive with BODY_LINES */
};

struct binder {
    struct arena *arena;
    const struct file *file;
    struct diag_list *diags;
    const struct setting_scope *settings; /* for defaults such as "pip.sharing" */
};

/* Bind; false when an error was reported. */
bool directive_bind(const struct binder *binder, const struct unit *unit, const struct rule *rule,
                    struct directive *directive);

/* The values of an argument by its key, or NULL. */
const struct bound_values *directive_values(const struct directive *directive, const char *key);

/* Parts of directive_bind, by file: directive_options.c … */
struct option_use {
    struct view name;  /* "--id", "-t" */
    struct view value; /* behind '=', or glued to a short option */
    bool has_value;
    struct span at, value_at;
};

/* Take one option: dfc's own or the rule's. 0: unknown; 1: taken; 2: taken, and the next word is
 * its value; -1: an error was reported; -2: one of the value, which is the next word. `next` is the
 * word that follows, or NULL. */
int directive_take_option(const struct binder *binder, struct directive *directive,
                          const struct option_use *use, const struct directive_word *next);

/* Report an unknown option, with the closest one. */
void directive_unknown_option(const struct binder *binder, const struct directive *directive,
                              const struct option_use *use);

/* Whether every directive has the option: "--env", "--mount" … */
bool directive_is_own_option(struct view name);

/* Append the names of those options. */
void directive_own_options(struct arena *arena, struct name_list *names);

/* Split "--name=value" or "-xVALUE"; false: the word is no option. */
bool directive_split_option(const struct directive_word *word, struct option_use *use);

/* Add a value to argument `index` after checking it against the argument's type. */
bool directive_add_value(const struct binder *binder, struct directive *directive, size_t index,
                         struct view text, struct span at);

/* Reduce the pasted "update && install … && clean" to the words of the install; false: reported. */
bool directive_reduce_idiom(const struct binder *binder, struct directive *directive,
                            struct directive_words *words);

/* Bind the arguments of a command directive. */
bool directive_bind_command(const struct binder *binder, struct directive *directive);

#endif
