#include "emit_header.h"

#include "head.h"
#include "utf8.h"

#include <string.h>

#define DEFAULT_FRONTEND "docker/dockerfile:1"

static const char *newline(const struct file *file)
{
    return file->crlf ? "\r\n" : "\n";
}

/* A first line "#!…": BuildKit skips it when it looks for the frontend (DetectSyntax). */
static bool has_shebang(const struct file *file)
{
    struct view text = file->source->text;
    return view_starts(view_slice(text, file->head.after_bom, text.len), "#!");
}

/* N of "docker/dockerfile:1.N…"; -1: another frontend; 99: a floating tag that has everything. */
static int frontend_minor(struct view reference)
{
    static const char *const prefixes[] = {"docker.io/", "index.docker.io/"};
    struct view text = view_slice(reference, 0, view_find(reference, ' ', 0));
    for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
        if (view_starts(text, prefixes[i]))
            text = view_slice(text, strlen(prefixes[i]), text.len);
    text = view_slice(text, 0, view_find(text, '@', 0));
    size_t name = view_search(text, VIEW("docker/dockerfile"));
    if (name == text.len)
        return -1;
    text = view_slice(text, name + strlen("docker/dockerfile"), text.len);
    if (text.len == 0)
        return 99;
    if (!view_starts(text, ":1.") || text.len < 4 || !is_digit(text.ptr[3]))
        return view_starts(text, ":") ? 99 : -1;
    int minor = 0;
    for (size_t i = 3; i < text.len && i < 6 && is_digit(text.ptr[i]); i++)
        minor = minor * 10 + (text.ptr[i] - '0');
    return minor;
}

/* A reference to a frontend: where it stands, and how one writes it there. */
struct wanted {
    struct view reference;
    struct span at;
    const char *spelling;
};

static void warn_foreign(const struct expanded *expanded, const struct wanted *wanted,
                         struct diag_list *diags)
{
    struct diag *diag = diag_add(diags, DIAG_WARNING, "foreign-syntax", wanted->at,
                                 "'%.*s' is not Docker's frontend: what is generated here is "
                                 "written for docker/dockerfile:1",
                                 VIEW_ARG(wanted->reference));
    diag_help(diag, "make sure that it knows %s", expanded->needed_feature);
}

static void warn_old(const struct expanded *expanded, const struct wanted *wanted,
                     struct diag_list *diags)
{
    int minor = frontend_minor(wanted->reference);
    if (minor < 0 || minor >= expanded->needed_frontend)
        return;
    struct diag *diag =
        diag_add(diags, DIAG_WARNING, "old-syntax", wanted->at,
                 "'%.*s' is too old for what is generated here: %s came with "
                 "docker/dockerfile:1.%d",
                 VIEW_ARG(wanted->reference), expanded->needed_feature, expanded->needed_frontend);
    diag_help(diag, "write %s" DEFAULT_FRONTEND, wanted->spelling);
}

/* `reference` is a part of the file. */
static void check_own_syntax(const struct expanded *expanded, struct view reference,
                             struct diag_list *diags)
{
    struct source *source = expanded->file->source;
    size_t begin = (size_t)(reference.ptr - source->text.ptr);
    struct wanted own = {reference, {source, begin, begin + reference.len}, "# syntax="};
    if (frontend_minor(reference) < 0)
        warn_foreign(expanded, &own, diags);
    else
        warn_old(expanded, &own, diags);
}

/* "# syntax=" with a blank before the '#': the parser counts it, the choice of a frontend does not
 * see it, and a second one would be an error. */
static void warn_indented(const struct file *file, struct diag_list *diags)
{
    struct span at = {file->source, file->head.syntax_at,
                      file->head.syntax_at + file->head.syntax.len};
    struct diag *diag = diag_add(diags, DIAG_WARNING, "indented-syntax", at,
                                 "BuildKit ignores an indented '# syntax=', so the builder's own "
                                 "frontend will run");
    diag_help(diag, "remove the blanks before '#'");
}

/* What --syntax or "@set dfc.syntax" asks for. */
static struct wanted wanted_syntax(const struct expanded *expanded,
                                   const struct emit_options *options)
{
    struct span nowhere = {NULL, 0, 0};
    if (options->syntax != NULL)
        return (struct wanted){view_of(options->syntax), nowhere, "--syntax="};
    if (expanded->syntax.len > 0)
        return (struct wanted){expanded->syntax, expanded->syntax_at, "@set dfc.syntax = "};
    return (struct wanted){VIEW(DEFAULT_FRONTEND), nowhere, ""};
}

static bool needs_syntax_line(const struct expanded *expanded, const struct wanted *wanted,
                              struct diag_list *diags)
{
    const struct file *file = expanded->file;
    struct view own = head_detect_syntax(file->source->text);
    if (expanded->needed_frontend == 0)
        return false;
    if (own.ptr != NULL) {
        check_own_syntax(expanded, own, diags);
        return false;
    }
    if (file->head.syntax.ptr != NULL) {
        warn_indented(file, diags);
        return false;
    }
    if (view_is(wanted->reference, "none") || expanded->no_syntax)
        return false;
    warn_old(expanded, wanted, diags);
    return true;
}

/* A file name for a comment line. */
static void add_name(struct str *out, const char *name)
{
    for (const char *p = name; *p != '\0'; p++)
        str_addc(out, (unsigned char)*p < 0x20 || *p == 0x7f ? '?' : *p);
}

void header_make(struct arena *arena, const struct expanded *expanded,
                 const struct emit_options *options, struct diag_list *diags, struct header *header)
{
    const struct file *file = expanded->file;
    struct wanted wanted = wanted_syntax(expanded, options);
    *header = (struct header){VIEW(""), VIEW(""), has_shebang(file) ? 1 : 0, 0};
    if (needs_syntax_line(expanded, &wanted, diags))
        header->syntax_line =
            view_format(arena, "# syntax=%.*s%s", VIEW_ARG(wanted.reference), newline(file));
    header->banner_before = head_unit_count(arena, file);
    struct str banner;
    str_init(&banner, arena);
    str_addz(&banner, "# Code generated by dfc from ");
    add_name(&banner, options->input_name);
    /* Without the "#" line BuildKit would take this for the description of the first FROM. */
    str_addf(&banner, "; DO NOT EDIT.%s#%s", newline(file), newline(file));
    header->banner = str_view(&banner);
}
