"""Template shapes over the meaning graph: what a template demands of the values of an asset.

For people who exchange meaning graphs. They say less about form than the shapes of the structure graph
(there are no classes and idShorts here) and more about values: numbers are numbers, so ranges hold.
Elements that share a predicate are counted together and not looked into.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from nacre_aas.xsd import NUMERIC
from nacre_ontologies import turtle
from nacre_ontologies.identifiers import segment
from nacre_ontologies.meaning import DCTERMS, LOCAL, NV, mapping_of, typed
from nacre_ontologies.semantic_ids import concept_iri
from nacre_ontologies.shacl.shapes import RULE
from nacre_ontologies.structure_shapes import SEVERITY, SHAPES
from nacre_ontologies.terms import PREFIXES
from nacre_ontologies.turtle import Node, iri, text
from nacre_submodels import rules
from nacre_submodels.semantics import ARBITRARY
from nacre_submodels.template import Element, Interval, Template

_CONTAINERS = ("SubmodelElementCollection", "Entity")


def document(template: Template) -> str:
    """The shapes of a template over the meaning graph, in Turtle."""
    base = f"{SHAPES}meaning/{segment(template.name)}"
    base += f"-{template.version}" if template.version else ""
    conforms = {
        "sh:path": (f"<{NV}hasAspect>", f"<{DCTERMS}conformsTo>"),
        "sh:hasValue": iri(concept_iri(template.semantic_id or template.id)),
    }
    nodes: list[tuple[str, Node]] = [
        (iri(f"{base}#is"), {"a": "sh:NodeShape", "sh:property": conforms})
    ]
    for number, (rule, message, body) in enumerate(_demands(template.elements)):
        shape: dict[str, Any] = {
            "a": "sh:NodeShape",
            "sh:targetSubjectsOf": f"<{NV}hasAspect>",
            "sh:or": ({"sh:not": {"sh:node": iri(f"{base}#is")}}, {"sh:property": body}),
            "sh:severity": SEVERITY[rule.severity],
            "sh:message": text(message),
            f"<{RULE}>": text(rule.code),
        }
        nodes.append((iri(f"{base}#{number}"), shape))
    comment = f"What {template.label} demands of the meaning graphs of its instances.\n"
    return turtle.document(PREFIXES, nodes, comment + "Made by nacre; do not edit.")


_Demand = tuple[Any, str, Node]


def _demands(elements: Sequence[Element]) -> Iterator[_Demand]:
    """What is demanded of a node that has some elements: rule, message, property shape."""
    by_predicate: dict[str, list[Element]] = {}
    for element, predicate in _flat(elements):
        by_predicate.setdefault(predicate, []).append(element)
    for predicate, several in by_predicate.items():
        path: dict[str, Any] = {"sh:path": iri(predicate)}
        names = ", ".join(dict.fromkeys(f"`{each.name}`" for each in several))
        valued = [each for each in several if _has_value(each)]
        minimum = sum(each.minimum for each in valued if not each.either_or)
        if minimum and len(valued) == len(several):
            yield rules.MISSING, f"{names} is missing", {**path, "sh:minCount": "1"}
        maxima = [each.maximum for each in several]
        if None not in maxima and all(
            each.model_type in ("Property", *_CONTAINERS) for each in several
        ):
            most = sum(each for each in maxima if each is not None)
            yield rules.TOO_MANY, f"{names} stands too often", {**path, "sh:maxCount": str(most)}
        if len(several) == 1:
            yield from _values(several[0], path)


def _flat(elements: Sequence[Element], over: str | None = None) -> Iterator[tuple[Element, str]]:
    """Elements with their predicates, where lists and dissolved elements give way to what is in them."""
    for element in elements:
        meaning = element.semantic_id
        mapping = mapping_of(meaning)
        if mapping.skip or (meaning or "").startswith(ARBITRARY):
            continue
        predicate = mapping.predicate or (concept_iri(meaning) if meaning else over)
        predicate = predicate or LOCAL + segment(element.id_short or element.model_type)
        if element.model_type == "SubmodelElementList" or mapping.dissolve:
            for below, inner in _flat(element.elements, predicate):
                yield _relaxed(below), inner
        else:
            yield element, predicate


def _relaxed(element: Element) -> Element:
    """An element that may stand any number of times, since what holds it may."""
    return msgspec.structs.replace(element, minimum=0, maximum=None)


def _has_value(element: Element) -> bool:
    """Whether an element that is there says something in the meaning graph."""
    return element.model_type in ("Property", "MultiLanguageProperty", "File", *_CONTAINERS)


def _values(element: Element, path: dict[str, Any]) -> Iterator[_Demand]:
    if element.model_type == "Property":
        yield from _of_property(element, path)
    elif element.model_type == "MultiLanguageProperty":
        for language in element.required_languages:
            fits = {"sh:languageIn": (text(language.partition("-")[0]),)}
            some = {"sh:qualifiedValueShape": fits, "sh:qualifiedMinCount": "1"}
            yield rules.LANGUAGE, f"`{element.name}` has no text in `{language}`", {**path, **some}
    elif element.model_type == "SubmodelElementCollection" and not element.recurs:
        for rule, message, body in _demands(element.elements):
            yield rule, message, {**path, "sh:node": {"sh:property": body}}


def _of_property(element: Element, path: dict[str, Any]) -> Iterator[_Demand]:
    words = dict(mapping_of(element.semantic_id).words)
    value_type = element.value_type
    if value_type is not None and not words:
        datatype = f"xsd:{value_type.removeprefix('xs:')}"
        message = f"`{element.name}` is no {value_type}"
        yield rules.VALUE_TYPE, message, {**path, "sh:datatype": datatype}
    for allowed, rule in (
        (element.allowed_values, rules.NOT_ALLOWED),
        (element.choices, rules.NOT_OFFERED),
    ):
        message = f"`{element.name}` has a value that the template does not list"
        if allowed and value_type in NUMERIC:  # by value, however it is spelt
            equal = (
                {"sh:minInclusive": number, "sh:maxInclusive": number}
                for number in (typed(each, value_type) for each in allowed)
            )
            yield rule, message, {**path, "sh:or": tuple(equal)}
        elif allowed and value_type in (None, "xs:string", "xs:anyURI"):
            terms = tuple(
                iri(words[each]) if each in words else typed(each, value_type) for each in allowed
            )
            yield rule, message, {**path, "sh:in": terms}
    if element.allowed_pattern is not None:
        pattern = text(f"^(?:{element.allowed_pattern})$")
        message = f"`{element.name}` does not have the pattern of the template"
        yield rules.NOT_ALLOWED, message, {**path, "sh:pattern": pattern}
    interval = element.allowed_range
    if interval is not None and value_type in NUMERIC:
        several = [_bounds(each) for each in (interval, *interval.others)]
        message = f"`{element.name}` is outside {interval}"
        body = several[0] if len(several) == 1 else {"sh:or": tuple(several)}
        yield rules.OUT_OF_RANGE, message, {**path, **body}


def _bounds(interval: Interval) -> dict[str, Any]:
    bounds: dict[str, Any] = {}
    for number, included, name in (
        (interval.low, interval.low_included, "min"),
        (interval.high, interval.high_included, "max"),
    ):
        if number is not None:
            bound = f"sh:{name}{'Inclusive' if included else 'Exclusive'}"
            bounds[bound] = f'"{float(number)!r}"^^xsd:double'
    return bounds
