"""Similarity has the laws that people expect, and finds the families of a fleet."""

import copy
from pathlib import Path
from typing import Any

import pytest
import strategies
from hypothesis import given
from test_meaning import concept, property_, twin

from conftest import nacre
from documents import numeric, reference, submodel, written
from nacre_aas.model import Environment
from nacre_ontologies import units
from nacre_ontologies.similarity import compare, families, profile


def entity(name: str, *below: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {"modelType": "Entity", "idShort": name, "entityType": "CoManagedEntity"}
    return {**made, **({"statements": list(below)} if below else {})}


@given(strategies.environments(), strategies.environments())
def test_it_is_a_similarity(one: Environment, other: Environment) -> None:
    first, second = profile("a", one), profile("b", other)
    assert compare(first, profile("c", copy.deepcopy(one))).similarity == 1
    there, back = compare(first, second).similarity, compare(second, first).similarity
    assert there == pytest.approx(back)
    assert 0 <= there <= 1


def test_numbers_are_compared_in_their_units() -> None:
    metres = twin(property_("L", "urn:c", "1.5"), concepts=(concept("urn:c", "m"),))
    millimetres = twin(property_("L", "urn:c", "1500"), concepts=(concept("urn:c", "mm"),))
    assert compare(profile("a", metres), profile("b", millimetres)).similarity == 1


def test_the_reasons_are_named() -> None:
    first = twin(
        entity("Motor", entity("Bearing1"), entity("Bearing2")), property_("P", "urn:p", "1")
    )
    second = twin(entity("Motor", entity("Bearing1")), property_("Q", "urn:q", "1"))
    found = compare(profile("a", first), profile("b", second))
    sides = {side.name: side for side in found.sides}
    assert sides["parts"].similarity == pytest.approx(2 / 3)
    assert sides["parts"].shared == ("Motor", "Motor > Bearing")
    assert sides["properties"].only_first == ("P",)
    assert sides["properties"].similarity == 0


def _bill(*parts: tuple[str, str]) -> Environment:
    return twin(*({**entity(name), "globalAssetId": asset} for name, asset in parts))


def test_parts_are_the_same_by_their_assets_whatever_they_are_called() -> None:
    first = _bill(("Part01", "urn:motor"), ("Part02", "urn:gear"))
    renamed = _bill(("Motor", "urn:motor"), ("Gear", "urn:gear"))
    others = _bill(("Part01", "urn:lamp"), ("Part02", "urn:fuse"))
    individuals = _bill(("Motor", "urn:motor:4711"), ("Gear", "urn:gear:4712"))

    def parts(one: Environment, other: Environment) -> float:
        found = compare(profile("a", one), profile("b", other))
        return next(side.similarity for side in found.sides if side.name == "parts")

    assert parts(first, renamed) == 1
    assert parts(first, others) == 0
    assert parts(renamed, individuals) == 1


def test_nothing_is_not_alike(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{}", "utf-8")
    done = nacre("similar", "a.json", "a.json", cwd=tmp_path)
    assert done.returncode == 3
    assert b"nothing to compare" in done.stderr


def test_serial_numbers_do_not_tell_families_apart() -> None:
    one, other = (
        twin({**property_("SerialNumber", "urn:serial", number, "xs:string")}) for number in "12"
    )
    assert compare(profile("a", one), profile("b", other)).similarity == 1


def test_a_fleet_falls_into_its_families() -> None:
    pumps = [
        twin(entity("Motor", entity("Bearing")), property_("Flow", "urn:flow", str(9 + at % 2)))
        for at in range(4)
    ]
    lamps = [
        twin(
            entity("Bulb"),
            {"modelType": "Capability", "idShort": "Light", "semanticId": reference("urn:light")},
        )
        for _ in range(3)
    ]
    profiles = [profile(f"p{at}", each) for at, each in enumerate([*pumps, *lamps])]
    found = families(profiles, 0.6)
    assert sorted(len(each) for each in found) == [3, 4]
    assert families(list(reversed(profiles)), 0.6) == found


def test_parts_are_alike_by_what_they_mean_and_values_by_unit_and_language() -> None:
    def part(name: str, meaning: str) -> dict[str, Any]:
        return entity(name) | {"semanticId": reference(meaning)}

    def alike(one: Environment, other: Environment) -> float:
        return compare(profile("a", one), profile("b", other)).similarity

    assert alike(twin(part("Motor", "urn:m")), twin(part("Antrieb", "urn:m"))) == 1
    assert alike(twin(part("Motor", "urn:m")), twin(part("Motor", "urn:x"))) == 0
    length = property_("L", "urn:c", "1")
    metre, gram = (twin(length, concepts=(concept("urn:c", unit),)) for unit in ("m", "g"))
    assert alike(metre, gram) < 1
    words = {"modelType": "MultiLanguageProperty", "idShort": "T", "semanticId": reference("urn:t")}
    english = {"language": "en", "text": "Pump"}
    both = [{"language": "de", "text": "Pumpe"}, english]
    one, other = twin(words | {"value": [english]}), twin(words | {"value": both})
    values = {each.name: each for each in compare(profile("a", one), profile("b", other)).sides}
    assert values["values"].similarity == 0.5
    nothing = Environment()
    assert len(families([profile("a", nothing), profile("b", nothing)], 0.9)) == 2


@pytest.mark.parametrize("value", ["NaN", "INF", "9E999999", "-9E999999"])
def test_special_numbers_stop_nothing(tmp_path: Path, value: str) -> None:
    def unit(text: str) -> dict[str, Any]:
        content = {
            "modelType": "DataSpecificationIec61360",
            "preferredName": [{"language": "en", "text": "length"}],
            "unit": text,
        }
        name = "https://admin-shell.io/DataSpecifications/DataSpecificationIec61360/3/0"
        described = {
            "dataSpecification": reference(name),
            "dataSpecificationContent": content,
        }
        return {"embeddedDataSpecifications": [described], "semanticId": reference("urn:length")}

    first = submodel("urn:a", numeric("A", value, **unit("km")))
    second = submodel("urn:b", numeric("B", "5", **unit("mm")))
    asset = {"assetKind": "Instance", "globalAssetId": "urn:x"}
    keys = [{"type": "Submodel", "value": each} for each in ("urn:a", "urn:b")]
    shell = {
        "modelType": "AssetAdministrationShell",
        "id": "urn:s",
        "assetInformation": asset,
        "submodels": [{"type": "ModelReference", "keys": [each]} for each in keys],
    }
    name = written(tmp_path / "a.json", first, second, assetAdministrationShells=[shell])
    assert nacre("validate", name).returncode in (0, 1)
    assert nacre("similar", name, name).returncode == 0


@pytest.mark.parametrize(
    ("unit", "coherent"),
    [
        ("mm", "m"),
        ("kg", "kg"),
        ("N", "kg·m·s^-2"),
        ("V", "kg·m^2·s^-3·A^-1"),
        ("%", ""),
        ("EUR", "€"),
    ],
)
def test_values_are_compared_in_base_units_of_the_si(unit: str, coherent: str) -> None:
    found = units.resolve(unit)
    assert found is not None
    assert found.coherent == coherent
