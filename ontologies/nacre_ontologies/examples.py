"""For every rule of graphs, shapes and meaning the smallest files that break it, and the same repaired.

The command of an example is run in a folder with its files; a test does so for each.
"""

import json
from collections.abc import Mapping
from typing import Any

from nacre_aas import jsonization
from nacre_aas.examples import Example, Package
from nacre_aas.model import Environment
from nacre_ontologies.terms import STRUCTURE
from nacre_submodels import catalogue
from nacre_submodels.builder import build

_ID = "https://example.com"
_TWIN, _GRAPH, _SHAPES = "twin.json", "graph.ttl", "shapes.ttl"

_VALIDATE = f"validate {_TWIN}"
_WITH_DICTIONARY = f"validate {_TWIN} --dictionary ours.csv"
_RUN_SHAPES = f"shacl {_GRAPH} --shapes {_SHAPES}"


def _example(command: str, wrong: Mapping[str, Any], right: Mapping[str, Any]) -> Example:
    """An example of several files; `right` has those that the repair changes."""
    changed = {name: each for name, each in right.items() if each != wrong.get(name)}
    return Example(_files(wrong), _files(changed), command=command)


def _files(contents: Mapping[str, Any]) -> Package:
    return Package(
        {
            name: each if isinstance(each, str) else json.dumps(each, indent=2, ensure_ascii=False)
            for name, each in contents.items()
        }
    )


# -- graphs and shapes -----------------------------------------------------------------------------

_AAS = "https://admin-shell.io/aas/3/1/"


def _submodel_graph(*statements: str) -> dict[str, str]:
    stated = [f'Identifiable/id> "{_ID}/sm/1"', *statements]
    body = " ;\n".join(f"  <{_AAS}{each}" for each in stated)
    return {_GRAPH: f"<{_ID}/sm/1> a <{_AAS}Submodel> ;\n{body} .\n"}


def _reference_graph(first: str = "", second: str = "") -> dict[str, str]:
    """A submodel whose meaning has two keys, with or without their positions."""
    return {
        _GRAPH: f"""@prefix aas: <{_AAS}> .
@prefix nx: <{STRUCTURE}> .
<{_ID}/sm/1> a aas:Submodel ;
  <{_AAS}Identifiable/id> "{_ID}/sm/1" ;
  <{_AAS}HasSemantics/semanticId> [ a aas:Reference ;
    <{_AAS}Reference/type> <{_AAS}ReferenceTypes/ExternalReference> ;
    <{_AAS}Reference/keys>
      [ a aas:Key ; <{_AAS}Key/type> <{_AAS}KeyTypes/GlobalReference> ; <{_AAS}Key/value> "urn:list"{first} ] ,
      [ a aas:Key ; <{_AAS}Key/type> <{_AAS}KeyTypes/FragmentReference> ; <{_AAS}Key/value> "one"{second} ] ] .
"""
    }


def _pump(statement: str = 'ex:serial "4711"') -> str:
    return f"@prefix ex: <{_ID}/> .\nex:pump a ex:Pump ; {statement} .\n"


def _shapes(constraint: str, target: str = "ex:Pump") -> str:
    return (
        f"@prefix sh: <http://www.w3.org/ns/shacl#> .\n@prefix ex: <{_ID}/> .\n"
        f"ex:PumpShape a sh:NodeShape ; sh:targetClass {target} ;\n"
        f"  sh:property [ sh:path ex:serial ; {constraint} ] .\n"
    )


def _run(constraint: str, target: str = "ex:Pump") -> dict[str, str]:
    return {_GRAPH: _pump(), _SHAPES: _shapes(constraint, target)}


_OF_GRAPHS = {
    "RDF-001": _example(
        f"shacl {_GRAPH}",
        _submodel_graph('Referable/idShort> "Nameplate" , "TechnicalData"'),
        _submodel_graph('Referable/idShort> "Nameplate"'),
    ),
    "RDF-002": _example(
        f"shacl {_GRAPH}",
        _submodel_graph('Property/value> "5"'),
        _submodel_graph(),
    ),
    "RDF-003": _example(
        f"shacl {_GRAPH}",
        _submodel_graph('HasSemantics/semanticId> "https://example.com/nameplate"'),
        _submodel_graph(),
    ),
    "RDF-005": _example(
        f"validate {_GRAPH}",
        _submodel_graph('Submodel/x> "1"'),
        _submodel_graph(),
    ),
    "RDF-010": _example(
        f"validate {_GRAPH}",
        _reference_graph(),
        _reference_graph(" ; nx:index 0", " ; nx:index 1"),
    ),
    "RDF-006": _example(
        "query --sparql ours.rq graph.ttl",
        {_GRAPH: _pump(), "ours.rq": "SELECT ?pump WHERE { ?pump a ex:Pump"},
        {"ours.rq": f"PREFIX ex: <{_ID}/>\nSELECT ?pump WHERE {{ ?pump a ex:Pump }}"},
    ),
    "RDF-009": _example(
        f"export {_TWIN} --policy policy.toml --to nt",
        {
            _TWIN: {"submodels": [{"modelType": "Submodel", "id": f"{_ID}/sm/1"}]},
            "policy.toml": 'submodels = ["*"]\n',
        },
        {"policy.toml": '[share]\nsubmodels = ["*"]\n'},
    ),
    "SHX-001": _example(_RUN_SHAPES, _run("sh:minLength 5"), _run("sh:minLength 4")),
    "SHX-002": _example(_RUN_SHAPES, _run('sh:minCount "one"'), _run("sh:minCount 1")),
    "SHX-003": _example(
        f"{_RUN_SHAPES} --engine compiled",
        _run('sh:sparql [ sh:select "SELECT $this WHERE { FILTER(false) }" ]'),
        _run("sh:minCount 1"),
    ),
    "SHX-004": _example(_RUN_SHAPES, _run("sh:minCount 1", "ex:Pumpe"), _run("sh:minCount 1")),
    "SHX-007": _example(
        _RUN_SHAPES,
        _run('sh:not [ sh:sparql [ sh:select "SELECT $this WHERE { $this ?p 1 }" ] ]'),
        _run("sh:minCount 1"),
    ),
    "SHX-006": _example(
        _RUN_SHAPES,
        {
            _GRAPH: _pump(),
            _SHAPES: _shapes("sh:minCount 1", "ex:Pump")
            + "\nex:ours <http://www.w3.org/2002/07/owl#imports> ex:theirs .\n",
        },
        _run("sh:minCount 1"),
    ),
}


# -- meaning ---------------------------------------------------------------------------------------


def _reference(value: str) -> dict[str, Any]:
    return {"type": "ExternalReference", "keys": [{"type": "GlobalReference", "value": value}]}


def _length(value: str = "5", name: str = "Length", meaning: str = "length") -> dict[str, Any]:
    return {
        "modelType": "Property",
        "idShort": name,
        "semanticId": _reference(f"{_ID}/{meaning}"),
        "valueType": "xs:double",
        "value": value,
    }


def _concept(unit: str, unit_id: str | None = None) -> dict[str, Any]:
    template = "https://admin-shell.io/DataSpecificationTemplates/DataSpecificationIec61360/3"
    content = {
        "modelType": "DataSpecificationIec61360",
        "preferredName": [{"language": "en", "text": "Cable length"}],
        "definition": [{"language": "en", "text": "Length of the cable"}],
        "dataType": "REAL_MEASURE",
        "unit": unit,
        **({"unitId": _reference(unit_id)} if unit_id else {}),
    }
    specification = {
        "dataSpecification": _reference(template),
        "dataSpecificationContent": content,
    }
    return {
        "modelType": "ConceptDescription",
        "id": f"{_ID}/length",
        "embeddedDataSpecifications": [specification],
    }


def _submodel(name: str, *elements: dict[str, Any]) -> dict[str, Any]:
    return {
        "modelType": "Submodel",
        "id": f"{_ID}/sm/{name}",
        "idShort": name,
        "submodelElements": list(elements),
    }


def _measured(unit: str, unit_id: str | None = None) -> dict[str, Any]:
    return {
        _TWIN: {
            "submodels": [_submodel("Cable", _length())],
            "conceptDescriptions": [_concept(unit, unit_id)],
        }
    }


def _with_dictionary(content: str) -> dict[str, Any]:
    return {**_measured("mm"), "ours.csv": content}


def _of_one_asset(*submodels: dict[str, Any]) -> dict[str, Any]:
    shell = {
        "modelType": "AssetAdministrationShell",
        "id": f"{_ID}/aas/1",
        "assetInformation": {"assetKind": "Instance", "globalAssetId": f"{_ID}/asset/1"},
        "submodels": [
            {"type": "ModelReference", "keys": [{"type": "Submodel", "value": each["id"]}]}
            for each in submodels
        ],
    }
    return {_TWIN: {"assetAdministrationShells": [shell], "submodels": list(submodels)}}


def _entity(name: str, asset: str, *parts: dict[str, Any]) -> dict[str, Any]:
    return {
        "modelType": "Entity",
        "idShort": name,
        "entityType": "SelfManagedEntity",
        "globalAssetId": f"{_ID}/asset/{asset}",
        **({"statements": list(parts)} if parts else {}),
    }


def _bill(inner: str) -> dict[str, Any]:
    rotor = _entity("Rotor", "rotor", _entity("Inner", inner))
    return {_TWIN: {"submodels": [_submodel("Parts", _entity("Motor", "motor", rotor))]}}


def _own(name: str, values: dict[str, Any]) -> dict[str, Any]:
    """An instance of a template of Nacre's own."""
    shipped = catalogue.shipped()
    entry = next(each for each in shipped.entries if each.name == name)
    built = build(shipped.template(entry), values, f"{_ID}/sm/{name}")
    content = jsonization.dumps(Environment(submodels=[built.submodel]))
    return {_TWIN: json.loads(content)}


def _profile(level: str, **more: Any) -> dict[str, Any]:
    values = {
        "IntegrationLevel": level,
        "Reason": {"en": "Measurements arrive by themselves."},
        "FlowFromAsset": "true",
        "FlowToAsset": "false",
        "Layers": [{"SubmodelReference": f"{_ID}/sm/Cable", "Layer": "digital"}],
    }
    return _own("TwinProfile", values | more)


def _modules(excluded: str) -> dict[str, Any]:
    first = {"ModuleName": {"en": "Saddle A"}, "ModuleKind": "common", "Excludes": [excluded]}
    second = {"ModuleName": {"en": "Saddle B"}, "ModuleKind": "personalised"}
    return _profile("digital shadow", Modules=[first, second])


def _maintenance(repaired: str) -> dict[str, Any]:
    rows = (("2025-03-01", "decommissioning"), (repaired, "repair"))
    return _own(
        "MaintenanceRecord",
        {
            "Records": [
                {
                    "EventId": f"e{number}",
                    "Activity": activity,
                    "StartedAt": f"{day}T08:00:00Z",
                    "Agent": {"AgentId": f"{_ID}/technician"},
                    "ActionTaken": {"en": "Done as ordered"},
                }
                for number, (day, activity) in enumerate(rows)
            ]
        },
    )


def _custody(source: str) -> dict[str, Any]:
    hands = (("maker", "carrier"), (source, "customer"))
    return _own(
        "TraceabilityRecord",
        {
            "Events": [
                {
                    "EventId": f"e{number}",
                    "EventType": "ObjectEvent",
                    "EventTime": f"2025-03-0{number + 1}T08:00:00Z",
                    "Source": f"{_ID}/{giver}",
                    "Destination": f"{_ID}/{taker}",
                }
                for number, (giver, taker) in enumerate(hands)
            ]
        },
    )


_OF_MEANING = {
    "SEM-001": _example(_VALIDATE, _measured("STRING"), _measured("mm")),
    "SEM-002": _example(
        _VALIDATE,
        _measured("mm", "http://qudt.org/vocab/unit/M"),
        _measured("mm", "http://qudt.org/vocab/unit/MilliM"),
    ),
    "SEM-003": _example(
        _WITH_DICTIONARY,
        _with_dictionary(f"{_ID}/length;kg\n"),
        _with_dictionary(f"{_ID}/length;mm\n"),
    ),
    "SEM-004": _example(
        _WITH_DICTIONARY,
        _with_dictionary(f"{_ID}/length;m\n"),
        _with_dictionary(f"{_ID}/length;mm\n"),
    ),
    "SEM-005": _example(
        _VALIDATE,
        _of_one_asset(
            _submodel("Nameplate", _length("5")), _submodel("Data", _length("6", "CableLength"))
        ),
        _of_one_asset(
            _submodel("Nameplate", _length("5")), _submodel("Data", _length("5", "CableLength"))
        ),
    ),
    "SEM-006": _example(_VALIDATE, _bill("motor"), _bill("magnet")),
    "SEM-007": _example(_VALIDATE, _profile("digital twin"), _profile("digital shadow")),
    "SEM-008": _example(_VALIDATE, _modules("Saddle B"), _modules("Saddle C")),
    "SEM-009": _example(_VALIDATE, _maintenance("2025-04-01"), _maintenance("2025-02-01")),
    "SEM-010": _example(_VALIDATE, _custody("stranger"), _custody("carrier")),
    "SEM-011": _example(
        _WITH_DICTIONARY,
        _with_dictionary(f"{_ID}/weight;kg\n"),
        _with_dictionary(f"{_ID}/length;mm\n"),
    ),
    "SEM-013": _example(_VALIDATE, _measured("kg"), _measured("mm")),
}

EXAMPLES: dict[str, Example] = {**_OF_GRAPHS, **_OF_MEANING}
