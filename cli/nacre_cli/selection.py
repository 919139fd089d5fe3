"""Which findings count, and how much: `--only`, `--skip` and the settings of rules."""

import dataclasses
import fnmatch
from collections.abc import Iterable

from msgspec.structs import replace

from nacre_aas.files import Report
from nacre_aas.findings import Finding, Severity
from nacre_cli.config import settings
from nacre_cli.errors import UsageError


@dataclasses.dataclass(frozen=True)
class Selection:
    """Codes (or beginnings of codes, such as `AASX`) to keep and to leave out."""

    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    per_file: tuple[tuple[str, tuple[str, ...]], ...] = ()
    severities: tuple[tuple[str, str], ...] = ()

    def apply(self, report: Report) -> Report:
        """The report with the findings that count."""
        skipped = list(self.skip)
        for pattern, codes in self.per_file:
            if fnmatch.fnmatch(report.file, pattern):
                skipped += codes
        findings = [
            self._weighed(finding)
            for finding in report.findings
            if (not self.only or _matches(finding.code, self.only))
            and not _matches(finding.code, skipped)
        ]
        return dataclasses.replace(
            report, findings=[finding for finding in findings if finding is not None]
        )

    def _weighed(self, finding: Finding) -> Finding | None:
        severity = dict(self.severities).get(finding.code)
        if severity == "off":
            return None
        return finding if severity is None else replace(finding, severity=Severity(severity))


def _matches(code: str, prefixes: Iterable[str]) -> bool:
    return any(code == prefix or code.startswith(prefix.rstrip("-") + "-") for prefix in prefixes)


def selection(only: list[str] | None, skip: list[str] | None) -> Selection:
    """The selection that flags and settings ask for.

    Raises:
        UsageError: a code is unknown.
    """
    found = settings()
    files = {name: found[name].value if name in found else None for name in found}
    return Selection(
        only=_codes(only or files.get("select") or ()),
        skip=_codes([*(skip or ()), *(files.get("ignore") or ())]),
        per_file=tuple(
            (pattern, _codes(codes))
            for pattern, codes in (files.get("per-file-ignores") or {}).items()
        ),
        severities=tuple(
            (_known(code), _severity(code, options))
            for code, options in (files.get("rules") or {}).items()
        ),
    )


def _codes(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(_known(code.strip()) for word in words for code in word.split(",") if code.strip())


def _known(code: str) -> str:
    from nacre_cli.registry import RULES

    if not any(_matches(known, (code,)) for known in RULES):
        raise UsageError(f"unknown rule `{code}`", "`nacre rule` lists all of them")
    return code


def _severity(code: str, options: object) -> str:
    word = options.get("severity") if isinstance(options, dict) else options
    if word not in (*Severity, "off"):
        raise UsageError(f"rules.{code}: severity is `{word}`", "use error, warning, note or off")
    return str(word)
