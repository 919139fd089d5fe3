"""Applies every rule to records: the walk that both readers share.

For each class a function is compiled once from its attributes and the rules registered for it. It
visits the attributes in order, checks texts, calls the rules and goes down.
"""

import functools
import re
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, Protocol

from nacre_aas.compiling import PerClass, compiled
from nacre_aas.constraints import attributes as attribute_rules
from nacre_aas.constraints import iec61360, metamodel  # pyright: ignore[reportUnusedImport]  # noqa: F401 - they register their rules
from nacre_aas.constraints.context import Concepts, Context
from nacre_aas.constraints.registry import RECORD_RULES, Broken, RecordRule, Rule, Verdict, rule_of
from nacre_aas.languages import order_of
from nacre_aas.model import (
    AbstractLangString,
    Identifiable,
    Key,
    OperationVariable,
    Record,
    Reference,
    Submodel,
)
from nacre_aas.schema import Attribute, Kind, attributes, attributes_by_json_name
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
from nacre_aas.wording import shortened
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


#: Applied to each identifiable of a document, in their order.
IdentifiableCheck = Callable[[Identifiable], Iterable[Flag]]


class Check(Protocol):
    """A check that a folder above `aas` adds; it can be pickled and is begun once per document."""

    def begin(self, context: Context) -> IdentifiableCheck:
        """The function that judges the identifiables of one document."""
        ...


class Run(Context):
    """What one walk knows and gathers.

    `references` are the model references seen, for the checks that need the whole environment.
    """

    def __init__(self, concepts: Concepts | None = None) -> None:
        super().__init__(concepts or None)
        self.flags: list[Flag] = []
        self.references: list[Reference] = []

    def add(self, record: Record, rule: Rule, verdict: Verdict) -> None:
        """Note the breaches of a rule by a record."""
        if verdict is None:
            return
        broken = (verdict,) if isinstance(verdict, Broken) else verdict
        self.flags += [Flag(record, rule, each) for each in broken]


def check(record: Record, run: Run, *, decoded: bool = False) -> None:
    """Apply every rule to a record and all records below it.

    `decoded` says that the typed decoder made the record, so that lengths need no second look.
    """
    run.in_template = isinstance(record, Submodel) and record.kind == "Template"
    (_DECODED if decoded else _BUILT)[type(record)](record, run)


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
    assert text is not None
    assert text.max_length is not None
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
    broken = Broken(f"`{name}` is `{shortened(value)}`: {reason}", (name,), versions)
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


#: Number of texts and languages of one or two texts that no rule has anything to say about.
_sound_languages: set[tuple[int, str, str]] = set()


def _languages(record: Record, name: str, texts: list[AbstractLangString], run: Run) -> None:
    """MET-010: each language stands at most once among the texts of an attribute."""
    if order_of(texts) is not None:
        if 1 <= len(texts) <= 2:
            ends = texts[0].language, texts[-1].language
            if _KNOWN["language"].issuperset(ends):
                _sound_languages.add((len(texts), *ends))
        return
    seen: set[str] = set()
    for position, text in enumerate(texts):
        language = (text.language or "").lower()
        if language in seen:
            message = f"there is already a text in `{text.language}`"
            place = (name, position, "language")
            run.add(record, attribute_rules.LANGUAGES, Broken(message, place))
        seen.add(language)


_shapes: dict[tuple[str | None, ...], tuple[tuple[Rule, Verdict], ...]] = {}


def _shape(reference: Reference, run: Run) -> None:
    """Rules that look only at the types of a reference and its keys: judged once per shape."""
    keys = reference.keys
    if not keys:
        return
    shape: tuple[str | None, ...] = (reference.type, *[key.type for key in keys])
    found = _shapes.get(shape)
    if found is None:
        if not all(shape):
            return
        verdicts = ((each.rule, each.function(reference)) for each in RECORD_RULES if each.by_shape)
        found = tuple((rule, verdict) for rule, verdict in verdicts if verdict)
        if len(shape) < 16:
            _shapes[shape] = found
    for rule, verdict in found:
        run.add(reference, rule, verdict)
    if any(key.value is None for key in keys):
        return
    if len(shape) > 2:
        for each in _path_rules():
            run.add(reference, each.rule, each.function(reference))
    if reference.type == "ModelReference":
        run.references.append(reference)


@functools.cache
def _path_rules() -> tuple[RecordRule, ...]:
    return tuple(each for each in RECORD_RULES if each.by_path)


# -- compiling ----------------------------------------------------------------------------------


class _Checks(PerClass[_Check]):
    """The check of each class; `decoded` leaves out what the typed decoder has proved."""

    def __init__(self, *, decoded: bool) -> None:
        super().__init__(self.compile)
        self.decoded = decoded

    def compile(self, record: type[Record]) -> _Check:
        """Compile the check of one class."""
        source = _Source(self)
        lines = _body(source, record)
        return compiled(f"check of {record.__name__}", "r, run", lines, source.names)


_DECODED, _BUILT = _Checks(decoded=True), _Checks(decoded=False)


class _Source:
    """The objects that a function refers to by name."""

    def __init__(self, checks: _Checks) -> None:
        self.checks = checks
        self.names: dict[str, Any] = {}

    def name(self, value: Any) -> str:
        """A name for an object."""
        for known, existing in self.names.items():
            if existing is value:
                return known
        fresh = f"_{len(self.names)}"
        self.names[fresh] = value
        return fresh


def _body(source: _Source, record: type[Record]) -> list[str]:
    """The lines that check a record `r`."""
    rules = [each for each in RECORD_RULES if issubclass(record, each.target)]
    lines: list[str] = []
    if record is OperationVariable:
        lines.append("run.operations += 1")
    for attribute in attributes(record):
        here = [each for each in rules if each.when == attribute.name]
        lines += _attribute_lines(source, record, attribute, here)
    for each in rules:
        if not (each.when or each.by_shape or each.by_path or each.concept_of):
            lines += _rule_lines(source, each)
    for name in dict.fromkeys(each.concept_of for each in rules if each.concept_of):
        lines += [
            f"if run.concepts is not None and r.{name} is not None:",
            f"    c = run.concepts.of(r.{name})",
            "    if c is not None:",
        ]
        for each in rules:
            if each.concept_of == name:
                test = "True" if each.when is None else f"r.{each.when} is not None"
                lines.append(f"        if {test}:")
                lines += [f"            {line}" for line in _rule_lines(source, each)]
    if any(each.by_shape for each in rules):
        lines.append(f"{source.name(_shape)}(r, run)")
    if record is OperationVariable:
        lines.append("run.operations -= 1")
    return lines


def _attribute_lines(
    source: _Source, record: type[Record], attribute: Attribute, rules: list[RecordRule]
) -> list[str]:
    key, name = (record.__name__, attribute.name), attribute.json_name
    inside: list[str] = []
    if attribute.kind is Kind.TEXT and not attribute.is_list:
        inside += _text_lines(source, attribute)
    if attribute.targets:
        inside += _descent(source, attribute)
    if key in EXISTS:
        exists = source.name(EXISTS[key])
        inside.append(f"{source.name(_unknown_in_version)}(r, {name!r}, {exists}, run)")
    for (owner, owned, literal), versions in LITERALS.items():
        if (owner, owned) == key:
            call = f"{source.name(_literal)}(r, {name!r}, v, {source.name(versions)}, run)"
            inside.append(f"if v == {literal!r}: {call}")
    for each in rules:
        if each.concept_of is None:
            inside += _rule_lines(source, each)
    lines = []
    if inside:
        lines += [f"v = r.{attribute.name}", "if v is not None:", *(f"    {x}" for x in inside)]
    if key in REQUIRED:
        missing = f"{source.name(_missing)}(r, {name!r}, {source.name(REQUIRED[key])}, run)"
        lines.append(f"if r.{attribute.name} is None: {missing}")
    return lines


def _text_lines(source: _Source, attribute: Attribute) -> list[str]:
    text, name = attribute.text, attribute.json_name
    assert text is not None
    lines = []
    if text.max_length is not None and not source.checks.decoded:
        call = f"{source.name(_too_long)}(r, {name!r}, v, run)"
        lines.append(f"if len(v) > {_limit(attribute)}: {call}")
    if text.syntax is not None:
        known = source.name(_KNOWN[text.syntax])
        call = f"{source.name(_syntax)}(r, {name!r}, v, run, {text.syntax!r}, {known})"
        lines.append(f"if v not in {known}: {call}")
    return lines


def _limit(attribute: Attribute) -> int:
    """The length of a text that every version allows."""
    text = attribute.text
    assert text is not None
    assert text.max_length is not None
    return min(text.max_length, MAX_LENGTH.get(text.name, (NONE, text.max_length))[1])


#: Texts that were found right in every version, by syntax.
_KNOWN: dict[str, set[str]] = {syntax: set() for syntax in SYNTAX}


def _descent(source: _Source, attribute: Attribute) -> list[str]:
    """The lines that check what stands in `v`; nothing if there is nothing to check."""
    target = attribute.targets[0]
    if len(attribute.targets) == 1 and not any(each.targets for each in attributes(target)):
        body = _body(source, target)
        if not body:
            return []
        if attribute.is_list:  # a small record: check it right here
            lines = ["o = r", "for r in v:", *(f"    {line}" for line in _renamed(body)), "r = o"]
            if issubclass(target, AbstractLangString):
                lines = _language_lines(source, attribute, lines)
            return lines
    member = "x" if attribute.is_list else "v"
    lines = [f"{source.name(source.checks)}[{member}.__class__]({member}, run)"]
    if target is Reference:
        doubt = _DOUBT.format(member)
        if not source.checks.decoded:
            doubt += f" or len(k[0].value or '') > {_limit(attributes_by_json_name(Key)['value'])}"
        lines = [f"if {doubt}:", *(f"    {line}" for line in lines)]
    if attribute.is_list:
        lines = ["for x in v:", *(f"    {line}" for line in lines)]
    return lines


def _language_lines(source: _Source, attribute: Attribute, lines: list[str]) -> list[str]:
    """The lines that check texts in several languages; most need no look at the single text."""
    sound = source.name(_sound_languages)
    doubt = f"(n := len(v)) > 2 or not n or (n, v[0].language, v[-1].language) not in {sound}"
    call = f"{source.name(_languages)}(r, {attribute.json_name!r}, v, run)"
    if source.checks.decoded:
        return [f"if {doubt}:", *(f"    {line}" for line in [*lines, call])]
    return [*lines, f"if {doubt}: {call}"]


#: When a reference `{0}` needs a closer look: most are a single global key, which no rule minds.
_DOUBT = (
    "{0}.type != 'ExternalReference' or not (k := {0}.keys) or len(k) > 1"
    " or k[0].type != 'GlobalReference' or {0}.referred_semantic_id is not None"
)


def _renamed(body: list[str]) -> list[str]:
    """A body that leaves the variable `v` of its surroundings alone."""
    return [re.sub(r"\bv\b", "w", line) for line in body]


def _rule_lines(source: _Source, each: RecordRule) -> list[str]:
    function, rule = source.name(each.function), source.name(each.rule)
    arguments = "r, run" if each.with_context else "r, c" if each.concept_of else "r"
    return [f"b = {function}({arguments})", f"if b: run.add(r, {rule}, b)"]
