"""What changed between two environments: by element and attribute, moves and renames as such."""

import dataclasses
import difflib
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from nacre_aas.canonical import canonical, default_of, is_ordered
from nacre_aas.jsonization import dumps
from nacre_aas.model import Environment, Identifiable, OperationVariable, Record, Referable
from nacre_aas.schema import Kind, attributes, xml_name


@dataclasses.dataclass(frozen=True)
class Change:
    """One change: `added`, `removed`, `changed`, `moved` or `renamed`.

    `path` is where it is (the old place of something moved or renamed, otherwise the new one),
    `to` the new place. `old` and `new` are values as JSON text, `attribute` the attribute whose
    value changed.
    """

    kind: str
    path: str
    attribute: str | None = None
    old: str | None = None
    new: str | None = None
    to: str | None = None
    class_name: str | None = None


def changes(old: Environment, new: Environment) -> list[Change]:
    """Every change from one environment to another; order without meaning makes no change."""
    found = list(_environment(old, new))
    return _join_moves(found)


def _environment(old: Environment, new: Environment) -> Iterator["_Raw"]:
    for name in Environment.__struct_fields__:
        before, after = (_keyed(getattr(side, name) or (), "id") for side in (old, new))
        yield from _matched(before, after, "")


def _keyed(records: Iterable[Any], attribute: str) -> dict[str, Any]:
    """Records by id or idShort; a second one of a name gets a number, so that none is lost."""
    found: dict[str, Any] = {}
    counts: Counter[str] = Counter()
    for record in records:
        name = key = getattr(record, attribute) or ""
        counts[name] += 1
        while key in found:
            key = f"{name} (no. {counts[name]})"
            counts[name] += key in found
        found[key] = record
    return found


def _matched(before: dict[Any, Any], after: dict[Any, Any], path: str) -> Iterator["_Raw"]:
    """Compare records that are matched by a key: id, idShort or position."""
    for key, record in before.items():
        place = _join(path, key)
        if key not in after:
            yield _Raw("removed", place, record)
        else:
            yield from _record(record, after[key], place)
    for key, record in after.items():
        if key not in before:
            yield _Raw("added", _join(path, key), record)


def _record(old: Record, new: Record, path: str) -> Iterator["_Raw"]:
    if old == new:
        return
    if type(old) is not type(new):
        yield _Raw("removed", path, old)
        yield _Raw("added", path, new)
        return
    for attribute in attributes(type(old)):
        before, after = getattr(old, attribute.name), getattr(new, attribute.name)
        if before == after or _mean_the_same(before, after, default_of(type(old), attribute.name)):
            continue
        if attribute.is_list and _holds_elements(before, after):
            ordered = is_ordered(old, attribute.name)
            yield from _elements(before or [], after or [], path, ordered=ordered)
        elif attribute.kind is Kind.RECORD and before is not None and after is not None:
            if attribute.is_list:
                yield from _list(attribute.json_name, before, after, path, old, attribute.name)
            elif _is_atomic(before):
                yield _Raw("changed", path, None, attribute.json_name, before, after)
            else:
                yield from _record(before, after, f"{path}:{attribute.json_name}")
        else:
            yield _Raw("changed", path, None, attribute.json_name, before, after)


def _list(
    name: str, before: list[Any], after: list[Any], path: str, owner: Record, attribute: str
) -> Iterator["_Raw"]:
    old, new = ([canonical(each) for each in side] for side in (before, after))
    if is_ordered(owner, attribute):
        if old != new:
            yield _Raw("changed", path, None, name, before, after)
        return
    gone, come = Counter(old) - Counter(new), Counter(new) - Counter(old)
    for member, content in zip(before, old, strict=True):
        if gone[content] > 0:
            gone[content] -= 1
            yield _Raw("changed", path, None, name, member, None)
    for member, content in zip(after, new, strict=True):
        if come[content] > 0:
            come[content] -= 1
            yield _Raw("changed", path, None, name, None, member)


def _elements(before: list[Any], after: list[Any], path: str, *, ordered: bool) -> Iterator["_Raw"]:
    before, after = _unwrapped(before), _unwrapped(after)
    if not ordered and all(each.id_short for each in (*before, *after)):
        yield from _matched(_keyed(before, "id_short"), _keyed(after, "id_short"), path)
        return
    old, new = ([canonical(each) for each in side] for side in (before, after))
    if not ordered and sorted(old) == sorted(new):
        return
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            continue
        common = min(i2 - i1, j2 - j1)
        for shift in range(common):
            place = f"{path}[{j1 + shift}]"
            yield from _record(before[i1 + shift], after[j1 + shift], place)
        for position in range(i1 + common, i2):
            yield _Raw("removed", f"{path}[{position}]", before[position])
        for position in range(j1 + common, j2):
            yield _Raw("added", f"{path}[{position}]", after[position])


def _unwrapped(members: list[Any]) -> list[Any]:
    """Elements, where they stand in variables of operations; one that could not be read is none."""
    found = (each.value if isinstance(each, OperationVariable) else each for each in members)
    return [each for each in found if each is not None]


@dataclasses.dataclass
class _Raw:
    """A change before moves are recognised."""

    kind: str
    path: str
    record: Record | None
    attribute: str | None = None
    old: Any = None
    new: Any = None


def _join_moves(found: list[_Raw]) -> list[Change]:
    """Turn a removal and an addition of one content into a move or a rename."""
    added: dict[bytes, list[_Raw]] = {}
    for raw in found:
        if raw.kind == "added" and raw.record is not None:
            added.setdefault(_content(raw.record), []).append(raw)
    taken: set[int] = set()
    result: list[_Raw] = []
    for raw in found:
        if id(raw) in taken:
            continue
        twin = None
        if raw.kind == "removed" and raw.record is not None:
            twins = [each for each in added.get(_content(raw.record), ()) if id(each) not in taken]
            twin = twins[0] if twins else None
        if twin is None:
            result.append(raw)
            continue
        taken.add(id(twin))
        stays = isinstance(raw.record, Identifiable) or (
            _parent(raw.path) == _parent(twin.path) and "[" not in raw.path
        )
        kind = "renamed" if stays else "moved"
        result.append(dataclasses.replace(raw, kind=kind, new=twin.path))
    return list(_join_renames([raw for raw in result if id(raw) not in taken]))


def _join_renames(found: list[_Raw]) -> Iterator[Change]:
    """Turn the removal and the addition of what is plainly one thing into a rename and its changes."""
    gone, come = (_by_likeness(found, kind) for kind in ("removed", "added"))
    twins = {
        id(raws[0]): come[likeness][0]
        for likeness, raws in gone.items()
        if len(raws) == len(come.get(likeness, ())) == 1
    }
    taken = {id(twin) for twin in twins.values()}
    for raw in found:
        twin = twins.get(id(raw))
        if twin is not None and raw.record is not None and twin.record is not None:
            yield _change(dataclasses.replace(raw, kind="renamed", new=twin.path))
            name = "id" if isinstance(raw.record, Identifiable) else "id_short"
            named = msgspec.structs.replace(raw.record, **{name: getattr(twin.record, name)})
            yield from _join_moves(list(_record(named, twin.record, twin.path)))
        elif id(raw) not in taken:
            yield _change(raw)


def _by_likeness(found: list[_Raw], kind: str) -> dict[Any, list[_Raw]]:
    """Removed or added records by what tells one thing under another name: its class and meaning.

    An identifiable also keeps its idShort, an element its place. Without a meaning or an idShort
    there is nothing to know it by.
    """
    likely: dict[Any, list[_Raw]] = {}
    for raw in found:
        record = raw.record
        if raw.kind != kind or not isinstance(record, Referable):
            continue
        said = getattr(record, "semantic_id", None)
        meaning = None if said is None else canonical(said)
        if isinstance(record, Identifiable):
            is_known, place = bool(record.id_short or meaning), record.id_short
        else:
            is_known, place = bool(record.id_short and meaning), _parent(raw.path)
        if is_known:
            likely.setdefault((type(record), meaning, place), []).append(raw)
    return likely


def _change(raw: _Raw) -> Change:
    class_name = None if raw.record is None else type(raw.record).__name__
    if raw.kind in ("moved", "renamed"):
        return Change(raw.kind, raw.path, to=raw.new, class_name=class_name)
    if raw.kind == "changed":
        return Change(raw.kind, raw.path, raw.attribute, _text(raw.old), _text(raw.new))
    text = None if raw.record is None else dumps(raw.record).decode()
    old, new = (text, None) if raw.kind == "removed" else (None, text)
    return Change(raw.kind, raw.path, None, old, new, class_name=class_name)


def _content(record: Record) -> bytes:
    """What stays the same when a record is renamed or moved."""
    if isinstance(record, Identifiable):
        record = msgspec.structs.replace(record, id="")
    elif isinstance(record, Referable) and record.id_short is not None:
        record = msgspec.structs.replace(record, id_short=None)
    return canonical(record)


def _mean_the_same(before: Any, after: Any, default: Any) -> bool:
    """Whether one of two values is left out, and the other is what that means."""
    return default is not None and {before, after} == {None, default}


def _holds_elements(before: Any, after: Any) -> bool:
    sample = next((each for side in (before, after) for each in side or ()), None)
    return isinstance(sample, (Referable, OperationVariable))


def _is_atomic(record: Record) -> bool:
    return xml_name(type(record)) == "reference"


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, Record):
        return dumps(value).decode()
    if isinstance(value, list):
        return "[" + ",".join(_text(each) or "" for each in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def _join(path: str, key: Any) -> str:
    return f"{path}/{key}" if path else str(key)


def _parent(path: str) -> str:
    return path.rpartition("/")[0]


# -- RFC 6902 -----------------------------------------------------------------------------------


def json_patch(old: Record, new: Record) -> list[dict[str, Any]]:
    """An RFC 6902 patch that turns the JSON of one record into that of the other."""
    return list(_patch(json.loads(dumps(old)), json.loads(dumps(new)), ""))


def _patch(old: Any, new: Any, path: str) -> Iterator[dict[str, Any]]:
    if old == new:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for key in old.keys() - new.keys():
            yield {"op": "remove", "path": f"{path}/{_escaped(key)}"}
        for key, value in new.items():
            place = f"{path}/{_escaped(key)}"
            if key in old:
                yield from _patch(old[key], value, place)
            else:
                yield {"op": "add", "path": place, "value": value}
    elif isinstance(old, list) and isinstance(new, list):
        yield from _patch_list(old, new, path)
    else:
        yield {"op": "replace", "path": path, "value": new}


def _patch_list(old: list[Any], new: list[Any], path: str) -> Iterator[dict[str, Any]]:
    before, after = ([json.dumps(each, sort_keys=True) for each in side] for side in (old, new))
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    shift = 0
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            continue
        common = min(i2 - i1, j2 - j1)
        for step in range(common):
            yield from _patch(old[i1 + step], new[j1 + step], f"{path}/{i1 + step + shift}")
        for _ in range(i1 + common, i2):
            yield {"op": "remove", "path": f"{path}/{i1 + common + shift}"}
        for step, value in enumerate(new[j1 + common : j2]):
            yield {"op": "add", "path": f"{path}/{i1 + common + shift + step}", "value": value}
        shift += (j2 - j1) - (i2 - i1)


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
