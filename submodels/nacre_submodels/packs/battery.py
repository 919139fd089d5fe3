"""IDTA 02035-5 Product Condition, 02035-6 Material Composition and 02035-7 Circularity of a battery.

The words are those of the concept descriptions in the templates, which follow DIN DKE SPEC 99100 and
Regulation (EU) 2023/1542.
"""

import math
import re
from collections.abc import Iterator

from nacre_aas.checking import Flag
from nacre_aas.constraints.registry import Broken, Rule, declare
from nacre_aas.findings import Severity
from nacre_submodels.packs.looking import Elements, as_number, element_at, text_of
from nacre_submodels.packs.nameplate import EMAIL_PLACES, coded, contact
from nacre_submodels.packs.pack import pack

_SPEC = "DIN DKE SPEC 99100"
SHARE = declare(
    "SMT-171",
    "share that is none",
    "A share is a percentage from 0 to 100, and the shares of one whole add up to no more than that.",
    "give the share in percent",
    f"IDTA 02035-5, -6 and -7, concept descriptions; {_SPEC}",
    severity=Severity.WARNING,
)
AMOUNT = declare(
    "SMT-172",
    "negative amount",
    "Throughput, remaining energy, cumulated times and masses are amounts: there is nothing below zero.",
    "correct the value",
    f"IDTA 02035-5 and -6, concept descriptions; {_SPEC} 6.7",
    severity=Severity.WARNING,
)
CAS = declare(
    "SMT-173",
    "no CAS number",
    "Materials and hazardous substances are identified by their number in the CAS registry, whose last digit "
    "checks the others.",
    "look the substance up in the CAS registry",
    "IDTA 02035-6, BatteryMaterialIdentifier and HazardousSubstanceIdentifier",
    severity=Severity.WARNING,
)
EXTINGUISHER = declare(
    "SMT-174",
    "extinguishing agent without class",
    "Extinguishing agents are given by the classes of extinguishers: A, B, C, D, K.",
    "name the classes, for example `ABC`",
    "IDTA 02035-7, ExtinguishingAgents; Regulation (EU) 2023/1542, Annex VI Part A (9)",
    severity=Severity.NOTE,
)


def _and_ids(part: str, *names: str) -> tuple[str, ...]:
    """Names of elements, and their semantic ids in each version: members of lists have no idShort."""
    base = f"urn:samm:io.admin-shell.idta.batterypass.{part}:1.0"
    return (*names, *(f"{base}.{patch}#{name}" for name in names for patch in (0, 1)))


def _shares(found: Elements, *names: str) -> Iterator[Flag]:
    yield from _outside(found, names, SHARE, 100, "is no percentage from 0 to 100")


def _amounts(found: Elements, *names: str) -> Iterator[Flag]:
    yield from _outside(found, names, AMOUNT, math.inf, "is no amount from 0")


def _outside(
    found: Elements, names: tuple[str, ...], rule: Rule, most: float, words: str
) -> Iterator[Flag]:
    for element in found.named(*names):
        number = as_number(text_of(element))
        if number is not None and not 0 <= number <= most:
            yield Flag(element, rule, Broken(f"`{text_of(element)}` {words}", ("value",)))


@pack("02035-5")
def _condition(found: Elements) -> Iterator[Flag]:
    yield from _shares(
        found,
        *("StateOfChargeValue", "AtSoC", "CurrentSelfDischargingRateValue"),
        "RemainingRoundTripEnergyEfficiencyValue",
    )
    yield from _amounts(
        found,
        *("EnergyThroughputValue", "CapacityThroughputValue", "StateOfCertifiedEnergyValue"),
        *("RemainingEnergyValue", "RemainingCapacityValue", "PowerCapabilityAt"),
        *("TimeExtremeHighTemp", "TimeExtremeHighTempCharging"),
        *("TimeExtremeLowTemp", "TimeExtremeLowTempCharging"),
    )


@pack("02035-6")
def _materials(found: Elements) -> Iterator[Flag]:
    yield from _shares(found, "HazardousSubstanceConcentration")
    yield from _amounts(found, "BatteryMaterialMass")
    for element in found.named("BatteryMaterialIdentifier", "HazardousSubstanceIdentifier"):
        value = text_of(element)
        if value and not is_cas_number(value):
            yield Flag(element, CAS, Broken(f"`{value}` is no CAS number", ("value",)))


def is_cas_number(text: str) -> bool:
    """Whether a text is a CAS registry number with the right check digit.

    >>> is_cas_number("7439-93-2"), is_cas_number("7439-93-3")
    (True, False)
    """
    if not re.fullmatch(r"[1-9][0-9]{1,6}-[0-9]{2}-[0-9]", text):
        return False
    *digits, check = (int(each) for each in text if each != "-")
    return sum(place * each for place, each in enumerate(reversed(digits), 1)) % 10 == check


@pack("02035-7")
def _circularity(found: Elements) -> Iterator[Flag]:
    yield from _shares(found, "PreConsumerShare", "PostConsumerShare", "RenewableContent")
    for content in found.named(*_and_ids("circularity", "RecycledContent")):
        parts = [
            as_number(text_of(element_at(content, name)))
            for name in ("PreConsumerShare", "PostConsumerShare")
        ]
        total = sum(part for part in parts if part is not None and 0 <= part <= 100)
        if total > 100:
            yield Flag(content, SHARE, Broken(f"the recycled shares add up to {total:g} %"))
    for agent in found.named(*_and_ids("circularity", "ExtinguishingAgent")):
        value = text_of(agent)
        if value and not re.search(r"\b[ABCDK]{1,5}\b", value):
            yield Flag(agent, EXTINGUISHER, Broken(f"`{value}` names no class", ("value",)))
    yield from contact(found)
    yield from coded(found, "TypeOfEmailAddress", EMAIL_PLACES)
