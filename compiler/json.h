/* JSON arrays of strings as Go's encoding/json reads them: the exec form of an instruction. */
#ifndef DFC_JSON_H
#define DFC_JSON_H

#include "str.h"

enum json_kind {
    JSON_NONE,    /* not a JSON array: the text is in shell form */
    JSON_STRINGS, /* an array of strings */
    JSON_OTHER,   /* valid JSON, but an element is not a string: BuildKit refuses it */
};

struct json_strings {
    struct view *items;
    size_t count, capacity;
};

/* Read all of `text` as one array; blanks around it are allowed. Strings go to `strings`. */
enum json_kind json_read_strings(struct arena *arena, struct view text,
                                 struct json_strings *strings);

#endif
