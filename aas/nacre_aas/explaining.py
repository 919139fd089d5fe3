"""The explaining reader of JSON: walks the raw document along the type model.

It names every problem with its path and still builds records of what it understands, so that one
mistake does not hide the others. A required attribute that is missing is `None` in such a record.
"""

import difflib
from typing import Any

import msgspec

from nacre_aas.constraints import attributes as attribute_rules
from nacre_aas.constraints import catalogue
from nacre_aas.constraints.registry import Rule
from nacre_aas.document import Differences, Path, Problem, Reading
from nacre_aas.model import Environment, Record
from nacre_aas.schema import Attribute, Kind, attributes, attributes_by_json_name, has_model_type
from nacre_aas.wording import shortened

#: Down to which depth of paths the typed converter is tried: what fails is tried once for each level above.
_SHALLOW = 24

_encode = msgspec.json.Encoder().encode

_MISSING = object()
_BAD = object()


class JsonExplainer:
    """Reads one identifiable from parsed JSON.

    `quickly` leaves what is sound to the typed converter.
    """

    def __init__(self, *, quickly: bool = False) -> None:
        self.quickly = quickly
        self.problems: list[Problem] = []
        self.differences = Differences()

    def read(self, record: type[Record], raw: Any, path: Path) -> Reading:
        """Build what can be built of an identifiable; paths start at `path`."""
        built = self._record(record, raw, path)
        return Reading(None if built is _BAD else built, self.problems, self.differences)

    def environment(self, raw: Any) -> Any:
        """Build a whole environment."""
        return self._record(Environment, raw, ())

    def _problem(self, rule: Rule, message: str, path: Path, hint: str | None = None) -> Any:
        self.problems.append(Problem(rule, message, path, None, hint))
        return _BAD

    def _record(self, record: type[Record], raw: Any, path: Path, *, is_named: bool = True) -> Any:
        if not isinstance(raw, dict):
            return self._wrong_type(raw, "an object", path)
        if is_named and has_model_type(record):
            self._check_model_type(record, raw, path)
        misspelt = self._unknown_names(record, raw, path)
        values: dict[str, Any] = {}
        for attribute in attributes(record):
            name = misspelt.get(attribute.json_name, attribute.json_name)
            value = raw.get(name, _MISSING)
            if value is _MISSING:
                if attribute.required:
                    self._problem(attribute_rules.REQUIRED, f"`{name}` is required", path)
                values[attribute.name] = None
                continue
            built = self._attribute(attribute, value, (*path, name))
            values[attribute.name] = None if built is _BAD else built
        made = record(**values)
        if misspelt:
            self.differences.misspelt(made, misspelt)
        return made

    def _check_model_type(self, record: type[Record], raw: dict[str, Any], path: Path) -> None:
        found = raw.get("modelType", _MISSING)
        if found is _MISSING:
            self._problem(catalogue.MODEL_TYPE, "`modelType` is missing", path)
        elif found != record.__name__:
            self._problem(
                catalogue.MODEL_TYPE,
                f"`modelType` is {_shown(found)}, expected `{record.__name__}`",
                (*path, "modelType"),
            )

    def _unknown_names(
        self, record: type[Record], raw: dict[str, Any], path: Path
    ) -> dict[str, str]:
        """Note names that no attribute has; attributes that are missing and what they are misspelt as."""
        known = attributes_by_json_name(record)
        misspelt: dict[str, str] = {}
        for name, value in raw.items():
            if name in known or (name == "modelType" and has_model_type(record)):
                continue
            near = difflib.get_close_matches(name, known, 1, 0.7)
            self._problem(
                catalogue.UNKNOWN_ATTRIBUTE,
                f"`{shortened(name)}` is not an attribute of {record.__name__}",
                (*path, name),
                f"did you mean `{near[0]}`?" if near else None,
            )
            if near and near[0] not in raw and _looks_like(known[near[0]], value):
                misspelt.setdefault(near[0], name)
        return misspelt

    def _attribute(self, attribute: Attribute, value: Any, path: Path) -> Any:
        if value is None:
            return self._problem(catalogue.NULL, f"`{attribute.json_name}` is null", path)
        if not attribute.is_list:
            return self._value(attribute, value, path)
        if not isinstance(value, list):
            return self._wrong_type(value, "a list", path)
        if not value:
            return self._problem(
                attribute_rules.EMPTY_LIST, f"`{attribute.json_name}` is an empty list", path
            )
        members, kept = [], []
        for position, member in enumerate(value):
            built = self._value(attribute, member, (*path, position))
            if built is not _BAD:
                members.append(built)
                kept.append(position)
        if not kept:
            return _BAD
        if len(kept) < len(value):
            self.differences.left_out(members, kept)
        return members

    def _value(self, attribute: Attribute, value: Any, path: Path) -> Any:
        match attribute.kind:
            case Kind.TEXT:
                return self._text(attribute, value, path)
            case Kind.BOOLEAN:
                return (
                    value if isinstance(value, bool) else self._wrong_type(value, "a boolean", path)
                )
            case Kind.ENUMERATION:
                return self._literal(attribute, value, path)
            case Kind.RECORD:
                record = attribute.targets[0]
                return self._sound(record, value, path) or self._record(record, value, path)
            case Kind.CHOICE:
                return self._choice(attribute, value, path)

    def _sound(self, record: type[Record], raw: Any, path: Path) -> Record | None:
        """The record, if nothing at all is wrong with it and it is not too deep to try."""
        if not self.quickly or len(path) > _SHALLOW:
            return None
        try:
            found = msgspec.convert(raw, record)
        except msgspec.ValidationError:
            return None
        # The converter is silent about nulls: keys get lost.
        is_whole = _encode(found).count(b":") == _encode(raw).count(b":")
        return found if is_whole else None

    def _text(self, attribute: Attribute, value: Any, path: Path) -> Any:
        if not isinstance(value, str):
            return self._wrong_type(value, "a string", path)
        assert attribute.text is not None
        if len(value) < attribute.text.min_length:
            return self._problem(
                attribute_rules.TOO_SHORT, f"`{attribute.json_name}` is an empty string", path
            )
        return value

    def _literal(self, attribute: Attribute, value: Any, path: Path) -> Any:
        if not isinstance(value, str):
            return self._wrong_type(value, "a string", path)
        if value in attribute.literals:
            return value
        return self._problem(attribute_rules.LITERAL, *unknown_literal(attribute, value, path))

    def _choice(self, attribute: Attribute, value: Any, path: Path) -> Any:
        if not isinstance(value, dict):
            return self._wrong_type(value, "an object", path)
        name = value.get("modelType", _MISSING)
        record = attribute.by_model_type.get(name) if isinstance(name, str) else None
        if record is None:
            return self._without_class(attribute, value, path)
        return self._sound(record, value, path) or self._record(record, value, path)

    def _without_class(self, attribute: Attribute, value: dict[str, Any], path: Path) -> Any:
        """An object that does not say what it is: read as what it looks like, so that it hides nothing."""
        name = value.get("modelType", _MISSING)
        if name is _MISSING:
            self._problem(catalogue.MODEL_TYPE, "`modelType` is missing", path)
        else:
            self._problem(
                catalogue.MODEL_TYPE,
                f"`modelType` is {_shown(name)}, which cannot stand in `{attribute.json_name}`",
                (*path, "modelType"),
            )
        record, is_sure = _likely_class(attribute, value)
        built = self._record(record, value, path, is_named=False)
        return built if is_sure else _BAD

    def _wrong_type(self, value: Any, expected: str, path: Path) -> Any:
        name = next((step for step in reversed(path) if isinstance(step, str)), "the document")
        return self._problem(
            catalogue.WRONG_TYPE, f"`{name}` is {json_type(value)}, expected {expected}", path
        )


def json_type(value: Any) -> str:
    """A JSON value's type in words."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, (int, float)):
        return "a number"
    if isinstance(value, str):
        return "a string"
    return "a list" if isinstance(value, list) else "an object"


def _likely_class(attribute: Attribute, raw: dict[str, Any]) -> tuple[type[Record], bool]:
    """The class that an object looks like, and whether no other one looks as much like it."""
    known = attribute.by_model_type
    near = difflib.get_close_matches(str(raw.get("modelType")), known, 1, 0.7)
    if near:
        return known[near[0]], True
    unlike = {record: _unlikeness(record, raw) for record in known.values()}
    best = min(unlike.values())
    found = [record for record, count in unlike.items() if count == best]
    return min(found, key=lambda each: len(attributes(each))), len(found) == 1


def _unlikeness(record: type[Record], raw: dict[str, Any]) -> int:
    """How many attributes of an object a class does not have, or has otherwise, or needs besides."""
    known = attributes_by_json_name(record)
    needed = sum(each.required and each.json_name not in raw for each in known.values())
    return needed + sum(
        name not in known or not _looks_like(known[name], value)
        for name, value in raw.items()
        if name != "modelType" and value is not None
    )


def _looks_like(attribute: Attribute, value: Any) -> bool:
    if isinstance(value, list) is not attribute.is_list:
        return False
    members = value if isinstance(value, list) else [value]
    if not attribute.targets:
        return not any(isinstance(each, (dict, list)) for each in members)
    names = {
        name for each in attribute.targets for name in ("modelType", *attributes_by_json_name(each))
    }
    alike = sum(
        isinstance(each, dict) and 2 * len(each.keys() & names) >= len(each) for each in members
    )
    return 2 * alike >= len(members)


def unknown_literal(attribute: Attribute, value: str, path: Path) -> tuple[str, Path, str | None]:
    """Message, path and hint for a word that is not in an enumeration."""
    near = difflib.get_close_matches(value, attribute.literals, 1, 0.6)
    words = ", ".join(f"`{literal}`" for literal in attribute.literals[:8])
    more = ", ..." if len(attribute.literals) > 8 else ""
    hint = f"did you mean `{near[0]}`?" if near else f"use one of {words}{more}"
    return (
        f"`{attribute.json_name}` is `{shortened(value)}`, which is not in the enumeration",
        path,
        hint,
    )


def _shown(value: Any) -> str:
    return f"`{shortened(value)}`" if isinstance(value, str) else "not a string"
