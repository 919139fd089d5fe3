"""Which findings count, and how much: `--only`, `--skip` and the settings of rules."""

import contextlib
import dataclasses
import fnmatch
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from msgspec.structs import replace

from nacre_aas.files import Report
from nacre_aas.findings import Finding, Severity
from nacre_aas.wording import counted
from nacre_cli.config import settings
from nacre_cli.errors import UsageError


@dataclasses.dataclass(frozen=True)
class Selection:
    """Codes (or beginnings of codes, such as `AASX`) to keep and to leave out."""

    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    per_file: tuple[tuple[str, tuple[str, ...]], ...] = ()
    severities: tuple[tuple[str, str], ...] = ()
    #: The folder of the settings, which patterns for files begin at.
    folder: Path = Path()

    def apply(self, report: Report) -> Report:
        """The report with the findings that count."""
        skipped = list(self.skip)
        here = self._from_settings(report.file)
        for pattern, codes in self.per_file:
            if any(fnmatch.fnmatch(name, pattern) for name in (report.file, here)):
                skipped += codes
        findings: list[Finding] = []
        left_out: Counter[str] = Counter()
        errors = 0
        for finding in report.findings:
            asked = not self.only or _matches(finding.code, self.only)
            weighed = self._weighed(finding)
            if weighed is None or not asked or _matches(finding.code, skipped):
                left_out[finding.code] += 1
                errors += finding.severity is Severity.ERROR
            else:
                findings.append(weighed)
        not_checked = dict(report.not_checked)
        for code, count in left_out.items():
            reason = f"left out by --only, --skip or the settings ({counted(count, 'finding')})"
            not_checked[code] = [*not_checked.get(code, ()), reason]
        return dataclasses.replace(
            report, findings=findings, not_checked=not_checked, left_out=errors
        )

    def _from_settings(self, name: str) -> str:
        """A file's name as one beside the settings would give it."""
        with contextlib.suppress(ValueError, OSError):
            return Path(name).resolve().relative_to(self.folder.resolve()).as_posix()
        return name

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
    ignores = found.get("per-file-ignores")
    return Selection(
        only=_codes(only or files.get("select") or ()),
        skip=_codes([*(skip or ()), *(files.get("ignore") or ())]),
        per_file=tuple(
            (pattern, _codes(codes))
            for pattern, codes in (files.get("per-file-ignores") or {}).items()
        ),
        folder=Path() if ignores is None else Path(ignores.origin).parent,
        severities=tuple(
            (_known(code), _severity(code, options))
            for code, options in (files.get("rules") or {}).items()
        ),
    )


def _codes(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(_known(code.strip()) for word in words for code in word.split(",") if code.strip())


def _known(code: str) -> str:
    from nacre_cli.registry import RULES

    begin = len(code)
    spelled = next(
        (known[:begin] for known in RULES if known[:begin].lower() == code.lower()), code
    )
    if not any(_matches(known, (spelled,)) for known in RULES):
        raise UsageError(f"unknown rule `{code}`", "`nacre rule` lists all of them")
    return spelled


def _severity(code: str, options: object) -> str:
    word = options.get("severity") if isinstance(options, dict) else options
    if word not in (*Severity, "off"):
        raise UsageError(f"rules.{code}: severity is `{word}`", "use error, warning, note or off")
    return str(word)
