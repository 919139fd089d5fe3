"""What the tests of templates and forms share: a folder with forms, a company's own template, verdicts."""

import json
from pathlib import Path
from typing import Any

import pytest

from conftest import ROOT, nacre
from documents import reference, written
from nacre_aas import files
from nacre_submodels import catalogue
from nacre_submodels.builder import build
from nacre_submodels.check import TemplateCheck
from nacre_submodels.examples import DEMO
from nacre_submodels.samples import sample


@pytest.fixture
def form_folder(tmp_path: Path) -> Path:
    """The forms of the examples, and a template of a company's own."""
    for name in ("nameplate.toml", "nameplate-unfinished.toml", "manual.txt"):
        (tmp_path / name).write_bytes((ROOT / "examples" / name).read_bytes())
    (tmp_path / "demo.json").write_text(json.dumps(DEMO), "utf-8")
    return tmp_path


def ran(folder: Path, *arguments: str) -> Any:
    """Run a command where the user's own templates are in the folder too."""
    return nacre(*arguments, cwd=folder, NACRE_TEMPLATES=str(folder / "own"))


def made(name: str, **values: Any) -> Any:
    """A template of the catalogue, and what is built from some values."""
    found = catalogue.shipped()
    template = found.template(found.find(name))
    return template, build(template, {**sample(template, required_only=True), **values}, "urn:s")


# -- a template of a company's own -----------------------------------------------------------------


def corp(kind: str, *elements: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The company's template or an instance of it, as `kind` says."""
    said = {"modelType": "Submodel", "id": f"urn:{kind}", "idShort": "Corp", "kind": kind}
    return said | {"semanticId": reference("urn:corp"), "submodelElements": list(elements)} | more


def element(name: str, value_type: str = "xs:string", **more: Any) -> dict[str, Any]:
    return {
        "modelType": "Property",
        "idShort": name,
        "valueType": value_type,
        "semanticId": reference(f"urn:{name}"),
        **more,
    }


def asked(*pairs: tuple[str, str]) -> list[dict[str, Any]]:
    return [
        {"kind": "TemplateQualifier", "type": type_, "valueType": "xs:string", "value": value}
        for type_, value in pairs
    ]


def judged(tmp_path: Path, template: dict[str, Any], instance: dict[str, Any]) -> list[str]:
    """The codes of errors and warnings of an instance against a template."""
    name = written(tmp_path / "template.json", template)
    data = json.dumps({"submodels": [instance]}).encode()
    report = files.validate("x.json", data=data, checks=[TemplateCheck(name)])
    return [each.code for each in report.findings if each.severity != "note"]
