"""`nacre rule`: what a code means, offline."""

import difflib
import json as json_module
from typing import TYPE_CHECKING, Annotated

import typer

from nacre_cli.errors import UsageError
from nacre_cli.options import ColorOption, JsonOption
from nacre_cli.terminal import Paint, emit, paint

if TYPE_CHECKING:
    from nacre_aas.constraints import Rule


def rule(
    code: Annotated[str | None, typer.Argument(help="A code such as AASd-117.")] = None,
    json: JsonOption = False,
    color: ColorOption = None,
) -> None:
    """Explain a finding; without a code, list all rules.

    Examples:

      nacre rule AASd-117

      nacre rule --json
    """
    from nacre_cli.registry import RULES

    if code is None:
        rules = sorted(RULES.values(), key=lambda each: each.code)
        if json:
            emit(json_module.dumps([_document(each) for each in rules], indent=1) + "\n")
        else:
            width = max(len(each.code) for each in rules)
            emit(
                "".join(f"{r.code.ljust(width)}  {r.severity.value:<7}  {r.name}\n" for r in rules)
            )
        return
    found = next((each for each in RULES if each.lower() == code.lower()), None)
    if found is None:
        near = difflib.get_close_matches(code, RULES, 1, 0.6)
        hint = f"did you mean `{near[0]}`?" if near else "`nacre rule` lists all of them"
        raise UsageError(f"there is no rule `{code}`", hint)
    if json:
        emit(json_module.dumps(_document(RULES[found]), indent=1) + "\n")
    else:
        emit(_page(RULES[found], paint(color)))


def _document(rule: "Rule") -> dict[str, object]:
    from nacre_aas.examples import shown
    from nacre_cli.registry import example_of

    example = example_of(rule.code)
    return {
        "code": rule.code,
        "name": rule.name,
        "severity": rule.severity.value,
        "text": rule.text,
        "hint": rule.hint,
        "spec": rule.clause,
        "metamodel": list(rule.versions.labels),
        "fix": None
        if rule.fix is None
        else {"description": rule.fix.description, "safe": rule.fix.safe},
        "command": None if example is None else example.command,
        "template": None
        if example is None or example.template is None
        else shown(example.template),
        "example": None if example is None else shown(example.wrong),
        "repair": None if example is None or example.right is None else shown(example.right),
    }


def _page(rule: "Rule", painter: Paint) -> str:
    import textwrap

    from nacre_aas.examples import shown
    from nacre_cli.registry import example_of, repaired_by

    lines = [
        f"{painter(rule.severity.value, rule.code)}: {painter('strong', rule.name)}",
        "",
        *textwrap.wrap(rule.text, 80),
        "",
        f"severity   {rule.severity.value}",
        f"metamodel  {', '.join(rule.versions.labels)}",
        f"spec       {rule.clause}",
        f"hint       {rule.hint}",
    ]
    if rule.fix is not None:
        lines.append(f"repair     {repaired_by(rule)}: {rule.fix.description}")
    example = example_of(rule.code)
    if example is not None:
        if example.template is not None:
            from nacre_submodels.examples import outline_of

            lines += ["", painter("strong", "what the template says (--json has it whole)"), ""]
            lines += [f"    {line}" for line in outline_of(example.template)]
        lines += ["", painter("strong", "example that breaks it"), ""]
        lines += [f"    $ nacre {example.command}", ""] if example.command else []
        lines += textwrap.indent(shown(example.wrong), "    ").splitlines()
        if example.right is not None:
            lines += ["", painter("strong", "repaired"), ""]
            lines += textwrap.indent(shown(example.right), "    ").splitlines()
    return "\n".join(lines) + "\n"
