"""RDF files, read and written by pyoxigraph, which keeps literals as they are."""

import codecs
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import IO, Any

import pyoxigraph as ox

from nacre_aas.errors import LimitExceededError, MalformedDocumentError
from nacre_aas.versions import Metamodel
from nacre_ontologies.formats import Format
from nacre_ontologies.identifiers import ID
from nacre_ontologies.terms import NAMESPACES, PREFIXES

_FORMATS = {
    Format.TURTLE: ox.RdfFormat.TURTLE,
    Format.TRIG: ox.RdfFormat.TRIG,
    Format.N_TRIPLES: ox.RdfFormat.N_TRIPLES,
    Format.N_QUADS: ox.RdfFormat.N_QUADS,
    Format.JSON_LD: ox.RdfFormat.JSON_LD,
    Format.RDF_XML: ox.RdfFormat.RDF_XML,
}


def parse(
    data: bytes | str | IO[bytes], format_: Format, *, base: str = ID, apart: bool = False
) -> Iterator[ox.Quad]:
    """The statements of a text or open file; relative IRIs are resolved against `base`.

    `apart` gives blank nodes names that no other text has.

    Raises:
        MalformedDocumentError: the text breaks the syntax of the format.
    """
    is_lines = format_ in (Format.N_TRIPLES, Format.N_QUADS)
    data = _without_mark(data)
    if format_ in (Format.JSON_LD, Format.RDF_XML):
        data = data.read() if not isinstance(data, (bytes, str)) else data
        _refuse_traps(data if isinstance(data, bytes) else data.encode(), format_)
    try:
        yield from ox.parse(
            data,
            format=_FORMATS[format_],
            base_iri=None if is_lines else base,
            rename_blank_nodes=apart,
        )
    except SyntaxError as error:
        raise _malformed(error, format_) from None
    except MemoryError:
        raise _too_long() from None
    except (ValueError, OSError) as error:
        raise MalformedDocumentError(f"not well-formed RDF: {error}") from None


def _too_long() -> LimitExceededError:
    return LimitExceededError(
        "a statement is longer than 16 MiB, which the reader of RDF does not take",
        "keep large contents as files of a package, not as Blobs",
    )


def _without_mark(data: bytes | str | IO[bytes]) -> bytes | str | IO[bytes]:
    """A text without the byte order mark that some editors put before it."""
    if isinstance(data, bytes):
        return data.removeprefix(codecs.BOM_UTF8)
    if not isinstance(data, str) and data.read(3) != codecs.BOM_UTF8:
        data.seek(0)
    return data


_BRACKETS = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', re.DOTALL)
#: How deep JSON-LD and RDF/XML may be nested: the parsers need stack and memory for each level.
_DEPTH = 1000


def _refuse_traps(data: bytes, format_: Format) -> None:
    """Refuse what brings the parsers down: deep nesting, and entities that unfold.

    Raises:
        LimitExceededError: it is such a text.
    """
    depth = deepest = 0
    if format_ is Format.JSON_LD:
        for match in _BRACKETS.finditer(data):
            sign = match[0]
            depth += sign in (b"{", b"[")
            depth -= sign in (b"}", b"]")
            deepest = max(deepest, depth)
    elif b"<!ENTITY" in data:
        raise LimitExceededError(
            "the RDF/XML declares entities", "write IRIs in full, or convert it to Turtle"
        )
    if deepest > _DEPTH:
        raise LimitExceededError(f"the document is nested {deepest} levels deep")


def _malformed(error: SyntaxError, format_: Format) -> MalformedDocumentError:
    message = re.sub(
        r"^(?:Parser error|error) at line \d+(?: (?:between columns? \d+ and|column) (?:line \d+ column )?\d+)?:? ?",
        "",
        error.msg or str(error),
        flags=re.IGNORECASE,
    )
    return MalformedDocumentError(
        f"not well-formed {format_.name.replace('_', '-')}: {message[:300]}",
        None,
        error.lineno,
        error.offset,
    )


def serialize(
    quads: Iterable[Any],
    format_: Format,
    prefixes: dict[str, str] | None = None,
) -> bytes:
    """Statements as a text; triples and quads, as the format can hold them."""
    can_abbreviate = format_ in (Format.TURTLE, Format.TRIG, Format.RDF_XML)
    found = ox.serialize(
        quads,
        format=_FORMATS[format_],
        prefixes=(prefixes or PREFIXES) if can_abbreviate else None,
    )
    assert found is not None
    return found


def converted(text: str, format_: Format, prefixes: dict[str, str] | None = None) -> bytes:
    """N-Quads in another format.

    Raises:
        LimitExceededError: a statement is longer than the parser takes.
    """
    if format_ is Format.N_QUADS or (format_ is Format.N_TRIPLES and not prefixes):
        return text.encode()
    quads = ox.parse(text, format=ox.RdfFormat.N_QUADS)
    try:
        if not format_.holds_named_graphs:
            made = serialize((quad.triple for quad in quads), format_, prefixes)
        else:
            made = serialize(quads, format_, prefixes)
    except MemoryError:
        raise _too_long() from None
    return _with_languages_of(text, made, format_)


#: A literal of N-Quads with its language tag, and one that is not in small letters.
_LANGUAGE = re.compile(r'"(?:[^"\\]|\\.)*"@([A-Za-z]+(?:-[A-Za-z0-9]+)*)')
_NOT_SMALL = re.compile('"@[a-z0-9-]*[A-Z]')
#: What stands before a language tag, by format.
_BEFORE_LANGUAGE = {
    Format.JSON_LD: rb'(?<=[{,])"@language":"',
    Format.RDF_XML: rb'xml:lang="',
}


def _with_languages_of(text: str, made: bytes, format_: Format) -> bytes:
    """A text with its language tags as the N-Quads that it was made of have them: the writer makes them small."""
    if _NOT_SMALL.search(text) is None:
        return made
    tags = {*_LANGUAGE.findall(text)}
    often = Counter(tag.lower() for tag in tags)
    large = (tag for tag in tags if tag != tag.lower() and often[tag.lower()] == 1)
    small: dict[bytes, bytes] = {tag.lower().encode(): tag.encode() for tag in large}
    before = _BEFORE_LANGUAGE.get(format_, rb'"(?:[^"\\]|\\.)*"@')
    tag = re.compile(rb"(%b)([a-z]+(?:-[a-z0-9]+)*)" % before)

    def spelled(found: re.Match[bytes]) -> bytes:
        language = bytes(found[2])
        return bytes(found[1]) + small.get(language, language)

    return tag.sub(spelled, made)


def aas_prefixes(version: Metamodel) -> dict[str, str]:
    """The prefixes of a structure graph."""
    (iri,) = (iri for iri, known in NAMESPACES.items() if known is version)
    return {"aas": iri, **PREFIXES}
