/* Images of Docker Hub that are to come from another registry. */
#include "image.h"
#include "quote.h"

#include <string.h>

bool image_is_registry(struct view text)
{
    size_t slash = view_find(text, '/', 0);
    bool good = image_names_registry(view_slice(text, 0, slash));
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        bool letter = is_lower(c) || is_digit(c) || strchr("._-", c) != NULL;
        bool separator = (c == ':' && i < slash) || (c == '/' && i > 0 && text.ptr[i - 1] != '/');
        good = good && c != '\0' && (letter || separator);
    }
    return good && text.ptr[0] != ':' && text.ptr[text.len - 1] != '/' &&
           text.ptr[text.len - 1] != ':';
}

/* Position of the first of `wanted` outside variables, or text.len. */
static size_t find_outside(struct view text, const char *wanted)
{
    for (size_t at = 0; at < text.len;) {
        size_t variable = text.ptr[at] == '$' ? quote_variable_length(text, at) : 0;
        if (variable == 0 && strchr(wanted, text.ptr[at]) != NULL)
            return at;
        at += variable > 0 ? variable : 1;
    }
    return text.len;
}

static bool has_variable(struct view text)
{
    return view_find(text, '$', 0) < text.len;
}

static bool has_any(struct view text, const char *wanted)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] == '\0' || strchr(wanted, text.ptr[i]) != NULL)
            return true;
    return false;
}

/* "…" around the whole word. */
static bool is_quoted(struct view word)
{
    return word.len > 2 && (word.ptr[0] == '"' || word.ptr[0] == '\'') &&
           word.ptr[word.len - 1] == word.ptr[0];
}

/* A host, although a variable stands in it: "localhost:$PORT", "$REGION.registry.example". */
static bool looks_like_host(struct view component)
{
    return find_outside(component, ".:") < component.len;
}

/* What stands behind the registry, or is all of the name: where in it the official name ends. */
static bool is_official(struct view name, bool *known)
{
    if (find_outside(name, "/") < name.len)
        return false;
    struct view repo = view_slice(name, 0, find_outside(name, ":@"));
    *known = repo.len > 0 && !has_variable(repo);
    return true;
}

struct image_move image_move(struct arena *arena, struct view word, struct view registry)
{
    static const struct image_move stays = {IMAGE_STAYS, 0, 0, {"", 0}};
    static const struct image_move unknown = {IMAGE_UNKNOWN, 0, 0, {"", 0}};
    size_t begin = is_quoted(word) ? 1 : 0;
    struct view name = view_slice(word, begin, word.len - begin);
    if (name.len == 0 || has_any(name, "\"'\\`"))
        return unknown;
    size_t slash = find_outside(name, "/"), cut = 0;
    struct view first = view_slice(name, 0, slash);
    if (slash < name.len && has_variable(first))
        return looks_like_host(first) ? stays : unknown;
    if (slash < name.len && image_names_docker_hub(first))
        cut = slash + 1;
    else if ((slash < name.len && image_names_registry(first)) || view_is(name, "scratch"))
        return stays;
    bool known = true;
    bool official = is_official(view_slice(name, cut, name.len), &known);
    if (!known)
        return unknown;
    struct view text =
        view_format(arena, "%.*s/%s", VIEW_ARG(registry), official ? "library/" : "");
    return (struct image_move){IMAGE_MOVES, begin, begin + cut, text};
}
