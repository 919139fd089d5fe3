"""Rules that stand only in the text of a template's specification, as small packs per template."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from nacre_aas.checking import Flag
from nacre_aas.model import Submodel
from nacre_submodels.template import Template


class Pack(NamedTuple):
    """The rules in words of one specification that a machine can judge."""

    number: str
    check: Callable[[Submodel], Iterator[Flag]]


_PACKS: dict[str, Pack] = {}


def pack_for(template: Template) -> Pack | None:
    """The pack of a template, if there is one."""
    return _PACKS.get(template.number)


def open_point(template: Template, pack: Pack | None) -> str:
    """What a verdict by a template does not cover."""
    if pack is None:
        return (
            f"what the specification of {template.label} says in words; there are no rules for it"
        )
    return f"what the specification of {template.label} says in words, beyond the rules of its pack"
