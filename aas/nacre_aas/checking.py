"""Applies every rule to records: the walk that both readers share.

For each class a function is compiled once from its attributes and the rules registered for it. It
visits the attributes in order, checks texts, calls the rules and goes down. Writing it out as
source keeps an attribute that is not there at the cost of one test, which is what makes checking
cost little more than reading.
"""

import functools
from collections.abc import Callable
from typing import Any, NamedTuple

from nacre_aas.constraints import attributes as attribute_rules
from nacre_aas.constraints import iec61360, metamodel  # noqa: F401 - they register their rules
from nacre_aas.constraints.concepts import Concepts
from nacre_aas.constraints.registry import RECORD_RULES, Broken, RecordRule, Rule, Verdict, rule_of
from nacre_aas.model import AbstractLangString, Record, Reference
from nacre_aas.schema import Attribute, Kind, attributes, attributes_by_json_name, classes
from nacre_aas.syntax import SYNTAX
from nacre_aas.versions import (
    ALL,
    EXISTS,
    LITERALS,
    MAX_LENGTH,
    NONE,
    REQUIRED,
    Metamodel,
)
from nacre_aas.xsd import problem


class Flag(NamedTuple):
    """A breach found in a record; where the record stands is found out only when needed."""

    record: Record
    rule: Rule
    broken: Broken

    @property
    def versions(self) -> Metamodel:
        """The versions in which this is a breach."""
        return self.rule.versions if self.broken.versions is None else self.broken.versions


class Run:
    """What one walk knows and gathers.

    `references` are the model references seen, for the checks that need the whole environment.
    """

    def __init__(self, concepts: Concepts | None = None) -> None:
        self.concepts = concepts or Concepts()
        self.flags: list[Flag] = []
        self.references: list[Reference] = []

    def add(self, record: Record, rule: Rule, verdict: Verdict) -> None:
        """Note the breaches of a rule by a record."""
        if verdict is None:
            return
        broken = (verdict,) if isinstance(verdict, Broken) else verdict
        self.flags += [Flag(record, rule, each) for each in broken]


def check(record: Record, run: Run) -> None:
    """Apply every rule to a record and all records below it."""
    _CHECKS[type(record)](record, run)


def check_characters(record: Record, run: Run) -> None:
    """Apply AASd-130 to the strings of one record.

    Apart from `check`, since a reader can tell from the raw text that no string breaks it.
    """
    for attribute in attributes(type(record)):
        value = getattr(record, attribute.name)
        if attribute.kind is Kind.TEXT and value is not None and problem(value, "xs:string"):
            found = next(c for c in value if problem(c, "xs:string"))
            message = f"`{attribute.json_name}` holds the character U+{ord(found):04X}"
            run.add(record, attribute_rules.XML_CHARACTERS, Broken(message, (attribute.json_name,)))


# -- what the compiled functions call -----------------------------------------------------------

_Check = Callable[[Any, Run], None]
_REMEMBERED = 50_000


def _too_long(record: Record, name: str, value: str, run: Run) -> None:
    attribute = attributes_by_json_name(type(record))[name]
    text = attribute.text
    assert text is not None and text.max_length is not None
    versions, earlier = MAX_LENGTH.get(text.name, (NONE, text.max_length))
    if len(value) > text.max_length:
        versions, earlier = ALL, text.max_length
    message = f"`{name}` has {len(value)} characters, at most {earlier} are allowed"
    run.add(record, attribute_rules.TOO_LONG, Broken(message, (name,), versions))


def _syntax(record: Record, name: str, value: str, run: Run, syntax: str, known: set[str]) -> None:
    found = SYNTAX[syntax].check(value)
    if found is None:
        if len(value) <= 256:
            if len(known) >= _REMEMBERED:
                known.clear()
            known.add(value)
        return
    versions, reason = found
    shown = value if len(value) <= 60 else value[:57] + "..."
    broken = Broken(f"`{name}` is `{shown}`: {reason}", (name,), versions)
    run.add(record, rule_of(SYNTAX[syntax].code), broken)


def _missing(record: Record, name: str, versions: Metamodel, run: Run) -> None:
    labels = " and ".join(versions.labels)
    message = f"`{name}` is required in metamodel {labels}"
    run.add(record, attribute_rules.REQUIRED, Broken(message, (), versions))


def _unknown_in_version(record: Record, name: str, exists: Metamodel, run: Run) -> None:
    message = f"`{name}` exists only in metamodel {' and '.join(exists.labels)}"
    run.add(record, attribute_rules.UNKNOWN_IN_VERSION, Broken(message, (name,), ~exists))


def _literal(record: Record, name: str, value: str, exists: Metamodel, run: Run) -> None:
    message = f"`{value}` exists only in metamodel {' and '.join(exists.labels)}"
    run.add(record, attribute_rules.LITERAL, Broken(message, (name,), ~exists))


def _languages(record: Record, name: str, texts: list[AbstractLangString], run: Run) -> None:
    """MET-010: each language stands at most once among the texts of an attribute."""
    seen: set[str] = set()
    for position, text in enumerate(texts):
        language = (text.language or "").lower()
        if language in seen:
            message = f"there is already a text in `{text.language}`"
            place = (name, position, "language")
            run.add(record, attribute_rules.LANGUAGES, Broken(message, place))
        seen.add(language)


_shapes: dict[tuple[str, ...], tuple[tuple[Rule, Verdict], ...]] = {}


def _shape(reference: Reference, run: Run) -> None:
    """Rules that look only at the types of a reference and its keys: judged once per shape."""
    keys = reference.keys
    if not keys:
        return
    shape = (
        (reference.type, keys[0].type)
        if len(keys) == 1
        else (reference.type, *[key.type for key in keys])
    )
    found = _shapes.get(shape)
    if found is None:
        if None in shape:
            return
        verdicts = (
            (each.rule, each.function(reference)) for each in RECORD_RULES if each.by_shape
        )
        found = tuple((rule, verdict) for rule, verdict in verdicts if verdict)
        if len(shape) < 16:
            _shapes[shape] = found
    for rule, verdict in found:
        run.add(reference, rule, verdict)
    if len(shape) > 2:
        for each in _path_rules():
            run.add(reference, each.rule, each.function(reference))
    if reference.type == "ModelReference":
        run.references.append(reference)


@functools.cache
def _path_rules() -> tuple[RecordRule, ...]:
    return tuple(each for each in RECORD_RULES if each.by_path)


# -- compiling ----------------------------------------------------------------------------------


class _Compiled(dict[type[Record], _Check]):
    """The check of each class, compiled when it is first needed."""

    def __missing__(self, record: type[Record]) -> _Check:
        for each in classes():
            self[each] = lambda _record, _run: None  # replaced below; breaks recursion
        for each in classes():
            self[each] = _compile(each)
        return self[record]


_CHECKS = _Compiled()


class _Source:
    """Lines of a function body, and the objects that it refers to by name."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.names: dict[str, Any] = {}

    def line(self, depth: int, text: str) -> None:
        self.lines.append("    " * (depth + 1) + text)

    def name(self, value: Any) -> str:
        for known, existing in self.names.items():
            if existing is value:
                return known
        fresh = f"_{len(self.names)}"
        self.names[fresh] = value
        return fresh


def _compile(record: type[Record]) -> _Check:
    source = _Source()
    rules = [each for each in RECORD_RULES if issubclass(record, each.target)]
    for attribute in attributes(record):
        _compile_attribute(source, record, attribute, [r for r in rules if r.when == attribute.name])
    for each in rules:
        if each.when is None and not each.by_shape and not each.by_path:
            _compile_rule(source, each, 0)
    if any(each.by_shape for each in rules):
        source.line(0, f"{source.name(_shape)}(r, run)")
    if not source.lines:
        source.line(0, "pass")
    text = "\n".join(["def check(r, run):", *source.lines])
    exec(compile(text, f"<check of {record.__name__}>", "exec"), source.names)  # noqa: S102
    compiled: _Check = source.names["check"]
    return compiled


def _compile_attribute(
    source: _Source, record: type[Record], attribute: Attribute, rules: list[RecordRule]
) -> None:
    key, name = (record.__name__, attribute.name), attribute.json_name
    inside: list[str] = []
    if attribute.kind is Kind.TEXT and not attribute.is_list:
        inside += _text_checks(source, attribute)
    if attribute.targets:
        inside += _descent(source, attribute)
    if key in EXISTS:
        exists = source.name(EXISTS[key])
        inside.append(f"{source.name(_unknown_in_version)}(r, {name!r}, {exists}, run)")
    for (owner, owned, literal), versions in LITERALS.items():
        if (owner, owned) == key:
            inside.append(f"if v == {literal!r}:")
            inside.append(
                f"    {source.name(_literal)}(r, {name!r}, v, {source.name(versions)}, run)"
            )
    if not inside and not rules and key not in REQUIRED:
        return
    source.line(0, f"v = r.{attribute.name}")
    if inside or rules:
        source.line(0, "if v is not None:")
        for text in inside:
            source.line(1, text)
        for each in rules:
            _compile_rule(source, each, 1)
    if key in REQUIRED:
        source.line(0, "else:" if inside or rules else "if v is None:")
        versions_name = source.name(REQUIRED[key])
        source.line(1, f"{source.name(_missing)}(r, {name!r}, {versions_name}, run)")


def _text_checks(source: _Source, attribute: Attribute) -> list[str]:
    text, name = attribute.text, attribute.json_name
    assert text is not None
    lines = []
    if text.max_length is not None:
        limit = min(text.max_length, MAX_LENGTH.get(text.name, (NONE, text.max_length))[1])
        lines.append(f"if len(v) > {limit}:")
        lines.append(f"    {source.name(_too_long)}(r, {name!r}, v, run)")
    if text.syntax is not None:
        known = source.name(_KNOWN[text.syntax])
        lines.append(f"if v not in {known}:")
        call = f"{source.name(_syntax)}(r, {name!r}, v, run, {text.syntax!r}, {known})"
        lines.append(f"    {call}")
    return lines


#: Texts that were found right in every version, by syntax.
_KNOWN: dict[str, set[str]] = {syntax: set() for syntax in SYNTAX}


def _descent(source: _Source, attribute: Attribute) -> list[str]:
    checks = source.name(_CHECKS)
    if issubclass(attribute.targets[0], AbstractLangString):
        call = f"{source.name(_languages)}(r, {attribute.json_name!r}, v, run)"
        return [
            f"if len(v) > 1: {call}",
            "for x in v:",
            f"    {checks}[x.__class__](x, run)",
        ]
    if attribute.is_list:
        return ["for x in v:", f"    {checks}[x.__class__](x, run)"]
    return [f"{checks}[v.__class__](v, run)"]


def _compile_rule(source: _Source, each: RecordRule, depth: int) -> None:
    function = source.name(each.function)
    if each.with_context:
        source.line(depth, "if run.concepts:")
        source.line(depth + 1, f"b = {function}(r, run.concepts)")
        source.line(depth + 1, f"if b: run.add(r, {source.name(each.rule)}, b)")
    else:
        source.line(depth, f"b = {function}(r)")
        source.line(depth, f"if b: run.add(r, {source.name(each.rule)}, b)")
