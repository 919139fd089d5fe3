"""`nacre diff`: what changed between two files, by element."""

import dataclasses
import enum
import itertools
import json as json_module
from typing import TYPE_CHECKING, Annotated

import typer

from nacre_aas.wording import counted
from nacre_cli.errors import UsageError
from nacre_cli.exit_codes import ExitCode
from nacre_cli.inputs import limits, load, refuse_what_is_missing, say_what_is_missing
from nacre_cli.options import ColorOption, JsonOption, MaxRatioOption, MaxSizeOption
from nacre_cli.terminal import Paint, clean_line, emit, paint, say

if TYPE_CHECKING:
    from nacre_aas.aasx import Aasx
    from nacre_aas.diff import Change
    from nacre_aas.files import OpenFile
    from nacre_aas.model import Record


class Format(enum.StrEnum):
    """How differences are written."""

    TEXT = "text"
    JSON = "json"
    PATCH = "patch"


def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help="The earlier file.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The later file.")],
    output_format: Annotated[
        Format | None, typer.Option("--format", help="Text, JSON, or an RFC 6902 patch.")
    ] = None,
    json: JsonOption = False,
    max_size: MaxSizeOption = None,
    max_ratio: MaxRatioOption = None,
    color: ColorOption = None,
) -> int:
    """Compare two files by element; exit code 1 if they differ.

    The format of the files and any order without meaning make no difference.

    Examples:

      nacre diff pump-old.aasx pump-new.aasx

      nacre diff a.json b.xml --format patch
    """
    from nacre_aas.diff import changes, json_patch
    from nacre_aas.document import identifiables

    bounds = limits(max_size, max_ratio)
    (before, old_file, unread, _), (after, new_file, more, _) = (
        load(name, bounds) for name in (old, new)
    )
    found = changes(before, after)
    files = _files(old_file, new_file)
    chosen = Format.JSON if json else output_format or Format.TEXT
    for name, problems in ((old, unread), (new, more)):
        if chosen is Format.PATCH or not (found or files):
            refuse_what_is_missing(name, problems)
        say_what_is_missing(name, problems)
    if chosen is Format.PATCH:
        for name, opened in ((old, old_file), (new, new_file)):
            _refuse_pages(name, opened)
        ends: tuple[Record, Record] = (before, after)
        if old_file.is_bare and new_file.is_bare:
            ends = next(identifiables(before)), next(identifiables(after))
        patch = json_patch(*ends) if found else []
        emit(json_module.dumps(patch, indent=1, ensure_ascii=False) + "\n")
        for kind, name in files:
            say(f"note: {kind} file {name}, which a JSON patch cannot hold")
    elif chosen is Format.JSON:
        document = {
            "schema": "nacre.diff/v1",
            "changes": [dataclasses.asdict(change) for change in found],
            "files": [{"kind": kind, "part": name} for kind, name in files],
        }
        emit(json_module.dumps(document, indent=1, ensure_ascii=False) + "\n")
    else:
        painter = paint(color)
        emit("".join(_line(change, painter) + "\n" for change in found))
        emit("".join(f"{kind:<8} file {name}\n" for kind, name in files))
    if not found and not files:
        return ExitCode.OK
    if chosen is Format.TEXT:
        say(counted(len(found) + len(files), "difference"))
    return ExitCode.FINDINGS


def _refuse_pages(name: str, opened: "OpenFile") -> None:
    """Refuse a patch of what is neither an environment nor one element of it."""
    from nacre_aas.constraints.catalogue import PARTIAL

    problems = (each for document in opened.documents.values() for each in document.problems)
    if not opened.is_bare and any(each.rule is PARTIAL for each in problems):
        raise UsageError(
            f"`{name}` is a list or a page of a server, which a patch does not fit",
            "`nacre export --to json` makes an environment of it",
        )


def _files(old: "OpenFile", new: "OpenFile") -> list[tuple[str, str]]:
    """Supplementary files that were added, removed or changed; only packages have them."""
    if old.package is None or new.package is None:
        return []
    before, after = _contents(old.package), _contents(new.package)
    found = [("removed", name) for name in sorted(before.keys() - after.keys())]
    found += [("added", name) for name in sorted(after.keys() - before.keys())]
    found += [
        ("changed", name)
        for name in sorted(before.keys() & after.keys())
        if before[name] != after[name]
    ]
    return found


def _contents(package: "Aasx") -> dict[str, bytes]:
    found = {name: part.content for name, part in package.supplements.items()}
    if package.core_properties is not None:
        found[package.core_properties[0]] = package.core_properties[1]
    return found


def _line(change: "Change", painter: Paint) -> str:
    name = f"{change.class_name} " if change.class_name else ""
    match change.kind:
        case "changed":
            old, new = _short_pair(change.old, change.new)
            shown = f"{painter('removed', old)} → {painter('added', new)}"
            return f"changed  {clean_line(change.path)}:{change.attribute}  {shown}"
        case "added":
            return f"{painter('added', 'added')}    {name}{clean_line(change.path)}"
        case "removed":
            return f"{painter('removed', 'removed')}  {name}{clean_line(change.path)}"
        case kind:
            return f"{kind:<8} {name}{clean_line(change.path)} → {clean_line(change.to or '')}"


def _short_pair(old: str | None, new: str | None) -> tuple[str, str]:
    """Two values in so few words that they differ."""
    first, second = (None if each is None else clean_line(each) for each in (old, new))
    both = zip(first or "", second or "", strict=False)
    same = sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], both))
    return _short(first, same), _short(second, same)


def _short(text: str | None, same: int) -> str:
    if text is None:
        return "(nothing)"
    if same > 60 and len(text) > 80:
        text = "..." + text[same - 30 :]
    return text if len(text) <= 80 else text[:77] + "..."
