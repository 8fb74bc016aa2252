#!/usr/bin/env python3
"""Hold dfc against a corpus of real Dockerfiles with BuildKit's recorded parse of each.

    corpus.py [--dump PROGRAM] [--dfc PROGRAM] CORPUS

CORPUS holds the directory dev/ and dev.expect.jsonl.gz, one JSON object for each file of dev/:
{"file", "ok", "escape", "instructions"} or, where BuildKit refuses the file, {"file", "err"}.

With --dump, the parse that the program "dump" prints must be the recorded one, and a file that
BuildKit refuses must have an error of the same kind in the same lines. With --dfc, "dfc build" of
every file that BuildKit accepts must print the file, byte for byte. Exit status 1 if a file
differs.
"""

import argparse
import concurrent.futures
import gzip
import importlib
import json
import os
import re
import subprocess
import sys

sys.dont_write_bytecode = True  # the sources' directory stays as it is
vectors = importlib.import_module("import")

BATCH = 200
SHOWN = 20  # differing files to describe


def read_expectations(corpus):
    with gzip.open(os.path.join(corpus, "dev.expect.jsonl.gz"), "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def run_dump(program, paths):
    """The lines that dump prints for each path."""
    found = {}
    for start in range(0, len(paths), BATCH):
        batch = paths[start : start + BATCH]
        run = subprocess.run([program, *batch], stdout=subprocess.PIPE, check=True)
        for part in re.split(r"^== ", run.stdout.decode(), flags=re.MULTILINE)[1:]:
            path, *lines = part.rstrip("\n").split("\n")
            found[path] = lines
    return found


def split_errors(lines):
    is_error = re.compile(r"(parse|check)-error ")
    parse = [line for line in lines if not is_error.match(line)]
    return parse, [line for line in lines if is_error.match(line)]


def compare_accepted(record, raw, lines):
    """None, or how the dump of a file that BuildKit accepts differs."""
    parse, errors = split_errors(lines)
    instructions = vectors.restore_bytes(record["instructions"], raw)
    expected = vectors.parse_lines(instructions, record["escape"])
    if errors:
        return f"expected no error, found '{errors[0]}'"
    for number, (want, got) in enumerate(zip(expected, parse), 1):
        if want != got:
            return f"line {number} of the parse: expected '{want}', found '{got}'"
    if len(expected) != len(parse):
        return f"expected {len(expected)} lines of parse, found {len(parse)}"
    return None


def compare_refused(record, lines):
    """None, or how the dump of a file that BuildKit refuses differs."""
    error = record["err"]
    code = vectors.error_code(error["error"])
    first, last = error["lines"][0][0], error["lines"][0][-1]
    phase = "parse" if code in vectors.PARSE_CODES else "check"
    _, errors = split_errors(lines)
    if any(f"{phase}-error {n} {code}" in errors for n in range(first, last + 1)):
        return None
    return f"expected '{phase}-error {first} {code}', found {errors or 'no error'}"


def check_parse(program, corpus, records):
    """Compare the parse of all files; gives the list of differences."""
    paths = {record["file"]: os.path.join(corpus, "dev", record["file"]) for record in records}
    found = run_dump(program, list(paths.values()))
    differences = []
    for record in records:
        path = paths[record["file"]]
        with open(path, "rb") as file:
            raw = file.read()
        if record["ok"]:
            difference = compare_accepted(record, raw, found[path])
        else:
            difference = compare_refused(record, found[path])
        if difference:
            differences.append(f"{record['file']}: {difference}")
    return differences


def clean_environment():
    keep = ("PATH", "LANG", "LC_ALL", "ASAN_OPTIONS", "UBSAN_OPTIONS")
    return {name: os.environ[name] for name in keep if name in os.environ}


def build_difference(program, path):
    """None, or how the output of dfc build differs from the file."""
    with open(path, "rb") as file:
        text = file.read()
    run = subprocess.run([program, "build", path], capture_output=True, env=clean_environment())
    if run.returncode != 0:
        first = run.stderr.decode("utf-8", "replace").strip().split("\n")[0]
        return f"{os.path.basename(path)}: exit status {run.returncode}: {first}"
    if run.stdout == text:
        return None
    at = next((i for i, (a, b) in enumerate(zip(run.stdout, text)) if a != b), None)
    if at is None:
        at = min(len(run.stdout), len(text))
    return f"{os.path.basename(path)}: the output differs at byte {at}"


def check_superset(program, corpus, records):
    paths = [os.path.join(corpus, "dev", record["file"]) for record in records if record["ok"]]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        results = pool.map(lambda path: build_difference(program, path), paths)
        return [result for result in results if result], len(paths)


def report(name, differences, total):
    for difference in differences[:SHOWN]:
        print(difference)
    if len(differences) > SHOWN:
        print(f"... and {len(differences) - SHOWN} more")
    print(f"corpus: {name} {total - len(differences)}/{total}")
    return total - len(differences), len(differences)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--dump", metavar="PROGRAM")
    parser.add_argument("--dfc", metavar="PROGRAM")
    parser.add_argument("corpus", metavar="CORPUS")
    options = parser.parse_args()
    records = read_expectations(options.corpus)
    counts = []
    if options.dump:
        differences = check_parse(options.dump, options.corpus, records)
        counts.append(report("parse", differences, len(records)))
    else:
        print("corpus: parse skipped (no --dump)")
    if options.dfc:
        differences, total = check_superset(options.dfc, options.corpus, records)
        counts.append(report("superset", differences, total))
    else:
        print("corpus: superset skipped (no --dfc)")
    passed = sum(good for good, _ in counts)
    failed = sum(bad for _, bad in counts)
    print(f"{passed} passed, {failed} failed")
    return 0 if passed and not failed else 1


if __name__ == "__main__":
    sys.exit(main())
