"""The structure shapes: what the metamodel demands of a structure graph, as SHACL.

From the records come, for each class, the shapes of its attributes: how many, of what kind, how long,
which words. From the table `RULES_IN_SHACL` come the constraints, each under its code. All of it is SHACL
Core, except `nx:uniqueBy`, which is declared in the same file as a SPARQL-based constraint component.
What SHACL cannot say stands in `NOT_IN_SHACL`, with the reason.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeAlias, get_args

from nacre_aas import model, patterns
from nacre_aas.constraints import RULES
from nacre_aas.constraints.attributes import (
    ELEMENT_KINDS,
    LITERAL,
    REQUIRED,
    TOO_LONG,
    TOO_SHORT,
    XML_CHARACTERS,
)
from nacre_aas.constraints.iec61360 import (
    MEASURES,
    TEMPLATE,
    TYPES_OF_DOCUMENTS,
    TYPES_OF_REFERENCES,
    TYPES_OF_VALUES,
)
from nacre_aas.constraints.metamodel import (
    FRAGMENT_KEYS,
    GLOBALLY_IDENTIFIABLES,
    IDENTIFIABLES,
    REFERABLES,
)
from nacre_aas.findings import Severity
from nacre_aas.model import Record
from nacre_aas.model.datatypes import DataTypeDefXsd
from nacre_aas.model.referencing import AasSubmodelElements
from nacre_aas.schema import (
    VARIABLES,
    Attribute,
    Kind,
    attributes,
    attributes_by_json_name,
    classes,
)
from nacre_aas.syntax import SYNTAX
from nacre_aas.versions import EXISTS, LITERALS, MAX_LENGTH, NONE, Metamodel
from nacre_aas.versions import REQUIRED as REQUIRED_IN
from nacre_ontologies import rules, turtle
from nacre_ontologies.shacl.shapes import RULE
from nacre_ontologies.terms import (
    NACRE,
    PREFIXES,
    STRUCTURE,
    class_iri,
    literal_iri,
    namespace,
    property_iri,
)
from nacre_ontologies.turtle import Node, Value, iri, text

#: The predicates of a shape that is still to be put together.
Body: TypeAlias = dict[str, Any]

#: The namespace of our shapes.
SHAPES = NACRE + "shapes/"

SEVERITY = {
    Severity.ERROR: "sh:Violation",
    Severity.WARNING: "sh:Warning",
    Severity.NOTE: "sh:Info",
}

#: Rules that SHACL does not check, and why.
NOT_IN_SHACL = {
    "AASd-006": "joins the id in a key with the id of a concept: the mapping has no edge there",
    "AASd-007": "joins the id in a key with the id of a concept: the mapping has no edge there",
    "AASd-012": "compares texts with those of a concept that only a key names",
    "AASc-3a-003": "joins the id in a key with the id of a concept",
    "MET-002": "a term that a version lacks is a property that its classes do not know: RDF-002",
    "MET-004": "RDF has no empty lists: an absent and an empty attribute are the same",
    "MET-020": "two nodes of one id are one node in RDF",
    "MET-021": "joins the ids in keys with identifiers, over several steps",
    "MET-022": "joins the ids in keys with identifiers, over several steps",
    "MET-023": "compares numbers that the mapping writes as texts",
    "MET-024": "joins the id in a key with the id of a concept",
    "MET-025": "joins the id in a key with the id of a concept",
    "MET-026": "joins the id in a key with the id of a concept",
    "MET-027": "the same, and compares the class of what the last step leads to with a text in the key",
}
#: Rules of which SHACL says most, and what it leaves out.
PARTLY_IN_SHACL = {
    "AASd-020": f"it leaves out {patterns.NOT_SAID['xs:float']}, {patterns.NOT_SAID['xs:date']}",
    "MET-009": f"it leaves out {patterns.NOT_SAID['xs:float']}, {patterns.NOT_SAID['xs:date']}",
    "MET-013": f"it leaves out {patterns.NOT_SAID['dateTimeUtc']}",
    "AASd-116": "where another specific asset id has the value of the globalAssetId",
    "AASd-107": "members whose semantic ids have several keys: SHACL compares no sequences",
    "AASd-114": "members whose semantic ids have several keys: SHACL compares no sequences",
    "MET-010": "languages that differ in case only",
}


def document(version: Metamodel) -> str:
    """The structure shapes of one metamodel version, in Turtle."""
    made = VersionShapes(version)
    return turtle.document(
        {"aas": namespace(version), **PREFIXES},
        [_UNIQUE_BY, *made.attribute_shapes(), *made.rule_shapes()],
        f"What metamodel {version.labels[0]} demands of its RDF. Made by nacre; do not edit.",
    )


#: The component for those who run SPARQL: each value that shares its key with another value.
_UNIQUE_BY: tuple[str, Node] = (
    "nx:UniqueByConstraintComponent",
    {
        "a": "sh:ConstraintComponent",
        "sh:parameter": {"sh:path": "nx:uniqueBy", "sh:nodeKind": "sh:IRI"},
        "sh:propertyValidator": {
            "a": "sh:SPARQLSelectValidator",
            "sh:message": text("another value has the same {$uniqueBy}"),
            "sh:select": text(
                "SELECT DISTINCT $this ?value WHERE { $this $PATH ?value . $this $PATH ?other . "
                "?value $uniqueBy ?key . ?other $uniqueBy ?key . FILTER (?value != ?other) }"
            ),
        },
    },
)


class VersionShapes:
    """Makes the shapes of one version."""

    def __init__(self, version: Metamodel) -> None:
        self.version = version
        (self.label,) = version.labels

    # -- terms -----------------------------------------------------------------------------------

    def class_(self, record: type[Record]) -> str:
        """The IRI of a class."""
        return iri(class_iri(record, self.version))

    def property(self, record: type[Record], json_name: str) -> str:
        """The IRI of an attribute of a class."""
        attribute = attributes_by_json_name(record)[json_name]
        return iri(property_iri(record, attribute, self.version))

    def word(self, record: type[Record], json_name: str, word: str) -> str:
        """The IRI of a literal of an enumeration."""
        attribute = attributes_by_json_name(record)[json_name]
        return iri(literal_iri(attribute, word, self.version))

    def words(self, record: type[Record], json_name: str, words: Any) -> tuple[str, ...]:
        """The IRIs of literals, in one order."""
        return tuple(self.word(record, json_name, word) for word in sorted(words))

    def classes_of(self, word: str) -> list[type[Record]]:
        """The classes with instances that a word such as `DataElement` stands for."""
        target = getattr(model, word)
        return [record for record in classes() if issubclass(record, target)]

    # -- attributes ------------------------------------------------------------------------------

    def attribute_shapes(self) -> Iterator[tuple[str, Node]]:
        """For each class what its attributes demand, and that it has no others."""
        for record in classes():
            shapes: list[Value] = []
            known = [each for each in attributes(record) if self._exists(record, each)]
            for attribute in known:
                shapes += self._attribute(record, attribute)
            yield (
                iri(f"{SHAPES}{self.label}/{record.__name__}"),
                {
                    "a": "sh:NodeShape",
                    "sh:targetClass": self.class_(record),
                    "sh:property": shapes,
                },
            )
            paths = [{"sh:path": iri(property_iri(record, each, self.version))} for each in known]
            yield (
                iri(f"{SHAPES}{self.label}/{record.__name__}Closed"),
                {
                    "a": "sh:NodeShape",
                    "sh:targetClass": self.class_(record),
                    "sh:closed": "true",
                    "sh:ignoredProperties": ("rdf:type", "nx:index", "nx:next"),
                    **({"sh:property": [*paths]} if paths else {}),
                    **_about(
                        rules.UNKNOWN_PROPERTY.code,
                        f"{record.__name__} has no such property in metamodel {self.label}",
                    ),
                },
            )
        for targets in _choices():
            alternatives = tuple({"sh:class": self.class_(each)} for each in targets)
            yield iri(self._choice(targets)), {"a": "sh:NodeShape", "sh:or": alternatives}

    def _exists(self, record: type[Record], attribute: Attribute) -> bool:
        versions = EXISTS.get((record.__name__, attribute.name))
        return versions is None or bool(versions & self.version)

    def _attribute(self, record: type[Record], attribute: Attribute) -> Iterator[Node]:
        path: Body = {"sh:path": iri(property_iri(record, attribute, self.version))}
        name = f"{record.__name__}/{attribute.json_name}"
        needed = REQUIRED_IN.get((record.__name__, attribute.name), NONE)
        if attribute.required or needed & self.version:
            yield {**path, "sh:minCount": "1", **_about(REQUIRED.code, f"{name} is required")}
        if not attribute.is_list:
            one = _about(rules.SEVERAL.code, f"{name} has several values")
            yield {**path, "sh:maxCount": "1", **one}
        kind = _about(rules.WRONG_NODE.code, f"{name} is of another kind")
        if attribute.targets:
            if len(attribute.targets) == 1:
                yield {**path, "sh:class": self.class_(attribute.targets[0]), **kind}
            else:
                yield {**path, "sh:node": iri(self._choice(attribute.targets)), **kind}
        elif attribute.kind is Kind.BOOLEAN:
            yield {**path, "sh:datatype": "xsd:boolean", **kind}
        elif attribute.kind is Kind.ENUMERATION:
            words = [
                iri(literal_iri(attribute, word, self.version))
                for word in attribute.literals
                if LITERALS.get((record.__name__, attribute.name, word), self.version)
                & self.version
            ]
            unknown = _about(LITERAL.code, f"{name} has none of its words")
            yield {**path, "sh:in": tuple(words), **unknown}
        else:
            yield from self._text(attribute, path, name, kind)

    def _text(self, attribute: Attribute, path: Body, name: str, kind: Node) -> Iterator[Node]:
        limits = attribute.text
        assert limits is not None
        is_binary = limits.name == "BlobType"
        datatype = "xsd:base64Binary" if is_binary else "xsd:string"
        if is_binary:  # the syntax is that of the datatype
            kind = _about(SYNTAX["base64"].code, f"{name} is no Base64")
        yield {**path, "sh:datatype": datatype, **kind}
        if limits.min_length:
            short = _about(TOO_SHORT.code, f"{name} is empty")
            yield {**path, "sh:minLength": str(limits.min_length), **short}
        if limits.max_length is not None:
            versions, earlier = MAX_LENGTH.get(limits.name, (NONE, limits.max_length))
            length = earlier if versions & self.version else limits.max_length
            long = _about(TOO_LONG.code, f"{name} has more than {length} characters")
            yield {**path, "sh:maxLength": str(length), **long}
        if limits.syntax is not None and not is_binary:
            pattern = patterns.of_syntax(limits.syntax, self.version)
            if pattern is not None:
                wrong = _about(SYNTAX[limits.syntax].code, f"{name} breaks the syntax of its type")
                yield {**path, "sh:pattern": text(pattern), **wrong}
        if not is_binary:
            forbidden = _about(XML_CHARACTERS.code, f"{name} has a character that XML forbids")
            yield {**path, "sh:pattern": text(patterns.XML_CHARACTERS), **forbidden}

    def _choice(self, targets: tuple[type[Record], ...]) -> str:
        """The shape of anything out of several classes."""
        return f"{SHAPES}{self.label}/Any{'SubmodelElement' if len(targets) > 8 else 'DataElement'}"

    # -- rules -----------------------------------------------------------------------------------

    def rule_shapes(self) -> Iterator[tuple[str, Node]]:
        """The constraints that SHACL can say."""
        for code, make in RULES_IN_SHACL.items():
            rule = RULES[code]
            if not rule.versions & self.version:
                continue
            for number, (targets, body) in enumerate(make(self)):
                name = f"{SHAPES}{self.label}/{code}" + (f"-{number}" if number else "")
                yield (
                    iri(name),
                    {
                        "a": "sh:NodeShape",
                        "sh:targetClass": [self.class_(each) for each in targets],
                        **body,
                        **_about(code, rule.name),
                        **_inner_about(body, code, rule.name),
                    },
                )


def _about(code: str, message: str) -> dict[str, Value]:
    """Severity, message and rule of a shape."""
    return {
        "sh:severity": SEVERITY[RULES[code].severity],
        "sh:message": text(message),
        f"<{RULE}>": text(code),
    }


def _inner_about(body: Node, code: str, message: str) -> Body:
    """The property shapes of a rule, which report under its code as well."""
    inner = body.get("sh:property")
    if inner is None:
        return {}
    several = inner if isinstance(inner, list) else [inner]
    return {
        "sh:property": [
            {**each, **_about(code, message)} if isinstance(each, dict) else each
            for each in several
        ]
    }


def _choices() -> set[tuple[type[Record], ...]]:
    return {
        attribute.targets
        for record in classes()
        for attribute in attributes(record)
        if len(attribute.targets) > 1
    }


# -- shapes of rules -------------------------------------------------------------------------------

_Shapes = Iterator[tuple[Sequence[type[Record]], Body]]
RULES_IN_SHACL: dict[str, Callable[[VersionShapes], _Shapes]] = {}


def _rule(
    *codes: str,
) -> Callable[[Callable[[VersionShapes], _Shapes]], Callable[[VersionShapes], _Shapes]]:
    def register(make: Callable[[VersionShapes], _Shapes]) -> Callable[[VersionShapes], _Shapes]:
        RULES_IN_SHACL.update(dict.fromkeys(codes, make))
        return make

    return register


def _some(path: Value) -> Node:
    """That a path leads somewhere."""
    return {"sh:property": {"sh:path": path, "sh:minCount": "1"}}


def _none(path: Value) -> Node:
    """That a path leads nowhere."""
    return {"sh:property": {"sh:path": path, "sh:maxCount": "0"}}


def _among(path: Value, words: tuple[str, ...]) -> Node:
    """That all values of a path are among some."""
    return {"sh:property": {"sh:path": path, "sh:in": words}}


def _not_among(path: Value, words: tuple[str, ...]) -> Node:
    """That no value of a path is among some."""
    return {"sh:property": {"sh:path": path, "sh:not": {"sh:in": words}}}


def _all(*shapes: Node) -> Node:
    return {"sh:and": shapes}


def _any(*shapes: Node) -> Body:
    return {"sh:or": shapes}


@_rule("AASd-005")
def _aasd_005(v: VersionShapes) -> _Shapes:
    record = model.AdministrativeInformation
    yield (
        [record],
        _any(_none(v.property(record, "revision")), _some(v.property(record, "version"))),
    )


@_rule("AASd-014")
def _aasd_014(v: VersionShapes) -> _Shapes:
    record = model.Entity
    kind = v.property(record, "entityType")
    names = [v.property(record, name) for name in ("globalAssetId", "specificAssetIds")]
    self_managed = v.word(record, "entityType", "SelfManagedEntity")
    yield [record], _any(_not_among(kind, (self_managed,)), *map(_some, names))
    if v.version is Metamodel.V3_0:
        co_managed = v.word(record, "entityType", "CoManagedEntity")
        yield [record], _any(_not_among(kind, (co_managed,)), _all(*map(_none, names)))


def _typed(v: VersionShapes, record: type[Record], *names: str) -> _Shapes:
    """That literals are of the type beside them."""
    kind = v.property(record, "valueType")
    values = [v.property(record, name) for name in names]
    literals = sorted(get_args(DataTypeDefXsd), key=lambda each: each != "xs:string")
    free = [each for each in literals if patterns.of_type(each) is None]
    alternatives: list[Node] = [
        _none(kind),
        _among(kind, v.words(record, "valueType", free)),
        _all(*map(_none, values)),
    ]
    for each in literals:
        pattern = patterns.of_type(each)
        if pattern is not None:
            alternatives.append(
                {
                    "sh:property": [
                        {"sh:path": kind, "sh:hasValue": v.word(record, "valueType", each)},
                        *({"sh:path": value, "sh:pattern": text(pattern)} for value in values),
                    ]
                }
            )
    yield [record], _any(*alternatives)


@_rule("AASd-020")
def _aasd_020(v: VersionShapes) -> _Shapes:
    yield from _typed(v, model.Qualifier, "value")


@_rule("MET-009")
def _met_009(v: VersionShapes) -> _Shapes:
    yield from _typed(v, model.Property, "value")
    yield from _typed(v, model.Range, "min", "max")
    yield from _typed(v, model.Extension, "value")


def _unique(record: type[Record], path: Value, by: str) -> _Shapes:
    yield [record], {"sh:property": {"sh:path": path, "nx:uniqueBy": by}}


def _owners(kind: type[Record], attribute: str) -> list[type[Record]]:
    return [
        record
        for record in classes()
        if issubclass(record, kind) and attribute in attributes_by_json_name(record)
    ]


def _own_unique(
    v: VersionShapes, kind: type[Record], name: str, member: type[Record], key: str
) -> _Shapes:
    """That what an element carries in a list has different keys."""
    path, by = v.property(model.Submodel, name), v.property(member, key)
    yield _owners(kind, name), {"sh:property": {"sh:path": path, "nx:uniqueBy": by}}


@_rule("AASd-021")
def _aasd_021(v: VersionShapes) -> _Shapes:
    yield from _own_unique(v, model.Qualifiable, "qualifiers", model.Qualifier, "type")


@_rule("AASd-077")
def _aasd_077(v: VersionShapes) -> _Shapes:
    yield from _own_unique(v, model.HasExtensions, "extensions", model.Extension, "name")


#: Where elements stand side by side.
CONTAINERS: tuple[tuple[type[Record], str], ...] = (
    (model.Submodel, "submodelElements"),
    (model.SubmodelElementCollection, "value"),
    (model.Entity, "statements"),
    (model.AnnotatedRelationshipElement, "annotations"),
)
#: Where elements stand in a row, without idShorts.
LIST: tuple[type[Record], str] = (model.SubmodelElementList, "value")


@_rule("AASd-022")
def _aasd_022(v: VersionShapes) -> _Shapes:
    for record, name in (*CONTAINERS, LIST):
        by = v.property(model.Property, "idShort")
        yield from _unique(record, v.property(record, name), by)


def _variables(v: VersionShapes) -> tuple[Value, ...]:
    value = v.property(model.OperationVariable, "value")
    return tuple((v.property(model.Operation, name), value) for name in VARIABLES)


@_rule("AASd-134")
def _aasd_134(v: VersionShapes) -> _Shapes:
    path: Value = {"sh:alternativePath": _variables(v)}
    yield from _unique(model.Operation, path, v.property(model.Property, "idShort"))


@_rule("MET-010")
def _met_010(v: VersionShapes) -> _Shapes:
    by = v.property(model.LangStringTextType, "language")
    for record in classes():
        for attribute in attributes(record):
            target = attribute.targets[0] if attribute.targets else None
            if target is not None and issubclass(target, model.AbstractLangString):
                yield from _unique(record, v.property(record, attribute.json_name), by)


@_rule("AASd-090")
def _aasd_090(v: VersionShapes) -> _Shapes:
    words = tuple(text(each) for each in ("CONSTANT", "PARAMETER", "VARIABLE"))
    yield v.classes_of("DataElement"), dict(_among(v.property(model.Property, "category"), words))


def _semantic_ids(v: VersionShapes) -> tuple[str, ...]:
    record = model.SubmodelElementList
    return (v.property(record, "value"), v.property(model.Property, "semanticId"))


def _several_keys(v: VersionShapes, path: tuple[Value, ...]) -> Node:
    """That a reference at the end of a path has several keys, so that their order would matter."""
    keys = v.property(model.Reference, "keys")
    several: Node = {"sh:property": {"sh:path": keys, "sh:minCount": "2"}}
    return {
        "sh:property": {
            "sh:path": path if len(path) != 1 else path[0],
            "sh:qualifiedValueShape": several,
            "sh:qualifiedMinCount": "1",
        }
    }


@_rule("AASd-107")
def _aasd_107(v: VersionShapes) -> _Shapes:
    record = model.SubmodelElementList
    said = v.property(record, "semanticIdListElement")
    key = (v.property(model.Reference, "keys"), v.property(model.Key, "value"))
    both: Value = {"sh:alternativePath": ((said, *key), (*_semantic_ids(v), *key))}
    yield (
        [record],
        _any(
            _none(said),
            _several_keys(v, (said,)),
            _several_keys(v, _semantic_ids(v)),
            {"sh:property": {"sh:path": both, "sh:maxCount": "1"}},
        ),
    )


@_rule("AASd-114")
def _aasd_114(v: VersionShapes) -> _Shapes:
    key = (v.property(model.Reference, "keys"), v.property(model.Key, "value"))
    yield (
        [model.SubmodelElementList],
        _any(
            _several_keys(v, _semantic_ids(v)),
            {"sh:property": {"sh:path": (*_semantic_ids(v), *key), "sh:maxCount": "1"}},
        ),
    )


@_rule("AASd-108")
def _aasd_108(v: VersionShapes) -> _Shapes:
    record = model.SubmodelElementList
    kind, value = v.property(record, "typeValueListElement"), v.property(record, "value")
    alternatives: list[Node] = [_none(kind), _none(value)]
    for word in get_args(AasSubmodelElements):
        members = tuple({"sh:class": v.class_(each)} for each in v.classes_of(word))
        fits: Body = dict(members[0]) if len(members) == 1 else _any(*members)
        alternatives.append(
            {
                "sh:property": [
                    {"sh:path": kind, "sh:hasValue": v.word(record, "typeValueListElement", word)},
                    {"sh:path": value, **fits},
                ]
            }
        )
    yield [record], _any(*alternatives)


@_rule("AASd-109")
def _aasd_109(v: VersionShapes) -> _Shapes:
    record = model.SubmodelElementList
    kind = v.property(record, "typeValueListElement")
    said, value = v.property(record, "valueTypeListElement"), v.property(record, "value")
    types = tuple(v.property(each, "valueType") for each in (model.Property, model.Range))
    path: Value = (value, {"sh:alternativePath": types})
    typed = v.words(record, "typeValueListElement", ("Property", "Range"))
    yield [record], _any(_not_among(kind, typed), _some(said))
    yield (
        [record],
        _any(
            _not_among(kind, typed),
            _none(said),
            _none(path),
            {"sh:property": {"sh:path": path, "sh:equals": said}},
        ),
    )


@_rule("AASd-116")
def _aasd_116(v: VersionShapes) -> _Shapes:
    reserved: Node = {"sh:pattern": text("^globalassetid$"), "sh:flags": text("i")}
    for record in (model.AssetInformation, model.Entity):
        ids = v.property(record, "specificAssetIds")
        names: Value = (ids, v.property(model.SpecificAssetId, "name"))
        said: Value = (ids, v.property(model.SpecificAssetId, "value"))
        other: Node = {"sh:path": said, "sh:disjoint": v.property(record, "globalAssetId")}
        yield (
            [record],
            _any(
                {"sh:property": {"sh:path": names, "sh:not": reserved}},
                {"sh:not": {"sh:property": other}},
            ),
        )


@_rule("AASd-117")
def _aasd_117(v: VersionShapes) -> _Shapes:
    named = _some(v.property(model.Property, "idShort"))
    variable: tuple[type[Record], str] = (model.OperationVariable, "value")
    for record, name in (*CONTAINERS, variable):
        yield [record], {"sh:property": {"sh:path": v.property(record, name), "sh:node": named}}


@_rule("AASd-118")
def _aasd_118(v: VersionShapes) -> _Shapes:
    record = model.Property
    yield (
        _owners(model.HasSemantics, "semanticId"),
        _any(
            _none(v.property(record, "supplementalSemanticIds")),
            _some(v.property(record, "semanticId")),
        ),
    )


def _template_qualifier(v: VersionShapes, *way: Value) -> Node:
    path = (*way, v.property(model.Submodel, "qualifiers"), v.property(model.Qualifier, "kind"))
    return _not_among(path, (v.word(model.Qualifier, "kind", "TemplateQualifier"),))


def _is_template(v: VersionShapes) -> Node:
    kind = v.property(model.Submodel, "kind")
    return {
        "sh:property": {"sh:path": kind, "sh:hasValue": v.word(model.Submodel, "kind", "Template")}
    }


@_rule("AASd-119")
def _aasd_119(v: VersionShapes) -> _Shapes:
    yield [model.Submodel], _any(_is_template(v), _template_qualifier(v))


def _below(v: VersionShapes, *, variables: bool) -> Node:
    """The path from an element to itself and the elements at any depth in it."""
    steps: list[Value] = [v.property(record, name) for record, name in CONTAINERS[1:]]
    steps.append(v.property(model.SubmodelElementList, "value"))
    if variables:
        steps += _variables(v)
    return {"sh:zeroOrMorePath": {"sh:alternativePath": tuple(steps)}}


@_rule("AASd-129")
def _aasd_129(v: VersionShapes) -> _Shapes:
    way = _below(v, variables=v.version is not Metamodel.V3_2)
    first = v.property(model.Submodel, "submodelElements")
    yield [model.Submodel], _any(_is_template(v), _template_qualifier(v, first, way))


@_rule("AASd-138")
def _aasd_138(v: VersionShapes) -> _Shapes:
    record = model.SubmodelElementList
    value = v.property(record, "value")
    exactly_one: Node = {"sh:property": {"sh:path": value, "sh:minCount": "1", "sh:maxCount": "1"}}
    fits = _any({"sh:not": {"sh:class": v.class_(record)}}, exactly_one)
    way = _below(v, variables=True)
    first = v.property(model.Submodel, "submodelElements")
    whole: Node = {"sh:property": {"sh:path": (first, way), "sh:node": fits}}
    yield [model.Submodel], _any({"sh:not": _is_template(v)}, whole)
    variables: Value = ({"sh:alternativePath": _variables(v)}, way)
    yield [model.Operation], {"sh:property": {"sh:path": variables, "sh:node": fits}}


@_rule("AASd-120")
def _aasd_120(v: VersionShapes) -> _Shapes:
    record = model.SubmodelElementList
    path = (v.property(record, "value"), v.property(model.Property, "idShort"))
    yield [record], dict(_none(path))


@_rule("AASd-131")
def _aasd_131(v: VersionShapes) -> _Shapes:
    record = model.AssetInformation
    names = ("globalAssetId", "specificAssetIds")
    yield [record], _any(*(_some(v.property(record, name)) for name in names))


@_rule("AASd-133")
def _aasd_133(v: VersionShapes) -> _Shapes:
    record, target = model.SpecificAssetId, model.Reference
    path = (v.property(record, "externalSubjectId"), v.property(target, "type"))
    yield [record], dict(_not_among(path, (v.word(target, "type", "ModelReference"),)))


@_rule("MET-015")
def _met_015(v: VersionShapes) -> _Shapes:
    record = model.BasicEventElement
    inward = (v.word(record, "direction", "input"),)
    yield (
        [record],
        _any(
            _not_among(v.property(record, "direction"), inward),
            _none(v.property(record, "maxInterval")),
        ),
    )


# -- references: rules about the order of keys -----------------------------------------------------
#
# A reference of one key has its order in itself; one of several keys only where the graph gives
# positions. Rules about order say nothing where it is missing.


def _keys(v: VersionShapes) -> str:
    return v.property(model.Reference, "keys")


_INDEX = f"<{STRUCTURE}index>"


def about_order(version: Metamodel) -> list[str]:
    """The rules about the order of keys, which apply where a graph has one."""
    made = VersionShapes(version)
    return [code for code, make in RULES_IN_SHACL.items() if _INDEX in repr([*make(made)])]


def _has_order(v: VersionShapes) -> Node:
    keys = _keys(v)
    one: Node = {"sh:property": {"sh:path": keys, "sh:maxCount": "1"}}
    return _any(one, _some((keys, _INDEX)))


def _of_type(v: VersionShapes, word: str) -> Node:
    value = v.word(model.Reference, "type", word)
    return {"sh:property": {"sh:path": v.property(model.Reference, "type"), "sh:hasValue": value}}


def _key_rule(v: VersionShapes, word: str | None, *conditions: Node) -> _Shapes:
    """A demand on the keys of references of a type: each key meets one of the conditions."""
    unless: list[Node] = [{"sh:not": _has_order(v)}]
    if word is not None:
        unless.append({"sh:not": _of_type(v, word)})
    each: Node = {"sh:property": {"sh:path": _keys(v), "sh:node": _any(*conditions)}}
    yield [model.Reference], _any(*unless, each)


def _key_is(v: VersionShapes, words: Any) -> Node:
    kind = v.property(model.Key, "type")
    return _among(kind, v.words(model.Key, "type", words))


def _not_first() -> Node:
    return _some({"sh:inversePath": f"<{STRUCTURE}next>"})


def _not_last() -> Node:
    return _some(f"<{STRUCTURE}next>")


@_rule("AASd-121")
def _aasd_121(v: VersionShapes) -> _Shapes:
    yield from _key_rule(v, None, _not_first(), _key_is(v, GLOBALLY_IDENTIFIABLES))


@_rule("AASd-122")
def _aasd_122(v: VersionShapes) -> _Shapes:
    first = _key_is(v, ("GlobalReference",))
    yield from _key_rule(v, "ExternalReference", _not_first(), first)


@_rule("AASd-123")
def _aasd_123(v: VersionShapes) -> _Shapes:
    yield from _key_rule(v, "ModelReference", _not_first(), _key_is(v, IDENTIFIABLES))


@_rule("AASd-124")
def _aasd_124(v: VersionShapes) -> _Shapes:
    generic = _key_is(v, ("GlobalReference", "FragmentReference"))
    yield from _key_rule(v, "ExternalReference", _not_last(), generic)


@_rule("AASd-125")
def _aasd_125(v: VersionShapes) -> _Shapes:
    first = _none({"sh:inversePath": f"<{STRUCTURE}next>"})
    yield from _key_rule(v, "ModelReference", first, _key_is(v, FRAGMENT_KEYS))


@_rule("AASd-126")
def _aasd_126(v: VersionShapes) -> _Shapes:
    kind = v.property(model.Key, "type")
    other = _not_among(kind, v.words(model.Key, "type", ("FragmentReference",)))
    yield from _key_rule(v, "ModelReference", _none(f"<{STRUCTURE}next>"), other)


@_rule("AASd-127")
def _aasd_127(v: VersionShapes) -> _Shapes:
    kind = v.property(model.Key, "type")
    fragment = v.words(model.Key, "type", ("FragmentReference",))
    yield from _key_rule(
        v,
        "ModelReference",
        _not_among((f"<{STRUCTURE}next>", kind), fragment),
        _key_is(v, ("File", "Blob")),
    )


@_rule("AASd-128")
def _aasd_128(v: VersionShapes) -> _Shapes:
    kind, value = v.property(model.Key, "type"), v.property(model.Key, "value")
    lists = v.words(model.Key, "type", ("SubmodelElementList",))
    number: Node = {
        "sh:property": {"sh:path": (f"<{STRUCTURE}next>", value), "sh:pattern": text("^[0-9]+$")}
    }
    yield from _key_rule(v, "ModelReference", _not_among(kind, lists), number)


@_rule("AASd-137")
def _aasd_137(v: VersionShapes) -> _Shapes:
    path = (_keys(v), v.property(model.Key, "type"))
    kinds = v.words(model.Key, "type", REFERABLES)
    external: Node = {"sh:not": _of_type(v, "ExternalReference")}
    yield [model.Reference], _any(external, _not_among(path, kinds))


@_rule("MET-016")
def _met_016(v: VersionShapes) -> _Shapes:
    event = model.BasicEventElement
    for record, name, kinds in (
        (model.AssetAdministrationShell, "derivedFrom", {"AssetAdministrationShell"}),
        (model.AssetAdministrationShell, "submodels", {"Submodel"}),
        (event, "observed", ELEMENT_KINDS),
        (event, "messageBroker", ELEMENT_KINDS),
    ):
        last = _any(_not_last(), _key_is(v, kinds))
        untyped = _none(v.property(model.Reference, "type"))
        model_reference = _of_type(v, "ModelReference")
        ends: Node = {"sh:property": {"sh:path": _keys(v), "sh:node": last}}
        fits = _any({"sh:not": _has_order(v)}, untyped, _all(model_reference, ends))
        yield [record], {"sh:property": {"sh:path": v.property(record, name), "sh:node": fits}}


# -- IEC 61360 -------------------------------------------------------------------------------------

_CONTENT = model.DataSpecificationIec61360


def _contents(v: VersionShapes) -> tuple[str, str]:
    holder = model.EmbeddedDataSpecification
    return (
        v.property(model.ConceptDescription, "embeddedDataSpecifications"),
        v.property(holder, "dataSpecificationContent"),
    )


def _in_english(v: VersionShapes, name: str) -> Node:
    english: Node = {
        "sh:property": {
            "sh:path": v.property(model.LangStringTextType, "language"),
            "sh:pattern": text("^en(-|$)"),
            "sh:flags": text("i"),
        }
    }
    return {
        "sh:property": {
            "sh:path": v.property(_CONTENT, name),
            "sh:qualifiedValueShape": english,
            "sh:qualifiedMinCount": "1",
        }
    }


@_rule("AASc-3a-002")
def _aasc_002(v: VersionShapes) -> _Shapes:
    name = v.property(_CONTENT, "preferredName")
    yield [_CONTENT], _any(_none(name), _in_english(v, "preferredName"))


def _data_type_of(v: VersionShapes, categories: tuple[str, ...], allowed: Any) -> _Shapes:
    category = v.property(model.ConceptDescription, "category")
    kind = v.property(_CONTENT, "dataType")
    needed = {"sh:path": kind, "sh:minCount": "1"}
    fits: Node = {
        "sh:property": [
            needed,
            *(
                [{"sh:path": kind, "sh:in": v.words(_CONTENT, "dataType", allowed)}]
                if allowed
                else []
            ),
        ]
    }
    whole: Node = {"sh:property": {"sh:path": _contents(v), "sh:node": fits}}
    other = _not_among(category, tuple(map(text, categories)))
    yield [model.ConceptDescription], _any(other, whole)


@_rule("AASc-3a-004")
def _aasc_004(v: VersionShapes) -> _Shapes:
    yield from _data_type_of(v, ("PROPERTY", "VALUE"), TYPES_OF_VALUES)


@_rule("AASc-3a-005")
def _aasc_005(v: VersionShapes) -> _Shapes:
    yield from _data_type_of(v, ("REFERENCE",), TYPES_OF_REFERENCES)


@_rule("AASc-3a-006")
def _aasc_006(v: VersionShapes) -> _Shapes:
    yield from _data_type_of(v, ("DOCUMENT",), TYPES_OF_DOCUMENTS)


@_rule("AASc-3a-007")
def _aasc_007(v: VersionShapes) -> _Shapes:
    yield from _data_type_of(v, ("QUALIFIER_TYPE",), None)


@_rule("AASc-3a-008")
def _aasc_008(v: VersionShapes) -> _Shapes:
    defined = _any(_some(v.property(_CONTENT, "value")), _in_english(v, "definition"))
    yield [model.ConceptDescription], {"sh:property": {"sh:path": _contents(v), "sh:node": defined}}


@_rule("AASc-3a-009")
def _aasc_009(v: VersionShapes) -> _Shapes:
    measures = v.words(_CONTENT, "dataType", MEASURES)
    yield (
        [_CONTENT],
        _any(
            _not_among(v.property(_CONTENT, "dataType"), measures),
            _some(v.property(_CONTENT, "unit")),
            _some(v.property(_CONTENT, "unitId")),
        ),
    )


@_rule("AASc-3a-010")
def _aasc_010(v: VersionShapes) -> _Shapes:
    yield [_CONTENT], _any(*(_none(v.property(_CONTENT, name)) for name in ("value", "valueList")))


@_rule("AASc-3a-050")
def _aasc_050(v: VersionShapes) -> _Shapes:
    record = model.EmbeddedDataSpecification
    path = (
        v.property(record, "dataSpecification"),
        _keys(v),
        v.property(model.Key, "value"),
    )
    known: Node = {"sh:pattern": text(f"^(?:{TEMPLATE.pattern})$")}
    one: Node = {
        "sh:property": {
            "sh:path": path,
            "sh:qualifiedValueShape": known,
            "sh:qualifiedMinCount": "1",
        }
    }
    without_content = _none(v.property(record, "dataSpecificationContent"))
    yield [record], _any(_none(path), without_content, one)
