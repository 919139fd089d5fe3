"""What is wrong in a template itself: the codes `SMT-201` and up, with repairs where they are safe."""

import dataclasses
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal, localcontext
from typing import Any

from nacre_aas.checking import Flag, IdentifiableCheck
from nacre_aas.constraints.context import Context
from nacre_aas.constraints.registry import Broken, declare
from nacre_aas.findings import Fix, Severity
from nacre_aas.model import (
    Environment,
    File,
    Identifiable,
    MultiLanguageProperty,
    Property,
    Qualifiable,
    Qualifier,
    Range,
    Reference,
    ReferenceElement,
    Submodel,
    SubmodelElement,
    SubmodelElementCollection,
    SubmodelElementList,
)
from nacre_aas.schema import elements_below, walk
from nacre_aas.syntax import SYNTAX
from nacre_aas.versions import ALL
from nacre_aas.xsd import NUMERIC, problem
from nacre_submodels import expressions, qualifiers
from nacre_submodels.compiler import semantic_id
from nacre_submodels.semantics import ARBITRARY
from nacre_submodels.template import Interval

#: Elements that a value may be compared with.
_VALUED = (Property, MultiLanguageProperty, Range, File, ReferenceElement)
_GUIDELINE = "IDTA guideline for submodel templates"


NO_CARDINALITY = declare(
    "SMT-201",
    "element without cardinality",
    "The template does not say how often the element may stand in its parent, so nothing about it "
    "can be checked.",
    "add a qualifier SMT/Cardinality",
    _GUIDELINE,
    severity=Severity.WARNING,
)
CARDINALITY_TYPE = declare(
    "SMT-202",
    "cardinality under another name",
    "The qualifier that states how often an element may stand is called SMT/Cardinality. Tools "
    "differ in which older names they understand.",
    "rename the qualifier to SMT/Cardinality",
    _GUIDELINE,
    severity=Severity.WARNING,
    fix=Fix("rename the qualifier to SMT/Cardinality", safe=True),
)
CARDINALITY_VALUE = declare(
    "SMT-203",
    "cardinality that is misspelled",
    "A cardinality is ZeroToOne, One, ZeroToMany or OneToMany. This one is understood, but not by "
    "every tool.",
    "write one of the four words",
    _GUIDELINE,
    severity=Severity.WARNING,
    fix=Fix("write the word that is meant", safe=True),
)
CARDINALITY_UNKNOWN = declare(
    "SMT-204",
    "cardinality that makes no sense",
    "A cardinality is ZeroToOne, One, ZeroToMany or OneToMany. This one is not understood.",
    "write one of the four words",
    _GUIDELINE,
    severity=Severity.ERROR,
)
QUALIFIER_KIND = declare(
    "SMT-205",
    "qualifier of a template of another kind",
    "A qualifier that speaks about the template has the kind TemplateQualifier. With another kind it "
    "is carried over into instances.",
    "set `kind` of the qualifier to TemplateQualifier",
    _GUIDELINE,
    severity=Severity.WARNING,
    fix=Fix("set the kind to TemplateQualifier", safe=True),
)
NO_SEMANTIC_ID = declare(
    "SMT-206",
    "element without semantic id",
    "Instances of the element are recognised by its semantic id. Without one only the idShort is left, "
    "which instances may change.",
    "add a semantic id",
    _GUIDELINE,
    severity=Severity.WARNING,
)
CONTRADICTION = declare(
    "SMT-207",
    "contradictory cardinalities",
    "Two qualifiers of the element state different cardinalities.",
    "keep one of them",
    _GUIDELINE,
    severity=Severity.ERROR,
)
SINGLE_MEMBER = declare(
    "SMT-208",
    "list with a single member",
    "The member of a list has a cardinality of at most one. A list exists to hold several.",
    "write OneToMany or ZeroToMany",
    _GUIDELINE,
    severity=Severity.WARNING,
)
EXAMPLE_TYPE = declare(
    "SMT-209",
    "example that is no value of its type",
    "The example, or the default, is no literal of the value type that the element has. Who copies it "
    "makes an invalid instance.",
    "write an example of the value type",
    _GUIDELINE,
    severity=Severity.WARNING,
)
UNKNOWN_QUALIFIER = declare(
    "SMT-210",
    "unknown qualifier of templates",
    "The type of the qualifier begins with SMT/, but no such qualifier is known.",
    "check the spelling",
    _GUIDELINE,
    severity=Severity.WARNING,
)
BLANKS = declare(
    "SMT-211",
    "blanks around a name",
    "A blank at the beginning or end of a semantic id, idShort or qualifier makes it another one to a "
    "program, and nobody sees it.",
    "remove the blanks",
    _GUIDELINE,
    severity=Severity.WARNING,
    fix=Fix("remove the blanks", safe=False),  # which changes what a semantic id says
)
TWINS = declare(
    "SMT-212",
    "two elements that instances cannot tell apart",
    "Two elements of one parent have the same class and semantic id, so that instances of them are "
    "told apart by idShort only, if at all.",
    "give each element its own semantic id",
    _GUIDELINE,
    severity=Severity.WARNING,
)
NO_SUBMODEL_ID = declare(
    "SMT-213",
    "template without semantic id",
    "The submodel has no semantic id, so nobody can tell which submodels are instances of it.",
    "add a semantic id to the submodel",
    _GUIDELINE,
    severity=Severity.ERROR,
)
NAMELESS = declare(
    "SMT-214",
    "element of a collection without idShort",
    "Outside lists an element needs an idShort, so this element can have no valid instance.",
    "add an idShort, or make the collection a list",
    _GUIDELINE,
    severity=Severity.ERROR,
)
NOT_UNDERSTOOD = declare(
    "SMT-215",
    "demand that makes no sense",
    "The value of a qualifier that binds instances (allowed range, idShort pattern, alternative) cannot "
    "be understood, or is a regular expression for values, so it is not checked.",
    "write it as the guideline does",
    _GUIDELINE,
    severity=Severity.WARNING,
)
NOT_A_TEMPLATE = declare(
    "SMT-216",
    "submodel that is no template",
    "The submodel is not of kind Template, so it is no template to any tool.",
    "set `kind` of the submodel to Template",
    _GUIDELINE,
    severity=Severity.WARNING,
)
EXAMPLE_FORBIDDEN = declare(
    "SMT-217",
    "example that the template forbids",
    "The example, the default, or the value that stands in the template is not among the values that the template allows, or outside of its range.",
    "write one of the allowed values",
    _GUIDELINE,
    severity=Severity.WARNING,
)
BAD_ID_SHORT = declare(
    "SMT-218",
    "idShort that no version allows",
    "Placeholders such as `{arbitrary}` or blanks are no part of an idShort in any version of the "
    "metamodel, so the template file is invalid itself.",
    "use a valid idShort, and SMT/AllowedIdShort for the pattern",
    _GUIDELINE,
    severity=Severity.ERROR,
)


IMPOSSIBLE_VALUE = declare(
    "SMT-219",
    "allowed value that no instance can have",
    "An allowed value is no literal of the value type that the element has, or lies outside of the range that the "
    "template allows as well, so an instance that takes it breaks another rule.",
    "write values of the value type, inside the allowed range",
    _GUIDELINE,
    severity=Severity.WARNING,
)
MISPLACED = declare(
    "SMT-220",
    "demand on an element that cannot meet it",
    "A required language is a demand on a MultiLanguageProperty, an allowed range one on a Property or Range of "
    "numbers, an allowed value one on an element with a value. Elsewhere it is checked in part, or not at all.",
    "move the qualifier to the element that is meant, or remove it",
    _GUIDELINE,
    severity=Severity.WARNING,
)
ONE_ALTERNATIVE = declare(
    "SMT-221",
    "alternative without another",
    "Alternatives share the value of SMT/EitherOr and stand in one parent. This element has none beside it, so "
    "the choice is no choice.",
    "give the other alternative the same value, or state the cardinality only",
    _GUIDELINE,
    severity=Severity.WARNING,
)
NO_ID_SHORT = declare(
    "SMT-222",
    "pattern that no idShort can match",
    "Instances are to have an idShort of a pattern, but no idShort of any version of the metamodel keeps to it "
    "(a letter first; letters, digits, `_` and inner hyphens; at most 128), so that only the one of the template "
    "itself is left.",
    "write a pattern such as `Photo[\\d{2,3}]`",
    _GUIDELINE,
    severity=Severity.ERROR,
)


@dataclasses.dataclass(frozen=True)
class LintCheck:
    """Lints the templates of a document."""

    def begin(self, context: Context) -> IdentifiableCheck:  # noqa: ARG002 - a check takes it
        """The function that judges the identifiables of one document."""
        return lambda record: list(lint(record))


def lint(record: Identifiable) -> Iterator[Flag]:
    """What is wrong in a template; nothing for other identifiables."""
    if not isinstance(record, Submodel):
        return
    if record.kind != "Template":
        message = f"`kind` is {record.kind or 'not set, which means Instance'}"
        yield Flag(record, NOT_A_TEMPLATE, Broken(message))
    if semantic_id(record.semantic_id) is None:
        yield Flag(record, NO_SUBMODEL_ID, Broken("the template has no semantic id"))
    yield from _twins(record, record.submodel_elements or [])
    yield from _alternatives(record.submodel_elements or [])
    for _, each in walk(record):
        if isinstance(each, SubmodelElement):
            yield from _element(each)
            children = [child for _, child in elements_below(each)]
            yield from _twins(each, children)
            yield from _alternatives(children)
            if isinstance(each, SubmodelElementList):
                yield from _single_members(each)
            if isinstance(each, SubmodelElementCollection):
                yield from _nameless(each)
        if isinstance(each, Qualifier):
            yield from _qualifier(each)
        if isinstance(each, Reference):
            yield from _blanks(each)
    members = {
        id(member)
        for _, each in walk(record)
        if isinstance(each, SubmodelElementList)
        for member in each.value or ()
    }
    for _, each in walk(record):
        if isinstance(each, SubmodelElement) and id(each) not in members:
            yield from _has_cardinality(each)


def _element(element: SubmodelElement) -> Iterator[Flag]:
    if semantic_id(element.semantic_id) is None:
        yield Flag(element, NO_SEMANTIC_ID, Broken(f"{_named(element)} has no semantic id"))
    if element.id_short is not None:
        found = SYNTAX["idShort"].check(element.id_short)
        if found is not None and found[0] == ALL:
            message = f"`{element.id_short}` is no idShort: {found[1]}"
            yield Flag(element, BAD_ID_SHORT, Broken(message, ("idShort",)))
    stated = [
        (position, qualifier)
        for position, qualifier in enumerate(element.qualifiers or ())
        if qualifiers.kind(qualifier.type) in ("cardinality", "multiplicity")
    ]
    values = {qualifiers.cardinality(qualifier.value) for _, qualifier in stated}
    if len(values - {None}) > 1:
        words = ", ".join(f"`{qualifier.value}`" for _, qualifier in stated)
        place = ("qualifiers", stated[1][0])
        yield Flag(element, CONTRADICTION, Broken(f"the cardinalities are {words}", place))
    yield from _demands(element)
    if isinstance(element, Property):
        yield from _examples(element)


def _demands(element: SubmodelElement) -> Iterator[Flag]:
    """Demands that the element cannot meet, or that contradict each other."""
    type_ = element.value_type if isinstance(element, (Property, Range)) else None
    ranges = _ranges(element)
    for position, qualifier in enumerate(element.qualifiers or ()):
        kind = qualifiers.kind(qualifier.type)
        if (
            (kind == "requiredlang" and not isinstance(element, MultiLanguageProperty))
            or (kind == "allowedrange" and type_ not in NUMERIC and type_ != "xs:gYear")
            or (kind == "allowedvalue" and not isinstance(element, _VALUED))
        ):
            what = f"{type(element).__name__}{f' of {type_}' if type_ else ''}"
            message = f"`{qualifier.type}` is no demand on a {what}"
            yield Flag(element, MISPLACED, Broken(message, ("qualifiers", position)))
        elif kind == "allowedrange":
            stated = qualifiers.interval(qualifier.value)
            if stated is not None and not _holds_any(stated, type_ or ""):
                message = f"no value of `{type_}` is in {stated}"
                place = ("qualifiers", position, "value")
                yield Flag(element, IMPOSSIBLE_VALUE, Broken(message, place))
        elif kind == "allowedvalue":
            for value in qualifiers.allowed_values(qualifier.value) or ():
                reason = _impossible(value, type_, ranges)
                if reason is not None:
                    message = f"`{value}` is allowed, but {reason}"
                    place = ("qualifiers", position, "value")
                    yield Flag(element, IMPOSSIBLE_VALUE, Broken(message, place))


def _holds_any(interval: Interval, type_: str) -> bool:
    """Whether an interval holds a value of a type; also where that is not worth finding out."""
    ends = [end for each in (interval, *interval.others) for end in (each.low, each.high)]
    if type_ not in NUMERIC or any(end is not None and abs(end.adjusted()) > 300 for end in ends):
        return True
    with localcontext(prec=1000):
        return _holds_one(interval, type_)


def _holds_one(interval: Interval, type_: str) -> bool:
    for each in (interval, *interval.others):
        low, high = each.low, each.high
        near = [Decimal(0), *(end for end in (low, high) if end is not None)]
        if low is not None and high is not None:
            near.append((low + high) / 2)
        # Whole numbers at the ends, and what is next to them.
        near += [end.to_integral_value() + step for end in near for step in (-1, 0, 1)]
        if any(each.holds(number) and problem(f"{number:f}", type_) is None for number in near):
            return True
    return False


def _ranges(element: SubmodelElement) -> list[Interval]:
    found = qualifiers.of_kind(element.qualifiers, "allowedrange")
    return [one for each in found if (one := qualifiers.interval(each.value)) is not None]


def _impossible(value: str, type_: str | None, ranges: list[Interval]) -> str | None:
    """Why no instance can have an allowed value."""
    if type_ in (None, "xs:string"):
        return None
    literal = value.lower() if type_ == "xs:boolean" else value
    reason = problem(literal, type_)
    if reason is not None:
        return f"is no literal of `{type_}`: {reason}"
    if type_ in NUMERIC and ranges:
        number = Decimal(literal) if literal.lstrip("+-") not in ("INF", "NaN") else None
        if number is not None and not any(each.holds(number) for each in ranges):
            return f"is not in {' or '.join(map(str, ranges))}"
    return None


def _alternatives(children: list[Any]) -> Iterator[Flag]:
    groups: dict[str, list[SubmodelElement]] = {}
    for child in children:
        for qualifier in qualifiers.of_kind(getattr(child, "qualifiers", None), "eitheror"):
            groups.setdefault((qualifier.value or "").strip().casefold(), []).append(child)
    for name, members in groups.items():
        if len(members) == 1 and name:
            message = f"{_named(members[0])} is the only one in the group `{name}`"
            yield Flag(members[0], ONE_ALTERNATIVE, Broken(message))


def _has_cardinality(element: SubmodelElement) -> Iterator[Flag]:
    kinds = {qualifiers.kind(each.type) for each in element.qualifiers or ()}
    if not kinds & {"cardinality", "multiplicity"}:
        yield Flag(element, NO_CARDINALITY, Broken(f"{_named(element)} has no cardinality"))


#: Qualifiers that hold a value which an instance could have.
_EXAMPLES = ("examplevalue", "defaultvalue", "initialvalue", "example", "value")


def _stated_values(element: Property) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """The examples and defaults of an element and the value that it has, with where they stand."""
    for position, qualifier in enumerate(element.qualifiers or ()):
        kind = qualifiers.kind(qualifier.type)
        if kind in _EXAMPLES and qualifier.value:
            yield ("qualifiers", position, "value"), qualifier.value
    if element.value:
        yield ("value",), element.value


def _examples(element: Property) -> Iterator[Flag]:
    type_ = element.value_type
    allowed = [
        value
        for each in qualifiers.of_kind(element.qualifiers, "allowedvalue")
        for value in qualifiers.allowed_values(each.value) or ()
    ]
    for at, value in _stated_values(element):
        reason = problem(value, type_) if type_ not in (None, "xs:string") else None
        if reason is not None and at == ("value",):
            continue  # the matter of AASd-020
        if reason is not None and value not in ("-", "n/a"):
            message = f"`{value}` is no literal of `{type_}`: {reason}"
            yield Flag(element, EXAMPLE_TYPE, Broken(message, at))
        elif (
            allowed and value not in allowed and value.casefold() not in map(str.casefold, allowed)
        ):
            words = ", ".join(f"`{each}`" for each in allowed[:6])
            message = f"`{value}` is none of the allowed values {words}"
            yield Flag(element, EXAMPLE_FORBIDDEN, Broken(message, at))
        elif (
            reason is None and (outside := _impossible(value, type_, _ranges(element))) is not None
        ):
            yield Flag(element, EXAMPLE_FORBIDDEN, Broken(f"`{value}` {outside}", at))


def _qualifier(qualifier: Qualifier) -> Iterator[Flag]:
    kind = qualifiers.kind(qualifier.type)
    type_ = qualifier.type or ""
    if type_ != type_.strip():
        yield Flag(qualifier, BLANKS, Broken(f"there are blanks around `{type_}`", ("type",)))
    is_smt = type_.strip().upper().startswith("SMT/")
    if is_smt and kind not in qualifiers.ALL:
        message = f"no qualifier `{type_}` is known"
        yield Flag(qualifier, UNKNOWN_QUALIFIER, Broken(message, ("type",)))
    if kind in ("cardinality", "multiplicity"):
        if not qualifiers.is_proper(type_.strip()):
            message = f"the cardinality is called `{type_}`"
            yield Flag(qualifier, CARDINALITY_TYPE, Broken(message, ("type",)))
        yield from _cardinality_value(qualifier)
    is_wrong = qualifier.kind != "TemplateQualifier"
    if is_wrong and (is_smt or kind in ("cardinality", "multiplicity")):
        message = f"`{type_}` is a {qualifier.kind or 'ConceptQualifier'}"
        yield Flag(qualifier, QUALIFIER_KIND, Broken(message, ("kind",) if qualifier.kind else ()))
    yield from _understood(qualifier, kind)


def _understood(qualifier: Qualifier, kind: str) -> Iterator[Flag]:
    reader = qualifiers.READERS.get(kind)
    if reader is None:
        return
    value = qualifier.value or ""
    found = reader(value)
    if found is None:
        message = f"`{value}` is not understood as `{qualifier.type}`"
        yield Flag(qualifier, NOT_UNDERSTOOD, Broken(message))
    elif kind == "allowedidshort" and not expressions.admits_id_short(found):
        message = f"no idShort is of the pattern `{value}`"
        yield Flag(qualifier, NO_ID_SHORT, Broken(message, ("value",)))
    elif (
        kind == "allowedvalue"
        and not isinstance(found, str)
        and any(value.count(opened) > value.count(closed) for opened, closed in ("()", "[]", "{}"))
    ):
        message = f"`{value}` has a bracket that is not closed, and is taken as a list of values"
        yield Flag(qualifier, NOT_UNDERSTOOD, Broken(message, ("value",)))


def _cardinality_value(qualifier: Qualifier) -> Iterator[Flag]:
    value = qualifier.value
    if qualifiers.is_proper_cardinality(value):
        return
    if qualifiers.cardinality(value) is None:
        message = f"`{value or ''}` is no cardinality"
        yield Flag(qualifier, CARDINALITY_UNKNOWN, Broken(message, ("value",) if value else ()))
    else:
        meant = _WORDS.get(qualifiers.cardinality(value) or (0, 0))
        hint = (
            None if meant is not None else "none of the four words means that; say it in words, too"
        )
        broken = Broken(f"the cardinality is `{value}`", ("value",), None, hint)
        yield Flag(qualifier, CARDINALITY_VALUE, broken)


def _blanks(reference: Reference) -> Iterator[Flag]:
    for position, key in enumerate(reference.keys or ()):
        if key.value and key.value != key.value.strip():
            place = ("keys", position, "value")
            yield Flag(reference, BLANKS, Broken(f"there are blanks around `{key.value}`", place))


def _twins(owner: Any, children: list[Any]) -> Iterator[Flag]:
    if isinstance(owner, SubmodelElementList):
        return
    keys = [
        (type(child).__name__, semantic_id(child.semantic_id))
        for child in children
        if isinstance(child, SubmodelElement)
    ]
    for (kind, meaning), count in Counter(keys).items():
        if count > 1 and meaning and ARBITRARY not in meaning:
            message = f"{count} elements of class {kind} have the semantic id `{meaning}`"
            yield Flag(owner, TWINS, Broken(message))


def _single_members(record: SubmodelElementList) -> Iterator[Flag]:
    for member in record.value or ():
        for qualifier in qualifiers.of_kind(member.qualifiers, "cardinality", "multiplicity"):
            found = qualifiers.cardinality(qualifier.value)
            if found is not None and found[1] == 1:
                message = f"the member of the list has the cardinality `{qualifier.value}`"
                yield Flag(member, SINGLE_MEMBER, Broken(message))


def _nameless(record: SubmodelElementCollection) -> Iterator[Flag]:
    for member in record.value or ():
        if member.id_short is None:
            yield Flag(member, NAMELESS, Broken(f"a {type(member).__name__} has no idShort"))


def _named(element: SubmodelElement) -> str:
    return f"`{element.id_short}`" if element.id_short else f"a {type(element).__name__}"


# -- repairs -------------------------------------------------------------------------------------


#: The rules whose breaches `repair` mends.
REPAIRED = (CARDINALITY_TYPE, CARDINALITY_VALUE, QUALIFIER_KIND, BLANKS)


def repair(environment: Environment, *, unsafe: bool = False) -> Counter[str]:
    """Make the safe repairs in the templates of an environment, or all; how many, by code."""
    done: Counter[str] = Counter()
    for submodel in environment.submodels or ():
        if submodel.kind != "Template":
            continue
        for _, each in walk(submodel):
            if isinstance(each, Qualifiable):
                taken: set[str | None] = {one.type for one in each.qualifiers or ()}
                for qualifier in each.qualifiers or ():
                    _repair_qualifier(qualifier, done, taken, unsafe=unsafe)
            elif isinstance(each, Reference) and unsafe:
                for key in each.keys or ():
                    if key.value and key.value != key.value.strip():
                        key.value = key.value.strip()
                        done[BLANKS.code] += 1
    return done


_WORDS: dict[tuple[int, int | None], str] = {
    (0, 1): "ZeroToOne",
    (1, 1): "One",
    (0, None): "ZeroToMany",
    (1, None): "OneToMany",
}


def _repair_qualifier(
    qualifier: Qualifier, done: Counter[str], taken: set[str | None], *, unsafe: bool
) -> None:
    """Repair one of the qualifiers of an element, on which these types are `taken` (AASd-021)."""
    if unsafe and qualifier.type and qualifier.type != qualifier.type.strip():
        qualifier.type = qualifier.type.strip()
        done[BLANKS.code] += 1
    kind = qualifiers.kind(qualifier.type)
    is_cardinality = kind in ("cardinality", "multiplicity")
    if is_cardinality:
        if not qualifiers.is_proper(qualifier.type) and "SMT/Cardinality" not in taken:
            qualifier.type = "SMT/Cardinality"
            taken.add(qualifier.type)
            done[CARDINALITY_TYPE.code] += 1
        found = qualifiers.cardinality(qualifier.value)
        word = None if found is None else _WORDS.get(found)
        if word is not None and qualifier.value != word:
            qualifier.value = word
            done[CARDINALITY_VALUE.code] += 1
    is_smt = re.match(r"\s*smt/", qualifier.type or "", re.IGNORECASE) is not None
    if (is_smt or is_cardinality) and qualifier.kind != "TemplateQualifier":
        qualifier.kind = "TemplateQualifier"
        done[QUALIFIER_KIND.code] += 1
