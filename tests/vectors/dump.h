/*
 * The parse of a text as lines that a person can read and diff tells apart: the form of the files
 * parse.txt and fuzz.txt, and what the program "dump" prints.
 *
 *     escape `             the file's escape character, unless it is '\'
 *     2-4 copy             lines and name of an instruction, the name in lower case
 *       flag --from=x      each flag, without its quotes
 *       raw a b            the text behind the flags, unless it is the args with a blank between
 *       json               the args are the strings of a JSON array
 *       arg a              each argument; of ENV and LABEL name, value and "=" (or "") in turn
 *       heredoc EOF        each heredoc, then what is special about it:
 *         fd 3             its number, unless 0
 *         literal          variables in it stay (its word has quotes)
 *         chomp            it was opened with "<<-"
 *         > a line         its body, as it stands in the file
 *       sub run            the instruction behind ONBUILD, one step further in
 *     7 @pip               a directive of dfc has "raw" and heredocs only
 *       raw install x
 *     parse-error 4 CODE   an error that parse_file found, and its line
 *     check-error 4 CODE   an error that check_file found
 *
 * Values stand behind one blank; a line without a value ends at its tag. In a value, '%xx' is a
 * byte that can't be seen (control characters, '%', blanks other than ' ', a ' ' at the end, bytes
 * that are not UTF-8) and '%{N}' stands for N times the next character, where N is at least 64.
 *
 * A vector file has one "== ID" line for each input, '#' lines for notes, the input (a '>' line
 * for each line with a line feed, a '.' line for text without one), and then what is expected:
 * where it matters a "frontend" line, what head_detect_syntax must give; then the parse. There an
 * error has the lines of its instruction ("parse-error 4-6 CODE"), dfc may point to any of them,
 * and "directive" stands in the place of an error that BuildKit found in a directive of dfc.
 */
#ifndef DFC_TESTS_DUMP_H
#define DFC_TESTS_DUMP_H

#include "parse.h"

/* Append a value as it stands in a line. */
void dump_value(struct str *out, struct view value);

/* Append the lines of the escape character and the instructions, each with a line feed. */
void dump_parse(struct str *out, const struct file *file);

/* Append a line for each error, in the order they were found. */
void dump_errors(struct str *out, const struct diag_list *diags);

/* Whether BuildKit finds this kind of error while it reads lines, before it looks at the
 * instructions. */
bool dump_is_parse_code(const char *code);

#endif
