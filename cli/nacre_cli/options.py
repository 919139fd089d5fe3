"""Options that several commands share, each written once."""

import enum
import math
import re
import sys
from pathlib import Path
from typing import Annotated

import typer

from nacre_aas.wording import shortened
from nacre_cli.errors import UsageError


class MetamodelChoice(enum.StrEnum):
    """The metamodel version to judge by or to write."""

    AUTO = "auto"
    V3_0 = "3.0"
    V3_1 = "3.1"
    V3_2 = "3.2"


class ColorChoice(enum.StrEnum):
    """When to use colours."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


class ProgressChoice(enum.StrEnum):
    """How progress is told on standard error: as people, or as programs read it."""

    AUTO = "auto"
    JSON = "json"
    NONE = "none"


class InputFormat(enum.StrEnum):
    """What a file may be: the three of AAS, and those of RDF."""

    AASX = "aasx"
    JSON = "json"
    XML = "xml"
    TURTLE = "ttl"
    TRIG = "trig"
    N_TRIPLES = "nt"
    N_QUADS = "nq"
    JSON_LD = "jsonld"
    RDF_XML = "rdf"


FileArgument = Annotated[
    str, typer.Argument(metavar="FILE", help="AASX, JSON or XML file; `-` is standard input.")
]
FromOption = Annotated[
    InputFormat | None,
    typer.Option("--from", help="What the file is [default: found by name and content]."),
]
OutputOption = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write here.")
]
ForceOption = Annotated[bool, typer.Option("--force", help="Overwrite an existing file.")]
JsonOption = Annotated[bool, typer.Option("--json", help="The same as --format json.")]
ColorOption = Annotated[
    ColorChoice | None, typer.Option("--color", envvar="NACRE_COLOR", help="Use colours.")
]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="No messages, only data.")]
ProgressOption = Annotated[
    ProgressChoice,
    typer.Option(
        "--progress",
        envvar="NACRE_PROGRESS",
        help="Progress on a terminal, or one JSON object per line on standard error.",
    ),
]
MetamodelOption = Annotated[
    MetamodelChoice | None,
    typer.Option(
        "--metamodel",
        envvar="NACRE_METAMODEL",
        help="Judge by one version; `auto` accepts any supported one.",
    ),
]
MaxSizeOption = Annotated[
    str | None,
    typer.Option(
        "--max-size",
        envvar="NACRE_MAX_SIZE",
        metavar="SIZE",
        help="Largest size of a file and of all parts of a package [default: 1GiB].",
    ),
]
MaxRatioOption = Annotated[
    int | None,
    typer.Option(
        "--max-ratio",
        envvar="NACRE_MAX_RATIO",
        metavar="N",
        help="How many times its packed size a part may have [default: 200].",
    ),
]


def group(name: str, help: str) -> typer.Typer:  # noqa: A002 - the name that typer has
    """A command with commands of its own."""
    return typer.Typer(
        name=name,
        help=help,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )


_UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30}


def parse_size(text: str) -> int:
    """Bytes from `500MB`, `2GiB` or a plain number.

    Raises:
        UsageError: it is no size.
    """
    match = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?) ?([KMG]?)i?B?", str(text), re.IGNORECASE)
    size = float(match[1]) * _UNITS[match[2].upper()] if match is not None else math.inf
    if size > sys.maxsize:
        raise UsageError(f"`{shortened(str(text))}` is no size", "write it as `500MiB` or `2GiB`")
    return int(size)
