"""Semantic ids that are nearly the same: what a person would take for a slip."""

import functools
import re
from urllib.parse import unquote

#: Semantic ids that begin like this stand for any content.
ARBITRARY = "https://admin-shell.io/SMT/General/Arbitrary"

_IRDI = re.compile(
    r"(?P<registry>\d{4}(?:[-/]\d+)?(?:///[\w]+)?)[#-](?P<kind>\d{2}-)?(?P<code>[A-Z]{3}\d{3})"
    r"(?:[#-](?P<version>\d{1,3}))?",
    re.IGNORECASE,
)
#: Characters that nobody sees: soft hyphens, zero-width ones, marks of direction and of byte order.
_INVISIBLE = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]")
VERSION = re.compile(r"/v?\d+(?:[/.]\d+)*(?=/|$)")


@functools.lru_cache(65536)
def near_key(semantic_id: str) -> str:
    """Equal for semantic ids that differ by version, case, blanks, plural or spelling only.

    An IRDI is the same as an IRI that holds it (`https://api.eclass-cdp.com/0173-1-02-ABI002-003`).
    """
    text = unquote(_INVISIBLE.sub("", semantic_id)).strip()
    codes = _IRDI.findall(text)
    if codes:
        return "irdi:" + "/".join(code.upper() for _, _, code, _ in codes)
    text = re.sub(r"^https?://(www\.)?", "", text.casefold())
    text = re.sub(r"^([^/:]*):(?:80|443)(?=/|$)", r"\1", text)
    text = VERSION.sub("", text)
    text = re.sub(r"[\s_\-.#]", "", text).rstrip("/")
    return re.sub(r"s(?=/|$)", "", text.replace("ies", "y"))


#: A content type of one of the registered kinds (RFC 6838, RFC 2046).
_MEDIA_TYPE = re.compile(
    r"(?:application|audio|font|image|message|model|multipart|text|video)/[\w.+-]+", re.ASCII
)


def is_coded(value: str) -> bool:
    """Whether a value is one of a vocabulary: a code of ECLASS or CDD, such as that of the CE marking, or a media type."""
    return any(each.fullmatch(value.strip()) for each in (_IRDI, _MEDIA_TYPE))


def difference(found: str, expected: str) -> str:
    """In what way two semantic ids with the same key differ."""
    if found.strip() == expected.strip():
        return "by blanks"
    if found.strip().casefold() == expected.strip().casefold():
        return "by case"
    first, second = (_IRDI.findall(text.strip()) for text in (found, expected))
    if first and second:
        versions = ([each[3] for each in side] for side in (first, second))
        old, new = versions
        return "by version" if old != new else "by spelling"
    if VERSION.sub("", found) == VERSION.sub("", expected):
        return "by version"
    return "by spelling"


def stem(id_short: str | None) -> str:
    """An idShort without the number that tells it from others of its kind."""
    return re.sub(r"[_{}\d]+$", "", id_short or "")
