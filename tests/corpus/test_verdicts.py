"""Verdicts on files that nobody of this project wrote.

Every file with a stated verdict gets that verdict, or stands in DISAGREEMENTS with the clause that
decides it.
"""

import csv
from pathlib import Path

import pytest

from nacre_aas import files
from nacre_aas.findings import Severity
from nacre_aas.versions import Metamodel
from nacre_ontologies.formats import format_of

#: Files whose stated verdict is not ours: path (end of it) -> what Nacre finds, and the clause.
DISAGREEMENTS = {
    # The tests of aas4j run the JSON and XML schemas only; these break constraints beyond them.
    "aas4j/dataformat-json/src/test/resources/ConceptDescription-DataSpecificationPhysicalUnit.json": (
        "SER-012",
        "IDTA-01001 mapping to JSON: DataSpecificationPhysicalUnit is no class of metamodel 3",
    ),
    "aas4j/dataformat-json/src/test/resources/Example-Full.json": (
        "AASd-122",
        "AASd-122, AASd-128",
    ),
    "aas4j/dataformat-json/src/test/resources/Example-Simple.json": ("AASd-122", "AASd-122"),
    "aas4j/dataformat-json/src/test/resources/MotorAAS-Reduced.json": ("SER-010", "JSON schema"),
    "aas4j/dataformat-json/src/test/resources/MotorAAS.json": ("SER-010", "JSON schema"),
    "aas4j/dataformat-json/src/test/resources/Submodel.json": ("AASd-122", "AASd-122"),
    "aas4j/dataformat-xml/src/test/resources/Example_AAS_ServoDCMotor - Simplified.xml": (
        "AASd-122",
        "AASd-122, AASc-3a-002",
    ),
    "aas4j/dataformat-xml/src/test/resources/minimum.xml": ("AASd-131", "AASd-131"),
    "aas4j/dataformat-xml/src/test/resources/test_demo_full_example.xml": ("AASd-122", "AASd-122"),
    # basyx accepts its own example, and does not check these constraints.
    "basyx-python-sdk/compliance_tool/test/files/test_demo_full_example.json": (
        "AASd-129",
        "AASd-129, AASc-3a-010",
    ),
    "basyx-python-sdk/compliance_tool/test/files/test_demo_full_example.xml": (
        "AASd-129",
        "AASd-129",
    ),
    "basyx-python-sdk/compliance_tool/test/files/test_demo_full_example_wrong_attribute.json": (
        "AASd-129",
        "AASd-129",
    ),
    "basyx-python-sdk/compliance_tool/test/files/test_demo_full_example_wrong_attribute.xml": (
        "AASd-129",
        "AASd-129",
    ),
    "basyx-python-sdk/compliance_tool/test/files/test_demo_full_example_json_aasx.aasx": (
        "AASd-129",
        "AASd-129",
    ),
    "basyx-python-sdk/compliance_tool/test/files/test_demo_full_example_xml_aasx.aasx": (
        "AASd-129",
        "AASd-129",
    ),
    "basyx-python-sdk/compliance_tool/test/files/test_demo_full_example_xml_wrong_attribute_aasx.aasx": (
        "AASd-129",
        "AASd-129",
    ),
    # Fixtures of the official test engine that are graded as warnings there.
    "aas-test-engines/test/fixtures/aasx/valid/no_aas1.aasx": (
        "SER-005",
        "IDTA-01005: aasx-origin has cardinality 1; there is nothing to judge",
    ),
    "aas-test-engines/test/fixtures/aasx/valid/no_aas2.aasx": (
        "SER-005",
        "IDTA-01005: aas-spec has cardinality 1..*; there is nothing to judge",
    ),
    "aas-test-engines/test/fixtures/aasx/valid/recursive.aasx": (
        "AASX-021",
        "IDTA-01005: aas-spec targets a file with an environment, here the empty origin part",
    ),
}

#: 3.x is JSON, which has no version mark: any supported version may accept it.
ANY = ("3.x", "not-zip", "2.0", "1.0")


def rows(shared: Path) -> list[dict[str, str]]:
    with (shared / "corpus" / "manifest.csv").open(encoding="utf-8", newline="") as stream:
        return [row for row in csv.DictReader(stream) if row["format"] in ("json", "xml", "aasx")]


def judged(shared: Path, row: dict[str, str], *, explain: bool = False) -> files.Report:
    version = None if row["version"] in ANY else Metamodel.of(row["version"])
    return files.validate(str(shared / "corpus" / row["path"]), metamodel=version, explain=explain)


def codes(report: files.Report) -> set[str]:
    if report.refusal is not None:
        return {report.refusal.code}
    return {each.code for each in report.findings if each.severity is Severity.ERROR}


def test_every_stated_verdict_is_reached(shared: Path) -> None:
    wrong = []
    checked = 0
    for row in rows(shared):
        if row["expected"] not in ("valid", "invalid"):
            continue
        report = judged(shared, row)
        checked += 1
        disagreement = DISAGREEMENTS.get(row["path"])
        valid = report.refusal is None and bool(report.versions)
        if disagreement is not None:
            if disagreement[0] not in codes(report):
                wrong.append((row["path"], "disagreement", codes(report)))
        elif valid != (row["expected"] == "valid"):
            wrong.append((row["path"], row["expected"], codes(report)))
    assert not wrong
    assert checked > 3500


def test_versions_of_a_case_published_for_several(shared: Path) -> None:
    """The same content is graded per version; a fixed version judges by that version alone."""
    for row in rows(shared):
        for other in filter(None, row["other_versions"].split(";")):
            label, _, expected = other.partition(":")
            if expected not in ("valid", "invalid") or row["format"] != "json":
                continue
            path = str(shared / "corpus" / row["path"])
            report = files.validate(path, metamodel=Metamodel.of(label))
            assert bool(report.versions) is (expected == "valid"), (row["path"], other)


def test_both_readers_give_the_same_verdict_on_every_file(shared: Path) -> None:
    for row in rows(shared):
        if row["format"] == "aasx":
            continue
        fast, slow = (judged(shared, row, explain=explain) for explain in (False, True))
        assert codes(fast) == codes(slow), row["path"]
        assert fast.versions == slow.versions, row["path"]
        assert sorted(each.code for each in fast.findings) == sorted(
            each.code for each in slow.findings
        ), row["path"]


def test_old_metamodels_are_named_and_refused(shared: Path) -> None:
    old = [row for row in rows(shared) if row["version"] == "2.0"]
    assert len(old) > 25
    for row in old:
        report = judged(shared, row)
        assert report.refusal is not None, row["path"]
        assert report.refusal.code == "SER-003", row["path"]
        assert "2" in report.refusal.message


def test_no_file_is_a_crash_or_a_silent_nothing(shared: Path) -> None:
    for row in rows(shared):
        report = judged(shared, row)
        if report.refusal is None:
            something = sum(report.counts.values()) or report.findings
            assert something, row["path"]


def test_every_finding_in_a_file_says_where(shared: Path) -> None:
    for row in rows(shared):
        if row["format"] == "aasx" or row["expected"] != "invalid":
            continue
        for finding in judged(shared, row).findings:
            place = finding.location
            known = place.pointer if row["format"] == "json" else place.xpath
            assert known is not None, (row["path"], finding)
            assert place.line, (row["path"], finding)


@pytest.mark.parametrize(
    ("label", "sources"),
    [
        ("3.0", ("aas-core3.0-python", "aas-core3.0-testgen")),
        ("3.1", ("aas-specs-metamodel-3.1", "aas-core3.1-wrapped")),
    ],
)
@pytest.mark.parametrize("kind", ["json", "xml"])
def test_positive_examples_are_accepted_under_their_version(
    shared: Path, label: str, sources: tuple[str, ...], kind: str
) -> None:
    """The official JSON and XML examples of 3.1, and the test generator's of both versions."""
    seen = 0
    for row in rows(shared):
        if (
            row["source"] in sources
            and row["version"] == label
            and row["expected"] == "valid"
            and row["format"] == kind
        ):
            report = judged(shared, row)
            assert label in report.versions.labels, (row["path"], codes(report))
            seen += 1
    assert seen > 100


def test_no_file_that_can_be_read_is_taken_for_rdf(shared: Path) -> None:
    """The command line looks for RDF first; what it takes for that the reader of AAS never sees."""
    suspects = []
    for path in (*shared.rglob("*.aasx"), *shared.rglob("*.json"), *shared.rglob("*.xml")):
        with path.open("rb") as stream:
            found = format_of(path.name, stream.read(8192))
        if found is not None and files.validate(str(path)).refusal is None:
            suspects.append(path)
    assert suspects == []
