"""Whether a PDF says that it is PDF/A, found as XMP has it: by scanning for the packet of metadata.

XMP packets are made to be found in a file whose format is not understood (ISO 16684-1, packet
wrapper). PDF/A-1 forbids filters on them (ISO 19005-1 §6.7.2); later parts allow them, so metadata
streams are inflated as well. Whether a file keeps what it says is not looked at.
"""

import itertools
import re
import zlib
from collections.abc import Iterator

#: The identification that ISO 19005-1 §6.7.11 asks for, as element or as attribute.
_PART = re.compile(rb"pdfaid:part\s*(?:>|=\s*[\"'])\s*([1-9])")
_LEVEL = re.compile(rb"pdfaid:conformance\s*(?:>|=\s*[\"'])\s*([A-Za-z])")
_METADATA = re.compile(rb"/Type\s*/Metadata\b")
_STREAM = re.compile(rb"stream\r?\n")
#: How far behind its mark the dictionary of a stream may reach, how large metadata may get, and how
#: many streams of it are looked at.
_REACH, _LARGEST, _MANY = 1000, 1 << 20, 1000


def is_pdf(data: bytes) -> bool:
    """Whether the file header of a PDF stands in the first kilobyte."""
    return b"%PDF-" in data[:1024]


def conformance(data: bytes) -> str | None:
    """What a PDF says to conform to, such as `PDF/A-2b`; `None` if it does not say so.

    >>> conformance(b'%PDF-1.7 <rdf:Description pdfaid:part="2" pdfaid:conformance="B"/>')
    'PDF/A-2b'
    """
    for text in _metadata(data):
        if b"pdfaid:part" not in text:  # much faster than the expression
            continue
        part, level = _PART.search(text), _LEVEL.search(text)
        if part is not None:
            return f"PDF/A-{part[1].decode()}" + (level[1].decode().lower() if level else "")
    return None


def _metadata(data: bytes) -> Iterator[bytes]:
    """The file as it is, then the metadata streams that are filtered."""
    yield data
    if b"/Metadata" not in data:
        return
    for mark in itertools.islice(_METADATA.finditer(data), _MANY):
        stream = _STREAM.search(data, mark.end(), mark.end() + _REACH)
        if stream is not None:
            inflate = zlib.decompressobj()
            try:
                yield inflate.decompress(data[stream.end() : stream.end() + _LARGEST], _LARGEST)
            except zlib.error:
                continue
