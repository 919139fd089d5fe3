"""`nacre set`, `merge` and `extract`: correct, join and take apart files."""

import functools
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nacre_aas.errors import EditError
from nacre_aas.wording import counted
from nacre_cli.errors import UsageError
from nacre_cli.exit_codes import ExitCode
from nacre_cli.inputs import limits
from nacre_cli.options import (
    FileArgument,
    ForceOption,
    MaxRatioOption,
    MaxSizeOption,
    OutputOption,
    QuietOption,
)
from nacre_cli.terminal import say, write_file

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nacre_aas.document import Problem
    from nacre_aas.editing import Edit
    from nacre_aas.files import OpenFile
    from nacre_aas.model import Environment, Record


def set_values(
    file: FileArgument,
    assignments: Annotated[
        list[str] | None,
        typer.Argument(metavar="PATH=VALUE…", help="Such as Nameplate/SerialNumber=4711."),
    ] = None,
    local_files: Annotated[
        list[str] | None,
        typer.Option("--file", metavar="PATH=LOCAL", help="Put a file into the package."),
    ] = None,
    removed: Annotated[
        list[str] | None,
        typer.Option("--remove", metavar="PATH", help="Take an element or attribute away."),
    ] = None,
    output: OutputOption = None,
    force: ForceOption = False,
    max_size: MaxSizeOption = None,
    max_ratio: MaxRatioOption = None,
    quiet: QuietOption = False,
) -> int:
    """Set values; everything else stays as it is.

    A value is checked against its type. Without -o the file itself is changed. Behind a colon stands an
    attribute. What gets a new id or idShort keeps the references to it. A reference is written as a path, an
    identifier, or its keys: (Submodel)urn:x, (Property)Speed.

    Examples:

      nacre set pump.aasx Nameplate/SerialNumber=4711 -o pump-4711.aasx

      nacre set pump.aasx Nameplate/ManufacturerName@de=Pumpenbau --file Documents/Manual=manual.pdf

      nacre set pump.aasx "Pump:assetInformation.specificAssetIds[serialNumber]=4711"

      nacre set pump.aasx Pump:administration.version=2 Nameplate:id=urn:example:nameplate:2

      nacre set pump.aasx --remove Nameplate/Markings[1]
    """
    from nacre_aas import aasx, files
    from nacre_aas.editing import attach, edited, remove, set_value, unresolved
    from nacre_aas.findings import Severity

    assigned = [_assignment(each) for each in assignments or ()]
    attached = [_assignment(each) for each in local_files or ()]
    count = len(assigned) + len(attached) + len(removed or ())
    if not count:
        raise UsageError("nothing to set", "give PATH=VALUE, --file PATH=LOCAL or --remove PATH")
    _, opened, problems = files.load(file, limits=limits(max_size, max_ratio))
    _say_what_is_left_out(opened, problems)
    target = output or Path(file)
    if output is not None:
        _refuse_other_format(output, opened.format)
    package = opened.package
    if package is None and (attached or target.suffix.lower() == ".aasx"):
        package = aasx.Aasx()  # of which nothing is written where only Blobs are filled
    followed: list[int] = []

    def assign(
        content: "Environment", /, *, path: str, value: str, others: "Sequence[Environment]"
    ) -> None:
        followed.append(set_value(content, path, value, others))

    edits: list[Edit] = [
        functools.partial(assign, path=path, value=value) for path, value in assigned
    ]
    for path, local in attached:
        assert package is not None
        data = files.read_bytes(local)
        name = Path(local).name
        edits.append(functools.partial(attach, package=package, path=path, name=name, data=data))
    # From behind, so that the positions of what is still to be removed hold.
    from_behind = sorted({*(removed or ())}, key=_with_numbers, reverse=True)
    edits += [functools.partial(remove, path=path) for path in from_behind]
    is_package = opened.format == "aasx" or target.suffix.lower() == ".aasx"
    data = edited(opened, edits, package if is_package else None)
    if package is not None and package.supplements and not is_package:
        raise UsageError(
            f"`{target}` is no package and holds no files", "add -o NAME.aasx to make one"
        )
    if problems:
        _refuse_losses(file, unresolved(opened, files.open_file(file, data=data)))
    before = files.judge_file(opened)
    report = files.validate(file, data=data)
    known = {(each.code, each.location.element, each.message) for each in before.findings}
    fresh = [
        each
        for each in report.findings
        if (each.code, each.location.element, each.message) not in known
    ]
    errors = [each for each in fresh if each.severity is Severity.ERROR]
    if errors:
        first = errors[0]
        raise EditError(f"the change would break {first.code}: {first.message}", first.hint)
    write_file(target, data, force=force or output is None)
    for each in fresh:
        if each.severity is Severity.WARNING:
            say(f"warning: {each.code}: {each.message}")
    if not quiet:
        more = f", {counted(sum(followed), 'reference')} followed" if any(followed) else ""
        say(f"wrote {target}: {counted(count, 'change')}{more}")
    return ExitCode.OK


def _refuse_other_format(target: Path, format_: str) -> None:
    """Refuse a name of another format than the file has, but for a package around it."""
    suffix = target.suffix.lower()
    if str(target) != "-" and suffix not in (f".{format_}", ".aasx", ""):
        raise UsageError(
            f"`{target}` is no name for {format_.upper()}, which `nacre set` keeps",
            "`nacre export` changes the format",
        )


def _assignment(text: str) -> tuple[str, str]:
    path, equals, value = text.partition("=")
    if not equals or not path:
        raise UsageError(f"`{text}` is no assignment", "write PATH=VALUE")
    return path, value


def _with_numbers(path: str) -> list[str | int]:
    """A path as it sorts by the positions in it."""
    steps = re.split(r"(?<=\[)(\d{1,18})(?=\])", path)
    return [int(each) if at % 2 else each for at, each in enumerate(steps)]


def _say_what_is_left_out(opened: "OpenFile", problems: "list[Problem]") -> None:
    from nacre_aas.document import pointer
    from nacre_aas.files import is_harmless

    for problem in problems:
        if is_harmless(problem):
            say(f"note: {pointer(problem.path)}: {problem.message} and is left out")
    for line in opened.comments():
        say(f"note: {line} left out")


def _refuse_losses(file: str, problems: "list[Problem]") -> None:
    """Refuse to write a file again that would lose what could not be understood."""
    from nacre_aas.document import pointer
    from nacre_aas.files import is_harmless

    lost = [problem for problem in problems if not is_harmless(problem)]
    if lost:
        first = lost[0]
        place = pointer(first.path)
        raise EditError(
            f"part of `{file}` could not be understood and would be lost: {place}: {first.message}",
            f"`nacre validate {file}` says what and where",
        )


def merge(
    files: Annotated[list[str], typer.Argument(metavar="FILE…", help="Files to join.")],
    output: OutputOption = None,
    force: ForceOption = False,
    max_size: MaxSizeOption = None,
    max_ratio: MaxRatioOption = None,
    quiet: QuietOption = False,
) -> int:
    """Join several files into one.

    The same id with the same content counts once; with other content it is a conflict. Files of one name and
    different content get names of their own.

    Example:

      nacre merge nameplate.aasx documents.aasx -o pump.aasx
    """
    from nacre_aas import aasx, jsonization, merging, xmlization
    from nacre_aas import files as readers
    from nacre_aas.schema import copied

    if output is None or output.suffix.lower() not in (".aasx", ".json", ".xml"):
        raise UsageError("the file to write is not given", "add -o NAME.aasx, .json or .xml")
    bounds = limits(max_size, max_ratio)
    loaded = [readers.load(name, limits=bounds) for name in files]
    for name, (_, opened, problems) in zip(files, loaded, strict=True):
        _say_what_is_left_out(opened, problems)
        _refuse_losses(name, problems)
    as_given = {name: copied(content) for name, (content, _, _) in zip(files, loaded, strict=True)}
    for _, opened, _ in loaded:
        opened.name_files_absolutely()
    contents = {name: content for name, (content, _, _) in zip(files, loaded, strict=True)}
    packages = {
        name: opened.package
        for name, (_, opened, _) in zip(files, loaded, strict=True)
        if opened.package is not None
    }
    renamed = merging.set_apart({name: (contents[name], packages[name]) for name in packages})
    merged, conflicts = merging.merge(contents)
    if conflicts and not renamed and not merging.merge(as_given)[1]:
        conflicts = []  # they differ in how they name the same file alone
    package, left_out = merging.merge_packages(packages)
    for line in left_out:
        say(f"warning: {line}")
    for line in renamed:
        say(f"note: {line}")
    if conflicts:
        for each in conflicts:
            say(f"conflict: {each} have different content")
        say("\nhint: `nacre diff` shows the differences; nothing is written")
        return ExitCode.FINDINGS
    suffix = output.suffix.lower()
    if suffix == ".aasx":
        data = aasx.write(merged, package=package)
    else:
        data = (
            jsonization.dumps(merged, indent=2) if suffix == ".json" else xmlization.dumps(merged)
        )
        for part in sorted(package.supplements):
            say(f"warning: {part} is left out, since {suffix[1:]} holds no files")
    versions = [readers.judge_file(opened).versions for _, opened, _ in loaded]
    common = readers.validate(str(output), data=jsonization.dumps(merged)).versions
    if all(versions) and not common:
        for name, its in zip(files, versions, strict=True):
            say(f"conflict: {name} is of metamodel {', '.join(its.labels)}")
        say("\nhint: the files fit together in no version; `nacre export --metamodel` changes one")
        return ExitCode.FINDINGS
    write_file(output, data, force=force)
    if not quiet:
        count = sum(len(getattr(merged, name) or ()) for name in merged.__struct_fields__)
        say(f"wrote {output}: {counted(count, 'identifiable')} of {counted(len(files), 'file')}")
    return ExitCode.OK


def extract(
    file: FileArgument,
    what: Annotated[str, typer.Argument(metavar="PATH|PART", help="An element or a part.")],
    output: OutputOption = None,
    force: ForceOption = False,
    max_size: MaxSizeOption = None,
    max_ratio: MaxRatioOption = None,
) -> int:
    """Take one thing out: a part, a file, or an element as JSON.

    Examples:

      nacre extract pump.aasx Documents/Manual -o manual.pdf

      nacre extract pump.aasx /aasx/data.json
    """
    from nacre_aas import jsonization, paths
    from nacre_aas.aasx import file_of, part_of
    from nacre_aas.editing import content_of
    from nacre_aas.files import load, read_bytes
    from nacre_aas.model import File, Resource
    from nacre_aas.opc import Package

    bounds = limits(max_size, max_ratio)
    data = read_bytes(file, bounds)
    found: bytes | None = None
    if data[:2] == b"PK":
        with Package(data, bounds) as package:
            name = package.find(what if what.startswith("/") else "/" + what)
            if name is not None:
                found = package.read(name)
    if found is None:
        content, opened, _ = load(file, data=data, limits=bounds)
        opened.name_files_absolutely()
        way, _, attribute = paths.split_attribute(content, what)
        record: Record = paths.find(content, way)
        if attribute:
            place = paths.place_of(record, attribute)
            record = getattr(place.owner, place.attribute.name)
            if not isinstance(record, Resource):
                raise EditError(f"`{what}` is no file", f"`nacre show {file} {what}` prints it")
        found = content_of(record)
        if isinstance(record, (File, Resource)):
            value = file_of(record)
            if not value:
                raise EditError(f"`{what}` names no file", "`nacre show` prints the element itself")
            part = None if opened.package is None else part_of(opened.package, value)
            if part is None:
                raise EditError(f"`{value}` is not in the package")
            found = part.content
        if found is None:
            found = jsonization.dumps(record, indent=2)
    write_file(output, found, force=force)
    return ExitCode.OK
