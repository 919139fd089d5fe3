"""URI references by the grammar of RFC 2396 appendix A, which `xs:anyURI` of XSD 1.0 refers to."""

import re

_ESCAPED = r"%[0-9a-fA-F]{2}"
_UNRESERVED = r"a-zA-Z0-9\-_.!~*'()"
_PCHAR = rf"(?:[{_UNRESERVED}:@&=+$,]|{_ESCAPED})"
_URIC = rf"(?:[{_UNRESERVED};/?:@&=+$,]|{_ESCAPED})"
_SEGMENTS = rf"{_PCHAR}*(?:;{_PCHAR}*)*(?:/{_PCHAR}*(?:;{_PCHAR}*)*)*"
_HOST = (
    r"(?:(?:(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])\.)*"
    r"(?:[a-zA-Z]|[a-zA-Z][a-zA-Z0-9-]*[a-zA-Z0-9])\.?|[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+)"
)
_USER = rf"(?:[{_UNRESERVED};:&=+$,]|{_ESCAPED})*@"
_REGISTRY = rf"(?:[{_UNRESERVED}$,;:@&=+]|{_ESCAPED})+"
_AUTHORITY = rf"(?:(?:(?:{_USER})?{_HOST}(?::[0-9]*)?)?|{_REGISTRY})"
_NET_PATH = rf"//{_AUTHORITY}(?:/{_SEGMENTS})?"
_QUERY = rf"(?:\?{_URIC}*)?"
_OPAQUE = rf"(?:[{_UNRESERVED};?:@&=+$,]|{_ESCAPED}){_URIC}*"
_RELATIVE_SEGMENT = rf"(?:[{_UNRESERVED};@&=+$,]|{_ESCAPED})+"
_URI_REFERENCE = re.compile(
    rf"(?:[a-zA-Z][a-zA-Z0-9+\-.]*:(?:(?:{_NET_PATH}|/{_SEGMENTS}){_QUERY}|{_OPAQUE})"
    rf"|(?:{_NET_PATH}|/{_SEGMENTS}|{_RELATIVE_SEGMENT}(?:/{_SEGMENTS})?){_QUERY})?"
    rf"(?:#{_URIC}*)?"
)


_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
#: An IPv6 address as the host, which RFC 2732 adds.
_IPV6_HOST = re.compile(
    rf"((?:[a-zA-Z][a-zA-Z0-9+\-.]*:)?//(?:{_USER})?)\[([0-9a-fA-F:.]+)\](?=(?::\d*)?(?:[/?#]|\Z))"
)


def is_any_uri(text: str) -> bool:
    """Whether a text is an `xs:anyURI`: a URI reference once letters beyond ASCII are escaped.

    W3C XML Schema Part 2 §3.2.17, by RFC 2396 as RFC 2732 amends it. Blanks and the other ASCII characters that URIs exclude are not
    tolerated, as in the official examples.
    """
    found = _IPV6_HOST.match(text)
    if found is not None and _is_ipv6(found[2]):
        text = f"{found[1]}host{text[found.end() :]}"
    return is_uri_reference(_NOT_ASCII.sub("%20", text))


def _is_ipv6(text: str) -> bool:
    import ipaddress

    try:
        ipaddress.IPv6Address(text)
    except ValueError:
        return False
    return True


def is_uri_reference(text: str) -> bool:
    """Whether a text is a URI reference by the grammar of RFC 2396."""
    return _URI_REFERENCE.fullmatch(text) is not None
