"""IDTA 02006 Digital Nameplate, 02023 Carbon Footprint and 02002 Contact Information."""

import re
from collections.abc import Iterator

from nacre_aas.checking import Flag
from nacre_aas.constraints.registry import Broken, declare
from nacre_aas.findings import Severity
from nacre_aas.model import (
    Property,
)
from nacre_submodels.compiler import semantic_id
from nacre_submodels.packs.looking import (
    Elements,
    element_at,
    text_of,
)
from nacre_submodels.packs.pack import in_code, in_order, pack

_NAMEPLATE = "IDTA 02006"
URI = declare(
    "SMT-111",
    "address of the product that is no absolute URI",
    "URIOfTheProduct identifies the product in the world and leads to its data, also as the code on the "
    "type plate (IEC 61406).",
    "write an absolute URI such as https://example.com/p/4711",
    f"{_NAMEPLATE}, URIOfTheProduct; IEC 61406-1",
)
ADDRESS = declare(
    "SMT-112",
    "incomplete address of the manufacturer",
    "The nameplate shows the postal address of the manufacturer: street, postal code, town and country.",
    "add the missing part of the address",
    "IDTA 02006-2-0 §3.2; Directive 2006/42/EC, Annex I 1.7.3",
    severity=Severity.WARNING,
)
YEAR = declare(
    "SMT-113",
    "year of construction that is no year",
    "YearOfConstruction is a year of four digits.",
    "write the year as 2031",
    f"{_NAMEPLATE}, YearOfConstruction",
    severity=Severity.WARNING,
)
COUNTRY = declare(
    "SMT-114",
    "country that is no ISO 3166 code",
    "CountryOfOrigin is the code of two letters of ISO 3166-1.",
    "write the code, such as DE",
    f"{_NAMEPLATE}, CountryOfOrigin; ISO 3166-1",
    severity=Severity.WARNING,
)

FAMILY_OR_TYPE = declare(
    "SMT-116",
    "neither family nor type of the product",
    "A nameplate of version 2.0 says at least one of product family and product type.",
    "add ManufacturerProductFamily or ManufacturerProductType",
    "IDTA 02006-2-0, ManufacturerProductFamily and ManufacturerProductType",
)
#: The codes of ISO 3166-1 alpha-2, as the time zone database lists them (public domain).
_COUNTRIES = frozenset(
    """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ
    BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM
    DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS
    GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN
    KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ
    MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM
    PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV
    SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI
    VN VU WF WS YE YT ZA ZM ZW
    """.split()  # noqa: SIM905 - a row per line, not per code
)
#: An absolute URI (RFC 3986 §4.3, with or without fragment); one of the web has a host.
_URI = re.compile(
    r"(?:(?:https?)://(?:[A-Za-z0-9]|\[)|(?!https?:)[A-Za-z][A-Za-z0-9+.-]*:)"
    r"(?:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*"
)
_ATOM = r"[\w!#$%&'*+/=?^`{|}~-]+"
#: A mailbox without quotes and comments (RFC 5322 §3.4.1, RFC 6531), at a domain of two labels or more.
_MAILBOX = re.compile(
    rf"(?:mailto:)?{_ATOM}(?:\.{_ATOM})*@(?:[^\W_](?:[\w-]*[^\W_])?\.)+"
    r"(?:[^\W\d_]{2,}|xn--[A-Za-z0-9-]+)"
)
_NAMEPLATE_2 = "https://admin-shell.io/zvei/nameplate/2/0/Nameplate"
_ADDRESS = "https://admin-shell.io/zvei/nameplate/1/0/ContactInformations/AddressInformation"
_ADDRESS_PARTS = {
    "Street": "0173-1#02-AAO128#002",
    "Zipcode": "0173-1#02-AAO129#002",
    "CityTown": "0173-1#02-AAO132#002",
    "NationalCode": "0173-1#02-AAO134#002",
}


@pack("02006", "02035-1")
def _nameplate(found: Elements) -> Iterator[Flag]:
    for uri in found.named("URIOfTheProduct", "0112/2///61987#ABN590#002"):
        value = text_of(uri)
        if value and not _URI.fullmatch(value):
            foreign = "".join(dict.fromkeys(each for each in value if not each.isascii()))
            why = f": `{foreign}` stands in a URI as %.. or xn-- only" if foreign else ""
            yield Flag(uri, URI, Broken(f"`{value}` is no absolute URI{why}", ("value",)))
    for address in found.named(_ADDRESS, "AddressInformation"):
        missing = [
            name
            for name, meaning in _ADDRESS_PARTS.items()
            if not element_at(address, name, meaning)
        ]
        if missing:
            words = ", ".join(f"`{name}`" for name in missing)
            yield Flag(address, ADDRESS, Broken(f"the address has no {words}"))
    for year in found.named("YearOfConstruction"):
        value = text_of(year)
        if value and not re.fullmatch(r"\d{4}", value):
            yield Flag(year, YEAR, Broken(f"`{value}` is no year", ("value",)))
    for country in found.named("CountryOfOrigin"):
        value = text_of(country)
        if value and value not in _COUNTRIES:
            yield Flag(country, COUNTRY, Broken(f"`{value}` is no code of ISO 3166-1", ("value",)))
    for owner in (found.submodel, *found.named("0112/2///61360_7#AAS009#001", "Marking")):
        yield from in_order(owner, "IssueDate", "ExpiryDate")
    yield from in_order(found.submodel, "DateOfManufacture", "DateOfPuttingIntoService")
    yield from contact(found)
    if semantic_id(found.submodel.semantic_id) == _NAMEPLATE_2 and not any(
        map(found.named, ("ManufacturerProductFamily", "ManufacturerProductType"))
    ):
        message = "there is neither `ManufacturerProductFamily` nor `ManufacturerProductType`"
        yield Flag(found.submodel, FAMILY_OR_TYPE, Broken(message))


# -- IDTA 02023 Carbon Footprint, 02002 Contact Information, 02003 Technical Data -----------------


@pack("02023", "02035-3")
def _carbon_footprint(found: Elements) -> Iterator[Flag]:
    for footprint in found.every:
        if not isinstance(footprint, Property):
            yield from in_order(footprint, "PublicationDate", "ExpirationDate")


EMAIL = declare(
    "SMT-121",
    "e-mail address that is none",
    "EmailAddress is an address that mail can be sent to.",
    "write it as name@example.com",
    "IDTA 02002-1-0, EmailAddress; RFC 5322",
    severity=Severity.WARNING,
)


CODED = declare(
    "SMT-122",
    "coded value that the specification does not list",
    "The role of a contact, and the kinds of telephone, fax and e-mail, are values of ECLASS that the "
    "specification lists.",
    "use the IRDI of one of the listed values",
    "IDTA 02002-1-0, ContactInformation; ECLASS",
    severity=Severity.WARNING,
)
_ROLES = tuple(f"0173-1#07-AAS{number}#001" for number in range(927, 932))
_PLACES = tuple(f"0173-1#07-AAS{number}#001" for number in range(754, 760))
#: Where an e-mail address is: in the office, with a secretary or a substitute, at home.
EMAIL_PLACES = (_PLACES[0], *_PLACES[2:5])
#: Semantic id -> the values that the specification lists for it.
_CODED = {
    "0173-1#02-AAO204#003": _ROLES,
    "0173-1#02-AAO137#003": _PLACES,
    "0173-1#02-AAO196#003": (_PLACES[0], _PLACES[2], _PLACES[4]),
    "0173-1#02-AAO199#003": EMAIL_PLACES,
}


@pack("02002")
def contact(found: Elements) -> Iterator[Flag]:
    """The rules of contact information, which stands in many templates."""
    for email in found.named("EmailAddress", "0173-1#02-AAO198#002"):
        value = text_of(email)
        if value and not _MAILBOX.fullmatch(value):
            yield Flag(email, EMAIL, Broken(f"`{value}` is no e-mail address", ("value",)))
    yield from in_code(
        found.named(
            "https://admin-shell.io/zvei/nameplate/1/0/ContactInformations/ContactInformation/Language",
            "0173-1#02-AAO895#003",
        )
    )
    for meaning, listed in _CODED.items():
        yield from coded(found, meaning, listed)


def coded(found: Elements, name: str, listed: tuple[str, ...]) -> Iterator[Flag]:
    """Elements of a name or meaning have one of the listed values."""
    for element in found.named(name):
        value = text_of(element)
        if value and value not in listed:
            message = f"`{value}` is not one of the listed values"
            hint = f"use one of {', '.join(listed)}"
            yield Flag(element, CODED, Broken(message, ("value",), None, hint))
