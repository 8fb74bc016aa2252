/*
 * What the files of edit.h share: commands that go side by side (edit_gap.c), and the changes of
 * the text that edits come to (edit_places.c).
 */
#ifndef DFC_EDIT_INTERNAL_H
#define DFC_EDIT_INTERNAL_H

#include "edit.h"

/* "--mount=…" as it is written behind RUN. */
struct view edit_mount_text(struct arena *arena, const struct mount *mount);

/* What was taken for a command; numbers are 1 + an index into the list of edits, 0: none. */
struct command_edits {
    size_t removed;       /* the edit that removes it */
    size_t *words;        /* of each word the edit that changes or removes it; NULL: of no word */
    size_t removed_words; /* how many of them go */
    size_t last;          /* the edit of words, or behind words, that was taken last */
};

bool edit_is_removed(const struct unit_edits *edits, size_t command);

/* A run of removed commands, as long as it goes. */
struct gap {
    size_t first, last;         /* commands */
    enum shell_joiner from, to; /* what stands before and behind it */
    size_t sequence; /* 1 + the command in it that a ';' or newline follows, the last one at best */
    bool any_sequence; /* there is a ';' or newline before, in or behind it */
};

/* The gap of removed commands that `command` lies in. `*steps` is added to for work done. */
struct gap gap_find(const struct run_view *run, const struct unit_edits *edits, size_t command,
                    size_t *steps);

/* Whether what is left means the same, given that the removed commands would have succeeded. */
bool gap_is_safe(const struct run_view *run, const struct gap *gap, size_t *steps);

/* The command that is the element behind `command`; SIZE_MAX when there is none or it is a compound
 * one. */
size_t gap_next_element(const struct run_view *run, size_t command, size_t *steps);

struct range {
    size_t begin, end;
};

/* A change of the text, and the bytes of the source that it takes the place of. */
struct change {
    struct range in_text; /* SIZE_MAX: mounts, which are not in it */
    struct range in_source;
    struct view text;
    size_t order;
};

struct changes {
    struct change *items;
    size_t count, capacity;
};

/* What the edits come to, in the order of the source; `newline` ends each line that is added. */
void changes_find(const struct run_view *run, const struct unit_edits *edits, const char *newline,
                  struct changes *changes);

#endif
