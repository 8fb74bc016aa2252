/* Reading below a directory: what stays in it is read, what leads out is refused. */
#include "unit.h"

#include "dfc.h"
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* A directory with a tree to read; `top` is the directory that reads stay beneath. */
struct tree {
    char root[64], top[80];
    struct dfc_config config;
    int descriptor; /* the next free one; another at the end means that one was not closed */
};

static void make_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static void make_link(const char *target, const char *path)
{
    assert_int_equal(symlink(target, path), 0);
}

static void make_directory(const char *path)
{
    assert_int_equal(mkdir(path, 0755), 0);
}

static int next_descriptor(void)
{
    int descriptor = dup(0);
    close(descriptor);
    return descriptor;
}

static void fill_top(const char *top)
{
    assert_int_equal(chdir(top), 0);
    make_file("a", "text of a");
    make_file("empty", "");
    make_directory("sub");
    make_directory("sub/deep");
    make_directory("none");
    make_file("sub/deep/b", "text of b");
    make_link("a", "to-a");
    make_link("to-a", "to-to-a");
    make_link("sub/deep", "to-deep");
    make_link("../a", "sub/up-to-a");
    make_link("../outside", "out");
    make_link("..", "parent");
    make_link("../../outside", "sub/out");
    make_link("../top/a", "out-and-in");
    make_link("loop", "loop");
    make_link("missing", "dangling");
    make_link("/etc/passwd", "absolute");
    assert_int_equal(mkfifo("pipe", 0600), 0);
}

static int tree_setup(void **state)
{
    struct tree *tree = calloc(1, sizeof(*tree));
    assert_non_null(tree);
    snprintf(tree->root, sizeof(tree->root), "/tmp/dfc-unit-XXXXXX");
    assert_non_null(mkdtemp(tree->root));
    snprintf(tree->top, sizeof(tree->top), "%s/top", tree->root);
    assert_int_equal(chdir(tree->root), 0);
    make_file("outside", "text outside");
    make_directory("top");
    make_link("top", "link-to-top");
    fill_top(tree->top);
    tree->config = dfc_default_config();
    file_set_callbacks(&tree->config);
    tree->descriptor = next_descriptor();
    *state = tree;
    return 0;
}

static int tree_teardown(void **state)
{
    struct tree *tree = *state;
    char command[128];
    assert_int_equal(next_descriptor(), tree->descriptor);
    snprintf(command, sizeof(command), "rm -rf '%s'", tree->root);
    assert_int_equal(chdir("/"), 0);
    assert_int_equal(system(command), 0);
    free(tree);
    return 0;
}

static int read_text(struct tree *tree, const char *beneath, const char *path, size_t limit,
                     char **text, size_t *length)
{
    return tree->config.read_file(tree->config.context, beneath, path, limit, text, length);
}

static void assert_reads(struct tree *tree, const char *beneath, const char *path,
                         const char *expected)
{
    char *text;
    size_t length;
    int error = read_text(tree, beneath, path, 1000, &text, &length);
    if (error)
        fail_msg("'%s' beneath '%s': %s", path, beneath ? beneath : "(null)", strerror(error));
    assert_int_equal(length, strlen(expected));
    assert_memory_equal(text, expected, length);
    free(text);
}

static void assert_refuses(struct tree *tree, const char *beneath, const char *path, int expected)
{
    char *text = NULL;
    size_t length;
    int error = read_text(tree, beneath, path, 1000, &text, &length);
    if (error != expected)
        fail_msg("'%s': found '%s', expected '%s'", path, strerror(error), strerror(expected));
    assert_null(text);
}

static bool exists(struct tree *tree, const char *beneath, const char *path)
{
    return tree->config.exists(tree->config.context, beneath, path);
}

static void test_paths_that_stay(void **state)
{
    struct tree *tree = *state;
    const char *top = tree->top;
    assert_reads(tree, top, "a", "text of a");
    assert_reads(tree, top, "./a", "text of a");
    assert_reads(tree, top, "empty", "");
    assert_reads(tree, top, "sub//deep/./b", "text of b");
    assert_reads(tree, top, "sub/../a", "text of a");
    assert_reads(tree, top, "sub/deep/../../sub/deep/b", "text of b");
    assert_reads(tree, top, "to-a", "text of a");
    assert_reads(tree, top, "to-to-a", "text of a");
    assert_reads(tree, top, "to-deep/b", "text of b");
    assert_reads(tree, top, "to-deep/../up-to-a", "text of a");
    assert_reads(tree, top, "sub/up-to-a", "text of a");
}

static void test_ways_to_name_the_directory(void **state)
{
    struct tree *tree = *state;
    assert_reads(tree, ".", "a", "text of a");
    assert_reads(tree, "", "a", "text of a");
    assert_reads(tree, "sub", "deep/b", "text of b");
    assert_reads(tree, "../link-to-top", "a", "text of a");
    assert_refuses(tree, "a", "b", ENOTDIR);
    assert_refuses(tree, "missing", "b", ENOENT);
}

static void test_paths_that_lead_out(void **state)
{
    struct tree *tree = *state;
    const char *top = tree->top;
    char absolute[100];
    snprintf(absolute, sizeof(absolute), "%s/a", top);
    assert_refuses(tree, top, absolute, EXDEV);
    assert_refuses(tree, top, "/etc/passwd", EXDEV);
    assert_refuses(tree, top, "..", EXDEV);
    assert_refuses(tree, top, "../outside", EXDEV);
    assert_refuses(tree, top, "../top/a", EXDEV);
    assert_refuses(tree, top, "sub/../../outside", EXDEV);
    assert_refuses(tree, top, "./../outside", EXDEV);
    assert_refuses(tree, "sub", "up-to-a", EXDEV);
}

static void test_links_that_lead_out(void **state)
{
    struct tree *tree = *state;
    const char *top = tree->top;
    assert_refuses(tree, top, "out", EXDEV);
    assert_refuses(tree, top, "sub/out", EXDEV);
    assert_refuses(tree, top, "parent", EXDEV);
    assert_refuses(tree, top, "parent/outside", EXDEV);
    assert_refuses(tree, top, "parent/top/a", EXDEV);
    assert_refuses(tree, top, "out-and-in", EXDEV);
    assert_refuses(tree, top, "absolute", EXDEV);
    assert_refuses(tree, top, "to-deep/../../../outside", EXDEV);
}

static void test_what_is_no_file(void **state)
{
    struct tree *tree = *state;
    const char *top = tree->top;
    assert_refuses(tree, top, "missing", ENOENT);
    assert_refuses(tree, top, "dangling", ENOENT);
    assert_refuses(tree, top, "a/b", ENOTDIR);
    assert_refuses(tree, top, "sub", EISDIR);
    assert_refuses(tree, top, "", EISDIR);
    assert_refuses(tree, top, "loop", ELOOP);
    assert_refuses(tree, top, "pipe", EINVAL); /* and does not wait for a writer */
}

static void test_long_paths(void **state)
{
    struct tree *tree = *state;
    char path[8192];
    memset(path, 'x', sizeof(path));
    path[sizeof(path) - 1] = '\0';
    assert_refuses(tree, tree->top, path, ENAMETOOLONG);
    path[300] = '\0';
    assert_refuses(tree, tree->top, path, ENAMETOOLONG);
    for (size_t i = 0; i + 1 < 4000; i += 2)
        memcpy(path + i, "./", 2);
    strcpy(path + 4000, "a");
    assert_reads(tree, tree->top, path, "text of a");
}

static void test_limit(void **state)
{
    struct tree *tree = *state;
    char *text = NULL;
    size_t length;
    assert_int_equal(read_text(tree, tree->top, "a", 9, &text, &length), 0);
    assert_int_equal(length, 9);
    free(text);
    text = NULL;
    assert_int_equal(read_text(tree, tree->top, "a", 8, &text, &length), EFBIG);
    assert_int_equal(read_text(tree, tree->top, "a", 0, &text, &length), EFBIG);
    assert_null(text);
    assert_int_equal(read_text(tree, tree->top, "empty", 0, &text, &length), 0);
    assert_int_equal(length, 0);
    free(text);
    text = NULL;
    assert_int_equal(read_text(tree, NULL, "/dev/zero", 1000000, &text, &length), EFBIG);
    assert_null(text);
}

static void test_unbounded_reads(void **state)
{
    struct tree *tree = *state;
    char absolute[100];
    snprintf(absolute, sizeof(absolute), "%s/a", tree->top);
    assert_reads(tree, NULL, absolute, "text of a");
    assert_reads(tree, NULL, "../outside", "text outside");
    assert_reads(tree, NULL, "out", "text outside");
    assert_refuses(tree, NULL, "sub", EISDIR);
    assert_refuses(tree, NULL, "missing", ENOENT);
}

static void test_exists(void **state)
{
    struct tree *tree = *state;
    const char *top = tree->top;
    assert_true(exists(tree, top, "a"));
    assert_true(exists(tree, top, "to-to-a"));
    assert_true(exists(tree, top, "sub"));
    assert_true(exists(tree, top, "sub/deep/b"));
    assert_true(exists(tree, top, "."));
    assert_false(exists(tree, top, "missing"));
    assert_false(exists(tree, top, "dangling"));
    assert_false(exists(tree, top, "a/b"));
    assert_false(exists(tree, top, "pipe"));
    assert_false(exists(tree, top, ".."));
    assert_false(exists(tree, top, "../outside"));
    assert_false(exists(tree, top, "out"));
    assert_false(exists(tree, top, "absolute"));
    assert_false(exists(tree, top, "/etc/passwd"));
    assert_true(exists(tree, NULL, "../outside"));
    assert_false(exists(tree, NULL, "pipe"));
    assert_false(exists(tree, NULL, "missing"));
}

static void test_list(void **state)
{
    static const char expected[] = "\0.c\0B\0a\0b\0\xc3\xa9";
    struct tree *tree = *state;
    char *names;
    size_t length;
    make_file("none/b", "");
    make_file("none/\xc3\xa9", "");
    make_file("none/B", "");
    make_file("none/.c", "");
    make_file("none/a", "");
    assert_int_equal(tree->config.list_directory(NULL, NULL, "none", &names, &length), 0);
    assert_int_equal(length, sizeof(expected) - 1);
    assert_memory_equal(names, expected + 1, length);
    free(names);
    assert_int_equal(tree->config.list_directory(NULL, NULL, "missing", &names, &length), ENOENT);
    assert_int_equal(tree->config.list_directory(NULL, NULL, "a", &names, &length), ENOTDIR);
}

static int list_beneath(struct tree *tree, const char *path)
{
    char *names = NULL;
    size_t length;
    int error = tree->config.list_directory(NULL, tree->top, path, &names, &length);
    free(names);
    return error;
}

static void test_list_below_a_directory(void **state)
{
    struct tree *tree = *state;
    assert_int_equal(list_beneath(tree, "."), 0);
    assert_int_equal(list_beneath(tree, "sub/deep"), 0);
    assert_int_equal(list_beneath(tree, "sub/../sub"), 0);
    assert_int_equal(list_beneath(tree, "to-deep"), 0);
    assert_int_equal(list_beneath(tree, "parent"), EXDEV);
    assert_int_equal(list_beneath(tree, "sub/../.."), EXDEV);
    assert_int_equal(list_beneath(tree, tree->top), EXDEV);
    assert_int_equal(list_beneath(tree, "a"), ENOTDIR);
    assert_int_equal(list_beneath(tree, "missing"), ENOENT);
}

static void test_same_file(void **state)
{
    struct tree *tree = *state;
    assert_true(tree->config.same_file(NULL, "a", "sub/../a"));
    assert_true(tree->config.same_file(NULL, "a", "to-to-a"));
    assert_false(tree->config.same_file(NULL, "a", "empty"));
    assert_false(tree->config.same_file(NULL, "a", "missing"));
    assert_false(tree->config.same_file(NULL, "sub", "sub"));
}

static void test_list_of_an_empty_directory(void **state)
{
    struct tree *tree = *state;
    char *names;
    size_t length = 1;
    assert_int_equal(tree->config.list_directory(NULL, NULL, "none", &names, &length), 0);
    assert_int_equal(length, 0);
    free(names);
}

/* In a child, since the tests' own output needs the descriptors. */
static int reserve_in_child(void)
{
    char byte;
    for (int descriptor = 0; descriptor <= 2; descriptor++)
        close(descriptor);
    if (file_reserve_standard() != 0)
        return 1;
    for (int descriptor = 0; descriptor <= 2; descriptor++)
        if (fcntl(descriptor, F_GETFD) == -1)
            return 2;
    if (read(0, &byte, 1) != -1 || errno != EBADF)
        return 3;
    if (write(1, "x", 1) != -1 || errno != EBADF || write(2, "x", 1) != -1 || errno != EBADF)
        return 4;
    return 0;
}

static void test_closed_standard_descriptors(void **state)
{
    (void)state;
    int status;
    pid_t child = fork();
    if (child == 0)
        _exit(reserve_in_child());
    assert_true(child > 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static void test_open_standard_descriptors_stay(void **state)
{
    (void)state;
    struct stat before[3], after;
    for (int descriptor = 0; descriptor <= 2; descriptor++)
        assert_int_equal(fstat(descriptor, &before[descriptor]), 0);
    assert_int_equal(file_reserve_standard(), 0);
    for (int descriptor = 0; descriptor <= 2; descriptor++) {
        assert_int_equal(fstat(descriptor, &after), 0);
        assert_true(before[descriptor].st_dev == after.st_dev &&
                    before[descriptor].st_ino == after.st_ino);
    }
}

#define TREE_TEST(test) cmocka_unit_test_setup_teardown(test, tree_setup, tree_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TREE_TEST(test_paths_that_stay),
        TREE_TEST(test_ways_to_name_the_directory),
        TREE_TEST(test_paths_that_lead_out),
        TREE_TEST(test_links_that_lead_out),
        TREE_TEST(test_what_is_no_file),
        TREE_TEST(test_long_paths),
        TREE_TEST(test_limit),
        TREE_TEST(test_unbounded_reads),
        TREE_TEST(test_exists),
        TREE_TEST(test_list),
        TREE_TEST(test_list_of_an_empty_directory),
        TREE_TEST(test_list_below_a_directory),
        TREE_TEST(test_same_file),
        cmocka_unit_test(test_closed_standard_descriptors),
        cmocka_unit_test(test_open_standard_descriptors_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
