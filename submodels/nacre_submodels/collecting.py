"""Collects the templates of a copy of the IDTA repository: a folder, or a ZIP archive of it."""

import hashlib
import zipfile
from collections.abc import Iterator
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
    for path, data in _files(source, with_json):
        try:
            content, _, _ = files.load(path.name, data=data)
        except InputError as error:
            passed_over.append((str(path), error.message))
            continue
        if path.suffix == ".json" and any(e.kind == "Template" for e in content.submodels or ()):
            with_json.add(path.parent)
        for template in templates_of(content, **origin_of(path)):
            digest = constraints_digest(template)
            known = found.get(digest)
            if known is None or _rank(template) < _rank(known):
                found[digest] = template
    return Collected(sorted(found.values(), key=catalogue.file_name), passed_over)


def _files(source: Path, with_json: set[PurePosixPath]) -> Iterator[tuple[PurePosixPath, bytes]]:
    """The JSON files, then the others, but for those in folders that are named meanwhile."""
    if source.is_dir():
        found = (path for path in source.rglob("*") if path.is_file())
        names = sorted(path.relative_to(source).as_posix() for path in found)
        for name in _chosen(names, with_json):
            yield PurePosixPath(name), (source / name).read_bytes()
        return
    try:
        with zipfile.ZipFile(source) as archive:
            names = sorted(each.filename for each in archive.infolist() if not each.is_dir())
            for name in _chosen(names, with_json):
                yield PurePosixPath(name), archive.read(name)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError) as error:
        raise TemplateError(f"`{source}` is neither a folder nor a ZIP archive: {error}") from None


def _chosen(names: list[str], with_json: set[PurePosixPath]) -> Iterator[str]:
    yield from (name for name in names if name.endswith(".json"))
    for name in names:
        if name.endswith((".aasx", ".xml")) and PurePosixPath(name).parent not in with_json:
            yield name


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
