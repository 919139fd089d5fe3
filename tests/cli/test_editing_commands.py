"""`set`, `merge`, `extract` and `diff` as a process: files are corrected, joined and compared."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from conftest import ROOT, nacre
from documents import numeric, reference, submodel, written
from nacre_aas import aasx, jsonization, opc, xmlization
from nacre_aas.examples import EXAMPLES, Package, content
from nacre_cli.exit_codes import ExitCode

EXAMPLES_DIR = ROOT / "examples"


def changes_of(changes: list[dict[str, str]]) -> list[dict[str, str]]:
    return [change for change in changes if "OperatingManual" not in change["path"]]


def test_set_writes_what_validates_and_keeps_the_rest(tmp_path: Path) -> None:
    source = str(EXAMPLES_DIR / "pump.json")
    package = str(tmp_path / "pump.aasx")
    assert nacre("export", source, "-o", package).returncode == 0
    manual = f"Nameplate/OperatingManual={EXAMPLES_DIR / 'manual.txt'}"
    assert nacre("set", package, "--file", manual).returncode == 0
    assert nacre("validate", package, "--fail-on", "warning").returncode == 0
    assert nacre("set", package, "TechnicalData/RatedSpeed=fast").returncode == ExitCode.FINDINGS
    assert nacre("set", package, "TechnicalData/RatedSpeed=3000").returncode == 0
    shown = nacre("show", package, "TechnicalData/RatedSpeed", "--value")
    assert shown.stdout == b"3000\n"
    taken = nacre("extract", package, "Nameplate/OperatingManual")
    assert taken.stdout == (EXAMPLES_DIR / "manual.txt").read_bytes()
    changed = json.loads(nacre("diff", source, package, "--json").stdout)["changes"]
    assert [change["path"].rpartition("/")[2] for change in changes_of(changed)] == ["RatedSpeed"]


def test_set_refuses_what_would_break_the_file(folder: Path) -> None:
    source = (EXAMPLES_DIR / "pump.json").read_bytes()
    (folder / "pump.json").write_bytes(source)
    for assignment in (
        "Nameplate/SerialNumber:idShort=1x",
        "Nameplate/SerialNumber:idShort=DateOfManufacture",
        "Nameplate/SerialNumber:valueType=xs:boolean",
        "Nameplate/ManufacturerName@no-such-language-é=x",
    ):
        result = nacre("set", "pump.json", assignment, cwd=folder)
        assert result.returncode == ExitCode.FINDINGS, assignment
        assert (folder / "pump.json").read_bytes() == source
    manual = nacre("set", "pump.json", "--file", "Nameplate/OperatingManual=good.json", cwd=folder)
    assert manual.returncode == ExitCode.USAGE


def test_set_keeps_every_part_and_relationship_of_a_package(folder: Path) -> None:
    parts = dict(EXAMPLES["AASX-019"].wrong.parts)
    parts["_rels/.rels"] = parts["_rels/.rels"].replace(
        "</Rel", '<Relationship Id="x" Type="http://example.com/custom" Target="/c/a.pdf"/></Rel'
    )
    parts |= {"c/a.pdf": "%PDF-1", "orphan.pdf": "%PDF-2"}
    with zipfile.ZipFile(folder / "multi.aasx", "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    done = nacre("set", "multi.aasx", "https://example.com/sm/1:idShort=Two", cwd=folder)
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(folder / "multi.aasx") as archive:
        assert set(archive.namelist()) == set(parts)
        for name in ("c/a.pdf", "orphan.pdf", "aasx/aasx-origin", "aasx/manual.pdf"):
            assert archive.read(name).decode() == parts[name]
        assert b"http://example.com/custom" in archive.read("_rels/.rels")
        assert b"<idShort>Two</idShort>" in archive.read("aasx/data.xml")
        assert b"Two" in archive.read("aasx/data.json")
        assert b"orphan" not in archive.read("aasx/_rels/data.json.rels")


def test_diff_refuses_what_it_cannot_compare_and_sees_doubles(folder: Path) -> None:
    (folder / "one.json").write_bytes(content(EXAMPLES["SER-011"].wrong))
    assert nacre("diff", "one.json", "one.json", cwd=folder).returncode == ExitCode.NO_VERDICT
    (folder / "two.json").write_bytes(content(EXAMPLES["MET-020"].wrong))
    (folder / "three.json").write_bytes(content(EXAMPLES["MET-020"].right))
    result = nacre("diff", "two.json", "three.json", cwd=folder)
    assert result.returncode == ExitCode.FINDINGS
    assert b"removed" in result.stdout


def test_merge_joins_or_names_the_conflict(folder: Path) -> None:
    joined = nacre("merge", "good.json", "warned.json", "-o", "both.aasx", cwd=folder)
    assert joined.returncode == 0
    assert nacre("validate", "both.aasx", cwd=folder).returncode == 0
    conflict = nacre("merge", "warned.json", "good.aasx", "-o", "x.json", cwd=folder)
    assert conflict.returncode == ExitCode.FINDINGS
    assert b"conflict" in conflict.stderr
    assert not (folder / "x.json").exists()


def test_what_gets_a_new_name_keeps_its_references(tmp_path: Path) -> None:
    source = str(EXAMPLES_DIR / "pump.json")
    changed = tmp_path / "changed.json"
    done = nacre("set", source, "Nameplate:id=urn:plate", "Nameplate:idShort=P", "-o", str(changed))
    assert done.returncode == 0, done.stderr
    assert b"2 changes, 1 reference followed" in done.stderr
    judged = nacre("validate", str(changed), "--fail-on", "warning")
    assert judged.returncode == 0, judged.stdout
    shown = nacre("show", str(changed)).stdout
    assert b"not in this file" not in shown


def test_set_says_which_reference_now_leads_nowhere(tmp_path: Path) -> None:
    source = str(EXAMPLES_DIR / "pump.json")
    done = nacre("set", source, "--remove", "Nameplate/SerialNumber", "-o", "x.json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert nacre("show", "x.json", "Nameplate/SerialNumber", cwd=tmp_path).returncode == 1
    for path in ("Nameplate/Nothing", "Nameplate/SerialNumber:idShort", "Nothing"):
        refused = nacre("set", source, "--remove", path, "-o", "y.json", cwd=tmp_path)
        assert refused.returncode == ExitCode.FINDINGS, path
        assert not (tmp_path / "y.json").exists()


@pytest.mark.parametrize("bare", [True, False])
def test_a_patch_fits_the_file_that_it_is_made_for(tmp_path: Path, bare: bool) -> None:
    before, after = submodel("urn:s", numeric("P", "1")), submodel("urn:s", numeric("P", "2"))
    for name, one in (("a.json", before), ("b.json", after)):
        if bare:
            (tmp_path / name).write_text(json.dumps(one), "utf-8")
        else:
            written(tmp_path / name, one)
    done = nacre("diff", "a.json", "b.json", "--format", "patch", cwd=tmp_path)
    (operation,) = json.loads(done.stdout)
    where = "/submodelElements/0/value"
    assert operation == {
        "op": "replace",
        "path": where if bare else f"/submodels/0{where}",
        "value": "2",
    }


def test_a_patch_says_which_files_it_cannot_hold(folder: Path) -> None:
    parts: dict[str, Any] = {**EXAMPLES["AASX-002"].right.parts, "aasx/manual.pdf": "%PDF-2"}
    (folder / "new.aasx").write_bytes(content(EXAMPLES["AASX-002"].right._replace(parts=parts)))
    done = nacre("diff", "good.aasx", "new.aasx", "--format", "patch", cwd=folder)
    assert done.returncode == ExitCode.FINDINGS
    assert json.loads(done.stdout) == []
    assert b"changed file /aasx/manual.pdf" in done.stderr


def test_what_another_format_cannot_hold_is_listed_as_it_stands_in_the_file(
    tmp_path: Path,
) -> None:
    old = submodel("urn:s", numeric("P", "1", supplementalSemanticIds=[reference("urn:x")]))
    old["createdAt"] = "2026-01-01T00:00:00Z"
    source = written(tmp_path / "x.json", old)
    done = nacre("export", source, "--to", "json", "--metamodel", "3.0")
    listed = [line for line in done.stderr.decode().splitlines() if line.startswith("  ")]
    assert listed
    assert all(line.strip().startswith("/submodels/0") for line in listed), listed


def test_set_keeps_the_format_of_the_file(folder: Path) -> None:
    done = nacre("set", "good.aasx", "--remove", "Nothing", "-o", "x.json", cwd=folder)
    assert done.returncode == ExitCode.USAGE
    assert b"`nacre export` changes the format" in done.stderr
    assert nacre("set", "good.json", "X=1", "-o", "x.ttl", cwd=folder).returncode == ExitCode.USAGE
    pump = (EXAMPLES_DIR / "pump.json").read_bytes()
    (folder / "named.otherwise").write_bytes(pump)
    given = ("Nameplate/SerialNumber=1", "Nameplate/ManufacturerName@de=A")
    assert nacre("set", "named.otherwise", *given, cwd=folder).returncode == 0
    shown = nacre("show", "named.otherwise", "Nameplate/ManufacturerName@de", cwd=folder)
    assert shown.stdout == b"A\n"


def test_a_blob_needs_no_package(tmp_path: Path) -> None:
    blob = {"modelType": "Blob", "idShort": "B", "contentType": "text/plain"}
    written(tmp_path / "x.json", submodel("urn:s", blob))
    (tmp_path / "a.txt").write_bytes(b"abc")
    done = nacre("set", "x.json", "--file", "SM/B=a.txt", "-o", "y.json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert nacre("extract", "y.json", "SM/B", cwd=tmp_path).stdout == b"abc"


def test_the_thumbnail_is_put_in_and_taken_out_by_one_path(tmp_path: Path) -> None:
    source = str(EXAMPLES_DIR / "pump.json")
    (tmp_path / "a.png").write_bytes(b"PNG")
    path = "Pump4711:assetInformation.defaultThumbnail"
    done = nacre("set", source, "--file", f"{path}=a.png", "-o", "p.aasx", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert nacre("extract", "p.aasx", path, cwd=tmp_path).stdout == b"PNG"


def test_a_bare_file_is_not_emptied(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text(json.dumps(submodel("urn:s", numeric("P", "1"))), "utf-8")
    done = nacre("set", "x.json", "--remove", "SM", cwd=tmp_path)
    assert done.returncode == ExitCode.FINDINGS
    assert b"nothing would be left" in done.stderr


def test_an_edit_leaves_the_layout_of_a_file(tmp_path: Path) -> None:
    text = """{
    "submodels": [
        {
            "idShort": "Pump",
            "modelType": "Submodel",
            "submodelElements": [
                {
                    "value": "1",
                    "valueType": "xs:int",
                    "idShort": "Speed",
                    "modelType": "Property"
                },
                {
                    "modelType": "Capability",
                    "idShort": "Pumping"
                }
            ],
            "id": "urn:pump"
        }
    ],
    "assetAdministrationShells": [
        {
            "id": "urn:shell",
            "modelType": "AssetAdministrationShell",
            "assetInformation": {
                "globalAssetId": "urn:asset",
                "assetKind": "Instance"
            }
        }
    ]
}
"""
    (tmp_path / "a.json").write_text(text, "utf-8")
    done = nacre("set", "a.json", "Pump/Speed=2", "-o", "b.json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "b.json").read_text("utf-8") == text.replace('"value": "1"', '"value": "2"')
    done = nacre("set", "a.json", "--remove", "Pump/Speed", "-o", "c.json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    start, end = (
        text.index('                {\n                    "value"'),
        text.index("},\n                {"),
    )
    assert (tmp_path / "c.json").read_text("utf-8") == text[:start] + text[end + 3 :]


SWAP = {
    "submodels": [
        {
            "modelType": "Submodel",
            "id": f"urn:{number}",
            "idShort": "Pump",
            "submodelElements": [
                {"modelType": "Property", "idShort": name, "valueType": "xs:int", "value": "1"}
                for name in ("Aa", "Bb")
            ],
        }
        for number in (1, 2)
    ]
}


def test_names_are_not_exchanged_through_a_moment_with_two_of_one_name(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps(SWAP), "utf-8")
    swap = ("set", "a.json", "urn:1/Aa:idShort=Bb", "urn:1/Bb:idShort=Aa", "-o", "b.json")
    done = nacre(*swap, cwd=tmp_path)
    assert done.returncode == 1
    assert b"there is a `Bb` already" in done.stderr
    assert nacre("set", "a.json", "urn:1:id=urn:2", "-o", "b.json", cwd=tmp_path).returncode == 1


def _package_of_two(folder: Path, value: str) -> None:
    """A package with an environment in each of two folders, which names a file beside it."""
    document = json.dumps(
        {
            "submodels": [
                {
                    "modelType": "Submodel",
                    "id": "urn:NAME",
                    "idShort": "Pump",
                    "submodelElements": [
                        {
                            "modelType": "File",
                            "idShort": "Manual",
                            "contentType": "application/pdf",
                            "value": value,
                        }
                    ],
                }
            ]
        }
    )
    good = EXAMPLES["AASX-002"].right.parts
    rels = good["aasx/_rels/data.json.rels"]
    specifications = "".join(
        f'<Relationship Id="{name}" Type="{aasx.SPECIFICATION}" Target="/aasx/{name}/data.json"/>'
        for name in ("one", "two")
    )
    parts = {
        "[Content_Types].xml": good["[Content_Types].xml"],
        "_rels/.rels": good["_rels/.rels"],
        "aasx/aasx-origin": "",
        "aasx/_rels/aasx-origin.rels": (
            f'<Relationships xmlns="{opc.RELATIONSHIPS}">{specifications}</Relationships>'
        ),
    }
    for name in ("one", "two"):
        parts[f"aasx/{name}/data.json"] = document.replace("NAME", name)
        parts[f"aasx/{name}/manual.pdf"] = f"%PDF-{name}"
        parts[f"aasx/{name}/_rels/data.json.rels"] = rels.replace(
            "/aasx/manual.pdf", f"/aasx/{name}/manual.pdf"
        )
    (folder / "two.aasx").write_bytes(content(Package(parts)))


def test_files_beside_their_environments_stay_theirs(tmp_path: Path) -> None:
    _package_of_two(tmp_path, "manual.pdf")
    assert nacre("validate", "two.aasx", cwd=tmp_path).returncode == 0
    for command in (
        ("export", "two.aasx", "--to", "aasx", "--strict", "-o", "new.aasx"),
        ("merge", "two.aasx", "-o", "new.aasx"),
    ):
        done = nacre(*command, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        for file in ("two.aasx", "new.aasx"):
            for name in ("one", "two"):
                manual = nacre("extract", file, f"urn:{name}/Manual", cwd=tmp_path)
                assert manual.stdout == f"%PDF-{name}".encode(), manual.stderr
        judged = nacre("validate", "new.aasx", "--json", cwd=tmp_path)
        assert json.loads(judged.stdout)["findings"] == []
        (tmp_path / "new.aasx").unlink()


def test_a_path_that_leads_to_two_documents_is_ambiguous(tmp_path: Path) -> None:
    _package_of_two(tmp_path, "manual.pdf")
    (tmp_path / "x.pdf").write_bytes(b"%PDF-x")
    for edit in (
        ("Pump/Manual:category=x",),
        ("--remove", "Pump/Manual"),
        ("--file", "Pump/Manual=x.pdf"),
    ):
        done = nacre("set", "two.aasx", *edit, "-o", "new.aasx", cwd=tmp_path)
        assert done.returncode == 1
        assert b"is ambiguous" in done.stderr


def test_a_patch_does_not_pretend_to_fit_a_list(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps(SWAP["submodels"]), "utf-8")
    (tmp_path / "b.json").write_text(json.dumps(SWAP["submodels"]).replace('"1"', '"2"'), "utf-8")
    done = nacre("diff", "a.json", "b.json", "--format", "patch", cwd=tmp_path)
    assert done.returncode == 2
    assert b"is a list or a page" in done.stderr


def test_the_layout_is_kept_in_lists_without_names_and_no_bomb(tmp_path: Path) -> None:
    member = {
        "value": [{"idShort": "Aa", "modelType": "Capability"}],
        "modelType": "SubmodelElementCollection",
    }
    other = {
        "value": [{"idShort": "Bb", "modelType": "Capability"}],
        "modelType": "SubmodelElementCollection",
    }
    steps = {
        "value": [member, other],
        "idShort": "Steps",
        "typeValueListElement": "SubmodelElementCollection",
        "modelType": "SubmodelElementList",
    }
    document = {
        "submodels": [
            {"submodelElements": [steps], "id": "urn:s", "idShort": "Sub", "modelType": "Submodel"}
        ]
    }
    text = json.dumps(document, indent="\t").replace("\n", "\r\n")
    (tmp_path / "a.json").write_bytes(text.encode())
    done = nacre("set", "a.json", "--remove", "Sub/Steps[0]", "-o", "b.json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    steps["value"] = [other]
    expected = json.dumps(document, indent="\t").replace("\n", "\r\n")
    assert (tmp_path / "b.json").read_bytes() == expected.encode()
    (tmp_path / "c.json").write_bytes(text.encode().replace(b"\r\n\t", b"\n" + b" " * 100_000, 1))
    done = nacre("set", "c.json", "--remove", "Sub/Steps[0]", "-o", "d.json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "d.json").stat().st_size < 10_000


def test_the_way_into_a_file_stays_with_its_path(tmp_path: Path) -> None:
    _package_of_two(tmp_path, "manual.pdf#page=3")
    done = nacre("export", "two.aasx", "--to", "aasx", "-o", "new.aasx", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    shown = nacre("show", "new.aasx", "urn:one/Manual", "--value", cwd=tmp_path)
    assert shown.stdout == b"/aasx/one/manual.pdf#page=3\n"
    for name in ("one.json", "two.json"):
        done = nacre("export", "two.aasx", "--to", "json", "-o", name, cwd=tmp_path)
    done = nacre("merge", "two.aasx", "one.json", "-o", "both.aasx", cwd=tmp_path)
    assert done.returncode == 0, done.stderr


def _faulty(folder: Path, **changes: Any) -> Path:
    """A file with one property that cannot all be read: `changes` are put into its JSON."""
    speed = {"modelType": "Property", "idShort": "Speed", "valueType": "xs:int", "value": "9"}
    said = {name: value for name, value in (speed | changes).items() if value is not ...}
    path = folder / "faulty.json"
    written(path, submodel("urn:s", said, numeric("Other", "1")))
    return path


@pytest.mark.parametrize(
    ("changes", "edit"),
    [
        ({"valueType": ...}, "SM/Speed:valueType=xs:int"),
        ({"valueType": "integer"}, "SM/Speed:valueType=xs:int"),
        ({"value": 9}, "SM/Speed=10"),
        ({"semanticId": {"type": "ExternalReference", "keys": []}}, "-SM/Speed:semanticId"),
        ({"description": [{"language": "en", "text": ""}]}, "SM/Speed:description@en=fast"),
    ],
)
def test_what_could_not_be_understood_can_be_set(
    tmp_path: Path, changes: dict[str, Any], edit: str
) -> None:
    path = _faulty(tmp_path, **changes)
    given = ["--remove", edit[1:]] if edit[0] == "-" else [edit]
    assert nacre("set", str(path), *given, "-o", str(tmp_path / "o.json")).returncode == 0
    assert b"null" not in (tmp_path / "o.json").read_bytes()
    assert nacre("validate", str(tmp_path / "o.json")).returncode == ExitCode.OK


@pytest.mark.parametrize("edit", ["SM/Other=2", "SM/Speed:idShort=Pace"])
def test_what_could_not_be_understood_is_not_lost_by_another_edit(
    tmp_path: Path, edit: str
) -> None:
    path = _faulty(tmp_path, value=9)
    before = path.read_bytes()
    assert nacre("set", str(path), edit).returncode == ExitCode.FINDINGS
    assert path.read_bytes() == before
    shell = {"modelType": "Property", "idShort": 5}
    written(path, submodel("urn:s", "no element", numeric("Other", "1")), extra=[shell])  # type: ignore[arg-type]
    assert nacre("set", str(path), "SM/Other=2").returncode == ExitCode.FINDINGS


def test_what_can_be_compared_of_faulty_files_is(tmp_path: Path) -> None:
    path = str(_faulty(tmp_path, value=9))
    assert nacre("diff", path, path).returncode == ExitCode.NO_VERDICT
    good = written(tmp_path / "good.json", submodel("urn:s", numeric("Other", "1")))
    done = nacre("diff", path, good)
    assert done.returncode == ExitCode.FINDINGS
    assert b"SM/Speed" in done.stdout or b"urn:s/Speed" in done.stdout
    assert b"may be missing here" in done.stderr


def test_elements_in_the_wrong_order_are_compared(tmp_path: Path) -> None:
    head = '<environment xmlns="https://admin-shell.io/aas/3/1"><submodels><submodel>'
    parts = ["<idShort>Data</idShort>", "<id>urn:s</id>"]
    for name, order in (("a.xml", parts), ("b.xml", parts[::-1])):
        text = f"{head}{''.join(order)}</submodel></submodels></environment>"
        (tmp_path / name).write_text(text, "utf-8")
    assert nacre("diff", "a.xml", "b.xml", cwd=tmp_path).returncode == ExitCode.OK


def test_overwriting_does_not_mean_leaving_out(tmp_path: Path) -> None:
    path, out = str(_faulty(tmp_path, value=9)), tmp_path / "o.json"
    to_json = ("export", path, "--to", "json", "-o", str(out))
    assert nacre(*to_json, "--force").returncode == ExitCode.FINDINGS
    assert not out.exists()
    assert nacre(*to_json, "--lossy").returncode == ExitCode.OK
    assert nacre("validate", str(out)).returncode == ExitCode.OK


def test_of_what_has_no_name_nothing_is_found(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text('{"submodels": [{"modelType": "Submodel"}]}', "utf-8")
    assert nacre("extract", str(path), "Nope").returncode == ExitCode.FINDINGS
    assert nacre("show", str(path), "Nope").returncode == ExitCode.FINDINGS


@pytest.mark.parametrize(
    ("changes", "edit"),
    [
        ({"description": {"language": "en", "text": "kept"}}, "SM/Speed:description@de=x"),
        ({"qualifiers": {"type": "q1"}}, "SM/Speed:qualifiers[q3].value=7"),
        ({"valueType": "integer"}, "SM/Speed=5"),
        ({"valueType": ...}, "SM/Speed=5"),
    ],
)
def test_a_part_that_is_set_is_not_the_whole(
    tmp_path: Path, changes: dict[str, Any], edit: str
) -> None:
    path = _faulty(tmp_path, **changes)
    before = path.read_bytes()
    done = nacre("set", str(path), edit)
    assert done.returncode == ExitCode.FINDINGS, done.stderr
    assert path.read_bytes() == before


def test_of_members_without_names_none_goes_unseen(tmp_path: Path) -> None:
    def member(value: Any) -> dict[str, Any]:
        return {"modelType": "Property", "valueType": "xs:string", "value": value}

    many = {
        "modelType": "SubmodelElementList",
        "idShort": "Many",
        "typeValueListElement": "Property",
        "valueTypeListElement": "xs:string",
        "value": [member("0"), member(5), member("2")],
    }
    path = tmp_path / "x.json"
    written(path, submodel("urn:s", many))
    before = path.read_bytes()
    assert nacre("set", str(path), "--remove", "SM/Many[0]").returncode == ExitCode.FINDINGS
    assert path.read_bytes() == before


def test_deep_content_with_the_word_null_is_written(tmp_path: Path) -> None:
    inner: dict[str, Any] = {
        "modelType": "Property",
        "idShort": "Deep",
        "valueType": "xs:string",
        "value": '{"x":null}',
    }
    for at in range(300):
        inner = {"modelType": "SubmodelElementCollection", "idShort": f"C{at}", "value": [inner]}
    path = written(tmp_path / "deep.json", submodel("urn:s", inner))
    assert nacre("export", path, "--to", "json", "-o", str(tmp_path / "o.json")).returncode == 0
    assert b'"x\\":null' in (tmp_path / "o.json").read_bytes()


def test_comments_in_xml_are_not_left_out_silently(tmp_path: Path) -> None:
    content = {"submodels": [submodel("urn:x", numeric("Speed", "1"))]}
    plain = xmlization.dumps(jsonization.loads(json.dumps(content).encode()))
    commented = plain.replace(b"<submodels>", b"<!-- a --><submodels>") + b"<!-- b -->"
    (tmp_path / "a.xml").write_bytes(commented)
    for command in ("export a.xml --to xml -o b.xml", "merge a.xml -o c.json"):
        done = nacre(*command.split(), cwd=tmp_path)
        assert (done.returncode, b"a.xml: 2 XML comments" in done.stderr) == (0, True)
    refused = nacre("export", "a.xml", "--to", "json", "--strict", cwd=tmp_path)
    assert refused.returncode == ExitCode.FINDINGS
    assert b"comment" not in nacre("export", "b.xml", "--to", "json", cwd=tmp_path).stderr


@pytest.mark.parametrize(
    "text",
    [
        "<submodelElements>{0}</submodelElements><submodelElements>{1}</submodelElements>",
        "<submodelElements>important{0}{1}</submodelElements>",
    ],
)
def test_a_change_below_what_was_not_understood_does_not_lose_the_rest(
    tmp_path: Path, text: str
) -> None:
    elements = (
        f"<property><idShort>{name}</idShort><valueType>xs:int</valueType><value>1</value></property>"
        for name in ("First", "Second")
    )
    head = '<environment xmlns="https://admin-shell.io/aas/3/1"><submodels><submodel><idShort>SM</idShort>'
    tail = "</submodel></submodels></environment>"
    path = tmp_path / "a.xml"
    path.write_text(f"{head}<id>urn:s</id>{text.format(*elements)}{tail}", "utf-8")
    before = path.read_bytes()
    assert nacre("set", str(path), "SM/First=2").returncode == ExitCode.FINDINGS
    assert path.read_bytes() == before


def test_a_reference_that_was_not_understood_is_set_as_a_whole(tmp_path: Path) -> None:
    meaning = "SM/Speed:semanticId=urn:speed"
    for faulty in (5, {"type": "ExternalReference", "keys": []}):
        path = str(_faulty(tmp_path, semanticId=faulty))
        assert nacre("set", path, meaning).returncode == ExitCode.OK
        assert nacre("validate", path).returncode == ExitCode.OK
    for text in ({"language": "en", "text": "fast"}, "fast"):
        path = str(_faulty(tmp_path, description=text))
        done = nacre("set", path, "SM/Speed:description@de=schnell")
        assert done.returncode == ExitCode.FINDINGS


@pytest.mark.parametrize("variable", [{"value": 5}, {}])
def test_a_variable_without_its_element_is_compared_as_none(
    tmp_path: Path, variable: dict[str, Any]
) -> None:
    for name, given in (("a.json", variable), ("b.json", {"value": numeric("In", "1")})):
        operation = {"modelType": "Operation", "idShort": "Op", "inputVariables": [given]}
        written(tmp_path / name, submodel("urn:s", operation))
    done = nacre("diff", "a.json", "b.json", cwd=tmp_path)
    assert (done.returncode, b"added" in done.stdout) == (ExitCode.FINDINGS, True)


def test_several_positions_are_removed_as_they_stand_in_the_file(tmp_path: Path) -> None:
    members = [
        {key: value for key, value in numeric("x", str(at)).items() if key != "idShort"}
        for at in range(11)
    ]
    listed = {
        "modelType": "SubmodelElementList",
        "idShort": "Li",
        "typeValueListElement": "Property",
        "valueTypeListElement": "xs:double",
        "value": members,
    }
    path = written(tmp_path / "a.json", submodel("urn:s", listed))
    removed = [part for at in (2, 0, 10) for part in ("--remove", f"SM/Li[{at}]")]
    assert nacre("set", path, *removed).returncode == ExitCode.OK
    (element,) = json.loads(Path(path).read_bytes())["submodels"][0]["submodelElements"]
    assert [each["value"] for each in element["value"]] == list("13456789")
    path = written(tmp_path / "b.json", submodel("4711"), submodel("urn:x", listed))
    removed = ["--remove", "4711", "--remove", "urn:x/Li[1]", "--remove", "urn:x/Li[1]"]
    assert nacre("set", path, *removed).returncode == ExitCode.OK
    (left,) = json.loads(Path(path).read_bytes())["submodels"]
    assert len(left["submodelElements"][0]["value"]) == 10


def test_where_a_file_cannot_be_read_every_format_says_where(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{\n "submodels": [}', "utf-8")
    done = nacre("validate", "a.json", "--format", "github", cwd=tmp_path)
    assert b"file=a.json,line=2,col=" in done.stdout
    run = json.loads(nacre("validate", "a.json", "--format", "sarif", cwd=tmp_path).stdout)["runs"][
        0
    ]
    (note,) = run["invocations"][0]["toolExecutionNotifications"]
    assert note["locations"][0]["physicalLocation"]["region"]["startLine"] == 2
