"""Run everything exhaustively and write what was seen to docs/evidence/.

Each stage writes one page with the commit it ran on, counts and failures. A stage whose page is of
the current code is skipped, so an interrupted run goes on where it stopped; --again runs all.
"""

import argparse
import csv
import json
import os
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import template_evidence

from nacre_aas import files
from nacre_aas.constraints import RULES
from nacre_aas.findings import Severity
from nacre_aas.versions import Metamodel

ROOT = Path(__file__).parent.parent
EVIDENCE = ROOT / "docs" / "evidence"
SHARED = Path(os.environ.get("NACRE_SHARED", ROOT.parent / "shared")) / "data"
CODE = ("aas", "submodels", "ledger", "ontologies", "cli", "tests", "benchmarks", "pyproject.toml")


def commit() -> str:
    """The commit that last changed the code."""
    command = ["git", "log", "-1", "--format=%h", "--", *CODE]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.strip()


def pytest_stage() -> tuple[str, bool]:
    """All tests, properties with 300 examples each, file by file; a file that passed is kept."""
    passed = ROOT / ".thorough" / f"{commit()}.jsonl"
    passed.parent.mkdir(exist_ok=True)
    kept = passed.read_text("utf-8").splitlines() if passed.is_file() else []
    results = {each["file"]: each for each in map(json.loads, kept)}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        file = str(path.relative_to(ROOT))
        if file in results:
            continue
        start = time.monotonic()
        command = [sys.executable, "-m", "pytest", "-n", "auto", "-p", "no:cacheprovider", file]
        said, good = printed(*command, NACRE_PROFILE="thorough")
        lines = said.splitlines()
        counts = {word: int(n) for n, word in re.findall(r"(\d+) ([a-z]+)", lines[-1])}
        failures = [line for line in lines if line.startswith(("FAILED", "ERROR"))]
        seconds = round(time.monotonic() - start)
        results[file] = {"file": file, "counts": counts, "seconds": seconds, "failures": failures}
        print(f"  {file}: {lines[-1]}", flush=True)
        if good:
            with passed.open("a", encoding="utf-8") as stream:
                stream.write(json.dumps(results[file]) + "\n")
        elif not failures:
            results[file]["failures"] = [f"{file}: {lines[-1]}"]
    total: Counter[str] = Counter()
    for each in results.values():
        total.update(
            {word: each["counts"].get(word, 0) for word in ("passed", "skipped", "failed")}
        )
    failures = [line for each in results.values() for line in each["failures"]]
    body = [
        f"Properties ran 300 examples each; {len(results)} files, "
        + ", ".join(f"{count} {word}" for word, count in total.items())
        + f", {sum(each['seconds'] for each in results.values()) // 60} minutes.",
        *(["", "```", *failures, "```"] if failures else []),
    ]
    return "\n".join(body), not failures


def verdict(report: files.Report) -> str:
    """One word for a report."""
    if report.refusal is not None:
        return "no verdict"
    return "accepted" if report.versions else "findings"


def corpus_stage() -> tuple[str, bool]:
    """Every file of the corpus: stated verdict, ours, and that both readers agree."""
    table: Counter[tuple[str, str, str]] = Counter()
    differ = []
    with (SHARED / "corpus" / "manifest.csv").open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["format"] != "ttl"]
    for row in rows:
        known = row["version"] in ("3.0", "3.1", "3.2")
        version = Metamodel.of(row["version"]) if known else None
        path = str(SHARED / "corpus" / row["path"])
        fast = files.validate(path, metamodel=version)
        slow = files.validate(path, metamodel=version, explain=True)
        table[row["format"], row["expected"], verdict(fast)] += 1
        if (fast.versions, sorted(each.code for each in fast.findings)) != (
            slow.versions,
            sorted(each.code for each in slow.findings),
        ):
            differ.append(row["path"])
    lines = ["| format | stated | Nacre | files |", "| --- | --- | --- | --- |"]
    lines += [f"| {' | '.join(key)} | {count} |" for key, count in sorted(table.items())]
    lines += [
        "",
        f"Files on which the fast and the explaining reader differ: {len(differ)}.",
        "",
        "Stated verdicts that are not reached are listed with the clause that decides each in",
        "`tests/corpus/test_verdicts.py`; the test fails for any other.",
    ]
    return "\n".join([f"{len(rows)} files (JSON, XML, AASX).", "", *lines]), not differ


def templates_stage() -> tuple[str, bool]:
    """Every template file: accepted, or what was found in it."""
    base = SHARED / "templates"
    paths = sorted(path for path in base.rglob("*") if path.suffix in (".json", ".aasx"))
    lines = ["| file | result | findings |", "| --- | --- | --- |"]
    results: Counter[str] = Counter()
    codes: Counter[str] = Counter()
    for path in paths:
        report = files.validate(str(path))
        result = verdict(report)
        results[result] += 1
        found = Counter(
            finding.code for finding in report.findings if finding.severity is Severity.ERROR
        )
        warned = sum(1 for each in report.findings if each.severity is Severity.WARNING)
        codes.update(found)
        shown = ", ".join(f"{code} × {count}" for code, count in sorted(found.items()))
        if report.refusal is not None:
            shown = f"{report.refusal.code}: {report.refusal.message.split(' (part')[0]}"
        elif warned:
            shown = (shown + "; " if shown else "") + f"{warned} warnings"
        if report.versions:
            result = f"accepted ({', '.join(report.versions.labels)})"
        lines.append(f"| {path.relative_to(base)} | {result} | {shown} |")
    head = [
        f"{len(paths)} files: "
        + ", ".join(f"{count} {result}" for result, count in sorted(results.items()))
        + ".",
        "",
        "Errors by rule: "
        + ", ".join(f"{code} ({RULES[code].name}) {n}" for code, n in codes.most_common())
        + ".",
        "",
        "`nacre validate FILE` shows each finding with its place.",
        "",
    ]
    return "\n".join([*head, *lines]), True


def benchmark_stage() -> tuple[str, bool]:
    """The ratios against the peers, with the 180 MB document."""
    table, is_good = printed(sys.executable, "benchmarks/run.py", "--large")
    return table, is_good and "| NO |" not in table


def ledger_stage() -> tuple[str, bool]:
    """The ledger's speeds, with a million events and ten million leaves."""
    return printed(
        sys.executable, "benchmarks/ledger.py", "--events", "1000000", "--leaves", "10000000"
    )


def graphs_stage() -> tuple[str, bool]:
    """The speed of graphs, shapes and queries, with a million triples."""
    table, is_good = printed(sys.executable, "benchmarks/ontologies.py", "--triples", "1000000")
    return table, is_good and "| NO |" not in table


def shacl_stage() -> tuple[str, bool]:
    """The W3C SHACL test suite: what the compiled engine and pyshacl make of each test."""
    return printed(
        sys.executable, "tools/shacl_suite.py", str(SHARED), PYTHONPATH="tests:tests/ontologies"
    )


def fuzz_stage() -> tuple[str, bool]:
    """A million proofs each: the contract and two foreign verifiers against ours."""
    lines = ["Each case is a proof of growth or inclusion, right or mutated.", ""]
    good = True
    for name, environment in (("contract", "revm"), ("tlog", "witness"), ("scitt", "scitt")):
        interpreter = str(ROOT / ".services" / environment / "bin" / "python")
        said, is_good = printed(
            interpreter, "tools/fuzz_proofs.py", name, "1000000", "20261121", PYTHONPATH="ledger"
        )
        lines.append(f"- {said}")
        good &= is_good
    return "\n".join(lines), good


def printed(*command: str, **environment: str) -> tuple[str, bool]:
    """What a program of the project prints, and whether it ended well."""
    result = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return result.stdout.strip() or result.stderr.strip()[-500:], result.returncode == 0


STAGES: dict[str, tuple[str, Callable[[], tuple[str, bool]]]] = {
    "templates": ("Every published and deprecated template file", templates_stage),
    "corpus": ("Verdicts on the corpus", corpus_stage),
    "lint": ("What the linter says about every template file", template_evidence.linted),
    "published": ("Every template of the catalogue", template_evidence.published),
    "instances": ("Official example instances", template_evidence.instances),
    "smtv": ("Against aas-submodel-validate", template_evidence.against_smtv),
    "engine": ("Against the official test engine", template_evidence.against_engine),
    "benchmarks": ("Speed against the peers", benchmark_stage),
    "ledger": ("The ledger's speed", ledger_stage),
    "ontologies": ("The speed of graphs, shapes and queries", graphs_stage),
    "shacl": ("The W3C SHACL test suite", shacl_stage),
    "fuzz": ("Proofs against other verifiers", fuzz_stage),
    "tests": ("All tests, thoroughly", pytest_stage),
}


def main() -> int:
    """Run the stages that are not of the current code yet."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--again", action="store_true", help="run stages that were run already")
    parser.add_argument("stages", nargs="*", help=", ".join(STAGES))
    options = parser.parse_args()
    EVIDENCE.mkdir(parents=True, exist_ok=True)
    failed = []
    for name in options.stages or STAGES:
        title, stage = STAGES[name]
        page = EVIDENCE / f"{name}.md"
        mark = f"Commit {commit()}."
        if not options.again and page.is_file() and mark in page.read_text("utf-8"):
            print(f"{name}: already run on this code")
            continue
        if not SHARED.is_dir() and name not in ("ledger", "fuzz", "tests"):
            print(f"{name}: the real files are not here")
            continue
        start = time.monotonic()
        body, good = stage()
        seconds = time.monotonic() - start
        result = "All good." if good else "FAILED."
        page.write_text(f"# {title}\n\n{mark} {result}\n\n{body}\n", "utf-8")
        print(f"{name}: {result} ({seconds:.0f} s)")
        if not good:
            failed.append(name)
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
