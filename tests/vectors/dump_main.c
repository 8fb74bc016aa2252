/* dump FILE...: prints the parse of each file in the form that dump.h describes, below a line
 * "== FILE". Exit status 1 if a file could not be read. */
#include "check.h"
#include "dump.h"

#include <stdio.h>
#include <stdlib.h>

static void out_of_memory(void *context)
{
    (void)context;
    fputs("dump: out of memory\n", stderr);
    exit(70);
}

static bool read_file(const char *path, struct str *text)
{
    char buffer[65536];
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return false;
    size_t got;
    while ((got = fread(buffer, 1, sizeof(buffer), file)) > 0)
        str_add(text, (struct view){buffer, got});
    bool failed = ferror(file) != 0;
    return fclose(file) == 0 && !failed;
}

static bool dump_one(const char *path)
{
    struct arena arena;
    arena_init(&arena, out_of_memory, NULL);
    struct str text, out;
    str_init(&text, &arena);
    str_init(&out, &arena);
    bool ok = read_file(path, &text);
    if (ok) {
        struct diag_list diags;
        diag_list_init(&diags, &arena);
        struct source *source = source_new(&arena, path, str_view(&text));
        struct file *file = parse_file(&arena, source, &diags);
        check_file(&arena, file, &diags);
        str_addf(&out, "== %s\n", path);
        dump_parse(&out, file);
        dump_errors(&out, &diags);
        fwrite(out.ptr, 1, out.len, stdout);
    } else {
        perror(path);
    }
    arena_release(&arena);
    return ok;
}

int main(int argc, char **argv)
{
    bool ok = true;
    for (int i = 1; i < argc; i++)
        ok = dump_one(argv[i]) && ok;
    return fflush(stdout) == 0 && ok ? 0 : 1;
}
