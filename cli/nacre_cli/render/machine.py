"""Findings for programs: JSON, SARIF 2.1.0, GitHub annotations, JUnit."""

import json
import re
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from msgspec.structs import asdict

from nacre_aas.errors import InputError
from nacre_aas.files import Report
from nacre_aas.findings import Finding, Location, Severity
from nacre_cli import version
from nacre_cli.render.model import Outcome, cleaned, place
from nacre_cli.render.text import concise

SCHEMA = "nacre.findings/v1"
_DOCS = "https://w3id.org/nacre/rules/"


if TYPE_CHECKING:
    from nacre_aas.constraints import Rule


def as_json(outcome: Outcome) -> str:
    """The JSON document of `nacre validate`, a published contract (docs/findings.schema.json)."""
    document = {
        "schema": SCHEMA,
        "findings": [finding_document(finding) for finding in outcome.findings],
        "summary": {
            "errors": outcome.count(Severity.ERROR),
            "warnings": outcome.count(Severity.WARNING),
            "notes": outcome.count(Severity.NOTE),
            "files": len(outcome.reports),
            "metamodel": [
                {"file": report.file, "versions": list(report.versions.labels)}
                for report in outcome.reports
                if report.refusal is None
            ],
            "not_read": [
                {
                    "file": report.file,
                    "part": report.refusal.part,
                    "reason": report.refusal.message,
                    "code": report.refusal.code,
                    "line": report.refusal.line,
                    "column": report.refusal.column,
                }
                for report in outcome.reports
                if report.refusal is not None
            ],
            "not_checked": [entry for report in outcome.reports for entry in not_checked(report)],
        },
    }
    return _utf8(json.dumps(document, indent=1, ensure_ascii=False)) + "\n"


def not_checked(report: Report) -> list[dict[str, str]]:
    """Rules that could not be judged for a file, with the reason."""
    from nacre_cli.registry import RECORD_RULES, RULES

    if report.refusal is not None:
        return []
    entries = []
    if not report.counts["ConceptDescription"] and report.counts["Submodel"]:
        reason = "the file has no concept descriptions to compare values with"
        codes = {each.rule.code for each in RECORD_RULES if each.concept_of}
        entries += [{"file": report.file, "code": code, "reason": reason} for code in sorted(codes)]
    entries += [
        {"file": report.file, "code": code, "reason": reason}
        for code, reasons in report.not_checked.items()
        for reason in reasons
    ]
    judged = report.judged
    entries += [
        {
            "file": report.file,
            "code": rule.code,
            "reason": f"holds only in metamodel {', '.join(rule.versions.labels)}",
        }
        for rule in RULES.values()
        if judged and not rule.versions & judged
    ]
    return entries


def finding_document(finding: Finding) -> dict[str, Any]:
    """A finding as it stands in every JSON that Nacre writes."""
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "message": finding.message,
        "location": asdict(finding.location),
        "hint": finding.hint,
        "spec": finding.spec,
        "url": _DOCS + finding.code,
        "fix": None
        if finding.fix is None
        else {"description": finding.fix.description, "safe": finding.fix.safe},
    }


# -- SARIF --------------------------------------------------------------------------------------

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}


def as_sarif(outcome: Outcome) -> str:
    """SARIF 2.1.0: rules of the registry, one result per finding, refusals as notifications."""
    from nacre_cli.registry import RULES

    used = sorted({finding.code for finding in outcome.findings})
    document = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "nacre",
                        "version": version(),
                        "informationUri": "https://w3id.org/nacre/",
                        "rules": [_sarif_rule(RULES[code]) for code in used],
                    }
                },
                "invocations": [
                    {
                        "executionSuccessful": all(
                            report.refusal is None for report in outcome.reports
                        ),
                        "toolExecutionNotifications": [
                            {
                                "level": "error",
                                "message": {"text": report.refusal.message},
                                "locations": [_sarif_location(report.file, *_spot(report.refusal))],
                            }
                            for report in outcome.reports
                            if report.refusal is not None
                        ],
                    }
                ],
                "results": [_sarif_result(finding, used) for finding in outcome.findings],
            }
        ],
    }
    return _utf8(json.dumps(document, indent=1, ensure_ascii=False)) + "\n"


def _sarif_rule(rule: "Rule") -> dict[str, Any]:
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.name},
        "fullDescription": {"text": rule.text},
        "help": {"text": f"{rule.hint}. {rule.clause}"},
        "helpUri": _DOCS + rule.code,
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }


def _sarif_result(finding: Finding, used: list[str]) -> dict[str, Any]:
    location = finding.location
    place_ = _sarif_location(location.file, location.line, location.column, finding)
    return {
        "ruleId": finding.code,
        "ruleIndex": used.index(finding.code),
        "level": _LEVELS[finding.severity],
        "message": {"text": finding.message + (f" ({finding.hint})" if finding.hint else "")},
        "locations": [place_],
    }


def _spot(place: Location | InputError) -> tuple[int | None, int | None]:
    """The line and column of something in a file; what stands in a part of a package has none there."""
    return (None, None) if place.part is not None else (place.line, place.column)


def _utf8(text: str) -> str:
    """A text that UTF-8 can hold, also with the names of files that it cannot."""
    return re.sub("[\ud800-\udfff]", "\ufffd", text)


def _sarif_location(
    file: str, line: int | None, column: int | None, finding: Finding | None = None
) -> dict[str, Any]:
    from urllib.parse import quote

    physical: dict[str, Any] = {"artifactLocation": {"uri": quote(file, errors="surrogateescape")}}
    if line is not None:
        physical["region"] = {"startLine": line} | ({"startColumn": column} if column else {})
    found: dict[str, Any] = {"physicalLocation": physical}
    if finding is not None:
        location = finding.location
        names = [name for name in (location.part, *location.element) if name]
        if names:
            found["logicalLocations"] = [{"fullyQualifiedName": "/".join(names)}]
    return found


# -- GitHub -------------------------------------------------------------------------------------


def as_github(outcome: Outcome) -> str:
    """Workflow commands; GitHub shows ten of each kind, so the rest follows as plain lines."""
    outcome = cleaned(outcome)
    lines: list[str] = []
    in_order = sorted(outcome.findings, key=lambda each: -each.severity.rank)
    shown_count: Counter[Severity] = Counter()
    rest: list[Finding] = []
    for finding in in_order:
        shown_count[finding.severity] += 1
        if shown_count[finding.severity] > 10:
            rest.append(finding)
            continue
        level = "notice" if finding.severity is Severity.NOTE else finding.severity.value
        location = finding.location
        message = f"{place(finding)}: {finding.message}"
        lines.append(_annotation(level, finding.code, location.file, _spot(location), message))
    for report in outcome.reports:
        if report.refusal is not None:
            code, message = report.refusal.code, report.refusal.message
            lines.append(_annotation("error", code, report.file, _spot(report.refusal), message))
    plain = concise(Outcome([Report("", findings=rest)]))
    return "".join(line + "\n" for line in lines) + plain


def _annotation(
    level: str, code: str, file: str, spot: tuple[int | None, int | None], message: str
) -> str:
    named = {"title": f"nacre ({code})", "file": file, "line": spot[0], "col": spot[1]}
    shown = (f"{key}={_github_property(str(each))}" for key, each in named.items() if each)
    return f"::{level} {','.join(shown)}::{_github(message)}"


def _github(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _github_property(text: str) -> str:
    return _github(text).replace(":", "%3A").replace(",", "%2C")


# -- JUnit --------------------------------------------------------------------------------------

FAMILIES = {
    "AASX": "package",
    "SER": "serialization",
    "MET": "metamodel",
    "AASd": "constraints",
    "AASc": "data specification IEC 61360",
    "SMT": "templates",
    "SEM": "meaning",
}


def as_junit(outcome: Outcome) -> str:
    """One suite per file and one case per family of rules, so that a good file shows too."""
    suites = [_suite(report) for report in outcome.reports]
    body = "".join(suites)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="nacre">\n{body}</testsuites>\n'
    )


def _suite(report: Report) -> str:
    from xml.sax.saxutils import quoteattr

    cases, failures, errors, skipped = [], 0, 0, 0
    if report.refusal is not None:
        errors = 1
        message = quoteattr(_xml_text(report.refusal.message))
        cases.append(
            f'    <testcase classname="read" name="read"><error message={message}/></testcase>\n'
        )
    else:
        others = {each.code.partition("-")[0] for each in report.findings} - FAMILIES.keys()
        for prefix, family in (FAMILIES | {each: each for each in sorted(others)}).items():
            found = [each for each in report.findings if each.code.partition("-")[0] == prefix]
            failed = any(each.severity is Severity.ERROR for each in found)
            failures += failed
            open_ = [] if found else _open_points(report, prefix)
            skipped += bool(open_)
            cases.append(_case(family, found, open_, failed=failed))
    name = quoteattr(_xml_text(report.file))
    counts = f'tests="{len(cases)}" failures="{failures}" errors="{errors}" skipped="{skipped}"'
    head = f'  <testsuite name={name} {counts} time="{report.seconds:.3f}">'
    return f"{head}\n{''.join(cases)}  </testsuite>\n"


def _open_points(report: Report, prefix: str) -> list[str]:
    """What was not judged of a family of rules, which a green case would hide."""
    return [
        f"{code}: {reason}"
        for code, reasons in sorted(report.not_checked.items())
        if code.partition("-")[0] == prefix
        for reason in reasons
    ]


def _case(family: str, findings: Iterable[Finding], open_: list[str], *, failed: bool) -> str:
    from xml.sax.saxutils import escape, quoteattr

    text = "\n".join(
        f"{place(each)}: {each.severity} {each.code} {each.message}" for each in findings
    )
    text = escape(_xml_text(text))
    head = f'    <testcase classname="nacre" name={quoteattr(family)}'
    if open_:
        message = quoteattr(_xml_text("not checked: " + "; ".join(open_)))
        return f"{head}><skipped message={message}/></testcase>\n"
    if failed:
        return f'{head}><failure message="findings">{text}</failure></testcase>\n'
    return f"{head}><system-out>{text}</system-out></testcase>\n" if text else f"{head}/>\n"


def _xml_text(text: str) -> str:
    """Text without the characters that XML forbids."""
    return "".join(
        c
        if c in "\t\n\r" or " " <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c > "\uffff"
        else "\ufffd"
        for c in text
    )
