"""The competency questions of docs/ontologies.md, each with its answer on one twin."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from test_meaning import concept, property_

from conftest import ROOT
from documents import reference
from nacre_aas import files
from nacre_aas.model import Environment
from nacre_aas.versions import Metamodel
from nacre_ledger import event, keys, log
from nacre_ledger.log import Ledger
from nacre_ontologies import meaning, provenance, queries, rdf, structure
from nacre_ontologies.formats import Format
from nacre_ontologies.meaning import NV
from nacre_ontologies.store import LocalStore

BICYCLE = "https://example.com/bicycle/1"
WHEEL, BEARING = "https://example.com/wheel/1", "https://example.com/bearing/1"
PROFILE = "https://w3id.org/nacre/submodel/TwinProfile/1/0"
HIERARCHY = "https://admin-shell.io/idta/HierarchicalStructures"
AID = "https://admin-shell.io/idta/AssetInterfacesDescription/1/0"


def collection(name: str | None, meaning_: str, *members: dict[str, Any]) -> dict[str, Any]:
    made = {
        "modelType": "SubmodelElementCollection",
        "semanticId": reference(meaning_),
        "value": list(members),
    }
    return made if name is None else {**made, "idShort": name}


def part(name: str, asset: str, *below: dict[str, Any], node: str = "Node") -> dict[str, Any]:
    return {
        "modelType": "Entity",
        "idShort": name,
        "semanticId": reference(f"{HIERARCHY}/{node}/1/1"),
        "entityType": "SelfManagedEntity",
        "globalAssetId": asset,
        **({"statements": list(below)} if below else {}),
    }


def text(name: str, meaning_: str, words: str) -> dict[str, Any]:
    return {
        "modelType": "MultiLanguageProperty",
        "idShort": name,
        "semanticId": reference(meaning_),
        "value": [{"language": "en", "text": words}],
    }


SUBMODELS: dict[str, list[dict[str, Any]]] = {
    "Nameplate": [
        property_("Length", "urn:length", "5"),
        {
            "modelType": "File",
            "idShort": "Manual",
            "semanticId": reference("urn:manual"),
            "contentType": "application/pdf",
            "value": "/aasx/manual.pdf",
        },
    ],
    "TechnicalData": [property_("Size", "urn:length", "6")],
    "BillOfMaterial": [
        part("EntryNode", BICYCLE, part("Wheel", WHEEL, part("Bearing", BEARING)), node="EntryNode")
    ],
    "Interfaces": [
        collection(
            "Http",
            f"{AID}/Interface",
            collection(
                "EndpointMetadata",
                f"{AID}/EndpointMetadata",
                property_(
                    "base", "https://www.w3.org/2019/wot/td#baseURI", "http://b/", "xs:anyURI"
                ),
            ),
            collection(
                "InteractionMetadata",
                f"{AID}/InteractionMetadata",
                collection(
                    "properties",
                    "https://www.w3.org/2019/wot/td#PropertyAffordance",
                    collection(
                        "speed",
                        f"{AID}/PropertyDefinition",
                        collection(
                            "forms",
                            "https://www.w3.org/2019/wot/td#hasForm",
                            property_(
                                "href",
                                "https://www.w3.org/2019/wot/hypermedia#hasTarget",
                                "speed",
                                "xs:string",
                            ),
                        ),
                    ),
                ),
            ),
        )
    ],
    "Profile": [
        property_("IntegrationLevel", f"{PROFILE}/IntegrationLevel", "digital shadow", "xs:string"),
        property_("FlowFromAsset", f"{PROFILE}/FlowFromAsset", "true", "xs:boolean"),
        property_("FlowToAsset", f"{PROFILE}/FlowToAsset", "false", "xs:boolean"),
        {
            "modelType": "SubmodelElementList",
            "idShort": "Modules",
            "semanticId": reference(f"{PROFILE}/Modules"),
            "typeValueListElement": "SubmodelElementCollection",
            "value": [
                collection(
                    None,
                    f"{PROFILE}/Module",
                    text("ModuleName", f"{PROFILE}/ModuleName", "Saddle"),
                    property_("ModuleKind", f"{PROFILE}/ModuleKind", "personalised", "xs:string"),
                )
            ],
        },
    ],
}


def bicycle() -> Environment:
    document = {
        "assetAdministrationShells": [
            {
                "modelType": "AssetAdministrationShell",
                "id": "urn:shell",
                "idShort": "Bicycle",
                "assetInformation": {"assetKind": "Instance", "globalAssetId": BICYCLE},
                "submodels": [
                    {
                        "type": "ModelReference",
                        "keys": [{"type": "Submodel", "value": f"urn:{name}"}],
                    }
                    for name in SUBMODELS
                ],
            }
        ],
        "submodels": [
            {
                "modelType": "Submodel",
                "id": f"urn:{name}",
                "idShort": name,
                "semanticId": reference(f"urn:template:{name}"),
                "submodelElements": elements,
            }
            for name, elements in SUBMODELS.items()
        ],
        "conceptDescriptions": [concept("urn:length", "mm")],
    }
    return files.load("x.json", data=json.dumps(document).encode())[0]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> LocalStore:
    content = bicycle()
    made = LocalStore()
    for name, lines in (
        ("urn:graph:structure", structure.n_triples(content, Metamodel.V3_1)),
        ("urn:graph:meaning", meaning.n_triples(content)),
        ("urn:graph:events", _events(tmp_path_factory.mktemp("ledger"))),
    ):
        made.load(rdf.parse(lines, Format.N_TRIPLES), name)
    return made


def _events(folder: Path) -> str:
    patch = pytest.MonkeyPatch()
    patch.setenv("NACRE_KEYS", str(folder / "keys"))
    try:
        log.create(folder / "ledger", "example.com/log")
        with Ledger(folder / "ledger") as ledger:
            drafts = [
                event.draft(
                    {
                        "activity": activity,
                        "asset": BICYCLE,
                        "happened": f"2026-0{month}-01T08:00:00Z",
                        "agent": agent,
                        "note": activity,
                    }
                )
                for month, activity, agent in (
                    (1, "manufacturing", "acme"),
                    (2, "repair", "tech-7"),
                )
            ]
            ledger.record(drafts, keys.create("writer"))
            return provenance.n_triples(ledger)
    finally:
        patch.undo()


def asked(store: LocalStore, name: str, **values: str) -> list[tuple[str | None, ...]]:
    rows = store.query(queries.named()[name].bound(values)).rows
    return [
        tuple(None if term is None else _short(str(term.value)) for term in row) for row in rows
    ]


def _short(value: str) -> str:
    return value.removeprefix(NV).removeprefix("http://qudt.org/vocab/unit/")


def test_assets(store: LocalStore) -> None:
    assert asked(store, "assets") == [(BICYCLE, "Instance", "Bicycle")]


def test_aspects(store: LocalStore) -> None:
    rows = asked(store, "aspects", asset=BICYCLE)
    assert {(label, template) for _, _, label, template in rows} == {
        (name, f"urn:template:{name}") for name in SUBMODELS
    }


def test_values(store: LocalStore) -> None:
    assert (BICYCLE, "5", "MilliM") in asked(store, "values", concept="urn:length")


def test_parts(store: LocalStore) -> None:
    assert asked(store, "parts", asset=BICYCLE) == [
        (BICYCLE, BEARING, "Bearing"),
        (BICYCLE, WHEEL, "Wheel"),
    ]


def test_where_used(store: LocalStore) -> None:
    found = asked(store, "where-used", part=BEARING)
    assert {asset for _, asset in found} == {BICYCLE, WHEEL}


def test_quantities(store: LocalStore) -> None:
    assert (BICYCLE, "urn:length", "5", "MilliM") in asked(store, "quantities", asset=BICYCLE)


def test_documents(store: LocalStore) -> None:
    ((_, _, path, format_),) = asked(store, "documents", asset=BICYCLE)
    assert (path, format_) == ("/aasx/manual.pdf", "application/pdf")


def test_interfaces(store: LocalStore) -> None:
    ((_, _, base, name, target),) = asked(store, "interfaces", asset=BICYCLE)
    assert (base, name, target) == ("http://b/", "speed", "speed")


def test_integration_levels(store: LocalStore) -> None:
    assert asked(store, "integration-levels") == [(BICYCLE, "DigitalShadow", "true", "false", None)]


def test_modules(store: LocalStore) -> None:
    assert asked(store, "modules", asset=BICYCLE) == [
        (BICYCLE, "Saddle", "PersonalisedModule", None)
    ]


def test_contradictions(store: LocalStore) -> None:
    assert (BICYCLE, "urn:length", "5", "6") in asked(store, "contradictions")


def test_history(store: LocalStore) -> None:
    rows = asked(store, "history", asset=BICYCLE)
    assert [(activity, note) for _, _, activity, _, note in rows] == [
        ("Manufacturing", "manufacturing"),
        ("Repair", "repair"),
    ]


def test_missing_concepts(store: LocalStore) -> None:
    found = {concept_: int(uses or 0) for concept_, uses in asked(store, "missing-concepts")}
    assert "urn:length" not in found
    assert found["urn:manual"] == 1


def test_every_question_is_in_the_documentation() -> None:
    page = (ROOT / "docs" / "ontologies.md").read_text("utf-8")
    named = set(re.findall(r"^\| [^|]*\? \| `([a-z-]+)", page, re.MULTILINE))
    assert named == set(queries.named())
