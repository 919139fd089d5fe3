"""Dictionaries of concepts: a file that is none is refused."""

from pathlib import Path

import pytest

from nacre_aas.errors import InputError
from nacre_ontologies import dictionary


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"{}"])
def test_what_is_no_dictionary_is_refused(tmp_path: Path, content: bytes) -> None:
    for name in ("x.csv", "x.json"):
        path = tmp_path / name
        path.write_bytes(content)
        if name == "x.csv" and content == b"{}":
            continue
        with pytest.raises(InputError):
            dictionary.load([str(path)])


def test_an_endless_cell_is_no_dictionary(tmp_path: Path) -> None:
    path = tmp_path / "d.csv"
    path.write_text("x" * 200_000, "utf-8")
    with pytest.raises(InputError, match="no table"):
        dictionary.load([str(path)])


def test_codes_are_identifiers_too(tmp_path: Path) -> None:
    path = tmp_path / "d.csv"
    path.write_text("AAO677;mm\nAAB123;kg\n", "utf-8")
    assert len(dictionary.load([str(path)])) == 2


@pytest.mark.parametrize(
    "text",
    ["<xml", '{"conceptDescriptions": []}', "Dear reader,\nnot an id: at all", "identifier,unit"],
)
def test_any_text_is_no_dictionary(tmp_path: Path, text: str) -> None:
    path = tmp_path / "d.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(InputError):
        dictionary.load([str(path)])


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (["mm", "kg"], (None, "mm or kg")),
        (["mm", "kg", "kg"], (None, "mm or kg")),
        (["mm", "kg", ""], (None, "mm or kg")),
        (["mm", "mm"], ("mm", None)),
        (["mm", ""], ("mm", None)),
        (["", "mm"], ("mm", None)),
    ],
)
def test_a_concept_with_two_units_binds_nothing(
    tmp_path: Path, rows: list[str], expected: tuple[str | None, str | None]
) -> None:
    path = tmp_path / "d.csv"
    path.write_text("".join(f"0173-1#02-AAA000#001;{each}\n" for each in rows), "utf-8")
    found = dictionary.load([str(path)]).resolve("0173-1#02-AAA000#001")
    assert found is not None
    unit = found.concept.unit
    assert (unit and unit.symbol, found.concept.unknown) == expected
