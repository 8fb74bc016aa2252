/* Comma-separated values, one line of them as Go's encoding/csv reads it: what --mount takes. */
#ifndef DFC_CSV_H
#define DFC_CSV_H

#include "str.h"

enum csv_fault {
    CSV_NONE,
    CSV_EMPTY,        /* there is no field at all */
    CSV_QUOTE_INSIDE, /* a quote in a field that does not begin with one */
    CSV_QUOTE_OPEN,   /* a field begins with a quote but does not end with one */
};

struct csv_fields {
    struct view *items;
    size_t count, capacity;
};

/* Append the fields of `text`; up to the first fault. */
enum csv_fault csv_read(struct arena *arena, struct view text, struct csv_fields *fields);

/* "key=value" to its parts; false, and all of it in `*key`, when there is no '='. */
bool csv_split_field(struct view field, struct view *key, struct view *value);

#endif
