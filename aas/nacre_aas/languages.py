"""Texts in several languages: the most frequent lists of a twin, in only a few rows of languages.

What is to be said of such a row is found out once and remembered.
"""

import re
from collections.abc import Sequence

from nacre_aas.model import AbstractLangString

_TAG = re.compile("[A-Za-z0-9-]{1,35}")
_orders: dict[tuple[str, ...], tuple[int, ...]] = {}
_REMEMBERED = 4096


def order_of(texts: Sequence[AbstractLangString]) -> tuple[int, ...] | None:
    """The positions of texts in canonical order, `()` if they stand in it already.

    `None` says that a language stands twice, whatever its case, or is no plain tag, so that languages alone
    give no order.
    """
    languages = tuple([text.language for text in texts])
    found = _orders.get(languages)
    if found is None and _are_distinct(languages):
        found = tuple(sorted(range(len(languages)), key=languages.__getitem__))
        if found == (*range(len(languages)),):
            found = ()
        if len(_orders) < _REMEMBERED:
            _orders[languages] = found
    return found


def _are_distinct(languages: tuple[str | None, ...]) -> bool:
    tags = {each.lower() for each in languages if each and _TAG.fullmatch(each)}
    return len(tags) == len(languages) <= 64
