"""What can be said of a SPARQL text without running it."""

import re

_HIDDEN = re.compile(
    r"<[^<>\"{}|^`\\\s]*>"
    r"|\"\"\"(?:[^\"\\]|\\.|\"(?!\"\"))*\"\"\"|'''(?:[^'\\]|\\.|'(?!''))*'''"
    r"|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|#[^\n]*",
    re.DOTALL,
)


#: A character by its number, which some engines put in place before they read the text (SPARQL 1.1, 19.2).
_CODEPOINT = re.compile(r"\\u([0-9a-fA-F]{4})|\\U(00(?:0[0-9a-fA-F]|10)[0-9a-fA-F]{4})")


def asks_elsewhere(text: str) -> bool:
    """Whether a text has the word SERVICE, which makes an engine call another endpoint."""
    plain = _CODEPOINT.sub(lambda match: chr(int(match[1] or match[2], 16)), text)
    return any(_word(each, "SERVICE") is not None for each in {text, plain})


def names_graphs(text: str) -> bool:
    """Whether a text says with FROM which graphs it asks."""
    return _word(text, "FROM") is not None


def form(text: str) -> str:
    """The form of a query: SELECT, ASK, CONSTRUCT or DESCRIBE."""
    found = _word(text, "SELECT|ASK|CONSTRUCT|DESCRIBE")
    return found.upper() if found else "SELECT"


def _word(text: str, words: str) -> str | None:
    """The first of some words of the language in a text, which are no variables and no names."""
    match = re.search(rf"(?<![\w?$:.-])(?:{words})(?![\w:-])", _bare(text), re.IGNORECASE)
    return match[0] if match else None


def _bare(text: str) -> str:
    """A query without IRIs, texts and comments."""
    return _HIDDEN.sub(" ", text)
