"""`nacre doctor`: whether this installation works, and which settings hold."""

import json as json_module
import os
import sys
from typing import Any

from nacre_cli import version
from nacre_cli.config import SETTINGS, settings
from nacre_cli.exit_codes import ExitCode
from nacre_cli.options import ColorOption, JsonOption
from nacre_cli.terminal import emit, paint

#: Folders of the project; what is not installed yet is named, not hidden.
_FOLDERS = {
    "nacre_aas": "metamodel, JSON, XML, AASX",
    "nacre_submodels": "submodel templates",
    "nacre_ledger": "events, log, chain",
    "nacre_ontologies": "RDF, SHACL, SPARQL",
}
_LIBRARIES = ("msgspec", "lxml", "typer", "basyx-python-sdk")


def doctor(json: JsonOption = False, color: ColorOption = None) -> int:
    """Check the installation.

    Versions, settings with their origin, and a self-test in memory.

    Example:

      nacre doctor --json
    """
    import platform

    tests = _self_test()
    document: dict[str, Any] = {
        "nacre": version(),
        "python": platform.python_version(),
        "platform": platform.platform(),
        "libraries": {name: _version(name) for name in _LIBRARIES},
        "metamodel": ["3.0", "3.1", "3.2"],
        "folders": {name: _folder(name) for name in _FOLDERS},
        "settings": _settings(),
        "self-test": tests,
    }
    failed = [name for name, result in tests.items() if result != "ok"]
    if json:
        emit(json_module.dumps(document, indent=1) + "\n")
    else:
        painter = paint(color)
        for name, value in document.items():
            emit(f"{painter('strong', name)}: " + _shown(value) + "\n")
    return ExitCode.NO_VERDICT if failed else ExitCode.OK


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return "".join(f"\n  {key}: {each}" for key, each in value.items()) or "none"
    return ", ".join(value) if isinstance(value, list) else str(value)


def _version(name: str) -> str:
    import importlib.metadata

    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "missing"


def _folder(name: str) -> str:
    from importlib.util import find_spec

    return _FOLDERS[name] + (": installed" if find_spec(name) else ": not part of this version")


def _settings() -> dict[str, str]:
    found = {}
    for name in SETTINGS:
        variable = "NACRE_" + name.upper().replace("-", "_")
        if variable in os.environ:
            found[name] = f"{os.environ[variable]} (environment, {variable})"
        elif name in settings():
            found[name] = f"{settings()[name].value} ({settings()[name].origin})"
        else:
            found[name] = "default"
    return found


def _self_test() -> dict[str, str]:
    """Make a package in memory, read it, judge it, and compare it with itself in every format."""
    from nacre_aas import aasx, jsonization, xmlization
    from nacre_aas.canonical import canonical
    from nacre_aas.document import environment
    from nacre_aas.examples import EXAMPLES, content
    from nacre_aas.files import validate

    results = {}
    source = json_module.dumps(EXAMPLES["AASd-005"].right).encode()
    original = jsonization.loads(source)
    package = aasx.write(original)
    results["package"] = _ok(not validate("self-test", data=package).findings)
    again = aasx.merged(aasx.read(package))
    results["round trip AASX"] = _ok(again == original)
    xml, _ = environment(xmlization.XmlDocument(xmlization.dumps(original)))
    results["round trip XML"] = _ok(canonical(xml) == canonical(original))
    broken = validate("self-test", data=content(EXAMPLES["AASd-005"].wrong))
    results["finds a mistake"] = _ok([each.code for each in broken.findings] == ["AASd-005"])
    results["templates"] = _ok(_template_works())
    results["standard output"] = _ok((sys.stdout.encoding or "").lower() != "ascii")
    return results


def _template_works() -> bool:
    """Whether a template of the catalogue makes an instance that it accepts."""
    from nacre_submodels import builder, catalogue, conformance, samples

    shipped = catalogue.shipped()
    template = shipped.template(shipped.find("TwinProfile"))
    built = builder.build(template, samples.sample(template), samples.SUBMODEL_ID)
    return not built.troubles and not conformance.check(built.submodel, template)


def _ok(condition: bool) -> str:
    return "ok" if condition else "failed"
