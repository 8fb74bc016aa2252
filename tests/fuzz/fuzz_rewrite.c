/*
 * Fuzzing of rewrites: no instruction may crash the shell splitter or the edits, and what was
 * mended must have nothing more to be mended.
 *
 * An input whose first byte is '\n' is shell text: it is put into the heredoc of a RUN, where it
 * may have lines. Any other is a Dockerfile.in.
 */
#include "dfc.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Rewrites that ask for edits of each kind, and find nothing once they were made. */
static const char rules[] =
    "local dfc = require 'dfc.v1'\n"
    "local function rewrite(name, on, match, fix)\n"
    "  dfc.rewrite(name) { summary = name, on = on, match = match,\n"
    "    check = function(ctx, run, m)\n"
    "      local edits = fix(run, m, ctx)\n"
    "      if edits then\n"
    "        ctx:report { at = m or run, message = name, fix = edits,\n"
    "                     suggest = run.remove_cmd '^[a-m]' }\n"
    "      end\n"
    "    end }\n"
    "end\n"
    "rewrite('remove', 'RUN', [[^r\\b]], function(run) return run.remove_cmd [[^r\\b]] end)\n"
    "local function has(m, word)\n" /* a word may hold blanks, and what looks like others */
    "  for _, other in ipairs(m.argv) do if other == word then return true end end\n"
    "end\n"
    "rewrite('word', 'RUN', '-x', function(_, m) return has(m, '-x') and m.remove_arg '-x' end)\n"
    "rewrite('replace', 'RUN', 'old', function(_, m)\n"
    "  return has(m, 'old') and m.replace_arg('old', \"it's\")\n"
    "end)\n"
    "rewrite('insert', 'RUN', [[^get\\b(?!.*-q)]], function(_, m) return m.insert_arg '-q' end)\n"
    "rewrite('mount', 'RUN', [[^(?:get|pip)\\b]], function(run, _, ctx)\n"
    "  if run.has_mount '/c' then return end\n"
    "  ctx:once('set-up', dfc.run { cmds = { 'echo set-up' } })\n"
    "  return run.add_mount(dfc.cache { target = '/c', id = 'c-${TARGETARCH}' })\n"
    "end)\n"
    "rewrite('begin', 'RUN', nil, function(run)\n"
    "  if #run.commands > 0 and run.commands[1]:sub(1, 4) == 'pre ' then\n"
    "    return run.prepend_cmd 'begin'\n"
    "  end\n"
    "end)\n"
    "for _, on in ipairs { 'FROM', 'CMD', 'ENV', 'COPY', 'HEALTHCHECK', 'LABEL', 'USER' } do\n"
    "  rewrite('words-' .. on, on, 'old', function(_, m)\n"
    "    return has(m, 'old') and { m.replace_arg('old', 'new'), m.insert_arg 'more', m.remove_arg "
    "'-x' }\n"
    "  end)\n"
    "end\n";

static const char rules_path[] = "fuzz.lua";

static void fail(const char *what)
{
    fprintf(stderr, "fuzz_rewrite: %s\n", what);
    abort();
}

static int read_rules(void *context, const char *beneath, const char *path, size_t limit,
                      char **text, size_t *length)
{
    (void)context, (void)beneath, (void)limit;
    if (strcmp(path, rules_path) != 0)
        return ENOENT;
    *length = sizeof(rules) - 1;
    *text = malloc(*length);
    if (*text == NULL)
        return ENOMEM;
    memcpy(*text, rules, *length);
    return 0;
}

/* The standard library "none": an empty directory. */
static int list_nothing(void *context, const char *beneath, const char *path, char **names,
                        size_t *length)
{
    (void)context, (void)beneath;
    if (strncmp(path, "none", 4) != 0)
        return ENOENT;
    *names = malloc(1);
    *length = 0;
    return *names == NULL ? ENOMEM : 0;
}

static struct dfc *new_compilation(enum dfc_mode mode, bool is_shell)
{
    static const char *const paths[] = {rules_path};
    struct dfc_config config = dfc_default_config();
    config.mode = mode;
    config.auto_rewrite = true;
    config.rules = paths;
    config.rules_count = 1;
    config.read_file = read_rules;
    config.list_directory = list_nothing;
    config.stdlib_dir = is_shell ? "none" : NULL;
    config.memory_limit = 256 * 1024 * 1024;
    struct dfc *dfc = dfc_new(&config);
    if (dfc == NULL)
        fail("no memory");
    return dfc;
}

/* What the input stands for, in memory of its own, so that reading behind its end is seen. */
static char *make_text(const uint8_t *data, size_t size, bool is_shell, size_t *length)
{
    static const char begin[] = "FROM python:3.12\nRUN <<'END-OF-INPUT'",
                      end[] = "\nEND-OF-INPUT\n";
    size_t before = is_shell ? sizeof(begin) - 1 : 0, after = is_shell ? sizeof(end) - 1 : 0;
    *length = before + size + after;
    char *text = malloc(*length == 0 ? 1 : *length);
    if (text == NULL)
        fail("no memory");
    memcpy(text, begin, before);
    if (size > 0)
        memcpy(text + before, data, size);
    memcpy(text + before + size, end, after);
    return text;
}

/* Mending what was mended changes nothing, and finds nothing new. */
static void check_mended(struct dfc *dfc, bool is_shell)
{
    size_t length, again_length;
    const char *mended = dfc_output(dfc, &length);
    struct dfc *again = new_compilation(DFC_FIX, is_shell);
    if (dfc_compile(again, "Dockerfile.in", mended, length) != DFC_OK)
        fail("what was mended has errors");
    const char *output = dfc_output(again, &again_length);
    if (dfc_mended_count(again) > 0 || again_length != length ||
        memcmp(output, mended, length) != 0)
        fail("what was mended is mended again");
    /* The warning about an old frontend is for what is put in, and not given again. */
    if (dfc_warning_count(again) > dfc_warning_count(dfc) ||
        dfc_error_count(again) != dfc_error_count(dfc))
        fail("what was mended has other findings");
    dfc_free(again);
}

static enum dfc_status run(enum dfc_mode mode, bool is_shell, const char *text, size_t length)
{
    size_t report_length, output_length;
    struct dfc *dfc = new_compilation(mode, is_shell);
    enum dfc_status status = dfc_compile(dfc, "Dockerfile.in", text, length);
    dfc_report(dfc, true, &report_length);
    const char *output = dfc_output(dfc, &output_length);
    if ((output != NULL) != (status == DFC_OK && mode != DFC_LINT))
        fail("an output without success, or success without an output");
    if (status == DFC_OK && mode == DFC_FIX)
        check_mended(dfc, is_shell);
    dfc_free(dfc);
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t length;
    bool is_shell = size > 0 && data[0] == '\n';
    char *text = make_text(data, size, is_shell, &length);
    enum dfc_status linted = run(DFC_LINT, is_shell, text, length);
    enum dfc_status mended = run(DFC_FIX, is_shell, text, length);
    enum dfc_status built = run(DFC_BUILD, is_shell, text, length);
    if (linted == DFC_OK && mended != DFC_OK && mended != DFC_LIMIT && mended != DFC_ERRORS)
        fail("a text without errors can't be mended");
    if (mended == DFC_ERRORS && built == DFC_OK)
        fail("a text can be built but not mended");
    free(text);
    return 0;
}
