"""The meaning graph: small, for people's questions. The asset is the subject, semantic ids are the predicates.

Values are typed literals exactly as written, units come from QUDT through the concept, parts hang
together by `dcterms:hasPart`, interfaces are WoT Things. How elements of known templates are written
stands in data/mappings.toml; everything else goes the generic way. docs/rdf.md describes the graph.
"""

import dataclasses
import functools
import importlib.resources
import tomllib
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from nacre_aas import xsd
from nacre_aas.collector import collector_paused
from nacre_aas.constraints.context import Concepts
from nacre_aas.model import (
    AssetAdministrationShell,
    Blob,
    Capability,
    Entity,
    Environment,
    File,
    MultiLanguageProperty,
    Operation,
    OperationVariable,
    Property,
    Range,
    Reference,
    ReferenceElement,
    RelationshipElement,
    Submodel,
    SubmodelElement,
    SubmodelElementList,
)
from nacre_aas.schema import elements_below, walk
from nacre_aas.xsd import NUMERIC
from nacre_ontologies import units
from nacre_ontologies.identifiers import iri_of, is_iri, node_base, segment
from nacre_ontologies.semantic_ids import concept_of, looks_upwards
from nacre_ontologies.structure import names_of_members, quoted
from nacre_ontologies.terms import NACRE, RDFS, TYPE, XSD
from nacre_submodels import compiler
from nacre_submodels.semantics import VERSION

#: Our vocabulary (vocab/nacre.ttl).
NV = NACRE + "vocab#"
#: Predicates of elements that have no semantic id: their idShort.
LOCAL = NACRE + "local/"
DCTERMS = "http://purl.org/dc/terms/"
QUDT = "http://qudt.org/schema/qudt/"
_PART_OF, _HAS_PART = DCTERMS + "isPartOf", DCTERMS + "hasPart"


@dataclasses.dataclass(frozen=True)
class Mapping:
    """How an element is written; `words` are values that name terms."""

    predicate: str | None = None
    class_: str | None = None
    dissolve: bool = False
    skip: bool = False
    words: tuple[tuple[str, str], ...] = ()


_GENERIC = Mapping()


def n_triples(environment: Environment) -> str:
    """The meaning graph of an environment in N-Triples."""
    with collector_paused():
        made = _Meaning(environment)
        made.build()
    return "".join(dict.fromkeys(made.lines))


def asset_iri(shell: AssetAdministrationShell) -> str:
    """The IRI of the asset of a shell; an asset without a global id is named after its shell."""
    information = shell.asset_information
    identifier = information.global_asset_id if information is not None else None
    return iri_of(identifier) if identifier else f"{node_base(shell.id or '')}#asset"


class _Meaning:
    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        self.lines: list[str] = []
        self.concepts = Concepts(environment.concept_descriptions or ())
        #: The asset of each submodel that a shell refers to.
        self.assets: dict[str, str] = {}
        #: The node of each entity by its address: references lead to the asset that a part is.
        self.entities = self._entities()
        #: The asset, or part of it, that elements are about.
        self.owner = ""
        #: In how many entities the element stands that is being written.
        self.entity_depth = 0
        #: Whether the entities of the submodel stand in their parts.
        self.upwards = False
        #: Parts and wholes that relations name so, whatever stands in what.
        self.part_of = set(self._part_of())

    def add(self, subject: str, predicate: str, object_: str) -> None:
        """A statement; the object is a term of N-Triples."""
        self.lines.append(f"<{subject}> <{predicate}> {object_} .\n")

    def build(self) -> None:
        """Write shells, then submodels."""
        for shell in self.environment.asset_administration_shells or ():
            self._shell(shell)
        for submodel in self.environment.submodels or ():
            self._submodel(submodel)

    # -- shells and submodels ----------------------------------------------------------------------

    def _shell(self, shell: AssetAdministrationShell) -> None:
        asset, address = asset_iri(shell), iri_of(shell.id or "")
        self.add(asset, TYPE, f"<{NV}Asset>")
        self.add(asset, NV + "hasShell", f"<{address}>")
        self.add(address, TYPE, f"<{NV}Shell>")
        if shell.id_short:
            self.add(address, RDFS + "label", quoted(shell.id_short))
        self._texts(asset, RDFS + "label", shell.display_name)
        self._texts(asset, DCTERMS + "description", shell.description)
        information = shell.asset_information
        if information is not None:
            if information.asset_kind:
                self.add(asset, NV + "assetKind", f"<{NV}{information.asset_kind}>")
            if information.asset_type:
                self.add(asset, NV + "assetType", f"<{iri_of(information.asset_type)}>")
            for position, each in enumerate(information.specific_asset_ids or ()):
                node = f"{node_base(shell.id or '')}#/assetInformation/specificAssetIds/{position}"
                self.add(asset, NV + "identifier", f"<{node}>")
                self.add(node, NV + "name", quoted(each.name or ""))
                self.add(node, NV + "value", quoted(each.value or ""))
        if shell.derived_from is not None:
            target = self._target(shell.derived_from)
            if target is not None:
                self.add(address, NV + "derivedFrom", f"<{target}>")
        for reference in shell.submodels or ():
            if reference.keys:
                self.assets.setdefault(reference.keys[-1].value or "", asset)

    def _submodel(self, submodel: Submodel) -> None:
        if submodel.kind == "Template":
            return
        address = iri_of(submodel.id or "")
        subject = self.assets.get(submodel.id or "", address)
        self.add(address, TYPE, f"<{NV}Aspect>")
        if subject != address:
            self.add(subject, NV + "hasAspect", f"<{address}>")
        if submodel.id_short:
            self.add(address, RDFS + "label", quoted(submodel.id_short))
        for reference in (submodel.semantic_id, *(submodel.supplemental_semantic_ids or ())):
            concept = concept_of(reference)
            if concept is not None:
                self.add(address, DCTERMS + "conformsTo", f"<{concept}>")
        members = submodel.submodel_elements or []
        self.owner, self.upwards = subject, looks_upwards(submodel)
        base = f"{node_base(submodel.id or '')}#"
        self._members(subject, members, base, "")

    # -- elements ----------------------------------------------------------------------------------

    def _members(
        self, subject: str, members: Iterable[Any], address: str, dot: str, over: str | None = None
    ) -> None:
        """Elements side by side; `over` is the predicate of members that say nothing themselves."""
        for member, name in _placed(members, dot):
            self._element(subject, member, address + name, over)

    def _element(
        self, subject: str, element: SubmodelElement, address: str, over: str | None
    ) -> None:
        semantic_id = element.semantic_id
        concept = concept_of(semantic_id)
        mapping = mapping_of(compiler.semantic_id(semantic_id)) if concept is not None else _GENERIC
        if mapping.skip:
            return
        predicate = mapping.predicate or concept or over
        if predicate is None:
            predicate = LOCAL + segment(element.id_short or type(element).__name__)
        write: Callable[..., None] = _WRITERS.get(type(element), _Meaning._node)
        write(self, subject, element, address, predicate, mapping)

    def _node(
        self, subject: str, element: Any, address: str, predicate: str, mapping: Mapping
    ) -> None:
        """An element that holds others, or of which nothing more is known than that it is there."""
        below = [member for _, member in elements_below(element)]
        if mapping.dissolve:
            self._members(subject, below, address, ".", predicate)
            return
        self.add(subject, predicate, f"<{address}>")
        self.add(address, NV + "aboutAsset", f"<{self.owner}>")
        if mapping.class_ is not None:
            self.add(address, TYPE, f"<{mapping.class_}>")
        if element.id_short:
            self.add(address, RDFS + "label", quoted(element.id_short))
        self._members(address, below, address, ".")

    def _list(
        self,
        subject: str,
        element: SubmodelElementList,
        address: str,
        predicate: str,
        mapping: Mapping,
    ) -> None:
        """The members of a list are values of its predicate, unless they have their own."""
        del mapping
        self._members(subject, element.value or (), address, ".", predicate)

    def _entity(
        self, subject: str, element: Entity, address: str, predicate: str, mapping: Mapping
    ) -> None:
        """A part: the asset that it is, or a node of its own."""
        if self.entity_depth and element.semantic_id is None:
            predicate = _HAS_PART  # an entity in an entity, whatever it is called
        node = iri_of(element.global_asset_id) if element.global_asset_id else address
        if mapping.dissolve:
            if element.global_asset_id and node != subject:
                self.add(subject, NV + "sameAsset", f"<{node}>")
            node = subject
        else:
            if self.upwards and predicate == _HAS_PART:
                self.add(node, predicate, f"<{subject}>")
            elif (subject, node) not in self.part_of:  # which is said where it looks upwards
                self.add(subject, predicate, f"<{node}>")
            self.add(node, TYPE, f"<{mapping.class_ or NV + 'Part'}>")
            if element.id_short:
                self.add(node, RDFS + "label", quoted(element.id_short))
        self.entities[address] = node
        above, self.owner = self.owner, node
        self.entity_depth += 1
        self._members(node, element.statements or (), address, ".")
        self.entity_depth -= 1
        self.owner = above

    def _relationship(
        self,
        subject: str,
        element: RelationshipElement,
        address: str,
        predicate: str,
        mapping: Mapping,
    ) -> None:
        del mapping, address
        first, second = self._target(element.first), self._target(element.second)
        if first is not None and second is not None:
            self.add(first, predicate, f"<{second}>")
            if predicate == _PART_OF:
                self.add(second, _HAS_PART, f"<{first}>")
        elif second is not None:
            self.add(subject, predicate, f"<{second}>")

    def _property(
        self, subject: str, element: Property, address: str, predicate: str, mapping: Mapping
    ) -> None:
        value = element.value
        if value is None:
            return
        for word, term in mapping.words:
            if value == word:
                self.add(subject, predicate, f"<{term}>")
                return
        literal = typed(value, element.value_type)
        self.add(subject, predicate, literal)
        unit = units.of_value(element, self.concepts) if element.value_type in NUMERIC else None
        if unit is not None:
            self.add(subject, NV + "quantity", f"<{address}>")
            self.add(address, TYPE, f"<{QUDT}QuantityValue>")
            self.add(address, NV + "ofProperty", f"<{predicate}>")
            self.add(address, QUDT + "numericValue", literal)
            self.add(address, QUDT + "hasUnit", f"<{unit.iri}>")

    def _texts(self, subject: str, predicate: str, texts: Iterable[Any] | None) -> None:
        for each in texts or ():
            if each.text is not None:
                tag = f"@{each.language}" if is_language_tag(each.language) else ""
                self.add(subject, predicate, quoted(each.text) + tag)

    def _multi_language(
        self,
        subject: str,
        element: MultiLanguageProperty,
        address: str,
        predicate: str,
        mapping: Mapping,
    ) -> None:
        del address, mapping
        self._texts(subject, predicate, element.value)

    def _range(
        self, subject: str, element: Range, address: str, predicate: str, mapping: Mapping
    ) -> None:
        del mapping
        self.add(subject, predicate, f"<{address}>")
        self.add(address, TYPE, f"<{NV}Interval>")
        for name, value in (("minimum", element.min), ("maximum", element.max)):
            if value is not None:
                self.add(address, NV + name, typed(value, element.value_type))
        unit = units.of_value(element, self.concepts)
        if unit is not None:
            self.add(address, QUDT + "hasUnit", f"<{unit.iri}>")

    def _document(
        self, subject: str, element: File | Blob, address: str, predicate: str, mapping: Mapping
    ) -> None:
        """A file inside or outside the package; content is never copied into the graph."""
        del mapping
        value = element.value if isinstance(element, File) else None
        node = value if value is not None and is_iri(value) else address
        self.add(subject, predicate, f"<{node}>")
        self.add(node, TYPE, f"<{NV}Document>")
        self.add(node, NV + "aboutAsset", f"<{self.owner}>")
        if value is not None and node is address:
            self.add(node, NV + "path", quoted(value))
        if element.content_type:
            self.add(node, DCTERMS + "format", quoted(element.content_type))

    def _reference(
        self,
        subject: str,
        element: ReferenceElement,
        address: str,
        predicate: str,
        mapping: Mapping,
    ) -> None:
        del address, mapping
        target = self._target(element.value)
        if target is not None:
            self.add(subject, predicate, f"<{target}>")

    def _capability(
        self, subject: str, element: Capability, address: str, predicate: str, mapping: Mapping
    ) -> None:
        del mapping
        self.add(subject, NV + "hasCapability", f"<{address}>")
        self.add(address, TYPE, f"<{NV}Capability>")
        self.add(address, NV + "ofConcept", f"<{predicate}>")
        if element.id_short:
            self.add(address, RDFS + "label", quoted(element.id_short))

    def _operation(
        self, subject: str, element: Operation, address: str, predicate: str, mapping: Mapping
    ) -> None:
        """An operation is offered, not a value: its variables stay in the structure graph."""
        del mapping
        self.add(subject, predicate, f"<{address}>")
        self.add(address, TYPE, f"<{NV}Operation>")
        if element.id_short:
            self.add(address, RDFS + "label", quoted(element.id_short))

    # -- references --------------------------------------------------------------------------------

    def _entities(self) -> dict[str, str]:
        """The node of each entity that is an asset of its own, by its address."""
        found: dict[str, str] = {}
        for submodel in self.environment.submodels or ():
            top: list[Any] = list(submodel.submodel_elements or ())
            waiting = [(f"{node_base(submodel.id or '')}#", "", top)]
            while waiting:
                address, dot, members = waiting.pop()
                for member, name in _placed(members, dot):
                    if isinstance(member, Entity) and member.global_asset_id:
                        found[address + name] = iri_of(member.global_asset_id)
                    below: list[Any] = [each for _, each in elements_below(member)]
                    waiting.append((address + name, ".", below))
        return found

    def _part_of(self) -> Iterator[tuple[str, str]]:
        """What is a part of what by a relation that says so."""
        for submodel in self.environment.submodels or ():
            for _, each in walk(submodel):
                if not isinstance(each, RelationshipElement):
                    continue
                if mapping_of(compiler.semantic_id(each.semantic_id)).predicate == _PART_OF:
                    first, second = self._target(each.first), self._target(each.second)
                    if first is not None and second is not None:
                        yield first, second

    def _target(self, reference: Reference | None) -> str | None:
        """The node that a reference leads to."""
        if reference is None or not reference.keys or reference.keys[0].value is None:
            return None
        first, *rest = reference.keys
        if reference.type == "ExternalReference" or not rest:
            last = reference.keys[-1].value
            return None if last is None else iri_of(last)
        address, before = f"{node_base(first.value)}#", ""
        for position, key in enumerate(rest):
            if key.value is None or key.type == "FragmentReference":
                break
            if before == "SubmodelElementList":
                address += f"%5B{segment(key.value)}%5D"
            else:
                address += ("." if position else "") + segment(key.value)
            before = key.type
        return self.entities.get(address, address)


_WRITERS: dict[type[Any], Callable[..., None]] = {
    Property: _Meaning._property,
    MultiLanguageProperty: _Meaning._multi_language,
    Range: _Meaning._range,
    File: _Meaning._document,
    Blob: _Meaning._document,
    ReferenceElement: _Meaning._reference,
    RelationshipElement: _Meaning._relationship,
    Entity: _Meaning._entity,
    SubmodelElementList: _Meaning._list,
    Capability: _Meaning._capability,
    Operation: _Meaning._operation,
}


def _placed(members: Iterable[Any], dot: str) -> Iterator[tuple[Any, str]]:
    """Elements side by side, each with what it adds to the address of its parent."""
    kept = [each.value if isinstance(each, OperationVariable) else each for each in members]
    present = [each for each in kept if each is not None]
    yield from zip(present, names_of_members(present, dot), strict=True)


def typed(value: str, value_type: str | None) -> str:
    """A value as a literal of its type; as plain text if it is not one."""
    if value_type in (None, "xs:string") or xsd.problem(value, value_type) is not None:
        return quoted(value)
    return f"{quoted(value)}^^<{XSD}{value_type.removeprefix('xs:')}>"


@functools.lru_cache(1024)
def is_language_tag(text: str | None) -> bool:
    """Whether those who read RDF accept a text as a language tag (BCP 47)."""
    from pyoxigraph import Literal

    try:
        return bool(text) and Literal("", language=text).language is not None
    except ValueError:
        return False


def mapping_of(semantic_id: str | None) -> Mapping:
    """How an element of a semantic id is written, whatever its version."""
    if semantic_id is None:
        return _GENERIC
    return _mappings().get(_versionless(semantic_id.strip()), _GENERIC)


@functools.lru_cache(65536)
def _versionless(semantic_id: str) -> str:
    return VERSION.sub("", semantic_id)


@functools.cache
def _mappings() -> dict[str, Mapping]:
    data = importlib.resources.files("nacre_ontologies").joinpath("data/mappings.toml")
    table = tomllib.loads(data.read_text("utf-8"))
    prefixes = table["prefixes"]

    def full(name: str | None) -> str | None:
        if name is None:
            return None
        prefix, _, rest = name.partition(":")
        return prefixes[prefix] + rest if prefix in prefixes else name

    return {
        _versionless(semantic_id): Mapping(
            full(entry.get("predicate")),
            full(entry.get("class")),
            entry.get("dissolve", False),
            entry.get("skip", False),
            tuple((word, full(term) or "") for word, term in entry.get("words", {}).items()),
        )
        for semantic_id, entry in table["concepts"].items()
    }
