"""`nacre validate`: whether a file is conformant, and what is to be mended."""

import dataclasses
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from nacre_aas.checking import Check
from nacre_aas.files import STDIN
from nacre_aas.findings import Severity
from nacre_aas.opc import Limits
from nacre_aas.wording import counted
from nacre_cli import inputs
from nacre_cli.config import setting
from nacre_cli.errors import UsageError
from nacre_cli.exit_codes import ExitCode
from nacre_cli.options import (
    ColorOption,
    ForceOption,
    FromOption,
    JsonOption,
    MaxRatioOption,
    MaxSizeOption,
    MetamodelOption,
    OutputOption,
    ProgressChoice,
    ProgressOption,
    QuietOption,
)
from nacre_cli.render.model import Outcome
from nacre_cli.render.writing import Format, write_outcome
from nacre_cli.selection import Selection, selection
from nacre_cli.terminal import Paint, clean_line, emit, paint, refuse_existing, say, write_file


def validate(
    files: Annotated[
        list[str],
        typer.Argument(metavar="FILE…", help="Files, folders or patterns; `-` is standard input."),
    ],
    metamodel: MetamodelOption = None,
    from_: FromOption = None,
    output_format: Annotated[
        Format | None,
        typer.Option("--format", envvar="NACRE_FORMAT", help="How to write findings."),
    ] = None,
    json: JsonOption = False,
    output: OutputOption = None,
    force: ForceOption = False,
    only: Annotated[
        list[str] | None,
        typer.Option(metavar="CODE", help="Report these rules only, e.g. AASd-117."),
    ] = None,
    skip: Annotated[
        list[str] | None, typer.Option(metavar="CODE", help="Leave these rules out, e.g. AASX.")
    ] = None,
    template: Annotated[
        str | None,
        typer.Option(
            metavar="FILE|NAME", help="Check every submodel against this template [default: found]."
        ),
    ] = None,
    dictionary: Annotated[
        list[str] | None,
        typer.Option(metavar="FILE", help="Concepts that semantic ids must be among."),
    ] = None,
    fail_on: Annotated[
        Severity | None,
        typer.Option(
            "--fail-on", envvar="NACRE_FAIL_ON", help="Severity from which to exit with 1."
        ),
    ] = None,
    exit_zero: Annotated[
        bool, typer.Option("--exit-zero", help="Exit with 0 even if there are findings.")
    ] = False,
    fix: Annotated[bool, typer.Option("--fix", help="Repair what can be repaired safely.")] = False,
    unsafe_fixes: Annotated[
        bool, typer.Option("--unsafe-fixes", help="Repair also where content is removed.")
    ] = False,
    diff: Annotated[
        bool, typer.Option("--diff", help="Show what --fix would do, and change nothing.")
    ] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Check again whenever a file changes.")
    ] = False,
    jobs: Annotated[
        int | None,
        typer.Option(
            "--jobs", "-j", min=1, envvar="NACRE_JOBS", help="Files at a time [default: cores]."
        ),
    ] = None,
    max_size: MaxSizeOption = None,
    max_ratio: MaxRatioOption = None,
    color: ColorOption = None,
    quiet: QuietOption = False,
    progress: ProgressOption = ProgressChoice.AUTO,
) -> int:
    """Check AAS files: metamodel, serialization, package, submodel templates, meaning.

    Examples:

      nacre validate pump.aasx

      nacre validate incoming/ --format sarif -o findings.sarif
    """
    chosen = Format(setting("format", Format.JSON if json else output_format, Format.TEXT))
    run = _Run(
        selection(only, skip),
        Severity(setting("fail-on", fail_on, Severity.ERROR)),
        chosen,
        output,
        paint(color, to_file=output is not None),
    )
    if output is not None and not force:
        refuse_existing(output)
    version, bounds = inputs.metamodel(metamodel), inputs.limits(max_size, max_ratio)
    checks = [_template_check(template), _meaning_check(dictionary)]

    def once() -> ExitCode:
        names = inputs.expand(files)
        if output is not None and any(
            os.path.realpath(output) == os.path.realpath(x) for x in names
        ):
            raise UsageError(f"`{output}` is to be checked, and is no place for the findings")
        repairs = 0
        if fix or unsafe_fixes or diff:
            repairs = _repair(names, bounds, unsafe=unsafe_fixes, diff=diff, painter=run.painter)
        reports = inputs.judge_all(
            names,
            version,
            bounds,
            jobs=jobs,
            quiet=quiet,
            shown=progress,
            checks=checks,
            told=from_,
        )
        kept, passed_over = [], 0
        for report in reports:
            if inputs.is_passed_over(report, set(files)):
                passed_over += 1
            else:
                kept.append(run.selection.apply(report))
        if passed_over and not quiet:
            say(f"passed over {counted(passed_over, 'file')} below the folder without AAS content")
        outcome = Outcome(kept, run.fail_on)
        code = outcome.exit_code
        if not diff:
            run.write(outcome)
        else:
            refused = [each for each in kept if each.refusal is not None]
            if refused:
                run.write(Outcome(refused))
            code = max(code, ExitCode.FINDINGS) if repairs else code
        return ExitCode.OK if exit_zero and code is ExitCode.FINDINGS else code

    if not watch:
        return once()
    if STDIN in files:
        raise UsageError("standard input cannot be watched")
    return _watch(files, once)


def _template_check(template: str | None) -> Check:
    """The check of submodels against their templates.

    Raises:
        TemplateError: the template that is asked for is not known.
    """
    from nacre_submodels.check import TemplateCheck, forced_template

    if template is not None:
        forced_template(template)
    return TemplateCheck(template)


def _meaning_check(dictionary: list[str] | None) -> Check:
    """The check of meaning, with the user's dictionary if there is one.

    Raises:
        InputError: the dictionary cannot be read.
    """
    from nacre_ontologies.consistency import MeaningCheck

    if not dictionary:
        return MeaningCheck()
    from nacre_ontologies.dictionary import load

    return MeaningCheck(load(dictionary))


@dataclasses.dataclass(frozen=True)
class _Run:
    """How findings are chosen and written in this run."""

    selection: Selection
    fail_on: Severity
    format: Format
    output: Path | None
    painter: Paint

    def write(self, outcome: Outcome) -> None:
        """Write the findings to the output file or to standard output."""
        write_outcome(outcome, self.format, self.output, self.painter)


def _repair(names: list[str], bounds: Limits, *, unsafe: bool, diff: bool, painter: Paint) -> int:
    """Repair files in place, or show what would change; the number of repairs."""
    from nacre_aas.errors import InputError
    from nacre_aas.fixes import repair

    count = 0
    for name in names:
        if name == STDIN:
            raise UsageError("standard input cannot be repaired in place", "give a file name")
        try:
            result = repair(name, limits=bounds, unsafe=unsafe)
        except InputError:
            continue  # the check that follows says why
        for line in result.diff.splitlines() if diff else ():
            style = {"+": "added", "-": "removed"}.get(line[:1])
            emit((painter(style, clean_line(line)) if style else clean_line(line)) + "\n")
        count += len(result.done)
        if result.data is None:
            continue
        repairs = counted(len(result.done), "repair")
        if diff:
            say(f"{name}: {repairs} possible")
        else:
            write_file(Path(name), result.data, force=True)
            say(f"{name}: {repairs}: {', '.join(sorted(set(result.done)))}")
    return count


def _watch(files: list[str], once: Callable[[], ExitCode]) -> int:
    """Run again whenever a file changes, until interrupted."""
    seen: dict[str, float] | None = None
    code = ExitCode.OK
    try:
        while True:
            now = _times(files)
            if now != seen:
                seen = now
                code = once()
                say("watching for changes; Ctrl+C ends")
            time.sleep(0.5)
    except KeyboardInterrupt:
        return code


def _times(files: list[str]) -> dict[str, float]:
    times = {}
    for name in inputs.expand(files):
        try:
            times[name] = Path(name).stat().st_mtime
        except OSError:
            times[name] = 0.0
    return times
