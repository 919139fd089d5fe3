"""Looking around in a submodel: elements by what they mean or are called, and what stands in them."""

from collections.abc import Callable, Collection
from typing import Any

from nacre_aas.constraints.context import Attached, nothing_attached
from nacre_aas.model import (
    MultiLanguageProperty,
    Property,
    Submodel,
    SubmodelElement,
    SubmodelElementList,
)
from nacre_aas.schema import elements, elements_below
from nacre_submodels.compiler import semantic_id
from nacre_submodels.semantics import near_key


class Elements:
    """All elements of a submodel, by idShort and by what they mean.

    `attached` says what is known of the file that a File names, if it lies in the package around; `assets`
    are those of the shells that have the submodel, by their ids.
    """

    def __init__(
        self,
        submodel: Submodel,
        attached: Callable[[str], Attached | None] = nothing_attached,
        assets: Collection[str] = (),
    ) -> None:
        self.submodel = submodel
        self.attached = attached
        self.assets = assets
        self.every: list[Any] = [x for x in elements(submodel) if isinstance(x, SubmodelElement)]
        self.by_name: dict[str, list[Any]] = {}
        by_name = self.by_name
        for element in self.every:
            own = semantic_id(element.semantic_id)
            for key in (element.id_short, own and near_key(own)):
                if key in by_name:
                    by_name[key].append(element)
                elif key is not None:
                    by_name[key] = [element]

    def named(self, *names: str) -> list[Any]:
        """The elements with one of some idShorts or semantic ids (in any version), each once."""
        found = {
            id(element): element
            for name in names
            for key in (name, near_key(name))
            for element in self.by_name.get(key, ())
        }
        return list(found.values())


def means(element: Any, name: str) -> bool:
    """Whether an element has a semantic id, in any version."""
    own = semantic_id(element.semantic_id)
    return own is not None and near_key(own) == near_key(name)


def element_at(record: Any, *names: str) -> Any:
    """The element below a record with one of some idShorts, or else of some semantic ids."""
    below = [x for _, x in elements_below(record) if isinstance(x, SubmodelElement)]
    for child in below:
        if child.id_short in names:
            return child
    meanings = [name for name in names if "/" in name or "#" in name]
    if meanings:
        for child in below:
            if any(means(child, name) for name in meanings):
                return child
    return None


def names_below(record: Any) -> set[str]:
    """The idShorts of the elements directly below a record."""
    names = (getattr(child, "id_short", None) for _, child in elements_below(record))
    return {name for name in names if name}


def text_of(element: Any) -> str | None:
    """The value of a property as written; `None` for anything else."""
    return element.value if isinstance(element, Property) else None


def members_of(element: Any) -> list[Any]:
    """The members of a list; another element stands for itself."""
    if isinstance(element, SubmodelElementList):
        return list(element.value or ())
    return [] if element is None else [element]


def texts_of(element: Any) -> list[Any]:
    """The texts of a multi-language property."""
    return list(element.value or ()) if isinstance(element, MultiLanguageProperty) else []


def as_number(text: str | None) -> float | None:
    """A text as a number, if it is one."""
    try:
        return None if text is None else float(text)
    except ValueError:
        return None
