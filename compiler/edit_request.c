#include "edit_internal.h"

#include "quote.h"
#include "utf8.h"

static void push(const struct run_view *run, struct edit_request *request, struct edit edit)
{
    VEC_PUSH(run->arena, &request->edits, edit);
}

void request_mount(const struct run_view *run, struct edit_request *request,
                   const struct mount *mount)
{
    request->unsafe |= mount->variable.len > 0;
    push(run, request, (struct edit){.kind = EDIT_MOUNT, .mount = mount});
}

/* A command can go with an operator beside it; "|", "||" and "&" make something else of it. */
static bool is_chain(enum shell_joiner joiner)
{
    return joiner == SHELL_START || joiner == SHELL_AND || joiner == SHELL_SEQUENCE;
}

void request_remove_command(const struct run_view *run, struct edit_request *request,
                            size_t command)
{
    const struct shell_command *c = &run->commands.items[command];
    request->unsafe |= c->nested || !is_chain(c->before) || !is_chain(c->after) || c->has_heredoc ||
                       (run->kind != RUN_LINE && run->kind != RUN_SCRIPT);
    push(run, request, (struct edit){.kind = EDIT_COMMAND, .command = command});
}

void request_remove_word(const struct run_view *run, struct edit_request *request, size_t command,
                         size_t word)
{
    const struct shell_command *c = &run->commands.items[command];
    request->unsafe |= c->nested || c->word_count == 1;
    push(run, request,
         (struct edit){.kind = EDIT_WORD, .command = command, .word = word, .text = VIEW("")});
}

static void add_json(struct str *out, struct view text)
{
    str_addc(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (c < 0x20)
            str_addf(out, "\\u%04x", c);
        else
            str_addf(out, c == '"' || c == '\\' ? "\\%c" : "%c", c);
    }
    str_addc(out, '"');
}

/* A word as it is written in this kind of text. */
static struct view written_word(const struct run_view *run, struct view text)
{
    struct str out;
    str_init(&out, run->arena);
    if (run->kind == RUN_EXEC)
        add_json(&out, text);
    else if (run->kind == RUN_WORDS)
        str_add(&out, text);
    else
        quote_word(&out, text);
    return str_view(&out);
}

void request_replace_word(const struct run_view *run, struct edit_request *request, size_t command,
                          size_t word, struct view text)
{
    push(run, request,
         (struct edit){
             .kind = EDIT_WORD, .command = command, .word = word, .text = written_word(run, text)});
}

void request_append_word(const struct run_view *run, struct edit_request *request, size_t command,
                         size_t word, struct view text)
{
    push(run, request,
         (struct edit){.kind = EDIT_APPEND,
                       .command = command,
                       .word = word,
                       .text = view_format(run->arena, "%s%.*s", run->kind == RUN_EXEC ? ", " : " ",
                                           VIEW_ARG(written_word(run, text)))});
}

void request_prepend_command(const struct run_view *run, struct edit_request *request,
                             struct view text)
{
    request->unsafe |=
        run->commands.count == 0 || (run->kind != RUN_LINE && run->kind != RUN_SCRIPT);
    push(run, request, (struct edit){.kind = EDIT_PREPEND, .text = view_copy(run->arena, text)});
}

struct view edit_mount_text(struct arena *arena, const struct mount *mount)
{
    struct str text;
    str_init(&text, arena);
    str_addz(&text, "--mount=");
    mount_format(&text, mount);
    return str_view(&text);
}

static void describe_edit(const struct run_view *run, const struct edit *edit, struct str *out)
{
    const struct shell_command *command = &run->commands.items[edit->command];
    struct view text = utf8_trim(edit->text);
    if (edit->kind == EDIT_MOUNT) {
        struct view mount = edit_mount_text(run->arena, edit->mount);
        str_addf(out, "add %.*s", VIEW_ARG(mount));
    } else if (edit->kind == EDIT_COMMAND) {
        str_addf(out, "remove '%.*s'", VIEW_ARG(run->lines[edit->command]));
    } else if (edit->kind == EDIT_PREPEND) {
        str_addf(out, "begin with '%.*s'", VIEW_ARG(text));
    } else {
        struct view word = command->words[edit->word].text;
        if (edit->kind == EDIT_APPEND)
            str_addf(out, "write '%.*s' behind '%.*s'", VIEW_ARG(text), VIEW_ARG(word));
        else if (text.len == 0)
            str_addf(out, "remove '%.*s'", VIEW_ARG(word));
        else
            str_addf(out, "write '%.*s' for '%.*s'", VIEW_ARG(text), VIEW_ARG(word));
    }
}

void request_describe(const struct run_view *run, const struct edit_request *request,
                      struct str *out)
{
    for (size_t i = 0; i < request->edits.count; i++) {
        str_addz(out, i > 0 ? ", " : "");
        describe_edit(run, &request->edits.items[i], out);
    }
}
