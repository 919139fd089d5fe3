"""How messages word small things, so that all of them do it alike."""

import re
from collections.abc import Sequence


def counted(number: int, noun: str) -> str:
    """A number of things: `1 part`, `2 parts`, `2 entries`, `2 batches`."""
    if number != 1:
        noun = noun[:-1] + "ie" if re.search("[^aeiou]y$", noun) else noun
        noun += "es" if noun.endswith(("ch", "sh", "s", "x")) else "s"
    return f"{number} {noun}"


def shortened(text: str) -> str:
    """A text that fits into a line of a message."""
    return text if len(text) <= 60 else text[:57] + "..."


def some_of(names: Sequence[str], most: int = 8) -> str:
    """The first of some names, and whether there are more."""
    return ", ".join(names[:most]) + (", ..." if len(names) > most else "")


def lower_first(text: str) -> str:
    """Somebody else's sentence as part of one of ours."""
    return (text[:1].lower() + text[1:]).rstrip(".")
