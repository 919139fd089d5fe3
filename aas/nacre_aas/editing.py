"""Finding elements by path, setting values, merging: a package is corrected without another tool.

A path is `Submodel/Collection/Element`, where the first step is the idShort or id of a shell,
submodel or concept description, and the others are idShorts or positions (`List/0` or `List[0]`).
Behind a colon stands an attribute: `Motor:assetInformation.globalAssetId`. A text in a language is
`Nameplate/ManufacturerName@de`.
"""

import base64
import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from nacre_aas import jsonization, xmlization
from nacre_aas.aasx import Aasx, guess_type, rewrite, write
from nacre_aas.canonical import canonical
from nacre_aas.constraints.catalogue import PARTIAL
from nacre_aas.document import Document, identifiables
from nacre_aas.errors import EditError
from nacre_aas.files import OpenFile
from nacre_aas.model import (
    Blob,
    Environment,
    File,
    Identifiable,
    LangStringTextType,
    MultiLanguageProperty,
    OperationVariable,
    Property,
    Range,
    Record,
    Referable,
    SubmodelElementList,
)
from nacre_aas.opc import THUMBNAIL
from nacre_aas.schema import (
    Attribute,
    Kind,
    attributes_by_json_name,
    copied,
    elements_below,
    position_of,
)
from nacre_aas.versions import newest_common
from nacre_aas.wording import counted
from nacre_aas.xmlization import XmlDocument
from nacre_aas.xsd import problem

_POSITION = re.compile(r"\[([0-9]+)\]")


def find(environment: Environment, path: str) -> Referable:
    """The identifiable or element at a path.

    Raises:
        EditError: there is none, or the first step is ambiguous.
    """
    record, rest = _start(environment, path)
    for step in _steps(rest):
        record = _step(record, step, path)
    return record


def _start(environment: Environment, path: str) -> tuple[Referable, str]:
    candidates = [
        (len(name), record, path[len(name) :])
        for record in identifiables(environment)
        for name in (record.id, record.id_short)
        if name and (path == name or path.startswith((f"{name}/", f"{name}[")))
    ]
    if not candidates:
        known = [each.id_short or each.id for each in identifiables(environment)]
        near = difflib.get_close_matches(re.split(r"[/\[]", path)[0], known, 1, 0.5)
        hint = f"did you mean `{near[0]}`?" if near else f"the file has {', '.join(known[:8])}"
        raise EditError(f"nothing has the idShort or id that `{path}` starts with", hint)
    longest = max(length for length, _, _ in candidates)
    best = {id(record): (record, rest) for length, record, rest in candidates if length == longest}
    if len(best) > 1:
        ids = ", ".join(f"`{record.id}`" for record, _ in best.values())
        raise EditError(f"`{path}` is ambiguous", f"use the id instead of the idShort: {ids}")
    return next(iter(best.values()))


def _steps(rest: str) -> list[str]:
    return [step for step in _POSITION.sub(r"/\1", rest).split("/") if step]


def _step(record: Record, step: str, path: str) -> Referable:
    members = [
        child.value if isinstance(child, OperationVariable) else child
        for _, child in elements_below(record)
    ]
    for member in members:
        if isinstance(member, Referable) and member.id_short == step:
            return member
    position = position_of(step)
    if position is not None and position < len(members):
        member = members[position]
        assert isinstance(member, Referable)
        return member
    if isinstance(record, SubmodelElementList):
        hint = f"the list has {counted(len(members), 'member')}, from 0"
        raise EditError(f"`{path}`: there is no `{step}`", hint)
    known = [each.id_short for each in members if isinstance(each, Referable) and each.id_short]
    near = difflib.get_close_matches(step, known, 1, 0.5)
    hint = (
        f"did you mean `{near[0]}`?"
        if near
        else f"here are {', '.join(known[:8]) or 'no elements'}"
    )
    raise EditError(f"`{path}`: there is no `{step}`", hint)


def value_of(record: Referable, attribute: str | None = None) -> str:
    """The bare value of an element as text.

    Raises:
        EditError: it has no value of its own.
    """
    if attribute is not None:
        owner, found = _attribute(record, attribute)
        value = getattr(owner, found.name)
        if not isinstance(value, (str, bool)):
            raise EditError(f"`{attribute}` has no text value")
        return _plain(value)
    if isinstance(record, (Property, File, Blob)):
        return record.value or ""
    if isinstance(record, Range):
        return f"{record.min or ''}..{record.max or ''}"
    if isinstance(record, MultiLanguageProperty):
        return "\n".join(f"{text.language}: {text.text}" for text in record.value or ())
    raise EditError(
        f"a {type(record).__name__} has no value of its own", "name one of its elements"
    )


def _plain(value: str | bool) -> str:
    return value if isinstance(value, str) else str(value).lower()


def set_value(environment: Environment, path: str, value: str) -> None:
    """Set the value at a path, checked against its type.

    Raises:
        EditError: the path leads nowhere, or the value does not fit.
    """
    path, _, attribute = split_attribute(environment, path)
    path, _, language = path.partition("@") if "@" in path.rpartition("/")[2] else (path, "", "")
    record = find(environment, path)
    if attribute:
        _set_attribute(record, attribute, value)
    elif isinstance(record, MultiLanguageProperty):
        _set_text(record, language, value, path)
    elif isinstance(record, Property):
        reason = problem(value, record.value_type)
        if reason is not None:
            raise EditError(f"`{value}` is not a literal of `{record.value_type}`: {reason}")
        record.value = value
    elif isinstance(record, (File, Blob)):
        record.value = value
    elif isinstance(record, Range):
        raise EditError(f"`{path}` is a range", f"set `{path}:min` or `{path}:max`")
    else:
        raise EditError(
            f"`{path}` is a {type(record).__name__}, which has no value of its own",
            f"set an attribute with `{path}:NAME=VALUE`",
        )


def split_attribute(environment: Environment, path: str) -> tuple[str, str, str]:
    """Split off the attribute; the colons of an id at the start are none."""
    for record in identifiables(environment):
        if record.id and path.startswith(record.id):
            rest = path[len(record.id) :]
            before, colon, attribute = rest.partition(":")
            return record.id + before, colon, attribute
    before, colon, attribute = path.rpartition(":")
    return (before, colon, attribute) if colon else (path, "", "")


def _set_text(record: MultiLanguageProperty, language: str, value: str, path: str) -> None:
    texts = record.value or []
    if not language:
        if len(texts) > 1:
            raise EditError(f"`{path}` has several languages", f"write `{path}@en=...`")
        language = texts[0].language if texts else "en"
    for text in texts:
        if text.language == language:
            text.text = value
            return
    record.value = [*texts, LangStringTextType(language=language, text=value)]


def _attribute(record: Record, name: str) -> tuple[Record, Attribute]:
    *way, last = name.split(".")
    for step in way:
        found = attributes_by_json_name(type(record)).get(step)
        below = getattr(record, found.name) if found is not None else None
        if not isinstance(below, Record):
            raise EditError(f"there is no `{step}` in {type(record).__name__}")
        record = below
    found = attributes_by_json_name(type(record)).get(last)
    if found is None or found.is_list or found.targets:
        known = [
            each.json_name
            for each in attributes_by_json_name(type(record)).values()
            if not each.is_list and not each.targets
        ]
        raise EditError(
            f"{type(record).__name__} has no simple attribute `{last}`",
            f"it has {', '.join(known)}",
        )
    return record, found


def _set_attribute(record: Record, name: str, value: str) -> None:
    owner, attribute = _attribute(record, name)
    fitting: Any = value
    if attribute.kind is Kind.ENUMERATION and value not in attribute.literals:
        words = ", ".join(attribute.literals)
        raise EditError(f"`{value}` is not allowed in `{name}`", f"use one of {words}")
    if attribute.kind is Kind.BOOLEAN:
        if value not in ("true", "false"):
            raise EditError(f"`{value}` is not allowed in `{name}`", "use true or false")
        fitting = value == "true"
    if isinstance(owner, Range) and attribute.name in ("min", "max"):
        reason = problem(value, owner.value_type)
        if reason is not None:
            raise EditError(f"`{value}` is not a literal of `{owner.value_type}`: {reason}")
    setattr(owner, attribute.name, fitting)


def content_of(record: Referable) -> bytes | None:
    """The bytes that a Blob holds; `None` for anything else."""
    if isinstance(record, Blob) and record.value is not None:
        return base64.b64decode(record.value)
    return None


Edit = Callable[[Environment], None]


def edited(opened: OpenFile, edits: Sequence[Edit], package: Aasx | None = None) -> bytes:
    """The file with edits made in every document that they fit, and everything else as it was.

    `package` is the package of the file, or one to put its content into.

    Raises:
        EditError: an edit fits no document.
    """
    originals = {name: content for name, (content, _) in opened.environments.items()}
    contents = {name: copied(content) for name, content in originals.items()}
    for edit in edits:
        errors = []
        for content in contents.values():
            try:
                edit(content)
            except EditError as error:
                errors.append(error)
        if len(errors) == len(contents):
            raise errors[0]
    if opened.package is not None:
        changed = {
            name: _text(content, opened.documents[name])
            for name, content in contents.items()
            if name is not None and content != originals[name]
        }
        return rewrite(package or opened.package, changed)
    ((name, content),) = contents.items()
    document = opened.documents[name]
    if package is None:
        return _text(content, document)
    version = newest_common(document.versions)
    return write(content, version=version, as_xml=opened.format == "xml", package=package)


def attach(environment: Environment, package: Aasx, path: str, name: str, data: bytes) -> None:
    """Put a file into a package, as the value of a File element.

    Raises:
        EditError: the path leads to no File.
    """
    element = find(environment, path)
    if not isinstance(element, File):
        raise EditError(f"`{path}` is a {type(element).__name__}, not a File")
    element.value = package.add_file(name, data, replaces=element.value)
    element.content_type = guess_type(element.value)


def _text(content: Environment, document: Document) -> bytes:
    """An environment in the format of a document.

    Raises:
        EditError: the document is a page or list of a server, which has no place for the rest.
    """
    bare = any(problem.rule is PARTIAL for problem in document.problems)
    single = len(document.parts) == 1 and not document.parts[0].path
    if bare and (not single or isinstance(document, XmlDocument)):
        raise EditError(
            "the file holds parts of an environment, which cannot be written back as they were",
            "`nacre export` makes an environment of it, which can be edited",
        )
    if isinstance(document, XmlDocument):
        return xmlization.dumps(content, newest_common(document.versions))
    indent = 2 if b"\n" in document.data.rstrip() else None
    return jsonization.dumps(next(identifiables(content)) if bare else content, indent=indent)


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


def merge_packages(packages: Mapping[str, Aasx]) -> tuple[Aasx, list[str], list[str]]:
    """What several packages, by the names of their files, hold besides environments.

    Second the parts that two of them have with other content, third what has no place in the
    result, since a package has one thumbnail and one set of core properties.
    """
    result = Aasx()
    conflicts, left_out = [], []
    owners: dict[str, str] = {}
    for name, package in packages.items():
        for part, supplement in package.supplements.items():
            owner = owners.setdefault(part, name)
            if result.supplements.setdefault(part, supplement).content != supplement.content:
                conflicts.append(f"{part} in {owner} and {part} in {name}")
        if result.thumbnail is None:
            result.thumbnail = package.thumbnail
        elif package.thumbnail not in (None, result.thumbnail):
            left_out.append(f"{package.thumbnail} is no thumbnail any more; a package has one")
        if result.core_properties is None:
            result.core_properties = package.core_properties
        elif package.core_properties not in (None, result.core_properties):
            left_out.append(f"the core properties of {name} are left out; a package has one set")
        for source, arrows in package.relationships.items():
            result.relationships.setdefault(source, []).extend(
                arrow
                for arrow in arrows
                if arrow.type != THUMBNAIL or arrow.part_name(source) == result.thumbnail
            )
    return result, conflicts, left_out
