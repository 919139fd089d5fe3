"""`nacre generate`: one package from a form."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nacre_aas.wording import counted
from nacre_cli.errors import UsageError
from nacre_cli.exit_codes import ExitCode
from nacre_cli.options import (
    ColorOption,
    ForceOption,
    MetamodelChoice,
    OutputOption,
    QuietOption,
)
from nacre_cli.terminal import emit, paint, say, write_file

if TYPE_CHECKING:
    from nacre_submodels.form import Form
    from nacre_submodels.generating import Base


def generate(
    form: Annotated[
        str, typer.Argument(metavar="FORM", help="TOML, JSON, CSV or .xlsx file, filled in.")
    ],
    output: OutputOption = None,
    metamodel: Annotated[
        MetamodelChoice | None,
        typer.Option("--metamodel", help="Version to write [default: 3.0 and 3.1 alike]."),
    ] = None,
    from_shell: Annotated[
        str | None,
        typer.Option(
            "--from-shell", metavar="FILE", help="The type that the product is made after."
        ),
    ] = None,
    row: Annotated[
        int | None, typer.Option("--row", min=1, help="The row of a table to take, from 1.")
    ] = None,
    force: ForceOption = False,
    color: ColorOption = None,
    quiet: QuietOption = False,
) -> int:
    """Make a package from a form: one shell with all submodels of the form.

    Examples:

      nacre template form nameplate -o pump.toml

      nacre generate pump.toml -o pump-4711.aasx
    """
    import hashlib

    from nacre_aas.versions import Metamodel
    from nacre_cli.render import text
    from nacre_ontologies.consistency import MeaningCheck
    from nacre_submodels import catalogue, generating

    fixed = None if metamodel in (None, MetamodelChoice.AUTO) else Metamodel.of(str(metamodel))
    base = None if from_shell is None else _type(from_shell)
    if form == "fleet" and not Path(form).exists():
        raise UsageError("`nacre generate fleet` is reserved for whole fleets; there is none yet")
    if Path(form).is_dir():
        raise UsageError(f"`{form}` is a folder", "give the form, a file")
    if Path(form).suffix.lower() == ".xls":
        raise UsageError(f"`{form}` is a table of an old format", "save it as .xlsx or CSV")
    if row is not None and Path(form).suffix.lower() not in (".csv", ".xlsx"):
        raise UsageError("--row chooses a row of a table, and the form is none")
    target = output or Path(form).with_suffix(".aasx")
    if output is None and form == "-":
        raise UsageError("the file to write is not given", "add -o NAME.aasx")
    if target.suffix.lower() != ".aasx" and str(target) != "-":
        raise UsageError(f"`{target}` is no name of a package", "add -o NAME.aasx")
    filled = _read(form, row)
    for note in filled.notes:
        say(f"note: {note}")
    made = generating.generate(
        filled,
        form,
        catalogue.known(),
        metamodel=fixed,
        folder=Path(form).parent,
        base=base,
        checks=[MeaningCheck()],
    )
    emit("".join(line + "\n" for line in text.findings(made.findings, paint(color))))
    if made.data is None or made.environment is None:
        return ExitCode.FINDINGS
    write_file(target, made.data, force=force)
    for each in made.left_out:
        say(f"warning: {each}")
    if not quiet and str(target) != "-":
        names = ", ".join(template.label for template in made.templates) or "from the type"
        count = len(made.environment.submodels or ())
        files = f", {counted(made.files, 'file')}" if made.files else ""
        say(f"wrote {target}: 1 shell, {counted(count, 'submodel')} ({names}){files}")
        digest = hashlib.sha256(made.data).hexdigest()
        say(f"sha256 {digest}; the same input gives the same bytes")
        say(f"\nhint: `nacre validate {target}` checks it as your customer will")
    return ExitCode.OK


def _read(name: str, row: int | None) -> "Form":
    from nacre_aas.files import read_bytes
    from nacre_submodels import form, records
    from nacre_submodels.errors import FormError

    suffix = Path(name).suffix.lower()
    try:
        if suffix in (".csv", ".xlsx"):
            return records.read_row(name, row)
        text = read_bytes(name).decode("utf-8-sig")
        is_json = suffix == ".json" or (name == "-" and text.lstrip()[:1] == "{")
        return form.read_json(text) if is_json else form.read_toml(text)
    except UnicodeDecodeError:
        hint = "forms are TOML, JSON, CSV or .xlsx; save it as UTF-8"
        raise FormError(f"{name}: the form is no UTF-8 text", hint) from None
    except FormError as error:
        place = "".join(f":{each}" for each in (error.line, error.column) if each)
        raise FormError(f"{name}{place}: {error.message}", error.hint) from None


def _type(name: str) -> "Base":
    """The package that describes a type."""
    from nacre_aas.errors import EditError
    from nacre_aas.files import is_harmless, load
    from nacre_submodels.generating import Base

    content, opened, problems = load(name)
    if not all(map(is_harmless, problems)):
        hint = f"`nacre validate {name}` says what and where"
        raise EditError(f"part of `{name}` could not be understood", hint)
    if not content.asset_administration_shells:
        raise EditError(f"`{name}` has no shell to derive from")
    return Base(content, opened.package)
