"""`nacre shacl` and `nacre shapes`: run shapes over files, and write the shapes."""

import enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nacre_aas.errors import InputError
from nacre_aas.files import Report, read_bytes
from nacre_aas.findings import Severity
from nacre_cli import inputs
from nacre_cli.errors import UsageError
from nacre_cli.options import (
    ColorOption,
    ForceOption,
    JsonOption,
    MaxRatioOption,
    MaxSizeOption,
    MetamodelChoice,
    MetamodelOption,
    OutputOption,
    ProgressChoice,
    ProgressOption,
    group,
)
from nacre_cli.render.model import Outcome
from nacre_cli.render.writing import Format, write_outcome
from nacre_cli.terminal import paint, say, say_refusal, write_file

if TYPE_CHECKING:
    from nacre_aas.opc import Limits
    from nacre_aas.versions import Metamodel
    from nacre_ontologies.shacl import Result
    from nacre_ontologies.shape_runs import ShapeFile


class Engine(enum.StrEnum):
    """What runs the shapes."""

    COMPILED = "compiled"
    PYSHACL = "pyshacl"


class ShapedGraph(enum.StrEnum):
    """Which graph shapes are about."""

    STRUCTURE = "structure"
    MEANING = "meaning"


class ResultFormat(enum.StrEnum):
    """How results are written: as findings, or as the W3C report graph."""

    TEXT = "text"
    CONCISE = "concise"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"
    JUNIT = "junit"
    TURTLE = "ttl"


def shacl(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE…", help="AAS or RDF files, folders or patterns; `-` is standard input."
        ),
    ],
    shapes: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE", help="Your own shapes [default: those of metamodel and templates]."
        ),
    ] = None,
    engine: Annotated[
        Engine | None,
        typer.Option(help="What runs the shapes [default: compiled, if it can run them]."),
    ] = None,
    output_format: Annotated[
        ResultFormat, typer.Option("--format", help="How to write results.")
    ] = ResultFormat.TEXT,
    json: JsonOption = False,
    output: OutputOption = None,
    metamodel: MetamodelOption = None,
    fail_on: Annotated[
        Severity, typer.Option("--fail-on", help="Severity from which to exit with 1.")
    ] = Severity.ERROR,
    timeout: Annotated[
        float, typer.Option(min=0.1, help="Seconds that the shapes may take on a file.")
    ] = 600.0,
    force: ForceOption = False,
    max_size: MaxSizeOption = None,
    max_ratio: MaxRatioOption = None,
    color: ColorOption = None,
    progress: ProgressOption = ProgressChoice.AUTO,
) -> int:
    """Run SHACL shapes over AAS files and RDF graphs.

    Examples:

      nacre shacl pump.aasx

      nacre shacl twin.ttl --shapes ours.ttl --format ttl -o report.ttl
    """
    from nacre_ontologies.shape_runs import ShapeFile

    chosen = ResultFormat.JSON if json else output_format
    bounds = inputs.limits(max_size, max_ratio)
    own = [ShapeFile(str(each), read_bytes(str(each), bounds)) for each in shapes or ()]
    for each in own:
        for _ in each.quads():  # malformed shapes are no finding about a file
            pass
    reports, results = [], list["Result"]()
    names = inputs.expand(files, inputs.SUFFIXES_WITH_RDF)
    for name in inputs.one_by_one(names, progress):
        report, found = _run(name, own, engine, inputs.metamodel(metamodel), bounds, timeout)
        if inputs.is_passed_over(report, set(files)):
            continue
        reports.append(report)
        results += found
    outcome = Outcome(reports, fail_on)
    if chosen is not ResultFormat.TURTLE:
        painter = paint(color, to_file=output is not None)
        write_outcome(outcome, Format(chosen), output, painter, force=force)
        return outcome.exit_code
    from nacre_ontologies.rules import IMPORTS, NOTHING_APPLIES
    from nacre_ontologies.shacl import Report as ShaclReport

    write_file(output, ShaclReport(tuple(results)).turtle(), force=force)
    about_shapes = (NOTHING_APPLIES.code, IMPORTS.code)  # so there is no result about a node
    for report in reports:
        for finding in report.findings:
            if finding.code in about_shapes:
                say(f"{finding.severity}[{finding.code}]: {finding.message}\n --> {report.file}")
        if report.refusal is not None:
            say_refusal(report.refusal, report.file)
    return outcome.exit_code


def _run(
    name: str,
    shapes: "list[ShapeFile]",
    engine: Engine | None,
    version: "Metamodel | None",
    bounds: "Limits",
    timeout: float,
) -> "tuple[Report, list[Result]]":
    """What shapes say of one file; what of it could not be read is a result as well."""
    import time

    from nacre_ontologies import shape_runs
    from nacre_ontologies.shacl import ShapesError, UnsupportedShapesError
    from nacre_ontologies.sources import open_source, unread_result

    start = time.perf_counter()
    report = Report(name)
    try:
        source = open_source(name, bounds)
        found = shape_runs.run(source, shapes, engine=engine, version=version, timeout=timeout)
    except (ShapesError, UnsupportedShapesError):
        raise
    except InputError as error:
        report.refusal = error
        return report, [unread_result(name, error.code, error.message)]
    unread = list(source.unread())
    report.findings = [*unread, *found.findings]
    report.not_checked = found.not_checked
    report.versions = report.judged = version or source.version
    report.format = source.format or (source.opened.format if source.opened else None)
    report.seconds = time.perf_counter() - start
    lost = (unread_result(name, each.code, each.message) for each in unread)
    return report, [*found.report.results, *lost]


shapes_app = group("shapes", "SHACL shapes of the metamodel and of templates, as Turtle.")

_VersionOption = Annotated[
    MetamodelChoice, typer.Option("--metamodel", help="The version whose terms are used.")
]


@shapes_app.command("metamodel")
def metamodel_shapes(
    metamodel: _VersionOption = MetamodelChoice.V3_1,
    output: OutputOption = None,
    force: ForceOption = False,
) -> None:
    """Write the structure shapes: what the metamodel demands of a structure graph.

    Examples:

      nacre shapes metamodel -o aas-3.1.ttl

      nacre shapes metamodel --metamodel 3.0
    """
    from nacre_ontologies import structure_shapes

    write_file(output, structure_shapes.document(_version(metamodel)), force=force)


@shapes_app.command("template")
def template_shapes(
    name: Annotated[
        str,
        typer.Argument(metavar="NAME", help="Number, name, semantic id, or a template file."),
    ],
    graph: Annotated[
        ShapedGraph, typer.Option(help="The graph that the shapes are about.")
    ] = ShapedGraph.STRUCTURE,
    metamodel: _VersionOption = MetamodelChoice.V3_1,
    output: OutputOption = None,
    force: ForceOption = False,
) -> None:
    """Write the shapes of a submodel template: what it demands of its instances.

    Examples:

      nacre shapes template nameplate -o nameplate.ttl

      nacre shapes template our-template.json
    """
    from nacre_ontologies import meaning_shapes, template_shapes
    from nacre_submodels import catalogue
    from nacre_submodels.check import template_named

    template = template_named(name, catalogue.known())
    if graph is ShapedGraph.MEANING:
        write_file(output, meaning_shapes.document(template), force=force)
        return
    write_file(output, template_shapes.document(template, _version(metamodel)), force=force)


def _version(choice: MetamodelChoice) -> "Metamodel":
    from nacre_aas.versions import Metamodel

    if choice is MetamodelChoice.AUTO:
        raise UsageError("shapes are of one version", "add --metamodel 3.0, 3.1 or 3.2")
    return Metamodel.of(choice)
