"""Prints what both SHACL engines make of the W3C test suite: a table by folder, and every departure.

python tools/shacl_suite.py SHARED_DATA
"""

import sys
from collections import Counter
from pathlib import Path

from graphfiles import Case, anonymous, load_case, suite

from nacre_aas.errors import InputError
from nacre_ontologies import rdf
from nacre_ontologies.formats import Format
from nacre_ontologies.shacl import Report, Shapes, reference, validate


def compiled(case: Case) -> Report:
    """The compiled engine."""
    data, shapes = load_case(case)
    return validate(data, Shapes(shapes))


def pyshacl(case: Case) -> Report:
    """The reference engine."""
    data, shapes = (
        rdf.parse(path.read_bytes(), Format.TURTLE, base=path.as_uri())
        for path in (case.data, case.shapes)
    )
    return reference.validate(data, shapes)


def outcome(case: Case, engine: object) -> str:
    """`passed`, `refused` or `FAILED`."""
    try:
        report = compiled(case) if engine is compiled else pyshacl(case)
    except InputError:
        return "passed" if case.results is None else "refused"
    if case.results is None:
        return "FAILED"
    found = Counter(map(anonymous, report.keys.elements()))
    same = found == case.results and report.conforms is case.conforms
    return "passed" if same else "FAILED"


def main() -> int:
    """Print the tables; exit code 1 if the compiled engine fails a test."""
    shared = Path(sys.argv[1]).resolve()
    departures, failed = [], 0
    print("| part | engine | passed | refused | failed |\n|---|---|---|---|---|")
    for part in ("core", "sparql"):
        for engine in (compiled, pyshacl):
            counts = Counter[str]()
            for case in suite(shared, part):
                word = outcome(case, engine)
                counts[word] += 1
                if word != "passed" and not (engine is compiled and word == "refused"):
                    departures.append(f"- {engine.__name__}: {part}/{case.name}: {word}")
                    failed += engine is compiled
            cells = " | ".join(str(counts[word]) for word in ("passed", "refused", "FAILED"))
            print(f"| {part} | {engine.__name__} | {cells} |")
    print("\n" + "\n".join(departures or ["No departures."]))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
