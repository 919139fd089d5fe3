"""What a pack is, which template has which, and the rules that several packs share."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any, NamedTuple

from nacre_aas.checking import Flag
from nacre_aas.constraints.context import Attached, nothing_attached
from nacre_aas.constraints.registry import Broken, declare
from nacre_aas.findings import Severity
from nacre_aas.model import Submodel
from nacre_aas.xsd import surely_before
from nacre_submodels.packs.looking import Elements, element_at, text_of
from nacre_submodels.template import Template


class Pack(NamedTuple):
    """The rules in words of one specification that a machine can judge.

    `key` is the number of the specification, or the semantic id of a template without one.
    """

    key: str
    rules: Callable[[Elements], Iterator[Flag]]

    def check(
        self,
        submodel: Submodel,
        attached: Callable[[str], Attached | None] = nothing_attached,
        assets: Collection[str] = (),
    ) -> Iterator[Flag]:
        """What a submodel breaks; `attached` knows the files of the package around it, `assets` whose it is."""
        return self.rules(Elements(submodel, attached, assets))


_PACKS: dict[str, Pack] = {}


def pack_for(template: Template) -> Pack | None:
    """The pack of a template, if there is one."""
    return _PACKS.get(template.number or template.semantic_id or "")


def open_point(template: Template, pack: Pack | None) -> str:
    """What a verdict by a template does not cover."""
    if pack is None:
        return (
            f"what the specification of {template.label} says in words; there are no rules for it"
        )
    return f"what the specification of {template.label} says in words, beyond the rules of its pack"


_Rules = Callable[[Elements], Iterator[Flag]]


def pack(*keys: str) -> Callable[[_Rules], _Rules]:
    """Register rules for the numbers of specifications, or semantic ids of templates."""

    def register(function: _Rules) -> _Rules:
        for key in keys:
            _PACKS[key] = Pack(key, function)
        return function

    return register


DATES = declare(
    "SMT-115",
    "dates in the wrong order",
    "What begins must not end before.",
    "check both dates",
    "the meaning of the elements",
)


LANGUAGE = declare(
    "SMT-117",
    "language that is no code",
    "The language of a person or a document is a code of ISO 639 such as `de`, with or without a region.",
    "write the code, such as en",
    "IDTA 02002-1-0, ContactInformation/Language; IDTA 02004-2-0, DocumentVersion/Language; ISO 639",
    severity=Severity.WARNING,
)
#: The official example of IDTA 02004 calls drawings and the like by the last word.
_CODE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*|language-neutral")


def in_code(languages: Iterable[Any]) -> Iterator[Flag]:
    """Properties whose values are codes of languages."""
    for each in languages:
        value = text_of(each)
        if value and not _CODE.fullmatch(value):
            yield Flag(each, LANGUAGE, Broken(f"`{value}` is no code of a language", ("value",)))


def in_order(owner: Any, first: str, second: str) -> Iterator[Flag]:
    """Two dates or times of one parent stand in their order."""
    begin, end = element_at(owner, first), element_at(owner, second)
    start, stop = text_of(begin), text_of(end)
    if start and stop and surely_before(stop, start):
        message = f"`{second}` is `{stop}`, but `{first}` is `{start}`"
        yield Flag(end, DATES, Broken(message, ("value",)))
