"""Dictionaries: concepts that a user supplies, and the way from a semantic id to one of them.

A dictionary is a file with ConceptDescriptions (AASX, JSON, XML, RDF), or a text or CSV file with an
identifier in its first column and, if it likes, a unit in the second.
"""

import csv
import dataclasses
import io
import re
from collections.abc import Iterable

from nacre_aas import files
from nacre_aas.constraints.context import contents
from nacre_aas.errors import InputError, NoContentError
from nacre_aas.files import read_bytes
from nacre_aas.wording import shortened
from nacre_ontologies import units
from nacre_ontologies.formats import format_of
from nacre_submodels.semantics import difference, near_key

#: What an IRI, an IRDI or a code has and a word has not.
_IDENTIFIER = re.compile(r"\S*[:#/]\S.*|(?=\S*[A-Za-z])\S*\d\S*")


@dataclasses.dataclass(frozen=True)
class Concept:
    """A concept of a dictionary, with its unit if it has one; `unknown` is how one is called that is not known."""

    identifier: str
    unit: units.Unit | None = None
    unknown: str | None = None

    @property
    def has_unit(self) -> bool:
        """Whether anything is said of its unit."""
        return self.unit is not None or self.unknown is not None


@dataclasses.dataclass(frozen=True)
class Resolved:
    """A concept that was found, and in what the semantic id differs from it; `None`: in nothing."""

    concept: Concept
    difference: str | None = None


class Dictionary:
    """Concepts by identifier, found also when version, case, blanks or spelling differ."""

    def __init__(self, concepts: Iterable[Concept] = ()) -> None:
        self.concepts: dict[str, Concept] = {}
        torn: set[str] = set()
        for each in concepts:
            known = self.concepts.get(each.identifier)
            if known is None or not known.has_unit:
                self.concepts[each.identifier] = each
            elif each.has_unit and each != known and each.identifier not in torn:
                torn.add(each.identifier)
                self.concepts[each.identifier] = _torn(known, each)
        self._near = {near_key(each): each for each in self.concepts}

    def __len__(self) -> int:
        return len(self.concepts)

    def resolve(self, semantic_id: str) -> Resolved | None:
        """The concept that a semantic id means."""
        exact = self.concepts.get(semantic_id)
        if exact is not None:
            return Resolved(exact)
        near = self._near.get(near_key(semantic_id))
        if near is None:
            return None
        return Resolved(self.concepts[near], difference(semantic_id, near))


def _torn(one: Concept, other: Concept) -> Concept:
    """A concept that stands twice with different units, so that none of them can be held against a value."""
    units_ = " or ".join(
        each.unit.symbol if each.unit else each.unknown or "none" for each in (one, other)
    )
    return dataclasses.replace(other, unit=None, unknown=units_)


def load(names: Iterable[str]) -> Dictionary:
    """The concepts of files together.

    Raises:
        InputError: a file cannot be read, or holds no concepts.
    """
    found: list[Concept] = []
    for name in names:
        concepts = _read(name)
        if not concepts:
            raise NoContentError(f"`{name}` holds no concepts")
        found += concepts
    return Dictionary(found)


def _read(name: str) -> list[Concept]:
    data = read_bytes(name)
    if name.lower().endswith((".csv", ".txt", ".tsv")):
        found = list(_rows(data))
        if not any(_IDENTIFIER.fullmatch(each.identifier) for each in found):
            hint = "the first column of a table holds an IRI, an IRDI or a code in each row"
            raise NoContentError(f"`{name}` holds no identifier of a concept", hint)
        return found
    format_ = format_of(name, data)
    if format_ is not None:
        from nacre_ontologies.sources import as_json

        data = as_json(data, format_).json
    environment, _, _ = files.load(name, data=data)
    concepts = []
    for each in environment.concept_descriptions or ():
        unit, unknown = None, None
        for content in contents(each.embedded_data_specifications)[:1]:
            identifier = content.unit_id.keys[-1].value if content.unit_id else None
            unit = units.resolve(content.unit, identifier)
            unknown = content.unit or identifier
        concepts.append(_concept(each.id, unit, unknown))
    return concepts


def _concept(identifier: str, unit: units.Unit | None, said: str | None) -> Concept:
    is_known = unit is not None or not said or units.is_no_unit(said)
    return Concept(identifier, unit, None if is_known else said)


def _rows(data: bytes) -> Iterable[Concept]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError("the dictionary is not valid UTF-8") from None
    first = text.partition("\n")[0]
    mark = next((each for each in ("\t", ";", ",") if each in first), ",")
    try:
        for row in csv.reader(io.StringIO(text), delimiter=mark):
            if row and row[0].strip() and not row[0].startswith("# "):
                if any(each in row[0].strip() for each in '<>{}"'):
                    raise InputError(
                        f"the dictionary is no table: `{shortened(row[0])}` is no identifier"
                    )
                said = row[1].strip() if len(row) > 1 else ""
                yield _concept(row[0].strip(), units.resolve(said), said)
    except csv.Error as error:
        raise InputError(f"the dictionary is no table: {error}") from None
