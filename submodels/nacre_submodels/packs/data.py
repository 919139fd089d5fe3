"""IDTA 02008 Time Series Data, 02011 Hierarchical Structures and 02003 Technical Data."""

import re
from collections.abc import Iterator

from nacre_aas.checking import Flag
from nacre_aas.constraints.registry import Broken, declare
from nacre_aas.findings import Severity
from nacre_aas.schema import elements_below
from nacre_submodels.packs.looking import (
    Elements,
    element_at,
    names_below,
    text_of,
)
from nacre_submodels.packs.pack import in_order, pack

RECORD_COUNT = declare(
    "SMT-131",
    "number of records that is not the number of records",
    "RecordCount says how many records a segment has; here it has another number.",
    "correct RecordCount",
    "IDTA 02008-1-1, Segment/RecordCount",
)
RECORD_SHAPE = declare(
    "SMT-132",
    "record unlike the metadata",
    "All records of a segment have the elements that Metadata/Record declares.",
    "give each record the elements of Metadata/Record",
    "IDTA 02008-1-1, Metadata/Record",
    severity=Severity.WARNING,
)

_SERIES = "https://admin-shell.io/idta/TimeSeries"


@pack("02008")
def _time_series(found: Elements) -> Iterator[Flag]:
    metadata = element_at(found.submodel, f"{_SERIES}/Metadata/1/1", "Metadata")
    declared = None if metadata is None else element_at(metadata, f"{_SERIES}/Record/1/1", "Record")
    wanted = names_below(declared) if declared is not None else set()
    for segment in found.named(f"{_SERIES}/Segments/InternalSegment/1/1"):
        records = element_at(segment, f"{_SERIES}/Records/1/1", "Records")
        rows = [child for _, child in elements_below(records)] if records is not None else []
        count = element_at(segment, "RecordCount")
        if text_of(count) and str(len(rows)) != (text_of(count) or "").strip():
            message = f"`RecordCount` is {text_of(count)}, but there are {len(rows)} records"
            yield Flag(count, RECORD_COUNT, Broken(message, ("value",)))
        for row in rows:
            missing = sorted(wanted - names_below(row))
            if missing:
                words = ", ".join(f"`{name}`" for name in missing[:4])
                yield Flag(row, RECORD_SHAPE, Broken(f"the record has no {words}"))
        yield from in_order(segment, "StartTime", "EndTime")


# -- IDTA 02011 Hierarchical Structures -----------------------------------------------------------

ARCHETYPE = declare(
    "SMT-141",
    "relation against the archetype",
    "A structure of archetype OneDown says HasPart, one of OneUp says IsPartOf; Full may say both.",
    "use the other relation, or the archetype Full",
    "IDTA 02011-1-1, ArcheType",
    severity=Severity.WARNING,
)


_ENTRY_NODE = "https://admin-shell.io/idta/HierarchicalStructures/EntryNode/1/0"
OTHER_ASSET = declare(
    "SMT-142",
    "entry node that is another asset",
    "The entry node of a structure is the asset of the shell that the submodel belongs to.",
    "write the globalAssetId of the shell's asset",
    "IDTA 02011-1-1, EntryNode",
    severity=Severity.WARNING,
)


@pack("02011")
def _structures(found: Elements) -> Iterator[Flag]:
    for node in found.named("EntryNode", _ENTRY_NODE):
        asset = getattr(node, "global_asset_id", None)
        if asset and found.assets and asset not in found.assets:
            known = " or ".join(f"`{each}`" for each in sorted(found.assets))
            message = f"the entry node is `{asset}`, and the shell is of {known}"
            yield Flag(node, OTHER_ASSET, Broken(message, ("globalAssetId",)))
    archetype = text_of(element_at(found.submodel, "ArcheType"))
    wrong = {"OneDown": "IsPartOf", "OneUp": "HasPart"}.get(archetype or "")
    if wrong is not None:
        base = "https://admin-shell.io/idta/HierarchicalStructures"
        for relation in found.named(f"{base}/{wrong}/1/0"):
            message = f"a structure of archetype `{archetype}` has `{wrong}`"
            yield Flag(relation, ARCHETYPE, Broken(message))


# -- IDTA 02003 Technical Data --------------------------------------------------------------------

PRODUCT_CLASS = declare(
    "SMT-151",
    "product class that its system cannot have",
    "A class of ECLASS is an IRDI or a number of eight digits; one of UNSPSC has eight digits.",
    "check the class with the classification system",
    "IDTA 02003-2-0, ProductClassId",
    severity=Severity.WARNING,
)


@pack("02003", "02035-4")
def _technical_data(found: Elements) -> Iterator[Flag]:
    for each in found.named(
        "0173-1#02-ABK162#002/0173-1#01-AHX839#002", "ProductClassificationItem"
    ):
        system = (
            text_of(element_at(each, "ClassificationSystem", "0173-1#02-ABL424#001")) or ""
        ).upper()
        class_id = element_at(each, "ProductClassId", "0173-1#02-ABG776#003")
        value = re.sub(r"[\s-]", "", text_of(class_id) or "")
        if not value:
            continue
        plain = re.fullmatch(r"\d{8}", value) is not None
        irdi = re.match(r"01731", value) is not None
        if ("ECLASS" in system and not (plain or irdi)) or ("UNSPSC" in system and not plain):
            message = f"`{text_of(class_id)}` is no class of {system}"
            yield Flag(class_id, PRODUCT_CLASS, Broken(message, ("value",)))
