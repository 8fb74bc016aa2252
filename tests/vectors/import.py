#!/usr/bin/env python3
"""Turn what BuildKit's parser said about many inputs into the text files of this directory.

    import.py DIRECTORY [OUTPUT]

DIRECTORY holds vectors.jsonl, fuzz_vectors.jsonl and words.jsonl, recorded with BuildKit's own
parser (one JSON object a line); parse.txt, fuzz.txt and words.txt are written to OUTPUT, the
directory of this program if it is not given. Running it again gives the same bytes. dump.h
describes the form; corpus.py uses the functions here for the recorded parse of whole files.

Four things are not taken over as BuildKit says them:

  * Lines of errors. BuildKit numbers the line of a bad parser directive from 0, puts a line that
    is too long at the line before it, and an empty file at line 0. Here stands the line that a
    reader would look at. Other errors carry the first and last line of their instruction: dfc may
    point to any line of it.
  * Texts of errors. They become the codes of check.h, by the table ERRORS below.
  * A line that begins with '@' is an unknown instruction for BuildKit and a directive for dfc.
    Where BuildKit refuses a file at such a line it has not looked behind it, so what dfc finds
    there is not judged ("directive" instead of "check-error").
  * Bytes that are not UTF-8, in the input or because BuildKit cut a character in two. The JSON
    files have U+FFFD in their place; the byte is put back.
"""

import base64
import json
import os
import re
import sys

# The first pattern that is found in BuildKit's error text gives the code.
ERRORS = [
    (r"only one \w+ parser directive can be used", "repeated-parser-directive"),
    (r"invalid escape token", "escape-value"),
    (r"file with no instructions", "no-instructions"),
    (r"dockerfile line greater than max allowed size", "line-too-long"),
    (r"unterminated heredoc", "unterminated-heredoc"),
    (r"arrays must be comprised of strings only", "json-strings"),
    (r"(ENV|LABEL) must have two arguments", "missing-value"),
    (r"Syntax error - can't find = in", "missing-equals"),
    (r"unknown instruction:", "unknown-instruction"),
    (r"unknown flag:", "unknown-flag"),
    (r"duplicate flag specified:", "duplicate-flag"),
    (r"missing a value on flag:|expecting boolean value for flag", "flag-value"),
    (r'invalid network mode|security ".*" is not valid', "flag-value"),
    (r"SHELL requires the arguments to be in JSON form", "shell-form"),
    (r"Unknown type .* in HEALTHCHECK|HEALTHCHECK NONE takes no arguments", "healthcheck"),
    (r"Missing command after HEALTHCHECK CMD", "healthcheck"),
    (r"time: |strconv\.ParseInt|Interval .* cannot be less|cannot be negative", "healthcheck"),
    (r"failed to parse csv mounts", "mount"),
    (r"must be a key=value pair", "flag-value"),  # --device; of a mount only the build says so
    (r"'from' doesn't support variable expansion", "mount"),
    (r"cannot accept a heredoc as a destination", "heredoc-destination"),
    (r"isn't allowed as an ONBUILD trigger|Chaining ONBUILD", "onbuild-trigger"),
    (r"names can not be blank|can not be an empty string", "blank-name"),
    (r"invalid name for build stage", "stage-name"),
    (r"no build stage in current context", "no-stage"),
    (r"requires (exactly|at least|either)", "argument-count"),
]

# Errors that BuildKit finds while it reads lines; all others come from a second walk.
PARSE_CODES = set(code for _, code in ERRORS[:8])

# A directive of dfc may open a heredoc, an unknown instruction of BuildKit may not: in these inputs
# the last line does, and nothing follows.
DIRECTIVE_HEREDOCS = {
    "fuzz-1161": "parse-error 4 unterminated-heredoc",
    "fuzz-1615": "parse-error 7 unterminated-heredoc",
}

# Inputs are never this long in one byte value unless a vector is about length.
RUN_LENGTH = 64

INVISIBLE = [
    (0x80, 0xA0), (0xAD, 0xAD), (0x1680, 0x1680), (0x2000, 0x200F), (0x2028, 0x202F),
    (0x205F, 0x206F), (0x3000, 0x3000), (0xFEFF, 0xFEFF), (0xFFF9, 0xFFFF),
]


def error_code(text):
    for pattern, code in ERRORS:
        if re.search(pattern, text, re.DOTALL):
            return code
    raise SystemExit(f"import.py: no code for BuildKit's error: {text}")


def is_visible(character):
    code = ord(character)
    if code < 0x20 or code == 0x7F or character == "%" or 0xD800 <= code <= 0xDFFF:
        return False
    return not any(first <= code <= last for first, last in INVISIBLE)


def escape_character(character):
    if is_visible(character):
        return character
    return "".join(f"%{byte:02x}" for byte in character.encode("utf-8", "surrogateescape"))


def escape(text):
    """One value as it stands in the files; `text` may hold surrogate escapes for stray bytes."""
    out = []
    for match in re.finditer(r"([\x00-\x7f])\1{%d,}|." % (RUN_LENGTH - 1), text, re.DOTALL):
        piece = match.group(0)
        repeat = "%%{%d}" % len(piece) if len(piece) > 1 else ""
        out.append(repeat + escape_character(piece[0]))
    if text.endswith(" "):
        out[-1] = out[-1][:-1] + "%20"
    return "".join(out)


def tagged(tag, text):
    """A line: the tag, a blank and the value, or the tag alone for an empty value."""
    return f"{tag} {escape(text)}" if text else tag


def text_lines(text, indent=""):
    """'>' and a line with its line feed, '.' and a last line without one."""
    lines = []
    for part in re.findall(r"[^\n]*\n|[^\n]+", text):
        tag = ">" if part.endswith("\n") else "."
        lines.append(tagged(indent + tag, part[:-1] if tag == ">" else part))
    return lines


def heredoc_lines(heredoc, indent):
    lines = [tagged(indent + "heredoc", heredoc["name"])]
    indent += "  "
    if heredoc["fd"] != 0:
        lines.append(f"{indent}fd {heredoc['fd']}")
    if not heredoc["expand"]:
        lines.append(indent + "literal")
    if heredoc["chomp"]:
        lines.append(indent + "chomp")
    return lines + text_lines(heredoc["content"], indent)


def instruction_lines(instruction, head, indent):
    lines = [tagged(head, instruction["cmd"])]
    raw, args = instruction["args_raw"], instruction.get("args", [])
    if instruction["cmd"].startswith("@") and not head.lstrip().startswith("sub"):
        # A directive: dfc reads no flags there.
        return lines + [tagged(indent + "raw", " ".join(instruction["flags"] + [raw]).strip())]
    lines += [tagged(indent + "flag", flag) for flag in instruction["flags"]]
    if " ".join(args) != raw:
        lines.append(tagged(indent + "raw", raw))
    if instruction.get("json"):
        lines.append(indent + "json")
    lines += [tagged(indent + "arg", arg) for arg in args]
    for heredoc in instruction["heredocs"]:
        lines += heredoc_lines(heredoc, indent)
    if "sub" in instruction:
        lines += instruction_lines(instruction["sub"], indent + "sub", indent + "  ")
    return lines


def line_range(first, last):
    return str(first) if first == last else f"{first}-{last}"


def parse_lines(instructions, escape_token):
    """The lines of a parse: the escape character unless it is '\\', then each instruction."""
    lines = [] if escape_token == "\\" else ["escape " + escape_token]
    for instruction in instructions:
        first, last = instruction["start_line"], instruction["end_line"]
        lines += instruction_lines(instruction, line_range(first, last), "  ")
    return lines


def parse_error_line(error):
    code = error_code(error["error"])
    lines = error["lines"]
    if lines and isinstance(lines[0], list):
        lines = lines[0]
    first, last = error["line"], max([error["line"], *lines])
    if code in ("escape-value", "repeated-parser-directive", "line-too-long"):
        first, last = first + 1, last + 1
    elif code == "no-instructions":
        first = last = max(first, 1)
    elif code == "unterminated-heredoc":
        # The lines go on to the end of the file, which the end of the input says already.
        last = first
    return f"parse-error {line_range(first, last)} {code}"


def check_error_line(error, instructions):
    """The line of an error of BuildKit's second walk: the lines of the instruction that it is in."""
    first = last = error["line"]
    for instruction in instructions:
        if instruction["start_line"] == first:
            last = instruction["end_line"]
            if instruction["cmd"].startswith("@"):
                return "directive"
    return f"check-error {line_range(first, last)} {error_code(error['error'])}"


def expectation_lines(record):
    """What a record of vectors.jsonl or fuzz_vectors.jsonl expects."""
    expect = record["expect"]
    escape_token = record.get("escape", "\\")
    if isinstance(expect, list):
        lines = parse_lines(expect, escape_token)
        if "instructions_error" in record:
            lines.append(check_error_line(record["instructions_error"], expect))
        return lines
    if error_code(expect["error"]) in PARSE_CODES:
        return [parse_error_line(expect)]
    instructions = record["ast"]
    return parse_lines(instructions, escape_token) + [check_error_line(expect, instructions)]


def restore_bytes(value, raw):
    """Put the bytes of the input back where the record has U+FFFD."""
    if isinstance(value, list):
        return [restore_bytes(item, raw) for item in value]
    if isinstance(value, dict):
        return {key: restore_bytes(item, raw) for key, item in value.items()}
    if not isinstance(value, str) or "\ufffd" not in value or value.encode() in raw:
        return value
    pattern = b"[\x80-\xff]".join(re.escape(p.encode()) for p in value.split("\ufffd"))
    match = re.search(pattern, raw, re.DOTALL)
    # No match: U+FFFD is what BuildKit's JSON reader made of the text.
    return match.group(0).decode("utf-8", "surrogateescape") if match else value


def comment_lines(record):
    note = record.get("note", "")
    source = record.get("source", "own")
    if source != "own":
        note = f"{note} ({source})" if note else source
    return ["# " + re.sub(r"\s+", " ", note)] if note else []


def frontend_lines(record):
    """The frontend that BuildKit would run, where the input could name one. A JSON file names one
    too, but is no Dockerfile."""
    if "verified" not in record or record["input"].startswith("{"):
        return []
    if "syntax" not in record and "syntax" not in record["input"].lower():
        return []
    return [tagged("frontend", record.get("syntax_cmdline", ""))]


def vector_lines(record):
    text = record["input"]
    raw = base64.b64decode(record["input_b64"]) if "input_b64" in record else text.encode()
    text = raw.decode("utf-8", "surrogateescape")
    record = restore_bytes(record, raw)
    head = ["", f"== {record['id']}"] + comment_lines(record)
    if record["id"] in DIRECTIVE_HEREDOCS:
        return head + text_lines(text) + [DIRECTIVE_HEREDOCS[record["id"]]]
    return head + text_lines(text) + frontend_lines(record) + expectation_lines(record)


def word_lines(number, record):
    lines = ["", f"== word-{number:03d}", tagged(".", record["word"])]
    if record["escape"] != "\\":
        lines.append("escape " + record["escape"])
    if "error" in record:
        return lines + [tagged("error", record["error"])]
    lines.append(tagged("text", record["result"]))
    return lines + [tagged("word", word) for word in record["words"]]


def read_records(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def write(directory, name, lines):
    path = os.path.join(directory, name)
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write("\n".join(lines) + "\n")


def main():
    if len(sys.argv) not in (2, 3):
        raise SystemExit(__doc__)
    source = sys.argv[1]
    target = sys.argv[2] if len(sys.argv) == 3 else os.path.dirname(os.path.abspath(__file__))
    made = "# Made by import.py from records of BuildKit's parser; dump.h describes the form."
    for name, origin in (("parse.txt", "vectors.jsonl"), ("fuzz.txt", "fuzz_vectors.jsonl")):
        lines = [made]
        for record in read_records(os.path.join(source, origin)):
            lines += vector_lines(record)
        write(target, name, lines)
    environment, *words = read_records(os.path.join(source, "words.jsonl"))
    lines = [made] + [tagged("env", setting) for setting in environment["env"]]
    for number, record in enumerate(words, 1):
        lines += word_lines(number, record)
    write(target, "words.txt", lines)


if __name__ == "__main__":
    main()
