"""`nacre show`: the content of a file as a tree, or one element of it."""

from typing import TYPE_CHECKING, Annotated

import typer

from nacre_cli.inputs import limits, load, say_what_is_missing
from nacre_cli.options import (
    ColorOption,
    FileArgument,
    FromOption,
    JsonOption,
    MaxRatioOption,
    MaxSizeOption,
)
from nacre_cli.terminal import Paint, clean_line, emit, paint

if TYPE_CHECKING:
    from nacre_aas.display import Line


def show(
    file: FileArgument,
    path: Annotated[
        str | None, typer.Argument(help="An element, such as Nameplate/SerialNumber.")
    ] = None,
    value: Annotated[bool, typer.Option("--value", help="Print the bare value only.")] = False,
    json: JsonOption = False,
    from_: FromOption = None,
    max_size: MaxSizeOption = None,
    max_ratio: MaxRatioOption = None,
    color: ColorOption = None,
) -> None:
    """Show the tree of shells, submodels and elements.

    Examples:

      nacre show pump.aasx

      nacre show pump.aasx Nameplate/SerialNumber --value
    """
    from nacre_aas import display, paths
    from nacre_aas.constraints.context import Concepts
    from nacre_aas.jsonization import dumps

    environment, _, problems, _ = load(file, limits(max_size, max_ratio), from_)
    say_what_is_missing(file, problems)
    painter = paint(color)
    if path is None:
        if json:
            emit(dumps(environment, indent=2))
        else:
            emit("".join(_line(line, painter) for line in display.tree(environment)))
        return
    named = (
        paths.split_attribute(environment, path)[2] or paths.split_language(environment, path)[1]
    )
    if value or named:
        emit(paths.value_at(environment, path) + "\n")
        return
    record = paths.find(environment, path)
    if json:
        emit(dumps(record, indent=2))
    else:
        concepts = Concepts(environment.concept_descriptions or ())
        emit("".join(_line(line, painter) for line in display.lines(record, 0, concepts)))


def _line(line: "Line", painter: Paint) -> str:
    badge = painter("faint", line.badge.ljust(4))
    text = f" {line.text}" if line.text else ""
    return (
        f"{'  ' * line.depth}{badge} {painter('strong', clean_line(line.name))}{clean_line(text)}\n"
    )
