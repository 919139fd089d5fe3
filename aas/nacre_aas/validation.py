"""Conformance of a document: which metamodel versions it keeps to, and every finding.

A document is valid if it keeps to at least one version that it may be of. If it keeps to none, the
findings are those of the version that it comes closest to.
"""

import dataclasses
import functools
import operator
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from nacre_aas import checking
from nacre_aas.checking import Check, Flag, Run
from nacre_aas.collector import collector_paused
from nacre_aas.constraints import catalogue
from nacre_aas.constraints.attributes import DANGLING
from nacre_aas.constraints.context import Attached, Concepts, nothing_attached
from nacre_aas.constraints.registry import Rule
from nacre_aas.document import (
    Document,
    Part,
    Problem,
    Reading,
    finding_of,
    names_on_the_way,
)
from nacre_aas.findings import Finding, Severity
from nacre_aas.links import Astray, Links, astray_reference, doubled_id, is_expected
from nacre_aas.model import ConceptDescription, Identifiable, Record, Reference
from nacre_aas.schema import paths_of, walk
from nacre_aas.versions import NONE, Metamodel
from nacre_aas.wording import counted


@dataclasses.dataclass
class Issue:
    """A breach with its path in the document and the way of idShorts to it."""

    problem: Problem
    element: tuple[str, ...] = ()
    semantic_id: str | None = None

    @property
    def rule(self) -> Rule:
        """The rule that is broken."""
        return self.problem.rule


class _Problem(NamedTuple):
    """A problem of a reader, and what was read around it."""

    problem: Problem
    reading: Reading | None = None
    part: Part | None = None

    @property
    def rule(self) -> Rule:
        return self.problem.rule

    @property
    def versions(self) -> Metamodel:
        versions = self.problem.versions
        return self.rule.versions if versions is None else versions


class _Flags(NamedTuple):
    """The flags of one part."""

    flags: list[Flag]
    reading: Reading
    part: Part


@dataclasses.dataclass
class Judgement:
    """What was found out about a document.

    `conformant` are the versions that it keeps to, `judged` the versions whose issues count,
    `counts` the number of records by class, `not_checked` what was not judged and why, by code.
    Findings of added checks say nothing about the versions. Where the issues stand is found out by `issues`, so
    that a verdict alone costs little.
    """

    conformant: Metamodel
    judged: Metamodel
    counts: Counter[str]
    not_checked: dict[str, list[str]]
    _problems: list[_Problem]
    _flags: list[_Flags]

    @functools.cached_property
    def issues(self) -> list[Issue]:
        """Every breach of the judged versions, with its path in the document."""
        issues = []
        for problem, reading, part in self._problems:
            if not (_Problem(problem).versions & self.judged):
                continue
            if reading is None or part is None:
                issues.append(Issue(problem))
            else:
                inner = problem.path[len(part.path) :]
                place = reading.in_record(inner)
                issues.append(Issue(problem, *names_on_the_way(reading, place)))
        for flags, reading, part in self._flags:
            shown = [flag for flag in flags if flag.versions & self.judged]
            if shown:
                issues += _located(shown, reading, part)
        return _joined(issues)


def judge(
    document: Document,
    metamodel: Metamodel | None = None,
    *,
    explain: bool = False,
    checks: Sequence[Check] = (),
    attached: Callable[[str], Attached | None] = nothing_attached,
) -> Judgement:
    """Apply every rule to a document, and the checks that folders above `aas` add.

    `metamodel` fixes the version to judge by; `explain` forces the explaining reader, which gives
    the same verdict more slowly. `attached` knows the files of the package around the document.
    """
    with collector_paused():
        return _Judge(document, explain=explain).judge(metamodel, checks, attached)


def findings(
    document: Document, judgement: Judgement, file: str = "", part: str | None = None
) -> list[Finding]:
    """The issues of a judgement as findings, with their places, in document order.

    `file` and `part` say where the document itself stands.
    """
    problems = [issue.problem for issue in judgement.issues]
    places = document.locate(problems) if problems else {}
    found = [
        finding_of(
            issue.problem,
            places.get(issue.problem.path),
            file=file,
            part=part,
            element=issue.element,
            semantic_id=issue.semantic_id,
        )
        for issue in judgement.issues
    ]
    return sorted(found, key=lambda each: (each.location.line or 0, each.location.column or 0))


#: Of versions that fit equally badly, the one that is judged by.
_USUAL = (Metamodel.V3_1, Metamodel.V3_0, Metamodel.V3_2)


class _Judge:
    def __init__(self, document: Document, *, explain: bool) -> None:
        self.document = document
        self.explain = explain
        self.problems = [_Problem(problem) for problem in document.problems]
        self.flags: list[_Flags] = []
        self.added: list[_Flags] = []
        self.links = Links()
        self.counts: Counter[str] = Counter()
        self.readings: dict[int, Reading] = {}
        self.keep = not document.is_large

    def judge(
        self,
        metamodel: Metamodel | None,
        checks: Sequence[Check],
        attached: Callable[[str], Attached | None],
    ) -> Judgement:
        run = Run(Concepts(self._concept_descriptions()))
        run.attached = attached
        begun = [check.begin(run) for check in checks]
        clean = self.document.clean_characters
        for number, part in enumerate(self.document.parts):
            record, decoded = self._record(number, part)
            if record is None:
                continue
            checking.check(record, run, decoded=decoded)
            if not clean:
                for _, each in walk(record):
                    checking.check_characters(each, run)
            if run.flags:
                self.flags.append(_Flags(run.flags, self._read(number), part))
                run.flags = []
            self.links.add(number, record, run.references)
            if run.references:
                run.references = []
            self.counts[part.record.__name__] += 1
            if begun:
                added = [flag for check in begun for flag in check(record)]
                if added:
                    self.added.append(_Flags(added, self._read(number), part))
        self._check_links()
        return self._verdict(metamodel, run.not_checked)

    def _concept_descriptions(self) -> Iterator[ConceptDescription]:
        for number, part in enumerate(self.document.parts):
            if part.record is ConceptDescription:
                record = part.source
                if self.explain or not isinstance(record, ConceptDescription):
                    record = self._read(number).record
                if isinstance(record, ConceptDescription) and record.id is not None:
                    yield record

    def _record(self, number: int, part: Part) -> tuple[Identifiable | None, bool]:
        """The record of a part, and whether the typed decoder made it."""
        if isinstance(part.source, Identifiable) and not self.explain:
            return part.source, True
        reading = self._read(number)
        for problem in reading.problems:
            self.problems.append(_Problem(problem, reading, part))
        return reading.record, reading.decoded

    def _read(self, number: int) -> Reading:
        """Read a part, or take what was read before if records are kept."""
        reading = self.readings.get(number)
        if reading is None:
            reading = self.document.read(self.document.parts[number], explain=self.explain)
            if self.keep:
                self.readings[number] = reading
            else:
                self.readings = {number: reading}
        return reading

    def _check_links(self) -> None:
        flagged: dict[int, list[tuple[Reference, Astray]]] = {}
        for number, reference, astray in self.links.astray(self._record_again):
            flagged.setdefault(number, []).append((reference, astray))
        doubled = {number: identifier for number, _, identifier in self.links.doubled}
        for number in sorted(flagged.keys() | doubled.keys()):
            part = self.document.parts[number]
            reading = self._read(number)
            record = reading.record
            if record is None:
                continue
            flags = [doubled_id(record, doubled[number])] if number in doubled else []
            open_ = flagged.get(number, [])
            if open_ and not self.keep:  # the record was read again, so its references are others
                open_ = list(_again(open_, record))
            flags += [astray_reference(reference, astray) for reference, astray in open_]
            self.flags.append(_Flags(flags, reading, part))

    def _record_again(self, number: int) -> Record | None:
        return self._read(number).record

    def _breaches(self) -> Iterator[_Problem | Flag]:
        yield from self.problems
        for flags, _, _ in self.flags:
            yield from flags

    def _verdict(self, metamodel: Metamodel | None, not_checked: dict[str, list[str]]) -> Judgement:
        allowed = self.document.versions
        if metamodel is not None:
            if not metamodel & allowed:
                message = (
                    f"the document is of metamodel {allowed.labels[0]}, "
                    f"but is judged as {metamodel.labels[0]}"
                )
                self.problems.insert(0, _Problem(Problem(catalogue.NAMESPACE, message, ())))
            allowed = metamodel
        errors = Counter(
            each.versions for each in self._breaches() if each.rule.severity is Severity.ERROR
        )
        violated = functools.reduce(operator.or_, errors, NONE)
        conformant = allowed & ~violated
        judged = conformant or min(
            list(allowed),
            key=lambda version: (
                sum(n for versions, n in errors.items() if versions & version),
                _USUAL.index(version),
            ),
        )
        return Judgement(
            conformant, judged, self.counts, not_checked, self.problems, self.flags + self.added
        )


def _joined(issues: list[Issue]) -> list[Issue]:
    """Say once which part of a twin is missing, however many references lead to it."""
    first: dict[str, Issue] = {}
    more: Counter[str] = Counter()
    kept = []
    for issue in issues:
        message = issue.problem.message
        if issue.rule is DANGLING:
            if message in first:
                more[message] += 1
                continue
            first[message] = issue
        kept.append(issue)
    for message, count in more.items():
        problem = first[message].problem
        others = f" ({counted(count, 'more reference')} to it)"
        first[message].problem = problem._replace(message=message + others)
    return kept


def _again(
    found: list[tuple[Reference, Astray]], record: Record
) -> Iterator[tuple[Reference, Astray]]:
    """The same references in a record that was read again."""
    waiting = list(found)
    for _, each in walk(record):
        if isinstance(each, Reference):
            hit = next((pair for pair in waiting if pair[0] == each), None)
            if hit is not None:
                waiting.remove(hit)
                yield each, hit[1]


def _located(flags: Iterable[Flag], reading: Reading, part: Part) -> list[Issue]:
    """Find the places of flagged records: one walk, and only if there are flags."""
    waiting: dict[int, list[Flag]] = {}
    for flag in flags:
        waiting.setdefault(id(flag.record), []).append(flag)
    assert reading.record is not None
    paths = paths_of(reading.record, [flags[0].record for flags in waiting.values()])
    issues = []
    for identity, path in paths.items():
        for flag in waiting[identity]:
            place = path + flag.broken.at
            if is_expected(flag, place):
                continue
            problem = Problem(
                flag.rule,
                flag.broken.message,
                part.path + reading.in_document(place),
                flag.broken.versions,
                flag.broken.hint,
            )
            issues.append(Issue(problem, *names_on_the_way(reading, place)))
    return issues
