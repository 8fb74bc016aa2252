#include "csv.h"

struct csv {
    struct arena *arena;
    struct view text;
    size_t at;
    struct csv_fields *fields;
};

/* A field in quotes; "" is a quote, and after the closing one the field must end. */
static enum csv_fault read_quoted(struct csv *csv)
{
    struct view text = csv->text;
    struct str field;
    str_init(&field, csv->arena);
    csv->at++;
    for (;;) {
        size_t quote = view_find(text, '"', csv->at);
        str_add(&field, view_slice(text, csv->at, quote));
        csv->at = quote + 1;
        if (quote == text.len)
            return CSV_QUOTE_OPEN;
        if (csv->at == text.len || text.ptr[csv->at] == ',')
            break;
        if (text.ptr[csv->at++] != '"')
            return CSV_QUOTE_OPEN;
        str_addc(&field, '"');
    }
    VEC_PUSH(csv->arena, csv->fields, str_view(&field));
    return CSV_NONE;
}

static enum csv_fault read_plain(struct csv *csv)
{
    size_t comma = view_find(csv->text, ',', csv->at);
    struct view field = view_slice(csv->text, csv->at, comma);
    csv->at = comma;
    VEC_PUSH(csv->arena, csv->fields, field);
    return view_find(field, '"', 0) < field.len ? CSV_QUOTE_INSIDE : CSV_NONE;
}

/* A comma at the end is followed by an empty field. */
enum csv_fault csv_read(struct arena *arena, struct view text, struct csv_fields *fields)
{
    struct csv csv = {arena, text, 0, fields};
    if (text.len == 0)
        return CSV_EMPTY;
    for (;;) {
        bool quoted = csv.at < text.len && text.ptr[csv.at] == '"';
        enum csv_fault fault = quoted ? read_quoted(&csv) : read_plain(&csv);
        if (fault != CSV_NONE || csv.at == text.len)
            return fault;
        csv.at++;
    }
}

bool csv_split_field(struct view field, struct view *key, struct view *value)
{
    size_t equals = view_find(field, '=', 0);
    *key = view_slice(field, 0, equals);
    *value = view_slice(field, equals < field.len ? equals + 1 : equals, field.len);
    return equals < field.len;
}
