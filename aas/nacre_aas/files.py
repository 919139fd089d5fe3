"""Any AAS file: found out by its content, read, judged, and turned into one environment.

This is what the command line and most programs need: `open_file`, `validate`, `load`.
"""

import contextlib
import dataclasses
import functools
import sys
import time
from collections import Counter
from collections.abc import Generator, Sequence
from pathlib import Path

from msgspec.structs import replace

from nacre_aas import aasx
from nacre_aas.aasx import Aasx, joined
from nacre_aas.canonical import canonical
from nacre_aas.checking import Check
from nacre_aas.collector import collector_paused
from nacre_aas.constraints import packages
from nacre_aas.constraints.attributes import EMPTY_LIST, TOO_SHORT
from nacre_aas.constraints.catalogue import NULL, ORDER
from nacre_aas.constraints.context import nothing_attached
from nacre_aas.document import Document, Problem, environment
from nacre_aas.errors import (
    FileAccessError,
    InputError,
    LimitExceededError,
    MalformedDocumentError,
    about,
)
from nacre_aas.findings import Finding, Location, Severity
from nacre_aas.model import Environment
from nacre_aas.opc import Limits, size_text
from nacre_aas.schema import required_names
from nacre_aas.validation import Judgement, findings, judge
from nacre_aas.versions import ALL, NONE, Metamodel
from nacre_aas.wording import counted
from nacre_aas.xmlization import XmlDocument

STDIN = "-"
_OTHER_FORMATS = {
    b"%PDF": "a PDF document",
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"\x1f\x8b": "a gzip archive",
    b"Rar!": "a RAR archive",
    b"7z\xbc\xaf": "a 7-Zip archive",
    b"\xd0\xcf\x11\xe0": "an old Office document",
}


@dataclasses.dataclass
class OpenFile:
    """A file whose format is known: its documents by part name (`None` outside packages)."""

    name: str
    documents: dict[str | None, Document]
    package: Aasx | None = None

    @property
    def format(self) -> str:
        """`aasx`, `json` or `xml`."""
        if self.package is not None:
            return "aasx"
        (document,) = self.documents.values()
        return type(document).__name__.removesuffix("Document").lower()

    @property
    def is_bare(self) -> bool:
        """Whether the file is a shell, submodel or concept description without an environment around it."""
        if self.package is not None:
            return False
        (document,) = self.documents.values()
        return len(document.parts) == 1 and not document.parts[0].path

    def name_files_absolutely(self) -> None:
        """Let files be named by paths that hold wherever the environments are put."""
        aasx.with_absolute_paths({name: each for name, (each, _) in self.environments.items()})

    def comments(self) -> list[str]:
        """What texts in XML hold that no record can, told by part."""
        counts = {
            name or self.name: document.comments()
            for name, document in self.documents.items()
            if isinstance(document, XmlDocument)
        }
        return [f"{name}: {counted(each, 'XML comment')}" for name, each in counts.items() if each]

    @functools.cached_property
    def environments(self) -> dict[str | None, tuple[Environment, list[Problem]]]:
        """What could be understood of each document, and what could not."""
        return {name: environment(document) for name, document in self.documents.items()}


@dataclasses.dataclass
class Report:
    """What was found out about one file.

    `refusal` is why there is no verdict, if there is none. `versions` are the metamodel versions
    that all of it keeps to; `judged` those whose rules the findings are of. `not_checked` says
    which rules were not judged, and why. `left_out` counts errors that the caller asked not to be told.
    """

    file: str
    findings: list[Finding] = dataclasses.field(default_factory=list)
    versions: Metamodel = NONE
    judged: Metamodel = NONE
    counts: Counter[str] = dataclasses.field(default_factory=Counter)
    not_checked: dict[str, list[str]] = dataclasses.field(default_factory=dict)
    left_out: int = 0
    refusal: InputError | None = None
    format: str | None = None
    seconds: float = 0.0

    def count(self, severity: Severity) -> int:
        """How many findings of a severity there are."""
        return sum(1 for finding in self.findings if finding.severity is severity)


def read_bytes(name: str, limits: Limits | None = None) -> bytes:
    """The bytes of a file, or of standard input for `-`.

    Raises:
        FileAccessError: it is missing, a folder, or not readable.
        LimitExceededError: it is larger than allowed.
    """
    limits = limits or Limits()
    with _access(name):
        if name == STDIN:
            data = sys.stdin.buffer.read(limits.max_size + 1)
        else:
            with Path(name).open("rb") as stream:
                data = stream.read(limits.max_size + 1)
    with about(name):
        _refuse_larger(len(data), limits)
    return data


def read_head(name: str, limits: Limits | None = None, size: int = 8192) -> bytes:
    """The first bytes of a file that is not to be held in memory whole.

    Raises:
        FileAccessError: it is missing, a folder, or not readable.
        LimitExceededError: it is larger than allowed.
    """
    with _access(name), Path(name).open("rb") as stream:
        _refuse_larger(Path(name).stat().st_size, limits or Limits())
        return stream.read(size)


@contextlib.contextmanager
def _access(name: str) -> Generator[None]:
    """Say in one way why a file cannot be read."""
    try:
        yield
    except IsADirectoryError:
        raise FileAccessError(f"`{name}` is a folder") from None
    except FileNotFoundError:
        how = "is a link to what does not exist" if Path(name).is_symlink() else "does not exist"
        raise FileAccessError(f"`{name}` {how}") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise FileAccessError(f"`{name}` cannot be read: {reason.lower()}") from None


def _refuse_larger(size: int, limits: Limits) -> None:
    if size > limits.max_size:
        raise LimitExceededError(
            f"the file is larger than {size_text(limits.max_size)}",
            "if you trust the sender, raise `--max-size`",
        )


def open_file(
    name: str, *, data: bytes | None = None, limits: Limits | None = None, keep: bool = False
) -> OpenFile:
    """Find out what a file is and open it; `keep` loads the supplementary parts of a package.

    Raises:
        InputError: nothing can be said about the file.
    """
    if data is None:
        data = read_bytes(name, limits)
    for mark, kind in _OTHER_FORMATS.items():
        if data.startswith(mark):
            raise MalformedDocumentError(f"the file is {kind}, not AAS")
    if data[:2] == b"PK":
        package = aasx.read(data, limits, keep=keep)
        documents: dict[str | None, Document] = {}
        documents.update(package.documents)
        return OpenFile(name, documents, package)
    head = data[:64].lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")
    if not data or data.isspace():
        raise MalformedDocumentError("the file is empty")
    if head[:1] not in (b"<", b"{", b"[") and not _may_be_json(head):
        raise MalformedDocumentError(
            "the file is neither JSON nor XML nor a ZIP archive",
            "expected an AASX package, or an environment in JSON or XML",
        )
    return OpenFile(name, {None: aasx.open_document(data)})


def _may_be_json(head: bytes) -> bool:
    return head[:1] in b'"-0123456789tfnNI'


def validate(
    name: str,
    *,
    data: bytes | None = None,
    metamodel: Metamodel | None = None,
    limits: Limits | None = None,
    explain: bool = False,
    checks: Sequence[Check] = (),
) -> Report:
    """Judge a file; a file that cannot be read gives a report with a `refusal`, no exception."""
    start = time.perf_counter()
    try:
        with collector_paused():
            report = judge_file(
                open_file(name, data=data, limits=limits),
                metamodel,
                explain=explain,
                checks=checks,
            )
    except InputError as error:
        report = Report(name, refusal=error)
    report.seconds = time.perf_counter() - start
    return report


def judge_file(
    opened: OpenFile,
    metamodel: Metamodel | None = None,
    *,
    explain: bool = False,
    checks: Sequence[Check] = (),
) -> Report:
    """Judge an open file; `checks` are added to the rules of the metamodel.

    Raises:
        InputError: a document in it turns out to be malformed.
    """
    report = Report(opened.name, versions=ALL, judged=ALL, format=opened.format)
    if opened.package is not None:
        report.findings += [_in_file(each, opened.name) for each in opened.package.findings]
        report.findings += differing_serializations(opened)
        if report.count(Severity.ERROR):
            report.versions = NONE
    for part, document in opened.documents.items():
        package = opened.package
        attached = nothing_attached if package is None else package.attached_to(part or "")
        try:
            judgement: Judgement = judge(
                document, metamodel, explain=explain, checks=checks, attached=attached
            )
        except InputError as error:
            error.part = part
            raise
        report.findings += findings(document, judgement, opened.name, part)
        report.versions &= judgement.conformant
        report.judged &= judgement.judged
        report.counts += judgement.counts
        for code, reasons in judgement.not_checked.items():
            report.not_checked.setdefault(code, []).extend(reasons)
    return report


def _in_file(finding: Finding, file: str) -> Finding:
    return replace(finding, location=replace(finding.location, file=file))


def differing_serializations(opened: OpenFile) -> list[Finding]:
    """AASX-019: an id that two parts share, with different content, so that readers may see either."""
    if len(opened.documents) < 2:
        return []
    rule = packages.SERIALIZATIONS_DIFFER
    seen: dict[str, tuple[str | None, bytes]] = {}
    found = []
    for name, document in opened.documents.items():
        for part in document.parts:
            record = document.read(part).record
            if record is None or record.id is None:
                continue
            content = canonical(record)
            first = seen.setdefault(record.id, (name, content))
            if first[0] != name and first[1] != content:
                message = f"`{record.id}` differs between `{first[0]}` and `{name}`"
                found.append(rule.finding(message, Location(opened.name, name)))
    return found


def load(
    name: str, *, data: bytes | None = None, limits: Limits | None = None
) -> tuple[Environment, OpenFile, list[Problem]]:
    """Everything of a file as one environment, with what could not be understood.

    What only stands in the wrong order is understood. Of the problems, `is_harmless` ones lose nothing
    when the environment is written again.

    Raises:
        InputError: nothing can be said about the file.
    """
    with about(name), collector_paused():
        opened = open_file(name, data=data, limits=limits, keep=True)
        problems = [
            each
            for _, found in opened.environments.values()
            for each in found
            if each.rule.severity is Severity.ERROR and each.rule is not ORDER
        ]
        return joined(content for content, _ in opened.environments.values()), opened, problems


def is_harmless(problem: Problem) -> bool:
    """Whether leaving out what a problem is about loses nothing: it is empty and not required."""
    name = problem.path[-1] if problem.path else ""
    lists, others = required_names(lists=True), required_names(lists=False)
    needed = {EMPTY_LIST: lists, TOO_SHORT: others, NULL: lists | others}.get(problem.rule)
    return needed is not None and name not in needed
