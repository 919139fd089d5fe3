"""What a package must not get away with that carries evidence: found, and the exit code says so."""

import json
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from ledgers import ASSET, Run

from nacre_cli.exit_codes import ExitCode

Parts = list[tuple[str, bytes]]
EVIDENCE = "nacre/evidence.json"
DATA = "aasx/data.json"
ORIGIN_ARROWS = "aasx/_rels/aasx-origin.rels"


@pytest.fixture
def packed(shop: Run, tmp_path: Path) -> Parts:
    """The parts of a package with sound evidence."""
    assert (tmp_path / "packed.aasx").is_file(), shop
    return parts_of(tmp_path / "packed.aasx")


def parts_of(path: Path) -> Parts:
    with zipfile.ZipFile(path) as package:
        return [(name, package.read(name)) for name in package.namelist()]


def write(path: Path, parts: Parts) -> None:
    with zipfile.ZipFile(path, "w") as package, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of two parts of one name
        for name, content in parts:
            package.writestr(zipfile.ZipInfo(name), content)


def edited(parts: Parts, name: str, change: Callable[[bytes], bytes]) -> Parts:
    assert any(each == name for each, _ in parts)
    return [(each, change(content) if each == name else content) for each, content in parts]


def evil(content: bytes) -> bytes:
    changed = content.replace(b'"4711"', b'"6666"')
    assert changed != content
    return changed


def with_second_specification(parts: Parts) -> Parts:
    content = dict(parts)[DATA]
    origin = next(name for name, _ in parts if name.endswith("aasx-origin.rels"))
    arrow = b'<Relationship Id="x9" Type="http://admin-shell.io/aasx/relationships/aas-spec" Target="/aasx/d2.json"/>'
    linked = edited(parts, origin, lambda text: text.replace(b"</Rel", arrow + b"</Rel"))
    return [*linked, ("aasx/d2.json", evil(content))]


@pytest.mark.parametrize(
    "change",
    [
        lambda parts: edited(parts, DATA, evil),
        lambda parts: [(DATA, evil(dict(parts)[DATA])), *parts],
        with_second_specification,
        lambda parts: edited(
            parts, EVIDENCE, lambda text: json.dumps(_doubled(json.loads(text))).encode()
        ),
        lambda parts: edited(
            parts, EVIDENCE, lambda text: text.replace(b'"note":', b'"note": "x", "note":')
        ),
        lambda parts: [*parts, ("nacre/notes.json", b"{}")],
        lambda parts: edited(parts, ORIGIN_ARROWS, _led_out),
        lambda parts: [each for each in parts if each[0] != ORIGIN_ARROWS],
        lambda parts: [each for each in parts if each[0] != "_rels/.rels"],
    ],
    ids=[
        "edited",
        "second part of one name",
        "second specification",
        "shown twice",
        "key twice",
        "another part beside the evidence",
        "led out of the package",
        "without a way to the content",
        "without a way to the origin",
    ],
)
def test_a_package_that_was_tampered_with(
    shop: Run,
    packed: Parts,
    tmp_path: Path,
    change: Callable[[Parts], Parts],
) -> None:
    assert shop("verify", "packed.aasx", "--trust", "trust.toml").returncode == ExitCode.OK
    write(tmp_path / "evil.aasx", change(packed))
    result = shop("verify", "evil.aasx", "--trust", "trust.toml")
    assert result.returncode == ExitCode.EVIDENCE, result.stdout + result.stderr


def _led_out(arrows: bytes) -> bytes:
    inside, outside = (
        b'"/aasx/data.json"',
        b'"https://evil.example/data.json" TargetMode="External"',
    )
    assert inside in arrows
    return arrows.replace(inside, outside)


def test_what_no_digest_covers_is_not_verified(shop: Run, packed: Parts, tmp_path: Path) -> None:
    def add(content: bytes) -> bytes:
        return content.replace(b'"4711"', b'"4711", "Value": "4712"', 1)

    changed = edited(packed, DATA, add)
    assert changed != packed
    write(tmp_path / "more.aasx", changed)
    result = shop("verify", "more.aasx", "--trust", "trust.toml")
    assert result.returncode == ExitCode.NO_VERDICT
    assert b"LED-026" in result.stdout
    assert b"`Value`" in result.stdout


def _doubled(evidence: dict[str, list[object]]) -> dict[str, list[object]]:
    evidence["entries"].append(evidence["entries"][-1])
    return evidence


def showing(shop: Run, packed: Parts, tmp_path: Path, *asked: str) -> Parts:
    """The package with the evidence that `ledger prove` makes when it is asked so."""
    assert shop("ledger", "prove", *asked, "-o", "one.json").returncode == ExitCode.OK
    return edited(packed, EVIDENCE, lambda _: (tmp_path / "one.json").read_bytes())


def test_a_digest_that_is_shown_covers_the_package_that_it_came_from(
    shop: Run, packed: Parts, tmp_path: Path
) -> None:
    shown = showing(shop, packed, tmp_path, "0", "--field", "twin.after")
    write(tmp_path / "good.aasx", shown)
    write(tmp_path / "evil.aasx", edited(shown, DATA, evil))
    assert shop("verify", "good.aasx", "--trust", "trust.toml").returncode == ExitCode.OK
    result = shop("verify", "evil.aasx", "--trust", "trust.toml")
    assert result.returncode == ExitCode.EVIDENCE
    assert b"LED-013" in result.stdout


def test_evidence_that_says_nothing_about_the_content_establishes_nothing(
    shop: Run,
    packed: Parts,
    tmp_path: Path,
) -> None:
    write(tmp_path / "note.aasx", showing(shop, packed, tmp_path, "1", "--field", "note"))
    for trust in ("trust.toml", "none"):
        result = shop("verify", "note.aasx", "--trust", trust)
        assert result.returncode == ExitCode.NO_VERDICT
        assert b"LED-026" in result.stdout


def test_evidence_about_another_asset_is_none(
    shop: Run,
    packed: Parts,
    tmp_path: Path,
) -> None:
    other = ("ledger", "record", "--asset", "urn:other", "--activity", "repair", "--key", "tech-07")
    assert shop(*other).returncode == 0
    assert shop("ledger", "checkpoint").returncode == 0
    write(tmp_path / "other.aasx", showing(shop, packed, tmp_path, "2"))
    result = shop("verify", "other.aasx", "--trust", "trust.toml")
    assert result.returncode == ExitCode.EVIDENCE
    assert b"`urn:other`" in result.stdout


@pytest.mark.parametrize("content", ["{", "[" * 100_000, "7", ""])
def test_an_element_that_cannot_be_read_is_broken_evidence(
    shop: Run,
    tmp_path: Path,
    content: str,
) -> None:
    element = ("--element", "Nameplate/SerialNumber")
    assert shop("ledger", "prove", "0", *element, "-o", "one.json").returncode == 0
    document = json.loads((tmp_path / "one.json").read_text("utf-8"))
    for place in (document["entries"][0]["element"], document["entries"][0]["element"]["steps"][0]):
        kept, place["content"] = place["content"], content
        (tmp_path / "bad.json").write_text(json.dumps(document), "utf-8")
        place["content"] = kept
        result = shop("verify", "bad.json", "--trust", "trust.toml")
        assert result.returncode == ExitCode.EVIDENCE, result.stderr


def test_the_last_version_of_a_twin_is_the_one_that_happened_last(
    shop: Run,
    tmp_path: Path,
) -> None:
    """A version that is recorded later, but was there earlier, changes nothing."""
    assert shop("set", "pump.aasx", "Nameplate/SerialNumber=1", "-o", "old.aasx").returncode == 0
    record = ("ledger", "record", "--asset", ASSET, "--key", "tech-07", "--activity", "twin-update")
    old = ("--update", "old.aasx", "--when", "2020-01-01T00:00:00Z")
    assert shop(*record, *old).returncode == 0
    assert shop("ledger", "checkpoint").returncode == 0
    assert shop("ledger", "at", ASSET, "2999-01-01", "--twin", "last.aasx").returncode == 0
    assert (tmp_path / "last.aasx").read_bytes() == (tmp_path / "pump.aasx").read_bytes()
    assert shop("ledger", "embed", "last.aasx", "-o", "with.aasx").returncode == 0
    assert shop("verify", "with.aasx", "--trust", "trust.toml").returncode == ExitCode.OK
    twin = ("--twin", "last.aasx", "--trust", "trust.toml")
    assert shop("ledger", "audit", ASSET, *twin).returncode == ExitCode.OK


@pytest.mark.parametrize(
    "witnesses", ["threshold = 2\nkeys = [K, K]", "threshold = -1\nkeys = []", "threshold = 1"]
)
def test_a_trust_file_that_cannot_be_meant_so_is_refused(
    shop: Run,
    tmp_path: Path,
    witnesses: str,
) -> None:
    text = (tmp_path / "trust.toml").read_text("utf-8")
    key = json.dumps(json.loads(shop("ledger", "prove", "0").stdout)["logKey"])
    (tmp_path / "bad.toml").write_text(
        text.partition("[witness]")[0] + "\n[witness]\n" + witnesses.replace("K", key), "utf-8"
    )
    result = shop("ledger", "verify", "--trust", "bad.toml")
    assert result.returncode == ExitCode.NO_VERDICT
    assert b"witness" in result.stderr
