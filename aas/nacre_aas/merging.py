"""Joining several files into one: environments, and what packages hold besides."""

import dataclasses
import posixpath
from collections.abc import Mapping

from nacre_aas.aasx import EVIDENCE_PART, JSON_NAME, Aasx, announced_by, part_name_of
from nacre_aas.canonical import canonical
from nacre_aas.model import Environment, File, Identifiable, Resource
from nacre_aas.opc import THUMBNAIL, equivalent
from nacre_aas.schema import walk


def merge(environments: Mapping[str, Environment]) -> tuple[Environment, list[str]]:
    """All identifiables of several environments, by the names of their files.

    Second what stands in two of them with other content, with the names of both.
    """
    merged = Environment()
    contents: dict[str, tuple[bytes, str]] = {}
    conflicts = []
    for name in Environment.__struct_fields__:
        members: dict[str, Identifiable] = {}
        for file, environment in environments.items():
            for record in getattr(environment, name) or ():
                content = canonical(record)
                known, first = contents.setdefault(record.id, (content, file))
                if known != content:
                    conflicts.append(f"`{record.id}` in {first} and `{record.id}` in {file}")
                else:
                    members.setdefault(record.id, record)
        if members:
            setattr(merged, name, list(members.values()))
    return merged, conflicts


def set_apart(contents: Mapping[str, tuple[Environment, Aasx]]) -> list[str]:
    """Give files of one part name and different content names of their own, in place.

    Environments and packages by the names of their files; says what got another name.
    """
    taken: dict[str, tuple[str, bytes]] = {}
    renamed = []
    for file, (environment, package) in contents.items():
        for name, part in list(package.supplements.items()):
            if name == EVIDENCE_PART:
                continue
            free, number = name, 1
            while taken.setdefault(equivalent(free), (free, part.content))[1] != part.content:
                number += 1
                stem, suffix = posixpath.splitext(name)
                free = f"{stem}-{number}{suffix}"
            spelled, _ = taken[equivalent(free)]
            if spelled != name:
                _rename(environment, package, name, spelled)
                renamed.append(f"{name} of {file} is now {spelled}")
    return renamed


def _rename(environment: Environment, package: Aasx, old: str, new: str) -> None:
    """Give a supplementary part another name, wherever it is mentioned."""
    for _, record in walk(environment):
        if isinstance(record, File) and part_name_of(package, record.value or "") == old:
            record.value = new
        elif isinstance(record, Resource) and part_name_of(package, record.path) == old:
            record.path = new
    for source, arrows in package.relationships.items():
        package.relationships[source] = [
            dataclasses.replace(arrow, target=new)
            if not arrow.external and equivalent(arrow.part_name(source)) == equivalent(old)
            else arrow
            for arrow in arrows
        ]
    package.supplements[new] = package.supplements.pop(old)
    if old in package.relationships:
        package.relationships[new] = package.relationships.pop(old)
    if package.thumbnail == old:
        package.thumbnail = new


def merge_packages(packages: Mapping[str, Aasx]) -> tuple[Aasx, list[str]]:
    """What several packages, by the names of their files, hold besides environments.

    Their parts have been `set_apart`. Second what has no place in the result: a package has one thumbnail and
    one set of core properties, and evidence is about the package that it was embedded in.
    """
    result = Aasx()
    left_out = []
    for name, package in packages.items():
        for part, supplement in package.supplements.items():
            if part == EVIDENCE_PART:
                left_out.append(
                    f"{part} of {name} is left out; embed evidence about the new package"
                )
            else:
                result.supplements[part] = supplement
        if result.thumbnail is None:
            result.thumbnail = package.thumbnail
        elif package.thumbnail not in (None, result.thumbnail):
            left_out.append(f"{package.thumbnail} is no thumbnail any more; a package has one")
        if result.core_properties is None:
            result.core_properties = package.core_properties
        elif package.core_properties not in (None, result.core_properties):
            left_out.append(f"the core properties of {name} are left out; a package has one set")
        result.relationships.setdefault(JSON_NAME, []).extend(announced_by(package))
        for source, arrows in package.relationships.items():
            if source in package.documents:
                continue
            result.relationships.setdefault(source, []).extend(
                arrow
                for arrow in arrows
                if arrow.type != THUMBNAIL or arrow.part_name(source) == result.thumbnail
            )
    return result, left_out
