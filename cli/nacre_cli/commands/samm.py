"""`nacre samm`: aspect models of the Eclipse Semantic Modeling Framework as templates, and back."""

from pathlib import Path
from typing import Annotated

import typer

from nacre_cli.errors import UsageError
from nacre_cli.options import ForceOption, OutputOption, QuietOption, group
from nacre_cli.terminal import clean_line, say, write_file

app = group("samm", "Aspect models (SAMM) as submodel templates, and back.")


@app.command("to-template")
def to_template(
    file: Annotated[str, typer.Argument(metavar="FILE", help="An aspect model in Turtle.")],
    output: OutputOption = None,
    force: ForceOption = False,
    quiet: QuietOption = False,
) -> None:
    """Turn an aspect model into a submodel template with its concepts, as AAS JSON.

    What a template cannot hold is listed. `nacre template import` then adds it to your catalogue.

    Examples:

      nacre samm to-template Movement.ttl -o movement.json
    """
    from nacre_aas import jsonization
    from nacre_aas.files import read_bytes
    from nacre_ontologies import samm

    found = samm.read(file, read_bytes(file))
    _write(jsonization.dumps(found.content, indent=2), found.left_out, output, force, quiet)


@app.command("from-template")
def from_template(
    name: Annotated[
        str,
        typer.Argument(metavar="NAME", help="Number, name, semantic id, or a template file."),
    ],
    namespace: Annotated[
        str | None, typer.Option(metavar="URN", help="Namespace, such as urn:samm:com.acme:1.0.0.")
    ] = None,
    output: OutputOption = None,
    force: ForceOption = False,
    quiet: QuietOption = False,
) -> None:
    """Turn a submodel template into an aspect model in Turtle.

    What an aspect cannot hold is listed.

    Examples:

      nacre samm from-template nameplate --namespace urn:samm:com.acme:1.0.0 -o nameplate.ttl
    """
    from nacre_ontologies import samm
    from nacre_submodels import catalogue
    from nacre_submodels.check import template_named

    if namespace is not None and samm.NAMESPACE.fullmatch(namespace) is None:
        raise UsageError(f"`{namespace}` is no namespace", "such as urn:samm:com.acme:1.0.0")

    found = samm.from_template(template_named(name, catalogue.known()), namespace)
    _write(found.content.encode(), found.left_out, output, force, quiet)


def _write(
    data: bytes,
    left_out: tuple[tuple[str, str], ...],
    output: Path | None,
    force: bool,
    quiet: bool,
) -> None:
    if left_out and not quiet:
        say("the target cannot hold:")
        for name, reason in left_out:
            say(f"  {clean_line(name)}: {clean_line(reason)}")
    write_file(output, data, force=force)
