"""The regular expressions of templates: which are understood, and whether an idShort can match one."""

import functools
import re
import string
import warnings
from typing import NamedTuple

#: The classes of characters of POSIX, which stand inside of brackets.
_CLASSES = {
    "alpha": "A-Za-z",
    "digit": "0-9",
    "alnum": "A-Za-z0-9",
    "upper": "A-Z",
    "lower": "a-z",
    "xdigit": "0-9A-Fa-f",
    "space": r"\s",
    "blank": r" \t",
    "punct": r"!-/:-@\[-`{-~",
}


def understood(text: str) -> str | None:
    """A pattern as Python has it; `None` if it is none, or if it could take for ever."""
    plain = re.sub(r"\[:(\w+):\]", lambda match: _CLASSES.get(match[1], match[0]), text)
    if not _is_common(plain) or not _is_quick(plain):
        return None
    try:
        with warnings.catch_warnings(action="error"):
            re.compile(plain)
    except (re.error, ValueError, OverflowError, RecursionError, Warning):
        return None
    return plain


#: What means something else in a regular expression, to Python as to XPath.
_SPECIAL = re.compile(r"[\\.|?*+(){}\[\]^$-]")


def exactly(text: str) -> str:
    """A regular expression that only one text matches."""
    return _SPECIAL.sub(r"\\\g<0>", text)


_SIGNS = re.compile(
    r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[()|]|[*+]|\?|\{[0-9]*(?P<comma>,?)[0-9]*\}|.", re.DOTALL
)
#: Repetitions without a fixed number, groups inside of groups, and ways through its choices, that a pattern may have.
_REPETITIONS = 3
_DEPTH = 50
_WAYS = 10_000
_NOT_COMMON = re.compile(r"\\[ABGNUZbuxz0-9]|\{,.*", re.DOTALL)


def _is_common(pattern: str) -> bool:
    """Whether POSIX or XPath read a pattern as Python does."""
    before = ""
    for match in _SIGNS.finditer(pattern):
        sign = match[0]
        if (
            _NOT_COMMON.fullmatch(sign)
            or (sign[0] == "[" and ("-[" in sign[1:] or "[:" in sign[1:]))
            or (
                sign == "+"
                and (before in ("*", "+", "?") or (before[:1] == "{" and len(before) > 1))
            )
            or (sign == "?" and before == "(" and pattern[match.end() : match.end() + 1] != ":")
        ):
            return False
        before = sign
    return True


def repetitions(pattern: str) -> int:
    """How many repetitions without a fixed number a pattern has."""
    return sum(match[0] in ("*", "+") or bool(match["comma"]) for match in _SIGNS.finditer(pattern))


def _is_quick(pattern: str) -> bool:
    """Whether a backtracking matcher cannot be led astray: nothing repeated holds a repetition or a choice."""
    groups, ways = [False], 1
    alternatives = [1]
    closed: bool | None = None  # whether the group that was just closed holds one of these
    for match in _SIGNS.finditer(pattern):
        sign = match[0]
        if sign == "(":
            groups.append(False)
            if len(groups) > _DEPTH:
                return False
            alternatives.append(1)
        elif sign == ")" and len(groups) > 1:
            ways *= alternatives.pop()
            closed = groups.pop()
            groups[-1] |= closed
            continue
        elif sign == "|":
            alternatives[-1] += 1
            groups[-1] = True
        elif sign in ("*", "+", "?") or sign[0] == "{":
            if closed and sign != "?":
                return False
            if sign == "?" and pattern[match.start() - 1 : match.start()] != "(":
                ways *= 2
            groups[-1] |= sign == "?" or sign in ("*", "+") or bool(match["comma"])
        closed = None
    return repetitions(pattern) <= _REPETITIONS and ways <= _WAYS


# -- whether an idShort can match ------------------------------------------------------------------


#: Characters of the longest idShort (IDTA-01001, NameType).
_LONGEST = 128


class _Read(NamedTuple):
    """What matters of the characters that were read: how many, whether a hyphen is last, and whether `$` forbids more."""

    length: int = 0
    hyphen: bool = False
    ended: bool = False


_Reads = frozenset[_Read]


def admits_id_short(pattern: str) -> bool:
    """Whether an idShort of some version keeps to a pattern that is understood.

    Each piece of the pattern leads from all that may have been read before it to all that may have been
    read after it; what no idShort begins with is left out (AASd-002: a letter first, no hyphen last).
    """
    walk = _Walk(pattern)
    return any(each.length and not each.hyphen for each in walk.choice(frozenset((_Read(),))))


class _Walk:
    """A recursive descent over the signs of a pattern, which carries sets of what may have been read."""

    def __init__(self, pattern: str) -> None:
        self.signs = [match[0] for match in _SIGNS.finditer(pattern)]
        self.at = 0

    def _sign(self) -> str:
        return self.signs[self.at] if self.at < len(self.signs) else ""

    def _takes(self, sign: str) -> bool:
        is_next = self._sign() == sign
        self.at += is_next
        return is_next

    def choice(self, before: _Reads) -> _Reads:
        """After one of several alternatives."""
        after = self._sequence(before)
        while self._takes("|"):
            after |= self._sequence(before)
        return after

    def _sequence(self, before: _Reads) -> _Reads:
        while self._sign() not in ("", "|", ")"):
            before = self._repeated(before)
        return before

    def _repeated(self, before: _Reads) -> _Reads:
        start = self.at
        once = self._piece(before)
        found = _QUANTIFIER.fullmatch(self._sign())
        if found is None:
            return once
        end = self.at + 1
        least, most = _times(found)
        reached = [before, once]
        while len(reached) <= least and reached[-1] != reached[-2]:
            self.at = start
            reached.append(self._piece(reached[-1]))
        after = last = reached[min(least, len(reached) - 1)]
        for times in range(least, most):
            self.at = start
            last = once if times == 0 else self._piece(last)
            if last <= after:
                break
            after |= last
        self.at = end
        self._takes("?")  # a repetition that takes little reads the same
        return after

    def _piece(self, before: _Reads) -> _Reads:
        """After a group, an anchor or a character."""
        if self._takes("("):
            if self._takes("?"):
                self._takes(":")
            after = self.choice(before)
            self._takes(")")
            return after
        sign = self._sign()
        self.at += 1
        if sign == "^":
            return frozenset(each for each in before if not each.length)
        if sign == "$":
            return frozenset(each._replace(ended=True) for each in before)
        return frozenset(
            _Read(each.length + 1, hyphen)
            for each in before
            if each.length < _LONGEST and not each.ended
            for hyphen in _kinds(sign, is_first=not each.length)
        )


_QUANTIFIER = re.compile(r"[*+?]|\{(?P<least>[0-9]+)(?P<comma>,?)(?P<most>[0-9]*)\}")


def _times(found: re.Match[str]) -> tuple[int, int]:
    """How often a quantifier repeats; never more often than an idShort has characters."""
    if found["least"] is None:
        least, most = {"*": (0, None), "+": (1, None), "?": (0, 1)}[found[0]]
    else:
        least = int(found["least"])
        most = int(found["most"]) if found["most"] else None if found["comma"] else least
    bound = _LONGEST + 1
    return min(least, bound), bound if most is None else min(most, bound)


_LETTERS = string.ascii_letters
_OTHERS = string.ascii_letters + string.digits + "_"


@functools.lru_cache(1024)
def _kinds(sign: str, *, is_first: bool) -> tuple[bool, ...]:
    """Whether a sign stands for characters of an idShort, and whether these are a hyphen."""
    others = _LETTERS if is_first else _OTHERS
    found = [False] if any(re.fullmatch(sign, each) for each in others) else []
    return (*found, *([True] if not is_first and re.fullmatch(sign, "-") else []))
