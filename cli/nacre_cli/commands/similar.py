"""`nacre similar`: how alike products are, and which families a fleet has."""

import json as json_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nacre_aas.errors import InputError, NoContentError
from nacre_cli import inputs
from nacre_cli.errors import UsageError
from nacre_cli.exit_codes import ExitCode
from nacre_cli.options import JsonOption
from nacre_cli.terminal import clean_line, emit, say_refusal

if TYPE_CHECKING:
    from nacre_ontologies.similarity import Profile, Side


def similar(
    files: Annotated[
        list[str] | None, typer.Argument(metavar="[A B]", help="Two AAS files to compare.")
    ] = None,
    within: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Find the families in a folder instead.")
    ] = None,
    at_least: Annotated[
        float | None,
        typer.Option(
            min=0.0, max=1.0, help="Exit with 1 below this; families are at least so alike [0.7]."
        ),
    ] = None,
    json: JsonOption = False,
) -> int:
    """Compare products as members of a family: parts, functions, properties, values, templates.

    Examples:

      nacre similar pump-200.aasx pump-300.aasx

      nacre similar --within twins/ --at-least 0.8
    """
    from nacre_ontologies.similarity import compare

    if within is not None:
        if files:
            raise UsageError("--within takes a folder instead of files")
        return _families(within, 0.7 if at_least is None else at_least, json=json)
    if len(files or ()) != 2:
        raise UsageError("two files are compared", "or --within FOLDER finds families")
    first, second = (_profile(name) for name in files or ())
    found = compare(first, second)
    if not found.sides:
        raise NoContentError(
            "there is nothing to compare: neither file has parts, functions, properties or templates"
        )
    if json:
        document = {
            "schema": "nacre.similarity/v1",
            "first": first.name,
            "second": second.name,
            "similarity": round(found.similarity, 4),
            "sides": [
                {
                    "name": side.name,
                    "similarity": round(side.similarity, 4),
                    "shared": side.shared,
                    "onlyFirst": side.only_first,
                    "onlySecond": side.only_second,
                }
                for side in found.sides
            ],
        }
        emit(json_module.dumps(document, ensure_ascii=False, indent=2) + "\n")
    else:
        emit(f"{found.similarity:.0%} alike\n")
        for side in found.sides:
            emit(f"  {side.name:<11}{side.similarity:>5.0%}  {_reasons(side)}\n")
    return (
        ExitCode.FINDINGS if at_least is not None and found.similarity < at_least else ExitCode.OK
    )


def _reasons(side: "Side") -> str:
    parts = [f"{len(side.shared)} shared"]
    for words, features in (
        ("only in the first", side.only_first),
        ("only in the second", side.only_second),
    ):
        if features:
            some = ", ".join(clean_line(each) for each in features[:3])
            parts.append(f"{words}: {some}{', ...' if len(features) > 3 else ''}")
    return "; ".join(parts)


def _profile(name: str) -> "Profile":
    from nacre_ontologies.similarity import profile

    found = inputs.load(name, inputs.limits(None, None))
    inputs.refuse_what_is_missing(name, found.problems)
    return profile(name, found.content)


def _families(folder: Path, at_least: float, *, json: bool) -> int:
    from nacre_ontologies.similarity import compare, families

    profiles, refused = [], 0
    for name in inputs.one_by_one(inputs.expand([str(folder)], inputs.SUFFIXES_WITH_RDF)):
        try:
            profiles.append(_profile(name))
        except InputError as error:
            say_refusal(error, name)
            refused += 1
    silent = [each for each in profiles if not any(each.sides.values())]
    found = families([each for each in profiles if any(each.sides.values())], at_least)
    if json:
        document = {
            "schema": "nacre.families/v1",
            "atLeast": at_least,
            "families": [
                [
                    {"file": each.name, "similarity": round(compare(family[0], each).similarity, 4)}
                    for each in family
                ]
                for family in found
            ],
            "nothingToCompare": [each.name for each in silent],
        }
        emit(json_module.dumps(document, ensure_ascii=False, indent=2) + "\n")
    else:
        for number, family in enumerate(found, start=1):
            emit(f"family {number}: {len(family)}\n")
            for each in family:
                emit(f"  {compare(family[0], each).similarity:>4.0%}  {clean_line(each.name)}\n")
        if silent:
            emit(f"nothing to compare: {len(silent)}\n")
            for each in silent:
                emit(f"        {clean_line(each.name)}\n")
    return ExitCode.NO_VERDICT if refused else ExitCode.OK
