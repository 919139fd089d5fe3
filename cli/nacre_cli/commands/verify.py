"""`nacre verify`: a package against the evidence that it carries, or evidence alone."""

from pathlib import Path
from typing import Annotated

import typer

from nacre_cli.commands.ledger.common import TrustOption
from nacre_cli.options import ColorOption, JsonOption


def verify(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A package with evidence, or evidence alone.")
    ],
    trust: TrustOption = None,
    json: JsonOption = False,
    color: ColorOption = None,
) -> int:
    """Check, offline, what the evidence in a package says about it, or evidence alone.

    Exit code 4: the evidence is broken, or the package was edited. 3: whose keys these are was not
    established.

    Examples:

      nacre verify pump-4711.aasx --trust trust.toml

      nacre verify 1842.evidence.json --trust trust.toml
    """
    from nacre_cli.commands.ledger.proving import verify_file

    return verify_file(file, trust, json=json, color=color)
