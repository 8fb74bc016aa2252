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

static void check_own_syntax(const struct expanded *expanded, struct view reference,
                             struct diag_list *diags)
{
    const struct file *file = expanded->file;
    struct span at = {file->source, 0, 0};
    if (file->head.syntax.ptr != NULL)
        at = (struct span){file->source, file->head.syntax_at,
                           file->head.syntax_at + file->head.syntax.len};
    int minor = frontend_minor(reference);
    if (minor < 0) {
        struct diag *diag = diag_add(diags, DIAG_WARNING, "foreign-syntax", at,
                                     "'%.*s' is not Docker's frontend: what is generated here is "
                                     "written for docker/dockerfile:1",
                                     VIEW_ARG(reference));
        diag_help(diag, "make sure that it knows %s", expanded->needed_feature);
    } else if (minor < expanded->needed_frontend) {
        struct diag *diag =
            diag_add(diags, DIAG_WARNING, "old-syntax", at,
                     "'%.*s' is too old for what is generated here: %s came with "
                     "docker/dockerfile:1.%d",
                     VIEW_ARG(reference), expanded->needed_feature, expanded->needed_frontend);
        diag_help(diag, "write # syntax=" DEFAULT_FRONTEND);
    }
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

static bool needs_syntax_line(const struct expanded *expanded, const char *reference,
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
    return strcmp(reference, "none") != 0;
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
    const char *reference = options->syntax;
    if (reference == NULL)
        reference = expanded->syntax.len > 0
                        ? arena_strndup(arena, expanded->syntax.ptr, expanded->syntax.len)
                        : DEFAULT_FRONTEND;
    *header = (struct header){VIEW(""), VIEW(""), has_shebang(file) ? 1 : 0, 0};
    if (needs_syntax_line(expanded, reference, diags))
        header->syntax_line = view_format(arena, "# syntax=%s%s", reference, newline(file));
    while (header->banner_before < file->unit_count &&
           file->units[header->banner_before].begin < file->head.body_begin)
        header->banner_before++;
    if (header->banner_before < header->syntax_before)
        header->banner_before = header->syntax_before;
    struct str banner;
    str_init(&banner, arena);
    str_addz(&banner, "# Code generated by dfc from ");
    add_name(&banner, options->input_name);
    /* Without the "#" line BuildKit would take this for the description of the first FROM. */
    str_addf(&banner, "; DO NOT EDIT.%s#%s", newline(file), newline(file));
    header->banner = str_view(&banner);
}
