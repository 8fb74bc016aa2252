#include "rule.h"

const struct rule_arg *rule_find_option(const struct rule *rule, struct view name)
{
    for (size_t i = 0; i < rule->args.count; i++) {
        const struct rule_arg *arg = &rule->args.items[i];
        if (arg->is_option && (view_equal(arg->name, name) || view_equal(arg->short_name, name)))
            return arg;
    }
    return NULL;
}

bool name_list_has(const struct name_list *list, struct view word)
{
    for (size_t i = 0; i < list->count; i++)
        if (view_equal(list->items[i], word))
            return true;
    return false;
}
