"""How a class of the metamodel becomes a typed record.

The metamodel uses multiple inheritance (a Submodel is Identifiable, HasKind, HasSemantics, ...).
`msgspec.Struct` does not allow two parents with attributes, so an abstract class of the metamodel
carries its attributes as a list of annotations and only a concrete class turns them into storage.
Each attribute is therefore written once, `isinstance(x, HasSemantics)` holds, and type checkers
see ordinary inheritance.

The order of the parents is the order of the attributes in the XML schema.
"""

import types
import typing
from collections.abc import Mapping
from typing import Annotated, Any, TypeVar, dataclass_transform

import msgspec

Item = TypeVar("Item")

#: A list that is left out or has at least one member (IDTA-01001, annex "UML tables").
NonEmpty = Annotated[list[Item], msgspec.Meta(min_length=1)]


class Nothing(msgspec.Struct, tag="", tag_field="modelType"):
    """No class of the metamodel, and in no document: what may be this or a class must say which it is.

    Where only one class can stand, `msgspec` would let `modelType` be missing.
    """


def _saying_its_class(annotation: Any) -> Any:
    """The annotation of an attribute, with `Nothing` beside a class that stands alone."""
    arguments = typing.get_args(annotation)
    if not arguments:
        is_tagged = isinstance(annotation, RecordType) and annotation.__tagged__
        return typing.Union[annotation, Nothing] if is_tagged else annotation  # noqa: UP007 - made at run time
    origin = typing.get_origin(annotation)
    if origin is Annotated:
        return Annotated[(_saying_its_class(arguments[0]), *arguments[1:])]
    if origin is list:
        return types.GenericAlias(list, (_saying_its_class(arguments[0]),))
    if origin in (typing.Union, types.UnionType):
        return typing.Union[tuple(map(_saying_its_class, arguments))]  # noqa: UP007 - the same
    return annotation


class RecordType(msgspec.StructMeta):
    """Metaclass: gathers the attributes of all parents into the concrete class."""

    __attributes__: Mapping[str, tuple[Any, Any]]
    __tagged__: bool

    def __new__(
        cls,
        name: str,
        bases: tuple[type, ...],
        namespace: dict[str, Any],
        *,
        abstract: bool = False,
        tag: bool = False,
    ) -> Any:
        own = namespace.get("__annotations__", {})
        attributes: dict[str, tuple[Any, Any]] = {}
        for base in bases:
            attributes |= getattr(base, "__attributes__", {})
        attributes |= {
            key: (annotation, namespace.pop(key, msgspec.NODEFAULT))
            for key, annotation in own.items()
        }
        tagged = not abstract and (tag or any(getattr(base, "__tagged__", False) for base in bases))
        namespace["__annotations__"] = {}
        options: dict[str, Any] = {}
        if not abstract:
            for key, (annotation, default) in attributes.items():
                namespace["__annotations__"][key] = _saying_its_class(annotation)
                if default is not msgspec.NODEFAULT:
                    namespace[key] = default
            options = {
                "kw_only": True,
                "rename": "camel",
                "omit_defaults": True,
                "forbid_unknown_fields": True,
                "gc": False,  # records form trees; the cyclic collector would only cost time
                **({"tag": name, "tag_field": "modelType"} if tagged else {}),
            }
        record: Any = super().__new__(cls, name, bases, namespace, **options)
        record.__attributes__ = attributes
        record.__tagged__ = tag or any(getattr(base, "__tagged__", False) for base in bases)
        return record


@dataclass_transform(kw_only_default=True)
class Record(msgspec.Struct, metaclass=RecordType, abstract=True):
    """An instance of a metamodel class; an attribute that is not there is `None`."""

    def __init_subclass__(cls, *, abstract: bool = False, tag: bool = False) -> None:
        """Accept `abstract` (no storage of its own) and `tag` (JSON names it in `modelType`)."""
