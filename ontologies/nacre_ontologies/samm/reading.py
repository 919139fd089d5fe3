"""From an aspect model to submodel templates."""

import re
import typing
from collections.abc import Iterable, Iterator
from typing import Any

from nacre_aas import model
from nacre_aas.errors import InputError, NoContentError
from nacre_aas.model import (
    ConceptDescription,
    Environment,
    Qualifier,
    Submodel,
)
from nacre_aas.model.datatypes import DataTypeDefXsd
from nacre_aas.schema import walk
from nacre_aas.xsd import problem
from nacre_ontologies import rdf, units
from nacre_ontologies.formats import Format, format_of
from nacre_ontologies.samm.terms import (
    READY_MADE,
    TERM,
    Converted,
    long_enough,
    name_of,
    plain_name,
    short,
)
from nacre_ontologies.shacl.graph import LANG_STRING, Graph, is_blank, is_literal, lexical, literal
from nacre_ontologies.terms import TYPE, XSD
from nacre_submodels.builder import external_reference
from nacre_submodels.qualifiers import interval, value_pattern

_IEC61360 = "https://admin-shell.io/DataSpecificationTemplates/DataSpecificationIec61360/3"
#: Types of XML Schema 1.1 that AAS lacks, and the nearest that it has.
_NEAREST = {
    "dateTimeStamp": "xs:dateTime",
    "yearMonthDuration": "xs:duration",
    "dayTimeDuration": "xs:duration",
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
        match, own = TERM.match(entity), _ENTITIES.get(short(entity))
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
        self.predicates = {short(each): each for each in graph.columns if short(each)}

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
        return next((short(each) for each in self.graph.objects(node, TYPE) if short(each)), "")

    def list_(self, node: str, name: str) -> list[str]:
        head = self.one(node, name)
        members = [] if head is None else self.graph.members(head)
        if members is None:
            raise InputError(
                f"the {name} of {name_of(node)} are no list: it goes in a circle, or has no end",
                "an RDF list has one rdf:first and one rdf:rest at each step, and ends with rdf:nil",
            )
        return members

    def lose(self, node: str, reason: str) -> None:
        kind = self.kind(node) or "without a name"
        self.left_out.append((f"({kind})" if is_blank(node) else name_of(node), reason))

    def lose_the_rest(self) -> None:
        """Note what was never asked for: nodes that no aspect leads to, and attributes of the others."""
        led_to = self.led_to()
        for node, class_ in self.graph.column(TYPE).pairs():
            is_instance = self.kind(class_) in ("Entity", "AbstractEntity")
            is_known = is_blank(node) or short(node) or node in led_to
            if (short(class_) or is_instance) and not is_known:
                self.lose(node, "no aspect leads to it")
        for predicate, column in self.graph.columns.items():
            if predicate == TYPE:
                continue
            name = short(predicate) or predicate
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
            name_of(node)
            for node, names in self.asked.items()
            if {"dataType", "elementCharacteristic"} & names
            or self.kind(node) in ("Trait", "Either")
            if node not in kept and not is_blank(node) and not short(node)
        )
        if lost:
            reason = "their names: an element has that of its property, and no characteristic"
            self.left_out.append((", ".join(lost), reason))

    # -- aspects -----------------------------------------------------------------------------------

    def aspects(self) -> list[str]:
        types = self.graph.column(TYPE)
        return sorted(node for node, kind in types.pairs() if short(kind) == "Aspect")

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
        taken: set[str] = set()
        for usage, owner in self.usages(node, ()):
            for element in self.property(usage, owner):
                if element.id_short in taken:
                    self.lose(owner, f"a second property that is called `{element.id_short}`")
                else:
                    taken.add(element.id_short)
                    yield element
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
            called = "one without a name" if is_blank(each) else name_of(each)
            self.lose(node, f"that it extends {called}: what it inherits stands in it")
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
        if name is not None and (own_name := long_enough(plain_name(name))) != name:
            self.lose(node, f"payloadName: the idShort is `{own_name}`, not `{name}`")
        for element in self.elements(node, characteristic, []):
            element.id_short = long_enough(
                plain_name(name or name_of(node)) + (element.id_short or "")
            )
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
        kind = self.kind(characteristic) or short(characteristic)
        if kind == "Trait":
            own = self.objects(characteristic, "constraint")
            base = self.one(characteristic, "baseCharacteristic")
            return self.elements(node, base, [*constraints, *own])
        if kind == "Either":
            return self.either(node, characteristic, constraints)
        if kind in _COLLECTIONS:
            return [self.collection(node, characteristic, kind, constraints)]
        data_type = self.one(characteristic, "dataType") or READY_MADE.get(short(characteristic))
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
                group = _qualifier("SMT/EitherOr", name_of(node))
                inner = [each for each in element.qualifiers or () if each.type != group.type]
                if len(inner) < len(element.qualifiers or ()):
                    self.lose(node, "an Either within an Either: AAS has groups of one level")
                element.qualifiers = [group, *inner]
                element.semantic_id = _meaning(target, node)
                own = external_reference(node)
                others = [each for each in element.supplemental_semantic_ids or () if each != own]
                element.supplemental_semantic_ids = [*others, own]
                if target is not None:
                    self.concept_of_part(node, target)
                found.append(element)
        return found

    def collection(self, node: str, characteristic: str, kind: str, constraints: list[str]) -> Any:
        inner = self.one(characteristic, "elementCharacteristic")
        if inner is not None:
            members = self.elements(node, inner, [])
            self.concept_of_part(node, inner)
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
        elif kind not in _HELD and kind not in READY_MADE:
            self.lose(characteristic, f"that it is a {kind}: its data type stays")
        made_property = model.Property(value_type=self.value_type(node, data_type))
        values = list(self.enumerated(characteristic, made_property.value_type or "xs:string"))
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
        if data_type is not None and short(data_type) == "curie":
            self.lose(node, "curie: taken as a text")
        else:
            self.lose(node, "no data type that AAS has: taken as a text")
        return "xs:string"

    def enumerated(self, characteristic: str, value_type: str) -> Iterator[Qualifier]:
        """The allowed values of an enumeration or state, and its default."""
        values = [self.described(each) for each in self.list_(characteristic, "values")]
        stated = [literal(each).lexical for each in values if is_literal(each)]
        words = [each for each in stated if problem(each, value_type) is None]
        for each in stated:
            if each not in words:
                self.lose(characteristic, f"the value `{each}`, which is no {value_type}")
        if len(stated) < len(values):
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
            elif kind == "RangeConstraint" and interval(self.interval(each)) is None:
                self.lose(each, f"the range {self.interval(each)}: templates have those of numbers")
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
        lower = short(self.one(constraint, "lowerBoundDefinition") or "")
        upper = short(self.one(constraint, "upperBoundDefinition") or "")
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
        name = model.LangStringPreferredNameTypeIec61360(language="en", text=name_of(node)[:255])
        # IEC 61360 asks for both in English; where SAMM has none, the name stands in.
        meaning = model.LangStringDefinitionTypeIec61360(language="en", text=name_of(node)[:1023])
        content = model.DataSpecificationIec61360(
            preferred_name=names if _has_english(names) else [name, *(names or ())],
            definition=words if _has_english(words) else [meaning, *(words or ())],
        )
        unit = self.unit_of(characteristic)
        if unit is not None:
            found = units.resolve(None, unit)
            content.unit = found.symbol if found is not None else short(unit) or name_of(unit)
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

    def concept_of_part(self, node: str, part: str) -> None:
        """The concept of the members of a list or of one side of an Either; what has no name has none."""
        unit = self.unit_of(part) if is_blank(part) else None
        if unit is not None:
            self.lose(node, f"unit: `{name_of(unit)}`, of a {self.kind(part)} without a name")
        self.concept(part, part)

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


def _shown(value: str) -> str:
    """A value as messages show it."""
    return (
        f"`{literal(value).lexical}`"
        if is_literal(value)
        else "a node"
        if is_blank(value)
        else f"`{name_of(value)}`"
    )


def _id_short(node: str) -> str:
    return long_enough(plain_name(name_of(node)))


def _meaning(*nodes: str | None) -> model.Reference | None:
    """A semantic id by the first of some nodes that has a name."""
    named = (each for each in nodes if each is not None and not is_blank(each))
    return next(map(external_reference, named), None)


def _urn_version(node: str) -> str:
    match = re.fullmatch(r"urn:samm:[^#]*:(\d+\.\d+\.\d+)#.*", node)
    return match[1] if match else ""


def _qualifier(type_: str, value: str) -> Qualifier:
    return Qualifier(kind="TemplateQualifier", type=type_, value_type="xs:string", value=value)


def read(name: str, data: bytes) -> Converted:
    """The aspects of a file as templates.

    Raises:
        InputError: the file is malformed, or has no aspect.
    """
    format_ = format_of(name, data) or Format.TURTLE
    return to_templates(rdf.parse(data, format_))
