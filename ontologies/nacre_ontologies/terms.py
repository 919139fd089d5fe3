"""The IRIs of the official AAS RDF mapping, and of the few terms that Nacre adds.

IDTA-01001, "Mapping to RDF": a class is `aas:Class`, a property `aas:DeclaringClass/attribute`, a
literal of an enumeration `aas:Enumeration/Word`. All of them follow from the records; a test holds
them against the published ontologies of 3.0 and 3.1. For 3.2 no ontology has been published yet:
its terms are formed in the same way.
"""

import functools
import re
import types
import typing

from nacre_aas import model
from nacre_aas.model import Record, common, core, data_specification, datatypes, referencing
from nacre_aas.model import submodel_elements as elements
from nacre_aas.schema import Attribute
from nacre_aas.versions import ALL, Metamodel

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
XSD = "http://www.w3.org/2001/XMLSchema#"
OWL = "http://www.w3.org/2002/07/owl#"
SH = "http://www.w3.org/ns/shacl#"
TYPE = RDF + "type"

#: Everything that Nacre names itself stands below this.
NACRE = "https://w3id.org/nacre/"
#: What the official mapping loses: order.
STRUCTURE = NACRE + "structure#"
#: Position of a member of an ordered list, from 0; written where a list has several members.
INDEX = STRUCTURE + "index"
#: From a key of a reference to the key after it.
NEXT = STRUCTURE + "next"

_NAMESPACE = "https://admin-shell.io/aas/{}/"


@functools.cache
def namespace(version: Metamodel) -> str:
    """The namespace of the mapping of one metamodel version."""
    (label,) = version.labels
    return _NAMESPACE.format(label.replace(".", "/"))


#: Namespace -> version.
NAMESPACES = {namespace(version): version for version in ALL}


def class_iri(record: type[Record], version: Metamodel) -> str:
    """The IRI of a class."""
    return namespace(version) + record.__name__


@functools.cache
def property_name(record: type[Record], name: str, json_name: str) -> str:
    """`DeclaringClass/attribute` of an attribute of a class."""
    for owner in record.__mro__:
        own = getattr(owner, "__attributes__", {})
        if name in own and not any(
            name in getattr(base, "__attributes__", {}) for base in owner.__bases__
        ):
            return f"{_published_owner(owner, name)}/{json_name}"
    raise LookupError(f"{record.__name__} has no attribute {name}")


def _published_owner(owner: type, name: str) -> str:
    """Texts in languages declare `text` once, although each class has a limit of its own."""
    is_text = issubclass(owner, model.AbstractLangString) and name == "text"
    return model.AbstractLangString.__name__ if is_text else owner.__name__


def property_iri(record: type[Record], attribute: Attribute, version: Metamodel) -> str:
    """The IRI of an attribute of a class."""
    return namespace(version) + property_name(record, attribute.name, attribute.json_name)


def _enumerations() -> dict[tuple[str, ...], str]:
    modules: tuple[types.ModuleType, ...] = (
        common,
        core,
        data_specification,
        datatypes,
        referencing,
        elements,
    )
    return {
        typing.get_args(value): name
        for module in modules
        for name, value in vars(module).items()
        if typing.get_origin(value) is typing.Literal
    }


_ENUMERATIONS = _enumerations()


@functools.cache
def enumeration_name(literals: tuple[str, ...]) -> str:
    """The name of the enumeration that has these literals."""
    return _ENUMERATIONS[literals]


@functools.cache
def literal_name(word: str) -> str:
    """A literal of an enumeration as the mapping spells it: `xs:anyURI` is `AnyUri`.

    >>> literal_name("INTEGER_COUNT"), literal_name("xs:gYearMonth"), literal_name("on")
    ('IntegerCount', 'GYearMonth', 'On')
    """
    word = word.removeprefix("xs:").replace("URI", "Uri")
    if word.isupper():
        return "".join(part.capitalize() for part in word.split("_"))
    return word[0].upper() + word[1:]


def literal_iri(attribute: Attribute, word: str, version: Metamodel) -> str:
    """The IRI of a word of the enumeration of an attribute."""
    return f"{namespace(version)}{enumeration_name(attribute.literals)}/{literal_name(word)}"


#: The prefixes that our Turtle is written with.
PREFIXES = {
    "rdf": RDF,
    "rdfs": RDFS,
    "xsd": XSD,
    "owl": OWL,
    "sh": SH,
    "nx": STRUCTURE,
}

_VERSIONED = re.compile(r"https://admin-shell\.io/aas/3/\d+/")


def version_of(iri: str) -> Metamodel | None:
    """The metamodel version in whose namespace a term is, if it is in one."""
    match = _VERSIONED.match(iri)
    return NAMESPACES.get(match[0]) if match else None
