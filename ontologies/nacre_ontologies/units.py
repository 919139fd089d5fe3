"""Units: from what people write to QUDT, and from one unit to another.

The table of units is made from QUDT (data/units.tsv, CC BY 4.0, tools/make_units.py). A text is looked
up as it is written, then more and more generously, but never without regard to case: `mW` is no `MW`.
What people write and no table has stands in `ALIASES`, with the ECLASS codes seen in published
templates; words that are no units at all are in `NOT_UNITS`.
"""

import dataclasses
import functools
import importlib.resources
import re
import unicodedata
from collections.abc import Callable, Iterable
from decimal import Decimal, InvalidOperation, localcontext

from nacre_aas.constraints.context import Concepts, contents
from nacre_aas.model import DataSpecificationIec61360, HasDataSpecification, HasSemantics
from nacre_submodels.compiler import semantic_id

UNIT = "http://qudt.org/vocab/unit/"

#: Spellings in published templates that QUDT does not list.
ALIASES = {
    "y": "YR",
    "Kg": "KiloGM",
    "dBm": "DeciB_M",
    "1": "UNITLESS",
    "rpm/s": "REV-PER-MIN-SEC",
    "ppm": "PPM",
    "EUR/kWh": "CCY_EUR-PER-KiloW-HR",
    "milisseconds": "MilliSEC",
    "minuteUnitOfTime": "MIN",
    "d": "DAY",
    "rad": "RAD",
    "1/min": "PER-MIN",
    "bar": "BAR",
    "month": "MO",
    "l": "L",
    "ml": "MilliL",
    "hl": "HectoL",
    "cl": "CentiL",
    "l/min": "L-PER-MIN",
    "l/s": "L-PER-SEC",
    "l/h": "L-PER-HR",
    "t": "TONNE",
    "t/h": "TONNE-PER-HR",
    "lb": "LB",
    "lbs": "LB",
    "Mbit/s": "MegaBIT-PER-SEC",
    "kbit/s": "KiloBIT-PER-SEC",
    "Gbit/s": "GigaBIT-PER-SEC",
    "inch": "IN",
    "hp": "HP",
    "sec": "SEC",
    "days": "DAY",
    "months": "MO",
    "years": "YR",
    "hours": "HR",
    "minutes": "MIN",
    "℃": "DEG_C",
    "degC": "DEG_C",
    "mol/l": "MOL-PER-L",
    "g/l": "GM-PER-L",
    "mg/l": "MilliGM-PER-L",
    "kg/l": "KiloGM-PER-L",
    "U/min": "REV-PER-MIN",
    "Umdr./min": "REV-PER-MIN",
    "Celsius": "DEG_C",
    "Grad Celsius": "DEG_C",
    "deg C": "DEG_C",
    "degF": "DEG_F",
    "Stk": "NUM",
    "Stück": "NUM",
    "pcs": "NUM",
    "pieces": "NUM",
    "inches": "IN",
    "Sekunde": "SEC",
    "Sekunden": "SEC",
    "seconds": "SEC",
    "Minuten": "MIN",
    "Std": "HR",
    "Stunde": "HR",
    "Stunden": "HR",
    "Tage": "DAY",
    "Monate": "MO",
    "Jahre": "YR",
    "% rH": "PERCENT_RH",
    "KB": "KiloBYTE",
    "kbps": "KiloBIT-PER-SEC",
    "Mbps": "MegaBIT-PER-SEC",
    "Gbps": "GigaBIT-PER-SEC",
    "fps": "FRAME-PER-SEC",
    "dpi": "DPI",
}
#: Units of ECLASS, which QUDT does not map; without version, since the meaning stays.
ECLASS = {
    "AAA007": "MicroFARAD",
    "AAA015": "PA",
    "AAA047": "MilliH",
    "AAA129": "PERCENT",
    "AAA143": "MilliW",
    "AAA153": "V",
    "AAA188": "MilliH-PER-OHM",
    "AAA212": "N-M",
    "AAA295": "MilliM2",
    "AAA480": "MilliM",
    "AAA551": "M",
    "AAA567": "DEG_C",
    "AAA650": "PER-MIN",
    "AAA723": "MilliA",
    "AAA731": "KiloGM",
}
#: Words that stand where a unit belongs and are none: data types, placeholders.
NOT_UNITS = frozenset(
    (
        *("string", "boolean", "date", "gyear", "positiveinteger", "anyuri", "langstring", "file"),
        *("integer", "double", "float", "decimal", "datetime", "spaceunit", "none", "n/a", "-"),
    )
)
#: What people write as one per time where something turns: rotational frequency (ISO 80000-3).
_TURNS = {"PER-SEC": "REV-PER-SEC", "PER-MIN": "REV-PER-MIN", "PER-HR": "REV-PER-HR"}
#: Symbols that QUDT has and that mean something else in this field: C is the C-rate of batteries, Grad in German
#: a degree of arc or of Celsius.
_MISLEADING = frozenset(("C", "f", "pH", "PH", "ph", "DN", "KW", "PT", '"', "Grad", "grad"))


#: The signs of a dimension vector of QUDT, and the base units that they stand for.
_BASE_UNITS = {"M": "kg", "L": "m", "T": "s", "E": "A", "H": "K", "A": "mol", "I": "cd"}
_POWER = re.compile(r"([AELIMHT])(-?[0-9]+(?:dot[0-9]+)?)")


@dataclasses.dataclass(frozen=True)
class Unit:
    """A unit: `multiplier` and `offset` lead to the coherent SI unit, (value + offset) * multiplier.

    There is no `multiplier` where nothing can be multiplied: currencies, logarithms, counts of levels.
    `kinds` are the quantity kinds it measures.
    """

    name: str
    multiplier: Decimal | None
    offset: Decimal
    dimension: str
    kinds: frozenset[str]

    @property
    def symbol(self) -> str:
        """What people write for it, if that leads back to it; else its name."""
        symbols = _table().rows[self.name][1].split("|")
        # QUDT has a sign of Chinese for unitless.
        readable = (each for each in symbols if each and max(each) < "\u3000")
        return next((each for each in readable if resolve(each) == self), self.name)

    @property
    def coherent(self) -> str:
        """The unit that `multiplier` leads to, in base units of the SI: `kg·m·s^-2`."""
        if self.multiplier is None:
            return self.symbol
        powers = {sign: power.replace("dot", ".") for sign, power in _POWER.findall(self.dimension)}
        return "·".join(
            name if powers[sign] == "1" else f"{name}^{powers[sign]}"
            for sign, name in _BASE_UNITS.items()
            if powers.get(sign, "0") != "0"
        )

    @property
    def iri(self) -> str:
        """Its IRI in QUDT."""
        return UNIT + self.name


class _Table:
    """The table of units, with the columns that a spelling is looked up in, each made when needed."""

    def __init__(self, text: str) -> None:
        rows = (line.split("\t") for line in text.splitlines() if not line.startswith("#"))
        self.rows = {row[0]: row for row in rows}
        self.units: dict[str, Unit] = {}

    def unit(self, name: str) -> Unit:
        """A unit by its name in QUDT."""
        found = self.units.get(name)
        if found is None:
            _, _, _, _, _, _, multiplier, offset, dimension, kinds = self.rows[name]
            found = self.units[name] = Unit(
                name,
                _decimal(multiplier),
                _decimal(offset) or Decimal(0),
                dimension,
                frozenset(filter(None, kinds.split("|"))),
            )
        return found

    def _column(self, index: int, spelling: Callable[[str], str]) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name, row in self.rows.items():
            for word in dict.fromkeys(map(spelling, row[index].split("|"))):
                if word:
                    found.setdefault(word, []).append(name)
        return found

    @functools.cached_property
    def by_symbol(self) -> dict[str, list[str]]:
        return self._column(1, _folded)

    @functools.cached_property
    def by_ucum(self) -> dict[str, list[str]]:
        return self._column(2, str)

    @functools.cached_property
    def by_unece(self) -> dict[str, list[str]]:
        return self._column(3, str)

    @functools.cached_property
    def by_iec(self) -> dict[str, list[str]]:
        return self._column(4, str)

    @functools.cached_property
    def by_label(self) -> dict[str, list[str]]:
        return self._column(5, str.casefold)

    @functools.cached_property
    def by_plain(self) -> dict[str, list[str]]:
        return self._column(1, lambda each: _plain(_folded(each)))


def unit(name: str) -> Unit:
    """The unit of a name in QUDT, such as `MilliM`.

    Raises:
        KeyError: there is none.
    """
    return _table().unit(name)


def resolve(text: str | None, identifier: str | None = None) -> Unit | None:
    """The unit that a text, or the identifier beside it, stands for; `None` if that is not known."""
    for name in (_by_identifier(identifier), _by_text(text)):
        if name is not None:
            return _table().unit(name)
    return None


def stated(content: DataSpecificationIec61360) -> Unit | None:
    """The unit that the content of a data specification names."""
    return resolve(content.unit, semantic_id(content.unit_id))


def of_value(element: HasDataSpecification, concepts: Concepts) -> Unit | None:
    """The unit of an element's value: what its own data specification says, or else its concept."""
    meaning = element.semantic_id if isinstance(element, HasSemantics) else None
    for content in (*contents(element.embedded_data_specifications), concepts.of(meaning)):
        if content is not None and (content.unit or content.unit_id):
            return stated(content)
    return None


def is_no_unit(text: str) -> bool:
    """Whether a text is known to be no unit at all: the name of a data type, or a placeholder."""
    word = text.strip().lower().removeprefix("xs:")
    return not word or word in NOT_UNITS


def comparable(first: Unit, second: Unit) -> bool:
    """Whether values in one unit can be values in the other: dimension, and a quantity in common.

    The dimension alone is too little: newton metre is no joule, a percentage is no angle.
    """
    if first.dimension != second.dimension:
        return False
    first, second = _turning(first, second), _turning(second, first)
    return first is second or not (first.kinds and second.kinds) or bool(first.kinds & second.kinds)


def converted(value: Decimal, source: Unit, target: Unit) -> Decimal | None:
    """A value in another unit; `None` if there is no way.

    >>> str(converted(Decimal("25.4"), unit("MilliM"), unit("M")))
    '0.0254'
    """
    source, target = _turning(source, target), _turning(target, source)
    if source is target:
        return value
    if source.multiplier is None or target.multiplier is None or not comparable(source, target):
        return None
    with localcontext() as context:
        context.prec = 40
        found = (value + source.offset) * source.multiplier / target.multiplier - target.offset
        context.prec = 12  # what is left of multipliers such as 0.5555555555555556
        return (+found).normalize()


def _turning(one: Unit, other: Unit) -> Unit:
    """A unit beside another one: `1/min` is a revolution per minute beside one of these."""
    turned = _TURNS.get(one.name)
    return unit(turned) if turned is not None and other.name in _TURNS.values() else one


# -- looking up ------------------------------------------------------------------------------------

_IRDI = re.compile(r"0173-1[#-]05[#-]([A-Z]{3}\d{3})(?:[#-]\d+)?$")
_IEC = re.compile(r"0112/2///62720#[A-Z]{3}\d{3}")
_CODE = re.compile(r"[A-Z0-9]{2,3}")


def _by_identifier(identifier: str | None) -> str | None:
    if not identifier:
        return None
    table, word = _table(), identifier.strip()
    if "qudt.org/vocab/unit/" in word:
        name = word.rpartition("/")[2]
        return name if name in table.rows else None
    eclass = _IRDI.search(word)
    if eclass is not None:
        return ECLASS.get(eclass[1])
    iec = _IEC.search(word)
    if iec is not None:
        return _only(table.by_iec.get(iec[0]))
    if _CODE.fullmatch(word):
        return _only(table.by_unece.get(word))
    if word.startswith("urn:samm:"):
        name = word.rpartition("#")[2]
        return by_words(name) or _only(table.by_unece.get(_samm().get(name, "")))
    return None


@functools.cache
def _samm() -> dict[str, str]:
    """The UNECE codes of units in SAMM whose names in words lead nowhere, such as `secondUnitOfTime`."""
    data = importlib.resources.files("nacre_ontologies").joinpath("data/samm_units.tsv")
    lines = (line.split("\t") for line in data.read_text("utf-8").splitlines())
    return {fields[0]: fields[1] for fields in lines if len(fields) == 2}


@functools.lru_cache(4096)
def _by_text(text: str | None) -> str | None:
    if not text or is_no_unit(text) or text.strip() in _MISLEADING:
        return None
    table, word = _table(), text.strip()
    if word in ALIASES:
        return ALIASES[word]
    folded = _fraction(_folded(word))
    for column in (table.by_symbol, table.by_ucum):
        for spelling in (word, folded):
            found = _only(column.get(spelling))
            if found is not None:
                return found
    found = by_words(word)
    if found is not None:
        return found
    has_letter = any(map(str.isalpha, folded)) or "%" in folded
    return (_only(table.by_plain.get(_plain(folded))) if has_letter else None) or _by_identifier(
        word
    )


def by_words(word: str) -> str | None:
    """By the name in words, written in any case or as one word: `kilowattHour`."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", word)
    for spelling in (word, spaced):
        found = _only(_table().by_label.get(spelling.casefold()))
        if found is not None:
            return found
    return None


def _only(names: Iterable[str] | None) -> str | None:
    found = list(names or ())
    return found[0] if len(found) == 1 else None


def _folded(text: str) -> str:
    """Signs that look alike as one sign; not the superscripts, which mean something."""
    if text.isascii():
        return text
    text = unicodedata.normalize("NFC", text).translate(_ALIKE)
    return "".join(
        unicodedata.normalize("NFKC", sign) if "\U0001d400" <= sign <= "\U0001d7ff" else sign
        for sign in text
    )


_FACTOR = re.compile(r"(?P<base>[^·⋅*\s/^⁻⁰¹²³⁴-⁹-]+)(?:\^?-|⁻)(?P<power>[1-9¹²³⁴-⁹])")
_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


def _fraction(text: str) -> str:
    """A product with negative powers as a fraction: `m³·h⁻¹` is `m³/h`, `s^-2` is `1/s²`."""
    above, below = [], []
    for factor in re.split(r"[·⋅*\s]+", text):
        match = _FACTOR.fullmatch(factor)
        if match is None:
            above.append(factor)
        else:
            power = match["power"].translate(_DIGITS)
            below.append(match["base"] + {"1": "", "2": "²", "3": "³"}.get(power, power))
    if not below or "/" in text:
        return text
    divisor = "·".join(below)
    return f"{'·'.join(above) or '1'}/{f'({divisor})' if len(below) > 1 else divisor}"


_ALIKE = str.maketrans({"µ": "μ", "º": "°", "Ω": "Ω", "’": "'", "\u00a0": " "})


def _plain(symbol: str) -> str:
    """A symbol without what people leave out: dots, blanks, brackets; with raised digits."""
    text = re.sub(r"[·⋅*.\s()]", "", symbol)
    text = re.sub(r"(?<=[A-Za-z])\^?([23])(?!\d)", lambda match: "²³"[int(match[1]) - 2], text)
    return re.sub(r"^1/", "/", text)


@functools.cache
def _table() -> _Table:
    data = importlib.resources.files("nacre_ontologies").joinpath("data/units.tsv")
    return _Table(data.read_text("utf-8"))


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return None
