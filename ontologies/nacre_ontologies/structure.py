"""The structure graph: an environment in the official RDF mapping, with the order it loses added.

The mapping follows from the records, as JSON and XML do. For each class a function is compiled that
appends the N-Triples of one record; other formats are made from that text by pyoxigraph. Literals
are written as they are: nothing passes through a store, which would rewrite them.

Added to the official terms (docs/rdf.md): `nx:index`, the position of a member of an ordered list
that has several, and `nx:next` from each key of a reference to the one after it.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any

from nacre_aas.canonical import ORDERED
from nacre_aas.collector import collector_paused
from nacre_aas.compiling import PerClass, compiled
from nacre_aas.document import identifiables
from nacre_aas.model import (
    Environment,
    Identifiable,
    Record,
    Reference,
    SubmodelElement,
    SubmodelElementList,
)
from nacre_aas.schema import Attribute, Kind, attributes
from nacre_aas.versions import Metamodel
from nacre_ontologies.identifiers import ID, iri_of, node_base, segment
from nacre_ontologies.terms import (
    INDEX,
    NACRE,
    NEXT,
    TYPE,
    XSD,
    class_iri,
    literal_iri,
    property_iri,
)


def n_triples(environment: Environment, version: Metamodel, *, blank_nodes: bool = False) -> str:
    """The structure graph in N-Triples, one line per triple.

    With `blank_nodes` what has no identifier of its own is a blank node, as in the official
    examples; else it has an address (`nacre_ontologies.identifiers`).
    """
    emit, out = _EMIT[version], list[str]()
    texts = _Literals()
    if not any(identifiables(environment)):  # or nothing would be left of it
        return f"<{NACRE}environment> <{TYPE}> <{class_iri(Environment, version)}> .\n"
    with collector_paused():
        for record, subject, base in subjects(environment):
            emit[type(record)](record, f"<{subject}>", base, out.append, texts)
        text = "".join(out)
    return _with_blank_nodes(text) if blank_nodes else text


def subjects(environment: Environment) -> list[tuple[Identifiable, str, str]]:
    """Each identifiable with its IRI and the address below which its nodes are named.

    Where an id stands twice, the second one gets an IRI of its own: RDF would merge the two. The
    id as it is written stands in the graph all the same (`doubled` names such ids).
    """
    seen: dict[str, int] = {}
    found = []
    for record in identifiables(environment):
        identifier = record.id or ""
        count = seen[identifier] = seen.get(identifier, 0) + 1
        subject, base = iri_of(identifier), node_base(identifier)
        if count > 1 or not identifier:
            subject = base = f"{base}?copy={count}"
        found.append((record, subject, base + "#"))
    return found


def doubled(environment: Environment) -> list[str]:
    """The ids that stand more than once: in RDF their nodes would be one."""
    seen: set[str | None] = set()
    again = dict[str, None]()
    for record in identifiables(environment):
        if record.id in seen and record.id is not None:
            again[record.id] = None
        seen.add(record.id)
    return list(again)


def n_quads(text: str, graph: str) -> str:
    """N-Triples as N-Quads of one named graph."""
    return text.replace(" .\n", f" <{graph}> .\n")


#: A node below an identifiable, as subject or object: a literal never ends in `>` before the dot,
#: unless it has a datatype, and those are not named like this.
_SUBJECT = re.compile(rf"^<({re.escape(ID)}[^>\s]*#[^>\s]*)>", re.MULTILINE)
_OBJECT = re.compile(rf"(?<= )<({re.escape(ID)}[^>\s]*#[^>\s]*)> \.$", re.MULTILINE)


def _with_blank_nodes(text: str) -> str:
    names: dict[str, str] = {}

    def name(match: re.Match[str]) -> str:
        return names.setdefault(match[1], f"_:n{len(names)}")

    text = _SUBJECT.sub(name, text)
    return _OBJECT.sub(lambda match: f"{name(match)} .", text)


class _Literals(dict[str, str]):
    """Texts as N-Triples literals, each made once; forgotten when there are many."""

    def __missing__(self, text: str) -> str:
        if len(self) > 100_000:
            self.clear()
        literal = self[text] = quoted(text)
        return literal


#: As canonical N-Quads have it (RDFC-1.0 §5): sorted, our lines are the canonical form of their graph.
_ESCAPES = {number: f"\\u{number:04X}" for number in (*range(0x20), 0x7F)} | {
    ord(sign): escape
    for sign, escape in zip(
        '\b\t\n\f\r"\\', ("\\b", "\\t", "\\n", "\\f", "\\r", '\\"', "\\\\"), strict=True
    )
}

_TO_ESCAPE = re.compile(r'["\\\x00-\x1f\x7f]')


def quoted(text: str) -> str:
    """A text as a literal of N-Triples; without a datatype it is an `xsd:string`."""
    if _TO_ESCAPE.search(text) is None:
        return f'"{text}"'
    return f'"{text.translate(_ESCAPES)}"'


# -- compiling ----------------------------------------------------------------------------------
#
# A compiled function gets a record `r`, its node `s`, the address `p` below which its own nodes are
# named, the function `a` that appends a line, and the literals `l`.

_Emit = Callable[[Any, str, str, Callable[[str], None], _Literals], None]


class _Version(PerClass[_Emit]):
    """The functions of one metamodel version."""

    def __init__(self, version: Metamodel) -> None:
        super().__init__(self.compile)
        self.version = version

    def compile(self, record: type[Record]) -> _Emit:
        """Compile the function of one class."""
        names: dict[str, Any] = {"emit": self, "segment": segment, "members": names_of_members}
        type_ = f"{{s}} <{TYPE}> <{class_iri(record, self.version)}> .\\n"
        simple = {
            each.name: self._line(record, each, f"r.{each.name}", names)
            for each in attributes(record)
            if not (each.targets or each.is_list)
        }
        lines = []
        if len(simple) == len(attributes(record)) and all(e.required for e in attributes(record)):
            # Keys and texts, most of all records: one piece of text if nothing is missing.
            present = " and ".join(f"r.{name} is not None" for name in simple)
            whole = type_ + "".join(simple.values())
            lines += [f"if {present}:", f"    a(f'{whole}')", "    return"]
        lines.append(f"a(f'{type_}')")
        for attribute in attributes(record):
            lines += [f"v = r.{attribute.name}", "if v is not None:"]
            if attribute.name in simple:
                lines.append(f"    a(f'{self._line(record, attribute, 'v', names)}')")
            else:
                lines += [f"    {line}" for line in self._below(record, attribute)]
        return compiled(f"triples of {record.__name__}", "r, s, p, a, l", lines, names)

    def _line(
        self, record: type[Record], attribute: Attribute, value: str, names: dict[str, Any]
    ) -> str:
        """The body of an f-string for the statement of a text, boolean or word."""
        predicate = f"<{property_iri(record, attribute, self.version)}>"
        if attribute.kind is Kind.TEXT:
            is_binary = attribute.text is not None and attribute.text.name == "BlobType"
            datatype = f"^^<{XSD}base64Binary>" if is_binary else ""
            return f"{{s}} {predicate} {{l[{value}]}}{datatype} .\\n"
        words = f"words_{attribute.name}"
        if attribute.kind is Kind.BOOLEAN:
            names[words] = {
                flag: f'"{str(flag).lower()}"^^<{XSD}boolean>' for flag in (True, False)
            }
        else:
            names[words] = {
                word: f"<{literal_iri(attribute, word, self.version)}>"
                for word in attribute.literals
            }
        return f"{{s}} {predicate} {{{words}[{value}]}} .\\n"

    def _below(self, record: type[Record], attribute: Attribute) -> list[str]:
        """The lines for records that stand in `v`."""
        predicate = f"<{property_iri(record, attribute, self.version)}>"
        if attribute.is_list:
            return self._list(record, attribute, predicate)
        return [
            f"q = f'{{p}}/{attribute.json_name}'",
            f"a(f'{{s}} {predicate} <{{q}}> .\\n')",
            "emit[v.__class__](v, f'<{q}>', q, a, l)",
        ]

    def _list(self, record: type[Record], attribute: Attribute, predicate: str) -> list[str]:
        if issubclass(attribute.targets[0], SubmodelElement):
            dot = "" if issubclass(record, Identifiable) else "."
            loop = [f"for i, (x, n) in enumerate(zip(v, members(v, {dot!r}))):", "    q = p + n"]
        else:
            loop = [
                "for i, x in enumerate(v):",
                f"    q = f'{{p}}/{attribute.json_name}/{{i}}'",
            ]
        lines = [
            *loop,
            "    n = f'<{q}>'",
            f"    a(f'{{s}} {predicate} {{n}} .\\n')",
            "    emit[x.__class__](x, n, q, a, l)",
        ]
        ordered = self._is_ordered(record, attribute)
        if ordered:
            index = f"a(f'{{n}} <{INDEX}> \"{{i}}\"^^<{XSD}integer> .\\n')"
            lines += [f"    if {ordered} and len(v) > 1: {index}"]
        if record is Reference:
            after = f"<{{p}}/{attribute.json_name}/{{i + 1}}>"
            lines += [f"    if i + 1 < len(v): a(f'{{n}} <{NEXT}> {after} .\\n')"]
        return lines

    @staticmethod
    def _is_ordered(record: type[Record], attribute: Attribute) -> str:
        if record is SubmodelElementList and attribute.name == "value":
            return "r.order_relevant is not False"
        return "True" if (record, attribute.name) in ORDERED else ""


def names_of_members(members: Sequence[SubmodelElement], dot: str) -> list[str]:
    """What each element adds to its parent's address: its idShort, or its position in brackets."""
    names = [
        f"%5B{position}%5D" if member.id_short is None else dot + segment(member.id_short)
        for position, member in enumerate(members)
    ]
    if len(set(names)) == len(names):
        return names
    return [
        f"{name}~{position}" if names.index(name) < position else name
        for position, name in enumerate(names)
    ]


_EMIT: dict[Metamodel, _Version] = {version: _Version(version) for version in Metamodel}
