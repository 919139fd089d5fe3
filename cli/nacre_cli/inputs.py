"""From what a user names to files: globs, folders, standard input; read in a pool of processes."""

import functools
import glob
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from nacre_aas import files
from nacre_aas.checking import Check
from nacre_aas.errors import InputError, MalformedDocumentError, NoContentError, about
from nacre_aas.files import STDIN, Report, read_bytes, validate
from nacre_aas.opc import Limits
from nacre_aas.versions import Metamodel
from nacre_aas.wording import counted
from nacre_cli.config import setting
from nacre_cli.errors import UsageError
from nacre_cli.options import InputFormat, MetamodelChoice, ProgressChoice, parse_size
from nacre_cli.terminal import progress, say
from nacre_ontologies.formats import SUFFIXES as RDF_SUFFIXES
from nacre_ontologies.formats import Format, format_of

if TYPE_CHECKING:
    from nacre_aas.document import Problem
    from nacre_aas.files import OpenFile
    from nacre_aas.model import Environment
    from nacre_ontologies.reading import GraphReading

SUFFIXES = (".aasx", ".json", ".xml")
#: Where a graph is as welcome as an AAS file, a folder stands for files of both kinds.
SUFFIXES_WITH_RDF = (*SUFFIXES, *RDF_SUFFIXES)
#: Below this many bytes a second process costs more than it saves.
_WORTH_A_POOL = 4 << 20


def expand(names: list[str], suffixes: Sequence[str] = SUFFIXES) -> list[str]:
    """Files for names, in order and once each; a folder stands for the files of some kinds below it.

    Raises:
        UsageError: a pattern or folder matches nothing.
    """
    found: list[str] = []
    for name in names:
        if not name:
            raise UsageError("an empty name is no file", "is a variable in the command not set?")
        if name == STDIN or Path(name).is_file():
            found.append(name)
        elif Path(name).is_dir():
            below = sorted(_below(Path(name), suffixes))
            if not below:
                raise UsageError(f"the folder `{name}` holds no {', '.join(suffixes)} file")
            found += below
        elif glob.has_magic(name):
            paths = glob.glob(name, recursive=True)  # noqa: PTH207 - the pattern may be absolute
            matches = sorted(path for path in paths if Path(path).is_file())
            if not matches:
                raise UsageError(f"`{name}` matches no file")
            found += matches
        else:
            found.append(name)  # the reader says what is wrong with it
    once: dict[str, str] = {}
    for name in found:
        once.setdefault(name if name == STDIN else os.path.realpath(name), name)
    return list(once.values())


def _below(folder: Path, suffixes: Sequence[str]) -> Iterator[str]:
    """Files with the endings of AAS files; hidden folders and installed packages are passed over."""
    for path in folder.iterdir():
        if path.is_dir():
            # A link may lead back up, and what it leads to has a folder of its own.
            hidden = path.is_symlink() or path.name.startswith(".") or path.name == "node_modules"
            yield from () if hidden else _below(path, suffixes)
        elif path.suffix.lower() in suffixes and not path.name.startswith("."):
            # A link to nothing is a file that is missing.
            yield from [str(path)] if path.is_file() or path.is_symlink() else ()


def one_by_one(
    files: list[str], shown: ProgressChoice = ProgressChoice.AUTO, *, quiet: bool = False
) -> Iterator[str]:
    """The files in turn, with progress told."""
    with progress(len(files), "files", shown, quiet=quiet) as step:
        for name in files:
            yield name
            step()


class Loaded(NamedTuple):
    """The content of a file of any kind; `graph` is set if it is RDF."""

    content: "Environment"
    opened: "OpenFile"
    problems: "list[Problem]"
    graph: "GraphReading | None"


def load(name: str, bounds: Limits, told: InputFormat | None = None) -> Loaded:
    """Read an AAS file or the AAS content of an RDF file; `told` is what the user says that it is.

    Raises:
        InputError: nothing can be said about the file.
    """
    data = read_bytes(name, bounds)
    graph = _graph(name, data, told)
    content, opened, problems = files.load(
        name, data=data if graph is None else graph.json, limits=bounds
    )
    if graph is None:
        _refuse_other(name, opened.format, told)
    return Loaded(content, opened, problems, graph)


def say_what_is_missing(name: str, problems: "Sequence[Problem]") -> None:
    """Warn that parts of a file could not be read into the content that is worked with."""
    harmful = [problem for problem in problems if not files.is_harmless(problem)]
    if harmful:
        count = counted(len(harmful), "part")
        say(f"warning: {name}: {count} could not be understood and may be missing here")
        say(f"\nhint: `nacre validate {name}` says what and where")


def refuse_what_is_missing(name: str, problems: "Sequence[Problem]") -> None:
    """Refuse to compare a file of which parts could not be read.

    Raises:
        InputError: there are such parts.
    """
    if not all(map(files.is_harmless, problems)):
        raise InputError(
            f"part of `{name}` could not be understood and cannot be compared",
            f"`nacre validate {name}` says what",
        )


def is_passed_over(report: Report, named: set[str]) -> bool:
    """Whether a file found in a folder is no AAS at all, and so not what the user meant."""
    refusal = report.refusal
    return report.file not in named and isinstance(refusal, NoContentError)


def limits(max_size: str | None, max_ratio: int | None) -> Limits:
    """The limits that flags and settings ask for."""
    default = Limits()
    size = setting("max-size", max_size, None)
    ratio = setting("max-ratio", max_ratio, None)
    return Limits(
        max_size=parse_size(size) if size is not None else default.max_size,
        max_ratio=int(ratio) if ratio is not None else default.max_ratio,
    )


def metamodel(choice: MetamodelChoice | None) -> Metamodel | None:
    """The version to judge by; `None` for any.

    Raises:
        UsageError: the settings name an unknown version.
    """
    label = str(setting("metamodel", choice, "auto"))
    try:
        return None if label == "auto" else Metamodel.of(label)
    except KeyError:
        raise UsageError(
            f"unknown metamodel `{label}`", "known are auto, 3.0, 3.1 and 3.2"
        ) from None


def judge_all(
    files: list[str],
    version: Metamodel | None,
    bounds: Limits,
    *,
    jobs: int | None = None,
    quiet: bool = False,
    shown: ProgressChoice = ProgressChoice.AUTO,
    checks: Sequence[Check] = (),
    told: InputFormat | None = None,
) -> Iterator[Report]:
    """Judge files in order, several at a time if that is worth it."""
    count = min(len(files), int(setting("jobs", jobs, os.cpu_count() or 1)))
    pooled = count > 1 and STDIN not in files and (jobs or _total_size(files) > _WORTH_A_POOL)
    judge = functools.partial(_judge, version=version, bounds=bounds, checks=checks, told=told)
    with progress(len(files), "files", shown, quiet=quiet) as step:
        if not pooled:
            for name in files:
                yield judge(name)
                step()
            return
        import concurrent.futures

        with concurrent.futures.ProcessPoolExecutor(count) as pool:
            chunk = max(1, len(files) // (count * 16))
            for report in pool.map(judge, files, chunksize=chunk):
                yield report
                step()


def _judge(
    name: str,
    *,
    version: Metamodel | None,
    bounds: Limits,
    checks: Sequence[Check],
    told: InputFormat | None,
) -> Report:
    try:
        data = read_bytes(name, bounds)
        graph = _graph(name, data, told)
        if graph is not None:
            from nacre_ontologies.sources import validate_graph

            return validate_graph(name, graph, metamodel=version, checks=checks)
        report = validate(name, data=data, metamodel=version, limits=bounds, checks=checks)
        if report.refusal is None:
            _refuse_other(name, report.format, told)
    except InputError as error:
        return Report(name, refusal=error)
    return report


def _graph(name: str, data: bytes, told: InputFormat | None) -> "GraphReading | None":
    """The AAS content of an RDF file; `None` for an AAS file.

    Raises:
        InputError: it is RDF, but malformed or without AAS content.
    """
    format_ = _rdf_format(name, data, told)
    if format_ is None:
        return None
    from nacre_ontologies.sources import as_json

    with about(name):
        try:
            return as_json(data, format_)
        except NoContentError:
            if told is None and Path(name).suffix.lower() in SUFFIXES:
                return None  # AAS with members that JSON-LD has, too: the reader of AAS explains it
            raise


def _rdf_format(name: str, data: bytes, told: InputFormat | None) -> Format | None:
    if told is None:
        return format_of(name, data)
    return Format(told) if f".{told}" not in SUFFIXES else None


def _refuse_other(name: str, found: str | None, told: InputFormat | None) -> None:
    """Refuse an AAS file that is not what the user says that it is.

    Raises:
        MalformedDocumentError: it is of another format.
    """
    if told is not None and found is not None and found != told:
        with about(name):
            raise MalformedDocumentError(f"the file is {found.upper()}, not {told.upper()}")


def _total_size(files: list[str]) -> int:
    total = 0
    for name in files:
        try:
            total += Path(name).stat().st_size
        except OSError:
            continue
    return total
