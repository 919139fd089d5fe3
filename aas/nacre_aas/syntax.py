"""Syntax of the strings that are more than free text: idShorts, language tags, content types, ...

`SYNTAX[name]` is the check that a `TextType` names. A check returns the versions in which a text
is wrong, together with the reason; `None` means that it is right in all of them.
"""

import dataclasses
import re
from collections.abc import Callable

from nacre_aas import xsd
from nacre_aas.uri import is_uri_reference
from nacre_aas.versions import ALL, ONLY_3_0, SINCE_3_1, Metamodel


@dataclasses.dataclass(frozen=True)
class Syntax:
    """A syntax check: the rule it stands for, and the function that applies it."""

    code: str
    check: Callable[[str], tuple[Metamodel, str] | None]


# -- idShort ------------------------------------------------------------------------------------

_ID_SHORT_3_0 = re.compile(r"[a-zA-Z][a-zA-Z0-9_]*")
_ID_SHORT_3_1 = re.compile(r"[a-zA-Z][a-zA-Z0-9_-]*[a-zA-Z0-9_]")  # the same as is written there


def _id_short(text: str) -> tuple[Metamodel, str] | None:
    """IDTA-01001 AASd-002: hyphens and the length of two are new in 3.1."""
    wrong_3_0 = _ID_SHORT_3_0.fullmatch(text) is None
    wrong_3_1 = _ID_SHORT_3_1.fullmatch(text) is None
    if wrong_3_0 and wrong_3_1:
        return ALL, "it must start with a letter and use only letters, digits, `_` and inner `-`"
    if wrong_3_0:
        return ONLY_3_0, "metamodel 3.0 allows letters, digits and `_` only"
    if wrong_3_1:
        return SINCE_3_1, "metamodel 3.1 and later ask for at least two characters"
    return None


# -- version and revision -----------------------------------------------------------------------

_VERSION = re.compile(r"0|[1-9][0-9]*")


def _version(text: str) -> tuple[Metamodel, str] | None:
    if _VERSION.fullmatch(text):
        return None
    return ALL, "it must be an integer without sign, dots or leading zeros"


# -- language tags, BCP 47 (RFC 5646 §2.1) ------------------------------------------------------

_GRANDFATHERED = (
    "en-GB-oed|i-ami|i-bnn|i-default|i-enochian|i-hak|i-klingon|i-lux|i-mingo|i-navajo|i-pwn|"
    "i-tao|i-tay|i-tsu|sgn-BE-FR|sgn-BE-NL|sgn-CH-DE|art-lojban|cel-gaulish|no-bok|no-nyn|"
    "zh-guoyu|zh-hakka|zh-min|zh-min-nan|zh-xiang"
)
_PRIVATE_USE = r"[xX](?:-[a-zA-Z0-9]{1,8})+"
_LANGUAGE = re.compile(
    rf"(?:(?:[a-zA-Z]{{2,3}}(?:-[a-zA-Z]{{3}}){{0,3}}|[a-zA-Z]{{4}}|[a-zA-Z]{{5,8}})"
    r"(?:-[a-zA-Z]{4})?"  # script
    r"(?:-(?:[a-zA-Z]{2}|[0-9]{3}))?"  # region
    r"(?:-(?:[a-zA-Z0-9]{5,8}|[0-9][a-zA-Z0-9]{3}))*"  # variants
    r"(?:-[0-9A-WY-Za-wy-z](?:-[a-zA-Z0-9]{2,8})+)*"  # extensions
    rf"(?:-{_PRIVATE_USE})?|{_PRIVATE_USE}|{_GRANDFATHERED})"
)


def _language(text: str) -> tuple[Metamodel, str] | None:
    if _LANGUAGE.fullmatch(text):
        return None
    return ALL, "it is not a language tag of BCP 47 such as `en` or `de-CH`"


# -- content types (RFC 2046, RFC 7231 §3.1.1.1) ------------------------------------------------

_WORD = r"[!#$%&'*+\-.^_`|~0-9a-zA-Z]+"
_QUOTED = r'"(?:[\t !#-\[\]-~\x80-\xff]|\\[\t !-~\x80-\xff])*"'
_CONTENT_TYPE = re.compile(rf"{_WORD}/{_WORD}(?:[ \t]*;[ \t]*{_WORD}=(?:{_WORD}|{_QUOTED}))*")


def _content_type(text: str) -> tuple[Metamodel, str] | None:
    if _CONTENT_TYPE.fullmatch(text):
        return None
    return ALL, "it is not a content type such as `application/pdf`"


# -- paths -------------------------------------------------------------------------------------


def _path(text: str) -> tuple[Metamodel, str] | None:
    """IDTA-01001 PathType: a URI reference since 3.1; 3.0 takes any identifier."""
    if is_uri_reference(text):
        return None
    return SINCE_3_1, "it is not a URI reference; blanks and non-ASCII letters are written as %XX"


def _from_problem(
    problem: Callable[[str], str | None],
) -> Callable[[str], tuple[Metamodel, str] | None]:
    def check(text: str) -> tuple[Metamodel, str] | None:
        reason = problem(text)
        return None if reason is None else (ALL, reason)

    return check


SYNTAX: dict[str, Syntax] = {
    "idShort": Syntax("AASd-002", _id_short),
    "version": Syntax("MET-011", _version),
    "language": Syntax("MET-007", _language),
    "contentType": Syntax("MET-008", _content_type),
    "path": Syntax("MET-012", _path),
    "dateTimeUtc": Syntax("MET-013", _from_problem(xsd.date_time_utc_problem)),
    "duration": Syntax("MET-013", _from_problem(xsd.duration_problem)),
    "base64": Syntax("MET-014", _from_problem(xsd.base64_problem)),
}
