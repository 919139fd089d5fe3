"""Typed classes for the values of a template, so that an editor completes and checks them."""

import keyword
import re
from collections.abc import Iterator

from nacre_submodels.template import Element, Template

_TYPES = {
    "xs:boolean": "bool",
    **dict.fromkeys(("xs:float", "xs:double", "xs:decimal"), "float"),
    **dict.fromkeys(
        (
            "xs:byte", "xs:int", "xs:integer", "xs:long", "xs:short", "xs:negativeInteger",
            "xs:nonNegativeInteger", "xs:nonPositiveInteger", "xs:positiveInteger",
            "xs:unsignedByte", "xs:unsignedInt", "xs:unsignedLong", "xs:unsignedShort",
        ),
        "int",
    ),
}  # fmt: skip


def stubs(template: Template) -> str:
    """A Python module with one TypedDict per collection of a template, to be given to `build`."""
    writer = _Writer()
    top = writer.table(_class_name(template.name), template.elements, template.label)
    lines = [
        f'"""Values of {template.label}, for `nacre_submodels.builder.build`."""',
        "",
        "from typing import Any, Literal, Required, TypedDict",
        "",
        *writer.lines,
    ]
    return "\n".join(lines).rstrip() + f"\n\n\n__all__ = [{top!r}]\n"


class _Writer:
    def __init__(self) -> None:
        self.lines: list[str] = []
        self.taken: set[str] = set()

    def table(self, name: str, elements: tuple[Element, ...], about: str) -> str:
        """Write the class of a table after the classes that it needs; its name."""
        unique, number = name, 1
        while unique in self.taken:
            number += 1
            unique = f"{name}{number}"
        self.taken.add(unique)
        fields = list(self._fields(unique, elements))
        self.lines += ["", f"{unique} = TypedDict(", f"    {unique!r},", "    {"]
        self.lines += [f"        {key!r}: {type_}," for key, type_ in fields]
        self.lines += ["    },", "    total=False,", ")", f'"""{about}"""', ""]
        return unique

    def _fields(self, owner: str, elements: tuple[Element, ...]) -> Iterator[tuple[str, str]]:
        named = {each.id_short: each for each in reversed(elements)}  # of one name the first counts
        for element in (each for each in elements if named.get(each.id_short) is each):
            if element.id_short is None or element.maximum == 0:
                continue
            type_ = self._type(owner, element)
            if element.maximum is None and element.model_type != "SubmodelElementList":
                type_ = f"{type_} | list[{type_}]"
            needed = element.minimum and not element.either_or
            yield element.id_short, f"Required[{type_}]" if needed else type_

    def _type(self, owner: str, element: Element) -> str:
        match element.model_type:
            case "Property":
                allowed = element.allowed_values
                if allowed and element.value_type == "xs:string":
                    return f"Literal[{', '.join(map(repr, allowed))}]"
                return _TYPES.get(element.value_type or "", "str")
            case "MultiLanguageProperty":
                return "dict[str, str]"
            case "SubmodelElementCollection" if element.elements:
                name = _class_name(element.id_short or f"{owner}Member")
                return self.table(name, element.elements, element.name)
            case "SubmodelElementList":
                members = {self._type(owner, member) for member in element.elements}
                return f"list[{' | '.join(sorted(members)) or 'Any'}]"
            case "ReferenceElement":
                return "str | dict[str, Any]"
            case _:
                return "dict[str, Any]"


def _class_name(text: str) -> str:
    name = re.sub(r"\W|__0+__", "", text)
    return name if name.isidentifier() and not keyword.iskeyword(name) else f"Table{name}"
