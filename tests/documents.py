"""Small documents that tests of several folders build: references, properties, submodels, files."""

import json
from pathlib import Path
from typing import Any

from conftest import ROOT
from nacre_aas.model import Environment, Submodel
from nacre_aas.model.submodel_elements import AnySubmodelElement

PUMP = ROOT / "examples" / "pump.json"


def reference(value: str) -> dict[str, Any]:
    return {"type": "ExternalReference", "keys": [{"type": "GlobalReference", "value": value}]}


def numeric(name: str, value: str, **more: Any) -> dict[str, Any]:
    said = {"modelType": "Property", "idShort": name, "valueType": "xs:double", "value": value}
    return {**said, **more}


def submodel(identifier: str, *elements: dict[str, Any], **more: Any) -> dict[str, Any]:
    said = {"modelType": "Submodel", "id": identifier, "idShort": "SM"}
    return {**said, "submodelElements": [*elements], **more}


def written(path: Path, *submodels: dict[str, Any], **more: Any) -> str:
    path.write_text(json.dumps({"submodels": [*submodels], **more}), "utf-8")
    return str(path)


def one_submodel(*elements: AnySubmodelElement, **attributes: str) -> Environment:
    """One submodel, as a record."""
    made = Submodel(id="urn:s", submodel_elements=list(elements) or None)
    for name, value in attributes.items():
        setattr(made, name, value)
    return Environment(submodels=[made])
