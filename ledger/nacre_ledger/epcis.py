"""EPCIS 2.0 JSON-LD events: in with the original kept, out as a document.

An EPCIS event about several objects becomes one event per object, since an audit asks about one asset.
The original JSON is attached to each, so that nothing of it is lost, and its CBV 2.0 hash stands in
`hashes`.
"""

import datetime as dt
import re
import uuid
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

import msgspec

from nacre_ledger import cbv
from nacre_ledger import event as events
from nacre_ledger.errors import EventError
from nacre_ledger.event import Activity, Attachment, Event
from nacre_ledger.history import IN_ERROR
from nacre_ledger.log import Entry, Ledger

CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
CONTENT_TYPE = "application/ld+json"
_NAMESPACE = "https://w3id.org/nacre/event/v1#"
_NAME = "epcis.jsonld"
#: What a business step means; what is not here is an observation.
_STEPS = {
    "commissioning": Activity.MANUFACTURING,
    "creating_class_instance": Activity.MANUFACTURING,
    "assembling": Activity.AGGREGATION,
    "packing": Activity.AGGREGATION,
    "loading": Activity.AGGREGATION,
    "disassembling": Activity.DISAGGREGATION,
    "unpacking": Activity.DISAGGREGATION,
    "unloading": Activity.DISAGGREGATION,
    "installing": Activity.COMMISSIONING,
    "inspecting": Activity.INSPECTION,
    "repairing": Activity.REPAIR,
    "replacing": Activity.REPLACEMENT,
    "shipping": Activity.SHIPPING,
    "departing": Activity.SHIPPING,
    "arriving": Activity.RECEIVING,
    "receiving": Activity.RECEIVING,
    "accepting": Activity.RECEIVING,
    "decommissioning": Activity.DECOMMISSIONING,
    "destroying": Activity.RECYCLING,
}
_BACK = {
    Activity.MANUFACTURING: "commissioning",
    Activity.COMMISSIONING: "installing",
    Activity.INSPECTION: "inspecting",
    Activity.QUALITY_CHECK: "inspecting",
    Activity.CALIBRATION: "inspecting",
    Activity.REPAIR: "repairing",
    Activity.REFURBISHMENT: "repairing",
    Activity.REPLACEMENT: "replacing",
    Activity.SHIPPING: "shipping",
    Activity.RECEIVING: "receiving",
    Activity.CUSTODY_TRANSFER: "accepting",
    Activity.RETURN: "receiving",
    Activity.DECOMMISSIONING: "decommissioning",
    Activity.RECYCLING: "destroying",
    Activity.AGGREGATION: "assembling",
    Activity.DISAGGREGATION: "disassembling",
    Activity.OBSERVATION: "inspecting",
}


def is_epcis(document: Any) -> bool:
    """Whether a JSON document is one of EPCIS, or one of its events."""
    if not isinstance(document, dict):
        return False
    kind = str(document.get("type", ""))
    return kind in ("EPCISDocument", "EPCISQueryDocument") or (
        kind.endswith("Event") and "eventTime" in document
    )


def read(
    document: Mapping[str, Any], agent: str
) -> Iterator[tuple[list[Event], Attachment, bytes]]:
    """The events of a document, with the original of each group; `agent` says who reports them.

    Raises:
        EventError: an event lacks what EPCIS 2.0 requires.
    """
    context = _context(document.get("@context"))
    for number, each in enumerate(_listed(document)):
        if not isinstance(each, dict):
            raise EventError(f"event {number + 1} of the document is no JSON object")
        own = context | _context(each.get("@context"))
        bare = {name: value for name, value in each.items() if name != "@context"}
        text = msgspec.json.encode(bare).decode()
        used = {name: own[name] for name in sorted(own) if f'"{name}:' in text}
        # The same bytes whatever document the event came in: it is imported once.
        original = msgspec.json.encode({"@context": used, **bare}, order="sorted")
        attached = events.attachment(_NAME, original, CONTENT_TYPE)
        try:
            yield list(_events(each, own, agent, attached)), attached, original
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            match error:
                case KeyError():
                    said = f"`{error.args[0]}` is missing"
                case ValueError():
                    said = str(error)
                case _:
                    said = "a part of it is of another kind, such as a text for an object"
            raise EventError(
                f"event {number + 1} of the document is no EPCIS event: {said}"
            ) from None


def _listed(document: Mapping[str, Any]) -> list[Any]:
    """The events of a document, which may be one itself."""
    if document.get("type") not in ("EPCISDocument", "EPCISQueryDocument"):
        return [document]
    body: Any = document.get("epcisBody", {})
    for name in ("queryResults", "resultsBody"):
        if isinstance(body, dict) and name in body:
            body = body[name]
    if not isinstance(body, dict):
        raise EventError("the body of the EPCIS document is no JSON object")
    return cbv.listed(body.get("eventList", body.get("event")))


def _context(found: Any) -> dict[str, str]:
    members = found if isinstance(found, list) else [found]
    return {
        name: value
        for each in members
        if isinstance(each, dict)
        for name, value in each.items()
        if isinstance(value, str) and not name.startswith("@")
    }


def _events(
    event: Mapping[str, Any],
    context: Mapping[str, str],
    agent: str,
    attached: Attachment,
) -> Iterator[Event]:
    digest = cbv.event_hash(event, context)
    declared = event.get("errorDeclaration")
    # Without an id it is that of its content, whose CBV hash a declaration of error leaves as it is.
    identifier = _text(event.get("eventID") or digest, "eventID")
    place = (event.get("readPoint") or event.get("bizLocation") or {}).get("id")
    values: dict[str, Any] = {
        "happened": _happened(event),
        "agent": agent,
        "location": place,
        "fields": dict(_fields(event)),
        "hashes": [digest],
        "attachments": [msgspec.to_builtins(attached)],
        "custody": _custody(event),
    }
    kind, action = str(event["type"]), str(event.get("action", ""))
    step = str(event.get("bizStep", "")).rpartition(":")[2].rpartition("-")[2]
    values["activity"] = _STEPS.get(step, Activity.OBSERVATION).value
    if kind == "TransformationEvent":
        values["activity"] = Activity.TRANSFORMATION.value
        values["inputs"] = _items(event, "inputEPCList", "inputQuantityList")
        values["outputs"] = _items(event, "outputEPCList", "outputQuantityList")
        assets = [(values["outputs"] or values["inputs"])[0]["asset"]]
    elif kind in ("AggregationEvent", "AssociationEvent"):
        children = _items(event, "childEPCs", "childQuantityList")
        if action == "DELETE":
            values |= {"activity": Activity.DISAGGREGATION.value, "outputs": children}
        elif action == "ADD":
            values |= {"activity": Activity.AGGREGATION.value, "inputs": children}
        assets = (
            [event["parentID"]] if event.get("parentID") else [each["asset"] for each in children]
        )
    else:
        assets = [each["asset"] for each in _items(event, "epcList", "quantityList")]
        assets = assets or [event[name] for name in ("parentID",) if name in event]
    if not assets and place and event.get("sensorElementList"):
        assets = [place]  # what sensors say of no object they say of the place
    if not assets:
        raise ValueError("it names no object, neither in epcList nor quantityList nor parentID")
    if declared is not None:
        reason = str(declared.get("reason", "")).rpartition("-")[2]
        values |= {"activity": Activity.CORRECTION.value, "note": f"declared in error: {reason}"}
        values["fields"] |= {IN_ERROR: reason or "no reason given"}
    for number, asset in enumerate(assets):
        name = identifier if len(assets) == 1 else f"{identifier}#{number + 1}"
        more = (
            {"eventId": f"{name}#error", "corrects": name}
            if declared is not None
            else {"eventId": name}
        )
        own = {**values, **more, "asset": str(asset)}
        yield events.draft({key: value for key, value in own.items() if value})


def _text(value: Any, name: str) -> str:
    """A value that is a text in every EPCIS event.

    Raises:
        ValueError: it is something else.
    """
    if not isinstance(value, str):
        raise ValueError(f"`{name}` holds {msgspec.json.encode(value).decode()}, expected a text")  # noqa: TRY004
    return value


def _happened(event: Mapping[str, Any]) -> str:
    """The time with the offset that EPCIS gives beside it."""
    text = _text(event["eventTime"], "eventTime")
    offset = _text(event.get("eventTimeZoneOffset", ""), "eventTimeZoneOffset")
    if offset and re.fullmatch(r"[+-]\d\d:\d\d", offset) is None:
        raise ValueError(f"`eventTimeZoneOffset` is `{offset}`, expected one such as +02:00")
    if text.endswith("Z") and offset:
        moment = dt.datetime.fromisoformat(text)
        hours, minutes = int(offset[1:3]), int(offset[4:])
        delta = dt.timedelta(hours=hours, minutes=minutes) * (-1 if offset[0] == "-" else 1)
        return moment.astimezone(dt.timezone(delta)).isoformat()
    return text


def _items(event: Mapping[str, Any], epcs: str, quantities: str) -> list[dict[str, str]]:
    found = [{"asset": _text(each, epcs)} for each in cbv.listed(event.get(epcs))]
    for each in cbv.listed(event.get(quantities)):
        item = {"asset": _text(each["epcClass"], "epcClass")}
        if "quantity" in each:
            item["quantity"] = str(each["quantity"])
        if "uom" in each:
            item["unit"] = str(each["uom"])
        found.append(item)
    return found


def _fields(event: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name in (
        "type",
        "action",
        "bizStep",
        "disposition",
        "transformationID",
        "certificationInfo",
    ):
        if isinstance(event.get(name), str):
            yield f"epcis.{name}", event[name]
    for each in cbv.listed(event.get("bizTransactionList")):
        yield f"epcis.{each.get('type', 'bizTransaction')}", str(each["bizTransaction"])


def _custody(event: Mapping[str, Any]) -> dict[str, str] | None:
    """A change of possession; of ownership where no possession is named."""
    for wanted in ("possessing_party", "owning_party"):
        given = [
            str(each["source"])
            for each in cbv.listed(event.get("sourceList"))
            if str(each.get("type", "")).endswith(wanted)
        ]
        taken = [
            str(each["destination"])
            for each in cbv.listed(event.get("destinationList"))
            if str(each.get("type", "")).endswith(wanted)
        ]
        if taken:
            return {"to": taken[0], **({"from": given[0]} if given else {})}
    return None


# -- out -------------------------------------------------------------------------------------------


def write(ledger: Ledger, entries: Iterable[Entry]) -> dict[str, Any]:
    """Entries as an EPCIS 2.0 document: originals where they were kept, made events elsewhere."""
    made: dict[str, dict[str, Any]] = {}
    contexts: dict[str, Any] = {}
    for entry in entries:
        event = entry.event
        original = _original(ledger, entry.position, event)
        if original is not None:
            for name, value in _context(original.pop("@context", None)).items():
                contexts.setdefault(name, value)
            made.setdefault(event.attachments[0].sha256, original)
        else:
            made[event.event_id] = _made(entry.position, event)
    contexts["nacre"] = _NAMESPACE
    return {
        "@context": [CONTEXT, contexts],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": events.utc(events.now()),
        "epcisBody": {"eventList": list(made.values())},
    }


def _original(ledger: Ledger, position: int, event: Event) -> dict[str, Any] | None:
    for each in event.attachments:
        if each.name == _NAME and each.content_type == CONTENT_TYPE:
            data = ledger.attachment(position, each.sha256)
            return None if data is None else msgspec.json.decode(data, type=dict[str, Any])
    return None


def _made(position: int, event: Event) -> dict[str, Any]:
    kind, own = _body(event)
    offset = "+00:00" if event.happened.endswith("Z") else event.happened[-6:]
    found: dict[str, Any] = {
        "type": kind,
        "eventID": _event_id(event.event_id),
        "eventTime": event.happened,
        "eventTimeZoneOffset": offset,
        **({"recordTime": event.recorded} if event.recorded else {}),
        **own,
    }
    step = _BACK.get(event.activity)
    if step is not None:
        found["bizStep"] = step
    if event.location is not None and ":" in event.location:
        found["readPoint"] = {"id": event.location}
    if event.custody is not None:
        parties = (("source", event.custody.from_), ("destination", event.custody.to))
        for name, party in parties:
            if party is not None:
                value = party if ":" in party else f"urn:nacre:party:{quote(party, safe='')}"
                found[f"{name}List"] = [{"type": "possessing_party", name: value}]
    found["nacre:activity"] = event.activity.value
    found["nacre:agent"] = event.agent
    found["nacre:position"] = position
    if event.note is not None:
        found["nacre:note"] = event.note
    # What EPCIS has no place for, such as parts that were removed, files and versions of the twin.
    found["nacre:event"] = events.canonical(event).decode()
    return found


def _body(event: Event) -> tuple[str, dict[str, Any]]:
    def assets(items: Iterable[events.Item]) -> list[str]:
        return [each.asset for each in items]

    if event.activity is Activity.TRANSFORMATION:
        outputs = assets(event.outputs) or [event.asset]
        return "TransformationEvent", {
            "inputEPCList": assets(event.inputs),
            "outputEPCList": outputs,
        }
    if event.activity in (Activity.AGGREGATION, Activity.DISAGGREGATION):
        is_add = event.activity is Activity.AGGREGATION
        children = assets(event.inputs if is_add else event.outputs)
        action = "ADD" if is_add else "DELETE"
        return "AggregationEvent", {
            "parentID": event.asset,
            "childEPCs": children,
            "action": action,
        }
    if event.installed and not event.removed:
        return "AssociationEvent", {
            "parentID": event.asset,
            "childEPCs": assets(event.installed),
            "action": "ADD",
        }
    action = "ADD" if event.activity is Activity.MANUFACTURING else "OBSERVE"
    if event.activity is Activity.DECOMMISSIONING:
        action = "DELETE"
    return "ObjectEvent", {"epcList": [event.asset], "action": action}


def _event_id(text: str) -> str:
    """An event id as a URI."""
    try:
        return f"urn:uuid:{uuid.UUID(text)}"
    except ValueError:
        return (
            text
            if re.match(r"[A-Za-z][\w+.-]*:", text)
            else f"urn:nacre:event:{quote(text, safe='')}"
        )
