"""Packages: deterministic, complete, read even if wrong, repaired by writing them again."""

import io
import urllib.parse
import zipfile
from pathlib import Path

import pytest

from documents import one_submodel
from nacre_aas import aasx, files, jsonization, opc
from nacre_aas.constraints import RULES
from nacre_aas.digest import package_digest
from nacre_aas.errors import InputError, MalformedDocumentError, SerializationError
from nacre_aas.examples import EXAMPLES, Package, content
from nacre_aas.findings import Severity
from nacre_aas.fixes import repair
from nacre_aas.model import File

GOOD = content(EXAMPLES["AASX-002"].right)
PACKAGE_RULES = sorted(code for code in RULES if code.startswith("AASX"))


def findings(data: bytes) -> list[str]:
    return [finding.code for finding in files.validate("x.aasx", data=data).findings]


def names_of(package: aasx.Aasx) -> set[str]:
    return set(map(opc.equivalent, package.supplements))


@pytest.mark.parametrize("as_xml", [False, True])
def test_a_written_package_is_clean_and_always_the_same(as_xml: bool) -> None:
    package = aasx.read(GOOD)
    environment = aasx.merged(package)
    first = aasx.write(environment, package=package, as_xml=as_xml)
    assert not findings(first)
    assert (
        aasx.write(aasx.merged(aasx.read(first)), package=aasx.read(first), as_xml=as_xml) == first
    )


def test_supplements_and_thumbnail_come_through() -> None:
    package = aasx.read(GOOD)
    package.supplements["/icon.png"] = aasx.Supplement("image/png", b"\x89PNG")
    package.thumbnail = "/icon.png"
    again = aasx.read(aasx.write(aasx.merged(package), package=package))
    assert again.supplements == package.supplements
    assert again.thumbnail == "/icon.png"
    assert not again.findings


@pytest.mark.parametrize("code", [code for code in PACKAGE_RULES if RULES[code].fix])
def test_a_package_fault_with_a_repair_is_repaired(code: str) -> None:
    fix = RULES[code].fix
    assert fix is not None
    broken = content(EXAMPLES[code].wrong)
    result = repair("x.aasx", data=broken, unsafe=not fix.safe)
    assert code in result.done
    assert result.data is not None
    assert code not in findings(result.data)
    before, after = (aasx.merged(aasx.read(data)) for data in (broken, result.data))
    assert jsonization.dumps(before) == jsonization.dumps(after)


@pytest.mark.parametrize("code", [code for code in PACKAGE_RULES if RULES[code].fix])
def test_a_safe_repair_keeps_every_part(code: str) -> None:
    broken = aasx.read(content(EXAMPLES[code].wrong))
    result = repair("x.aasx", data=content(EXAMPLES[code].wrong))
    if result.data is not None:
        assert names_of(aasx.read(result.data)) == names_of(broken)


def test_every_real_package_comes_through_a_rewrite(shared: Path) -> None:
    seen = 0
    for path in sorted((shared / "templates").rglob("*.aasx"))[::6]:
        try:
            package = aasx.read(path)
        except InputError:
            continue
        environment = aasx.merged(package)
        again = aasx.read(aasx.write(environment, package=package))
        assert aasx.merged(again) == environment, path.name
        assert again.supplements == package.supplements, path.name
        errors = [each.code for each in again.findings if each.severity is Severity.ERROR]
        assert not errors, path.name
        seen += 1
    assert seen > 20


def test_a_part_that_cannot_be_read_is_not_lost_by_a_repair() -> None:
    damaged = content(EXAMPLES["AASX-020"].wrong)
    assert repair("x.aasx", data=damaged, unsafe=True).data is None
    with pytest.raises(SerializationError):
        aasx.rewrite(aasx.read(damaged), {})
    refused = aasx.read(content(EXAMPLES["AASX-021"].wrong))
    again = aasx.read(aasx.rewrite(refused, {}))
    assert "/aasx/data.xml" in again.supplements
    assert "AASX-021" in [finding.code for finding in again.findings]


def test_a_file_and_its_serialization_agree_on_the_version() -> None:
    data = aasx.write(jsonization.loads(content(EXAMPLES["AASd-005"].right)), as_xml=True)
    report = files.validate("x.aasx", data=data)
    assert report.versions.labels == ("3.1",)


def test_files_of_any_name_come_back_each_under_its_own_part() -> None:
    package = aasx.read(GOOD)
    files_ = {"a#1.pdf": b"1", "50%.pdf": b"2", "really?.pdf": b"3", "über uns.pdf": b"4"}
    parts = {name: package.add_file(name, data) for name, data in files_.items()}
    assert package.add_file("a#1.pdf", b"1") == parts["a#1.pdf"]
    other = package.add_file("A#1.pdf", b"5")
    assert other != parts["a#1.pdf"]
    again = aasx.read(aasx.write(aasx.merged(package), package=package))
    assert again.supplements[other].content == b"5"
    assert {name: again.supplements[part].content for name, part in parts.items()} == files_


def test_a_file_that_replaces_another_takes_its_place() -> None:
    package = aasx.read(GOOD)
    part = package.add_file("a.pdf", b"1")
    assert package.add_file("a.pdf", b"2", replaces=part) == part
    assert package.supplements[part].content == b"2"


@pytest.mark.parametrize(
    ("name", "is_bad"),
    [
        ("files%2Fb.txt", True),
        ("data.json/b.txt", True),
        ("DATA.JSON/b/c", True),
        ("data.jsonb", False),
    ],
)
def test_no_part_stands_below_another_or_hides_a_slash(name: str, is_bad: bool) -> None:
    good = EXAMPLES["AASX-002"].right
    found = findings(content(Package({**good.parts, f"aasx/{name}": "x"})))
    assert ("AASX-012" in found) is is_bad


def test_names_of_very_many_folders_are_looked_at_once() -> None:
    deep = "/".join("a" * 30_000)
    names = [f"/{deep}{number}" for number in range(500)]
    assert not list(opc._derived(names))
    assert list(opc._derived([*names, f"{names[0]}/b"])) == [f"{names[0]}/b"]


GOOD_PARTS = EXAMPLES["AASX-002"].right.parts


@pytest.mark.parametrize(
    "changed",
    [
        {
            "_rels/.rels": GOOD_PARTS["_rels/.rels"].replace("/>", ' TargetMode="internal"/>'),
        },
        {"_rels/_rels/.rels.rels": f'<Relationships xmlns="{opc.RELATIONSHIPS}"/>'},
        {"_rels/.rels": GOOD_PARTS["_rels/.rels"].replace("/relationships", "/RELS", 1)},
    ],
)
def test_wrong_relationships_are_said_once_and_repaired(changed: dict[str, str]) -> None:
    broken = content(Package(GOOD_PARTS | changed))
    assert findings(broken).count("AASX-010") == 1
    repaired = repair("x.aasx", data=broken).data
    assert repaired is not None
    assert not findings(repaired)


def test_an_extension_has_one_type() -> None:
    good = EXAMPLES["AASX-002"].right
    types = good.parts["[Content_Types].xml"]
    second = '<Default Extension="JSON" ContentType="text/plain"/></Types>'
    first = types.replace("</Types>", '<Default Extension="json" ContentType="a/b"/></Types>')
    doubled = {"[Content_Types].xml": first.replace("</Types>", second)}
    assert "AASX-001" in findings(content(Package({**good.parts, **doubled})))


def test_relationships_that_cannot_be_read_are_rewritten_on_request_only() -> None:
    parts = GOOD_PARTS | {"_rels/.rels": "<!DOCTYPE a []>" + GOOD_PARTS["_rels/.rels"]}
    broken = content(Package(parts))
    assert "AASX-026" in findings(broken)
    assert repair("x.aasx", data=broken).data is None
    assert repair("x.aasx", data=broken, unsafe=True).data is not None


def test_an_origin_part_that_is_missing_is_added() -> None:
    parts = {name: text for name, text in GOOD_PARTS.items() if name != "aasx/aasx-origin"}
    broken = content(Package(parts))
    assert findings(broken) == ["AASX-004"]
    repaired = repair("x.aasx", data=broken).data
    assert repaired is not None
    assert not findings(repaired)


def test_names_are_escaped_and_mean_the_same_part() -> None:
    spoken = aasx.read(content(EXAMPLES["AASX-027"].wrong), keep=True)
    assert [each.code for each in spoken.findings] == ["AASX-027"]
    repaired = repair("x.aasx", data=content(EXAMPLES["AASX-027"].wrong)).data
    assert repaired is not None
    assert "aasx/the%20manual.pdf" in zipfile.ZipFile(io.BytesIO(repaired)).namelist()
    escaped = aasx.read(repaired, keep=True)
    assert not escaped.findings
    assert package_digest(escaped) == package_digest(spoken)


@pytest.mark.parametrize(
    ("types", "content_type", "start", "found"),
    [
        ("application/pdf", "application/pdf", "%PDF-1.7", []),
        ("application/pdf", "application/pdf; version=1.7", "%PDF-1.7", []),
        ("application/octet-stream", "application/octet-stream", "%PDF-1.7", []),
        ("image/x-png", "image/png", "text", []),
        ("image/png", "image/png", "%PDF-1.7", ["AASX-028"]),
        ("image/png", "application/pdf", "x", ["AASX-028"]),
    ],
)
def test_element_package_and_file_agree_on_the_content_type(
    types: str, content_type: str, start: str, found: list[str]
) -> None:
    changed = {
        "[Content_Types].xml": GOOD_PARTS["[Content_Types].xml"].replace("application/pdf", types),
        "aasx/data.json": GOOD_PARTS["aasx/data.json"].replace("application/pdf", content_type),
        "aasx/manual.pdf": start,
    }
    assert findings(content(Package(GOOD_PARTS | changed))) == found


def test_names_that_differ_in_escapes_alone_are_one_name() -> None:
    doubled = {"aasx/a b.pdf": "%PDF-1.7", "aasx/a%20b.pdf": "%PDF-1.7"}
    assert "AASX-013" in findings(content(Package(GOOD_PARTS | doubled)))


def test_an_archive_with_leading_slashes_is_read_and_named() -> None:
    for made in ("/{}".format, lambda name: name.replace("/", "\\")):
        broken = content(Package({made(name): text for name, text in GOOD_PARTS.items()}))
        assert set(findings(broken)) == {"AASX-029"}
        repaired = repair("x.aasx", data=broken).data
        assert repaired is not None
        assert not findings(repaired)


@pytest.mark.parametrize("name", ["a#b.pdf", "a?b.pdf", "c[d].pdf", "100%.pdf", "a b.pdf"])
def test_every_name_is_a_part_name_after_a_repair(name: str) -> None:
    quoted = urllib.parse.quote(name)
    changed = {
        "aasx/data.json": GOOD_PARTS["aasx/data.json"].replace("manual.pdf", quoted),
        "aasx/_rels/data.json.rels": GOOD_PARTS["aasx/_rels/data.json.rels"].replace(
            "manual.pdf", quoted
        ),
        f"aasx/{name}": "%PDF-1.7",
    }
    parts = {key: text for key, text in GOOD_PARTS.items() if key != "aasx/manual.pdf"}
    broken = content(Package(parts | changed))
    assert findings(broken) == ["AASX-027"]
    repaired = repair("x.aasx", data=broken).data
    assert repaired is not None
    assert not findings(repaired)
    assert f"aasx/{quoted}" in zipfile.ZipFile(io.BytesIO(repaired)).namelist()


def test_a_type_that_is_declared_for_the_escaped_name_is_kept() -> None:
    types = GOOD_PARTS["[Content_Types].xml"]
    override = (
        '<Override PartName="/aasx/the%20manual.xyz" ContentType="application/x-foo"/></Types>'
    )
    changed = {
        "[Content_Types].xml": types.replace("</Types>", override),
        "aasx/the manual.xyz": "x",
    }
    broken = content(Package(GOOD_PARTS | changed))
    assert "AASX-002" not in findings(broken)
    repaired = repair("x.aasx", data=broken).data
    assert repaired is not None
    (kept,) = (
        part.content_type
        for name, part in aasx.read(repaired, keep=True).supplements.items()
        if name.endswith(".xyz")
    )
    assert kept == "application/x-foo"


def test_a_part_has_one_content_type() -> None:
    types = GOOD_PARTS["[Content_Types].xml"]
    for second, expected in (("a/b", True), ("a/a", False)):
        both = "".join(
            f'<Override PartName="/x.bin" ContentType="{each}"/>' for each in ("a/a", second)
        )
        parts = GOOD_PARTS | {"[Content_Types].xml": types.replace("</Types>", both + "</Types>")}
        assert ("AASX-001" in findings(content(Package(parts)))) is expected


@pytest.mark.parametrize("name", ["../x", "/../x", "/C:/x", "/\\srv/x", "//../x"])
def test_a_name_that_leaves_the_package_is_not_read(name: str) -> None:
    data = content(Package(GOOD_PARTS | {name: "x"}))
    with opc.Package(data) as package:
        assert set(package.items) == {f"/{each}" for each in GOOD_PARTS}
        assert package.bad_names == [name]


@pytest.mark.parametrize(
    "target", ["", "/", ".", "?x", "#x", "/aasx/..", "http://x/y", "/aasx/", f"/{65_530 * 'x'}"]
)
def test_an_origin_that_no_part_can_be_is_repaired(target: str) -> None:
    """The way to the part that is there is written again, and nothing gets a name that no part has."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            if name == "_rels/.rels":
                text = text.replace(b"/aasx/aasx-origin", target.encode())
            new.writestr(name, text)
    data = stream.getvalue()
    assert "AASX-004" in findings(data)
    repaired = repair("x.aasx", data=data)
    assert repaired.data is not None
    assert findings(repaired.data) == []
    assert names_of(aasx.read(repaired.data)) == names_of(aasx.read(GOOD))


def test_a_part_without_a_name_is_a_bad_name() -> None:
    stream = io.BytesIO(GOOD)
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr(zipfile.ZipInfo(""), b"x")
    assert "AASX-012" in findings(stream.getvalue())


def test_a_drive_of_windows_is_no_place_outside() -> None:
    manual = File(id_short="Manual", content_type="application/pdf", value="C:\\Users\\me\\m.pdf")
    assert "AASX-014" in findings(aasx.write(one_submodel(manual)))


def test_a_file_has_the_content_type_that_is_said() -> None:
    package = aasx.read(GOOD)
    part = package.add_file("plan.mtp", b"1", content_type="application/mtp")
    assert package.supplements[part].content_type == "application/mtp"
    assert package.add_file("plan.mtp", b"1", content_type="image/png") == part
    assert package.supplements[part].content_type == "application/mtp"
    assert package.add_file("x.mtp", b"2", reserved=["/aasx/files/x.mtp"]) == "/aasx/files/x-2.mtp"


def test_an_environment_that_cannot_be_unpacked_is_named() -> None:
    data = bytearray(GOOD)
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        (info,) = (each for each in archive.infolist() if each.filename.endswith("data.json"))
    start = info.header_offset + 30 + len(info.filename)
    data[start : start + 8] = bytes(255 - each for each in data[start : start + 8])
    with pytest.raises(MalformedDocumentError, match=info.filename) as raised:
        aasx.read(bytes(data))
    assert raised.value.part == f"/{info.filename}"
