"""A graph laid out for validation: one column per predicate.

A term is a string: an IRI as it is, a blank node as `_:name`, a literal as N-Triples writes it
(`"5"^^<http://www.w3.org/2001/XMLSchema#integer>`). Equal terms are one string object, so that sets
of them are compared quickly and a term is stored once.
"""

import functools
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from typing import Any, NamedTuple

import pyoxigraph as ox

from nacre_aas.collector import collector_paused
from nacre_ontologies.terms import RDF, RDFS, TYPE, XSD

SUBCLASS_OF = RDFS + "subClassOf"
FIRST, REST, NIL = RDF + "first", RDF + "rest", RDF + "nil"
LANG_STRING = RDF + "langString"
STRING = XSD + "string"


class Column:
    """The statements of one predicate: the object of each subject, and all of those that have several."""

    def __init__(self) -> None:
        self.single: dict[str, str] = {}
        #: Subjects with several objects; the first of them stands in `single` as well.
        self.multiple: dict[str, dict[str, None]] = {}

    def add(self, subject: str, object_: str) -> None:
        """Enter a statement, once."""
        first = self.single.setdefault(subject, object_)
        if first is not object_ and first != object_:
            self.multiple.setdefault(subject, {first: None})[object_] = None

    def of(self, subject: str) -> Iterable[str]:
        """The objects of a subject."""
        several = self.multiple.get(subject)
        if several is not None:
            return several
        only = self.single.get(subject)
        return () if only is None else (only,)

    @functools.cached_property
    def objects(self) -> frozenset[str]:
        """All objects, once each."""
        found = set(self.single.values())
        for several in self.multiple.values():
            found.update(several)
        return frozenset(found)

    @functools.cached_property
    def inverse(self) -> "Column":
        """The same statements from object to subject."""
        turned = Column()
        for subject, object_ in self.pairs():
            turned.add(object_, subject)
        return turned

    def pairs(self) -> Iterator[tuple[str, str]]:
        """All statements."""
        multiple = self.multiple
        for subject, object_ in self.single.items():
            if subject in multiple:
                for each in multiple[subject]:
                    yield subject, each
            else:
                yield subject, object_


_NOTHING = Column()


class Graph:
    """Statements by predicate."""

    def __init__(self, quads: Iterable[Any] = ()) -> None:
        self.columns: dict[str, Column] = {}
        self.size = 0
        with collector_paused():
            self.add(quads)

    def add(self, quads: Iterable[Any]) -> None:
        """Enter statements of pyoxigraph; the names of graphs do not matter.

        Raises:
            InputError: the statements come from a parser that meets a mistake.
        """
        terms: dict[str, str] = {}
        known = terms.setdefault
        columns = self.columns
        named = ox.NamedNode
        for statement in quads:
            subject, object_ = statement.subject, statement.object
            name = subject.value if subject.__class__ is named else str(subject)
            name = known(name, name)
            value = object_.value if object_.__class__ is named else str(object_)
            value = known(value, value)
            predicate = statement.predicate.value
            column = columns.get(predicate)
            if column is None:
                column = columns[predicate] = Column()
            column.add(name, value)
            self.size += 1

    def column(self, predicate: str) -> Column:
        """The statements of a predicate, perhaps none."""
        return self.columns.get(predicate, _NOTHING)

    def objects(self, subject: str, predicate: str) -> Iterable[str]:
        """The objects of a subject and predicate."""
        return self.column(predicate).of(subject)

    def one(self, subject: str, predicate: str) -> str | None:
        """An object of a subject and predicate, if there is one."""
        return next(iter(self.objects(subject, predicate)), None)

    def classes_below(self, class_: str) -> AbstractSet[str]:
        """A class and its subclasses, as `rdfs:subClassOf` in this graph says."""
        return closure({class_}, self.column(SUBCLASS_OF).inverse)

    def instances(self, class_: str) -> AbstractSet[str]:
        """The SHACL instances of a class (SHACL §1.1)."""
        known = self._instances.get(class_)
        if known is None:
            by_class = self.column(TYPE).inverse
            found = set[str]()
            for each in self.classes_below(class_):
                found.update(by_class.of(each))
            known = self._instances[class_] = frozenset(found)
        return known

    @functools.cached_property
    def _instances(self) -> dict[str, frozenset[str]]:
        return {}

    def members(self, head: str) -> list[str] | None:
        """The members of an RDF list; `None` if it is none, or goes in a circle."""
        found, seen = list[str](), set[str]()
        while head != NIL:
            first, rest = list(self.objects(head, FIRST)), list(self.objects(head, REST))
            if head in seen or len(first) != 1 or len(rest) != 1:
                return None
            seen.add(head)
            found.append(first[0])
            head = rest[0]
        return found


def closure(start: Iterable[str], column: Column) -> set[str]:
    """What is reached from nodes by any number of steps, they themselves included."""
    found = set(start)
    waiting = list(found)
    while waiting:
        for each in column.of(waiting.pop()):
            if each not in found:
                found.add(each)
                waiting.append(each)
    return found


def is_literal(term: str) -> bool:
    """Whether a term is a literal."""
    return term[:1] == '"'


def is_blank(term: str) -> bool:
    """Whether a term is a blank node."""
    return term[:2] == "_:"


class Literal(NamedTuple):
    """The parts of a literal; `language` is empty unless it is a text in a language."""

    lexical: str
    datatype: str
    language: str


def literal(term: str) -> Literal:
    """The parts of a literal.

    >>> literal('"5"^^<http://www.w3.org/2001/XMLSchema#integer>').lexical
    '5'
    """
    end = term.rindex('"')
    lexical, tail = term[1:end], term[end + 1 :]
    if "\\" in lexical:
        lexical = _unescaped(lexical)
    if tail[:1] == "@":
        return Literal(lexical, LANG_STRING, tail[1:])
    return Literal(lexical, tail[3:-1] if tail else STRING, "")


def _unescaped(text: str) -> str:
    (quad,) = ox.parse(f'<a:a> <a:a> "{text}" .', format=ox.RdfFormat.N_TRIPLES)
    return str(quad.object.value)


def lexical(term: str) -> str | None:
    """The text of a literal, or an IRI; `None` for a blank node (the SPARQL function `str`)."""
    if term[:1] == '"':
        return literal(term).lexical
    return None if term[:2] == "_:" else term
