"""`nacre template`: the templates that are known, forms for them, and what is wrong in them."""

import json as json_module
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nacre_aas.wording import counted
from nacre_cli.errors import UsageError
from nacre_cli.exit_codes import ExitCode
from nacre_cli.options import (
    ColorOption,
    ForceOption,
    JsonOption,
    OutputOption,
    QuietOption,
    group,
)
from nacre_cli.terminal import clean_line, emit, paint, say, write_file

if TYPE_CHECKING:
    from nacre_submodels.catalogue import Entry
    from nacre_submodels.template import Template

app = group("template", "Submodel templates: list, show, fill in, lint, import.")

NameArgument = Annotated[
    str,
    typer.Argument(metavar="NAME", help="Number, name, semantic id, or a template file."),
]


@app.command("list")
def list_templates(
    query: Annotated[str | None, typer.Argument(help="Only those with this in their name.")] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Superseded and deprecated ones too.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """List the templates that are known.

    Examples:

      nacre template list

      nacre template list battery
    """
    from nacre_submodels import catalogue

    known = catalogue.known()
    for reason in known.unread:
        say(f"warning: {reason}")
    entries = sorted(
        known.entries, key=lambda each: (not each.own, each.number or "~", each.name, each.order)
    )
    if query is not None:
        words = query.casefold()
        entries = [
            each
            for each in entries
            if words in f"{each.number} {each.name} {each.title} {each.semantic_id}".casefold()
        ]
    if not everything:
        newest: dict[tuple[str, ...], Entry] = {}
        for entry in entries:
            if not entry.deprecated:
                newest.setdefault(entry.specification, entry)
        entries = list(newest.values())
    if json:
        listed = [
            {
                "number": each.number,
                "version": each.version,
                "name": each.name,
                "title": each.title,
                "variant": each.variant,
                "semanticId": each.semantic_id,
                "deprecated": each.deprecated,
                "successor": newer.semantic_id if (newer := known.successor(each)) else None,
                "own": each.own,
            }
            for each in entries
        ]
        emit(json_module.dumps(listed, indent=1) + "\n")
        return
    for each in entries:
        mark = each.number or ("-" if each.is_published else "own")
        newer = known.successor(each)
        state = " (deprecated)" if each.deprecated else ""
        state += f" → {newer.label}" if newer is not None else ""
        variant = f" ({each.variant})" if each.variant else ""
        emit(f"{mark:<8} {each.version:<6} {each.name}{variant}{state}\n")


@app.command()
def show(name: NameArgument, json: JsonOption = False, color: ColorOption = None) -> None:
    """Show what a template asks for.

    Examples:

      nacre template show nameplate

      nacre template show 02004
    """
    import msgspec

    from nacre_submodels.check import forced_template
    from nacre_submodels.template import outline

    template = forced_template(name)
    if json:
        emit(msgspec.json.format(msgspec.json.encode(template), indent=1) + b"\n")
        return
    painter = paint(color)
    emit(f"{painter('strong', template.label)}\n")
    emit(f"semanticId {template.semantic_id or 'none'}\n\n")
    emit("".join(clean_line(line) + "\n" for line in outline(template)))


@app.command()
def form(
    names: Annotated[
        list[str], typer.Argument(metavar="NAME…", help="Templates that the form is for.")
    ],
    output: OutputOption = None,
    language: Annotated[
        str, typer.Option("--language", help="Language of descriptions, where there are any.")
    ] = "en",
    force: ForceOption = False,
    quiet: QuietOption = False,
) -> None:
    """Write a form: required fields open, optional ones behind comment signs.

    Examples:

      nacre template form nameplate -o pump.toml

      nacre template form nameplate "handover documentation" -o pump.toml
    """
    from nacre_aas.syntax import SYNTAX
    from nacre_submodels import catalogue
    from nacre_submodels import form as forms
    from nacre_submodels.check import file_of, forced_template

    if SYNTAX["language"].check(language) is not None:
        raise UsageError(f"--language: `{language}` is no language", "such as de or en-US")
    templates = [forced_template(name) for name in names]
    known, folder = catalogue.known(), Path() if output is None else output.parent
    spelled = [
        known.name_of(template)
        if (file := file_of(name)) is None
        else os.path.relpath(file, folder) + name[len(file) :]
        for name, template in zip(names, templates, strict=True)
    ]
    for template in templates:
        newer = known.newer_than(template)
        if newer is not None and not quiet:
            say(f"note: {template.label} is superseded by {newer.label}")
    write_file(output, forms.form(templates, language, spelled), force=force)
    if output is not None and not quiet:
        opened, optional = forms.counts(templates)
        fields = f"{counted(opened, 'required field')} to fill in"
        say(f"wrote {output}: {fields}, {optional} optional ones commented out")
        say(f"\nhint: `nacre generate {output}` makes the package")


@app.command()
def lint(
    files: Annotated[list[str], typer.Argument(metavar="FILE…", help="Template files.")],
    fix: Annotated[bool, typer.Option("--fix", help="Repair what can be repaired safely.")] = False,
    unsafe_fixes: Annotated[
        bool, typer.Option("--unsafe-fixes", help="Also change semantic ids: remove blanks.")
    ] = False,
    json: JsonOption = False,
    color: ColorOption = None,
    quiet: QuietOption = False,
) -> int:
    """Say what is wrong in template files themselves.

    Examples:

      nacre template lint my-template.aasx

      nacre template lint templates/ --fix
    """
    from nacre_cli import inputs
    from nacre_cli.render import machine, text
    from nacre_cli.render.model import Outcome
    from nacre_submodels.lint import LintCheck

    names = inputs.expand(files)
    if fix or unsafe_fixes:
        for name in names:
            _repair(name, unsafe=unsafe_fixes, quiet=quiet)
    bounds = inputs.limits(None, None)
    reports = list(inputs.judge_all(names, None, bounds, quiet=quiet, checks=[LintCheck()]))
    outcome = Outcome(reports)
    emit(machine.as_json(outcome) if json else text.render(outcome, paint(color)))
    return outcome.exit_code


def _repair(name: str, *, unsafe: bool, quiet: bool) -> None:
    """Make the repairs in one file; one that cannot be read is left to the lint."""
    from nacre_aas import files
    from nacre_aas.editing import edited
    from nacre_aas.errors import EditError, InputError
    from nacre_submodels.lint import repair

    done: dict[str, int] = {}
    try:
        content, opened, problems = files.load(name)
        if not all(map(files.is_harmless, problems)):
            say(f"{name}: not repaired, since part of it could not be understood")
            return
        for each in content.submodels or ():
            if each.kind != "Template":
                say(
                    f"{name}: `{each.id_short or each.id}` is not of kind Template and left as it is"
                )
        data = edited(opened, [lambda content, **_: done.update(repair(content, unsafe=unsafe))])
    except (InputError, EditError):
        return
    if done:
        write_file(Path(name), data, force=True)
        if not quiet:
            count = counted(sum(done.values()), "repair")
            say(f"{name}: {count}: {', '.join(sorted(done))}")


@app.command("import")
def import_templates(
    files: Annotated[list[str], typer.Argument(metavar="FILE…", help="Template files.")],
    quiet: QuietOption = False,
) -> int:
    """Add templates to your own catalogue: a company's own, or the texts of a published one.

    Example:

      nacre template import "IDTA 02006-3-0-1_Template_Digital Nameplate.json"
    """
    from nacre_submodels.check import read_templates

    found = [(Path(name), each) for name in files for each in read_templates(name)]
    taken: dict[Path, str] = {}
    for source, template in found:  # only when all of them could be read
        _keep(template, source, taken, quiet=quiet)
    return ExitCode.OK


@app.command()
def update(
    source: Annotated[
        Path, typer.Argument(metavar="DIR|ZIP", help="A copy of the IDTA template repository.")
    ],
    quiet: QuietOption = False,
) -> int:
    """Take over all templates of a local copy of the IDTA repository, with their texts.

    Nothing is fetched from a network.

    Example:

      nacre template update submodel-templates/
    """
    from nacre_submodels.collecting import collect

    if not source.exists():
        raise UsageError(f"`{source}` does not exist", "give a folder or a ZIP archive")
    collected = collect(source)
    for name, reason in collected.passed_over:
        say(f"passed over {name}: {reason}")
    taken: dict[Path, str] = {}
    for template in collected.templates:
        _keep(template, None, taken, quiet=True)
    if not quiet:
        say(f"{counted(len(collected.templates), 'template')} taken over")
    return ExitCode.OK if collected.templates else ExitCode.FINDINGS


def _keep(
    template: "Template", source: Path | None, taken: dict[Path, str], *, quiet: bool
) -> None:
    """Put a template into the user's catalogue; one with the same constraints keeps its number.

    Another one takes the place of none: `taken` are the files that were written before.
    """
    from nacre_submodels import catalogue
    from nacre_submodels.collecting import constraints_digest, numbered

    known = numbered(template, source)
    folder = catalogue.user_folder()
    folder.mkdir(parents=True, exist_ok=True)
    path, digest = folder / catalogue.file_name(known), constraints_digest(known)
    is_other = taken.get(path, digest) != digest
    if path.exists() and path not in taken:
        is_other = catalogue.loads(path.read_bytes()).semantic_id != known.semantic_id
    if is_other:
        path = path.with_name(f"{path.stem}-{digest[:8]}{path.suffix}")
    taken[path] = digest
    write_file(path, catalogue.dumps(known), force=True)
    for each in template.unread:
        say(f"note: {each} is not understood, and so not checked")
    if not quiet:
        say(f"imported {known.label} as {path}")


@app.command()
def stubs(name: NameArgument, output: OutputOption = None, force: ForceOption = False) -> None:
    """Write typed Python classes for the values of a template.

    Example:

      nacre template stubs nameplate -o nameplate.py
    """
    from nacre_submodels.check import forced_template
    from nacre_submodels.stubs import stubs as written

    text = written(forced_template(name)).encode()
    write_file(output, text, force=force)
