"""Events: what happened to an asset, as one typed record with one canonical form.

ledger/README.md tells what each field means to a user; docs/event.schema.json is made from this file.
Numbers stand as decimal strings, so that the bytes are the same whatever wrote them.
"""

import datetime as dt
import enum
import hashlib
import os
import re
import time
from collections.abc import Iterator
from typing import Any, Literal

import msgspec

from nacre_aas import strict_json
from nacre_ledger.errors import EventError

SCHEMA = "https://w3id.org/nacre/event/v1"


class Activity(enum.StrEnum):
    """What was done."""

    MANUFACTURING = "manufacturing"
    COMMISSIONING = "commissioning"
    INSPECTION = "inspection"
    REPAIR = "repair"
    REPLACEMENT = "replacement"
    CALIBRATION = "calibration"
    QUALITY_CHECK = "quality-check"
    OBSERVATION = "observation"
    SHIPPING = "shipping"
    RECEIVING = "receiving"
    CUSTODY_TRANSFER = "custody-transfer"
    TRANSFORMATION = "transformation"
    AGGREGATION = "aggregation"
    DISAGGREGATION = "disaggregation"
    SOFTWARE_UPDATE = "software-update"
    CONFIGURATION_CHANGE = "configuration-change"
    TWIN_UPDATE = "twin-update"
    INCIDENT = "incident"
    RETURN = "return"
    REFURBISHMENT = "refurbishment"
    REUSE = "reuse"
    RECYCLING = "recycling"
    DECOMMISSIONING = "decommissioning"
    CORRECTION = "correction"
    ERASURE = "erasure"


class _Part(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    rename="camel",
    omit_defaults=True,
    forbid_unknown_fields=True,
    gc=False,
):
    """What all parts of an event have in common."""


class Item(_Part, frozen=True, kw_only=True):
    """Another asset that takes part: a component, a material, a batch.

    `quantity` is a decimal number in `unit`; `position` is where in the asset it sits.
    """

    asset: str
    quantity: str | None = None
    unit: str | None = None
    position: str | None = None


#: The parts that other assets take in an event: the fields that hold items.
ROLES = ("inputs", "outputs", "installed", "removed")


class Custody(_Part, frozen=True, kw_only=True):
    """A hand-over from one party to another; the first known holder comes from nobody."""

    from_: str | None = msgspec.field(default=None, name="from")
    to: str


class Change(_Part, frozen=True, kw_only=True):
    """An element of a twin that differs between two versions."""

    path: str
    change: Literal["added", "removed", "changed"]


class TwinChange(_Part, frozen=True, kw_only=True):
    """Two versions of a twin.

    `before` and `after` are package digests, `keyed` the keyed root of the new version, from which
    single values can be disclosed (docs/digest.md); all are hexadecimal.
    """

    before: str | None = None
    after: str
    keyed: str | None = None
    changed: tuple[Change, ...] = ()


class Attachment(_Part, frozen=True, kw_only=True):
    """A file by its SHA-256, in hexadecimal, and its size in bytes."""

    name: str
    sha256: str
    size: int
    content_type: str | None = None


class Erasure(_Part, frozen=True, kw_only=True):
    """An entry of the log that was erased, and why."""

    position: int
    reason: str


class Head(_Part, frozen=True, kw_only=True):
    """A state of the log: the event was recorded after it, so not before it was known."""

    size: int
    root: str


class Event(_Part, frozen=True, kw_only=True):
    """One event.

    `happened` is the time that the recorder gives, with the offset as written; `recorded` and
    `previous` are set by the log. `asset` is the globalAssetId. `installed` and `removed` are parts
    of the asset, `inputs` and `outputs` what a transformation or aggregation consumes and makes.
    `configuration` holds from now on; `fields` are free.
    """

    schema: Literal["https://w3id.org/nacre/event/v1"]
    event_id: str
    activity: Activity
    asset: str
    happened: str
    agent: str
    serial: str | None = None
    location: str | None = None
    note: str | None = None
    work_order: str | None = None
    inputs: tuple[Item, ...] = ()
    outputs: tuple[Item, ...] = ()
    installed: tuple[Item, ...] = ()
    removed: tuple[Item, ...] = ()
    custody: Custody | None = None
    configuration: dict[str, str] = {}
    fields: dict[str, str] = {}
    twin: TwinChange | None = None
    attachments: tuple[Attachment, ...] = ()
    attests: tuple[str, ...] = ()
    corrects: str | None = None
    erases: tuple[Erasure, ...] = ()
    hashes: tuple[str, ...] = ()
    recorded: str | None = None
    previous: Head | None = None


_encode = msgspec.json.Encoder(order="sorted").encode
_decode = msgspec.json.Decoder(Event).decode
#: First bytes of the UTF-8 of characters from U+E000, whose order in UTF-16 is another one.
_HIGH = re.compile(rb"[\xee-\xff]")


def canonical(record: Any) -> bytes:
    """The RFC 8785 bytes of an event or a part of it.

    Without floats, and without characters from U+E000, in which the order by UTF-16 differs from the
    order by UTF-8, the sorted encoding is RFC 8785 already.
    """
    data = _encode(record)
    if data.isascii() or _HIGH.search(data) is None:
        return data
    import rfc8785

    return rfc8785.dumps(msgspec.to_builtins(record))


def parse(data: bytes | str) -> Event:
    """An event from its JSON, whole or as a draft; `schema` and `eventId` may be left out of a draft.

    Raises:
        EventError: it is no event; the message says which field is wrong.
    """
    try:
        found = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise EventError(f"the text is no JSON: {error}") from None
    if not isinstance(found, dict):
        raise EventError("an event is a JSON object", _FIELDS_HINT)
    return draft(found)


def stored(data: bytes) -> Event:
    """An event that a log holds.

    Raises:
        EventError: the bytes are no event.
    """
    event = unchecked(data)
    try:
        instant(event.happened)
        if event.recorded is not None:
            instant(event.recorded)
    except ValueError:
        raise EventError("the entry is no event: its times are none") from None
    return event


def unchecked(data: bytes) -> Event:
    """An event that a log holds, whose times may be none: for one who looks at them anyway.

    Raises:
        EventError: the bytes are no event.
    """
    try:
        return _decode(data)
    except (msgspec.MsgspecError, UnicodeError) as error:
        raise EventError(f"the entry is no event: {error}") from None


def draft(values: dict[str, Any]) -> Event:
    """An event from values by their JSON names, with id and schema added where they are missing.

    Raises:
        EventError: a value is missing, unknown or of the wrong kind.
    """
    complete = {"schema": SCHEMA, "eventId": None, **values}
    complete["eventId"] = complete["eventId"] or new_event_id()
    try:
        event = msgspec.convert(complete, Event)
    except msgspec.ValidationError as error:
        raise EventError(f"the event does not fit: {error}", _FIELDS_HINT) from None
    for problem in problems(event):
        raise EventError(problem)
    return event


def problems(event: Event) -> Iterator[str]:
    """What is wrong with the values of an event, beyond their types."""
    if not event.asset.strip():
        yield "`asset` is empty; write the globalAssetId, such as the URL on the type plate"
    if not event.agent.strip():
        yield "`agent` is empty; write who did it"
    if not event.event_id.strip() or len(event.event_id) > 256:
        yield "`eventId` has 1 to 256 characters"
    try:
        instant(event.happened)
    except ValueError:
        yield (
            f"`happened` is `{event.happened}`; write date, time and offset, such as "
            "2026-10-14T09:20:00+02:00"
        )
    if event.recorded is not None or event.previous is not None:
        yield "`recorded` and `previous` are set by the log"
    for item in (*event.inputs, *event.outputs, *event.installed, *event.removed):
        if not item.asset.strip():
            yield "a part, input or output has no `asset`"
        if item.quantity is not None and not _is_decimal(item.quantity):
            yield f"`{item.quantity}` is no decimal number"
    for each in event.attachments:
        if not 0 <= each.size <= _LARGEST_INTEGER:
            yield f"`{each.name}` cannot have a size of {each.size}"
        if not _DIGEST.fullmatch(each.sha256):
            yield f"the SHA-256 of `{each.name}` is not 64 hexadecimal digits"
    if (event.activity is Activity.CORRECTION) != (event.corrects is not None):
        yield "a correction, and nothing else, says in `corrects` which event it corrects"
    if event.activity in _CUSTODY and event.custody is None:
        yield "a custody-transfer says in `custody` who hands over and who takes over"
    if event.custody is not None and not event.custody.to.strip():
        yield "`custody` does not say who takes over"
    for digest in (event.twin.before, event.twin.after, event.twin.keyed) if event.twin else ():
        if digest is not None and not _DIGEST.fullmatch(digest):
            yield f"`{digest}` is no digest of a twin: 64 hexadecimal digits"
    if event.erases or event.activity is Activity.ERASURE:
        yield "an erasure cannot be recorded like this; `nacre ledger erase` records and makes one"


def _is_decimal(text: str) -> bool:
    return re.fullmatch(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?", text) is not None


# -- time and ids --------------------------------------------------------------------------------

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)", re.ASCII)
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)


def instant(text: str) -> int:
    """Microseconds since 1970 of a time with offset; shorter fractions are cut.

    Raises:
        ValueError: it is no date with time and offset.
    """
    if _INSTANT.fullmatch(text) is None:
        raise ValueError(text)
    return (dt.datetime.fromisoformat(text) - _EPOCH) // _MICROSECOND


def utc(microseconds: int) -> str:
    """The time in UTC, in whole milliseconds where there are no finer ones."""
    moment = _EPOCH + dt.timedelta(microseconds=microseconds)
    precision = "microseconds" if microseconds % 1000 else "milliseconds"
    return moment.replace(tzinfo=None).isoformat(timespec=precision) + "Z"


def now() -> int:
    """Microseconds since 1970, as the clock of this machine has it."""
    return time.time_ns() // 1000


def new_event_id() -> str:
    """A UUID of version 7 (RFC 9562 §5.7): milliseconds since 1970 and 74 random bits."""
    value = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | 7 << 76
    value = value & ~(0x3 << 62) | 2 << 62
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


#: Bytes that a store can keep of one attachment: the limit of SQLite for a value.
LARGEST_ATTACHMENT = 999_999_999


def attachment(name: str, content: bytes, content_type: str | None = None) -> Attachment:
    """The mention of a file in an event."""
    digest = hashlib.sha256(content).hexdigest()
    return Attachment(name=name, sha256=digest, size=len(content), content_type=content_type)


def is_same(event: Event, other: Event) -> bool:
    """Whether two events say the same, whenever they were recorded."""
    return _given(event) == _given(other)


def _given(event: Event) -> Event:
    return msgspec.structs.replace(event, recorded=None, previous=None)


_CUSTODY = (Activity.CUSTODY_TRANSFER,)
#: The largest integer that RFC 8785 can hold.
_LARGEST_INTEGER = (1 << 53) - 1
_DIGEST = re.compile(r"[0-9a-f]{64}")
_FIELDS_HINT = "ledger/README.md names the fields of an event"


def decoded(text: bytes | str, place: str) -> Any:
    """JSON without a key that stands twice in one object, of which one value would be lost.

    Raises:
        EventError: it is none; `place` is what the message calls it.
    """
    try:
        return strict_json.loads(text if isinstance(text, str) else text.decode())
    except (ValueError, RecursionError) as error:
        raise EventError(f"{place}: no JSON: {error}") from None
