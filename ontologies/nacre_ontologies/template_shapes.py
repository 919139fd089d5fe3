"""Template shapes: what a submodel template demands of a structure graph, as SHACL Core.

The shapes are flat, so that every result stands at the element it is about and engines with a limit
on depth run them: for each element of the template there is one shape without target that says "this
node is that element" (by class, semantic id and the parent it stands in), and for each demand one
shape for all nodes of a class: either the node is not that element, or it meets the demand.

`NOT_IN_SHACL` lists what `nacre validate` says about templates and SHACL does not.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from nacre_aas import model
from nacre_aas.collector import collector_paused
from nacre_aas.model import Record
from nacre_aas.schema import VARIABLES, attributes_by_json_name, classes
from nacre_aas.versions import Metamodel
from nacre_aas.xsd import NUMERIC, problem
from nacre_ontologies import turtle
from nacre_ontologies.identifiers import segment
from nacre_ontologies.shacl.shapes import RULE
from nacre_ontologies.structure_shapes import CONTAINERS, LIST, SEVERITY, SHAPES
from nacre_ontologies.terms import PREFIXES, class_iri, literal_iri, namespace, property_iri
from nacre_ontologies.turtle import Node, Value, iri, text
from nacre_submodels import rules
from nacre_submodels.expressions import exactly
from nacre_submodels.semantics import ARBITRARY
from nacre_submodels.template import Element, Template

#: Rules of `nacre_submodels.rules` that these shapes do not check, and why.
NOT_IN_SHACL = {
    rules.SEMANTIC_ID.code: "a near miss is told from a stranger by likeness, which SHACL lacks",
    rules.NEAR_MISS.code: "a near miss is told from a stranger by likeness, which SHACL lacks",
    rules.REQUIRED_SEMANTIC_ID.code: "reported as the missing element that it also is: SMT-001",
    rules.REQUIRED_NEAR_MISS.code: "reported as the missing element that it also is: SMT-001",
    rules.OUT_OF_RANGE.code: "the mapping writes numbers as texts, which SHACL does not compare",
    rules.LANGUAGE.code: "no published template asks for a language; a shape is made where one does",
    rules.EXAMPLE_LEFT.code: "an example is recognised by its digest",
    rules.QUALIFIER_LEFT.code: "the structure shapes say it: AASd-129",
    rules.UNKNOWN.code: "templates are open: a note, no demand",
    rules.SUPERSEDED.code: "about the catalogue, not about the submodel",
    rules.NEAR_TEMPLATE.code: "about the catalogue, not about the submodel",
    rules.KNOWN_OTHERWISE.code: "a note: it is the element that it is taken for",
    rules.NAMELESS.code: "a note: their place tells what they are",
    rules.SHARED_ID.code: "about the catalogue, not about the submodel",
    rules.STILL_TEMPLATE.code: "about the shell that refers to the submodel",
    rules.IN_WORDS.code: "demands in words",
    rules.NOT_KNOWN.code: "there is no template, so no shapes",
    rules.NO_TEMPLATE.code: "there is no template, so no shapes",
    rules.FORM.code: "about forms",
}

_ABSTRACT = ("SubmodelElement", "DataElement", "EventElement")
_CONTAINERS = {record.__name__: name for record, name in (*CONTAINERS, LIST)}
_DROP_IN = "https://admin-shell.io/smt-dropin/"


@collector_paused()
def document(template: Template, version: Metamodel) -> str:
    """The shapes of a template, in Turtle."""
    made = _Shapes(template, version)
    return turtle.document(
        {"aas": namespace(version), **PREFIXES},
        made.all(),
        f"What {template.label} demands of the RDF of its instances, metamodel {version.labels[0]}.\n"
        "Made by nacre; do not edit.",
    )


class _Place:
    """An element of the template where it stands: its shape, and the elements below."""

    def __init__(self, element: Element, name: str, parents: Sequence[str]) -> None:
        self.element = element
        #: The shape that recognises it.
        self.name = name
        #: The shape of what it is recognised by, apart from its class and place.
        self.match = f"{name[:-1]}/match>"
        #: The shapes of what it may stand in.
        self.parents = parents


class _Shapes:
    def __init__(self, template: Template, version: Metamodel) -> None:
        self.template = template
        self.version = version
        name = segment(template.name) + (f"-{template.version}" if template.version else "")
        self.base = f"{SHAPES}template/{name}/{version.labels[0]}"
        self.names = Counter[str]()
        self.predicates = {
            record: {
                each.json_name: iri(property_iri(record, each, version))
                for each in attributes_by_json_name(record).values()
            }
            for record in classes()
        }
        main = self.property(model.Submodel, "semanticId")
        more = self.property(model.Submodel, "supplementalSemanticIds")
        key = (self.property(model.Reference, "keys"), self.property(model.Key, "value"))
        #: Paths to the values of the keys of semantic ids.
        self.main, self.more = (main, *key), (more, *key)
        self.semantic_id = main
        self.id_short = self.property(model.Property, "idShort")

    # -- terms -----------------------------------------------------------------------------------

    def property(self, record: type[Record], json_name: str) -> str:
        return self.predicates[record][json_name]

    def class_(self, model_type: str) -> str:
        return iri(class_iri(getattr(model, model_type), self.version))

    def word(self, record: type[Record], json_name: str, word: str) -> str:
        attribute = attributes_by_json_name(record)[json_name]
        return iri(literal_iri(attribute, word, self.version))

    def down(self, model_type: str) -> Value | None:
        """The path from an element to those in it."""
        if model_type == "Operation":
            return {"sh:alternativePath": tuple(map(self.variables, VARIABLES))}
        name = _CONTAINERS.get(model_type)
        return None if name is None else self.property(getattr(model, model_type), name)

    def variables(self, name: str) -> Value:
        """The path from an operation to the variables in one of its lists."""
        return (
            self.property(model.Operation, name),
            self.property(model.OperationVariable, "value"),
        )

    def named(self, name: str) -> str:
        """An IRI for a shape, with a number if the name is taken."""
        self.names[name] += 1
        count = self.names[name]
        return iri(f"{self.base}#{name}" + (f"~{count}" if count > 1 else ""))

    # -- the whole ---------------------------------------------------------------------------------

    def all(self) -> Iterator[tuple[str, Node]]:
        template = self.template
        is_submodel = self.named(segment(template.name))
        kind = self.property(model.Submodel, "kind")
        is_template = self.word(model.Submodel, "kind", "Template")
        yield (
            is_submodel,
            {
                "a": "sh:NodeShape",
                "sh:class": self.class_("Submodel"),
                "sh:or": tuple(self._ways_of_submodel()),
                "sh:property": {"sh:path": kind, "sh:not": {"sh:hasValue": is_template}},
            },
        )
        root = Element(model_type="Submodel", elements=template.elements)
        yield from self._below(_Place(root, is_submodel, ()), segment(template.name), [])

    def _ways_of_submodel(self) -> Iterator[Node]:
        """What a submodel of the template is recognised by: a template may lack a semantic id."""
        ids = _spellings(self.template.semantic_id)
        for each in ids:
            for path in (self.main, self.more):
                yield {"sh:property": {"sh:path": path, "sh:hasValue": text(each)}}
        if not ids:
            none: Node = {"sh:path": self.semantic_id, "sh:maxCount": "0"}
            name: Node = {"sh:path": self.id_short, "sh:hasValue": text(self.template.name)}
            yield {"sh:property": [none, name]}

    def _below(
        self, place: _Place, way: str, above: list[tuple[_Place, list[_Place]]]
    ) -> Iterator[tuple[str, Node]]:
        """The shapes of the elements in one element, and of its demands on them."""
        element = place.element
        if not element.elements:
            return
        containers = [place.name]
        children = [
            _Place(child, self.named(f"{way}.{segment(child.id_short or '_')}"), containers)
            for child in element.elements
        ]
        here = [*above, (place, children)]
        recurring = [each for each in children if each.element.recurs]
        for child in recurring:  # where it recurs, it holds what the element further up holds
            owner, _ = here[-child.element.recurs]
            if owner is place:
                containers.append(child.name)
        stranger = self.named(f"{way}/stranger")
        known = {spelling for each in element.elements for spelling in _spellings(each.semantic_id)}
        unknown: Node = {"sh:path": self.main, "sh:not": {"sh:in": tuple(map(text, sorted(known)))}}
        yield stranger, {"a": "sh:NodeShape", **({"sh:property": unknown} if known else {})}
        for child in children:
            parents: list[str] | None = None
            if child in recurring:
                owner, _ = here[-child.element.recurs]
                parents = [owner.name]
            ways = tuple(self._ways(child.element, element, stranger))
            yield child.match, {"a": "sh:NodeShape", **({"sh:or": ways} if ways else {})}
            yield child.name, self._recognised(child, element, parents)
        yield from self._demands(place, children, containers)
        for child in children:
            if not child.element.recurs:
                name = child.name.strip("<>").rpartition("#")[2]
                yield from self._below(child, name, here)

    # -- recognising -----------------------------------------------------------------------------

    def _recognised(self, place: _Place, parent: Element, anywhere: list[str] | None) -> Node:
        """That a node is an element of the template; `anywhere`: at any depth in one of these."""
        shape: dict[str, Any] = {"a": "sh:NodeShape", "sh:node": place.match}
        if _shared(place.element, parent.elements):
            shape["sh:or"] = tuple(self._of_this_name(place.element))
        if place.element.model_type not in _ABSTRACT:
            shape["sh:class"] = self.class_(place.element.model_type)
        shape["sh:property"] = self._stands_in(place, parent, anywhere)
        return shape

    def _stands_in(self, place: _Place, parent: Element, anywhere: list[str] | None) -> Node:
        """That the node above is one of some elements of the template."""
        path: Any
        parents = place.parents
        if anywhere is None:
            path = {"sh:inversePath": self.down(parent.model_type)}
            if parent.model_type == "Operation":
                inner = {"sh:inversePath": self.property(model.OperationVariable, "value")}
                held = (place.element.variables,) if place.element.variables else VARIABLES
                outer = tuple(
                    {"sh:inversePath": self.property(model.Operation, each)} for each in held
                )
                path = (inner, outer[0] if len(outer) == 1 else {"sh:alternativePath": outer})
        else:
            steps = [
                self.property(getattr(model, each), name) for each, name in _CONTAINERS.items()
            ]
            path = {
                "sh:oneOrMorePath": {
                    "sh:alternativePath": tuple({"sh:inversePath": step} for step in steps)
                }
            }
            parents = anywhere
        among: Any = {"sh:node": parents[0]}
        if len(parents) > 1:
            among = {"sh:or": tuple({"sh:node": each} for each in parents)}
        return {"sh:path": path, "sh:qualifiedValueShape": among, "sh:qualifiedMinCount": "1"}

    def _ways(self, element: Element, parent: Element, stranger: str) -> Iterator[Node]:
        """What an element is recognised by: any of these; nothing if anything will do.

        A supplemental semantic id counts if the main one is that of no other element.
        """
        ids = _spellings(element.semantic_id)
        only = parent.model_type == "SubmodelElementList" and len(parent.elements) == 1
        if not ids and only:
            return
        if not ids and element.id_short is None:  # nothing to know it by
            yield {"sh:not": {"a": "sh:NodeShape"}}
            return
        for each in (*ids, *_supplements(element, parent.elements)):
            yield {"sh:property": {"sh:path": self.main, "sh:hasValue": text(each)}}
            more: Node = {"sh:path": self.more, "sh:hasValue": text(each)}
            yield {"sh:node": stranger, "sh:property": more}
        if ids and only:
            yield {"sh:property": {"sh:path": self.semantic_id, "sh:maxCount": "0"}}
        if not ids:
            name: Node = {"sh:path": self.id_short, "sh:hasValue": text(element.id_short or "")}
            yield {"sh:node": stranger, "sh:property": name}

    def _of_this_name(self, element: Element) -> Iterator[Node]:
        """Among elements of one semantic id and class, the idShort decides."""
        yield {
            "sh:property": {"sh:path": self.id_short, "sh:hasValue": text(element.id_short or "")}
        }
        if element.allowed_id_short:
            pattern = f"^(?:{element.allowed_id_short})$"
            yield {
                "sh:property": {
                    "sh:path": self.id_short,
                    "sh:minCount": "1",
                    "sh:pattern": text(pattern),
                }
            }

    # -- demands ---------------------------------------------------------------------------------

    def _demands(
        self, place: _Place, children: list[_Place], containers: list[str]
    ) -> Iterator[tuple[str, Node]]:
        """What an element demands of those in it."""
        path = self.down(place.element.model_type)
        if path is None:
            return
        kind = place.element.model_type
        for demand in self._counts(place.element, children, path):
            yield self._demand(containers, kind, *demand)
        for child in children:
            for demand in self._own(child.element):
                yield self._demand([child.name], child.element.model_type, *demand)

    def _demand(
        self, names: Sequence[str], kind: str, rule: Any, message: str, body: Node
    ) -> tuple[str, Node]:
        """A shape: either a node is none of some elements, or it meets the demand."""
        others: list[Node] = [{"sh:not": {"sh:node": each}} for each in names]
        unless = others[0] if len(others) == 1 else {"sh:and": tuple(others)}
        targets = [kind]
        if kind in _ABSTRACT:
            target = getattr(model, kind)
            targets = [each.__name__ for each in classes() if issubclass(each, target)]
        return (
            self.named(f"{names[0].strip('<>').rpartition('#')[2]}/{rule.code}"),
            {
                "a": "sh:NodeShape",
                "sh:targetClass": [self.class_(each) for each in targets],
                "sh:or": (unless, body),
                "sh:severity": SEVERITY[rule.severity],
                "sh:message": text(message),
                f"<{RULE}>": text(rule.code),
            },
        )

    def _counts(
        self, element: Element, children: list[_Place], path: Value
    ) -> Iterator[tuple[Any, str, Node]]:
        """How often elements stand in one, and of which class those of a semantic id are.

        Elements that only their idShort tells apart are counted together.
        """
        siblings = element.elements
        in_list = element.model_type == "SubmodelElementList"
        anywhere = path
        for child in children:
            one = child.element
            path = anywhere if one.variables is None else self.variables(one.variables)
            twins = [each for each in siblings if each is one or _is_twin(each, one)]
            if twins[0] is not one:
                continue
            fits = self._counted(child, siblings)
            minimum = _least(twins, in_list=in_list)
            if minimum and not one.either_or:
                few: Node = {"sh:path": path, **fits, "sh:qualifiedMinCount": str(minimum)}
                yield rules.MISSING, f"`{one.name}` is missing", {"sh:property": few}
            maxima = [each.maximum for each in twins if each.maximum is not None]
            if len(maxima) == len(twins):
                many: Node = {"sh:path": path, **fits, "sh:qualifiedMaxCount": str(sum(maxima))}
                lenient = in_list and one.maximum == 1
                rule = rules.TOO_MANY_MEMBERS if lenient else rules.TOO_MANY
                yield rule, f"`{one.name}` stands here too often", {"sh:property": many}
            types = {each.model_type for each in siblings if each.semantic_id == one.semantic_id}
            if not types & {*_ABSTRACT}:
                right = tuple({"sh:class": self.class_(each)} for each in sorted(types))
                either = ({"sh:not": {"sh:node": child.match}}, *right)
                body: Node = {"sh:property": {"sh:path": path, "sh:or": either}}
                yield rules.MODEL_TYPE, f"`{one.name}` is of another class", body
        yield from self._alternatives(children, anywhere, siblings)

    def _counted(self, place: _Place, siblings: Sequence[Element]) -> Node:
        """What is counted as an element: its class matters where others share its semantic id."""
        one = place.element
        shape: dict[str, Any] = {"sh:node": place.match}
        mixed = any(
            each.semantic_id == one.semantic_id and each.model_type != one.model_type
            for each in siblings
        )
        if mixed and one.model_type not in _ABSTRACT:
            shape["sh:class"] = self.class_(one.model_type)
        return {"sh:qualifiedValueShape": shape}

    def _alternatives(
        self, children: list[_Place], path: Value, siblings: Sequence[Element]
    ) -> Iterator[tuple[Any, str, Node]]:
        groups: dict[str, list[_Place]] = {}
        for child in children:
            if child.element.either_or:
                groups.setdefault(child.element.either_or, []).append(child)
        for group in groups.values():
            present: list[Node] = [
                {
                    "sh:property": {
                        "sh:path": path,
                        **self._counted(each, siblings),
                        "sh:qualifiedMinCount": "1",
                    }
                }
                for each in group
            ]
            names = ", ".join(f"`{each.element.name}`" for each in group)
            needed = any(each.element.minimum for each in group)
            if len(group) > 1:
                absent = {"sh:and": tuple({"sh:not": each} for each in present)}
                allowed = present if needed else [*present, absent]
                yield rules.EITHER_OR, f"exactly one of {names}", {"sh:xone": tuple(allowed)}
            elif needed:
                yield rules.EITHER_OR, f"{names} is missing", present[0]

    def _own(self, element: Element) -> Iterator[tuple[Any, str, Node]]:
        """What the template says of an element itself."""
        record = getattr(model, element.model_type)
        names = attributes_by_json_name(record)
        is_free = (element.semantic_id or "").startswith(ARBITRARY)
        if element.value_type is not None and not is_free and "valueType" in names:
            path = self.property(record, "valueType")
            word = self.word(record, "valueType", element.value_type)
            body: Node = {"sh:property": {"sh:path": path, "sh:hasValue": word}}
            yield (
                rules.VALUE_TYPE,
                f"`valueType` of `{element.name}` is not {element.value_type}",
                body,
            )
        if element.model_type == "Property":
            yield from self._values(element)
        if element.model_type == "MultiLanguageProperty":
            yield from self._languages(element)
        if element.model_type == "SubmodelElementList":
            yield from self._list(element)
        if element.needs_value:
            path = self.property(record, "value")
            body = {"sh:property": [{"sh:path": path, "sh:minCount": "1"}]}
            if record in (model.Property, model.File):
                body = {"sh:property": [{"sh:path": path, "sh:minCount": "1", "sh:minLength": "1"}]}
            yield rules.NO_VALUE, f"`{element.name}` is required, but it has no value", body
        if element.allowed_id_short and element.id_short:
            pattern = f"^(?:{element.allowed_id_short}|{exactly(element.id_short)})$"
            body = {"sh:property": {"sh:path": self.id_short, "sh:pattern": text(pattern)}}
            yield rules.ID_SHORT, f"the idShort of `{element.name}` breaks the pattern", body

    def _values(self, element: Element) -> Iterator[tuple[Any, str, Node]]:
        path = self.property(model.Property, "value")
        for allowed, rule in (
            (element.allowed_values, rules.NOT_ALLOWED),
            (element.choices, rules.NOT_OFFERED),
        ):
            among = _among(allowed, element.value_type) if allowed else None
            if among is not None:
                body: Node = {"sh:property": {"sh:path": path, **among}}
                yield rule, f"`{element.name}` has a value that the template does not list", body
        if element.allowed_pattern is not None:
            pattern = text(f"^(?:{element.allowed_pattern})?$")
            body = {"sh:property": {"sh:path": path, "sh:pattern": pattern}}
            message = f"`{element.name}` does not have the pattern of the template"
            yield rules.NOT_ALLOWED, message, body

    def _languages(self, element: Element) -> Iterator[tuple[Any, str, Node]]:
        for language in element.required_languages:
            tag = exactly(language.partition("-")[0])
            fits: Node = {
                "sh:property": {
                    "sh:path": self.property(model.LangStringTextType, "language"),
                    "sh:pattern": text(f"^{tag}(-|$)"),
                    "sh:flags": text("i"),
                }
            }
            body = {
                "sh:property": {
                    "sh:path": self.property(model.MultiLanguageProperty, "value"),
                    "sh:qualifiedValueShape": fits,
                    "sh:qualifiedMinCount": "1",
                }
            }
            yield rules.LANGUAGE, f"`{element.name}` has no text in `{language}`", body

    def _list(self, element: Element) -> Iterator[tuple[Any, str, Node]]:
        record = model.SubmodelElementList
        order = self.property(record, "orderRelevant")
        if element.order_relevant is False:
            said: Node = {"sh:path": order, "sh:minCount": "1", "sh:hasValue": "false"}
            yield rules.LIST_RULE, "`orderRelevant` is not false", {"sh:property": said}
        else:
            free: Node = {"sh:path": order, "sh:not": {"sh:hasValue": "false"}}
            yield rules.LIST_RULE, "`orderRelevant` is false", {"sh:property": free}
        for name, wanted in (
            ("typeValueListElement", element.type_value_list_element),
            ("valueTypeListElement", element.value_type_list_element),
        ):
            if wanted is not None and wanted not in _ABSTRACT:
                path = self.property(record, name)
                allowed = (self.word(record, name, wanted),)
                body: Node = {"sh:property": {"sh:path": path, "sh:in": allowed}}
                yield rules.LIST_RULE, f"`{name}` is not {wanted}", body
        wanted = element.semantic_id_list_element
        if wanted is not None:
            path = self.property(record, "semanticIdListElement")
            keys: Value = (path, *self.main[1:])
            either: Node = {
                "sh:or": (
                    {"sh:property": {"sh:path": path, "sh:maxCount": "0"}},
                    *(
                        {"sh:property": {"sh:path": keys, "sh:hasValue": text(each)}}
                        for each in _spellings(wanted)
                    ),
                )
            }
            yield rules.LIST_RULE, f"`semanticIdListElement` is not {wanted}", either


def _among(allowed: Sequence[str], value_type: str | None) -> Node | None:
    """That a value, which stands there as a text, is one of some, or empty; `None` if spellings cannot tell."""
    if value_type in NUMERIC or value_type in _WITH_ZONE:
        spell = _spelled if value_type in NUMERIC else exactly
        unsure = _UNSURE.get(value_type)
        if unsure and any(re.fullmatch(unsure, each) for each in allowed):
            return None
        either = "|".join([*map(spell, allowed), *([unsure] if unsure else [])])
        return {"sh:pattern": text(f"^(?:{either})?$")}
    if value_type not in (None, "xs:string", "xs:anyURI", "xs:boolean"):
        return None
    words = [*allowed, ""]
    if value_type == "xs:boolean":
        folded = {each.casefold() for each in allowed}
        words += [w for w in ("true", "1", "false", "0") if _boolean(w) in folded]
    return {"sh:in": tuple(map(text, words))}


#: Types whose values may have a time zone, by which two spellings are one moment.
_WITH_ZONE = frozenset(
    f"xs:{each}"
    for each in ["date", "dateTime", "time", "gYear", "gYearMonth", "gMonth", "gMonthDay", "gDay"]
)
#: What spellings alone do not tell from the listed values: it is left to `nacre validate`.
_UNSURE: dict[str | None, str] = {
    **dict.fromkeys(("xs:double", "xs:float"), ".*[eE].*|.*N.*"),
    **dict.fromkeys(_WITH_ZONE, r".*(?:Z|[+\-][0-9]{2}:[0-9]{2})|.*\.[0-9]+|.*24:00:00"),
}


def _spelled(literal: str) -> str:
    """All spellings of a decimal number, as a regular expression."""
    if problem(literal, "xs:decimal") is not None:
        return exactly(literal)
    number = Decimal(literal)
    whole, _, part = f"{abs(number):f}".partition(".")
    whole, part = whole.lstrip("0"), part.rstrip("0")
    sign = "-" if number < 0 else "[+]?" if number else "[+-]?"
    fraction = rf"\.{part}0*" if part else r"(?:\.0*)?"
    if not whole and not part:
        return rf"{sign}(?:0+(?:\.0*)?|\.0+)"
    return f"{sign}0*{whole}{fraction}"


def _boolean(word: str) -> str:
    return {"1": "true", "0": "false"}.get(word, word)


def _spellings(semantic_id: str | None) -> list[str]:
    return sorted({semantic_id, semantic_id.strip()}) if semantic_id else []


def _supplements(element: Element, siblings: Sequence[Element]) -> list[str]:
    """Supplemental semantic ids by which an element is found as well."""
    main = {spelling for each in siblings for spelling in _spellings(each.semantic_id)}
    return [
        each
        for each in element.supplemental_semantic_ids
        if each not in main and not each.startswith(_DROP_IN)
    ]


def _least(twins: Sequence[Element], *, in_list: bool) -> int:
    """How many of some twins there are at least; in a list a sample that repeats another one asks for no more."""
    if len(twins) == 1:
        return twins[0].minimum
    samples: dict[object, int] = {}
    for number, each in enumerate(twins):
        key = each.asks() if in_list and each.maximum is None else number
        samples[key] = max(samples.get(key, 0), each.minimum)
    return sum(samples.values())


def _is_twin(one: Element, other: Element) -> bool:
    """Whether only the idShort tells two elements apart."""
    return (
        one.semantic_id == other.semantic_id
        and one.model_type == other.model_type
        and one.variables == other.variables
    )


def _shared(element: Element, siblings: Sequence[Element]) -> bool:
    return element.semantic_id is not None and sum(_is_twin(each, element) for each in siblings) > 1
