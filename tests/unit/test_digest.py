"""Canonical bytes and digests: equal for equal content, different for any difference."""

import copy
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import rfc8785

from conftest import ROOT
from documents import one_submodel
from nacre_aas import aasx, jsonization, xmlization
from nacre_aas.canonical import canonical, sha256
from nacre_aas.digest import VERSION, changed_paths, digest, package_digest
from nacre_aas.document import environment
from nacre_aas.examples import EXAMPLES, content
from nacre_aas.model import (
    Environment,
    Operation,
    OperationVariable,
    Property,
    Submodel,
    SubmodelElementCollection,
)

DOCUMENT: dict[str, Any] = {
    "submodels": [
        {
            "modelType": "Submodel",
            "id": "https://example.com/sm",
            "kind": "Instance",
            "submodelElements": [
                {
                    "modelType": "Property",
                    "idShort": "Bb",
                    "valueType": "xs:double",
                    "value": "1E3",
                },
                {
                    "modelType": "SubmodelElementList",
                    "idShort": "Steps",
                    "orderRelevant": True,
                    "typeValueListElement": "Property",
                    "valueTypeListElement": "xs:string",
                    "value": [
                        {
                            "modelType": "Property",
                            "valueType": "xs:string",
                            "value": "depressurise",
                        },
                        {"modelType": "Property", "valueType": "xs:string", "value": "open valve"},
                    ],
                },
                {
                    "modelType": "ReferenceElement",
                    "idShort": "Aa",
                    "value": {
                        "type": "ModelReference",
                        "keys": [
                            {"type": "Submodel", "value": "https://example.com/sm"},
                            {"type": "Property", "value": "Bb"},
                        ],
                    },
                },
            ],
        }
    ]
}


def load(document: Any) -> Environment:
    return jsonization.loads(json.dumps(document).encode())


def elements(document: Any) -> list[Any]:
    return document["submodels"][0]["submodelElements"]  # type: ignore[no-any-return]


def roots(document: Any) -> tuple[bytes, bytes]:
    loaded = load(document)
    return canonical(loaded), digest(loaded).root


def test_canonical_bytes_are_rfc_8785_of_the_normalised_json() -> None:
    plain = copy.deepcopy(DOCUMENT)
    del plain["submodels"][0]["kind"]
    del elements(plain)[1]["orderRelevant"]
    elements(plain).sort(key=rfc8785.dumps)
    assert canonical(load(DOCUMENT)) == rfc8785.dumps(plain)


def test_order_without_meaning_and_defaults_make_no_difference() -> None:
    other = copy.deepcopy(DOCUMENT)
    elements(other).reverse()
    del other["submodels"][0]["kind"]
    del elements(other)[1]["orderRelevant"]
    assert roots(other) == roots(DOCUMENT)


@pytest.mark.parametrize("index", [1, 2])
def test_order_with_meaning_makes_a_difference(index: int) -> None:
    other = copy.deepcopy(DOCUMENT)
    value = elements(other)[index]["value"]
    (value if isinstance(value, list) else value["keys"]).reverse()
    assert canonical(load(other)) != canonical(load(DOCUMENT))
    assert digest(load(other)).root != digest(load(DOCUMENT)).root


def test_a_list_whose_order_is_irrelevant_is_a_multiset() -> None:
    one, other = copy.deepcopy(DOCUMENT), copy.deepcopy(DOCUMENT)
    for document in (one, other):
        elements(document)[1]["orderRelevant"] = False
    elements(other)[1]["value"].reverse()
    assert roots(one) == roots(other)


def test_literals_count_as_written() -> None:
    other = copy.deepcopy(DOCUMENT)
    elements(other)[0]["value"] = "1000.0"
    assert canonical(load(other)) != canonical(load(DOCUMENT))


def test_json_xml_and_aasx_have_one_root() -> None:
    loaded = load(DOCUMENT)
    xml, _ = environment(xmlization.XmlDocument(xmlization.dumps(loaded)))
    package = aasx.merged(aasx.read(aasx.write(loaded)))
    assert digest(loaded).root == digest(xml).root == digest(package).root
    assert canonical(loaded) == canonical(xml) == canonical(package)


def test_a_changed_element_is_found_from_the_trees_alone() -> None:
    other = copy.deepcopy(DOCUMENT)
    elements(other)[1]["value"][1]["value"] = "close valve"
    elements(other)[0]["idShort"] = "Cc"
    found = set(changed_paths(digest(load(DOCUMENT)), digest(load(other))))
    base = "https://example.com/sm"
    assert found == {
        ("changed", f"{base}/Steps[1]"),
        ("removed", f"{base}/Bb"),
        ("added", f"{base}/Cc"),
    }


def test_a_key_blinds_every_node() -> None:
    plain, keyed, other = (digest(load(DOCUMENT), key) for key in (None, b"k" * 32, b"j" * 32))
    for path, node in keyed.nodes.items():
        assert node.own != plain.nodes[path].own
        assert node.own != other.nodes[path].own
    assert len({plain.root, keyed.root, other.root}) == 3


def test_one_value_can_be_disclosed_with_its_blind_alone() -> None:
    import hashlib

    keyed = digest(load(DOCUMENT), b"k" * 32)
    node = keyed.nodes["https://example.com/sm/Bb"]
    submodel = load(DOCUMENT).submodels
    assert submodel is not None
    assert submodel[0].submodel_elements is not None
    shown = canonical(submodel[0].submodel_elements[0])
    assert hashlib.sha256(b"\0" + node.blind + shown).digest() == node.own


def test_two_elements_of_one_name_both_count() -> None:
    twice = Environment(
        submodels=[
            Submodel(
                id="a",
                submodel_elements=[
                    Property(id_short="Pp", value_type="xs:int", value="1"),
                    Property(id_short="Pp", value_type="xs:int", value="2"),
                ],
            )
        ]
    )
    assert len(digest(twice).nodes) == 3


def test_the_package_root_covers_files_but_not_evidence() -> None:
    package = aasx.read(content(EXAMPLES["AASX-002"].right))
    before = package_digest(package)
    package.supplements["/nacre/evidence.json"] = aasx.Supplement("application/json", b"{}")
    assert package_digest(package) == before
    package.supplements["/aasx/manual.pdf"] = aasx.Supplement("application/pdf", b"changed")
    assert package_digest(package) != before


def test_the_vectors_of_the_specification_hold() -> None:
    vectors = json.loads((ROOT / "docs" / "digest-vectors.json").read_text("utf-8"))
    assert vectors["version"] == VERSION
    for vector in vectors["vectors"]:
        loaded = load(vector["environment"])
        key = bytes.fromhex(vector["key"]) if "key" in vector else None
        assert sha256(loaded) == vector["canonical_sha256"], vector["name"]
        tree = digest(loaded, key)
        assert tree.root.hex() == vector["root"], vector["name"]
        assert {path: node.digest.hex() for path, node in tree.nodes.items()} == vector["nodes"]


def test_the_first_vectors_by_hand() -> None:
    import hashlib

    def field(data: bytes) -> bytes:
        return len(data).to_bytes(8, "big") + data

    empty = hashlib.sha256(b"\2" + field(b"nacre.digest/v1")).digest()
    assert digest(Environment()).root == empty
    own = hashlib.sha256(b'\0{"id":"urn:example:s","modelType":"Submodel"}').digest()
    root = hashlib.sha256(b"\2" + field(b"nacre.digest/v1") + field(own)).digest()
    assert digest(Environment(submodels=[Submodel(id="urn:example:s")])).root == root


def test_the_hash_does_not_depend_on_the_hash_seed(tmp_path: Path) -> None:
    source = tmp_path / "x.json"
    source.write_text(json.dumps(DOCUMENT), "utf-8")
    program = (
        "import sys;from nacre_aas import jsonization,digest,canonical;"
        "e=jsonization.loads(open(sys.argv[1],'rb').read());"
        "print(canonical.sha256(e), digest.digest(e).root.hex())"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program, str(source)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "4711")
    }
    assert len(outputs) == 1


def test_normalising_does_not_touch_the_original() -> None:
    loaded = load(DOCUMENT)
    before = copy.deepcopy(loaded)
    canonical(loaded)
    digest(loaded)
    assert loaded == before
    assert isinstance(SubmodelElementCollection(id_short="Cc"), SubmodelElementCollection)


def test_another_order_below_an_element_is_a_change_of_it() -> None:
    def operation(*names: str, **more: Any) -> Environment:
        variables = [
            OperationVariable(value=Property(id_short=name, value_type="xs:int")) for name in names
        ]
        return one_submodel(Operation(id_short="Op", input_variables=variables, **more))

    one, other = digest(operation("In1", "In2")), digest(operation("In2", "In1"))
    assert list(changed_paths(one, other)) == [("changed", "urn:s/Op")]
    assert list(changed_paths(one, one)) == []
