"""For every rule the smallest document that breaks it, and the same document repaired.

`nacre rule CODE` shows them, and a test proves each: the broken one gives the code, the repaired
one does not. A document is an environment as JSON, the text of a file, or the parts of a package.
"""

import copy
import io
import json
import textwrap
import zipfile
from collections.abc import Mapping
from typing import Any, NamedTuple

from nacre_aas import aasx, opc

Source = Mapping[str, Any] | str | bytes


class Package(NamedTuple):
    """A package as its parts: text by name, without the leading slash."""

    parts: dict[str, str]
    compression: int = zipfile.ZIP_STORED


class Example(NamedTuple):
    """A document that breaks a rule and, where that is possible, its repair."""

    wrong: Any
    right: Any = None
    #: The version to judge by, where the rule holds in one version only.
    metamodel: str | None = None
    #: What shows it, run in a folder with its files; without it `nacre validate` of the document does.
    command: str | None = None
    #: The submodel template that it is judged against, if that is not a published one.
    template: Any = None


def content(source: Any) -> bytes:
    """An example as the bytes of a file."""
    if isinstance(source, Package):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            for name, text in source.parts.items():
                archive.writestr(zipfile.ZipInfo(name), text, source.compression)
        return stream.getvalue()
    if isinstance(source, bytes):
        return source
    return (source if isinstance(source, str) else json.dumps(source)).encode()


def shown(source: Any) -> str:
    """An example as a person reads it."""
    if isinstance(source, Package):
        return "\n".join(
            f"{name}\n{textwrap.indent(text or '(empty)', '    ')}"
            for name, text in source.parts.items()
        )
    if isinstance(source, bytes):
        return repr(source[:60])
    if isinstance(source, str):
        return source
    return json.dumps(source, indent=2, ensure_ascii=False)


# -- building blocks ----------------------------------------------------------------------------


def _submodel(*elements: Any, **attributes: Any) -> dict[str, Any]:
    submodel = {"modelType": "Submodel", "id": "https://example.com/sm/1", **attributes}
    if elements:
        submodel["submodelElements"] = list(elements)
    return {"submodels": [submodel]}


def _shell(**attributes: Any) -> dict[str, Any]:
    shell = {
        "modelType": "AssetAdministrationShell",
        "id": "https://example.com/aas/1",
        "assetInformation": {"assetKind": "Instance", "globalAssetId": "https://example.com/a/1"},
        **attributes,
    }
    return {"assetAdministrationShells": [shell]}


def _property(
    name: str | None = "Speed", value_type: str = "xs:int", **more: Any
) -> dict[str, Any]:
    named = {} if name is None else {"idShort": name}
    return {"modelType": "Property", **named, "valueType": value_type, **more}


def _list(*members: Any, of: str = "Property", **more: Any) -> dict[str, Any]:
    typed = {"valueTypeListElement": "xs:int"} if of == "Property" else {}
    return {
        "modelType": "SubmodelElementList",
        "idShort": "Readings",
        "typeValueListElement": of,
        **typed,
        **more,
        "value": list(members),
    }


def _external(*values: str) -> dict[str, Any]:
    return {
        "type": "ExternalReference",
        "keys": [{"type": "GlobalReference", "value": value} for value in values],
    }


def _model(*keys: tuple[str, str]) -> dict[str, Any]:
    pairs = [{"type": kind, "value": value} for kind, value in keys]
    return {"type": "ModelReference", "keys": pairs}


def _reference(value: Any) -> dict[str, Any]:
    return _submodel({"modelType": "ReferenceElement", "idShort": "Target", "value": value})


def _concept(identifier: str = "https://example.com/cd/1", **more: Any) -> dict[str, Any]:
    """A concept with IEC 61360 content; `category` goes to the concept, the rest to the content."""
    category = {"category": more.pop("category")} if "category" in more else {}
    data_specification = more.pop(
        "data_specification",
        "https://admin-shell.io/DataSpecificationTemplates/DataSpecificationIec61360/3",
    )
    described = {
        "modelType": "DataSpecificationIec61360",
        "preferredName": [{"language": "en", "text": "Speed"}],
        "definition": [{"language": "en", "text": "Revolutions in a time"}],
        **more,
    }
    return {
        "modelType": "ConceptDescription",
        "id": identifier,
        **category,
        "embeddedDataSpecifications": [
            {
                "dataSpecification": _external(data_specification),
                "dataSpecificationContent": {k: v for k, v in described.items() if v is not None},
            }
        ],
    }


def _concepts(*concepts: Any) -> dict[str, Any]:
    return {"conceptDescriptions": list(concepts)}


def _changed(source: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """A copy with the value at a JSON pointer replaced; `...` removes it."""
    result = copy.deepcopy(source)
    *way, last = [int(step) if step.isdigit() else step for step in path.strip("/").split("/")]
    target: Any = result
    for step in way:
        target = target[step]
    if value is ...:
        del target[last]
    else:
        target[last] = value
    return result


def _pair(right: dict[str, Any], path: str, wrong: Any, metamodel: str | None = None) -> Example:
    """An example that is right except for one value."""
    return Example(_changed(right, path, wrong), right, metamodel)


_FIRST = "/submodels/0/submodelElements/0"
_SHELL = "/assetAdministrationShells/0"
_CONTENT = "/conceptDescriptions/0/embeddedDataSpecifications/0/dataSpecificationContent"
_SUBMODEL_KEY = ("Submodel", "https://example.com/sm/1")

_QUALIFIED = _submodel(
    _property(
        qualifiers=[
            {"type": "Cardinality", "valueType": "xs:string", "value": "One"},
            {"type": "Limit", "valueType": "xs:int", "value": "3"},
        ]
    )
)
_TEMPLATE_QUALIFIER = {"kind": "TemplateQualifier", "type": "Cardinality", "valueType": "xs:string"}
_EVENT = _submodel(
    {
        "modelType": "BasicEventElement",
        "idShort": "Changed",
        "observed": _model(_SUBMODEL_KEY),
        "direction": "output",
        "state": "on",
        "maxInterval": "PT5M",
    }
)
_VALUE_CONCEPT = _concept("https://example.com/cd/red", value="red", definition=None)
_CODED = {
    **_submodel(
        _property(
            "Colour", "xs:string", value="red", valueId=_external("https://example.com/cd/red")
        )
    ),
    **_concepts(_VALUE_CONCEPT),
}
_MEASURED = {
    **_submodel(_property(value="3", semanticId=_external("https://example.com/cd/1"))),
    **_concepts(_concept(dataType="INTEGER_COUNT")),
}
_OPERATION = _submodel(
    {
        "modelType": "Operation",
        "idShort": "Start",
        "inputVariables": [{"value": _property("Speed")}],
        "outputVariables": [{"value": _property("Reached")}],
    }
)
_SEMANTIC_LIST = _submodel(
    _list(
        _property(None, semanticId=_external("https://example.com/cd/1")),
        _property(None, semanticId=_external("https://example.com/cd/1")),
        semanticIdListElement=_external("https://example.com/cd/1"),
    )
)
_FRAGMENT = _reference(_model(_SUBMODEL_KEY, ("File", "Manual"), ("FragmentReference", "page=2")))
_FRAGMENT["submodels"][0]["submodelElements"].append(
    {"modelType": "File", "idShort": "Manual", "contentType": "application/pdf"}
)
_RANGE = _submodel(
    {"modelType": "Range", "idShort": "Limits", "valueType": "xs:int", "min": "1", "max": "9"}
)
_LISTED = _concept(
    valueList={
        "valueReferencePairs": [
            {"value": "red", "valueId": _external("https://example.com/cd/red")}
        ]
    }
)

EXAMPLES: dict[str, Example] = {
    "AASd-002": _pair(_submodel(_property()), f"{_FIRST}/idShort", "1st-bearing"),
    "AASd-005": _pair(
        _shell(administration={"version": "1", "revision": "2"}),
        f"{_SHELL}/administration/version",
        ...,
    ),
    "AASd-006": Example(
        {
            **_submodel(
                _property(
                    qualifiers=[
                        {
                            "type": "Colour",
                            "valueType": "xs:string",
                            "value": "blue",
                            "valueId": _external("https://example.com/cd/red"),
                        }
                    ]
                )
            ),
            **_concepts(_VALUE_CONCEPT),
        },
        {
            **_submodel(
                _property(
                    qualifiers=[
                        {
                            "type": "Colour",
                            "valueType": "xs:string",
                            "value": "red",
                            "valueId": _external("https://example.com/cd/red"),
                        }
                    ]
                )
            ),
            **_concepts(_VALUE_CONCEPT),
        },
    ),
    "AASd-007": _pair(_CODED, f"{_FIRST}/value", "blue"),
    "AASd-012": _pair(
        {
            **_submodel(
                {
                    "modelType": "MultiLanguageProperty",
                    "idShort": "Colour",
                    "value": [{"language": "en", "text": "Speed"}],
                    "valueId": _external("https://example.com/cd/red"),
                }
            ),
            **_concepts(_VALUE_CONCEPT),
        },
        f"{_FIRST}/value/0/text",
        "Torque",
    ),
    "AASd-014": _pair(
        _submodel(
            {
                "modelType": "Entity",
                "idShort": "Bearing",
                "entityType": "SelfManagedEntity",
                "globalAssetId": "https://example.com/a/2",
            }
        ),
        f"{_FIRST}/globalAssetId",
        ...,
    ),
    "AASd-020": _pair(_QUALIFIED, f"{_FIRST}/qualifiers/1/value", "three"),
    "AASd-021": _pair(_QUALIFIED, f"{_FIRST}/qualifiers/1/type", "Cardinality"),
    "AASd-022": _pair(
        _submodel(_property("Speed"), _property("Torque")),
        "/submodels/0/submodelElements/1/idShort",
        "Speed",
    ),
    "AASd-077": _pair(
        _submodel(_property(extensions=[{"name": "one"}, {"name": "two"}])),
        f"{_FIRST}/extensions/1/name",
        "one",
    ),
    "AASd-090": _pair(
        _submodel(_property(category="VARIABLE")), f"{_FIRST}/category", "TEMPORARY", "3.0"
    ),
    "AASd-107": _pair(
        _SEMANTIC_LIST, f"{_FIRST}/value/1/semanticId", _external("https://example.com/cd/2")
    ),
    "AASd-108": _pair(
        _submodel(_list(_property(None))),
        f"{_FIRST}/value/0",
        {"modelType": "Capability"},
    ),
    "AASd-109": _pair(_submodel(_list(_property(None))), f"{_FIRST}/value/0/valueType", "xs:long"),
    "AASd-114": _pair(
        _changed(_SEMANTIC_LIST, f"{_FIRST}/semanticIdListElement", ...),
        f"{_FIRST}/value/1/semanticId",
        _external("https://example.com/cd/2"),
    ),
    "AASd-116": _pair(
        _shell(
            assetInformation={
                "assetKind": "Instance",
                "specificAssetIds": [{"name": "serialNumber", "value": "4711"}],
            }
        ),
        f"{_SHELL}/assetInformation/specificAssetIds/0/name",
        "GlobalAssetID",
    ),
    "AASd-117": _pair(_submodel(_property()), f"{_FIRST}/idShort", ...),
    "AASd-118": _pair(
        _submodel(
            _property(
                semanticId=_external("https://example.com/cd/1"),
                supplementalSemanticIds=[_external("https://example.com/cd/2")],
            )
        ),
        f"{_FIRST}/semanticId",
        ...,
    ),
    "AASd-119": _pair(
        _submodel(kind="Template", qualifiers=[_TEMPLATE_QUALIFIER]),
        "/submodels/0/kind",
        "Instance",
    ),
    "AASd-120": Example(
        _submodel(_list(_property("Speed"))), _submodel(_list(_property(None))), "3.0"
    ),
    "AASd-121": _pair(_reference(_model(_SUBMODEL_KEY)), f"{_FIRST}/value/keys/0/type", "Property"),
    "AASd-122": _pair(
        _reference(_external("https://x.test")), f"{_FIRST}/value/keys/0/type", "Submodel"
    ),
    "AASd-123": _pair(
        _reference(_model(_SUBMODEL_KEY)), f"{_FIRST}/value/keys/0/type", "GlobalReference"
    ),
    "AASd-124": _pair(
        _reference(_external("https://x.test", "a")), f"{_FIRST}/value/keys/1/type", "Property"
    ),
    "AASd-125": _pair(
        _reference(_model(_SUBMODEL_KEY, ("ReferenceElement", "Target"))),
        f"{_FIRST}/value/keys/1/type",
        "Submodel",
    ),
    "AASd-126": Example(
        _changed(
            _FRAGMENT,
            f"{_FIRST}/value/keys",
            [
                {"type": "Submodel", "value": "https://example.com/sm/1"},
                {"type": "File", "value": "Manual"},
                {"type": "FragmentReference", "value": "page=2"},
                {"type": "File", "value": "Manual"},
            ],
        ),
        _FRAGMENT,
    ),
    "AASd-127": _pair(_FRAGMENT, f"{_FIRST}/value/keys/1/type", "Property"),
    "AASd-128": _pair(
        {
            "submodels": [
                {
                    "modelType": "Submodel",
                    "id": "https://example.com/sm/1",
                    "submodelElements": [
                        {
                            "modelType": "ReferenceElement",
                            "idShort": "Target",
                            "value": _model(
                                _SUBMODEL_KEY,
                                ("SubmodelElementList", "Readings"),
                                ("Property", "0"),
                            ),
                        },
                        _list(_property(None)),
                    ],
                }
            ]
        },
        f"{_FIRST}/value/keys/2/value",
        "first",
    ),
    "AASd-129": _pair(
        _submodel(_property(qualifiers=[_TEMPLATE_QUALIFIER]), kind="Template"),
        "/submodels/0/kind",
        "Instance",
    ),
    "AASd-130": _pair(
        _submodel(_property("Name", "xs:string", value="x")), f"{_FIRST}/value", "\u0001"
    ),
    "AASd-131": _pair(_shell(), f"{_SHELL}/assetInformation/globalAssetId", ...),
    "AASd-133": _pair(
        _shell(
            assetInformation={
                "assetKind": "Instance",
                "specificAssetIds": [
                    {
                        "name": "serial",
                        "value": "1",
                        "externalSubjectId": _external("https://x.test"),
                    }
                ],
            }
        ),
        f"{_SHELL}/assetInformation/specificAssetIds/0/externalSubjectId",
        _model(("ConceptDescription", "https://x.test")),
    ),
    "AASd-134": _pair(_OPERATION, f"{_FIRST}/outputVariables/0/value/idShort", "Speed"),
    "AASd-137": _pair(
        _reference(_external("https://x.test", "b", "c")),
        f"{_FIRST}/value/keys/1/type",
        "Property",
        "3.2",
    ),
    "AASd-138": Example(
        _submodel(_list(_property(None), _property(None)), kind="Template"),
        _submodel(_list(_property(None)), kind="Template"),
        "3.2",
    ),
    "AASc-3a-002": _pair(_concepts(_concept()), f"{_CONTENT}/preferredName/0/language", "de"),
    "AASc-3a-003": Example(
        _concepts(_LISTED, _concept("https://example.com/cd/red")),
        _concepts(_LISTED, _VALUE_CONCEPT),
    ),
    "AASc-3a-004": _pair(
        _concepts(_concept(category="PROPERTY", dataType="STRING")), f"{_CONTENT}/dataType", "BLOB"
    ),
    "AASc-3a-005": _pair(
        _concepts(_concept(category="REFERENCE", dataType="IRI")), f"{_CONTENT}/dataType", "DATE"
    ),
    "AASc-3a-006": _pair(
        _concepts(_concept(category="DOCUMENT", dataType="FILE")), f"{_CONTENT}/dataType", "DATE"
    ),
    "AASc-3a-007": _pair(
        _concepts(_concept(category="QUALIFIER_TYPE", dataType="STRING")),
        f"{_CONTENT}/dataType",
        ...,
    ),
    "AASc-3a-008": _pair(_concepts(_concept()), f"{_CONTENT}/definition", ...),
    "AASc-3a-009": _pair(
        _concepts(_concept(dataType="REAL_MEASURE", unit="mm")), f"{_CONTENT}/unit", ...
    ),
    "AASc-3a-010": Example(
        _changed(_concepts(_LISTED), f"{_CONTENT}/value", "red"), _concepts(_LISTED)
    ),
    "AASc-3a-050": Example(
        _concepts(_concept(data_specification="https://example.com/my-template")),
        _concepts(_concept()),
    ),
    "MET-001": _pair(_submodel(_property()), f"{_FIRST}/valueType", ...),
    "MET-002": Example(
        _shell(administration={"createdAt": "2026-05-31T08:00:00Z"}), _shell(), "3.1"
    ),
    "MET-003": _pair(_shell(), f"{_SHELL}/assetInformation/assetKind", "instance"),
    "MET-004": Example(_changed(_submodel(), "/submodels/0/submodelElements", []), _submodel()),
    "MET-005": _pair(_submodel(_property(category="VARIABLE")), f"{_FIRST}/category", ""),
    "MET-006": _pair(_submodel(_property(category="VARIABLE")), f"{_FIRST}/category", "x" * 129),
    "MET-007": _pair(
        _submodel(_property(description=[{"language": "en", "text": "Speed"}])),
        f"{_FIRST}/description/0/language",
        "english language",
    ),
    "MET-008": _pair(
        _submodel({"modelType": "File", "idShort": "Manual", "contentType": "application/pdf"}),
        f"{_FIRST}/contentType",
        "pdf",
    ),
    "MET-009": _pair(_submodel(_property(value="1000")), f"{_FIRST}/value", "1_000"),
    "MET-010": _pair(
        _submodel(
            _property(
                description=[
                    {"language": "en", "text": "Speed"},
                    {"language": "de", "text": "Drehzahl"},
                ]
            )
        ),
        f"{_FIRST}/description/1/language",
        "en",
    ),
    "MET-011": _pair(
        _shell(administration={"version": "2"}), f"{_SHELL}/administration/version", "2.1"
    ),
    "MET-012": _pair(
        _submodel(
            {
                "modelType": "File",
                "idShort": "Manual",
                "contentType": "application/pdf",
                "value": "https://example.com/my%20manual.pdf",
            }
        ),
        f"{_FIRST}/value",
        "https://example.com/my manual.pdf",
        "3.1",
    ),
    "MET-013": _pair(_EVENT, f"{_FIRST}/maxInterval", "5 minutes"),
    "MET-014": _pair(
        _submodel(
            {
                "modelType": "Blob",
                "idShort": "Icon",
                "contentType": "image/png",
                "value": "iVBORw0K",
            }
        ),
        f"{_FIRST}/value",
        "not Base64!",
    ),
    "MET-015": _pair(_EVENT, f"{_FIRST}/direction", "input"),
    "MET-016": _pair(_EVENT, f"{_FIRST}/observed", _external("https://x.test")),
    "MET-020": Example({"submodels": _submodel()["submodels"] * 2}, _submodel()),
    "MET-021": _pair(
        _reference(_model(_SUBMODEL_KEY)),
        f"{_FIRST}/value/keys/0/value",
        "https://example.com/sm/2",
    ),
    "MET-022": _pair(
        _reference(_model(_SUBMODEL_KEY, ("ReferenceElement", "Target"))),
        f"{_FIRST}/value/keys/1/value",
        "Targte",
    ),
    "MET-027": _pair(
        _reference(_model(_SUBMODEL_KEY, ("ReferenceElement", "Target"))),
        f"{_FIRST}/value/keys/1/type",
        "Range",
    ),
    "MET-023": _pair(_RANGE, f"{_FIRST}/min", "10"),
    "MET-024": _pair(_MEASURED, f"{_FIRST}/valueType", "xs:string"),
    "MET-025": _pair(
        {
            **_submodel(
                _property(
                    "Colour",
                    "xs:string",
                    value="red",
                    semanticId=_external("https://example.com/cd/1"),
                )
            ),
            **_concepts(_LISTED),
        },
        f"{_FIRST}/value",
        "blue",
    ),
    "MET-026": _pair(
        {
            **_submodel(_property(value="3", semanticId=_external("https://example.com/cd/1"))),
            **_concepts(_concept(unit="mm")),
        },
        f"{_FIRST}",
        _property(
            "Speed", "xs:boolean", value="true", semanticId=_external("https://example.com/cd/1")
        ),
    ),
    "SER-001": Example('{"submodels": [}', '{"submodels": [{"modelType": "Submodel", "id": "a"}]}'),
    "SER-002": Example("[" * 3000 + "]" * 3000),
    "SER-003": Example(
        {"assetAdministrationShells": [{"identification": {"id": "a", "idType": "IRI"}}]}
    ),
    "SER-004": Example('{"foo": []}', "{}"),
    "SER-005": Example(Package({"readme.txt": "no twin in here"})),
    "SER-006": Example(None),
    "SER-010": Example(_submodel(_property(valeu="3")), _submodel(_property(value="3"))),
    "SER-011": _pair(_submodel(_property(value="3")), f"{_FIRST}/value", 3),
    "SER-012": _pair(_submodel(_property()), f"{_FIRST}/modelType", "Proprety"),
    "SER-013": Example(_submodel(_property(value=None)), _submodel(_property())),
    "SER-014": Example(
        '<environment xmlns="https://admin-shell.io/aas/3/1"><submodels><submodel>'
        "<id>a</id><id>b</id></submodel></submodels></environment>",
        '<environment xmlns="https://admin-shell.io/aas/3/1"><submodels><submodel>'
        "<id>a</id></submodel></submodels></environment>",
    ),
    "SER-015": Example(
        '<environment xmlns="https://admin-shell.io/aas/3/1"><submodels><submodel>'
        "<id>a</id><idShort>Nameplate</idShort></submodel></submodels></environment>",
        '<environment xmlns="https://admin-shell.io/aas/3/1"><submodels><submodel>'
        "<idShort>Nameplate</idShort><id>a</id></submodel></submodels></environment>",
    ),
    "SER-016": Example(
        "<environment><submodels><submodel><id>a</id></submodel></submodels></environment>",
        '<environment xmlns="https://admin-shell.io/aas/3/1"><submodels><submodel>'
        "<id>a</id></submodel></submodels></environment>",
    ),
    "SER-017": Example(
        '<environment xmlns="https://admin-shell.io/aas/3/1"><submodels><submodel kind="Template">'
        "<id>a</id></submodel></submodels></environment>",
        '<environment xmlns="https://admin-shell.io/aas/3/1"><submodels><submodel>'
        "<id>a</id><kind>Template</kind></submodel></submodels></environment>",
    ),
    "SER-018": Example("{}", _submodel()),
    "SER-019": Example(b"\xef\xbb\xbf" + json.dumps(_submodel()).encode(), _submodel()),
    "SER-020": Example(_submodel()["submodels"][0], _submodel()),
}


def _arrows(*arrows: tuple[str, str]) -> str:
    rows = "".join(
        f'<Relationship Id="r{number}" Type="{type_}" Target="{target}"/>'
        for number, (type_, target) in enumerate(arrows)
    )
    return f'<Relationships xmlns="{opc.RELATIONSHIPS}">{rows}</Relationships>'


_TYPES = (
    f'<Types xmlns="{opc.CONTENT_TYPES}">'
    f'<Default Extension="rels" ContentType="{opc.RELATIONSHIPS_TYPE}"/>'
    '<Default Extension="json" ContentType="application/json"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="pdf" ContentType="application/pdf"/>'
    '<Default Extension="png" ContentType="image/png"/>'
    '<Override PartName="/aasx/aasx-origin" ContentType="text/plain"/></Types>'
)
_FILE = {
    "modelType": "File",
    "idShort": "Manual",
    "contentType": "application/pdf",
    "value": "/aasx/manual.pdf",
}
_ORIGIN_ARROW = (aasx.ORIGIN, "/aasx/aasx-origin")
_PARTS = {
    "[Content_Types].xml": _TYPES,
    "_rels/.rels": _arrows(_ORIGIN_ARROW),
    "aasx/aasx-origin": "",
    "aasx/_rels/aasx-origin.rels": _arrows((aasx.SPECIFICATION, "/aasx/data.json")),
    "aasx/data.json": json.dumps(_submodel(_FILE)),
    "aasx/_rels/data.json.rels": _arrows((aasx.SUPPLEMENT, "/aasx/manual.pdf")),
    "aasx/manual.pdf": "%PDF-1.7",
}
_GOOD = Package(_PARTS)


def package_with(document: Any, manual: str) -> Package:
    """A good package of a document that mentions `/aasx/manual.pdf`, and of that file."""
    changed = {"aasx/data.json": json.dumps(document), "aasx/manual.pdf": manual}
    return Package(_PARTS | changed)


def _package(**changes: str | None) -> Example:
    """An example that differs from the good package in some parts; `None` removes one."""
    parts = {**_PARTS, **{name: text for name, text in changes.items() if text is not None}}
    for name, text in changes.items():
        if text is None:
            del parts[name]
    return Example(Package(parts), _GOOD)


_XML_DATA = (
    '<environment xmlns="https://admin-shell.io/aas/3/1"><submodels><submodel>'
    "<id>https://example.com/sm/1</id></submodel></submodels></environment>"
)

EXAMPLES.update(
    {
        "AASX-001": _package(**{"[Content_Types].xml": None}),
        "AASX-002": _package(
            **{
                "[Content_Types].xml": _TYPES.replace(
                    '<Override PartName="/aasx/aasx-origin" ContentType="text/plain"/>', ""
                )
            }
        ),
        "AASX-003": _package(
            **{"[Content_Types].xml": _TYPES.replace("application/json", "text/html")}
        ),
        "AASX-004": _package(**{"_rels/.rels": _arrows()}),
        "AASX-005": _package(**{"_rels/.rels": _arrows(_ORIGIN_ARROW, _ORIGIN_ARROW)}),
        "AASX-006": _package(
            **{
                "_rels/.rels": _arrows(_ORIGIN_ARROW).replace(
                    "http://admin-shell", "http://www.admin-shell"
                )
            }
        ),
        "AASX-007": _package(**{"aasx/notes.pdf": "%PDF-1.7"}),
        "AASX-008": _package(
            **{
                "aasx/_rels/data.json.rels": _arrows(
                    (aasx.SUPPLEMENT, "/aasx/manual.pdf"), (aasx.SUPPLEMENT, "/aasx/lost.pdf")
                )
            }
        ),
        "AASX-009": _package(
            **{"_rels/.rels": _arrows(_ORIGIN_ARROW).replace("/>", ' TargetMode="External"/>')}
        ),
        "AASX-030": _package(
            **{
                "aasx/_rels/data.json.rels": _arrows(
                    (aasx.SUPPLEMENT, "/aasx/manual.pdf"),
                    (aasx.SUPPLEMENT, "https://example.com/lost.pdf"),
                ).replace('lost.pdf"', 'lost.pdf" TargetMode="External"')
            }
        ),
        "AASX-010": _package(
            **{"_rels/.rels": _arrows(_ORIGIN_ARROW).replace("/>", ' TargetMode="internal"/>')}
        ),
        "AASX-028": _package(
            **{
                "aasx/data.json": json.dumps(_submodel({**_FILE, "contentType": "image/png"})),
            }
        ),
        "AASX-029": _package(
            **{"aasx/manual.pdf": None, "aasx\\manual.pdf": "%PDF-1.7"},
        ),
        "AASX-027": _package(
            **{
                "aasx/data.json": json.dumps(
                    _submodel({**_FILE, "value": "/aasx/the%20manual.pdf"})
                ),
                "aasx/_rels/data.json.rels": _arrows((aasx.SUPPLEMENT, "/aasx/the%20manual.pdf")),
                "aasx/manual.pdf": None,
                "aasx/the manual.pdf": "%PDF-1.7",
            }
        ),
        "AASX-026": _package(**{"aasx/_rels/data.json.rels": "<Relationships"}),
        "AASX-011": _package(**{"aasx/_rels/aasx-origin.rels": _arrows()}),
        "AASX-012": _package(**{"../outside.pdf": "%PDF-1.7"}),
        "AASX-013": _package(**{"aasx/MANUAL.pdf": "%PDF-1.7"}),
        "AASX-014": _package(
            **{"aasx/data.json": json.dumps(_submodel({**_FILE, "value": "/aasx/manaul.pdf"}))}
        ),
        "AASX-015": _package(**{"aasx/_rels/data.json.rels": _arrows()}),
        "AASX-016": _package(**{"aasx/data.json": json.dumps(_submodel())}),
        "AASX-017": _package(
            **{"_rels/.rels": _arrows(_ORIGIN_ARROW, (opc.THUMBNAIL, "/aasx/manual.pdf"))}
        ),
        "AASX-018": _package(
            **{
                "_rels/.rels": _arrows(_ORIGIN_ARROW, (opc.CORE_PROPERTIES, "/core.xml")),
                "core.xml": "<coreProperties",
            }
        ),
        "AASX-019": _package(
            **{
                "aasx/data.xml": _XML_DATA,
                "aasx/_rels/aasx-origin.rels": _arrows(
                    (aasx.SPECIFICATION, "/aasx/data.json"), (aasx.SPECIFICATION, "/aasx/data.xml")
                ),
            }
        ),
        "AASX-025": Example(_GOOD._replace(compression=zipfile.ZIP_BZIP2), _GOOD),
        "AASX-020": Example(content(_GOOD).replace(b"%PDF-1.7", b"%PDF-1.8", 1), _GOOD),
        "AASX-021": _package(
            **{
                "aasx/data.xml": "<environment",
                "aasx/_rels/aasx-origin.rels": _arrows(
                    (aasx.SPECIFICATION, "/aasx/data.json"), (aasx.SPECIFICATION, "/aasx/data.xml")
                ),
            }
        ),
        "AASX-022": _package(
            **{
                "aasx/_rels/aasx-origin.rels": _arrows(
                    (aasx.SPECIFICATION, "/aasx/data.json"),
                    (aasx.SPECIFICATION + "-split", "/aasx/data.json"),
                )
            }
        ),
        "AASX-023": _package(**{"aasx/aasx-origin": "some text"}),
        "AASX-024": _package(**{"_rels/.rels": _arrows(_ORIGIN_ARROW).replace("r0", "0")}),
    }
)
