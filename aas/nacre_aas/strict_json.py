"""JSON as RFC 8259 has it: the standard library's parser, without what other parsers read otherwise.

Refused with their places: a key twice in one object, of which one value would be lost; `NaN` and
`Infinity`; half of a surrogate pair, which no UTF-8 can hold.
"""

import json
import re
from collections.abc import Callable
from typing import Any, NoReturn

_TOKENS = re.compile(r'[{}]|("(?:[^"\\]|\\.)*")\s*:|"(?:[^"\\]|\\.)*"', re.DOTALL)
_CONSTANTS = re.compile(r'"(?:[^"\\]|\\.)*"|(NaN|-?Infinity)', re.DOTALL)
_LONE_SURROGATE = re.compile(
    r"(?<!\\)(?:\\\\)*\\u(?:[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F][0-9a-fA-F]{2})"
    r"|(?<!\\u[dD][89abAB][0-9a-fA-F]{2}\\u)[dD][c-fC-F][0-9a-fA-F]{2})"
)


class DuplicateKeyError(json.JSONDecodeError):
    """A key stands twice in one object."""


class _RepeatedError(Exception):
    """The key that an object has twice; where it stands is not known yet."""


class _ConstantError(Exception):
    """`NaN` or an infinity."""


def loads(
    text: str,
    *,
    parse_int: Callable[[str], Any] | None = None,
    parse_float: Callable[[str], Any] | None = None,
) -> Any:
    """Parse a text; the last two say what becomes of numbers, as in `json.loads`.

    Raises:
        DuplicateKeyError: a key stands twice in one object.
        json.JSONDecodeError: the text is no JSON.
        ValueError: an integer is longer than Python reads.
        RecursionError: it is nested too deeply.
    """
    try:
        parsed = json.loads(
            text,
            parse_int=parse_int,
            parse_float=parse_float,
            parse_constant=_no_constant,
            object_pairs_hook=_unique_keys,
        )
    except _RepeatedError as error:
        (key,) = error.args
        message = f"the key `{key}` stands twice in one object"
        raise DuplicateKeyError(message, text, _second_occurrence(text, key)) from None
    except _ConstantError as error:
        starts = (match.start() for match in _CONSTANTS.finditer(text) if match[1])
        message = f"`{error.args[0]}` is no JSON number"
        raise json.JSONDecodeError(message, text, next(starts, 0)) from None
    lone = _LONE_SURROGATE.search(text) if "\\u" in text else None
    if lone is not None:
        raise json.JSONDecodeError("half of a surrogate pair", text, lone.start())
    return parsed


def _no_constant(name: str) -> NoReturn:
    raise _ConstantError(name)


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise _RepeatedError(key)
            seen.add(key)
    return found


def _second_occurrence(text: str, key: str) -> int:
    """Where an object first repeats a key: a stack of the keys seen in each open object."""
    stack: list[set[str]] = []
    for match in _TOKENS.finditer(text):
        symbol = match[0]
        if symbol == "{":
            stack.append(set())
        elif symbol == "}" and stack:
            stack.pop()
        elif match[1] is not None and stack:
            try:
                found = json.loads(match[1])
            except ValueError:
                continue
            if found == key and found in stack[-1]:
                return match.start()
            stack[-1].add(found)
    return 0
