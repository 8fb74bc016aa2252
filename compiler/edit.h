/*
 * Edits of the user's own instructions: words and commands changed or cut out, mounts put between
 * RUN and its command. An instruction is never rendered again; what no edit touches stays, byte for
 * byte.
 *
 * A rule asks for the edits of one finding together (struct edit_request). They are taken together
 * or not at all, beside those that were taken before (struct unit_edits), and carried out when all
 * rules have looked at the instruction.
 */
#ifndef DFC_EDIT_H
#define DFC_EDIT_H

#include "node.h"
#include "rewrite.h"

enum edit_kind {
    EDIT_MOUNT,   /* `mount` is added to the RUN */
    EDIT_COMMAND, /* the command goes, with an operator that joins it */
    EDIT_WORD,    /* the word becomes `text`; "": it goes, with the blanks before it */
    EDIT_APPEND,  /* `text` is put behind the word */
    EDIT_PREPEND, /* `text` is put before all commands */
};

struct edit {
    enum edit_kind kind;
    size_t command, word; /* indexes in the view; of EDIT_MOUNT and EDIT_PREPEND unused */
    struct view text;     /* as it is written there */
    const struct mount *mount;
    struct view rule; /* who wants it, for messages about conflicts */
    size_t before;    /* 1 + index of the edit of the same command that was taken before it, or 0 */
};

struct edit_list {
    struct edit *items;
    size_t count, capacity;
};

/* The edits of one finding. */
struct edit_request {
    struct edit_list edits;
    bool unsafe; /* one of them can't be carried out without changing what the rest means */
};

/*
 * Ask for an edit. Where the request becomes unsafe: a command or word is to be cut out of a
 * command inside a larger construct; a command that is joined by "|", "||" or "&" is to go; the
 * only word is to go; text is to be put into an instruction that has no shell text; a mount needs
 * a variable of the tool's beside it.
 */
void request_mount(const struct run_view *run, struct edit_request *request,
                   const struct mount *mount);
void request_remove_command(const struct run_view *run, struct edit_request *request,
                            size_t command);
void request_remove_word(const struct run_view *run, struct edit_request *request, size_t command,
                         size_t word);

/* One word, given without quotes: it gets those that it needs. In RUN_WORDS it stays as it is. */
void request_replace_word(const struct run_view *run, struct edit_request *request, size_t command,
                          size_t word, struct view text);
void request_append_word(const struct run_view *run, struct edit_request *request, size_t command,
                         size_t word, struct view text);

/* A shell command, as it is, joined by "&&" or, in a script, on a line of its own. */
void request_prepend_command(const struct run_view *run, struct edit_request *request,
                             struct view text);

/* Append what the edits do: "add --mount=…, remove '--no-cache-dir'". */
void request_describe(const struct run_view *run, const struct edit_request *request,
                      struct str *out);

/* The edits of one unit. */
struct command_edits;
struct unit_edits {
    struct edit_list all;           /* in the order in which they were taken */
    struct command_edits *commands; /* one for each of the view's; NULL: none was edited */
    size_t loose; /* 1 + index of the mount or prepended command that was taken last, or 0 */
    size_t steps; /* a measure of the work done so far */
};

enum edit_verdict {
    EDITS_TAKEN,
    EDITS_NOTHING,  /* there is nothing to do: the mount is there, the list is empty */
    EDITS_UNSAFE,   /* with those already taken no command would be left, or the rest would mean
                       something else */
    EDITS_CONFLICT, /* an edit of `*other` changes the same place in another way */
};

/*
 * Take the edits of a request that `rule` has made. Equal ones merge. A mount on a target that the
 * user has mounted is left out. Only EDITS_TAKEN changes anything.
 */
enum edit_verdict edits_take(const struct run_view *run, struct unit_edits *edits,
                             const struct edit_request *request, struct view rule,
                             struct view *other);

/* The unit's text with the edits carried out, and what BuildKit has to read out of it. */
struct edited {
    struct view text;
    const struct instruction *meaning;
};
struct edited edits_apply(const struct run_view *run, const struct unit_edits *edits,
                          const char *newline);

/* The text read again. NULL: not as it is meant; an edit has put something into it that makes it
 * another instruction. */
const struct instruction *edited_read(const struct run_view *run, const struct edited *edited);

#endif
