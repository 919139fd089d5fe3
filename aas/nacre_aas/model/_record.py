"""How a class of the metamodel becomes a typed record.

The metamodel uses multiple inheritance (a Submodel is Identifiable, HasKind, HasSemantics, ...).
`msgspec.Struct` does not allow two parents with attributes, so an abstract class of the metamodel
carries its attributes as a list of annotations and only a concrete class turns them into storage.
Each attribute is therefore written once, `isinstance(x, HasSemantics)` holds, and type checkers
see ordinary inheritance.

The order of the parents is the order of the attributes in the XML schema.

JSON names the class of some records in `modelType`. Where several classes may stand, `msgspec` looks
there (`tag`). Where only one can, it would let the name be missing, and so a record that stands alone
(`LoneRecordType`) has it as an attribute that must be there.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar, dataclass_transform

import msgspec

Item = TypeVar("Item")

#: A list that is left out or has at least one member (IDTA-01001, annex "UML tables").
NonEmpty = Annotated[list[Item], msgspec.Meta(min_length=1)]


class RecordType(msgspec.StructMeta):
    """Metaclass: gathers the attributes of all parents into the concrete class."""

    __attributes__: Mapping[str, tuple[Any, Any]]
    __tagged__: bool
    __alone__ = False

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
        tag = tag or any(getattr(base, "__tagged__", False) for base in bases)
        namespace["__annotations__"] = {}
        options: dict[str, Any] = {}
        if not abstract:
            if cls.__alone__:
                namespace["__annotations__"]["model_type"] = Literal[name]
            for key, (annotation, default) in attributes.items():
                namespace["__annotations__"][key] = annotation
                if default is not msgspec.NODEFAULT:
                    namespace[key] = default
            options = {
                "kw_only": True,
                "rename": "camel",
                "omit_defaults": True,
                "forbid_unknown_fields": True,
                "gc": False,  # records form trees; the cyclic collector would only cost time
                **({"tag": name, "tag_field": "modelType"} if tag else {}),
            }
        record: Any = super().__new__(cls, name, bases, namespace, **options)
        record.__attributes__ = attributes
        record.__tagged__ = tag
        return record


class LoneRecordType(RecordType):
    """Metaclass of records that name their class where no other one can stand."""

    __alone__ = True

    if not TYPE_CHECKING:

        def __call__(self, **attributes: Any) -> Any:
            """Make a record, which knows its `modelType` by itself."""
            attributes["model_type"] = self.__name__
            return super().__call__(**attributes)


@dataclass_transform(kw_only_default=True)
class Record(msgspec.Struct, metaclass=RecordType, abstract=True):
    """An instance of a metamodel class; an attribute that is not there is `None`."""

    def __init_subclass__(cls, *, abstract: bool = False, tag: bool = False) -> None:
        """Accept `abstract` (no storage of its own) and `tag` (JSON names it in `modelType`)."""
