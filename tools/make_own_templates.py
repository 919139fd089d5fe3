"""Makes the AAS files of our own templates from their definitions in submodels/definitions.

python tools/make_own_templates.py [--check]
"""

import sys
import tomllib
from pathlib import Path
from typing import Any

from nacre_aas import jsonization, model
from nacre_aas.model import Environment, Qualifier
from nacre_submodels.builder import external_reference

ROOT = Path(__file__).parent.parent
SOURCES = ROOT / "submodels" / "definitions"
TARGET = ROOT / "submodels" / "nacre_submodels" / "own"
NAMESPACE = "https://w3id.org/nacre/submodel"
_IEC61360 = "https://admin-shell.io/DataSpecificationTemplates/DataSpecificationIec61360/3"
_DATA_TYPES = {"xs:string": "STRING", "xs:boolean": "BOOLEAN", "xs:date": "DATE"} | {
    "xs:dateTime": "TIMESTAMP", "xs:double": "REAL_COUNT", "xs:hexBinary": "STRING",
    "xs:nonNegativeInteger": "INTEGER_COUNT", "xs:positiveInteger": "INTEGER_COUNT",
}  # fmt: skip


def environment(definition: dict[str, Any]) -> Environment:
    """The template of a definition, with a concept description for each of its elements."""
    base = f"{NAMESPACE}/{definition['name']}/{definition['version']}/{definition['revision']}"
    submodel = model.Submodel(
        id=f"{base}/Template",
        id_short=definition["name"],
        kind="Template",
        semantic_id=external_reference(base),
        administration=model.AdministrativeInformation(
            version=definition["version"], revision=definition["revision"], template_id=base
        ),
        description=_texts(model.LangStringTextType, definition["en"], definition["de"]),
        submodel_elements=[],
    )
    concepts = {base: _concept(base, definition["name"], "", definition, definition)}
    owners: dict[str, Any] = {"": submodel}
    for path, kind, cardinality, type_, english, german, options in definition["elements"]:
        above, _, name = path.rpartition("/")
        meaning = f"{base}/{options.get('meaning', name)}"
        element = _element(kind, type_, options)
        element.id_short = None if name == "*" else name
        element.semantic_id = external_reference(meaning)
        element.qualifiers = list(_qualifiers(cardinality, options))
        owner = owners[above]
        if isinstance(owner, model.Submodel):
            owner.submodel_elements = [*(owner.submodel_elements or ()), element]
        else:
            owner.value = [*(owner.value or ()), element]
        owners[path] = element
        texts = {"en": english, "de": german}
        called = options.get("meaning", name)
        concepts.setdefault(meaning, _concept(meaning, called, type_, texts, definition))
    return Environment(submodels=[submodel], concept_descriptions=list(concepts.values()))


def _texts(kind: Any, english: str, german: str) -> Any:
    return [kind(language="en", text=english), kind(language="de", text=german)]


def _element(kind: str, type_: str, options: dict[str, Any]) -> Any:
    if kind == "List":
        made: Any = model.SubmodelElementList(
            order_relevant=False if options.get("unordered") else None,
            type_value_list_element=type_,  # type: ignore[arg-type]
        )
        made.value_type_list_element = options.get("of")
        return made
    if kind == "Collection":
        return model.SubmodelElementCollection()
    if kind == "File":
        return model.File(content_type="application/octet-stream")
    found = getattr(model, kind)
    return found(value_type=type_) if kind in ("Property", "Range") else found()


def _qualifiers(cardinality: str, options: dict[str, Any]) -> Any:
    stated = [("SMT/Cardinality", cardinality)]
    if "allowed" in options:
        stated.append(("SMT/AllowedValue", ";".join(options["allowed"])))
    if "choices" in options:
        stated.append(("FormChoices", ";".join(options["choices"])))
    if "example" in options:
        stated.append(("SMT/ExampleValue", options["example"]))
    for type_, value in stated:
        yield Qualifier(kind="TemplateQualifier", type=type_, value_type="xs:string", value=value)


def _concept(
    identifier: str, name: str, type_: str, texts: dict[str, Any], definition: dict[str, Any]
) -> Any:
    german = definition["names"][name]
    case = definition.get("cases", {}).get(name)
    content = model.DataSpecificationIec61360(
        preferred_name=_texts(model.LangStringPreferredNameTypeIec61360, _spaced(name), german),
        definition=_texts(model.LangStringDefinitionTypeIec61360, texts["en"], texts["de"]),
    )
    data_type: Any = _DATA_TYPES.get(type_)
    content.data_type = data_type
    specification = model.EmbeddedDataSpecification(
        data_specification=external_reference(_IEC61360), data_specification_content=content
    )
    return model.ConceptDescription(
        id=identifier,
        id_short=name,
        is_case_of=[external_reference(case)] if case else None,
        embedded_data_specifications=[specification],
    )


def _spaced(name: str) -> str:
    words = "".join(f" {c.lower()}" if c.isupper() else c for c in name)
    return words.strip().capitalize()


def main() -> int:
    """Write the files, or say which are not up to date."""
    stale = []
    for source in sorted(SOURCES.glob("*.toml")):
        definition = tomllib.loads(source.read_text("utf-8"))
        target = TARGET / f"{definition['name']}.json"
        data = jsonization.dumps(environment(definition), indent=1)
        if "--check" in sys.argv:
            if not target.exists() or target.read_bytes() != data:
                stale.append(target.name)
        else:
            target.write_bytes(data)
    if stale:
        print(f"not up to date: {', '.join(stale)}; run `make templates`")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
