"""Reading and writing a good file loses nothing, whoever wrote it."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree

from nacre_aas import jsonization, xmlization
from nacre_aas.canonical import canonical
from nacre_aas.digest import digest
from nacre_aas.document import environment
from nacre_aas.versions import Metamodel


def good_files(shared: Path, kind: str) -> Iterator[Path]:
    with (shared / "corpus" / "manifest.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            if row["format"] == kind and row["expected"] == "valid":
                yield shared / "corpus" / row["path"]
    if kind == "json":
        yield from sorted((shared / "templates").rglob("*.json"))


def test_json_to_records_to_json_is_equal_as_json(shared: Path) -> None:
    seen = 0
    for path in good_files(shared, "json"):
        data = path.read_bytes()
        try:
            loaded = jsonization.loads(data)
        except (ValueError, RecursionError):
            continue  # not a plain environment, or it has findings: nothing to keep
        assert json.loads(jsonization.dumps(loaded)) == json.loads(data), path
        seen += 1
    assert seen > 1000


def shape(element: Any) -> Any:
    """An XML element without insignificant white space."""
    children = [shape(child) for child in element if isinstance(child.tag, str)]
    if children:
        return element.tag, children
    text = "".join(element.itertext())
    text = text if text.strip() else ""
    name = etree.QName(element).localname
    boolean = name in ("orderRelevant", "min", "nom", "typ", "max") and text in ("1", "0")
    return element.tag, {"1": "true", "0": "false"}[text] if boolean else text


def test_xml_to_records_to_xml_is_equal_as_xml(shared: Path) -> None:
    seen = 0
    for path in good_files(shared, "xml"):
        data = path.read_bytes()
        document = xmlization.XmlDocument(data)
        loaded, problems = environment(document)
        if problems or document.versions not in (Metamodel.V3_0, Metamodel.V3_1):
            continue
        again = xmlization.dumps(loaded, document.versions)
        assert shape(etree.fromstring(again)) == shape(etree.fromstring(data)), path
        seen += 1
    assert seen > 500


def test_one_case_in_two_formats_has_one_digest(shared: Path) -> None:
    cases: dict[tuple[str, str], set[bytes]] = {}
    with (shared / "corpus" / "manifest.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            if row["format"] != "json" or row["expected"] != "valid":
                continue
            data = (shared / "corpus" / row["path"]).read_bytes()
            try:
                loaded = jsonization.loads(data)
            except (ValueError, RecursionError):
                continue
            xml, problems = environment(xmlization.XmlDocument(xmlization.dumps(loaded)))
            assert not problems, row["path"]
            assert canonical(xml) == canonical(loaded), row["path"]
            cases[row["path"], ""] = {digest(xml).root, digest(loaded).root}
    assert all(len(roots) == 1 for roots in cases.values())
    assert len(cases) > 800
