"""Primitive data types, IDTA-01001 §5.3.11 "Data types", and the strings in languages.

A text type is a `str` that carries a `TextType`: its name in the specification and what it
demands. Limits that changed between versions stand in `nacre_aas.versions`, not here.
"""

import dataclasses
from typing import Annotated, Literal

import msgspec

from nacre_aas.model._record import Record


@dataclasses.dataclass(frozen=True)
class TextType:
    """What a string attribute may hold.

    `name` is the specification's word; `max_length` counts code points (the widest of all
    versions); `syntax` names a check of `nacre_aas.syntax`, or is `None` for free text.
    """

    name: str
    max_length: int | None = None
    syntax: str | None = None
    min_length: int = 1


def _filled(up_to: int | None = None) -> msgspec.Meta:
    """What the typed decoder accepts without asking: 1 to `up_to` characters.

    Where a limit changed, `up_to` is the shortest one; longer texts go to the explaining reader.
    """
    return msgspec.Meta(min_length=1, max_length=up_to)


String = Annotated[str, _filled(), TextType("string")]
Identifier = Annotated[str, _filled(2000), TextType("Identifier", 2048)]
LabelType = Annotated[str, _filled(64), TextType("LabelType", 64)]
NameType = Annotated[str, _filled(128), TextType("NameType", 128)]
IdShortType = Annotated[str, _filled(128), TextType("IdShortType", 128, "idShort")]
MessageTopicType = Annotated[str, _filled(255), TextType("MessageTopicType", 255)]
VersionType = Annotated[str, _filled(4), TextType("VersionType", 4, "version")]
RevisionType = Annotated[str, _filled(4), TextType("RevisionType", 4, "version")]
ContentType = Annotated[str, _filled(100), TextType("ContentType", 128, "contentType")]
PathType = Annotated[str, _filled(2000), TextType("PathType", 2048, "path")]
LanguageType = Annotated[str, TextType("BcpLangString", None, "language", min_length=0)]
DateTimeUtc = Annotated[str, TextType("DateTimeUtc", None, "dateTimeUtc", min_length=0)]
Duration = Annotated[str, TextType("duration", None, "duration", min_length=0)]
BlobType = Annotated[str, TextType("BlobType", None, "base64", min_length=0)]
ValueDataType = Annotated[str, TextType("ValueDataType", min_length=0)]
ValueTypeIec61360 = Annotated[str, _filled(2000), TextType("ValueTypeIec61360", 2048)]

DataTypeDefXsd = Literal[
    "xs:anyURI",
    "xs:base64Binary",
    "xs:boolean",
    "xs:byte",
    "xs:date",
    "xs:dateTime",
    "xs:decimal",
    "xs:double",
    "xs:duration",
    "xs:float",
    "xs:gDay",
    "xs:gMonth",
    "xs:gMonthDay",
    "xs:gYear",
    "xs:gYearMonth",
    "xs:hexBinary",
    "xs:int",
    "xs:integer",
    "xs:long",
    "xs:negativeInteger",
    "xs:nonNegativeInteger",
    "xs:nonPositiveInteger",
    "xs:positiveInteger",
    "xs:short",
    "xs:string",
    "xs:time",
    "xs:unsignedByte",
    "xs:unsignedInt",
    "xs:unsignedLong",
    "xs:unsignedShort",
]


class AbstractLangString(Record, abstract=True):
    """A text in one language, IDTA-01001 §5.3.11."""

    language: LanguageType
    text: str


class LangStringNameType(AbstractLangString):
    """Text of a `MultiLanguageNameType`: at most 128 characters."""

    text: Annotated[str, _filled(128), TextType("LangStringNameType", 128)]


class LangStringTextType(AbstractLangString):
    """Text of a `MultiLanguageTextType`: at most 1023 characters."""

    text: Annotated[str, _filled(1023), TextType("LangStringTextType", 1023)]


class LangStringPreferredNameTypeIec61360(AbstractLangString):
    """Preferred name of IEC 61360, at most 255 characters (IDTA-01003-a)."""

    text: Annotated[str, _filled(255), TextType("PreferredNameTypeIec61360", 255)]


class LangStringShortNameTypeIec61360(AbstractLangString):
    """Short name of IEC 61360, at most 18 characters (IDTA-01003-a)."""

    text: Annotated[str, _filled(18), TextType("ShortNameTypeIec61360", 18)]


class LangStringDefinitionTypeIec61360(AbstractLangString):
    """Definition of IEC 61360, at most 1023 characters (IDTA-01003-a)."""

    text: Annotated[str, _filled(1023), TextType("DefinitionTypeIec61360", 1023)]
