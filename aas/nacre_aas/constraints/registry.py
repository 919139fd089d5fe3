"""What a rule is, and the one registry of all rules."""

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from nacre_aas.findings import Finding, Fix, Location, Severity
from nacre_aas.model import Record
from nacre_aas.versions import ALL, Metamodel

RULES: dict[str, "Rule"] = {}


class Broken(NamedTuple):
    """One breach of a rule by a record.

    `at` is the path from the record to the culprit; `versions` the metamodel versions in which it
    is a breach, `None` for all versions of the rule. `absent` is the idShort of an element that
    should stand below the record and does not.
    """

    message: str
    at: tuple[str | int, ...] = ()
    versions: Metamodel | None = None
    hint: str | None = None
    absent: str | None = None


Verdict = Broken | Sequence[Broken] | None


@dataclasses.dataclass(frozen=True)
class Rule:
    """A rule: what it demands, where that is written, and since when.

    `name` describes the problem. `text` explains it to a reader who is no AAS expert, `hint` says
    what can be done. `clause` is the place in the specification, or says that it is Nacre's own.
    """

    code: str
    name: str
    text: str
    hint: str
    clause: str
    severity: Severity = Severity.ERROR
    versions: Metamodel = ALL
    fix: Fix | None = None

    def finding(
        self,
        message: str,
        location: Location,
        hint: str | None = None,
        source_line: str | None = None,
        source_column: int | None = None,
    ) -> Finding:
        """A breach of this rule; without a hint of its own it has the one of the rule."""
        return Finding(
            self.code,
            self.severity,
            message,
            location,
            hint or self.hint,
            self.clause,
            self.fix,
            source_line,
            source_column,
        )


@dataclasses.dataclass(frozen=True)
class RecordRule:
    """A function that applies a rule to the records of one class.

    `when` names an attribute that must be present for the rule to say anything. `by_shape` marks
    a rule over references that looks at nothing but the types of reference and keys, `by_path` one
    that has nothing to say about references of a single key. `with_context` marks one that also
    takes the `Context` of the record. `concept_of` names the attribute whose reference leads to a
    concept: the rule also takes its IEC 61360 content, and is skipped if that is not at hand.
    """

    rule: Rule
    function: Callable[..., Verdict]
    target: type[Record]
    when: str | None
    by_shape: bool
    by_path: bool
    with_context: bool
    concept_of: str | None


RECORD_RULES: list[RecordRule] = []


def declare(
    code: str,
    name: str,
    text: str,
    hint: str,
    clause: str,
    *,
    severity: Severity = Severity.ERROR,
    versions: Metamodel = ALL,
    fix: Fix | None = None,
) -> Rule:
    """Make a rule and enter it into the registry."""
    if code in RULES:
        raise AssertionError(f"rule {code} is declared twice")
    rule = RULES[code] = Rule(code, name, text, hint, clause, severity, versions, fix)
    return rule


def rule_of(code: str) -> Rule:
    """The rule with a code such as `AASd-117`; `KeyError` if there is none."""
    return RULES[code]


def applies(
    rule: Rule,
    *targets: type[Record],
    when: str | None = None,
    by_shape: bool = False,
    by_path: bool = False,
    with_context: bool = False,
    concept_of: str | None = None,
) -> Callable[[Callable[..., Verdict]], Callable[..., Verdict]]:
    """Register the decorated function as the one that applies `rule` to the target classes."""

    def register(function: Callable[..., Verdict]) -> Callable[..., Verdict]:
        RECORD_RULES.extend(
            RecordRule(rule, function, target, when, by_shape, by_path, with_context, concept_of)
            for target in targets
        )
        return function

    return register


def constraint(
    code: str,
    name: str,
    *targets: type[Record],
    text: str,
    hint: str,
    clause: str | None = None,
    severity: Severity = Severity.ERROR,
    versions: Metamodel = ALL,
    fix: Fix | None = None,
    **options: Any,
) -> Callable[[Callable[..., Verdict]], Callable[..., Verdict]]:
    """Declare a rule and register the decorated function for it in one step."""
    rule = declare(
        code,
        name,
        text,
        hint,
        clause or f"IDTA-01001, Constraint {code}",
        severity=severity,
        versions=versions,
        fix=fix,
    )
    return applies(rule, *targets, **options)
