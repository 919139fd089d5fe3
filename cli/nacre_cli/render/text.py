"""Findings for people: the sentence, the place, the line of the file, what to do."""

from nacre_aas.files import Report
from nacre_aas.findings import Finding, Severity
from nacre_aas.wording import counted
from nacre_cli.render.model import Outcome, cleaned, place
from nacre_cli.terminal import Paint, clean_line
from nacre_submodels.rules import NOT_KNOWN


def render(outcome: Outcome, paint: Paint) -> str:
    """All findings, a line per file, and a table if there are several files."""
    outcome = cleaned(outcome)
    lines: list[str] = []
    for report in outcome.reports:
        for finding in report.findings:
            lines += [*_finding(finding, paint), ""]
        if report.refusal is not None:
            lines += [*_refusal(report, paint), ""]
        else:
            lines += [_summary(outcome, report, paint), *_not_checked(report, paint), ""]
    if len(outcome.reports) > 1:
        lines += _table(outcome, paint)
    while lines and not lines[-1]:
        lines.pop()
    return "\n".join(lines) + "\n"


def findings(found: list[Finding], paint: Paint) -> list[str]:
    """Findings as lines, for commands that show nothing else."""
    report = cleaned(Outcome([Report("", list(found))])).reports[0]
    return [line for finding in report.findings for line in (*_finding(finding, paint), "")]


def concise(outcome: Outcome) -> str:
    """One line per finding, for grep and editors."""
    outcome = cleaned(outcome)
    lines = [
        f"{place(finding).replace(' » ', '»')}: {finding.code} {finding.message}"
        for finding in outcome.findings
    ]
    lines += [
        f"{_where(report).replace(' » ', '»')}: {report.refusal.code} "
        f"{clean_line(report.refusal.message)}"
        for report in outcome.reports
        if report.refusal is not None
    ]
    return "".join(line + "\n" for line in lines)


def _finding(finding: Finding, paint: Paint) -> list[str]:
    location = finding.location
    head = paint(finding.severity.value, f"{finding.severity}[{finding.code}]")
    gutter = " " * len(str(location.line or ""))
    bar = f"{gutter} {paint('faint', '|')}"
    lines = [f"{head}: {paint('strong', finding.message)}", f"{gutter}--> {place(finding)}"]
    if location.element:
        lines.append(f"{bar}  {' / '.join(location.element)}")
    if finding.source_line is not None and location.line is not None:
        text, column = finding.source_line.replace("\t", " "), finding.source_column
        number = paint("faint", f"{location.line} |")
        lines += [bar, f"{number} {text}"]
        if column is not None:
            lines.append(f"{bar} {' ' * (column - 1)}{paint(finding.severity.value, '^')}")
    if finding.hint:
        lines.append(f"{gutter} = hint: {finding.hint}")
    lines.append(f"{gutter} = spec: {finding.spec or 'Nacre'}     `nacre rule {finding.code}`")
    return lines


def _where(report: Report) -> str:
    """File, part, line and column of a refusal."""
    refusal = report.refusal
    assert refusal is not None
    where = report.file
    if refusal.part is not None:
        where += f" » {clean_line(refusal.part.lstrip('/'))}"
    return "".join([where, *(f":{each}" for each in (refusal.line, refusal.column) if each)])


def _refusal(report: Report, paint: Paint) -> list[str]:
    refusal = report.refusal
    assert refusal is not None
    head = paint("error", f"not read[{refusal.code}]")
    lines = [f"{head}: {paint('strong', clean_line(refusal.message))}", f" --> {_where(report)}"]
    if refusal.hint:
        lines.append(f"  = hint: {refusal.hint}")
    return lines


def verdict(outcome: Outcome, report: Report) -> str:
    """The verdict about a file in words."""
    parts = [
        counted(report.count(severity), severity.value)
        for severity in (Severity.ERROR, Severity.WARNING, Severity.NOTE)
        if report.count(severity)
    ]
    if report.left_out:
        parts.append(f"{counted(report.left_out, 'error')} left out")
    if not parts:
        return "valid"
    shown = ", ".join(parts)
    fails = outcome.fails(report) or report.count(Severity.ERROR) or report.left_out
    return shown if fails else f"valid, {shown}"


def _summary(outcome: Outcome, report: Report, paint: Paint) -> str:
    said = verdict(outcome, report)
    style = "error" if outcome.fails(report) else "good"
    content = " · ".join(
        counted(report.counts[kind], noun)
        for kind, noun in (
            ("AssetAdministrationShell", "shell"),
            ("Submodel", "submodel"),
            ("ConceptDescription", "concept description"),
        )
        if report.counts[kind]
    )
    versions = report.versions.labels
    if versions:
        about = f"metamodel {', '.join(versions)}"
    else:
        about = f"judged by metamodel {', '.join(report.judged.labels)}"
    parts = [part for part in (content, about, f"{report.seconds:.2f} s") if part]
    return f"{report.file}: {paint(style, said)} · {' · '.join(parts)}"


#: The codes whose open points a person has to know.
_TOLD = (NOT_KNOWN.code, "RDF-010", "SHX-004")


def _not_checked(report: Report, paint: Paint) -> list[str]:
    """What a reader would think was judged, and was not; `--json` lists every such point."""
    reasons = [
        reason for code, found in report.not_checked.items() if code in _TOLD for reason in found
    ]
    return [paint("faint", f"  not checked: {clean_line(reason)}") for reason in reasons]


def _table(outcome: Outcome, paint: Paint) -> list[str]:
    width = min(max(len(report.file) for report in outcome.reports), 70)
    lines = [f"  {paint('strong', 'file'.ljust(width))}  package   content   result"]
    for report in outcome.reports:
        name = report.file if len(report.file) <= width else "..." + report.file[3 - width :]
        if report.refusal is not None:
            lines.append(f"  {name.ljust(width)}  {'not read'.ljust(18)}  –")
            continue
        package = [each for each in report.findings if each.code.startswith("AASX")]
        content = [each for each in report.findings if not each.code.startswith("AASX")]
        shown = "–" if report.format != "aasx" else _cell(package)
        result = paint("error", "✗") if outcome.fails(report) else paint("good", "✓")
        lines.append(
            f"  {name.ljust(width)}  {shown.ljust(8)}  {_cell(content).ljust(8)}  {result}"
        )
    refused = sum(1 for report in outcome.reports if report.refusal is not None)
    failed = sum(1 for report in outcome.reports if outcome.fails(report))
    fine = len(outcome.reports) - refused - failed
    total = counted(len(outcome.reports), "file")
    lines += ["", f"{total}: {fine} fine, {failed} with findings, {refused} not read"]
    return lines


def _cell(findings: list[Finding]) -> str:
    counts = [
        f"{sum(1 for each in findings if each.severity is severity)}{severity.value[0]}"
        for severity in Severity
        if any(each.severity is severity for each in findings)
    ]
    return " ".join(counts) or "ok"
