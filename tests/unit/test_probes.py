"""The documents on which the tools of the field fail, one by one.

53 kinds of invalid documents and 12 kinds of valid ones. Where the specification demands nothing
(marked `asked`), a warning is what a user expects.
"""

import copy
import json
from typing import Any

import pytest

from nacre_aas import files
from nacre_aas.findings import Severity
from nacre_aas.versions import Metamodel

SUBMODEL_ID = "https://example.com/sm"


def external(value: str = "https://example.com/c") -> dict[str, Any]:
    return {"type": "ExternalReference", "keys": [{"type": "GlobalReference", "value": value}]}


def model(*keys: tuple[str, str]) -> dict[str, Any]:
    return {"type": "ModelReference", "keys": [{"type": t, "value": v} for t, v in keys]}


def prop(name: str | None = "P", value_type: str = "xs:int", **more: Any) -> dict[str, Any]:
    named = {} if name is None else {"idShort": name}
    return {"modelType": "Property", **named, "valueType": value_type, **more}


def submodel(*elements: Any, **more: Any) -> dict[str, Any]:
    below = {"submodelElements": list(elements)} if elements else {}
    return {"submodels": [{"modelType": "Submodel", "id": SUBMODEL_ID, **more, **below}]}


def shell(**more: Any) -> dict[str, Any]:
    information = {"assetKind": "Instance", "globalAssetId": "https://example.com/a"}
    return {
        "assetAdministrationShells": [
            {
                "modelType": "AssetAdministrationShell",
                "id": "https://example.com/aas",
                "assetInformation": information,
                **more,
            }
        ]
    }


def asset(**information: Any) -> dict[str, Any]:
    return shell(assetInformation={"assetKind": "Instance", **information})


def a_list(*members: Any, **more: Any) -> dict[str, Any]:
    return {
        "modelType": "SubmodelElementList",
        "idShort": "Ll",
        "typeValueListElement": "Property",
        "valueTypeListElement": "xs:int",
        **more,
        "value": list(members),
    }


def reference(value: Any) -> dict[str, Any]:
    return submodel({"modelType": "ReferenceElement", "idShort": "R", "value": value})


def concept(category: str | None = None, **content: Any) -> dict[str, Any]:
    described = {
        "modelType": "DataSpecificationIec61360",
        "preferredName": [{"language": "en", "text": "Name"}],
        "definition": [{"language": "en", "text": "Definition"}],
        **content,
    }
    return {
        "conceptDescriptions": [
            {
                "modelType": "ConceptDescription",
                "id": "https://example.com/c",
                **({"category": category} if category else {}),
                "embeddedDataSpecifications": [
                    {
                        "dataSpecification": external(
                            "https://admin-shell.io/DataSpecificationTemplates/"
                            "DataSpecificationIec61360/3"
                        ),
                        "dataSpecificationContent": {
                            key: value for key, value in described.items() if value is not None
                        },
                    }
                ],
            }
        ]
    }


def without(document: dict[str, Any], *path: Any) -> dict[str, Any]:
    result = copy.deepcopy(document)
    target: Any = result
    for step in path[:-1]:
        target = target[step]
    del target[path[-1]]
    return result


QUALIFIER = {"type": "Q", "valueType": "xs:int", "value": "1"}
TEMPLATE = {"kind": "TemplateQualifier", "type": "Q", "valueType": "xs:int"}
DOUBLE = [prop("P"), prop("P")]
RELATION = {
    "modelType": "AnnotatedRelationshipElement",
    "idShort": "A",
    "first": model(("Submodel", SUBMODEL_ID)),
    "second": model(("Submodel", SUBMODEL_ID)),
}
COLLECTION = {"modelType": "SubmodelElementCollection", "idShort": "C"}
MEANT = {"semanticId": external()}

INVALID: dict[str, tuple[str, dict[str, Any]]] = {
    "AASd-002 idShort 1a": ("AASd-002", submodel(prop("1a"))),
    "AASd-005 revision w/o version": ("AASd-005", shell(administration={"revision": "1"})),
    "AASd-014 SelfManaged w/o asset id": (
        "AASd-014",
        submodel({"modelType": "Entity", "idShort": "E", "entityType": "SelfManagedEntity"}),
    ),
    "AASd-020 Qualifier value vs type": (
        "AASd-020",
        submodel(prop(qualifiers=[{**QUALIFIER, "value": "abc"}])),
    ),
    "AASd-021 duplicate qualifier type": (
        "AASd-021",
        submodel(prop(qualifiers=[QUALIFIER, QUALIFIER])),
    ),
    "AASd-022 dup idShort in Submodel": ("AASd-022", submodel(*DOUBLE)),
    "AASd-022 dup idShort in SMC": ("AASd-022", submodel({**COLLECTION, "value": DOUBLE})),
    "AASd-022 dup idShort in Entity": (
        "AASd-022",
        submodel(
            {
                "modelType": "Entity",
                "idShort": "E",
                "entityType": "CoManagedEntity",
                "statements": DOUBLE,
            }
        ),
    ),
    "AASd-022 dup idShort in AnnotatedRel.": (
        "AASd-022",
        submodel({**RELATION, "annotations": DOUBLE}),
    ),
    "AASd-077 dup extension name": (
        "AASd-077",
        submodel(prop(extensions=[{"name": "x"}, {"name": "x"}])),
    ),
    "AASd-107 list semanticId mismatch": (
        "AASd-107",
        submodel(
            a_list(
                prop(None, semanticId=external("https://other.test")),
                semanticIdListElement=external(),
            )
        ),
    ),
    "AASd-108 wrong element type in list": (
        "AASd-108",
        submodel(a_list({"modelType": "Capability"})),
    ),
    "AASd-109 valueTypeListElement missing": (
        "AASd-109",
        without(
            submodel(a_list(prop(None))),
            "submodels",
            0,
            "submodelElements",
            0,
            "valueTypeListElement",
        ),
    ),
    "AASd-109 value type mismatch": ("AASd-109", submodel(a_list(prop(None, "xs:string")))),
    "AASd-114 differing semanticIds in list": (
        "AASd-114",
        submodel(
            a_list(
                prop(None, semanticId=external("https://a.test")),
                prop(None, semanticId=external("https://b.test")),
            )
        ),
    ),
    "AASd-116 GlobalAssetID reserved (asked)": (
        "AASd-116",
        asset(specificAssetIds=[{"name": "GlobalAssetID", "value": "x"}]),
    ),
    "AASd-117 missing idShort in Submodel": ("AASd-117", submodel(prop(None))),
    "AASd-118 suppl. w/o semanticId": (
        "AASd-118",
        submodel(prop(supplementalSemanticIds=[external()])),
    ),
    "AASd-119 Template qualifier on Instance SM": ("AASd-119", submodel(qualifiers=[TEMPLATE])),
    "AASd-121/123 model ref first key Property": ("AASd-123", reference(model(("Property", "P")))),
    "AASd-122 ext ref first key Submodel": (
        "AASd-122",
        reference({**model(("Submodel", "x")), "type": "ExternalReference"}),
    ),
    "AASd-124 ext ref last key Property": (
        "AASd-124",
        reference(
            {**model(("GlobalReference", "x"), ("Property", "P")), "type": "ExternalReference"}
        ),
    ),
    "AASd-125 model ref 2nd key Submodel": (
        "AASd-125",
        reference(model(("Submodel", SUBMODEL_ID), ("Submodel", "x"))),
    ),
    "AASd-126 fragment not last": (
        "AASd-126",
        reference(
            model(
                ("Submodel", SUBMODEL_ID), ("File", "F"), ("FragmentReference", "f"), ("File", "G")
            )
        ),
    ),
    "AASd-127 fragment after Property": (
        "AASd-127",
        reference(model(("Submodel", SUBMODEL_ID), ("Property", "P"), ("FragmentReference", "f"))),
    ),
    "AASd-128 non-integer after list": (
        "AASd-128",
        reference(
            model(("Submodel", SUBMODEL_ID), ("SubmodelElementList", "L"), ("Property", "x"))
        ),
    ),
    "AASd-129 top-level Template qualifier on Instance": (
        "AASd-129",
        submodel(prop(qualifiers=[TEMPLATE])),
    ),
    "AASd-129 nested Template qualifier on Instance": (
        "AASd-129",
        submodel({**COLLECTION, "value": [{**COLLECTION, "value": [prop(qualifiers=[TEMPLATE])]}]}),
    ),
    "AASd-130 control char": ("AASd-130", submodel(prop(value_type="xs:string", value="a\u0001b"))),
    "AASd-131 no asset id": ("AASd-131", asset()),
    "AASd-133 externalSubjectId ModelReference": (
        "AASd-133",
        asset(
            specificAssetIds=[
                {"name": "n", "value": "v", "externalSubjectId": model(("Submodel", "x"))}
            ]
        ),
    ),
    "AASd-134 dup operation variable idShort": (
        "AASd-134",
        submodel(
            {
                "modelType": "Operation",
                "idShort": "O",
                "inputVariables": [{"value": prop("P")}],
                "outputVariables": [{"value": prop("P")}],
            }
        ),
    ),
    "AASc-3a-002 no English preferredName": (
        "AASc-3a-002",
        concept(preferredName=[{"language": "de", "text": "Name"}]),
    ),
    "AASc-3a-004 PROPERTY with dataType BLOB": (
        "AASc-3a-004",
        concept("PROPERTY", dataType="BLOB"),
    ),
    "AASc-3a-008 definition missing": ("AASc-3a-008", concept(definition=None)),
    "AASc-3a-009 REAL_MEASURE w/o unit": ("AASc-3a-009", concept(dataType="REAL_MEASURE")),
    "AASc-3a-010 value and valueList": (
        "AASc-3a-010",
        concept(
            value="a", valueList={"valueReferencePairs": [{"value": "a", "valueId": external("x")}]}
        ),
    ),
    "dup Identifiable id in environment (asked)": (
        "MET-020",
        {"submodels": submodel()["submodels"] + submodel()["submodels"]},
    ),
    "dup language in langStrings": (
        "MET-010",
        submodel(
            prop(description=[{"language": "en", "text": "a"}, {"language": "en", "text": "b"}])
        ),
    ),
    "value xs:int abc": ("MET-009", submodel(prop(value="abc"))),
    "value xs:int 1_000": ("MET-009", submodel(prop(value="1_000"))),
    "value xs:decimal Infinity": (
        "MET-009",
        submodel(prop(value_type="xs:decimal", value="Infinity")),
    ),
    "value xs:double 1_0.5": ("MET-009", submodel(prop(value_type="xs:double", value="1_0.5"))),
    "value xs:date 2023-02-30": (
        "MET-009",
        submodel(prop(value_type="xs:date", value="2023-02-30")),
    ),
    "Range min > max (asked)": (
        "MET-023",
        submodel(
            {"modelType": "Range", "idShort": "R", "valueType": "xs:int", "min": "10", "max": "9"}
        ),
    ),
    "AAS.submodels key type ConceptDescription": (
        "MET-016",
        shell(submodels=[model(("ConceptDescription", "x"))]),
    ),
    "dangling AAS->Submodel reference (asked)": (
        "MET-021",
        shell(submodels=[model(("Submodel", "https://example.com/lost"))]),
    ),
    "dangling model ref inside same submodel (asked)": (
        "MET-022",
        reference(model(("Submodel", SUBMODEL_ID), ("Property", "Lost"))),
    ),
    "unknown JSON attribute": ("SER-010", submodel(prop(valeu="1"))),
    "empty array submodelElements": ("MET-004", submodel(submodelElements=[])),
    "AASd-007 value != coded valueId CD": (
        "AASd-007",
        {**submodel(prop("P", "xs:string", value="a", valueId=external())), **concept(value="b")},
    ),
    "Property valueType vs CD dataType mismatch (asked)": (
        "MET-024",
        {**submodel(prop("P", "xs:string", **MEANT)), **concept(dataType="INTEGER_COUNT")},
    ),
    "value not in CD valueList (asked)": (
        "MET-025",
        {
            **submodel(prop("P", "xs:string", value="z", **MEANT)),
            **concept(
                valueList={"valueReferencePairs": [{"value": "a", "valueId": external("x")}]}
            ),
        },
    ),
}

VALID: dict[str, tuple[str, dict[str, Any]]] = {
    "CD category PROPERTY, STRING": ("3.0", concept("PROPERTY", dataType="STRING")),
    "3.1: hyphen idShort": ("3.1", submodel(prop("my-speed"))),
    "3.1: idShort in list": ("3.1", submodel(a_list(prop("Named")))),
    "3.1: File w/o contentType": ("3.1", submodel({"modelType": "File", "idShort": "Fi"})),
    "3.1: AssetKind Role": ("3.1", asset(assetKind="Role", globalAssetId="x")),
    "3.2: AssetKind Batch": ("3.2", asset(assetKind="Batch", globalAssetId="x")),
    "3.2: createdAt": ("3.2", shell(administration={"createdAt": "2026-05-31T08:00:00Z"})),
    "3.0: one-letter idShort": ("3.0", submodel(prop("a"))),
    "3.0: xs:date with tz": ("3.0", submodel(prop("Pp", "xs:date", value="2023-02-28+02:00"))),
    "xs:dateTime 24:00:00": (
        "3.1",
        submodel(prop("Pp", "xs:dateTime", value="2023-02-28T24:00:00Z")),
    ),
    "xs:gYear 12345": ("3.1", submodel(prop("Pp", "xs:gYear", value="12345"))),
    "xs:duration P1Y2M": ("3.1", submodel(prop("Pp", "xs:duration", value="P1Y2M"))),
}


def test_there_are_as_many_probes_as_the_design_counts() -> None:
    assert (len(INVALID), len(VALID)) == (53, 12)


@pytest.mark.parametrize("name", INVALID)
def test_an_invalid_document_is_caught(name: str) -> None:
    code, document = INVALID[name]
    report = files.validate(name, data=json.dumps(document).encode())
    found = {finding.code: finding.severity for finding in report.findings}
    assert code in found
    asked = "(asked)" in name
    assert found[code] is (Severity.WARNING if asked else Severity.ERROR)
    assert bool(report.versions) is asked


@pytest.mark.parametrize("name", VALID)
def test_a_valid_document_raises_no_alarm(name: str) -> None:
    version, document = VALID[name]
    data = json.dumps(document).encode()
    fixed = files.validate(name, data=data, metamodel=Metamodel.of(version))
    assert not fixed.findings
    assert version in files.validate(name, data=data).versions.labels


@pytest.mark.parametrize(
    ("keys", "code"),
    [
        ([("Submodel", SUBMODEL_ID), ("Property", "P")], None),
        ([("Submodel", SUBMODEL_ID), ("DataElement", "P")], None),
        ([("Identifiable", SUBMODEL_ID), ("SubmodelElement", "P")], None),
        ([("Submodel", SUBMODEL_ID), ("Range", "P")], "MET-027"),
        ([("Submodel", SUBMODEL_ID), ("EventElement", "P")], "MET-027"),
        ([("AssetAdministrationShell", SUBMODEL_ID)], "MET-027"),
        ([("Submodel", "https://example.com/aas")], "MET-027"),
    ],
)
def test_a_key_names_the_class_of_what_it_leads_to_or_one_above_it(
    keys: list[tuple[str, str]], code: str | None
) -> None:
    link = {"modelType": "ReferenceElement", "idShort": "R", "value": model(*keys)}
    document = {**submodel(prop(), link), **shell()}
    for explain in (False, True):
        report = files.validate("x.json", data=json.dumps(document).encode(), explain=explain)
        assert [each.code for each in report.findings] == ([code] if code else [])


def test_a_semantic_id_may_name_a_template_that_shares_its_id_with_a_concept() -> None:
    document = {**submodel(semanticId=model(("Submodel", "https://example.com/c"))), **concept()}
    report = files.validate("x.json", data=json.dumps(document).encode())
    assert "MET-027" not in [each.code for each in report.findings]
