"""Write the pages of docs/ that follow from the code; with --check only say whether they would change.

- docs/commands.md: every command with its help
- docs/rules.md: every rule
- docs/findings.schema.json: the JSON Schema of `nacre validate --json`
"""

import contextlib
import io
import json
import os
import sys
from pathlib import Path
from typing import Any

os.environ["COLUMNS"] = os.environ["TERMINAL_WIDTH"] = "96"
os.environ["NO_COLOR"] = "1"

from nacre_aas.examples import shown
from nacre_cli.app import application, execute
from nacre_cli.registry import RULES, example_of, repaired_by
from nacre_submodels import qualifiers
from nacre_submodels.examples import outline_of

DOCS = Path(__file__).parent.parent / "docs"
APP = application()
COMMANDS = sorted(command.name for command in APP.registered_commands if command.name)
GROUPS = {
    str(group.name or group.typer_instance.info.name): [
        str(command.name or command.callback.__name__)
        for command in group.typer_instance.registered_commands
        if command.callback is not None
    ]
    for group in APP.registered_groups
    if group.typer_instance is not None
}


def commands() -> str:
    """The command reference, from `--help` itself."""
    pages = ["# Commands", "", "Made from `--help` by `make docs`.", ""]
    below = [f"{group} {name}" for group, names in GROUPS.items() for name in sorted(names)]
    for name in ["", *sorted([*COMMANDS, *GROUPS, *below])]:
        stream = io.StringIO()
        with contextlib.redirect_stdout(stream):
            execute([*name.split(), "--help"])
        text = "\n".join(line.rstrip() for line in stream.getvalue().strip().splitlines())
        pages += [f"## nacre {name}".rstrip(), "", "```", text, "```", ""]
    stream = io.StringIO()
    with contextlib.redirect_stdout(stream):
        execute(["help", "exit-codes"])
    pages += ["## Exit codes", "", "```", stream.getvalue().rstrip(), "```", ""]
    return "\n".join(pages)


def rules() -> str:
    """One section per rule."""
    pages = [
        "# Rules",
        "",
        "Made from the registry by `make docs`; `nacre rule CODE` says the same.",
        "",
    ]
    for code in sorted(RULES):
        rule = RULES[code]
        pages += [
            f"## {code}",
            "",
            " · ".join(
                (
                    f"**{rule.name}**",
                    rule.severity.value,
                    f"metamodel {', '.join(rule.versions.labels)}",
                    rule.clause,
                )
            ),
            "",
            rule.text,
            "",
            f"What to do: {rule.hint}.",
            "",
        ]
        if rule.fix is not None:
            pages += [f"`{repaired_by(rule)}` can {rule.fix.description}.", ""]
        example = example_of(code)
        if example is None or not _is_short(example.wrong):
            continue
        if example.template is not None:
            pages += ["The template says:", "", "```", *outline_of(example.template), "```", ""]
        if example.command is not None:
            pages += ["```console", f"$ nacre {example.command}", "```", ""]
        if isinstance(example.wrong, dict):
            pages += ["```json", shown(example.wrong), "```", ""]
        elif example.command is not None:
            pages += ["```", shown(example.wrong), "```", ""]
    return "\n".join(pages)


def _is_short(example: object) -> bool:
    """Whether an example is read rather than scrolled past; `nacre rule` shows them all."""
    return shown(example).count("\n") < 80


def template_qualifiers() -> str:
    """Which qualifiers of templates are understood, and as what."""
    pages = [
        "# Qualifiers of templates",
        "",
        "Made from `nacre_submodels.qualifiers` by `make docs`. A qualifier type is understood without",
        "regard to case, blanks, hyphens, a repeated `SMT/` and a number at its end, and whatever the",
        "`kind` of the qualifier is. `nacre template lint` says which spelling is the proper one.",
        "",
        "## Those that bind instances",
        "",
        "| qualifier | meaning |",
        "| --- | --- |",
        *(f"| `{name}` | {text} |" for name, text in sorted(qualifiers.CONSTRAINTS.items())),
        "",
        "## Those that do not",
        "",
        "| qualifier | meaning |",
        "| --- | --- |",
        *(f"| `{name}` | {text} |" for name, text in sorted(qualifiers.NO_CONSTRAINT.items())),
        "",
    ]
    return "\n".join(pages)


def findings_schema() -> str:
    """The contract of `nacre validate --json`."""
    text: dict[str, Any] = {"type": "string"}
    maybe: dict[str, Any] = {"type": ["string", "null"]}
    number: dict[str, Any] = {"type": ["integer", "null"], "minimum": 1}

    def record(**properties: Any) -> dict[str, Any]:
        return {
            "type": "object",
            "properties": properties,
            "required": list(properties),
            "additionalProperties": False,
        }

    def listed(items: Any) -> dict[str, Any]:
        return {"type": "array", "items": items}

    location = record(
        file=text,
        part=maybe,
        pointer=maybe,
        xpath=maybe,
        line=number,
        column=number,
        element=listed(text),
        semantic_id=maybe,
    )
    fix = {"oneOf": [{"type": "null"}, record(description=text, safe={"type": "boolean"})]}
    finding = record(
        code={"enum": sorted(RULES)},
        severity={"enum": ["error", "warning", "note"]},
        message=text,
        location=location,
        hint=maybe,
        spec=maybe,
        url=text,
        fix=fix,
    )
    count = {"type": "integer", "minimum": 0}
    summary = record(
        errors=count,
        warnings=count,
        notes=count,
        files=count,
        metamodel=listed(record(file=text, versions=listed({"enum": ["3.0", "3.1", "3.2"]}))),
        not_read=listed(
            record(file=text, part=maybe, reason=text, code=text, line=number, column=number)
        ),
        not_checked=listed(record(file=text, code=text, reason=text)),
    )
    schema = record(
        schema={"const": "nacre.findings/v1"}, findings=listed(finding), summary=summary
    )
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://w3id.org/nacre/schemas/findings/v1",
        **schema,
    }
    return json.dumps(schema, indent=1) + "\n"


def event_schema() -> str:
    """The JSON Schema of an event of the ledger, from its record."""
    import msgspec

    from nacre_ledger.event import SCHEMA, Event

    schema = msgspec.json.schema(Event)
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA, **schema}
    return json.dumps(schema, indent=1) + "\n"


PAGES = {
    "commands.md": commands,
    "rules.md": rules,
    "template-qualifiers.md": template_qualifiers,
    "findings.schema.json": findings_schema,
    "event.schema.json": event_schema,
}


def main() -> int:
    """Write or check every page."""
    stale = []
    for name, make in PAGES.items():
        path, text = DOCS / name, make()
        if path.is_file() and path.read_text("utf-8") == text:
            continue
        stale.append(name)
        if "--check" not in sys.argv:
            path.write_text(text, "utf-8")
    if stale:
        print(
            ("stale, run `make docs`: " if "--check" in sys.argv else "wrote ") + ", ".join(stale)
        )
    return int(bool(stale) and "--check" in sys.argv)


if __name__ == "__main__":
    sys.exit(main())
