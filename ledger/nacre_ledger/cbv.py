"""The event hash of GS1 CBV 2.0: one fingerprint for an EPCIS event, whatever syntax carries it.

The standard's text was not at hand; the rules are those of the reference implementation's README and of
OpenEPCIS, where both agree on CBV 2.0: names and values are written one after the other in a fixed order,
lists are sorted as finished strings, identifiers become canonical GS1 Digital Links, times UTC in
milliseconds, vocabulary full IRIs. Left out are recordTime, eventID, errorDeclaration and certificationInfo.
"""

import datetime as dt
import decimal
import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any
from urllib.parse import quote, unquote

Context = Mapping[str, str]

_CBV, _VOC = "https://ref.gs1.org/cbv/", "https://ref.gs1.org/voc/"
_LINK = "https://id.gs1.org"
_EPCS = ("epcList", "inputEPCList", "childEPCs", "outputEPCList")
_QUANTITIES = ("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList")
_PAIRS = {
    "bizTransactionList": "bizTransaction",
    "sourceList": "source",
    "destinationList": "destination",
}
#: The order in which the fields of an event are written.
_ORDER = (
    "eventTime",
    "eventTimeZoneOffset",
    "epcList",
    "parentID",
    "inputEPCList",
    "childEPCs",
    "quantityList",
    "childQuantityList",
    "inputQuantityList",
    "outputEPCList",
    "outputQuantityList",
    "action",
    "transformationID",
    "bizStep",
    "disposition",
    "persistentDisposition",
    "readPoint",
    "bizLocation",
    "bizTransactionList",
    "sourceList",
    "destinationList",
    "sensorElementList",
)
_METADATA = [
    "time",
    "startTime",
    "endTime",
    "deviceID",
    "deviceMetadata",
    "rawData",
    "dataProcessingMethod",
    "bizRules",
]
_REPORT = [
    "type",
    "exception",
    "deviceID",
    "deviceMetadata",
    "rawData",
    "dataProcessingMethod",
    "time",
    "microorganism",
    "chemicalSubstance",
    "value",
    "component",
    "stringValue",
    "booleanValue",
    "hexBinaryValue",
    "uriValue",
    "minValue",
    "maxValue",
    "meanValue",
    "sDev",
    "percRank",
    "percValue",
    "uom",
    "coordinateReferenceSystem",
]
#: Bare words of these fields belong to a vocabulary.
_WORDS = {
    "bizStep": f"{_CBV}BizStep-",
    "disposition": f"{_CBV}Disp-",
    "set": f"{_CBV}Disp-",
    "unset": f"{_CBV}Disp-",
    "bizTransactionList": f"{_CBV}BTT-",
    "sourceList": f"{_CBV}SDT-",
    "destinationList": f"{_CBV}SDT-",
    "sensorReport": _VOC,
    "exception": _VOC,
    "component": f"{_CBV}Comp-",
}
_URNS = {"bizstep": "BizStep-", "disp": "Disp-", "btt": "BTT-", "sdt": "SDT-", "er": "ER-"}


def event_hash(event: Mapping[str, Any], context: Context) -> str:
    """The hash as a URI of RFC 6920; `context` gives the namespaces of prefixes."""
    digest = sha256(pre_hash(event, context).encode()).hexdigest()
    return f"ni:///sha-256;{digest}?ver=CBV2.0"


def pre_hash(event: Mapping[str, Any], context: Context) -> str:
    """The text that is hashed."""
    parts = [f"eventType={event.get('type', '')}"]
    parts += [_field(name, event[name], context) for name in _ORDER if name in event]
    if isinstance(event.get("ilmd"), dict):
        parts.append("ilmd" + "".join(sorted(_extensions(event["ilmd"], context))))
    for name in _ORDER:
        parts += _nested(name, event.get(name), context)
    parts += sorted(_extensions(event, context))
    return "".join(parts)


def listed(value: Any) -> list[Any]:
    """A list, also where a single member stands without one."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _field(name: str, value: Any, context: Context) -> str:
    if name in _EPCS:
        return name + "".join(
            sorted(f"epc={_value('epc', each, context)}" for each in listed(value))
        )
    if name in _QUANTITIES:
        fields = ("epcClass", "quantity", "uom")
        members = ("quantityElement" + _fields(each, fields, context) for each in listed(value))
        return name + "".join(sorted(members))
    if name in _PAIRS:
        own = _PAIRS[name]
        members = (
            _leaf("type", each.get("type"), context, name) + _leaf(own, each.get(own), context)
            for each in listed(value)
        )
        return name + "".join(sorted(members))
    if name == "persistentDisposition":
        sides = (
            "".join(sorted(_leaf(side, each, context) for each in value.get(side, ())))
            for side in ("set", "unset")
        )
        return name + "".join(sides)
    if name in ("readPoint", "bizLocation"):
        return name + _leaf("id", value.get("id"), context)
    if name == "sensorElementList":
        return "".join(sorted(_sensor(each, context) for each in listed(value)))
    return _leaf(name, value, context)


def _sensor(element: Mapping[str, Any], context: Context) -> str:
    text = "sensorElement"
    metadata = element.get("sensorMetadata")
    if metadata:
        text += "sensorMetadata" + _fields(metadata, _METADATA, context)
    reports = (
        "sensorReport" + _fields(each, _REPORT, context, "sensorReport")
        for each in listed(element.get("sensorReport"))
    )
    return text + "".join(sorted(reports))


def _fields(
    values: Mapping[str, Any], names: Any, context: Context, words: str | None = None
) -> str:
    return "".join(
        _leaf(name, values[name], context, words if name == "type" else None)
        for name in names
        if name in values
    )


def _leaf(name: str, value: Any, context: Context, words: str | None = None) -> str:
    return "" if value in (None, "") else f"{name}={_value(name, value, context, words)}"


# -- extensions ------------------------------------------------------------------------------------


def _extensions(values: Mapping[str, Any], context: Context) -> Iterator[str]:
    for key, value in values.items():
        full = _name(key, context)
        if full is not None:
            yield from _extension(full, value, context)


def _extension(name: str, value: Any, context: Context) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _extension(name, each, context)
    elif isinstance(value, dict):
        yield name + "".join(sorted(_extensions(value, context)))
    else:
        yield f"{name}={_value('', value, context)}"


def _nested(name: str, value: Any, context: Context) -> list[str]:
    """The extensions inside a standard field: after everything else, behind the name of the field."""
    members = value if isinstance(value, list) else [value]
    found = [
        text
        for each in members
        if isinstance(each, dict)
        for text in sorted(_extensions(each, context))
    ]
    return [name + "".join(found)] if found else []


def _name(key: str, context: Context) -> str | None:
    """`{namespace}local` of a prefixed key; `None` for the fields of the standard."""
    prefix, colon, local = key.partition(":")
    if not colon or prefix == "rdfs":
        return None
    namespace = context.get(prefix)
    return f"{{{namespace}}}{local}" if namespace else f"{{{prefix}}}{local}"


# -- values ----------------------------------------------------------------------------------------

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")


def _value(name: str, value: Any, context: Context, words: str | None = None) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value).strip()
    if name in ("eventTime", "time", "startTime", "endTime"):
        return _time(text)
    if name != "eventTimeZoneOffset" and _NUMBER.fullmatch(text):
        number = decimal.Decimal(text)
        whole = number == number.to_integral_value()
        return f"{number.to_integral_value() if whole else number.normalize():f}"
    vocabulary = _WORDS.get(words or name)
    if vocabulary is not None and re.fullmatch(r"[A-Za-z][\w-]*", text):
        return vocabulary + text
    return digital_link(_expanded(text, context))


def _expanded(text: str, context: Context) -> str:
    match = re.fullmatch(r"urn:epcglobal:cbv:(bizstep|disp|btt|sdt|er):(.+)", text)
    if match is not None:
        return _CBV + _URNS[match[1]] + match[2]
    prefix, colon, local = text.partition(":")
    known = {"cbv": _CBV, "gs1": _VOC, **context}.get(prefix)
    return known + local if colon and known and not local.startswith("//") else text


def _time(text: str) -> str:
    """UTC in milliseconds, half a millisecond rounded up."""
    match = re.fullmatch(r"(.*T\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:?\d\d)", text)
    if match is None:
        return text
    moment = dt.datetime.fromisoformat(match[1] + match[3].replace("Z", "+00:00"))
    fraction = decimal.Decimal("0" + (match[2] or "")) * 1000
    milliseconds = int(fraction.to_integral_value(decimal.ROUND_HALF_UP))
    moment = moment.astimezone(dt.UTC) + dt.timedelta(milliseconds=milliseconds)
    return moment.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


# -- GS1 identifiers -------------------------------------------------------------------------------

_EPC = re.compile(r"urn:epc:(id|class|idpat):([a-z]+):(.+)")
_PATH = re.compile(r"https?://[^/?#]+(?P<path>/[^?#]*)")
_SHORT = {
    "gtin": "01",
    "sscc": "00",
    "gln": "414",
    "party": "417",
    "lot": "10",
    "ser": "21",
    "cpv": "22",
    "glnx": "254",
    "grai": "8003",
    "giai": "8004",
    "gsrn": "8018",
    "gsrnp": "8017",
    "gdti": "253",
    "gcn": "255",
    "ginc": "401",
    "gsin": "402",
    "itip": "8006",
    "cpid": "8010",
    "cpsn": "8011",
}
_QUALIFIERS = {
    "00": (),
    "01": ("21", "235", "10"),
    "253": (),
    "255": (),
    "401": (),
    "402": (),
    "414": ("254",),
    "417": (),
    "8003": (),
    "8004": (),
    "8006": ("21", "10"),
    "8010": ("8011",),
    "8017": (),
    "8018": (),
}


def digital_link(text: str) -> str:
    """The canonical GS1 Digital Link of an EPC or of another link; any other text as it is."""
    match = _EPC.fullmatch(text)
    if match is not None:
        path = _from_urn(match[2], match[3].split("."))
        return text if path is None else _LINK + path
    match = _PATH.fullmatch(text.partition("?")[0].partition("#")[0])
    path = _from_link(match["path"]) if match else None
    return text if path is None else _LINK + path


def _from_urn(scheme: str, parts: list[str]) -> str | None:
    """The path of a link for an EPC: company prefix and reference, check digit, serial."""
    company, reference, serial = (*parts, "", "", "")[:3]
    serial = "" if serial == "*" else _escaped(".".join(parts[2:]))
    item = _checked(reference[:1] + company + reference[1:])
    plain = _checked(company + reference)
    found = {
        "sgtin": (f"/01/{item}", "/21/"),
        "lgtin": (f"/01/{item}", "/10/"),
        "upui": (f"/01/{item}", "/235/"),
        "sscc": (f"/00/{item}", None),
        "sgln": (f"/414/{plain}", "/254/"),
        "pgln": (f"/417/{plain}", None),
        "grai": (f"/8003/0{plain}", ""),
        "giai": (f"/8004/{company}{_escaped('.'.join(parts[1:]))}", None),
        "gsrn": (f"/8018/{plain}", None),
        "gsrnp": (f"/8017/{plain}", None),
        "gdti": (f"/253/{plain}", ""),
        "sgcn": (f"/255/{plain}", ""),
        "cpi": (f"/8010/{company}{_escaped(reference)}", "/8011/"),
        "ginc": (f"/401/{company}{_escaped('.'.join(parts[1:]))}", None),
        "gsin": (f"/402/{plain}", None),
    }.get(scheme)
    if scheme == "itip" and len(parts) >= 5:
        own = "" if parts[4] == "*" else f"/21/{_escaped('.'.join(parts[4:]))}"
        return f"/8006/{item}{parts[2]}{parts[3]}{own}"
    if found is None:
        return None
    path, join = found
    if join is None or not serial or (scheme == "sgln" and serial == "0"):
        return path
    return f"{path}{join}{serial}"


def _checked(digits: str) -> str:
    """Digits with the check digit of GS1 behind them."""
    if not (digits.isascii() and digits.isdigit()):
        return digits
    total = sum(int(each) * (3 if at % 2 == 0 else 1) for at, each in enumerate(reversed(digits)))
    return digits + str(-total % 10)


def _escaped(text: str) -> str:
    return quote(unquote(text), safe="-._~'$&;=@/\"") if re.search(r"[!()*+,:%]", text) else text


def _from_link(path: str) -> str | None:
    steps = [_SHORT.get(each, each) for each in path.strip("/").split("/")]
    for start in range(len(steps) - 1):
        key = steps[start]
        rest = steps[start:]
        if key in _QUALIFIERS and len(rest) % 2 == 0 and rest[1][:1].isalnum():
            values = dict(zip(rest[::2], rest[1::2], strict=True))
            own = values[key].zfill(14) if key == "01" else values[key]
            finest = next((each for each in _QUALIFIERS[key] if each in values), None)
            known = {"22", key, *_QUALIFIERS[key]}
            if not set(values) <= known or (key in ("00", "01") and not own.isdigit()):
                return None
            more = f"/{finest}/{_escaped(values[finest])}" if finest else ""
            return f"/{key}/{own}{more}"
    return None
