"""Aspect models of the Eclipse Semantic Modeling Framework (SAMM) as submodel templates, and back.

An aspect becomes a submodel of kind Template, its properties become elements, its URNs semantic ids with
concept descriptions. What AAS cannot hold is listed, never dropped in silence; docs/samm.md has the table.
The terms are those of SAMM 2.x (`urn:samm:org.eclipse.esmf.samm:…`).
"""

import dataclasses
import re
import typing
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec
from msgspec.structs import replace

from nacre_aas import model
from nacre_aas.constraints.context import contents
from nacre_aas.errors import InputError, NoContentError
from nacre_aas.model import (
    ConceptDescription,
    Environment,
    Qualifier,
    Submodel,
)
from nacre_aas.model.datatypes import DataTypeDefXsd
from nacre_aas.schema import VARIABLES, walk
from nacre_aas.xsd import NUMERIC
from nacre_ontologies import rdf, turtle, units
from nacre_ontologies.formats import Format, format_of
from nacre_ontologies.semantic_ids import concept_iri
from nacre_ontologies.shacl.graph import LANG_STRING, Graph, is_blank, is_literal, lexical, literal
from nacre_ontologies.terms import RDF, TYPE, XSD
from nacre_ontologies.turtle import Node, text
from nacre_submodels import compiler
from nacre_submodels.builder import external_reference
from nacre_submodels.qualifiers import value_pattern
from nacre_submodels.template import Element, Interval, Template, plain
from nacre_submodels.template import walk as walk_template

_SAMM = re.compile(
    r"urn:samm:org\.eclipse\.esmf\.samm:(meta-model|characteristic|entity|unit):([\d.]+)#"
)
#: The URN of a namespace with its version.
NAMESPACE = re.compile(r"urn:samm:[\w.-]+:\d+\.\d+\.\d+")
_IEC61360 = "https://admin-shell.io/DataSpecificationTemplates/DataSpecificationIec61360/3"
#: The version that is written.
_VERSION = "2.3.0"
#: Types of XML Schema 1.1 that AAS lacks, and the nearest that it has.
_NEAREST = {
    "dateTimeStamp": "xs:dateTime",
    "yearMonthDuration": "xs:duration",
    "dayTimeDuration": "xs:duration",
}
#: Characteristics that SAMM defines itself: name -> data type.
_READY_MADE = {
    "Timestamp": XSD + "dateTime",
    "Text": XSD + "string",
    "MultiLanguageText": LANG_STRING,
    "Boolean": XSD + "boolean",
    "Locale": XSD + "string",
    "Language": XSD + "string",
    "UnitReference": f"urn:samm:org.eclipse.esmf.samm:meta-model:{_VERSION}#curie",
    "ResourcePath": XSD + "anyURI",
    "MimeType": XSD + "string",
}
#: Entities that SAMM defines itself: name -> properties with their characteristics; without one they are abstract.
_ENTITIES: dict[str, dict[str, str | None]] = {
    "TimeSeriesEntity": {"timestamp": "Timestamp", "value": None},
    "Point3d": {"x": None, "y": None, "z": None},
    "FileResource": {"resource": "ResourcePath", "mimeType": "MimeType"},
    "Quantity": {"value": None, "unit": "UnitReference"},
}
#: Characteristics that say no more than their data type, or that are read one by one.
_HELD = frozenset(
    ("", "Characteristic", "Enumeration", "Measurement", "Quantifiable", "SingleEntity", "State")
)
#: Elements that templates of one graph may have: shared entities are written out wherever they are used.
_MOST_ELEMENTS = 50_000
_COLLECTIONS = {
    "Collection": False,
    "Set": False,
    "SortedSet": True,
    "List": True,
    "TimeSeries": True,
}


@dataclasses.dataclass(frozen=True)
class Converted:
    """A result, and what of the source it does not hold: place and reason."""

    content: Any
    left_out: tuple[tuple[str, str], ...]


# -- SAMM to AAS -----------------------------------------------------------------------------------


def to_templates(quads: Iterable[Any]) -> Converted:
    """The aspects of a graph as an environment of templates with their concepts.

    Raises:
        NoContentError: there is no aspect.
    """
    graph = Graph(quads)
    graph.add(rdf.parse(_entities_for(graph), Format.TURTLE))
    reader = _Reader(graph)
    submodels = [reader.aspect(each) for each in reader.aspects()]
    if not submodels:
        raise NoContentError("the graph has no aspect of SAMM")
    reader.lose_the_rest()
    reader.lose_names(submodels)
    concepts = [reader.concepts[each] for each in sorted(reader.concepts)]
    content = Environment(submodels=submodels, concept_descriptions=concepts or None)
    return Converted(content, tuple(dict.fromkeys(reader.left_out)))


def _entities_for(graph: Graph) -> str:
    """The entities of SAMM that a graph uses and does not bring along, in Turtle."""
    typed = {node for node, _ in graph.column(TYPE).pairs()}
    used = {node for column in graph.columns.values() for node in column.objects}
    lines = []
    for entity in sorted(used):
        match, own = _SAMM.match(entity), _ENTITIES.get(_short(entity))
        if match is None or match[1] != "entity" or own is None or entity in typed:
            continue
        samm, ready_made = (
            match[0].replace(":entity:", f":{name}:") for name in ("meta-model", "characteristic")
        )
        names = " ".join(f"<{match[0]}{name}>" for name in own)
        lines.append(f"<{entity}> a <{samm}Entity> ; <{samm}properties> ( {names} ) .")
        lines += [
            f"<{match[0]}{name}> a <{samm}Property> ; <{samm}characteristic> <{ready_made}{kind}> ."
            for name, kind in own.items()
            if kind is not None
        ]
    return "\n".join(lines)


class _Reader:
    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.concepts: dict[str, ConceptDescription] = {}
        self.left_out: list[tuple[str, str]] = []
        #: The attributes that were asked for, by node.
        self.asked: dict[str, set[str]] = {}
        self.open: list[str] = []
        self.made = 0
        #: The characteristics that are being read, with the number of entities around them.
        self.chain: list[tuple[int, str]] = []
        #: A term of SAMM by its short name: versions of the meta model differ in their IRIs.
        self.predicates = {_short(each): each for each in graph.columns if _short(each)}

    # -- the graph ---------------------------------------------------------------------------------

    def objects(self, node: str, name: str) -> list[str]:
        """The values of an attribute of SAMM."""
        self.asked.setdefault(node, set()).add(name)
        predicate = self.predicates.get(name)
        return [] if predicate is None else list(self.graph.objects(node, predicate))

    def one(self, node: str, name: str) -> str | None:
        """The only value of an attribute."""
        found = self.objects(node, name)
        for each in found[1:]:
            self.lose(node, f"{name}: {_shown(each)} beside {_shown(found[0])}")
        return found[0] if found else None

    def kind(self, node: str) -> str:
        """The class of SAMM that a node is of."""
        return next((_short(each) for each in self.graph.objects(node, TYPE) if _short(each)), "")

    def list_(self, node: str, name: str) -> list[str]:
        head = self.one(node, name)
        members = [] if head is None else self.graph.members(head)
        if members is None:
            raise InputError(
                f"the {name} of {_name(node)} are no list: it goes in a circle, or has no end",
                "an RDF list has one rdf:first and one rdf:rest at each step, and ends with rdf:nil",
            )
        return members

    def lose(self, node: str, reason: str) -> None:
        kind = self.kind(node) or "without a name"
        self.left_out.append((f"({kind})" if is_blank(node) else _name(node), reason))

    def lose_the_rest(self) -> None:
        """Note what was never asked for: nodes that no aspect leads to, and attributes of the others."""
        led_to = self.led_to()
        for node, class_ in self.graph.column(TYPE).pairs():
            is_instance = self.kind(class_) in ("Entity", "AbstractEntity")
            is_known = is_blank(node) or _short(node) or node in led_to
            if (_short(class_) or is_instance) and not is_known:
                self.lose(node, "no aspect leads to it")
        for predicate, column in self.graph.columns.items():
            if predicate == TYPE:
                continue
            name = _short(predicate) or predicate
            for node, _ in column.pairs():
                if node in self.asked and name not in self.asked[node]:
                    self.lose(node, f"{name}: templates of AAS have no place for it")

    def led_to(self) -> set[str]:
        """The nodes that an aspect leads to, in any way."""
        follows: dict[str, list[str]] = {}
        for column in self.graph.columns.values():
            for node, value in column.pairs():
                follows.setdefault(node, []).append(value)
        found, open_ = set(self.aspects()), self.aspects()
        while open_:
            new = set(follows.get(open_.pop(), ())) - found
            found |= new
            open_ += new
        return found

    def lose_names(self, submodels: list[Submodel]) -> None:
        """Note the names of characteristics that are no semantic ids."""
        kept = {each.value for s in submodels for _, each in walk(s) if isinstance(each, model.Key)}
        lost = sorted(
            _name(node)
            for node, names in self.asked.items()
            if {"dataType", "elementCharacteristic"} & names
            or self.kind(node) in ("Trait", "Either")
            if node not in kept and not is_blank(node) and not _short(node)
        )
        if lost:
            reason = "their names: an element has that of its property, and no characteristic"
            self.left_out.append((", ".join(lost), reason))

    # -- aspects -----------------------------------------------------------------------------------

    def aspects(self) -> list[str]:
        types = self.graph.column(TYPE)
        return sorted(node for node, kind in types.pairs() if _short(kind) == "Aspect")

    def aspect(self, node: str) -> Submodel:
        name = _id_short(node)
        version = _urn_version(node)
        for each in self.objects(node, "events"):
            if self.graph.members(each):
                self.lose(
                    node, "events: AAS has no event that is described without what it observes"
                )
        elements = [*self.properties(node), *self.operations(node)]
        major, _, minor = version.partition(".")
        return Submodel(
            id=node,
            id_short=name,
            kind="Template",
            semantic_id=external_reference(node),
            supplemental_semantic_ids=self.seen(node),
            administration=model.AdministrativeInformation(
                version=major or None, revision=minor.partition(".")[0] or None
            )
            if major
            else None,
            display_name=self.texts(node, "preferredName", model.LangStringNameType, 128),
            description=self.texts(node, "description", model.LangStringTextType, 1023),
            submodel_elements=elements or None,
        )

    def operations(self, node: str) -> Iterator[Any]:
        for each in self.list_(node, "operations"):
            inputs = [v for p in self.list_(each, "input") for v in self.property(p, each)]
            output = self.one(each, "output")
            outputs = [] if output is None else list(self.property(output, each))
            for result in outputs:
                if result.id_short in {v.id_short for v in inputs}:
                    self.lose(
                        each, "one property as input and output: the output is called otherwise"
                    )
                    result.id_short += "Output"
            self.concept(each, None)
            yield model.Operation(
                id_short=_id_short(each),
                semantic_id=external_reference(each),
                qualifiers=[_qualifier("SMT/Cardinality", "One")],
                input_variables=[model.OperationVariable(value=v) for v in inputs] or None,
                output_variables=[model.OperationVariable(value=v) for v in outputs] or None,
            )

    def properties(self, node: str) -> Iterator[Any]:
        """The elements of an aspect or entity, those that it inherits first."""
        if node in self.open:
            return
        self.open.append(node)
        for usage, owner in self.usages(node, ()):
            yield from self.property(usage, owner)
        self.open.pop()

    def usages(self, node: str, below: tuple[str, ...]) -> list[tuple[str, str]]:
        """The properties of an aspect or entity with their owners, without those that it gives anew."""
        if node in below:
            return []
        own = self.list_(node, "properties")
        anew = {self.one(each, "extends") for each in own if is_blank(each)} - {None}
        inherited = (
            usage for parent in self.extended(node) for usage in self.usages(parent, (*below, node))
        )
        kept = [each for each in inherited if self.named_by(each[0]) not in anew]
        return [*kept, *((each, node) for each in own)]

    def extended(self, node: str) -> list[str]:
        """The aspects or entities whose properties a node has too."""
        found = self.objects(node, "extends")
        for each in found:
            self.lose(node, f"that it extends {_name(each)}: what it inherits stands in it")
        return found

    def named_by(self, usage: str) -> str | None:
        """The property that is used."""
        if not is_blank(usage):
            return usage
        return self.one(usage, "property") or self.one(usage, "extends")

    def property(self, usage: str, owner: str) -> Iterator[Any]:
        """The element of a property where it is used; two for an Either."""
        node, optional, name = usage, False, None
        if is_blank(usage):
            found = self.named_by(usage)
            if found is None:
                self.lose(owner, "a property that is neither named nor extended")
                return
            node = found
            optional = lexical(self.one(usage, "optional") or '"false"') == "true"
            name = lexical(self.one(usage, "payloadName") or '""') or None
            if lexical(self.one(usage, "notInPayload") or '"false"') == "true":
                self.lose(node, "notInPayload: an element of AAS is always in its payload")
        own = self.one(usage, "characteristic") if is_blank(usage) else None
        characteristic = own or self.one(node, "characteristic")
        cardinality = "ZeroToOne" if optional else "One"
        self.concept(node, characteristic)
        example, language = self.example(node)
        if name is not None and (own_name := _long_enough(_plain(name))) != name:
            self.lose(node, f"payloadName: the idShort is `{own_name}`, not `{name}`")
        for element in self.elements(node, characteristic, []):
            element.id_short = _long_enough(_plain(name or _name(node)) + (element.id_short or ""))
            element.semantic_id = element.semantic_id or _meaning(node)
            stated = [_qualifier("SMT/Cardinality", cardinality)]
            if example is not None and isinstance(element, model.MultiLanguageProperty):
                tail = f"@{language}" if language else ""
                stated.append(_qualifier("SMT/ExampleValue", example + tail))
            elif example is not None and isinstance(element, model.Property):
                stated.append(_qualifier("SMT/ExampleValue", example))
                if language:
                    reason = f"exampleValue: that `{example}` is in the language `{language}`"
                    self.lose(node, reason)
            elif example is not None:
                self.lose(node, f"exampleValue: a {type(element).__name__} has none")
            element.qualifiers = [*stated, *(element.qualifiers or ())]
            yield element

    def example(self, node: str) -> tuple[str | None, str | None]:
        """The example of a property, and the language that it is in."""
        found = self.one(node, "exampleValue")
        if found is None:
            return None, None
        if not is_literal(self.described(found)):
            self.lose(node, f"exampleValue: {_shown(found)} is no literal")
            return None, None
        value, _, language = literal(self.described(found))
        if not value:
            self.lose(node, "exampleValue: a text that is empty")
            return None, None
        return value, language

    def elements(self, node: str, characteristic: str | None, constraints: list[str]) -> list[Any]:
        """The element that a characteristic makes; without idShort, but for the sides of an Either."""
        if characteristic is None:
            self.lose(node, "no characteristic: taken as a text")
            return [model.Property(value_type="xs:string")]
        link = (len(self.open), characteristic)
        if link in self.chain:
            self.lose(node, "a characteristic that contains itself: taken as a text")
            return [model.Property(value_type="xs:string")]
        self.chain.append(link)
        found = self.elements_of(node, characteristic, constraints)
        self.chain.pop()
        return found

    def elements_of(self, node: str, characteristic: str, constraints: list[str]) -> list[Any]:
        """The same for a characteristic that is not within itself."""
        self.made += 1
        if self.made > _MOST_ELEMENTS:
            raise InputError(
                f"the aspects have more than {_MOST_ELEMENTS} elements",
                "entities that are shared on many levels multiply: a template has each place of them apart",
            )
        kind = self.kind(characteristic) or _short(characteristic)
        if kind == "Trait":
            own = self.objects(characteristic, "constraint")
            base = self.one(characteristic, "baseCharacteristic")
            return self.elements(node, base, [*constraints, *own])
        if kind == "Either":
            return self.either(node, characteristic, constraints)
        if kind in _COLLECTIONS:
            return [self.collection(node, characteristic, kind, constraints)]
        data_type = self.one(characteristic, "dataType") or _READY_MADE.get(_short(characteristic))
        return [self.value(node, characteristic, kind, data_type, constraints)]

    def either(self, node: str, characteristic: str, constraints: list[str]) -> list[Any]:
        found = []
        for word in ("preferredName", "description", "see"):
            if self.objects(node, word):
                self.lose(node, f"{word}: an Either has no element of its own")
        for side in ("left", "right"):
            target = self.one(characteristic, side)
            for element in self.elements(node, target, constraints):
                element.id_short = side.capitalize() + (element.id_short or "")
                group = _qualifier("SMT/EitherOr", _name(node))
                inner = [each for each in element.qualifiers or () if each.type != group.type]
                if len(inner) < len(element.qualifiers or ()):
                    self.lose(node, "an Either within an Either: AAS has groups of one level")
                element.qualifiers = [group, *inner]
                element.semantic_id = _meaning(target, node)
                own = external_reference(node)
                others = [each for each in element.supplemental_semantic_ids or () if each != own]
                element.supplemental_semantic_ids = [*others, own]
                if target is not None:
                    self.concept(target, target)
                found.append(element)
        return found

    def collection(self, node: str, characteristic: str, kind: str, constraints: list[str]) -> Any:
        inner = self.one(characteristic, "elementCharacteristic")
        if inner is not None:
            members = self.elements(node, inner, [])
        else:
            data_type = self.one(characteristic, "dataType")
            members = [self.value(node, characteristic, "Characteristic", data_type, [])]
        if kind in ("Set", "SortedSet"):
            self.lose(node, f"{kind}: that no member stands twice")
        if kind == "TimeSeries":
            self.lose(node, "TimeSeries: taken as a list")
        for each in constraints:
            self.lose(each, f"{self.kind(each)} on a collection")
        for member in members:
            member.id_short = None
            member.semantic_id = member.semantic_id or _meaning(inner, node)
            member.qualifiers = [
                _qualifier("SMT/Cardinality", "ZeroToMany"),
                *(member.qualifiers or ()),
            ]
        first = members[0]
        made = model.SubmodelElementList(
            order_relevant=None if _COLLECTIONS[kind] else False,
            type_value_list_element=type(first).__name__,  # type: ignore[arg-type]
            value=members[:1],
        )
        if isinstance(first, model.Property):
            made.value_type_list_element = first.value_type
        return made

    def value(
        self,
        node: str,
        characteristic: str,
        kind: str,
        data_type: str | None,
        constraints: list[str],
    ) -> Any:
        """A single value: a property, a text in languages, or a collection for an entity."""
        if data_type is not None and self.kind(data_type) in ("Entity", "AbstractEntity"):
            for each in constraints:
                self.lose(each, f"{self.kind(each)} on an entity")
            if data_type in self.open:
                self.lose(data_type, "an entity within itself: nothing is asked of the inner one")
                inner = model.SubmodelElementCollection()
                inner.supplemental_semantic_ids = [external_reference(data_type)]
                return inner
            members = list(self.properties(data_type))
            made = model.SubmodelElementCollection(value=members or None)
            made.supplemental_semantic_ids = [external_reference(data_type)]
            self.concept(data_type, None)
            return made
        if data_type == LANG_STRING:
            texts = model.MultiLanguageProperty()
            texts.qualifiers = list(self.constrained(constraints)) or None
            return texts
        if kind == "StructuredValue":
            self.lose(characteristic, "deconstructionRule: the value stays one text")
        elif kind not in _HELD and kind not in _READY_MADE:
            self.lose(characteristic, f"that it is a {kind}: its data type stays")
        made_property = model.Property(value_type=self.value_type(node, data_type))
        values = list(self.enumerated(characteristic))
        is_listed = any(each.type == "SMT/AllowedValue" for each in values)
        stated = [*values, *self.constrained(constraints, is_listed=is_listed)]
        made_property.qualifiers = stated or None
        return made_property

    def value_type(self, node: str, data_type: str | None) -> Any:
        name = (data_type or "").removeprefix(XSD)
        if data_type is not None and data_type.startswith(XSD):
            if name in _NEAREST:
                self.lose(node, f"xsd:{name}: taken as {_NEAREST[name]}")
                return _NEAREST[name]
            if f"xs:{name}" in typing.get_args(DataTypeDefXsd):
                return f"xs:{name}"
        if data_type is not None and _short(data_type) == "curie":
            self.lose(node, "curie: taken as a text")
        else:
            self.lose(node, "no data type that AAS has: taken as a text")
        return "xs:string"

    def enumerated(self, characteristic: str) -> Iterator[Qualifier]:
        """The allowed values of an enumeration or state, and its default."""
        values = [self.described(each) for each in self.list_(characteristic, "values")]
        words = [literal(each).lexical for each in values if is_literal(each)]
        if len(words) < len(values):
            self.lose(characteristic, "values that are entities: AAS lists literals only")
        if words:
            if any(mark in word for word in words for mark in ";|"):
                self.lose(
                    characteristic, "values that hold `;` or `|`, which part values in templates"
                )
            else:
                yield _qualifier("SMT/AllowedValue", ";".join(words))
        default = self.one(characteristic, "defaultValue")
        if default is not None and is_literal(default):
            yield _qualifier("SMT/DefaultValue", literal(default).lexical)

    def described(self, value: str) -> str:
        """The literal of a value that is described by a node of its own, else the value."""
        if is_literal(value) or self.kind(value) != "Value":
            return value
        self.asked.setdefault(value, set())  # so that its description is said to be lost
        return self.one(value, "value") or value

    def constrained(
        self, constraints: list[str], *, is_listed: bool = False
    ) -> Iterator[Qualifier]:
        """What constraints ask for; `is_listed` says that the values are listed already."""
        ranges = 0
        for each in constraints:
            kind = self.kind(each)
            if kind == "RangeConstraint" and ranges:
                self.lose(each, f"a second range beside the first: {self.interval(each)}")
            elif kind == "RangeConstraint":
                ranges += 1
                yield _qualifier("SMT/AllowedRange", self.interval(each))
            elif kind == "LanguageConstraint":
                code = self.one(each, "languageCode")
                yield _qualifier("SMT/RequiredLang", lexical(code or '""') or "")
            elif kind == "RegularExpressionConstraint":
                pattern = lexical(self.one(each, "value") or '""') or ""
                anchored = pattern if pattern.startswith("^") else f"^({pattern})$"
                if is_listed:
                    self.lose(each, f"the pattern `{pattern}` beside listed values or a pattern")
                elif value_pattern(anchored) is None:
                    self.lose(each, f"the pattern `{pattern}`, which is not understood")
                else:
                    is_listed = True
                    yield _qualifier("SMT/AllowedValue", anchored)
            else:
                self.lose(each, f"{kind}: templates of AAS have no such rule")

    def interval(self, constraint: str) -> str:
        low, high = (self.one(constraint, name) for name in ("minValue", "maxValue"))
        lower = _short(self.one(constraint, "lowerBoundDefinition") or "")
        upper = _short(self.one(constraint, "upperBoundDefinition") or "")
        left = "(" if lower == "GREATER_THAN" or low is None else "["
        right = ")" if upper == "LESS_THAN" or high is None else "]"
        first = "-inf" if low is None else lexical(low)
        return f"{left}{first},{'inf' if high is None else lexical(high)}{right}"

    # -- concepts ----------------------------------------------------------------------------------

    def concept(self, node: str, characteristic: str | None) -> None:
        """The concept description of a property, characteristic or entity."""
        if node in self.concepts or is_blank(node):
            return
        names = self.texts(node, "preferredName", model.LangStringPreferredNameTypeIec61360, 255)
        words = self.texts(node, "description", model.LangStringDefinitionTypeIec61360, 1023)
        name = model.LangStringPreferredNameTypeIec61360(language="en", text=_name(node)[:255])
        # IEC 61360 asks for both in English; where SAMM has none, the name stands in.
        meaning = model.LangStringDefinitionTypeIec61360(language="en", text=_name(node)[:1023])
        content = model.DataSpecificationIec61360(
            preferred_name=names if _has_english(names) else [name, *(names or ())],
            definition=words if _has_english(words) else [meaning, *(words or ())],
        )
        unit = self.unit_of(characteristic)
        if unit is not None:
            found = units.resolve(None, unit)
            content.unit = found.symbol if found is not None else _short(unit) or _name(unit)
            content.unit_id = external_reference(unit)
        self.concepts[node] = ConceptDescription(
            id=node,
            id_short=_id_short(node),
            is_case_of=self.seen(node),
            embedded_data_specifications=[
                model.EmbeddedDataSpecification(
                    data_specification=external_reference(_IEC61360),
                    data_specification_content=content,
                )
            ],
        )

    def seen(self, node: str) -> list[model.Reference] | None:
        """What a node refers to as meaning the same."""
        others = (e for e in self.objects(node, "see") if not is_literal(e) and e != node)
        return [external_reference(each) for each in others] or None

    def unit_of(self, characteristic: str | None) -> str | None:
        seen: set[str] = set()
        while characteristic is not None and characteristic not in seen:
            seen.add(characteristic)
            unit = self.one(characteristic, "unit")
            if unit is not None:
                self.asked.setdefault(unit, set())
                return unit
            characteristic = self.one(characteristic, "baseCharacteristic")
        return None

    def texts(self, node: str, name: str, kind: Any, limit: int) -> Any:
        found: dict[str, Any] = {}
        for each in self.objects(node, name):
            if not is_literal(each):
                self.lose(node, f"{name} that is no text")
                continue
            value, _, language = literal(each)
            if len(value) > limit:
                self.lose(node, f"{name} beyond {limit} characters")
            if not language:
                self.lose(node, f"{name}: that {_shown(each)} is in no language; English is taken")
            language = language or "en"
            if not value.strip():
                self.lose(node, f"{name}: a text that is empty")
            elif language in found:
                self.lose(node, f"{name}: {_shown(each)} beside another in `{language}`")
            else:
                found[language] = kind(language=language, text=value[:limit])
        return list(found.values()) or None


def _has_english(texts: Any) -> bool:
    return any(each.language.lower().partition("-")[0] == "en" for each in texts or ())


def _short(iri: str) -> str:
    """The name of a term of SAMM; nothing for other IRIs."""
    match = _SAMM.match(iri)
    return "" if match is None else iri[match.end() :]


def _name(node: str) -> str:
    return node.rpartition("#")[2] or node


def _shown(value: str) -> str:
    """A value as messages show it."""
    return (
        f"`{literal(value).lexical}`"
        if is_literal(value)
        else "a node"
        if is_blank(value)
        else f"`{_name(value)}`"
    )


def _plain(name: str) -> str:
    """A name as an idShort: letters, digits and underscores, a letter first."""
    cleaned = re.sub(r"[^A-Za-z0-9_]", "_", name)
    return cleaned if cleaned[:1].isalpha() else f"x{cleaned}"


def _id_short(node: str) -> str:
    return _long_enough(_plain(_name(node)))


def _long_enough(name: str) -> str:
    """An idShort of two characters at least, as metamodel 3.1 asks."""
    return name if len(name) > 1 else f"{name}_"


_SAMM_UNIT = re.compile(r"urn:samm:org\.eclipse\.esmf\.samm:unit:[\d.]+#(\w+)")


def _meaning(*nodes: str | None) -> model.Reference | None:
    """A semantic id by the first of some nodes that has a name."""
    named = (each for each in nodes if each is not None and not is_blank(each))
    return next(map(external_reference, named), None)


def _urn_version(node: str) -> str:
    match = re.fullmatch(r"urn:samm:[^#]*:(\d+\.\d+\.\d+)#.*", node)
    return match[1] if match else ""


def _qualifier(type_: str, value: str) -> Qualifier:
    return Qualifier(kind="TemplateQualifier", type=type_, value_type="xs:string", value=value)


# -- AAS to SAMM -----------------------------------------------------------------------------------


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
        "samm": f"urn:samm:org.eclipse.esmf.samm:meta-model:{_VERSION}#",
        "samm-c": f"urn:samm:org.eclipse.esmf.samm:characteristic:{_VERSION}#",
        "unit": f"urn:samm:org.eclipse.esmf.samm:unit:{_VERSION}#",
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
    if _said(element) - {name} or _READY_MADE[name] != type_:
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
        plain, number = _plain(name), 1
        while f"{plain}{number if number > 1 else ''}" in self.taken:
            number += 1
        found = f"{plain}{number if number > 1 else ''}"
        self.taken.add(found)
        return f":{found}"

    def lose(self, element: Element, reason: str) -> None:
        self.left_out.append((element.name, reason))

    def lose_the_rest(self, template: Template, aspect: str) -> None:
        """Note what of a template and its concepts has no place in SAMM."""
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
        if name and _long_enough(node[1:]) != name:
            body["samm:payloadName"] = text(name)
        return body if len(body) > 1 else node

    def of_namespace(self, identifier: str | None) -> str | None:
        """The name that an id is in the namespace, if it is one."""
        base, _, own = (identifier or "").rpartition("#")
        return own if base == self.base and own == _plain(own) else None

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
        if _long_enough(node[1:]) != element.id_short:
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
            stand_ins = (node[1:], _name(meaning) if meaning.startswith("urn:samm:") else "")
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
        name = _short(element.semantic_id or "")
        if name in _READY_MADE and _says_no_more(element, name):
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
                body[f"samm-c:{name}"] = self.literal(plain(value), type_)
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


def read(name: str, data: bytes) -> Converted:
    """The aspects of a file as templates.

    Raises:
        InputError: the file is malformed, or has no aspect.
    """
    format_ = format_of(name, data) or Format.TURTLE
    return to_templates(rdf.parse(data, format_))
