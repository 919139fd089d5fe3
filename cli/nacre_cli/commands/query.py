"""`nacre query` and `nacre vocab`: questions to graphs, and the vocabulary that they are asked in."""

import csv
import enum
import io
import json as json_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nacre_aas.errors import InputError, NoContentError
from nacre_aas.files import read_bytes
from nacre_cli import inputs
from nacre_cli.errors import UsageError
from nacre_cli.exit_codes import ExitCode
from nacre_cli.options import (
    ForceOption,
    JsonOption,
    MaxRatioOption,
    MaxSizeOption,
    OutputOption,
    ProgressChoice,
    ProgressOption,
    QuietOption,
)
from nacre_cli.terminal import clean_line, emit, say, say_refusal, write_file

if TYPE_CHECKING:
    from nacre_aas.opc import Limits
    from nacre_ontologies.store import Answer, Store


class AnswerFormat(enum.StrEnum):
    """How an answer is written; `results` is SPARQL 1.1 Query Results in JSON."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    RESULTS = "results"
    TURTLE = "ttl"


def query(
    arguments: Annotated[
        list[str] | None,
        typer.Argument(metavar="[NAME] [FILE…]", help="A named query, and the files to ask."),
    ] = None,
    sparql: Annotated[
        str | None, typer.Option(metavar="FILE|-", help="A query of your own instead of a name.")
    ] = None,
    param: Annotated[
        list[str] | None, typer.Option(metavar="NAME=VALUE", help="Bind a parameter of the query.")
    ] = None,
    store: Annotated[
        list[str] | None,
        typer.Option(
            envvar="NACRE_STORE",
            metavar="URL|FOLDER",
            help="A SPARQL endpoint, or a kept store; several are asked alike.",
        ),
    ] = None,
    ledger: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Add the events of a ledger as PROV-O.")
    ] = None,
    output_format: Annotated[
        AnswerFormat, typer.Option("--format", help="How to write the answer.")
    ] = AnswerFormat.TABLE,
    json: JsonOption = False,
    timeout: Annotated[
        float, typer.Option(min=0.1, help="Seconds that the query may take.")
    ] = 60.0,
    output: OutputOption = None,
    force: ForceOption = False,
    max_size: MaxSizeOption = None,
    max_ratio: MaxRatioOption = None,
    quiet: QuietOption = False,
    progress: ProgressOption = ProgressChoice.AUTO,
) -> int:
    """Ask graphs a question: a named one, or your own in SPARQL 1.1.

    Without arguments the named queries are listed. Files given together with one --store are put
    into it; of several stores each is asked, and `source` says whose answer it is. Exit code 1 says
    that there is no answer, 3 that a store or a file gave none.

    Examples:

      nacre query parts pump.aasx

      nacre query values incoming/ --param concept=0173-1#02-AAO677#002 --json

      nacre query --sparql ours.rq --store http://localhost:7878/query
    """
    from nacre_ontologies.errors import QueryError
    from nacre_ontologies.queries import named
    from nacre_ontologies.store import ask_all, open_store

    words = list(arguments or ())
    if sparql is None and not words:
        for each in named().values():
            names = " ".join(f"[{p.name}]" if p.optional else p.name for p in each.parameters)
            emit(f"{each.name:<20} {each.question}{f'  ({names})' if names else ''}\n")
        return ExitCode.OK
    values = _parameters(param)
    if sparql is not None:
        text = read_bytes(sparql).decode("utf-8", "replace")
        if values:
            raise UsageError(
                "--param binds parameters of named queries", "write them into the query"
            )
    else:
        name = words.pop(0)
        if name not in named():
            raise UsageError(
                f"there is no query `{name}`", "`nacre query` lists them; --sparql takes your own"
            )
        try:
            text = named()[name].bound(values)
        except QueryError as refusal:
            raise UsageError(refusal.message, refusal.hint) from None
    places = list(store or ())
    if not words and not places and ledger is None:
        raise UsageError("there is nothing to ask", "name files, --store or --ledger")
    bounds = inputs.limits(max_size, max_ratio)
    place = places[0] if len(places) == 1 else None
    own = open_store(place, create=bool(words) or ledger is not None)
    refused, loaded = _load(own, words, bounds, progress, timeout, quiet=quiet)
    if refused and not loaded and not places and ledger is None:
        return ExitCode.NO_VERDICT  # there is nothing that an answer would be about
    if ledger is not None:
        _load_ledger(own, ledger, timeout)
    own.flush()
    if len(places) > 1:
        asked = [(place, open_store(place)) for place in places]
        if words or ledger is not None:
            asked.append(("files", own))
        answer, failed = ask_all(asked, text, timeout)
        for place, error in failed.items():
            say_refusal(error, place)
        refused += len(failed)
    else:
        answer = own.query(text, timeout)
    if refused and output is not None and str(output) != "-":
        say(f"nothing written to `{output}`: what did not answer may be missing in it")
        return ExitCode.NO_VERDICT
    chosen = AnswerFormat.JSON if json else output_format
    data = _written(answer, chosen)
    write_file(output, data, force=force)
    if refused:
        return ExitCode.NO_VERDICT
    is_empty = not (answer.rows if answer.kind == "table" else answer.data.strip())
    if is_empty and not quiet:
        say("no answer")
    return ExitCode.FINDINGS if is_empty else ExitCode.OK


def _parameters(given: list[str] | None) -> dict[str, str]:
    values = {}
    for each in given or ():
        name, mark, value = each.partition("=")
        if not mark:
            raise UsageError(f"`{each}` is no NAME=VALUE")
        if name in values:
            raise UsageError(f"--param: `{name}` is given twice")
        values[name] = value
    return values


def _load(
    store: "Store",
    names: list[str],
    bounds: "Limits",
    shown: ProgressChoice,
    timeout: float,
    *,
    quiet: bool,
) -> tuple[int, int]:
    """Put the graphs of files into a store; how many files could not be read, and how many could."""
    from nacre_ontologies.sources import open_source

    refused = loaded = 0
    files = inputs.expand(names, inputs.SUFFIXES_WITH_RDF) if names else []
    for name in inputs.one_by_one(files, shown, quiet=quiet):
        try:
            source = open_source(name, bounds)
            inputs.say_what_is_missing(name, source.problems)
            for graph, quads in source.named_graphs():
                store.load(quads, graph, timeout)
            loaded += 1
        except InputError as error:
            if isinstance(error, NoContentError) and name not in names:
                continue  # found in a folder, and no AAS at all
            say_refusal(error, name)
            refused += 1
    return refused, loaded


def _load_ledger(store: "Store", folder: Path, timeout: float) -> None:
    from nacre_cli.commands.ledger.common import answering
    from nacre_ontologies import provenance, rdf
    from nacre_ontologies.formats import Format

    with answering(str(folder)) as ledger:
        text = provenance.n_triples(ledger)
    store.load(rdf.parse(text, Format.N_TRIPLES), folder.resolve().as_uri(), timeout)


def _written(answer: "Answer", chosen: AnswerFormat) -> bytes:
    if answer.kind == "graph":
        if chosen in (AnswerFormat.JSON, AnswerFormat.CSV, AnswerFormat.RESULTS):
            raise UsageError("a graph is no table", "CONSTRUCT and DESCRIBE give --format ttl")
        from nacre_ontologies import rdf
        from nacre_ontologies.formats import Format

        return rdf.converted(answer.data.decode(), Format.TURTLE)
    if chosen is AnswerFormat.RESULTS:
        return answer.data + b"\n"
    if chosen is AnswerFormat.TURTLE:
        raise UsageError("a table is no graph", "--format ttl is for CONSTRUCT and DESCRIBE")
    names, rows = answer.variables or ["answer"], answer.rows
    cells = [[_plain(term) for term in row] for row in rows]
    if chosen is AnswerFormat.JSON:
        listed = [dict(zip(names, row, strict=True)) for row in cells]
        document = {"schema": "nacre.answer/v1", "variables": names, "rows": listed}
        return (json_module.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()
    if chosen is AnswerFormat.CSV:
        stream = io.StringIO()
        writer = csv.writer(stream, lineterminator="\r\n")
        writer.writerow(names)
        writer.writerows([["" if cell is None else cell for cell in row] for row in cells])
        return stream.getvalue().encode()
    return _table(names, cells).encode()


def _plain(term: Any) -> str | None:
    """A term as people read it: the text of a literal, the IRI."""
    return None if term is None else str(term.value)


def _table(names: list[str], rows: list[list[str | None]]) -> str:
    shown = [names, *([clean_line(cell or "") for cell in row] for row in rows)]
    widths = [min(60, max(len(row[at]) for row in shown)) for at in range(len(names))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in shown
    ]
    return "\n".join(lines) + "\n"


def vocab(
    output: OutputOption = None,
    force: ForceOption = False,
) -> None:
    """Print the vocabulary of Nacre, an OWL 2 RL ontology in Turtle.

    Examples:

      nacre vocab

      nacre vocab -o nacre.ttl
    """
    import importlib.resources

    data = importlib.resources.files("nacre_ontologies").joinpath("vocab/nacre.ttl").read_bytes()
    write_file(output, data, force=force)
