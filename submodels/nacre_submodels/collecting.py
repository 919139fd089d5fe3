"""Collects the templates of a copy of the IDTA repository: a folder, or a ZIP archive of it."""

import hashlib
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import msgspec

from nacre_aas import files
from nacre_aas.errors import InputError
from nacre_submodels import catalogue
from nacre_submodels.compiler import templates_of
from nacre_submodels.errors import TemplateError
from nacre_submodels.published import origin_of
from nacre_submodels.template import Element, Template, walk, without_texts


class Collected(NamedTuple):
    """Templates, one for each set of constraints, and the files without any, with the reason."""

    templates: list[Template]
    passed_over: list[tuple[str, str]]


def collect(source: Path) -> Collected:
    """The templates of all JSON files below a folder or in a ZIP archive.

    The IDTA repository has the same as packages and XML, which are read where no template in JSON stands beside them.

    Raises:
        TemplateError: the file is no ZIP archive.
    """
    found: dict[str, Template] = {}
    passed_over: list[tuple[str, str]] = []
    with_json: set[PurePosixPath] = set()
    for suffixes in ((".json",), (".aasx", ".xml")):
        for path, data in _files(source, suffixes, without=frozenset(with_json)):
            try:
                content, _, _ = files.load(path.name, data=data)
            except InputError as error:
                passed_over.append((str(path), error.message))
                continue
            for template in templates_of(content, **origin_of(path)):
                with_json.add(path.parent)
                digest = constraints_digest(template)
                known = found.get(digest)
                if known is None or _rank(template) < _rank(known):
                    found[digest] = template
    return Collected(sorted(found.values(), key=catalogue.file_name), passed_over)


def _files(
    source: Path, suffixes: tuple[str, ...], without: frozenset[PurePosixPath]
) -> Iterator[tuple[PurePosixPath, bytes]]:
    """The files of some kinds, but for those in the folders that are to be left out."""

    def chosen(names: Iterable[str]) -> Iterator[tuple[PurePosixPath, str]]:
        named = ((PurePosixPath(name), name) for name in sorted(names) if name.endswith(suffixes))
        return (each for each in named if each[0].parent not in without)

    if source.is_dir():
        below = (path for path in source.rglob("*") if path.is_file())
        for path, name in chosen(path.relative_to(source).as_posix() for path in below):
            yield path, (source / name).read_bytes()
        return
    try:
        with zipfile.ZipFile(source) as archive:
            for path, name in chosen(e.filename for e in archive.infolist() if not e.is_dir()):
                yield path, archive.read(name)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError) as error:
        raise TemplateError(f"`{source}` is neither a folder nor a ZIP archive: {error}") from None


def constraints_digest(template: Template) -> str:
    """What two files share that are one template: everything but texts, examples and labels."""

    def bare(element: Element) -> Element:
        below = tuple(map(bare, element.elements))
        return msgspec.structs.replace(element, example_digests=(), default=None, elements=below)

    plain = without_texts(template)
    neutral = msgspec.structs.replace(
        plain,
        title="",
        number="",
        version="",
        variant="",
        deprecated=False,
        elements=tuple(map(bare, plain.elements)),
    )
    return hashlib.sha256(catalogue.dumps(neutral)).hexdigest()


def _rank(template: Template) -> tuple[object, ...]:
    marks = sum(len(element.example_digests) for _, element in walk(template))
    *better, several = catalogue.entry_of(template, "").order
    return *better, -marks, several


def numbered(template: Template, source: Path | None) -> Template:
    """A template with number, version and title: its own, those of a shipped twin, or of its path."""
    if template.number:
        return template
    digest = constraints_digest(template)
    shipped = catalogue.shipped()
    names = [template.semantic_id] if template.semantic_id else []
    for entry in shipped.entries_for(names):
        if constraints_digest(shipped.template(entry)) == digest:
            return msgspec.structs.replace(
                template,
                number=entry.number,
                version=entry.version,
                title=entry.title,
                variant=entry.variant,
                deprecated=entry.deprecated,
            )
    if source is None:
        return template
    origin = origin_of(PurePosixPath(source.name))
    return msgspec.structs.replace(template, number=origin["number"])
