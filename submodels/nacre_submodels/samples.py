"""Sample values for a template: what the smallest and the largest instance of it hold.

They are made up from types and allowed values alone, so that nothing of a template's examples is in
them; `nacre doctor` and the tests use them.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from nacre_submodels.template import Element, Template, plain

#: The id that the submodel is to have: its events observe itself.
SUBMODEL_ID = "https://example.com/sm"

_TEXT = "Sample"
_LITERALS = {
    "xs:anyURI": "https://example.com/x",
    "xs:base64Binary": "AAAA",
    "xs:boolean": "true",
    "xs:date": "2031-05-17",
    "xs:dateTime": "2031-05-17T10:20:30Z",
    "xs:duration": "P1D",
    "xs:gDay": "---17",
    "xs:gMonth": "--05",
    "xs:gMonthDay": "--05-17",
    "xs:gYear": "2031",
    "xs:gYearMonth": "2031-05",
    "xs:hexBinary": "00" * 32,  # as long as the hash that it mostly is
    "xs:negativeInteger": "-1",
    "xs:nonPositiveInteger": "-1",
    "xs:string": _TEXT,
    "xs:time": "10:20:30",
}


def sample(template: Template, *, required_only: bool = False) -> dict[str, Any]:
    """Values for an instance with every element (one of each alternatives), or the required ones."""
    return _values(template.elements, (template.elements,), required_only=required_only)


_Way = tuple[tuple[Element, ...], ...]


def _values(elements: tuple[Element, ...], way: _Way, *, required_only: bool) -> dict[str, Any]:
    found: dict[str, Any] = {}
    taken: set[str] = set()
    for element in elements:
        needed = element.minimum > 0
        if element.either_or:
            if element.either_or in taken:
                continue
            group = [each for each in elements if each.either_or == element.either_or]
            needed = any(each.minimum for each in group)
        if (required_only and not needed) or element.id_short is None or element.maximum == 0:
            continue
        value = _value(element, way, required_only=required_only)
        if value is None:
            continue
        if element.either_or:
            taken.add(element.either_or)
        several = max(element.minimum, 1)
        is_list = element.model_type == "SubmodelElementList"
        found[element.id_short] = value if is_list or several == 1 else [value] * several
    return found


def _value(element: Element, way: _Way, *, required_only: bool) -> Any:
    match element.model_type:
        case "Property":
            return literal(element)
        case "MultiLanguageProperty":
            return dict.fromkeys(element.required_languages or ("en", "de"), _TEXT)
        case "Range":
            return {"min": literal(element), "max": literal(element)}
        case "File":
            return {"path": "https://example.com/x.pdf", "contentType": "application/pdf"}
        case "Blob":
            return {"value": "AAAA"}
        case "ReferenceElement":
            return "https://example.com/x"
        case "RelationshipElement":
            return {"first": "https://example.com/x", "second": "https://example.com/y"}
        case "AnnotatedRelationshipElement":
            ends = {"first": "https://example.com/x", "second": "https://example.com/y"}
            return ends | _below(element, way, required_only=required_only)
        case "SubmodelElementList":
            return list(_members(element, way, required_only=required_only))
        case "Entity":
            own = {"globalAssetId": "https://example.com/asset"}
            inside = _below(element, way, required_only=required_only)
            return (own if element.entity_type == "SelfManagedEntity" else {}) | inside
        case "SubmodelElementCollection":
            return _below(element, way, required_only=required_only)
        case "Capability" | "Operation":
            return {}
        case "BasicEventElement":
            observed = {"keys": [["Submodel", SUBMODEL_ID]]}
            return {"observed": observed, "direction": "output", "state": "on"}
        case _:
            return None


def _below(element: Element, way: _Way, *, required_only: bool) -> dict[str, Any]:
    if element.recurs:  # once more, with what is required
        above = way[: len(way) - element.recurs + 1]
        return _values(above[-1], above, required_only=True)
    return _values(element.elements, (*way, element.elements), required_only=required_only)


def _members(element: Element, way: _Way, *, required_only: bool) -> Iterator[Any]:
    for member in element.elements:
        if required_only and not member.minimum:
            continue
        for _ in range(max(member.minimum, 1)):
            yield _value(member, (*way, element.elements), required_only=required_only)


def literal(element: Element) -> str:
    """A literal that the template allows."""
    allowed = element.offered
    if allowed:
        value = allowed[0]
        return value.lower() if element.value_type == "xs:boolean" else value
    value = _LITERALS.get(element.value_type or "xs:string", "1")
    if value == _TEXT and element.id_short:
        value += f" {element.id_short}"  # two texts that mean two things are not the same
    interval = element.allowed_range
    if interval is not None and value == "1" and not interval.holds(Decimal(1)):
        low, high = interval.low, interval.high
        middle = (
            (low + high) / 2 if low is not None and high is not None else low or high or Decimal()
        )
        value = plain(middle)
    return value
