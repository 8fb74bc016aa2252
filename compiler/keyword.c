#include "keyword.h"

static const struct keyword_info table[KEYWORD_COUNT] = {
    [KEYWORD_NONE] = {"", "", FORM_IGNORED, "", false},
#define X(id, text, form, flags, heredoc) [KEYWORD_##id] = {text, #id, form, flags, heredoc},
    KEYWORD_TABLE(X)
#undef X
};

const struct keyword_info *keyword_info(enum keyword keyword)
{
    return &table[keyword];
}

enum keyword keyword_find(struct view name)
{
    for (int i = KEYWORD_NONE + 1; i < KEYWORD_COUNT; i++)
        if (view_is_nocase(name, table[i].name))
            return (enum keyword)i;
    return KEYWORD_NONE;
}
