"""What a reader hands over: a document whose shells, submodels and concepts are read one by one.

A document of 100 000 submodels is never in memory as records all at once; what needs the whole
asks for `environment()`.
"""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from nacre_aas.collector import collector_paused
from nacre_aas.constraints.registry import Rule
from nacre_aas.findings import Finding, Location
from nacre_aas.model import (
    AssetAdministrationShell,
    ConceptDescription,
    Environment,
    Identifiable,
    Record,
    Referable,
    Submodel,
)
from nacre_aas.schema import attributes_by_json_name
from nacre_aas.versions import Metamodel

#: Steps from the root of a document: names as in JSON and XML, and positions from 0.
Path = tuple[str | int, ...]

#: Bytes from which the records of a document are not kept in memory all at once.
LARGE = 8 << 20

#: The lists of an environment and what stands in them.
COLLECTIONS: dict[str, type[Identifiable]] = {
    "assetAdministrationShells": AssetAdministrationShell,
    "submodels": Submodel,
    "conceptDescriptions": ConceptDescription,
}


class Problem(NamedTuple):
    """Something a reader could not make sense of, with its path in the document.

    `source` is the XML element, where there is one.
    """

    rule: Rule
    message: str
    path: Path
    versions: Metamodel | None = None
    hint: str | None = None
    source: Any = None


class Part(NamedTuple):
    """One identifiable of a document: its class, its path, and its unread source."""

    record: type[Identifiable]
    path: Path
    source: Any


class Differences:
    """Where a record that was read from a faulty document has other paths than the document."""

    def __init__(self) -> None:
        self._positions: dict[int, tuple[list[Any], Sequence[int]]] = {}
        self._names: dict[int, tuple[Record, Mapping[str, str]]] = {}

    def left_out(self, members: list[Any], kept: Sequence[int]) -> None:
        """Note a list without some of its members; `kept` are the positions that the others had."""
        self._positions[id(members)] = members, kept

    def misspelt(self, record: Record, names: Mapping[str, str]) -> None:
        """Note a record with attributes that the document calls otherwise."""
        self._names[id(record)] = record, names

    def in_document(self, record: Record | None, path: Path) -> Path:
        """The path in the document of a path from a record down."""
        return tuple(self._steps(record, path)) if self._positions or self._names else path

    def _steps(self, value: Any, path: Path) -> Iterator[str | int]:
        for step in path:
            if isinstance(value, list):
                yield self._kept(value)[int(step)]
                value = value[int(step)]
            else:
                yield self._names_of(value).get(str(step), step)
                value = member(value, step)

    def in_record(self, record: Record | None, path: Path) -> Path:
        """The path from a record down of a path in the document, as far as the record goes."""
        if not (self._positions or self._names):
            return path
        found: list[str | int] = []
        value: Any = record
        for step in path:
            if isinstance(step, int) and isinstance(value, list):
                kept = self._kept(value)
                if step not in kept:
                    break
                found.append(list(kept).index(step))
            else:
                known = {other: name for name, other in self._names_of(value).items()}
                found.append(known.get(str(step), step))
            value = member(value, found[-1])
        return tuple(found)

    def _kept(self, members: list[Any]) -> Sequence[int]:
        found = self._positions.get(id(members))
        return range(len(members)) if found is None else found[1]

    def _names_of(self, value: Any) -> Mapping[str, str]:
        found = self._names.get(id(value))
        return {} if found is None else found[1]


@dataclasses.dataclass
class Reading:
    """One identifiable after reading; `record` is `None` if nothing of it could be understood."""

    record: Identifiable | None
    problems: list[Problem] = dataclasses.field(default_factory=list)
    differences: Differences = dataclasses.field(default_factory=Differences)
    #: Whether the typed decoder made the record, which proves types and lengths.
    decoded: bool = False

    def in_document(self, path: Path) -> Path:
        """The path in the document of a path in the record that was read from it."""
        return self.differences.in_document(self.record, path)

    def in_record(self, path: Path) -> Path:
        """The path in the record of a path in the document, as far as the record goes."""
        return self.differences.in_record(self.record, path)


class Place(NamedTuple):
    """Where a path stands in the text of a document."""

    pointer: str | None = None
    xpath: str | None = None
    line: int | None = None
    column: int | None = None
    #: A piece of the line to show, and the column in it.
    text: str | None = None
    text_column: int | None = None


def finding_of(
    problem: Problem,
    place: Place | None,
    *,
    file: str = "",
    part: str | None = None,
    element: tuple[str, ...] = (),
    semantic_id: str | None = None,
) -> Finding:
    """A problem as a finding, at the place where its document has it."""
    pointer, xpath, line, column, text, text_column = place or Place()
    location = Location(file, part, pointer, xpath, line, column, element, semantic_id)
    return problem.rule.finding(problem.message, location, problem.hint, text, text_column)


class Document(Protocol):
    """A JSON or XML document that holds AAS content."""

    #: The versions that the document may be of; one for XML, all for JSON.
    versions: Metamodel
    #: The text of the document.
    data: bytes
    parts: list[Part]
    problems: list[Problem]
    #: False if strings may hold characters that XML forbids.
    clean_characters: bool
    #: Whether records are to be read again rather than kept, to save memory.
    is_large: bool

    def read(self, part: Part, *, explain: bool = False) -> Reading:
        """Read one identifiable; `explain` takes the reader that names every problem."""
        ...

    def locate(self, problems: Iterable[Problem]) -> dict[Path, Place]:
        """Find where the paths of problems stand."""
        ...


def environment(document: Document) -> tuple[Environment, list[Problem]]:
    """Everything that could be read, and what could not."""
    with collector_paused():
        return _environment(document)


def _environment(document: Document) -> tuple[Environment, list[Problem]]:
    problems = list(document.problems)
    found: dict[type[Identifiable], list[Any]] = {kind: [] for kind in COLLECTIONS.values()}
    for part in document.parts:
        reading = document.read(part)
        problems += reading.problems
        if reading.record is not None:
            found[part.record].append(reading.record)
    return (
        Environment(
            asset_administration_shells=found[AssetAdministrationShell] or None,
            submodels=found[Submodel] or None,
            concept_descriptions=found[ConceptDescription] or None,
        ),
        problems,
    )


def identifiables(environment: Environment) -> Iterator[Identifiable]:
    """Shells, submodels and concept descriptions, in that order."""
    for name in Environment.__struct_fields__:
        yield from getattr(environment, name) or ()


def pointer(path: Path) -> str:
    """A path as an RFC 6901 JSON pointer."""
    plain = "".join(f"/{step}" for step in path)
    if "~" not in plain and plain.count("/") == len(path):
        return plain
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def member(value: Any, step: str | int) -> Any:
    """What stands in a record or list at one step of a path; `None` if nothing does."""
    if isinstance(value, list):
        return value[step] if isinstance(step, int) and step < len(value) else None
    if isinstance(value, Record) and isinstance(step, str):
        attribute = attributes_by_json_name(type(value)).get(step)
        return getattr(value, attribute.name) if attribute is not None else None
    return None


def names_on_the_way(reading: Reading, path: Path) -> tuple[tuple[str, ...], str | None]:
    """The idShorts (or ids, or positions) down to a path, and the innermost semantic id."""
    names: list[str] = []
    semantic_id = None
    value: Any = reading.record
    steps: list[str | int | None] = [None, *path]
    for step in steps:
        if step is not None:
            value = member(value, step)
        if value is None:
            break
        if isinstance(value, Referable):
            name = value.id_short or getattr(value, "id", None)
            names.append(name or (f"[{step}]" if isinstance(step, int) else type(value).__name__))
            reference = getattr(value, "semantic_id", None)
            semantic_id = reference.keys[-1].value if reference and reference.keys else None
    return tuple(names), semantic_id
