"""`nacre export`: the same content in another format or metamodel version."""

import enum
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nacre_cli.errors import UsageError
from nacre_cli.exit_codes import ExitCode
from nacre_cli.inputs import limits, load
from nacre_cli.options import (
    FileArgument,
    ForceOption,
    FromOption,
    MaxRatioOption,
    MaxSizeOption,
    MetamodelChoice,
    OutputOption,
    QuietOption,
)
from nacre_cli.terminal import emit, say, write_file

if TYPE_CHECKING:
    from nacre_aas.model import Environment
    from nacre_aas.versions import Metamodel


class Target(enum.StrEnum):
    """A format to write."""

    AASX = "aasx"
    AASX_XML = "aasx-xml"
    JSON = "json"
    XML = "xml"
    TURTLE = "ttl"
    TRIG = "trig"
    N_TRIPLES = "nt"
    N_QUADS = "nq"
    JSON_LD = "jsonld"

    @property
    def is_graph(self) -> bool:
        """Whether it is a format of RDF."""
        return self not in (Target.AASX, Target.AASX_XML, Target.JSON, Target.XML)


class GraphKind(enum.StrEnum):
    """Which graph to write."""

    STRUCTURE = "structure"
    MEANING = "meaning"
    BOTH = "both"


def export(
    file: FileArgument,
    to: Annotated[
        Target | None, typer.Option("--to", help="Format to write [default: by the name of -o].")
    ] = None,
    from_: FromOption = None,
    output: OutputOption = None,
    metamodel: Annotated[
        MetamodelChoice | None,
        typer.Option("--metamodel", help="Version to write [default: the one of the file]."),
    ] = None,
    graph: Annotated[
        GraphKind, typer.Option(help="Which graph to write, if the format is one of RDF.")
    ] = GraphKind.STRUCTURE,
    blank_nodes: Annotated[
        bool, typer.Option("--blank-nodes", help="Name no nodes but identifiables in a graph.")
    ] = False,
    policy: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="What may leave: the rest is left out, but its digests."),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Refuse if the target cannot hold everything.")
    ] = False,
    lossy: Annotated[
        bool,
        typer.Option("--lossy", help="Leave out what could not be understood, and write the rest."),
    ] = False,
    force: ForceOption = False,
    max_size: MaxSizeOption = None,
    max_ratio: MaxRatioOption = None,
    quiet: QuietOption = False,
) -> int:
    """Convert between AASX, JSON, XML, RDF and metamodel versions.

    What the target cannot hold is listed; --strict refuses instead. In RDF the structure graph
    holds everything, the meaning graph what people ask for (`nacre help rdf`).

    Examples:

      nacre export pump.aasx --to json -o pump.json

      nacre export pump.json --to aasx --metamodel 3.0 -o pump.aasx

      nacre export pump.aasx --to ttl --graph meaning
    """
    from nacre_aas import aasx, jsonization, xmlization
    from nacre_aas.conversion import convert
    from nacre_aas.document import pointer
    from nacre_aas.files import is_harmless
    from nacre_aas.validation import judge
    from nacre_aas.versions import ALL, Metamodel, newest_common

    target = to or _by_name(output)
    bounds = limits(max_size, max_ratio)
    content, opened, problems, found = load(file, bounds, from_)
    said = found.losses() if found else []
    said += [
        f"{pointer(problem.path)}: {problem.message}"
        + (" and is left out" if is_harmless(problem) else ", which is not understood")
        for problem in problems
    ]
    said += opened.comments()
    if metamodel is not None and metamodel is not MetamodelChoice.AUTO:
        version = Metamodel.of(metamodel)
        content, losses = convert(content, version)
        said += [f"{loss.path}: {loss.message}" for loss in losses]
    else:
        versions = ALL
        for document in opened.documents.values():
            versions &= judge(document).judged
        version = found.version if found else newest_common(versions)
    if opened.package is not None and target not in (Target.AASX, Target.AASX_XML):
        said += [f"{name}: supplementary file" for name in sorted(opened.package.supplements)]
        if opened.package.core_properties is not None:
            said.append(f"{opened.package.core_properties[0]}: core properties")
    if said and not quiet:
        say(f"metamodel {version.labels[0]} in {target} cannot hold:")
        for line in said:
            say(f"  {line}")
    if said and strict:
        say("error: nothing is written, since --strict is given")
        return ExitCode.FINDINGS
    if not all(map(is_harmless, problems)) and not lossy:
        say("error: nothing is written, since part of the file could not be understood")
        say(f"\nhint: `nacre validate {file}` shows what; --lossy writes the rest")
        return ExitCode.FINDINGS
    content, statements = _redacted(content, policy, quiet=quiet)
    package = opened.package
    if package is not None and policy is not None:
        package = aasx.narrowed(package, content)  # what is left out takes its files with it
    if target.is_graph:
        data = _as_graph(content, version, target, graph, blank_nodes=blank_nodes, more=statements)
    elif target is Target.JSON:
        data = jsonization.dumps(content, indent=2)
    elif target is Target.XML:
        data = xmlization.dumps(content, version)
    else:
        opened.name_files_absolutely()
        as_xml = target is Target.AASX_XML
        data = aasx.write(content, version=version, as_xml=as_xml, package=package)
    return _deliver(data, target, version, output, force=force, quiet=quiet)


def _deliver(
    data: bytes,
    target: Target,
    version: "Metamodel",
    output: Path | None,
    *,
    force: bool,
    quiet: bool,
) -> int:
    if output is not None:
        write_file(output, data, force=force)
        if not quiet:
            say(f"wrote {output} ({_size(len(data))}, metamodel {version.labels[0]})")
    elif target in (Target.AASX, Target.AASX_XML) and sys.stdout.isatty():
        raise UsageError("a package is not written to a terminal", "give a name with -o")
    else:
        emit(data)
    return ExitCode.OK


def _redacted(
    content: "Environment", policy: str | None, *, quiet: bool
) -> "tuple[Environment, str]":
    """What a policy lets go, and what a graph says of the rest."""
    if policy is None:
        return content, ""
    from nacre_ontologies import policy as policies

    redaction = policies.redact(content, policies.load(policy))
    if not quiet:
        say(f"digest of the whole twin: {redaction.root}")
        for identifier, found in redaction.digests.items():
            say(f"left out of {identifier}: digest {found}")
        for pattern in redaction.unused:
            say(f"warning: nothing was left out by `{pattern}`")
    return redaction.environment, redaction.statements()


def _as_graph(
    content: "Environment",
    version: "Metamodel",
    target: Target,
    kind: GraphKind,
    *,
    blank_nodes: bool,
    more: str = "",
) -> bytes:
    from nacre_ontologies import graphs, structure
    from nacre_ontologies.formats import Format

    for identifier in structure.doubled(content):
        say(f"`{identifier}` stands twice: the second one is written under an address of its own")
    text = graphs.n_quads(
        content,
        version,
        with_structure=kind is not GraphKind.MEANING,
        with_meaning=kind is not GraphKind.STRUCTURE,
        blank_nodes=blank_nodes,
        named=Format(target).holds_named_graphs
        and (target is not Target.JSON_LD or kind is GraphKind.BOTH),
    )
    return graphs.written(text + more, Format(target), version)


def _by_name(output: Path | None) -> Target:
    suffix = "" if output is None else output.suffix.lower().lstrip(".")
    if suffix in tuple(Target):
        return Target(suffix)
    raise UsageError("the format to write is not given", f"add --to {', '.join(Target)}")


def _size(count: int) -> str:
    return f"{count} B" if count < 1000 else f"{count / 1000:.0f} kB"
