"""Writes Turtle for people: blank nodes inside each other, lists in brackets, prefixes.

A node is a `Node`: predicates with one value or a list of values. A value is a term as Turtle writes
it (`sh:IRI`, `<https://…>`, `"text"`, `5`), a `Node`, which becomes a blank node, or a tuple, which
becomes an RDF list.
"""

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

#: Predicate -> value, or list of values.
Node: TypeAlias = Mapping[str, Any]
Value: TypeAlias = str | Node | tuple[Any, ...]


def text(value: str, language: str = "") -> str:
    """A text as a literal."""
    for sign, escape in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r")):
        value = value.replace(sign, escape)
    return f'"{value}"' + (f"@{language}" if language else "")


def iri(value: str) -> str:
    """An IRI in full."""
    return f"<{value}>"


def document(
    prefixes: Mapping[str, str], nodes: Iterable[tuple[str, Node]], comment: str = ""
) -> str:
    """A Turtle document of named nodes."""
    lines = [f"# {line}" for line in comment.splitlines()]
    lines += [f"@prefix {name}: <{address}> ." for name, address in prefixes.items()]
    for subject, node in nodes:
        lines += ["", subject, *_predicates(node, 1), "."]
    return "\n".join(lines) + "\n"


def _predicates(node: Node, depth: int) -> list[str]:
    pad = "  " * depth
    lines: list[str] = []
    for predicate, values in node.items():
        if isinstance(values, str):  # as most are
            lines.append(f"{pad}{predicate} {values} ;")
        else:
            several = values if isinstance(values, list) else [values]
            lines += [f"{pad}{predicate} {_value(each, depth)} ;" for each in several]
    return lines


def _value(value: Value, depth: int) -> str:
    if isinstance(value, str):
        return value
    pad = "  " * depth
    if isinstance(value, tuple):
        if all(isinstance(each, str) for each in value):
            return f"( {' '.join(map(str, value))} )"
        inner = "\n".join(f"{pad}  {_value(each, depth + 1)}" for each in value)
        return f"(\n{inner}\n{pad})"
    return "[\n" + "\n".join(_predicates(value, depth + 1)) + f"\n{pad}]"
