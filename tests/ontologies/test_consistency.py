"""The checks of meaning that `nacre validate` adds, each with an example that it finds and one that it passes."""

import json
from pathlib import Path
from typing import Any

import pytest
from test_meaning import ASSET, concept, property_

from documents import reference
from nacre_aas import files, jsonization
from nacre_aas.model import (
    AssetAdministrationShell,
    AssetInformation,
    Environment,
    Key,
    Reference,
    SubmodelElementList,
)
from nacre_ontologies import consistency, dictionary
from nacre_ontologies.consistency import MeaningCheck
from nacre_ontologies.dictionary import Concept, Dictionary
from nacre_ontologies.units import resolve, unit
from nacre_submodels import catalogue
from nacre_submodels.builder import build


def submodel(
    identifier: str, *elements: dict[str, Any], meaning: str | None = None
) -> dict[str, Any]:
    return {
        "modelType": "Submodel",
        "id": identifier,
        "idShort": identifier.rpartition(":")[2],
        **({"semanticId": reference(meaning)} if meaning else {}),
        "submodelElements": list(elements),
    }


def found(
    *submodels: dict[str, Any],
    concepts: tuple[dict[str, Any], ...] = (),
    known: Dictionary | None = None,
) -> list[tuple[str, str]]:
    """Code and message of what the checks of meaning say of a twin."""
    references = [
        {"type": "ModelReference", "keys": [{"type": "Submodel", "value": each["id"]}]}
        for each in submodels
    ]
    document = {
        "assetAdministrationShells": [
            {
                "modelType": "AssetAdministrationShell",
                "id": "urn:shell",
                "assetInformation": {"assetKind": "Instance", "globalAssetId": ASSET},
                "submodels": references,
            }
        ],
        "submodels": list(submodels),
        **({"conceptDescriptions": list(concepts)} if concepts else {}),
    }
    report = files.validate(
        "x.json", data=json.dumps(document).encode(), checks=[MeaningCheck(known)]
    )
    assert report.refusal is None
    return [(each.code, each.message) for each in report.findings if each.code.startswith("SEM")]


def codes(*arguments: Any, **options: Any) -> list[str]:
    return [code for code, _ in found(*arguments, **options)]


# -- units -----------------------------------------------------------------------------------------


def test_a_length_in_kilograms_is_found() -> None:
    one = submodel("urn:a", property_("L", "urn:c", "5"))
    assert codes(one, concepts=(concept("urn:c", "kg", "Cable length"),)) == ["SEM-013"]
    assert codes(one, concepts=(concept("urn:c", "mm", "Cable length"),)) == []
    assert codes(one, concepts=(concept("urn:c", "h", "Time at high temperature"),)) == []


@pytest.mark.parametrize(
    ("unit_", "name", "expected"),
    [
        ("kg/km", "Cable weight", []),
        ("g/m2", "Paper weight", []),
        ("kg/mol", "Molar mass", []),
        ("ms", "Pulse width", []),
        ("lm", "Luminous power", []),
        ("s", "Cycle length", []),
        ("m", "Net weight", ["SEM-013"]),
        ("bar", "Pump power", ["SEM-013"]),
        ("kg", "Tank volume", ["SEM-013"]),
        ("l", "Tank volume", []),
        ("m3/h", "Air volume", []),
        ("kg/(m2.s)", "Mass velocity", []),
        ("kA/m", "Coercive force", []),
        ("kJ/mol", "Activation energy", []),
        ("m", "Cycle time", ["SEM-013"]),
        ("1/min", "Rotational speed", []),
        ("m/s", "Nominal speed", []),
        ("V", "Rated current", ["SEM-013"]),
    ],
)
def test_the_name_of_a_quantity_is_taken_as_people_use_it(
    unit_: str, name: str, expected: list[str]
) -> None:
    one = submodel("urn:a", property_("L", "urn:c", "5"))
    assert codes(one, concepts=(concept("urn:c", unit_, name),)) == expected


def test_the_unit_of_the_dictionary_decides_about_dimension_and_scale() -> None:
    one = submodel("urn:a", property_("L", "urn:c", "5"))
    known = Dictionary([Concept("urn:c", unit("M"))])
    assert found(one, concepts=(concept("urn:c", "kg"),), known=known) == [
        ("SEM-003", "KiloGM is no unit of a quantity that the dictionary gives in M")
    ]
    assert found(one, concepts=(concept("urn:c", "mm"),), known=known) == [
        ("SEM-004", "the value is in MilliM, the dictionary has M: 1 MilliM = 0.001 M")
    ]
    assert codes(one, concepts=(concept("urn:c", "m"),), known=known) == []


def test_a_temperature_in_another_scale_is_said() -> None:
    known = Dictionary([Concept("urn:c", unit("K"))])
    one = submodel("urn:a", property_("P", "urn:c", "20"))
    assert found(one, concepts=(concept("urn:c", "°C"),), known=known) == [
        ("SEM-004", "the value is in DEG_C, the dictionary has K: 0 DEG_C = 273.15 K")
    ]


def test_unit_and_unit_id_must_be_one_unit() -> None:
    wrong = concept("urn:c", "mm")
    content = wrong["embeddedDataSpecifications"][0]["dataSpecificationContent"]
    content["unitId"] = reference("0112/2///62720#UAA594")
    assert codes(submodel("urn:a", property_("P", "urn:c", "1")), concepts=(wrong,)) == ["SEM-002"]


def test_a_data_type_is_no_unit() -> None:
    assert codes(
        submodel("urn:a", property_("P", "urn:c", "1")), concepts=(concept("urn:c", "STRING"),)
    ) == ["SEM-001"]


# -- values ----------------------------------------------------------------------------------------


def test_two_submodels_must_not_contradict_each_other() -> None:
    nameplate = submodel("urn:a", property_("Length", "urn:c", "5"))
    other = submodel("urn:b", property_("L", "urn:c", "6"))
    assert found(nameplate, other) == [("SEM-005", "the value is `6`, but `5` in `a`")]
    assert codes(nameplate, submodel("urn:b", property_("L", "urn:c", "5.0"))) == []
    twice = submodel("urn:b", property_("L", "urn:c", "6"), property_("M", "urn:c", "7"))
    assert codes(nameplate, twice) == []  # several of them are about several things


def test_two_ranges_must_not_contradict_each_other() -> None:
    def limits(low: str, high: str) -> dict[str, Any]:
        made = property_("Limits", "urn:c", "")
        del made["value"]
        return made | {"modelType": "Range", "min": low, "max": high}

    one = submodel("urn:a", limits("0", "5"))
    assert codes(one, submodel("urn:b", limits("0.0", "5"))) == []
    assert found(one, submodel("urn:b", limits("1", "6"))) == [
        ("SEM-005", "the min is `1`, but `0` in `a`"),
        ("SEM-005", "the max is `6`, but `5` in `a`"),
    ]


def test_millimetres_and_metres_are_reconciled() -> None:
    one = property_("L", "urn:c", "5")
    other = property_("L", "urn:c", "5000")
    other["embeddedDataSpecifications"] = concept("urn:x", "mm")["embeddedDataSpecifications"]
    metres = (concept("urn:c", "m"),)
    assert "SEM-005" not in codes(submodel("urn:a", one), submodel("urn:b", other), concepts=metres)
    other["value"] = "5001"
    assert "SEM-005" in codes(submodel("urn:a", one), submodel("urn:b", other), concepts=metres)


def test_an_asset_is_no_part_of_itself() -> None:
    def entity(name: str, asset: str, *below: dict[str, Any]) -> dict[str, Any]:
        return {
            "modelType": "Entity",
            "idShort": name,
            "entityType": "SelfManagedEntity",
            "globalAssetId": asset,
            **({"statements": list(below)} if below else {}),
        }

    circle = entity("A", "urn:1", entity("B", "urn:2", entity("C", "urn:1")))
    assert codes(submodel("urn:a", circle)) == ["SEM-006"]
    assert (
        codes(submodel("urn:a", entity("A", "urn:1", entity("B", "urn:2"), entity("C", "urn:2"))))
        == []
    )


def test_parts_may_have_specific_asset_ids_in_common_with_the_whole() -> None:
    ids = {"specificAssetIds": [{"name": "manufacturer", "value": "ACME"}]}
    kind = {"modelType": "Entity", "entityType": "SelfManagedEntity", **ids}
    whole = kind | {"idShort": "Aa", "statements": [kind | {"idShort": "Bb"}]}
    assert codes(submodel("urn:a", whole)) == []


def test_circles_beyond_the_file_are_said_not_to_be_looked_for() -> None:
    part = {"modelType": "Entity", "idShort": "Bb", "entityType": "SelfManagedEntity"}
    alone = part | {"globalAssetId": "urn:nowhere"}
    whole = part | {"idShort": "Aa", "globalAssetId": "urn:here", "statements": [alone]}
    for stated, expected in ((alone, False), (whole, True)):
        data = json.dumps({"submodels": [submodel("urn:a", stated)]}).encode()
        report = files.validate("x.json", data=data, checks=[MeaningCheck()])
        assert ("SEM-006" in report.not_checked) is expected


# -- Nacre's own submodels -------------------------------------------------------------------------


def own(name: str, values: dict[str, Any]) -> list[str]:
    template = next(each for each in catalogue.shipped().entries if each.name == name)
    built = build(catalogue.shipped().template(template), values, "urn:own")
    assert built.troubles == []
    data = jsonization.dumps(Environment(submodels=[built.submodel]))
    report = files.validate("x.json", data=data, checks=[MeaningCheck()])
    return [each.code for each in report.findings if each.code.startswith("SEM")]


def profile(level: str, from_asset: bool, to_asset: bool, **more: Any) -> dict[str, Any]:
    return {
        "IntegrationLevel": level,
        "Reason": {"en": "x"},
        "FlowFromAsset": str(from_asset).lower(),
        "FlowToAsset": str(to_asset).lower(),
        "Layers": [{"SubmodelReference": "urn:a", "Layer": "digital"}],
        **more,
    }


@pytest.mark.parametrize(
    ("level", "from_asset", "to_asset", "expected"),
    [
        ("digital twin", True, True, []),
        ("digital twin", True, False, ["SEM-007"]),
        ("digital model", False, False, []),
        ("digital shadow", False, False, ["SEM-007"]),
        ("predictive twin", True, True, ["SEM-007"]),
    ],
)
def test_the_claimed_level_is_held_against_the_data_flows(
    level: str, from_asset: bool, to_asset: bool, expected: list[str]
) -> None:
    assert own("TwinProfile", profile(level, from_asset, to_asset)) == expected


def test_modules_that_exclude_each_other() -> None:
    def modules(excluded: str) -> dict[str, Any]:
        return profile(
            "digital model",
            False,
            False,
            Modules=[
                {"ModuleName": {"en": "Saddle A"}, "ModuleKind": "common", "Excludes": [excluded]},
                {"ModuleName": {"en": "Saddle B"}, "ModuleKind": "personalised"},
            ],
        )

    assert own("TwinProfile", modules("Saddle B")) == ["SEM-008"]
    assert own("TwinProfile", modules("Saddle C")) == []


def shell_of(submodels: list[Any]) -> AssetAdministrationShell:
    """A shell with an asset and some submodels."""
    return AssetAdministrationShell(
        id="urn:shell",
        asset_information=AssetInformation(asset_kind="Instance", global_asset_id="urn:asset"),
        submodels=[
            Reference(type="ModelReference", keys=[Key(type="Submodel", value=each.id)])
            for each in submodels
        ],
    )


def maintenance(*rows: tuple[str, str]) -> dict[str, Any]:
    return {
        "Records": [
            {
                "EventId": f"e{at}",
                "Activity": activity,
                "StartedAt": f"{day}T08:00:00Z",
                "Agent": {"AgentId": "urn:tech"},
                "ActionTaken": {"en": "x"},
            }
            for at, (day, activity) in enumerate(rows)
        ]
    }


def test_work_after_the_end_is_odd_unless_the_asset_was_revived() -> None:
    end = ("2025-01-01", "decommissioning")
    late = ("2025-02-01", "repair")
    revived = ("2025-01-15", "refurbishment")
    assert own("MaintenanceRecord", maintenance(late, end)) == ["SEM-009"]
    assert own("MaintenanceRecord", maintenance(end, revived, late)) == []
    assert own("MaintenanceRecord", maintenance(("2024-12-01", "repair"), end)) == []


def test_what_happened_at_no_time_is_nowhere_in_the_row() -> None:
    template = catalogue.shipped().template(catalogue.shipped().find("TraceabilityRecord"))
    event = {"EventType": "TransactionEvent", "EventTime": "2025-01-01T08:00:00Z"}
    first = event | {"EventId": "e1", "Source": "urn:a", "Destination": "urn:b"}
    second = event | {"EventId": "e2", "EventTime": "2025-01-02T08:00:00Z", "Source": "urn:x"}
    built = build(template, {"Events": [first, second]}, "urn:own")
    data = jsonization.dumps(Environment(submodels=[built.submodel]))
    for text, expected in ((data, ["SEM-010"]), (data.replace(b"2025-01-02T", b"2nd of T"), [])):
        found = files.validate("x.json", data=text, checks=[MeaningCheck()]).findings
        assert [each.code for each in found if each.code.startswith("SEM")] == expected


def transfers(*rows: tuple[str, str, str]) -> list[str]:
    """What is said of a record of transfers: when, by whom, to whom."""
    events = [
        {
            "EventId": f"e{at}",
            "EventType": "TransactionEvent",
            "EventTime": time,
            "Source": source,
            "Destination": destination,
        }
        for at, (time, source, destination) in enumerate(rows)
    ]
    return own("TraceabilityRecord", {"Events": events})


def test_custody_passes_from_hand_to_hand() -> None:
    first = ("2025-01-01T08:00:00Z", "urn:a", "urn:b")
    assert transfers(first, ("2025-01-02T08:00:00Z", "urn:b", "urn:c")) == []
    assert transfers(first, ("2025-01-02T08:00:00Z", "urn:x", "urn:c")) == ["SEM-010"]


def test_records_have_the_meaning_that_their_list_gives_them() -> None:
    late = ("2026-01-01", "repair")
    values = maintenance(("2025-01-01", "decommissioning"), late)
    assert own("MaintenanceRecord", values) == ["SEM-009"]
    template = next(e for e in catalogue.shipped().entries if e.name == "MaintenanceRecord")
    built = build(catalogue.shipped().template(template), values, "urn:own")
    (records,) = (e for e in built.submodel.submodel_elements or () if e.id_short == "Records")
    assert isinstance(records, SubmodelElementList)
    for each in records.value or ():
        records.semantic_id_list_element, each.semantic_id = each.semantic_id, None
    data = jsonization.dumps(Environment(submodels=[built.submodel]))
    found = files.validate("x.json", data=data, checks=[MeaningCheck()]).findings
    assert [each.code for each in found if each.code.startswith("SEM")] == ["SEM-009"]


def test_rotations_and_frequencies_are_not_held_against_each_other() -> None:
    def speed(name: str, value: str, unit: str) -> dict[str, Any]:
        own = {"embeddedDataSpecifications": concept("urn:x", unit)["embeddedDataSpecifications"]}
        return submodel(name, property_("Speed", "urn:speed", value) | own)

    assert codes(speed("urn:a", "60", "rpm"), speed("urn:b", "1", "Hz")) == []
    assert codes(speed("urn:a", "60", "kg"), speed("urn:b", "1", "m")) == ["SEM-005"]


@pytest.mark.parametrize("is_turned", [False, True])
def test_the_life_of_an_asset_is_one_in_all_its_records(is_turned: bool) -> None:
    template = next(e for e in catalogue.shipped().entries if e.name == "MaintenanceRecord")
    made = []
    for name, row in (
        ("urn:a", ("2025-01-01", "decommissioning")),
        ("urn:b", ("2025-02-01", "repair")),
    ):
        values = maintenance(row)
        made.append(build(catalogue.shipped().template(template), values, name).submodel)
    if is_turned:
        made.reverse()
    twins = Environment(asset_administration_shells=[shell_of(made)], submodels=made)
    found = files.validate(
        "x.json", data=jsonization.dumps(twins), checks=[MeaningCheck()]
    ).findings
    assert [each.code for each in found if each.code.startswith("SEM")] == ["SEM-009"]
    alone = Environment(submodels=made)  # which may be of two assets
    found = files.validate(
        "x.json", data=jsonization.dumps(alone), checks=[MeaningCheck()]
    ).findings
    assert [each.code for each in found if each.code.startswith("SEM")] == []


def test_what_comes_with_the_end_is_not_after_it() -> None:
    end = ("2025-01-01", "decommissioning")
    same, correction = ("2025-01-01", "repair"), ("2025-02-01", "correction")
    assert own("MaintenanceRecord", maintenance(end, same, correction)) == []


def test_collections_of_two_submodels_are_about_two_things() -> None:
    def office(name: str, street: str) -> dict[str, Any]:
        inner = property_("Street", "0173-1#02-AAO128#002", street, "xs:string")
        return {"modelType": "SubmodelElementCollection", "idShort": name, "value": [inner]}

    plate, contact = (
        submodel("urn:a", office("A", "Road 1")),
        submodel("urn:b", office("B", "Way 2")),
    )
    assert codes(plate, contact) == []
    direct = property_("Street", "0173-1#02-AAO128#002", "Lane 3", "xs:string")
    assert codes(plate, submodel("urn:b", direct)) == ["SEM-005"]
    assert codes(submodel("urn:b", direct), plate) == ["SEM-005"]


def test_units_that_do_not_turn_into_each_other_are_said(tmp_path: Path) -> None:
    path = tmp_path / "ours.csv"
    path.write_text("urn:price;USD\nurn:torque;N.m\n", "utf-8")
    known = dictionary.load([str(path)])
    content = {"submodels": [submodel("urn:a", property_("P", "urn:price", "5"))]}
    content["conceptDescriptions"] = [concept("urn:price", "EUR")]
    data = json.dumps(content).encode()
    report = files.validate("x.json", data=data, checks=[MeaningCheck(known)])
    assert any(
        "neither turns into the other" in x for each in report.not_checked.values() for x in each
    )


# -- dictionaries ----------------------------------------------------------------------------------


def test_semantic_ids_are_held_against_a_dictionary(tmp_path: Path) -> None:
    path = tmp_path / "ours.csv"
    path.write_text("id;unit\n0173-1#02-AAO677#002;mm\nurn:known;\n", "utf-8")
    known = dictionary.load([str(path)])
    assert len(known) == 3
    assert known.concepts["0173-1#02-AAO677#002"].unit == unit("MilliM")
    one = submodel(
        "urn:a",
        property_("A", "urn:known", "1"),
        property_("B", "0173-1#02-AAO677#003", "1"),
        property_("C", "urn:unknown", "1"),
    )
    assert found(one, known=known) == [
        ("SEM-011", "`0173-1#02-AAO677#003` differs by version from the dictionary"),
        ("SEM-011", "the dictionary has no `urn:unknown`"),
    ]


_STRUCTURE = "https://admin-shell.io/idta/HierarchicalStructures"


def node(name: str, asset: str | None, *below: dict[str, Any]) -> dict[str, Any]:
    kind = "EntryNode" if name == "Entry" else "Node"
    made = {
        "modelType": "Entity",
        "idShort": name,
        "semanticId": reference(f"{_STRUCTURE}/{kind}/1/0"),
    }
    made["entityType"] = "SelfManagedEntity" if asset else "CoManagedEntity"
    return (
        made
        | ({"globalAssetId": asset} if asset else {})
        | ({"statements": list(below)} if below else {})
    )


def relation(kind: str, first: str, second: str, inside: str = "urn:bom") -> dict[str, Any]:
    def end(path: str) -> dict[str, Any]:
        keys = [{"type": "Submodel", "value": inside}]
        keys += [{"type": "Entity", "value": each} for each in path.split("/")]
        return {"type": "ModelReference", "keys": keys}

    return {
        "modelType": "RelationshipElement",
        "idShort": f"R{abs(hash((kind, first, second)))}",
        "semanticId": reference(f"{_STRUCTURE}/{kind}/1/0"),
        "first": end(first),
        "second": end(second),
    }


def parts(
    *statements: dict[str, Any], asset: str = "urn:1", identifier: str = "urn:bom"
) -> dict[str, Any]:
    made = submodel(identifier, node("Entry", asset, *statements))
    return made | {"semanticId": reference(f"{_STRUCTURE}/1/1/Submodel")}


@pytest.mark.parametrize("named", [True, False])
def test_a_cycle_of_relations_is_found(named: bool) -> None:
    two, three = ("urn:2", "urn:3") if named else (None, None)
    nodes = (node("Bb", two), node("Cc", three))
    way = [("Entry", "Entry/Bb"), ("Entry/Bb", "Entry/Cc")]
    good = parts(*nodes, *(relation("HasPart", *each) for each in way))
    assert "SEM-006" not in codes(good)
    bad = parts(*nodes, *(relation("HasPart", *each) for each in (*way, ("Entry/Cc", "Entry"))))
    assert codes(bad).count("SEM-006") == 1
    inside = relation("HasPart", "Entry/Cc", "Entry/Bb")
    assert "SEM-006" in codes(parts(*nodes, *(relation("HasPart", *each) for each in way), inside))


def test_two_bills_of_material_that_contain_each_other() -> None:
    one = parts(node("Bb", "urn:2"), asset="urn:1", identifier="urn:one")
    other = parts(node("Bb", "urn:1"), asset="urn:2", identifier="urn:other")
    assert "SEM-006" in codes(one, other)


def test_a_structure_that_looks_upwards_is_no_cycle() -> None:
    """The wheel's bill names the bicycle it belongs to; the bicycle's names the wheel."""
    up = parts(
        node("Bicycle", "urn:1"),
        relation("IsPartOf", "Entry", "Entry/Bicycle", "urn:up"),
        asset="urn:2",
        identifier="urn:up",
    )
    down = parts(node("Wheel", "urn:2"), asset="urn:1", identifier="urn:down")
    assert "SEM-006" not in codes(up, down)
    assert "SEM-006" not in codes(down, up)


def test_several_submodels_of_one_kind_contradict_nothing() -> None:
    plans = [
        submodel(f"urn:{name}", property_("Done", "urn:c", value))
        | {"semanticId": reference("urn:plan")}
        for name, value in (("a", "1"), ("b", "0"))
    ]
    assert codes(*plans) == []


def test_a_year_and_a_day_of_it_contradict_nothing() -> None:
    year = submodel("urn:a", property_("Y", "urn:c", "2020", "xs:gYear"))
    day = submodel("urn:b", property_("D", "urn:c", "2020-05-01", "xs:date"))
    other = submodel("urn:b", property_("D", "urn:c", "2021-05-01", "xs:date"))
    assert codes(year, day) == []
    assert codes(year, other) == ["SEM-005"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("l", "L"),
        ("l/min", "L-PER-MIN"),
        ("t", "TONNE"),
        ("lb", "LB"),
        ("℃", "DEG_C"),
        ("Mbit/s", "MegaBIT-PER-SEC"),
        ("days", "DAY"),
        ("pH", None),
        ("DN", None),
        ("KW", None),
    ],
)
def test_common_units_are_known_and_ambiguous_ones_not_guessed(text: str, name: str | None) -> None:
    found = resolve(text)
    assert (None if found is None else found.name) == name


ORDER_CODE = "0173-1#02-AAO227#004"


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ({"semanticId": reference("0112/2///61987#ABA950#008")}, {}, True),  # by its further id
        ({"semanticId": reference("0173-1#02-AAO227#002")}, {}, True),
        ({"semanticId": reference("https://api.eclass-cdp.com/0173-1-02-AAO227-004")}, {}, True),
        ({"modelType": "MultiLanguageProperty"}, {}, True),
        ({"modelType": "MultiLanguageProperty"}, {"value": "FM-1"}, False),
        ({"semanticId": reference("0173-1#02-AAO228#004")}, {}, False),
    ],
)
def test_a_property_is_one_however_its_concept_is_named(
    first: dict[str, Any], second: dict[str, Any], expected: bool
) -> None:
    code = {**property_("OrderCode", ORDER_CODE, "FM-1", "xs:string"), **first}
    if "semanticId" in first and "61987" in str(first):
        code["supplementalSemanticIds"] = [reference(ORDER_CODE)]
    if first.get("modelType") == "MultiLanguageProperty":
        code.pop("valueType")
        code["value"] = [{"language": "en", "text": "FM-1"}]
    other = {**property_("OrderCode", ORDER_CODE, "XX-9", "xs:string"), **second}
    assert ("SEM-005" in codes(submodel("urn:a", code), submodel("urn:b", other))) is expected


def test_the_end_of_a_day_is_the_beginning_of_the_next() -> None:
    def recorded(first: str, time: str, second: str) -> list[str]:
        values = maintenance(("2023-12-31", first), ("2024-06-01", second))
        values["Records"][0]["StartedAt"] = f"2023-12-31T{time}Z"
        return own("MaintenanceRecord", values)

    assert recorded("decommissioning", "24:00:00", "repair") == ["SEM-009"]
    assert recorded("repair", "24:00:00", "decommissioning") == []


def test_equal_numbers_in_different_units_are_not_equal() -> None:
    metres, millimetres = concept("urn:m", "m"), concept("urn:mm", "mm")

    def length(value: str, of: dict[str, Any]) -> dict[str, Any]:
        specification = of["embeddedDataSpecifications"]
        return property_("L", "urn:l", value) | {"embeddedDataSpecifications": specification}

    one = submodel("urn:a", length("5", metres))
    assert "SEM-005" in codes(one, submodel("urn:b", length("5", millimetres)))
    assert "SEM-005" not in codes(one, submodel("urn:b", length("5000", millimetres)))


def test_nodes_of_a_bill_that_looks_upwards_stand_in_their_parts() -> None:
    archetype = property_("ArcheType", f"{_STRUCTURE}/ArcheType/1/0", "OneUp", "xs:string")
    up = parts(node("Bicycle", "urn:1"), asset="urn:2", identifier="urn:up")
    up["submodelElements"].append(archetype)
    down = parts(node("Wheel", "urn:2"), asset="urn:1", identifier="urn:down")
    assert "SEM-006" not in codes(up, down)
    archetype["value"] = "OneDown"
    assert "SEM-006" in codes(up, down)


def test_transfers_of_one_time_are_read_as_they_hang_together() -> None:
    noon = "2024-01-01T12:00:00Z"
    assert transfers((noon, "b", "c"), (noon, "a", "b")) == []
    assert transfers((noon, "b", "c"), ("2024-01-01T13:00:00+01:00", "a", "b")) == []
    assert transfers((noon, "a", "b"), (noon, "c", "d")) == ["SEM-010"]


def test_many_transfers_of_one_time_take_no_long_time() -> None:
    row = ("2024-01-01T12:00:00Z", None, None)
    assert sum(1 for _ in consistency._in_turn([row] * 200_000)) == 200_000


def test_a_period_of_custody_begins_with_its_hand_over() -> None:
    event = {
        "EventId": "e1",
        "EventType": "TransactionEvent",
        "EventTime": "2025-01-02T08:00:00Z",
        "Source": "urn:a",
        "Destination": "urn:b",
    }

    def said(holder: str, **more: str) -> list[str]:
        first = {"Holder": "urn:a", "FromTime": "2025-01-01T00:00:00Z"}
        second = {"Holder": holder, "FromTime": "2025-01-02T08:00:00Z", **more}
        return own("TraceabilityRecord", {"Events": [event], "Custody": [first, second]})

    assert said("urn:b", HandOverEvent="e1") == []
    assert said("urn:b") == []
    assert said("urn:c") == ["SEM-010"]
    assert said("urn:b", HandOverEvent="e9") == ["SEM-010"]
    assert said("urn:z", HandOverEvent="e1") == ["SEM-010"]
    assert said("urn:a") == []
    event |= {"Source": "urn:b", "Destination": "urn:c", "EventTime": "2024-06-01T08:00:00Z"}
    assert said("urn:c") == ["SEM-010"]  # it was given long before, to somebody else's loss


def test_without_time_zones_only_what_is_sure_is_after_the_end() -> None:
    def said(repaired: str) -> list[str]:
        record = maintenance(("2025-01-01", "decommissioning"), ("2025-01-01", "repair"))
        record["Records"][0]["StartedAt"] = "2025-01-01T00:00:00"
        record["Records"][1]["StartedAt"] = repaired
        return own("MaintenanceRecord", record)

    assert said("2025-01-01T05:00:00Z") == []
    assert said("2025-01-01T05:00:00") == ["SEM-009"]
    assert said("2025-01-01T15:00:00Z") == ["SEM-009"]


def test_a_unit_that_only_the_dictionary_knows_is_an_open_point(tmp_path: Path) -> None:
    path = tmp_path / "ours.csv"
    path.write_text("id;unit\nurn:length;cubit-foo\n", "utf-8")
    known = dictionary.load([str(path)])
    content = {
        "submodels": [submodel("urn:a", property_("A", "urn:length", "1"))],
        "conceptDescriptions": [concept("urn:length", unit="mm")],
    }
    report = files.validate(
        "x.json", data=json.dumps(content).encode(), checks=[MeaningCheck(known)]
    )
    assert any("`cubit-foo`" in each for some in report.not_checked.values() for each in some)
