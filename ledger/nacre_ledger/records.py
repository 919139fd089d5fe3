"""MaintenanceRecord and TraceabilityRecord submodels: their records as events, and the evidence back.

A record becomes an event once: its EventId is that of the event. What the ledger says about it (log, entry,
leaf) is written into the record's Evidence.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from msgspec.structs import replace

from nacre_aas.model import (
    Environment,
    MultiLanguageProperty,
    Property,
    ReferenceElement,
    Submodel,
    SubmodelElementCollection,
    SubmodelElementList,
)
from nacre_ledger import epcis
from nacre_ledger import event as events
from nacre_ledger.errors import EventError
from nacre_ledger.event import Event
from nacre_ledger.log import Ledger, Recorded
from nacre_submodels import catalogue
from nacre_submodels.builder import reference
from nacre_submodels.compiler import semantic_id
from nacre_submodels.template import Element, walk

_NAMES = {"MaintenanceRecord": "Records", "TraceabilityRecord": "Events"}


class Found(NamedTuple):
    """A record of a submodel and the event that it stands for."""

    record: SubmodelElementCollection
    template: str
    event: Event


def read(content: Environment, agent: str) -> list[Found]:
    """The records of an environment as events; `agent` reports those that name nobody.

    Raises:
        EventError: a record cannot be an event, or it is not clear of which asset.
    """
    assets = {
        key.value: shell.asset_information.global_asset_id
        for shell in content.asset_administration_shells or ()
        for each in shell.submodels or ()
        for key in each.keys[-1:]
    }
    found: list[Found] = []
    for submodel in content.submodels or ():
        name = _kind(submodel)
        if name is None:
            continue
        asset = assets.get(submodel.id)
        if asset is None:
            raise EventError(
                f"no shell with a globalAssetId has the submodel `{submodel.id_short or submodel.id}`"
            )
        for number, record in enumerate(_records(submodel, _NAMES[name])):
            try:
                values = _plain(record)
                make = _maintenance if name == "MaintenanceRecord" else _traceability
                found += [Found(record, name, each) for each in make(values, asset, agent)]
            except (EventError, KeyError, ValueError) as error:
                said = error.message if isinstance(error, EventError) else f"{error} is missing"
                raise EventError(f"{name}/{_NAMES[name]}[{number}]: {said}") from None
    return found


def _kind(submodel: Submodel) -> str | None:
    meaning = semantic_id(submodel.semantic_id) or ""
    return next((name for name in _NAMES if f"/nacre/submodel/{name}/" in meaning), None)


def _records(submodel: Submodel, name: str) -> Iterator[SubmodelElementCollection]:
    for each in submodel.submodel_elements or ():
        if each.id_short == name and isinstance(each, SubmodelElementList):
            for record in each.value or ():
                if isinstance(record, SubmodelElementCollection):
                    yield record


def _plain(element: Any) -> Any:
    """The values of an element by idShort; of texts in several languages the English one."""
    if isinstance(element, SubmodelElementCollection):
        return {each.id_short: _plain(each) for each in element.value or () if each.id_short}
    if isinstance(element, SubmodelElementList):
        return [_plain(each) for each in element.value or ()]
    if isinstance(element, MultiLanguageProperty):
        texts = {each.language: each.text for each in element.value or ()}
        return texts.get("en") or next(iter(texts.values()), None)
    if isinstance(element, ReferenceElement):
        return element.value.keys[-1].value if element.value else None
    return getattr(element, "value", None)


def _maintenance(values: dict[str, Any], asset: str, agent: str) -> Iterator[Event]:
    parts = values.get("PartsReplaced") or []
    fields = {
        name: values[key]
        for key, name in (
            ("EndedAt", "endedAt"),
            ("Reason", "reason"),
            ("ConditionAfter", "conditionAfter"),
            ("NextDue", "nextDue"),
            ("ServiceRequest", "serviceRequest"),
            ("Instruction", "instruction"),
            ("Prediction", "prediction"),
        )
        if values.get(key)
    }
    for each in values.get("Measurements") or ():
        fields[f"measured {each['QuantityName']}"] = f"{each['MeasuredValue']} {each['Unit']}"
    given: dict[str, Any] = {
        "eventId": values["EventId"],
        "activity": values["Activity"],
        "asset": asset,
        "happened": _time(values["StartedAt"]),
        "agent": (values.get("Agent") or {}).get("AgentId") or agent,
        "note": values.get("ActionTaken"),
        "workOrder": values.get("WorkOrder"),
        "removed": [{"asset": p["RemovedPartId"]} for p in parts if p.get("RemovedPartId")],
        "installed": [{"asset": p["InstalledPartId"]} for p in parts if p.get("InstalledPartId")],
        "fields": fields,
    }
    yield events.draft({name: value for name, value in given.items() if value})


def _traceability(values: dict[str, Any], asset: str, agent: str) -> Iterator[Event]:
    """The record as the EPCIS event that it is aligned with, read like one."""
    kind = values["EventType"]
    objects = values.get("Objects") or []
    is_parent = kind in ("AggregationEvent", "AssociationEvent")
    event: dict[str, Any] = {
        "type": kind,
        "eventID": values["EventId"],
        "eventTime": _time(values["EventTime"]),
        "action": values.get("Action"),
        "bizStep": values.get("BizStep"),
        "disposition": values.get("Disposition"),
        "readPoint": {"id": values["ReadPoint"]} if values.get("ReadPoint") else None,
        "bizLocation": {"id": values["BizLocation"]} if values.get("BizLocation") else None,
        "parentID": values.get("ParentId") or (asset if is_parent else None),
        "epcList": None if is_parent else objects or [asset],
        "childEPCs": objects if is_parent else None,
        "inputEPCList": values.get("Inputs"),
        "outputEPCList": values.get("Outputs"),
    }
    for key, name in (("Source", "source"), ("Destination", "destination")):
        if values.get(key):
            event[f"{name}List"] = [{"type": "possessing_party", name: values[key]}]
    present = {name: value for name, value in event.items() if value is not None}
    for group, _, _ in epcis.read(present, agent):
        yield from (replace(each, attachments=()) for each in group)


def _time(text: str) -> str:
    """An xs:dateTime as an instant; one without offset is taken as UTC."""
    return text if re.search(r"(Z|[+-]\d\d:\d\d)$", text) else text + "Z"


# -- back ------------------------------------------------------------------------------------------


def write_evidence(ledger: Ledger, found: Found, recorded: Recorded) -> None:
    """Put into a record where its event stands in the log."""
    element = _evidence_of(found.template)
    values = {
        "LogOrigin": ledger.origin,
        "EntryNumber": str(recorded.position),
        "LeafHash": ledger.tiles().node(0, recorded.position).hex().upper(),
    }
    made: list[Any] = []
    for child in element.elements:
        value = values.get(child.id_short or "")
        if value is not None:
            value_type: Any = child.value_type
            made.append(
                Property(
                    id_short=child.id_short,
                    semantic_id=reference(child.semantic_id, child.semantic_id_type),
                    value_type=value_type,
                    value=value,
                )
            )
    evidence = SubmodelElementCollection(
        id_short="Evidence",
        semantic_id=reference(element.semantic_id, element.semantic_id_type),
        value=made,
    )
    others = [each for each in found.record.value or () if each.id_short != "Evidence"]
    found.record.value = [*others, evidence]


def _evidence_of(name: str) -> Element:
    known = catalogue.shipped()
    template = known.template(known.find(name))
    return next(each for _, each in walk(template) if each.id_short == "Evidence")
