"""Correcting a file without another tool: values, attributes, references and files set or removed.

`paths` says how what is to be changed is named.
"""

import base64
import contextlib
import json
import re
from collections.abc import Sequence
from typing import Any, Protocol, cast, get_args

import msgspec

from nacre_aas import jsonization, strict_json, xmlization
from nacre_aas.aasx import Aasx, file_of, guess_type, part_name_of, rewrite, write
from nacre_aas.constraints.attributes import REQUIRED
from nacre_aas.constraints.catalogue import ORDER, PARTIAL
from nacre_aas.document import Document, Problem, identifiables
from nacre_aas.errors import EditError
from nacre_aas.files import OpenFile
from nacre_aas.findings import Severity
from nacre_aas.model import (
    Blob,
    ConceptDescription,
    Environment,
    File,
    Identifiable,
    Key,
    MultiLanguageProperty,
    OperationVariable,
    Property,
    Range,
    Record,
    Referable,
    Reference,
    ReferenceElement,
    Resource,
    SubmodelElementList,
)
from nacre_aas.model.referencing import KeyTypes
from nacre_aas.paths import (
    Place,
    member_position,
    place_of,
    reference_to,
    said_by,
    split_attribute,
    split_language,
    starts,
    text_of,
    trail,
)
from nacre_aas.schema import Kind, attributes, copied, elements_below, position_of, walk
from nacre_aas.versions import newest_common
from nacre_aas.xmlization import XmlDocument
from nacre_aas.xsd import problem

_KEY_TYPES = "|".join(get_args(KeyTypes))
_KEY = re.compile(rf"\((?P<type>{_KEY_TYPES})\)\s*(?P<value>.*)", re.DOTALL)
#: What IDTA-01001 lets stand before the keys of a reference.
_KIND = re.compile(r"\s*\[(?:ModelRef|ExternalRef)\]\s*")
#: What an identifier has and a path hardly: a scheme, or the marks of an IRDI.
_IDENTIFIER = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*:|#|^\d{4}[-/]")
_BETWEEN_KEYS = re.compile(rf"\s*[,/]\s*(?=\((?:{_KEY_TYPES})\))")


def set_value(
    environment: Environment, path: str, value: str, others: Sequence[Environment] = ()
) -> int:
    """Set the value at a path, checked against its type; how many references followed a new name.

    `others` are environments of the same package, whose references follow as well.

    Raises:
        EditError: the path leads nowhere, or the value does not fit.
    """
    path, _, attribute = split_attribute(environment, path)
    if attribute:
        return _set_attribute([environment, *others], path, attribute, value)
    path, language = split_language(environment, path)
    record = _way(path, environment, others)[-1]
    _refuse_language(record, path, language)
    match record:
        case MultiLanguageProperty():
            texts = record.value or []
            if not language and len(texts) > 1:
                raise EditError(f"`{path}` has several languages", f"write `{path}@en=...`")
            language = language or (texts[0].language if texts else "en")
            _set_member(environment, place_of(record, f"value@{language}"), value)
        case Property():
            _refuse_unfit(value, record.value_type)
            record.value = value
        case File() | Blob():
            record.value = value
        case ReferenceElement():
            record.value = reference_from(environment, value, is_model=True)
        case Range():
            raise EditError(f"`{path}` is a range", f"set `{path}:min` or `{path}:max`")
        case _:
            raise EditError(
                f"`{path}` is a {type(record).__name__}, which has no value of its own",
                f"set an attribute with `{path}:NAME=VALUE`",
            )
    return 0


def _way(path: str, environment: Environment, others: Sequence[Environment]) -> list[Referable]:
    """The records on the way down a path, which leads to nothing else in other environments of the package."""
    way = trail(environment, path)
    tops = {getattr(way[0], "id", None)}
    for other in others:
        for length, record in starts(other, path):
            with contextlib.suppress(EditError):
                tops.add(getattr(trail(other, f"{record.id}{path[length:]}")[0], "id", None))
    if len(tops) > 1:
        ids = ", ".join(f"`{each}`" for each in sorted(map(str, tops)))
        raise EditError(f"`{path}` is ambiguous", f"use the id instead of the idShort: {ids}")
    return way


def _refuse_taken(environments: Sequence[Environment], way: Sequence[Referable], name: str) -> None:
    """Refuse a name that something beside has, which references could not be told from."""
    own = way[-1]
    if len(way) == 1:
        one = getattr(own, "id", None)
        taken = any(
            each.id == name and one != name for some in environments for each in identifiables(some)
        )
    else:
        taken = any(
            isinstance(each, Referable) and each is not own and each.id_short == name
            for _, each in elements_below(way[-2])
        )
    if taken:
        raise EditError(
            f"there is a `{name}` already",
            "to exchange two names, give one of them a third in between",
        )


def _refuse_language(record: Referable, path: str, language: str) -> None:
    if language and not isinstance(record, MultiLanguageProperty):
        raise EditError(
            f"`{path}` is a {type(record).__name__}, which has no texts by language",
            f"an attribute with texts is named as `{path}:description@{language}`",
        )


def _refuse_unfit(value: str, value_type: str | None) -> None:
    if value_type is None:  # of a faulty element
        raise EditError("the element has no `valueType`", "set `PATH:valueType=...` first")
    reason = problem(value, value_type)
    if reason is not None:
        raise EditError(f"`{value}` is not a literal of `{value_type}`: {reason}")


def _set_attribute(environments: Sequence[Environment], path: str, name: str, value: str) -> int:
    environment, *others = environments
    way = _way(path, environment, others)
    place = place_of(way[-1], name, make=True)
    owner, attribute, _ = place
    if attribute.is_list:
        _set_member(environment, place, value)
        return 0
    fitting: Any = value
    if attribute.targets == (Reference,):
        fitting = reference_from(environment, value, is_model=attribute.name in _MODEL_REFERENCES)
    elif attribute.targets:
        known = ", ".join(f"`{name}.{each.json_name}`" for each in attributes(attribute.targets[0]))
        raise EditError(f"`{name}` has no text value", f"set a part of it: {known}")
    elif attribute.kind is Kind.ENUMERATION and value not in attribute.literals:
        words = ", ".join(attribute.literals)
        raise EditError(f"`{value}` is not allowed in `{name}`", f"use one of {words}")
    elif attribute.kind is Kind.BOOLEAN:
        if value not in ("true", "false"):
            raise EditError(f"`{value}` is not allowed in `{name}`", "use true or false")
        fitting = value == "true"
    elif isinstance(owner, Range) and attribute.name in ("min", "max"):
        _refuse_unfit(value, owner.value_type)
    followed = 0
    if owner is way[-1] and attribute.name == _key_attribute(way[-1]):
        _refuse_taken(environments, way, value)
        followed = sum(_follow(each, way, value) for each in environments)
    setattr(owner, attribute.name, fitting)
    return followed


def _set_member(environment: Environment, place: Place, value: str) -> None:
    """Set what one member of a list says; a new one is added behind the others."""
    owner, attribute, member = place
    if attribute.targets == (Reference,):
        members: list[Reference] = getattr(owner, attribute.name) or []
        position = len(members)
        if member != str(position):
            position = member_position(place, make=False)
        is_model = attribute.name in _MODEL_REFERENCES
        reference = reference_from(environment, value, is_model=is_model)
        setattr(owner, attribute.name, [*members[:position], reference, *members[position + 1 :]])
        return
    said = said_by(attribute) if attribute.targets else None
    if said is None:
        raise EditError(f"the members of `{attribute.json_name}` have no text value")
    position = member_position(place, make=True)
    setattr(getattr(owner, attribute.name)[position], said.name, value)


#: Attributes whose references lead to things and not to meanings.
_MODEL_REFERENCES = frozenset(
    ("derived_from", "first", "message_broker", "observed", "second", "submodels", "value")
)


def reference_from(environment: Environment, text: str, *, is_model: bool = False) -> Reference:
    """A reference from its text: its keys as `(Submodel)urn:x, (Property)Speed`, a path, or an identifier.

    A path or id of something in the environment gives a model reference to it, any other identifier an
    external one. A concept description is referred to by its id, as model element only where `is_model`.

    Raises:
        EditError: it is none of these.
    """
    if not text:
        raise EditError("a reference has at least one key", "`--remove PATH` takes it away")
    plain = _KIND.sub("", text)
    keys = [_KEY.fullmatch(each) for each in _BETWEEN_KEYS.split(plain)]
    if all(keys):
        made = [
            Key(type=cast("KeyTypes", key["type"]), value=key["value"])
            for key in keys
            if key is not None
        ]
        is_external = made[0].type == "GlobalReference"
        return Reference(type="ExternalReference" if is_external else "ModelReference", keys=made)
    if text.startswith(("(", "[")):
        hint = "write keys as (Submodel)urn:x, (Property)Speed"
        raise EditError(f"`{text}` is no reference: no class has that name", hint)
    if starts(environment, text) or not is_identifier(text):
        try:
            way = trail(environment, text)
        except EditError:
            if is_model or not is_identifier(text):
                raise
            way = []  # an identifier that begins like the id of something here
        if way and (is_model or not isinstance(way[0], ConceptDescription)):
            return reference_to(way)
        text = getattr(way[0], "id", text) if way else text
    return Reference(type="ExternalReference", keys=[Key(type="GlobalReference", value=text)])


def is_identifier(text: str) -> bool:
    """Whether a text is an identifier or a list of keys, and no way to an element."""
    return text.startswith(("(", "[")) or _IDENTIFIER.search(text) is not None


def _key_attribute(record: Referable) -> str:
    """The attribute by which references name a record."""
    return "id" if isinstance(record, Identifiable) else "id_short"


def _follow(environment: Environment, way: Sequence[Referable], name: str) -> int:
    """Let every reference to or through something that gets a new name have that name."""
    old = [key.value for key in reference_to(way).keys]
    followed = 0
    for _, record in walk(environment):
        if isinstance(record, Reference) and _leads_to(record, way[0], old):
            record.keys[len(old) - 1].value = name
            followed += 1
    return followed


def _leads_to(reference: Reference, first: Referable, values: Sequence[str]) -> bool:
    """Whether a reference leads to or through what has some key values, and begins with `first`.

    A meaning may be written like the id of a submodel: an external reference leads to concepts only.
    """
    if [key.value for key in reference.keys[: len(values)]] != list(values):
        return False
    if reference.type == "ExternalReference":
        return isinstance(first, ConceptDescription)
    return reference.keys[0].type in (type(first).__name__, "Identifiable", "Referable")


def remove(environment: Environment, path: str, others: Sequence[Environment] = ()) -> None:
    """Take away the element, the attribute or the text in a language at a path.

    A submodel is taken away from its shells as well, those in `others` of the same package among them.

    Raises:
        EditError: the path leads nowhere, or to what is required.
    """
    path, _, attribute = split_attribute(environment, path)
    if attribute:
        _remove_attribute(_way(path, environment, others)[-1], attribute)
        return
    path, language = split_language(environment, path)
    way = _way(path, environment, others)
    _refuse_language(way[-1], path, language)
    every = [environment, *others]
    if language:
        _remove_attribute(way[-1], f"value@{language}")
    elif len(way) > 1:
        _move_up(every, way)
        _take_out(way[-2], way[-1])
    else:
        _take_out(environment, way[0])
        gone = reference_to(way).keys[0]
        for shell in (one for each in every for one in each.asset_administration_shells or ()):
            kept = [
                each
                for each in shell.submodels or ()
                if (each.keys[0].type, each.keys[0].value) != (gone.type, gone.value)
            ]
            shell.submodels = kept or None


def _move_up(environments: Sequence[Environment], way: Sequence[Referable]) -> None:
    """Let references to the members behind one that is taken out of a list lead to where they are then.

    Raises:
        EditError: a reference leads to what is taken out, and would lead to its follower.
    """
    if not isinstance(way[-2], SubmodelElementList):
        return
    *above, last = (key.value for key in reference_to(way).keys)
    depth = len(above)
    inside = {id(each) for _, each in walk(way[-1])}
    for record in (each for one in environments for _, each in walk(one)):
        if not isinstance(record, Reference) or len(record.keys) <= depth or id(record) in inside:
            continue
        if not _leads_to(record, way[0], above):
            continue
        key = record.keys[depth]
        if key.value == last:
            hint = "set or remove that reference first"
            raise EditError(f"a reference leads to it: {text_of(record)}", hint)
        position = position_of(key.value)
        if position is not None and position > int(last):
            key.value = str(position - 1)


def _remove_attribute(record: Record, name: str) -> None:
    place = place_of(record, name)
    owner, attribute, member = place
    if getattr(owner, attribute.name) is None:
        raise EditError(f"there is no `{name}` to remove")
    if attribute.is_list and member:
        members = list(getattr(owner, attribute.name))
        del members[member_position(place, make=False)]
        setattr(owner, attribute.name, members or None)
    elif attribute.required:
        raise EditError(f"`{name}` is required and cannot be removed")
    else:
        setattr(owner, attribute.name, None)


def _take_out(parent: Record, child: Record) -> None:
    for attribute in attributes(type(parent)):
        members = getattr(parent, attribute.name) if attribute.is_list else None
        kept = [
            each
            for each in members or ()
            if each is not child
            and not (isinstance(each, OperationVariable) and each.value is child)
        ]
        if len(kept) < len(members or ()):
            setattr(parent, attribute.name, kept or None)


def content_of(record: Record) -> bytes | None:
    """The bytes that a Blob holds; `None` for anything else."""
    if isinstance(record, Blob) and record.value is not None:
        return base64.b64decode(record.value)
    return None


class Edit(Protocol):
    """A change of an environment, beside the others of the same package."""

    def __call__(self, environment: Environment, /, *, others: Sequence[Environment]) -> object:
        """Make the change."""
        ...


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
                edit(content, others=[each for each in contents.values() if each is not content])
            except EditError as error:
                errors.append(error)
            except (AttributeError, KeyError, TypeError):
                # Of a record that lacks what its class requires.
                if not any(problems for _, problems in opened.environments.values()):
                    raise
                hint = "`nacre validate` says what and where"
                errors.append(EditError("what is faulty in the file stands in the way", hint))
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


#: Of what has no content, or has it in the wrong order, nothing is lost when it is written again.
_NOTHING_LOST = (ORDER, REQUIRED)


def unresolved(old: OpenFile, new: OpenFile) -> list[Problem]:
    """What of a file could not be understood, and is neither set nor removed in its edited form."""
    contents = [content for content, _ in new.environments.values()]
    found: list[Problem] = []
    for name, after in zip(old.documents, contents, strict=False):
        content, problems = old.environments[name]
        harmful = [
            each
            for each in problems
            if each.rule.severity is Severity.ERROR and each.rule not in _NOTHING_LOST
        ]
        if any(isinstance(step, int) for each in harmful for step in each.path[-1:]):
            found += harmful  # members were left out, and the others have other positions
        elif harmful:
            edit = _Edit(old.documents[name], content, after)
            found += (each for each in harmful if not edit.resolves(each))
    return found


class _Edit:
    """A document before and after it was edited, as far as each could be understood."""

    def __init__(self, document: Document, before: Environment, after: Environment) -> None:
        self._before, self._after = (json.loads(jsonization.dumps(x)) for x in (before, after))
        self._text = None
        if isinstance(document, jsonization.JsonDocument):
            self._text = strict_json.loads(document.data.decode(), parse_int=float)
        #: The members of lists by their names, by the address of the list.
        self._named: dict[int, dict[str, Any]] = {}

    def resolves(self, problem: Problem) -> bool:
        """Whether what could not be understood was set, or went with something above it.

        A list or table that something in it was changed of is still there with its other parts.
        """
        old, new = self._before, self._after
        for depth, step in enumerate(problem.path, start=1):
            if isinstance(old, list) and isinstance(new, list) and isinstance(step, int):
                count = len(old)
                old = old[step] if step < len(old) else None
                name = None if old is None else _name_in_json(old)
                named = None if name is None else self._by_name(new).get(name)
                beside = new[step] if len(new) == count else None
                if named is None and beside is None and name is None:
                    return False  # which of the members went is not clear
                new = beside if named is None else named
            elif isinstance(old, dict) and isinstance(new, dict):
                old, new = old.get(step), new.get(step)
            else:
                return False
            if old is None:
                if isinstance(new, (str, bool)):
                    return True
                is_whole = depth == len(problem.path) and new is not None
                return is_whole and self._is_single(problem, or_text=isinstance(new, dict))
            if new is None:
                return True
        return not isinstance(old, (dict, list)) and bool(old != new)

    def _by_name(self, members: list[Any]) -> dict[str, Any]:
        if id(members) not in self._named:
            names = ((_name_in_json(each), each) for each in reversed(members))
            self._named[id(members)] = {name: each for name, each in names if name is not None}
        return self._named[id(members)]

    def _is_single(self, problem: Problem, *, or_text: bool) -> bool:
        """Whether nothing (or a text at most) stands in what a problem is about: setting it loses nothing else."""
        if self._text is None:
            source = problem.source
            if source is None or len(source):
                return False
            return or_text or not (source.text or "").strip()
        value = self._text
        with contextlib.suppress(LookupError, TypeError):
            for step in problem.path:
                value = value[step]
            return not value or (or_text and not isinstance(value, (dict, list)))
        return False


def attach(
    environment: Environment,
    package: Aasx,
    path: str,
    name: str,
    data: bytes,
    others: Sequence[Environment] = (),
) -> None:
    """Put a file into a package, as what a File element or the thumbnail of an asset names; or into a Blob.

    What `others` of the package name as well keeps its content.

    Raises:
        EditError: the path leads to none of them.
    """
    every = [environment, *others]
    way, _, attribute = split_attribute(environment, path)
    element = _way(way, environment, others)[-1]
    if attribute:
        owner, found, _ = place_of(element, attribute)
        if found.targets != (Resource,):
            raise EditError(f"`{path}` names no file")
        old: Resource | None = getattr(owner, found.name)
        replaced = None if old is None else _only_here(package, every, old.path)
        part = package.add_file(name, data, replaces=replaced)
        setattr(owner, found.name, Resource(path=part, content_type=guess_type(part)))
        package.thumbnail = part
    elif isinstance(element, File):
        replaced = _only_here(package, every, element.value)
        element.value = package.add_file(name, data, replaces=replaced)
        element.content_type = guess_type(element.value)
    elif isinstance(element, Blob):
        element.value = base64.b64encode(data).decode()
        element.content_type = guess_type(name)
    else:
        raise EditError(f"`{path}` is a {type(element).__name__}, not a File")


def _only_here(package: Aasx, environments: Sequence[Environment], value: str | None) -> str | None:
    """The part that a value names, if nothing else does: no file takes the place of what others name."""
    part = part_name_of(package, value or "")
    count = sum(
        part_name_of(package, file_of(record) or "") == part
        for each in environments
        for _, record in walk(each)
        if isinstance(record, (File, Resource))
    )
    return part if count == 1 else None


def _text(content: Environment, document: Document) -> bytes:
    """An environment in the format of a document.

    Raises:
        EditError: the document is a page or list of a server, which has no place for the rest.
    """
    partial = any(problem.rule is PARTIAL for problem in document.problems)
    single = len(document.parts) == 1 and not document.parts[0].path
    if partial and (not single or isinstance(document, XmlDocument)):
        raise EditError(
            "the file holds parts of an environment, which cannot be written back as they were",
            "`nacre export` makes an environment of it, which can be edited",
        )
    if isinstance(document, XmlDocument):
        return xmlization.dumps(content, newest_common(document.versions))
    left: Record | None = content if not partial else next(identifiables(content), None)
    if left is None:
        raise EditError("nothing would be left of the file")
    return _laid_out_as(document.data, jsonization.dumps(left))


_INDENT = re.compile(rb"\n( +|\t)\S")
_DEEPEST = 8  # blanks for a level, whatever a file has


def _laid_out_as(old: bytes, new: bytes) -> bytes:
    """A JSON text with the members of its objects in the order of another one, indented as that is."""
    ordered = msgspec.json.encode(_in_order_of(json.loads(old), msgspec.json.decode(new)))
    if b"\n" not in old.rstrip():
        return ordered
    found = _INDENT.search(old)
    step = found[1] if found else b"  "
    text = msgspec.json.format(ordered, indent=min(len(step), _DEEPEST))
    if step[:1] == b"\t":
        text = re.sub(rb"(?m)^ +", lambda match: match[0].replace(b" ", b"\t"), text)
    text += b"\n" if old.endswith(b"\n") else b""
    return text.replace(b"\n", b"\r\n") if b"\r\n" in old else text


def _in_order_of(old: Any, new: Any) -> Any:
    if isinstance(old, dict) and isinstance(new, dict):
        names = [*(name for name in old if name in new), *(name for name in new if name not in old)]
        return {name: _in_order_of(old.get(name), new[name]) for name in names}
    if isinstance(old, list) and isinstance(new, list):
        named = {_name_in_json(each): each for each in old}
        named.pop(None, None)
        equal = {_sorted_json(each): each for each in old} if len(old) != len(new) else {}
        beside = old if len(old) == len(new) else [equal.get(_sorted_json(each)) for each in new]
        return [
            _in_order_of(named.get(_name_in_json(each), other), each)
            for each, other in zip(new, beside, strict=True)
        ]
    return new


def _sorted_json(value: Any) -> bytes:
    return msgspec.json.encode(value, order="sorted")


def _name_in_json(value: Any) -> str | None:
    """What tells a member of a list from the others, whatever its place."""
    found = value.get("id") or value.get("idShort") if isinstance(value, dict) else None
    return found if isinstance(found, str) else None
