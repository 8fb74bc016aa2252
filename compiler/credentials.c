#include "credentials.h"

#include "url.h"

struct diag *credentials_report(struct diag_list *diags, struct span at, struct view url,
                                struct view secret)
{
    struct diag *diag =
        diag_add(diags, DIAG_ERROR, "credentials", at,
                 "'%.*s' holds a user name or password, which would stay readable in the image or "
                 "its history",
                 VIEW_ARG(url));
    if (secret.ptr == NULL)
        diag_help(diag, "leave it out, write --secret=ID at the directive that needs it, or "
                        "--mount=type=secret,id=ID where that has no such option, and run docker "
                        "build --secret id=ID,src=FILE");
    else
        diag_help(diag,
                  "leave it out, write --secret=ID (%.*s), and run docker build --secret "
                  "id=ID,src=FILE",
                  VIEW_ARG(secret));
    return diag;
}

bool credentials_in(const struct instruction *inst)
{
    bool found = url_has_credentials(inst->joined);
    for (size_t i = 0; i < inst->heredoc_count; i++)
        found |= url_has_credentials(inst->heredocs[i].body);
    return found;
}

void credentials_report_all(struct diag_list *diags, const struct file *file,
                            const struct instruction *inst, struct view secret)
{
    size_t begin, end = 0;
    while (url_find_credentials(inst->joined, end, &begin, &end))
        credentials_report(diags, instruction_span(file, inst, begin, end),
                           url_around(inst->joined, begin), secret)
            ->is_secret = true;
    for (size_t i = 0; i < inst->heredoc_count; i++) {
        const struct heredoc *heredoc = &inst->heredocs[i];
        for (end = 0; url_find_credentials(heredoc->body, end, &begin, &end);) {
            struct span at = {file->source, heredoc->begin + begin, heredoc->begin + end};
            credentials_report(diags, at, url_around(heredoc->body, begin), secret)->is_secret =
                true;
        }
    }
}
