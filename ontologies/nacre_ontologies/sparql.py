"""What can be said of a SPARQL text without running it."""

import re

_HIDDEN = re.compile(
    r"<[^<>\"{}|^`\\\s]*>"
    r"|\"\"\"(?:[^\"\\]|\\.|\"(?!\"\"))*\"\"\"|'''(?:[^'\\]|\\.|'(?!''))*'''"
    r"|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|#[^\n]*",
    re.DOTALL,
)


def asks_elsewhere(text: str) -> bool:
    """Whether a text has the word SERVICE, which makes an engine call another endpoint."""
    return re.search(r"\bSERVICE\b", _bare(text), re.IGNORECASE) is not None


def form(text: str) -> str:
    """The form of a query: SELECT, ASK, CONSTRUCT or DESCRIBE."""
    match = re.search(r"\b(SELECT|ASK|CONSTRUCT|DESCRIBE)\b", _bare(text), re.IGNORECASE)
    return match[1].upper() if match else "SELECT"


def _bare(text: str) -> str:
    """A query without IRIs, texts and comments."""
    return _HIDDEN.sub(" ", text)
