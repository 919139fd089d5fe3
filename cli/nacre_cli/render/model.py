"""What all renderers get: reports after filtering, and what follows from them."""

import dataclasses

from msgspec.structs import replace

from nacre_aas.files import Report
from nacre_aas.findings import Finding, Severity
from nacre_cli.exit_codes import ExitCode, worst
from nacre_cli.terminal import clean_line


@dataclasses.dataclass
class Outcome:
    """The reports of one run, and the severity from which a file fails."""

    reports: list[Report]
    fail_on: Severity = Severity.ERROR

    @property
    def findings(self) -> list[Finding]:
        """The findings of all files, in order."""
        return [finding for report in self.reports for finding in report.findings]

    def count(self, severity: Severity) -> int:
        """How many findings of a severity there are."""
        return sum(report.count(severity) for report in self.reports)

    def fails(self, report: Report) -> bool:
        """Whether a file has a finding at or above the limit."""
        return any(finding.severity.rank >= self.fail_on.rank for finding in report.findings)

    @property
    def exit_code(self) -> ExitCode:
        """The worst of all files."""
        return worst([self.code_of(report) for report in self.reports])

    def code_of(self, report: Report) -> ExitCode:
        """The exit code for one file."""
        if report.refusal is not None:
            return ExitCode.NO_VERDICT
        return ExitCode.FINDINGS if self.fails(report) else ExitCode.OK


def cleaned(outcome: Outcome) -> Outcome:
    """The same for a terminal: without characters that would steer it."""
    return Outcome(
        [
            dataclasses.replace(
                report,
                file=clean_line(report.file),
                findings=[_cleaned(each) for each in report.findings],
            )
            for report in outcome.reports
        ],
        outcome.fail_on,
    )


def _cleaned(finding: Finding) -> Finding:
    line, hint = finding.source_line, finding.hint
    location = replace(
        finding.location,
        file=clean_line(finding.location.file),
        part=None if finding.location.part is None else clean_line(finding.location.part),
        element=tuple(clean_line(name) for name in finding.location.element),
    )
    return replace(
        finding,
        message=clean_line(finding.message),
        location=location,
        source_line=None if line is None else clean_line(line),
        hint=None if hint is None else clean_line(hint),
    )


def place(finding: Finding) -> str:
    """File, part, line and column of a finding, as far as they are known."""
    location = finding.location
    text = location.file
    if location.part is not None:
        text += f" » {location.part.lstrip('/')}"
    if location.line is not None:
        text += f":{location.line}"
        if location.column is not None:
            text += f":{location.column}"
    return text
