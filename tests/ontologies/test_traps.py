"""Graph files that trap a reader: nested without end, growing without end, marked at the beginning."""

from pathlib import Path

import pytest

from conftest import nacre
from nacre_ontologies import rdf
from nacre_ontologies.formats import Format
from nacre_ontologies.sources import open_source

_RDF = b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("deep.jsonld", b'{"@id":"urn:a","urn:p":' * 5000 + b"1" + b"}" * 5000),
        ("bomb.rdf", b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + _RDF + b">&b;</rdf:RDF>"),
        ("deep.rdf", _RDF + b' xmlns:p="urn:p:">' + b"<rdf:Description><p:q>" * 4000 + b"</p:q></rdf:Description>" * 4000 + b"</rdf:RDF>"),
    ],
)  # fmt: skip
def test_traps_for_parsers_end_in_one_line(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    for command in ("validate", "shacl"):
        done = nacre(command, str(path))
        assert done.returncode in (0, 3), (command, done)
        assert b"Traceback" not in done.stderr + done.stdout
    assert nacre("validate", str(path)).returncode == 3


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "x.ttl"
    path.write_bytes(b"\xef\xbb\xbf<urn:a> <urn:b> 1 .")
    assert len(list(rdf.parse(path.read_bytes(), Format.TURTLE))) == 1
    assert len(list(open_source(str(path)).quads())) == 1
