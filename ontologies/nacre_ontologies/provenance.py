"""The events of a ledger as PROV-O: each occurrence an activity, each entry of the log an entity.

The class of an activity is that of its token in our vocabulary (`repair` is `nv:Repair`). What was
erased is not there; its entry is. An occurrence and its entry are two nodes, since an activity is no
entity.
"""

from collections.abc import Iterator
from urllib.parse import quote

from nacre_ledger.event import Event
from nacre_ledger.log import Ledger
from nacre_ontologies.identifiers import iri_of
from nacre_ontologies.meaning import NV
from nacre_ontologies.structure import quoted
from nacre_ontologies.terms import NACRE, TYPE, XSD

PROV = "http://www.w3.org/ns/prov#"
#: Below this stand the entries of logs: origin, then position.
ENTRY = NACRE + "entry/"
EVENT = NACRE + "event/"


def n_triples(ledger: Ledger) -> str:
    """All events of a ledger in N-Triples.

    Raises:
        StoreError: the ledger cannot be read.
    """
    lines: list[str] = []
    base = f"{ENTRY}{_segment(ledger.origin)}#"
    for entry in ledger.entries():
        node = f"<{base}{entry.position}>"
        lines += [
            f"{node} <{TYPE}> <{NV}Entry> .\n",
            f'{node} <{NV}position> "{entry.position}"^^<{XSD}integer> .\n',
        ]
        if entry.leaf is not None:
            lines.append(f"{node} <{NV}leaf> {quoted(entry.leaf.hex())} .\n")
        if entry.body is None:
            continue
        event = entry.event
        occurrence = f"<{EVENT}{_segment(event.event_id)}>"
        lines.append(f"{node} <{NV}entryOf> {occurrence} .\n")
        lines += (f"{occurrence} <{name}> {term} .\n" for name, term in _statements(event))
    return "".join(lines)


def _segment(text: str) -> str:
    return quote(text, safe="")


def activity_class(token: str) -> str:
    """The class of an activity: `quality-check` is `nv:QualityCheck`.

    >>> activity_class("quality-check")
    'https://w3id.org/nacre/vocab#QualityCheck'
    """
    return NV + "".join(part.capitalize() for part in token.split("-"))


def _statements(event: Event) -> Iterator[tuple[str, str]]:
    """What is said of an occurrence: predicate and term."""
    yield TYPE, f"<{NV}AssetEvent>"
    yield TYPE, f"<{activity_class(event.activity)}>"
    yield NV + "ofAsset", f"<{iri_of(event.asset)}>"
    yield PROV + "endedAtTime", f"{quoted(_instant(event.happened))}^^<{XSD}dateTime>"
    yield PROV + "wasAssociatedWith", f"<{iri_of(event.agent)}>"
    if event.location is not None:
        yield PROV + "atLocation", f"<{iri_of(event.location)}>"
    if event.note is not None:
        yield NV + "note", quoted(event.note)
    for name, items in (
        (PROV + "used", (*event.inputs, *event.installed)),
        (PROV + "generated", (*event.outputs, *event.removed)),
    ):
        for item in items:
            yield name, f"<{iri_of(item.asset)}>"
    if event.custody is not None:
        yield NV + "custodyTo", f"<{iri_of(event.custody.to)}>"
        if event.custody.from_ is not None:
            yield NV + "custodyFrom", f"<{iri_of(event.custody.from_)}>"
    if event.corrects is not None:
        yield NV + "corrects", f"<{EVENT}{_segment(event.corrects)}>"
    if event.twin is not None:
        yield PROV + "generated", f"<{NACRE}twin/{event.twin.after}>"
        if event.twin.before is not None:
            yield PROV + "used", f"<{NACRE}twin/{event.twin.before}>"


def _instant(happened: str) -> str:
    """A time with seconds, as xsd:dateTime asks; an event may leave them out."""
    date, _, clock = happened.partition("T")
    time, zone = clock, ""
    for sign in ("Z", "+", "-"):
        if sign in clock:
            at = clock.index(sign)
            time, zone = clock[:at], clock[at:]
            break
    return f"{date}T{time}{':00' if time.count(':') == 1 else ''}{zone}"
