"""`nacre verify`: a package against the evidence that it carries."""

from pathlib import Path
from typing import Annotated

import typer

from nacre_cli.commands.ledger.common import TrustOption
from nacre_cli.options import ColorOption, JsonOption


def verify(
    file: Annotated[Path, typer.Argument(metavar="FILE.aasx", help="A package with evidence.")],
    trust: TrustOption = None,
    json: JsonOption = False,
    color: ColorOption = None,
) -> int:
    """Check, offline, what the evidence in a package says about it.

    Exit code 4: the evidence is broken, or the package was edited. 3: whose keys these are was not
    established.

    Examples:

      nacre verify pump-4711.aasx --trust trust.toml
    """
    from nacre_cli.commands.ledger.proving import verify_package

    return verify_package(file, trust, json=json, color=color)
