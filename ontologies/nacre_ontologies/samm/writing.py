"""From a submodel template to an aspect model."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
from msgspec.structs import replace

from nacre_aas import model
from nacre_aas.constraints.context import contents
from nacre_aas.model import ConceptDescription
from nacre_aas.schema import VARIABLES
from nacre_aas.xsd import NUMERIC
from nacre_ontologies import turtle, units
from nacre_ontologies.samm.terms import (
    NAMESPACE,
    READY_MADE,
    VERSION,
    Converted,
    long_enough,
    name_of,
    plain_name,
    short,
)
from nacre_ontologies.semantic_ids import concept_iri
from nacre_ontologies.shacl.graph import LANG_STRING
from nacre_ontologies.terms import RDF, XSD
from nacre_ontologies.turtle import Node, text
from nacre_submodels import compiler
from nacre_submodels.template import Element, Interval, Template, plain
from nacre_submodels.template import walk as walk_template

#: A unit of SAMM.
_SAMM_UNIT = re.compile(r"urn:samm:org\.eclipse\.esmf\.samm:unit:[\d.]+#(\w+)")


def from_template(template: Template, namespace: str | None = None) -> Converted:
    """A template as an aspect model in Turtle.

    `namespace` is the URN before the `#`; without one it is that of the template's id, if it has one.
    """
    base = namespace or _namespace(template)
    concepts = {each.id: each for each in _concepts(template)}
    named: dict[str, set[str]] = {}
    for _, each in walk_template(template):
        if each.id_short and each.semantic_id and not each.either_or:
            named.setdefault(each.semantic_id, set()).update(_said(each))
    writer = _Writer(base, concepts, named)
    offered = [each for each in template.elements if each.model_type == "Operation"]
    others = [each for each in template.elements if each.model_type != "Operation"]
    aspect = writer.named(writer.own(template.semantic_id) or template.name)
    body = writer.with_properties("samm:Aspect", others)
    writer.lose_the_rest(template, aspect)
    body["samm:preferredName"] = [text(n, tag) for tag, n in sorted(template.names.items())]
    body["samm:description"] = [text(n, tag) for tag, n in sorted(template.texts.items())]
    body["samm:operations"] = tuple(map(writer.operation, offered))
    meanings = filter(None, (template.semantic_id, *template.supplemental_semantic_ids))
    body.update(writer.seen(aspect, *meanings))
    nodes: list[tuple[str, Node]] = [(aspect, body), *writer.nodes]
    prefixes = {
        "": f"{base}#",
        "samm": f"urn:samm:org.eclipse.esmf.samm:meta-model:{VERSION}#",
        "samm-c": f"urn:samm:org.eclipse.esmf.samm:characteristic:{VERSION}#",
        "unit": f"urn:samm:org.eclipse.esmf.samm:unit:{VERSION}#",
        "xsd": XSD,
        "rdf": RDF,
    }
    return Converted(turtle.document(prefixes, nodes), tuple(dict.fromkeys(writer.left_out)))


def _concepts(template: Template) -> Iterator[ConceptDescription]:
    return (msgspec.convert(each, ConceptDescription) for each in template.concepts)


def _namespace(template: Template) -> str:
    base = template.id.partition("#")[0]
    return base if NAMESPACE.fullmatch(base) else "urn:samm:example.aspects:1.0.0"


def _common_stem(group: Sequence[Element]) -> str | None:
    """What two alternatives are called but for their sides, as an Either of SAMM is read."""
    left, right = (each.id_short or "" for each in group)
    stem = left.removesuffix("Left")
    return stem if stem and (left, right) == (f"{stem}Left", f"{stem}Right") else None


#: The language of a text in the examples of templates.
_TAGGED = re.compile(r"@([A-Za-z]{2,3}(?:-\w+)*)$")


def _tagged(element: Element, example: str) -> str | None:
    """An example as SAMM writes it, where the kind of element has any."""
    if element.value_type is not None and element.model_type == "Property":
        return _Writer.literal(example, element.value_type)
    match = _TAGGED.search(example)
    if element.model_type == "MultiLanguageProperty" and match is not None:
        return text(example[: match.start()], match[1])
    return None


def _said(element: Element) -> set[str]:
    """The texts of an element."""
    return {*element.names.values(), *element.texts.values()}


def _says_no_more(element: Element, name: str) -> bool:
    """Whether a template says of an element no more than a characteristic that SAMM has ready."""
    type_ = element.value_type.replace("xs:", XSD) if element.value_type else LANG_STRING
    if _said(element) - {name} or READY_MADE[name] != type_:
        return False
    bare = Element(model_type=element.model_type, value_type=element.value_type)
    return bare == replace(
        element,
        id_short=None,
        semantic_id=None,
        semantic_id_type=None,
        supplemental_semantic_ids=(),
        either_or=None,
        minimum=0,
        maximum=None,
        names={},
        texts={},
    )


#: What SAMM holds of the content of a concept: its data type is that of the values.
_OF_CONCEPTS = frozenset(("modelType", "preferredName", "definition", "unit", "unitId", "dataType"))


class _Writer:
    def __init__(
        self, base: str, concepts: Mapping[str, ConceptDescription], named: Mapping[str, set[str]]
    ) -> None:
        self.base = base
        self.concepts = concepts
        #: The texts of elements that have a name, by semantic id: what members of lists have too is theirs.
        self.of_named = named
        self.nodes: list[tuple[str, dict[str, Any]]] = []
        self.left_out: list[tuple[str, str]] = []
        self.taken: set[str] = set()
        #: What was written, and what it was made of, by semantic id: properties and entities, and what is none.
        self.written: dict[str, tuple[str, Any]] = {}
        self.members: dict[str, tuple[str, Element]] = {}

    def named(self, name: str) -> str:
        """A name in the namespace, with a number if it is taken."""
        plain, number = plain_name(name), 1
        while f"{plain}{number if number > 1 else ''}" in self.taken:
            number += 1
        found = f"{plain}{number if number > 1 else ''}"
        self.taken.add(found)
        return f":{found}"

    def lose(self, element: Element, reason: str) -> None:
        self.left_out.append((element.name, reason))

    def lose_the_rest(self, template: Template, aspect: str) -> None:
        """Note what of a template and its concepts has no place in SAMM."""
        for each in template.unread:
            self.left_out.append((template.name, f"{each}, which is not understood"))
        if template.id != f"{self.base}#{aspect[1:]}":
            self.left_out.append((template.name, f"its id `{template.id}`: it is `{aspect}` now"))
        attributes: dict[str, list[str]] = {}
        for concept in template.concepts:
            for each in concept.get("embeddedDataSpecifications", ()):
                for name in each.get("dataSpecificationContent", {}).keys() - _OF_CONCEPTS:
                    attributes.setdefault(name, []).append(concept.get("idShort", concept["id"]))
        for name, concepts in sorted(attributes.items()):
            few = ", ".join(concepts[:5]) + (", ..." if len(concepts) > 5 else "")
            self.left_out.append((few, f"{name} of their concepts"))

    def contents(self, identifier: str | None) -> list[model.DataSpecificationIec61360]:
        """What IEC 61360 has of a concept."""
        concept = self.concepts.get(identifier or "")
        return [] if concept is None else contents(concept.embedded_data_specifications)

    def unit_id(self, identifier: str | None) -> str:
        """The unit that a concept names by an id."""
        found = (compiler.semantic_id(each.unit_id) for each in self.contents(identifier))
        return next(filter(None, found), "")

    def cases(self, identifier: str | None) -> list[str]:
        """What a concept is a case of."""
        concept = self.concepts.get(identifier or "")
        of = [] if concept is None else concept.is_case_of or []
        return [each for each in map(compiler.semantic_id, of) if each is not None]

    def with_properties(self, kind: str, elements: Sequence[Element]) -> dict[str, Any]:
        """A node with the properties of some elements, alternatives joined to one."""
        usages: list[Any] = []
        groups: dict[str, list[Element]] = {}
        for element in elements:
            if element.either_or:
                groups.setdefault(element.either_or, []).append(element)
        for element in elements:
            group = groups.get(element.either_or or "", [])
            if len(group) == 2:
                if element is group[0]:
                    node, name = self.either(group)
                    usages.append(self.usage(node, element, name))
                continue
            if element.either_or:
                self.lose(element, "alternatives of other than two: SAMM has Either for two")
            usages.append(self.usage(self.property(element), element))
        return {"a": kind, "samm:properties": tuple(usages)}

    def usage(self, node: str, element: Element, name: str | None = None) -> Any:
        """A property where it is used; `name` is what it is called there, if it is not the element's."""
        if element.maximum is None or element.maximum > 1 or element.minimum > 1:
            self.lose(element, "that the element itself may stand several times: use a list")
        body: dict[str, Any] = {"samm:property": node}
        if not element.minimum:
            body["samm:optional"] = "true"
        name = name or element.id_short
        if name and long_enough(node[1:]) != name:
            body["samm:payloadName"] = text(name)
        return body if len(body) > 1 else node

    def of_namespace(self, identifier: str | None) -> str | None:
        """The name that an id is in the namespace, if it is one."""
        base, _, own = (identifier or "").rpartition("#")
        return own if base == self.base and own == plain_name(own) else None

    def own(self, identifier: str | None) -> str | None:
        """The name that an id is in the namespace, if it is one that is not taken."""
        own = self.of_namespace(identifier)
        return None if own in self.taken else own

    def seen(self, node: str, *meanings: str) -> dict[str, Any]:
        """The ids of other namespaces that mean the same as a node."""
        others = [each for each in meanings if each != f"{self.base}#{node[1:]}"]
        links = [turtle.iri(concept_iri(each)) for each in dict.fromkeys(others)]
        return {"samm:see": links} if links else {}

    def operation(self, element: Element) -> str:
        """An operation with the properties that it takes and the one that it gives."""
        node = self.named(self.own(element.semantic_id) or _lower(element.id_short or "operation"))
        inputs, outputs, both = (
            [each for each in element.elements if each.variables == name] for name in VARIABLES
        )
        for each in outputs[1:]:
            self.lose(each, "a second output: SAMM has one")
        for each in both:
            self.lose(each, "that it is input and output at once: taken as an input")
        body = self.described("samm:Operation", node, element)
        body["samm:input"] = tuple(self.usage(self.property(e), e) for e in [*inputs, *both])
        if outputs:
            body["samm:output"] = self.property(outputs[0])
            self.keep_name(body["samm:output"], outputs[0])
        self.keep_name(node, element)
        meanings = (element.semantic_id, *self.cases(element.semantic_id))
        body.update(self.seen(node, *filter(None, meanings)))
        self.nodes.append((node, body))
        return node

    def keep_name(self, node: str, element: Element) -> None:
        """Note an idShort that is lost where SAMM has no payloadName."""
        if long_enough(node[1:]) != element.id_short:
            self.lose(element, f"its idShort: it is called `{node[1:]}`")

    @staticmethod
    def described(kind: str, node: str, element: Element) -> dict[str, Any]:
        """A node with the texts of an element."""
        return {"a": kind} | _Writer.texts(node, element)

    @staticmethod
    def texts(node: str, element: Element) -> dict[str, Any]:
        """The texts of an element, but for its name that stands in where there were none."""
        body: dict[str, Any] = {}
        for word, texts in (("preferredName", element.names), ("description", element.texts)):
            meaning = element.semantic_id or ""
            stand_ins = (node[1:], name_of(meaning) if meaning.startswith("urn:samm:") else "")
            said = [text(each, tag) for tag, each in sorted(texts.items()) if each not in stand_ins]
            if said:
                body[f"samm:{word}"] = said
        return body

    def property(self, element: Element) -> str:
        """The property of an element; one that was written already, if it says the same."""
        meaning = element.semantic_id or ""
        own = self.of_namespace(meaning)
        # What is of another namespace has its names from AAS: there two of one meaning may well differ.
        told_apart_by = None if own is not None else element.id_short
        same = replace(element, id_short=told_apart_by, minimum=0, maximum=1, variables=None)
        node, written = self.written.get(meaning, ("", None))
        if written == same:
            return node
        if written is not None and own is not None:
            self.lose(element, f"that it is the property `{own}` too, which says something else")
        node = self.named(self.own(element.semantic_id) or _lower(element.id_short or "member"))
        characteristic = self.characteristic(element)
        body = self.described("samm:Property", node, element)
        if isinstance(characteristic, dict):
            name = self.named(_upper(element.id_short or "Member") + "Characteristic")
            self.nodes.append((name, characteristic))
            characteristic = name
        body["samm:characteristic"] = characteristic
        foreign = (e for e in element.supplemental_semantic_ids if self.of_namespace(e) is None)
        cases = self.cases(element.semantic_id)
        body.update(self.seen(node, *filter(None, (element.semantic_id,)), *foreign, *cases))
        examples = [each for each in element.examples if each != element.default]
        written = next(((e, said) for e in examples if (said := _tagged(element, e))), None)
        if written is not None:
            chosen, body["samm:exampleValue"] = written
            bare = _TAGGED.sub("", chosen)
            known = (chosen, bare, bare.strip(" '\"“”„"))
            examples = [each for each in examples if each not in known]
        for each in examples:
            self.lose(element, f"the example `{each}`")
        self.nodes.append((node, body))
        if meaning:
            self.written.setdefault(meaning, (node, same))
        return node

    def either(self, group: list[Element]) -> tuple[str, str | None]:
        """The property of two alternatives, and what it is called where it is used."""
        same = [replace(each, minimum=0, maximum=1) for each in group]
        stem = _common_stem(group)
        shared = [
            e for e in group[0].supplemental_semantic_ids if e in group[1].supplemental_semantic_ids
        ]
        node, written = self.written.get(shared[-1] if shared else "", ("", None))
        if written == same:
            return node, stem or node[1:]
        own = next(filter(None, map(self.own, reversed(shared))), None)
        name = own or stem or group[0].either_or or "Either"
        for each in group if stem is None else ():
            self.lose(each, f"its idShort: it is a side of `{name}`")
        node = self.named(name if own else _lower(name))
        left, right = map(self.member, group)
        characteristic = self.named(_upper(name))
        body = {"a": "samm-c:Either", "samm-c:left": left, "samm-c:right": right}
        self.nodes.append((characteristic, body))
        self.nodes.append((node, {"a": "samm:Property", "samm:characteristic": characteristic}))
        if shared:
            self.written.setdefault(shared[-1], (node, same))
        return node, stem or node[1:]

    def member(self, element: Element) -> str | dict[str, Any]:
        """The characteristic of what is no property itself: a member of a list, a side of an Either."""
        name = short(element.semantic_id or "")
        if name in READY_MADE and _says_no_more(element, name):
            return f"samm-c:{name}"
        meaning = element.semantic_id or ""
        same = replace(element, id_short=None, minimum=0, maximum=1, either_or=None)
        node, written = self.members.get(meaning, ("", None))
        if written == same:
            return node
        for each in element.examples:
            self.lose(element, f"the example `{each}` of something that is no property")
        body = self.characteristic(element)
        of_others = meaning in self.of_named or self.of_namespace(meaning) in self.taken
        own = None if of_others else self.own(meaning)
        node = self.named(own or _upper(element.id_short or "Member") + "Characteristic")
        is_said = _said(element) <= self.of_named.get(meaning, set())
        said = {} if of_others and is_said else self.texts(node, element)
        meanings = filter(None, (element.semantic_id, *element.supplemental_semantic_ids))
        said |= self.seen(node, *(each for each in meanings if self.of_namespace(each) is None))
        if isinstance(body, str) and not said:
            return body
        if isinstance(body, str):
            self.lose(element, f"its names and semantic ids: {body} has its own")
            return body
        if of_others:
            return body | said
        self.nodes.append((node, body | said))
        if own is not None:
            self.members[meaning] = (node, same)
        return node

    def characteristic(self, element: Element) -> str | dict[str, Any]:
        """The characteristic of an element: one that SAMM has ready, or what a new one says."""
        match element.model_type:
            case "SubmodelElementCollection" | "Entity":
                if element.recurs:
                    self.lose(element, "that it contains its own kind again")
                if element.model_type == "Entity":
                    self.lose(element, "that it is an Entity of AAS")
                entity = self.entity(element)
                return {"a": "samm-c:SingleEntity", "samm:dataType": entity}
            case "SubmodelElementList":
                kind = "samm-c:Collection" if element.order_relevant is False else "samm-c:List"
                members = element.elements[:1]
                if len(element.elements) > 1:
                    self.lose(element, "members of several kinds")
                if members and members[0].minimum:
                    self.lose(element, "that it has a member at least")
                inner = self.member(members[0]) if members else "samm-c:Text"
                return {"a": kind, "samm-c:elementCharacteristic": inner}
            case "MultiLanguageProperty":
                if element.offered:
                    self.lose(
                        element,
                        "the values that it may take: SAMM lists those of one language only",
                    )
                return self.constrained(element, "samm-c:MultiLanguageText")
            case "File" | "ReferenceElement":
                of = f" of {element.content_type}" if element.content_type else ""
                reason = f"that it is a {element.model_type}{of}: taken as an address"
                self.lose(element, reason)
                return "samm-c:ResourcePath"
            case "Property":
                return self.constrained(element, self.value(element))
            case _:
                self.lose(element, f"{element.model_type}: taken as a text")
                return "samm-c:Text"

    def entity(self, element: Element) -> str:
        """The entity of a collection; one that was written already, if it says the same."""
        every = sorted(
            element.supplemental_semantic_ids, key=lambda each: self.of_namespace(each) is None
        )
        meaning = next(iter(every), "")
        own = self.of_namespace(meaning)
        node, written = self.written.get(meaning, ("", None))
        if written == element.elements:
            return node
        if written is not None and own is not None:
            self.lose(element, f"that it is the entity `{own}` too, which says something else")
        node = self.named(self.own(meaning) or _upper(element.id_short or "Entity") + "Entity")
        if meaning:
            self.written.setdefault(meaning, (node, element.elements))
        body = self.with_properties("samm:Entity", element.elements)
        for content in self.contents(meaning)[:1]:
            names, texts = (
                {each.language or "en": each.text or "" for each in found or ()}
                for found in (content.preferred_name, content.definition)
            )
            said = Element(model_type="", semantic_id=meaning, names=names, texts=texts)
            body.update(self.texts(node, said))
        body.update(self.seen(node, *filter(None, (meaning,)), *self.cases(meaning), *every))
        self.nodes.append((node, body))
        return node

    def value(self, element: Element) -> dict[str, Any]:
        data_type = f"xsd:{(element.value_type or 'xs:string').removeprefix('xs:')}"
        values = element.allowed_values
        if values:
            body: dict[str, Any] = {
                "a": "samm-c:Enumeration",
                "samm:dataType": data_type,
                "samm-c:values": tuple(
                    self.literal(each, element.value_type or "xs:string") for each in values
                ),
            }
            if element.default is not None:
                body["a"] = "samm-c:State"
                body["samm-c:defaultValue"] = self.literal(
                    element.default, element.value_type or "xs:string"
                )
            return body
        if element.default is not None:
            self.lose(element, "its default value: SAMM has defaults for enumerations only")
        unit = _SAMM_UNIT.fullmatch(self.unit_id(element.semantic_id))
        if unit is not None or units.resolve(element.unit) is not None:
            body = {"a": "samm-c:Measurement", "samm:dataType": data_type}
            if unit is not None:
                body["samm-c:unit"] = f"unit:{unit[1]}"
            else:
                self.lose(element, f"the unit `{element.unit}`: give the unit of SAMM for it")
            return body
        if element.unit:
            self.lose(element, f"`{element.unit}`, which is no unit that is known")
        if element.value_type in NUMERIC:
            return {"a": "samm-c:Quantifiable", "samm:dataType": data_type}
        return {"a": "samm:Characteristic", "samm:dataType": data_type}

    def constrained(self, element: Element, base: str | dict[str, Any]) -> str | dict[str, Any]:
        constraints: list[Any] = []
        interval = element.allowed_range
        if interval is not None and interval.others:
            self.lose(element, f"the range {interval}: SAMM has one interval for all")
        elif interval is not None:
            constraints.append(self.range_(element, interval))
        if element.allowed_pattern is not None:
            constraints.append(
                {
                    "a": "samm-c:RegularExpressionConstraint",
                    "samm:value": text(element.allowed_pattern),
                }
            )
        constraints += (
            {"a": "samm-c:LanguageConstraint", "samm-c:languageCode": text(each)}
            for each in element.required_languages
        )
        if element.allowed_id_short:
            self.lose(element, "the pattern of the idShort")
        if element.choices:
            self.lose(element, "the choices that a form offers")
        if not constraints:
            return base
        return {
            "a": "samm-c:Trait",
            "samm-c:baseCharacteristic": base,
            "samm-c:constraint": constraints,
        }

    def range_(self, element: Element, interval: Interval) -> Node:
        type_ = element.value_type or "xs:double"
        body: dict[str, Any] = {"a": "samm-c:RangeConstraint"}
        for name, bound, value, included, word in (
            (
                "minValue",
                "lowerBoundDefinition",
                interval.low,
                interval.low_included,
                "AT_LEAST GREATER_THAN",
            ),
            (
                "maxValue",
                "upperBoundDefinition",
                interval.high,
                interval.high_included,
                "AT_MOST LESS_THAN",
            ),
        ):
            if value is not None:
                shown = f"{value:f}" if abs(value.adjusted()) < 20 else plain(value)
                body[f"samm-c:{name}"] = self.literal(shown, type_)
                body[f"samm-c:{bound}"] = f"samm-c:{word.split()[0 if included else 1]}"
        return body

    @staticmethod
    def literal(value: str, value_type: str) -> str:
        tail = "" if value_type == "xs:string" else f"^^xsd:{value_type.removeprefix('xs:')}"
        return text(value) + tail


def _upper(name: str) -> str:
    return name[:1].upper() + name[1:]


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]
