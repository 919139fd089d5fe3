"""Our own templates: twin profile, maintenance and traceability records."""

import itertools
from collections.abc import Iterator

from nacre_aas.checking import Flag
from nacre_aas.constraints.registry import Broken, declare
from nacre_aas.findings import Severity
from nacre_aas.xsd import surely_before
from nacre_submodels.packs.looking import (
    Elements,
    as_number,
    element_at,
    members_of,
    text_of,
    texts_of,
)
from nacre_submodels.packs.pack import in_order, pack

_OWN = "https://w3id.org/nacre/submodel"
LEVEL = declare(
    "SMT-161",
    "integration level that the data flows do not bear out",
    "A digital shadow has an automatic data flow from the asset, a digital twin in both directions, and a "
    "predictive twin a model that foresees besides; a digital model has none of them.",
    "correct the level, or the flows",
    "docs/adr/0004, TwinProfile",
)
EXCLUDED = declare(
    "SMT-162",
    "modules that exclude each other",
    "A module names the modules that cannot go with it, and one of them is there.",
    "remove one of the modules",
    "docs/adr/0004, TwinProfile",
)
LIMITS = declare(
    "SMT-163",
    "measured value outside its limits",
    "The record gives limits for the measurement, and the value is outside them.",
    "nothing, if that is what was found; the record is about it",
    "docs/adr/0004, MaintenanceRecord",
    severity=Severity.NOTE,
)
CUSTODY = declare(
    "SMT-164",
    "gap or overlap in custody",
    "The periods of custody follow each other without gap and without overlap.",
    "correct the times, or add the missing holder",
    "docs/adr/0004, TraceabilityRecord",
    severity=Severity.WARNING,
)
#: Integration level -> whether there is a flow from the asset, and one to it.
_FLOWS = {
    "digital model": (False, False),
    "digital shadow": (True, False),
    "digital twin": (True, True),
    "predictive twin": (True, True),
}


@pack(f"{_OWN}/TwinProfile/1/0")
def _twin_profile(found: Elements) -> Iterator[Flag]:
    level = element_at(found.submodel, "IntegrationLevel")
    claimed = text_of(level) or ""
    from_asset, to_asset = (
        text_of(element_at(found.submodel, name)) in ("true", "1")
        for name in ("FlowFromAsset", "FlowToAsset")
    )
    flows = from_asset, from_asset and to_asset  # what hears nothing of its asset is a model
    if claimed in _FLOWS and flows != _FLOWS[claimed]:
        shown = next(each for each, bears in _FLOWS.items() if bears == flows)
        message = f"`{claimed}` is claimed, but the data flows are those of `{shown}`"
        yield Flag(level, LEVEL, Broken(message, ("value",)))
    elif claimed == "predictive twin" and element_at(found.submodel, "PredictionModel") is None:
        yield Flag(level, LEVEL, Broken("a predictive twin has a `PredictionModel`", ("value",)))
    modules = members_of(element_at(found.submodel, "Modules"))
    names = {text.text for each in modules for text in texts_of(element_at(each, "ModuleName"))}
    for each in modules:
        for excluded in members_of(element_at(each, "Excludes")):
            if text_of(excluded) in names:
                message = f"`{text_of(excluded)}` is excluded, but it is there"
                yield Flag(excluded, EXCLUDED, Broken(message, ("value",)))


@pack(f"{_OWN}/MaintenanceRecord/1/0")
def _maintenance(found: Elements) -> Iterator[Flag]:
    for record in members_of(element_at(found.submodel, "Records")):
        yield from in_order(record, "StartedAt", "EndedAt")
        for each in members_of(element_at(record, "Measurements")):
            value, limits = element_at(each, "MeasuredValue"), element_at(each, "Limits")
            if limits is None or not text_of(value):
                continue
            number, low, high = (as_number(x) for x in (text_of(value), limits.min, limits.max))
            outside = number is not None and (
                (low is not None and number < low) or (high is not None and number > high)
            )
            if outside:
                message = f"`{text_of(value)}` is outside {limits.min or ''}..{limits.max or ''}"
                yield Flag(value, LIMITS, Broken(message, ("value",)))


@pack(f"{_OWN}/TraceabilityRecord/1/0")
def _traceability(found: Elements) -> Iterator[Flag]:
    periods = members_of(element_at(found.submodel, "Custody"))
    for period in periods:
        yield from in_order(period, "FromTime", "ToTime")
    for before, period in itertools.pairwise(periods):
        begin = element_at(period, "FromTime")
        start, end = text_of(begin), text_of(element_at(before, "ToTime"))
        if not start:
            continue
        if not end:
            message = f"custody begins at `{start}`, and the one before has no end"
            yield Flag(begin, CUSTODY, Broken(message, ("value",)))
        elif surely_before(start, end) or surely_before(end, start):
            message = f"custody begins at `{start}`, the one before ended at `{end}`"
            yield Flag(begin, CUSTODY, Broken(message, ("value",)))
