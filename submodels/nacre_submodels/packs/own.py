"""Our own templates: twin profile, maintenance and traceability records."""

import difflib
import itertools
import math
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from nacre_aas.checking import Flag
from nacre_aas.constraints.registry import Broken, declare
from nacre_aas.findings import Severity
from nacre_aas.model import ReferenceElement
from nacre_aas.wording import shortened
from nacre_aas.xsd import surely_before
from nacre_submodels.packs.looking import (
    Elements,
    as_number,
    element_at,
    members_of,
    text_of,
    texts_of,
)
from nacre_submodels.packs.pack import in_order, pack

_OWN = "https://w3id.org/nacre/submodel"
LEVEL = declare(
    "SMT-161",
    "integration level that the data flows do not bear out",
    "A digital shadow has an automatic data flow from the asset, a digital twin in both directions, and a "
    "predictive twin a model that foresees besides; a digital model has none of them.",
    "correct the level, or the flows",
    "docs/adr/0004, TwinProfile",
)
EXCLUDED = declare(
    "SMT-162",
    "modules that exclude each other",
    "A module names the modules that cannot go with it, and one of them is there.",
    "remove one of the modules",
    "docs/adr/0004, TwinProfile",
)
TWICE = declare(
    "SMT-160",
    "submodel or module that stands twice in a twin profile",
    "Each submodel of a twin is in one layer, and each module has a name of its own.",
    "take one of the two away",
    "docs/adr/0004, TwinProfile",
    severity=Severity.WARNING,
)
LIMITS = declare(
    "SMT-163",
    "measured value outside its limits",
    "The record gives limits for the measurement, and the value is outside them.",
    "nothing, if that is what was found; the record is about it",
    "docs/adr/0004, MaintenanceRecord",
    severity=Severity.NOTE,
)
CUSTODY = declare(
    "SMT-164",
    "gap or overlap in custody",
    "The periods of custody follow each other without gap and without overlap.",
    "correct the times, or add the missing holder",
    "docs/adr/0004, TraceabilityRecord",
    severity=Severity.WARNING,
)
TERM = declare(
    "SMT-165",
    "word that the vocabulary does not have",
    "Business step and disposition are words of the Core Business Vocabulary, or identifiers of one's own. This is "
    "neither.",
    "write the word as the CBV does, or an IRI of your own",
    "GS1 CBV 2.0 §7.1 and §7.2",
    severity=Severity.WARNING,
)
EVENT_KIND = declare(
    "SMT-166",
    "event without what its kind has",
    "All events but transformations say what they do to the objects, aggregations and associations what the whole "
    "is, and transformations what went in or came out.",
    "add what is missing, or correct the kind of the event",
    "GS1 EPCIS 2.0 §7.4",
    severity=Severity.WARNING,
)
EVENT_ID = declare(
    "SMT-167",
    "one identifier for two events",
    "An EventId names one event in the world; whoever asks for it must not find two.",
    "give each event an identifier of its own, or take away the one that was written twice",
    "docs/adr/0004; GS1 EPCIS 2.0 §7.4",
)
OLDEST_FIRST = declare(
    "SMT-168",
    "event before an earlier one",
    "Records and events stand in the order of time, the oldest first.",
    "put the events in the order of their times, or correct the time",
    "docs/adr/0004",
    severity=Severity.WARNING,
)
TO_ITSELF = declare(
    "SMT-169",
    "hand-over, reuse or replacement that leads to itself",
    "Who hands over and who takes over are two parties, an asset comes from another one by reuse, and a part is "
    "replaced by another one.",
    "correct one of the two identifiers",
    "docs/adr/0004, TraceabilityRecord and MaintenanceRecord",
    severity=Severity.WARNING,
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: The words of the CBV 2.0 for business steps and dispositions.
WORDS = {
    "BizStep": _words(
        "accepting arriving assembling collecting commissioning consigning creating_class_instance cycle_counting "
        "decommissioning departing destroying disassembling dispensing encoding entering_exiting holding inspecting "
        "installing killing loading other packing picking receiving removing repackaging repairing replacing "
        "reserving retail_selling sampling sensor_reporting shipping staging_outbound stock_taking stocking storing "
        "transporting unloading unpacking void_shipping"
    ),
    "Disposition": _words(
        "active available completeness_inferred completeness_verified conformant container_closed container_open "
        "damaged destroyed dispensed disposed encoded expired in_progress in_transit inactive mismatch_class "
        "mismatch_instance mismatch_quantity needs_replacement no_pedigree_match non_conformant non_sellable_other "
        "partially_dispensed recalled reserved retail_sold returned sellable_accessible sellable_not_accessible "
        "stolen unavailable unknown"
    ),
}
#: A word of each kind that stands often.
_USUAL = {"BizStep": "shipping", "Disposition": "in_transit"}
#: How the CBV writes its words as identifiers.
_CBV = {
    "BizStep": re.compile(r"urn:epcglobal:cbv:bizstep:|https://ref\.gs1\.org/cbv/BizStep-"),
    "Disposition": re.compile(r"urn:epcglobal:cbv:disp:|https://ref\.gs1\.org/cbv/Disp-"),
}
#: An identifier of somebody else: an IRI or IRDI.
_FOREIGN = re.compile(r"(?!urn:epcglobal:cbv:|https://ref\.gs1\.org/cbv/).*[:/#]", re.DOTALL)
#: The kinds of events that say an action.
_WITH_ACTION = ("ObjectEvent", "AggregationEvent", "TransactionEvent", "AssociationEvent")
#: Integration level -> whether there is a flow from the asset, and one to it.
_FLOWS = {
    "digital model": (False, False),
    "digital shadow": (True, False),
    "digital twin": (True, True),
    "predictive twin": (True, True),
}


@pack(f"{_OWN}/TwinProfile/1/0")
def _twin_profile(found: Elements) -> Iterator[Flag]:
    yield from _level(found)
    layers = members_of(element_at(found.submodel, "Layers"))
    yield from _each_once(layers, "SubmodelReference", _reference_of, "has a layer already")
    modules = members_of(element_at(found.submodel, "Modules"))
    yield from _each_once(modules, "ModuleName", _names_of, "is the name of another module")
    names = {text.text for each in modules for text in texts_of(element_at(each, "ModuleName"))}
    for each in modules:
        for excluded in members_of(element_at(each, "Excludes")):
            if text_of(excluded) in names:
                message = f"`{text_of(excluded)}` is excluded, but it is there"
                yield Flag(excluded, EXCLUDED, Broken(message, ("value",)))


def _level(found: Elements) -> Iterator[Flag]:
    """The integration level against the data flows that are stated."""
    level = element_at(found.submodel, "IntegrationLevel")
    claimed = text_of(level) or ""
    said = [text_of(element_at(found.submodel, name)) for name in ("FlowFromAsset", "FlowToAsset")]
    if not all(each in ("true", "false", "1", "0") for each in said):
        return  # the matter of AASd-020
    from_asset, to_asset = (each in ("true", "1") for each in said)
    flows = from_asset, from_asset and to_asset  # what hears nothing of its asset is a model
    if claimed == "digital model" and to_asset and not from_asset:
        message = (
            "a digital model has no data flow to its asset, and none of the levels has only that"
        )
        yield Flag(level, LEVEL, Broken(message, ("value",)))
    elif claimed in _FLOWS and flows != _FLOWS[claimed]:
        shown = next(each for each, bears in _FLOWS.items() if bears == flows)
        message = f"`{claimed}` is claimed, but the data flows are those of `{shown}`"
        yield Flag(level, LEVEL, Broken(message, ("value",)))
    elif claimed == "predictive twin" and element_at(found.submodel, "PredictionModel") is None:
        yield Flag(level, LEVEL, Broken("a predictive twin has a `PredictionModel`", ("value",)))


def _each_once(
    rows: list[Any], name: str, said: Callable[[Any], Iterable[str]], what: str
) -> Iterator[Flag]:
    """Rows of which no two say the same in one element."""
    taken: set[str] = set()
    for row in rows:
        element = element_at(row, name)
        own = set(said(element))
        for each in sorted(own & taken)[:1]:
            yield Flag(element, TWICE, Broken(f"`{shortened(each)}` {what}", ("value",)))
        taken |= own


def _names_of(element: Any) -> Iterator[str]:
    return (f"{each.text} ({each.language})" for each in texts_of(element))


def _reference_of(element: Any) -> Iterator[str]:
    reference = element.value if isinstance(element, ReferenceElement) else None
    if reference is not None and reference.keys:
        yield " / ".join(each.value for each in reference.keys)


@pack(f"{_OWN}/MaintenanceRecord/1/0")
def _maintenance(found: Elements) -> Iterator[Flag]:
    records = members_of(element_at(found.submodel, "Records"))
    yield from _one_after_another(records, "StartedAt")
    for record in records:
        yield from in_order(record, "StartedAt", "EndedAt")
        for each in members_of(element_at(record, "Measurements")):
            value, limits = element_at(each, "MeasuredValue"), element_at(each, "Limits")
            if limits is None or not text_of(value):
                continue
            number, low, high = (as_number(x) for x in (text_of(value), limits.min, limits.max))
            if number is None:
                continue
            at_least = low is None or math.isnan(low) or number >= low
            at_most = high is None or math.isnan(high) or number <= high
            if not (at_least and at_most):  # so is NaN
                message = f"`{text_of(value)}` is outside {limits.min or ''}..{limits.max or ''}"
                yield Flag(value, LIMITS, Broken(message, ("value",)))
        for each in members_of(element_at(record, "PartsReplaced")):
            yield from _apart(each, "RemovedPartId", "InstalledPartId")


@pack(f"{_OWN}/TraceabilityRecord/1/0")
def _traceability(found: Elements) -> Iterator[Flag]:
    events = members_of(element_at(found.submodel, "Events"))
    yield from _one_after_another(events, "EventTime")
    for each in events:
        yield from _event(each)
        yield from _apart(each, "Source", "Destination")
    yield from _reused(found)
    periods = members_of(element_at(found.submodel, "Custody"))
    for period in periods:
        yield from in_order(period, "FromTime", "ToTime")
    for before, period in itertools.pairwise(periods):
        begin = element_at(period, "FromTime")
        start, end = text_of(begin), text_of(element_at(before, "ToTime"))
        if not start:
            continue
        if not end:
            message = f"custody begins at `{start}`, and the one before has no end"
            yield Flag(begin, CUSTODY, Broken(message, ("value",)))
        elif surely_before(start, end) or surely_before(end, start):
            message = f"custody begins at `{start}`, the one before ended at `{end}`"
            yield Flag(begin, CUSTODY, Broken(message, ("value",)))


def _one_after_another(events: list[Any], time: str) -> Iterator[Flag]:
    """Events that have each an identifier of its own, the oldest first."""
    taken: set[str] = set()
    before: str | None = None
    for event in events:
        identifier = element_at(event, "EventId")
        said = text_of(identifier)
        if said and said in taken:
            message = f"`{shortened(said)}` is the EventId of an event before"
            yield Flag(identifier, EVENT_ID, Broken(message, ("value",)))
        taken.add(said or "")
        when = element_at(event, time)
        own = text_of(when)
        if not own:
            continue
        if before is not None and surely_before(own, before):
            message = f"`{own}` stands behind an event of `{before}`"
            yield Flag(when, OLDEST_FIRST, Broken(message, ("value",)))
        before = own


def _apart(owner: Any, first: str, second: str) -> Iterator[Flag]:
    """Two identifiers of one parent are not the same."""
    other = element_at(owner, second)
    if text_of(other) and text_of(other) == text_of(element_at(owner, first)):
        message = f"`{second}` is the same as `{first}`"
        yield Flag(other, TO_ITSELF, Broken(message, ("value",)))


def _reused(found: Elements) -> Iterator[Flag]:
    """Before and after an asset that was reused stand other assets."""
    reverse = element_at(found.submodel, "ReverseLogistics")
    if reverse is None:
        return
    yield from _apart(reverse, "PredecessorAsset", "SuccessorAsset")
    for name in ("PredecessorAsset", "SuccessorAsset"):
        other = element_at(reverse, name)
        if text_of(other) in found.assets:
            message = f"`{name}` is the asset itself"
            yield Flag(other, TO_ITSELF, Broken(message, ("value",)))


def _event(event: Any) -> Iterator[Flag]:
    """One event against EPCIS and its vocabulary."""
    for name, words in WORDS.items():
        element = element_at(event, name)
        said = text_of(element) or ""
        word = _CBV[name].sub("", said)
        if said and word not in words and not _FOREIGN.match(said):
            near = difflib.get_close_matches(word, words, 1, 0.6)
            hint = (
                f"did you mean `{near[0]}`?" if near else f"write a word such as `{_USUAL[name]}`"
            )
            message = f"`{said}` is no word of the CBV for a {name}"
            yield Flag(element, TERM, Broken(message, ("value",), None, hint))
    kind, action = (text_of(element_at(event, name)) for name in ("EventType", "Action"))
    lacks = _lacking(event, kind or "", action)
    if lacks is not None:
        yield Flag(event, EVENT_KIND, Broken(f"the {kind} has no `{lacks}`"))


def _lacking(event: Any, kind: str, action: str | None) -> str | None:
    """What an event of a kind has, and this one has not."""
    if kind == "TransformationEvent":
        has_any = any(element_at(event, name) is not None for name in ("Inputs", "Outputs"))
        return None if has_any else "Inputs"
    if kind in _WITH_ACTION and not action:
        return "Action"
    is_whole = kind == "AssociationEvent" or (kind == "AggregationEvent" and action != "OBSERVE")
    return "ParentId" if is_whole and not text_of(element_at(event, "ParentId")) else None
