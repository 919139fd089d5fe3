"""Environments that are valid by construction, drawn along the type model."""

from typing import Any

from hypothesis import strategies as st

from nacre_aas import model
from nacre_aas.model import Environment, Record
from nacre_aas.schema import Attribute, Kind, attributes
from nacre_aas.versions import EXISTS

_XML_TEXT = st.text(
    st.characters(exclude_characters="\r\ufffe\uffff", codec="utf-8").filter(
        lambda c: c in "\t\n" or not (c < " " or "\x7f" <= c <= "\x9f")
    ),
    min_size=1,
    max_size=12,
)
_NAMES = st.from_regex(r"[a-zA-Z][a-zA-Z0-9_]{1,8}", fullmatch=True)
_LITERALS = {
    "idShort": _NAMES,
    "version": st.from_regex(r"0|[1-9][0-9]{0,3}", fullmatch=True),
    "language": st.sampled_from(["en", "de-CH", "zh-Hans", "fr"]),
    "contentType": st.sampled_from(["application/pdf", 'text/plain; charset="utf-8"']),
    "path": st.sampled_from(["/aasx/a.pdf", "https://example.com/a%20b", "x/y"]),
    "dateTimeUtc": st.sampled_from(["2026-05-31T08:00:00Z", "2024-02-29T24:00:00+00:00"]),
    "duration": st.sampled_from(["P1Y2M", "PT0.5S"]),
    "base64": st.sampled_from(["", "AQID", "AQ=="]),
}
_KEY_TYPES = st.just("GlobalReference")


def references() -> st.SearchStrategy[model.Reference]:
    """External references, which are valid wherever a reference may stand freely."""
    keys = st.lists(st.builds(model.Key, type=_KEY_TYPES, value=_XML_TEXT), min_size=1, max_size=3)
    return st.builds(model.Reference, type=st.just("ExternalReference"), keys=keys)


def _value(attribute: Attribute, depth: int) -> st.SearchStrategy[Any]:
    if attribute.kind is Kind.TEXT:
        assert attribute.text is not None
        if attribute.text.name == "ValueDataType":
            return st.sampled_from(["1E3", "007", "a b", "", "24:00:00"])
        if attribute.text.syntax is not None:
            return _LITERALS[attribute.text.syntax]
        return _XML_TEXT
    if attribute.kind is Kind.BOOLEAN:
        return st.booleans()
    if attribute.kind is Kind.ENUMERATION:
        return st.sampled_from(attribute.literals)
    if attribute.targets == (model.Reference,):
        return references()
    targets = [
        target
        for target in attribute.targets
        if depth > 0 or not issubclass(target, model.SubmodelElement) or _is_leaf(target)
    ]
    return st.one_of([records(target, depth - 1) for target in targets])


def _is_leaf(record: type[Record]) -> bool:
    return not any(
        issubclass(target, (model.SubmodelElement, model.OperationVariable))
        for attribute in attributes(record)
        for target in attribute.targets
    )


@st.composite
def records(draw: st.DrawFn, record: type[Record], depth: int = 2) -> Any:
    """A record of a class: required attributes always, others now and then."""
    values: dict[str, Any] = {}
    for attribute in attributes(record):
        if (record.__name__, attribute.name) in EXISTS:
            continue
        if not attribute.required and draw(st.integers(0, 3)):
            continue
        value = _value(attribute, depth)
        values[attribute.name] = draw(
            st.lists(value, min_size=1, max_size=3) if attribute.is_list else value
        )
    return record(**values)


def environments() -> st.SearchStrategy[Environment]:
    """Environments of the right structure; constraints between attributes may be broken."""
    return records(Environment)
