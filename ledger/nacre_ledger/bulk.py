"""Many events at once: JSON, NDJSON and CSV, read as a stream and recorded in batches.

An event of a file that brings no `eventId` gets one made from its content and from how often the same
content stood in the file before, so that importing the file again records nothing twice.
"""

import csv
import io
import itertools
import json
import re
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import IO, Any

import msgspec

from nacre_ledger import epcis
from nacre_ledger import event as events
from nacre_ledger.errors import EventError
from nacre_ledger.event import ROLES, Event

#: How many events are signed and recorded together.
BATCH = 10_000
#: How many lines that are no events are named.
_SHOWN = 20
_LISTS = ("attests", "hashes")
_MAPS = ("fields", "configuration", "custody")
_COLUMNS = frozenset(field.encode_name for field in msgspec.structs.fields(Event))
#: Columns that are named as the options of `nacre ledger record` are.
_OPTIONS = {
    "when": "happened",
    "work-order": "workOrder",
    "event-id": "eventId",
}
#: The same, in events by which something changes hands; elsewhere these may be versions, rooms or dates.
_PARTIES = ("from", "to")
_HAND_OVERS = frozenset(("custody-transfer", "receiving", "return", "shipping"))
#: A semicolon before something with a scheme, and what has one even behind a URL, which may have parameters.
_NEXT_ASSET = re.compile(r";(?=[A-Za-z][\w+.-]*:)")
_SURELY_NEXT = re.compile(r"(?i:urn:|did:|[a-z][\w+.-]*://)")


def batches(
    stream: IO[bytes], name: str, defaults: Mapping[str, Any], columns: Mapping[str, str]
) -> Iterator[tuple[list[Event], dict[str, bytes]]]:
    """The events of a stream in batches, with the files that they mention, by SHA-256.

    `defaults` fill in what an event lacks, `columns` rename those of a CSV.

    Raises:
        EventError: something in it is no event; the message names each such line, up to twenty.
    """
    batch: list[Event] = []
    contents: dict[str, bytes] = {}
    for found, attached in _read(stream, name, defaults, columns):
        batch += found
        contents |= attached
        if len(batch) >= BATCH:
            yield batch, contents
            batch, contents = [], {}
    if batch:
        yield batch, contents


def _read(
    stream: IO[bytes], name: str, defaults: Mapping[str, Any], columns: Mapping[str, str]
) -> Iterator[tuple[list[Event], dict[str, bytes]]]:
    seen: Counter[bytes] = Counter()
    errors: list[str] = []
    hint: str | None = None
    try:
        for line, values in _rows(stream, name, defaults, columns):
            try:
                for found, attached in _events(values, defaults, seen):
                    if not errors:
                        yield found, attached
            except EventError as error:
                errors.append(f"{name}:{line}: {error.message}")
                hint = hint or error.hint
                if not stream.seekable():
                    break  # who sends more is not kept waiting
                if len(errors) == _SHOWN:
                    errors.append(f"{name} was not read beyond it")
                    break
    except EventError as error:  # behind which nothing can be read
        errors.append(error.message)
        hint = hint or error.hint
    if errors:
        raise EventError("; ".join(errors), hint)


def _events(
    values: Mapping[str, Any], defaults: Mapping[str, Any], seen: Counter[bytes]
) -> Iterator[tuple[list[Event], dict[str, bytes]]]:
    """The events that a line says, with the files that they mention."""
    if not epcis.is_epcis(values):
        yield [_identified(values, defaults, seen)], {}
        return
    for found, attached, original in epcis.read(values, str(defaults.get("agent", ""))):
        yield found, {attached.sha256: original}


def _identified(
    values: Mapping[str, Any], defaults: Mapping[str, Any], seen: Counter[bytes]
) -> Event:
    complete = {**defaults, **values}
    if complete.get("eventId"):
        return events.draft(complete)
    digest = sha256(json.dumps(complete, sort_keys=True, default=str).encode()).digest()
    seen[digest] += 1
    if seen[digest] > 1:
        digest = sha256(digest + seen[digest].to_bytes(8, "big")).digest()
    return events.draft({**complete, "eventId": str(_uuid8(digest))})


def _uuid8(digest: bytes) -> uuid.UUID:
    """A UUID of version 8 (RFC 9562 §5.8) from a digest."""
    value = int.from_bytes(digest[:16], "big") & ~(0xF << 76) | 8 << 76
    return uuid.UUID(int=value & ~(0x3 << 62) | 2 << 62)


def _rows(
    stream: IO[bytes], name: str, defaults: Mapping[str, Any], columns: Mapping[str, str]
) -> Iterator[tuple[int, dict[str, Any]]]:
    """The raw values of each event and the line that they stand in."""
    first = stream.readline()
    while first and not first.strip():
        first = stream.readline()
    head = first.lstrip(b"\xef\xbb\xbf").lstrip()
    if head[:1] == b"{" and _is_json(head):
        lines = itertools.chain([head], stream)
        for number, text in enumerate(lines, start=1):
            if text.strip():
                yield number, _object(text, name, number)
    elif head[:1] in (b"[", b"{"):
        yield from _array(head + stream.read(), name)
    elif head:
        yield from _csv(first, stream, name, defaults.get("activity"), columns)


def _hand_over(values: dict[str, Any], parties: list[str], activity: object) -> None:
    """Take columns named after the parties of a hand-over for these, where it is one.

    Raises:
        EventError: one party is said twice, or only who gives.
    """
    custody, fields = values.get("custody", {}), values.get("fields", {})
    said = {name: fields[name] for name in parties if name in fields}
    corrects = activity == "correction" and len(said) == len(_PARTIES)
    if not said or not (custody or corrects or activity in _HAND_OVERS):
        return
    for name in said.keys() & custody.keys():
        raise EventError(f"`{name}` and `custody.{name}` say two things", "leave one empty")
    values["custody"] = said | custody
    if "to" not in values["custody"]:
        raise EventError("`from` names who hands over; `to` must name who takes over")
    values["fields"] = {name: each for name, each in fields.items() if name not in said}
    if not values["fields"]:
        del values["fields"]


def _is_json(text: bytes) -> bool:
    try:
        msgspec.json.decode(text)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return False
    return True


def _object(text: bytes, name: str, line: int) -> dict[str, Any]:
    found = events.decoded(text, f"{name}:{line}")
    if not isinstance(found, dict):
        raise EventError(f"{name}:{line}: an event is a JSON object")
    return found


def _array(text: bytes, name: str) -> Iterator[tuple[int, dict[str, Any]]]:
    found = events.decoded(text, name)
    for number, each in enumerate(found if isinstance(found, list) else [found], start=1):
        if not isinstance(each, dict):
            raise EventError(f"{name}: event {number} is no JSON object")
        yield number, each


def _csv(
    first: bytes, stream: IO[bytes], name: str, activity: object, columns: Mapping[str, str]
) -> Iterator[tuple[int, dict[str, Any]]]:
    text = io.TextIOWrapper(stream, "utf-8-sig", newline="")
    try:
        head = first.decode("utf-8-sig")
        mark = max(";,\t", key=head.count)
        titles = [title.strip() for title in next(csv.reader([head], delimiter=mark))]
        paths = [columns.get(title, _path(_OPTIONS.get(title, title))) for title in titles]
        _check(titles, paths, columns, name)
        parties = [each for each in _PARTIES if each in titles and each not in columns]
        rows = csv.reader(text, delimiter=mark, strict=True)
        for row in rows:
            number = rows.line_num + 1
            if len(row) > len(paths):
                raise EventError(f"{name}:{number}: `{row[len(paths)]}` stands under no column")
            values: dict[str, Any] = {}
            for path, cell in zip(paths, row, strict=False):
                if cell != "" and not path:
                    raise EventError(f"{name}:{number}: `{cell}` stands under no column")
                if cell != "":
                    _put(values, path, cell)
            if values:
                try:
                    _hand_over(values, parties, values.get("activity", activity))
                except EventError as error:
                    raise EventError(f"{name}:{number}: {error.message}", error.hint) from None
                yield number, values
    except UnicodeDecodeError:
        raise EventError(f"{name}: the text is not UTF-8", "save the table as UTF-8") from None
    except csv.Error as error:
        hint = 'a quote inside of a text in quotes is written twice: "19"" rack"'
        raise EventError(f"{name}: no CSV: {error}", hint) from None
    finally:
        text.detach()


def _path(title: str) -> str:
    """The field of a column: one of an event, or a free one."""
    known = title in _COLUMNS or title.partition(".")[0] in _MAPS
    return title if known or not title else f"fields.{title}"


def _check(titles: list[str], paths: list[str], columns: Mapping[str, str], name: str) -> None:
    for title in columns:
        if title not in titles:
            raise EventError(
                f"{name}:1: there is no column `{title}`",
                f"the columns are {', '.join(titles[:8])}",
            )
    for path, count in Counter(path for path in paths if path).items():
        if count > 1:
            raise EventError(f"{name}:1: two columns are `{path}`", "rename one, or use --map")
    if not any(path in ("asset", "eventId", "activity", "happened") for path in paths):
        raise EventError(
            f"{name}:1: no column is `asset`, `activity` or `happened`",
            f"name them with --map COLUMN=FIELD; the columns are {', '.join(titles[:8])}",
        )


def _assets(cell: str) -> list[str]:
    """The assets in a cell, parted by white space or semicolons."""
    found: list[str] = []
    for word in cell.split():
        of_word: list[str] = []
        for piece in _NEXT_ASSET.split(word):
            if of_word and "://" in of_word[-1] and not _SURELY_NEXT.match(piece):
                of_word[-1] += f";{piece}"
            else:
                of_word.append(piece)
        found += (each.rstrip(";") for each in of_word)
    return [each for each in found if each]


def _put(values: dict[str, Any], path: str, cell: str) -> None:
    name, _, rest = path.partition(".")
    if name in _MAPS:
        values.setdefault(name, {})[rest] = cell
    elif name in _LISTS:
        values[name] = cell.split()
    elif name in ROLES:
        values[name] = [{"asset": each} for each in _assets(cell)]
    else:
        values[name] = cell
