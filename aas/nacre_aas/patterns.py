"""The syntax of texts as regular expressions, for those who check with nothing else: SHACL, schemas.

The expressions keep to what Python, Java, JavaScript and Rust have in common, and match the whole text.
They say what `syntax` and `xsd` say, except for what no regular expression can (`NOT_SAID`); a test
holds both against each other.
"""

import functools

from nacre_aas import syntax, uri, xsd
from nacre_aas.versions import ONLY_3_0, Metamodel

#: What the expressions leave out: type or syntax -> why.
NOT_SAID = {
    "xs:float": "that a number is too large for single precision",
    "xs:double": "that a number is too large for double precision",
    "xs:date": "29 February in leap years before the common era",
    "xs:dateTime": "29 February in leap years before the common era",
    "dateTimeUtc": "29 February in leap years before the common era",
}

#: AASd-130. Written with escapes below U+0020 and above U+FFFD only, since engines differ in how
#: they write characters beyond the basic plane.
XML_CHARACTERS = r"^[^\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]*$"


def of_syntax(name: str, version: Metamodel) -> str | None:
    """The expression of a syntax of `nacre_aas.syntax`; `None` if the version has no demand."""
    if name == "path" and version in ONLY_3_0:
        return None
    if name == "idShort":
        found = syntax._ID_SHORT_3_0 if version in ONLY_3_0 else syntax._ID_SHORT_3_1
        return _whole(found.pattern)
    plain = {
        "version": syntax._VERSION.pattern,
        "language": syntax._LANGUAGE.pattern,
        "contentType": syntax._CONTENT_TYPE.pattern,
        "path": uri._URI_REFERENCE.pattern,
        "duration": xsd._DURATION.pattern,
        "dateTimeUtc": _calendar(rf"T{xsd._CLOCK}(?:Z|\+00:00|-00:00)"),
        "base64": _BASE64,
    }
    return _whole(plain[name])


@functools.cache
def of_type(value_type: str) -> str | None:
    """The expression of the literals of a type such as `xs:int`; `None` for `xs:string`."""
    found = _types().get(value_type)
    return None if found is None else _whole(found)


def _whole(pattern: str) -> str:
    return f"^(?:{pattern})$"


_BLANK = r"[ \t\r\n]*"
_QUAD = _BLANK.join(("[A-Za-z0-9+/]",) * 4)
_PADDED = "|".join(
    (
        _BLANK.join(("[A-Za-z0-9+/]", "[AQgw]", "=", "=")),
        _BLANK.join(("[A-Za-z0-9+/]", "[A-Za-z0-9+/]", "[AEIMQUYcgkosw048]", "=")),
    )
)
#: Blanks stand between characters only.
_BASE64 = rf"(?:{_QUAD}(?:{_BLANK}{_QUAD})*(?:{_BLANK}(?:{_PADDED}))?|{_PADDED})?"

_LONG, _SHORT = "0[13578]|1[02]", "0[469]|11"
#: Two digits that 4 divides; the years before the common era; those after it with 29 February.
_FOURTH = "0[48]|[2468][048]|[13579][26]"
_BEFORE = "-(?:[1-9][0-9]{3,}|0(?:[1-9][0-9]{2}|0[1-9][0-9]|00[1-9]))"
_LEAP = (
    rf"(?:[0-9]{{2}}|[1-9][0-9]{{2,}})(?:{_FOURTH})"
    rf"|(?:{_FOURTH})00|[1-9][0-9]*(?:00|{_FOURTH})00"
)
_DAYS = (
    rf"(?:(?:{_LONG})-(?:0[1-9]|[12][0-9]|3[01])|(?:{_SHORT})-(?:0[1-9]|[12][0-9]|30)"
    r"|02-(?:0[1-9]|1[0-9]|2[0-8]))"
)


def _calendar(rest: str) -> str:
    """A day that the calendar has, and what follows it."""
    year = f"(?:-?{_BEFORE[1:]})"
    return rf"(?:{year}-{_DAYS}|(?:{_BEFORE}|{_LEAP})-02-29){rest}"


def _at_most(number: int) -> str:
    """The digits of the integers from 0 to a number."""
    digits = str(number)
    choices = [f"[0-9]{{1,{len(digits) - 1}}}"] if len(digits) > 1 else []
    for at, digit in enumerate(digits):
        if digit != "0":
            last = "0" if digit == "1" else f"[0-{int(digit) - 1}]"
            rest = len(digits) - at - 1
            choices.append(digits[:at] + last + (f"[0-9]{{{rest}}}" if rest else ""))
    return f"0*(?:{'|'.join([*choices, digits])})"


def _integer(low: int | None, high: int | None) -> str:
    """The integers from one number to another; `None` is no bound."""
    if low is not None and low > 0:
        return r"\+?0*[1-9][0-9]*"
    if high is not None and high < 0:
        return "-0*[1-9][0-9]*"
    plus = "[0-9]+" if high is None else _at_most(high)
    minus = "[0-9]+" if low is None else _at_most(-low)
    return rf"\+?{plus}|-{minus}"


@functools.cache
def _types() -> dict[str, str]:
    double = xsd._DOUBLE.pattern
    found = {
        "xs:anyURI": uri._URI_REFERENCE.pattern.replace(
            uri._ESCAPED, rf"(?:{uri._ESCAPED}|[^\u0000-\u007F])"
        ),
        "xs:base64Binary": _BASE64,
        "xs:boolean": "true|false|1|0",
        "xs:date": _calendar(xsd._ZONE),
        "xs:dateTime": _calendar(rf"T{xsd._CLOCK}{xsd._ZONE}"),
        "xs:decimal": r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)",
        "xs:double": double,
        "xs:duration": xsd._DURATION.pattern,
        "xs:float": double,
        "xs:gDay": rf"---{xsd._DAY}{xsd._ZONE}",
        "xs:gMonth": rf"--{xsd._MONTH}{xsd._ZONE}",
        "xs:gMonthDay": rf"--(?:{_DAYS}|02-29){xsd._ZONE}",
        "xs:gYear": rf"-?{_BEFORE[1:]}{xsd._ZONE}",
        "xs:gYearMonth": rf"-?{_BEFORE[1:]}-{xsd._MONTH}{xsd._ZONE}",
        "xs:hexBinary": "(?:[0-9a-fA-F]{2})*",
        "xs:time": rf"{xsd._CLOCK}{xsd._ZONE}",
        "xs:integer": _integer(None, None),
        "xs:negativeInteger": _integer(None, -1),
        "xs:nonNegativeInteger": _integer(0, None),
        "xs:nonPositiveInteger": _integer(None, 0),
        "xs:positiveInteger": _integer(1, None),
    }
    for name, bits in (("byte", 8), ("short", 16), ("int", 32), ("long", 64)):
        found[f"xs:{name}"] = _integer(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
        found[f"xs:unsigned{name.capitalize()}"] = _integer(0, 2**bits - 1)
    return found
