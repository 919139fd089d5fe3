"""AAS in JSON (IDTA-01001, "Mapping to JSON"): reading and writing, derived from the records.

Reading accepts fast and explains slowly. A typed decode in C accepts a good shell or submodel; the
explaining reader (`nacre_aas.explaining`) looks at the ones that it refuses. The decoder keeps the
last of two equal keys, so the fast path also proves that none was lost: the document has as many
colons as its records have when they are written again, and every lost key would take one away.
"""

import codecs
import contextlib
import functools
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, NoReturn

import msgspec

from nacre_aas import strict_json
from nacre_aas.constraints import catalogue
from nacre_aas.constraints.attributes import EMPTY_LIST
from nacre_aas.document import COLLECTIONS, LARGE, Part, Path, Place, Problem, Reading, pointer
from nacre_aas.errors import (
    LimitExceededError,
    MalformedDocumentError,
    NoContentError,
    UnsupportedVersionError,
)
from nacre_aas.explaining import JsonExplainer, json_type
from nacre_aas.model import (
    AssetAdministrationShell,
    ConceptDescription,
    Environment,
    Identifiable,
    Record,
    Submodel,
)
from nacre_aas.positions import positions
from nacre_aas.versions import ALL
from nacre_aas.wording import lower_first, shortened

_encoder = msgspec.json.Encoder()

#: Escapes that may stand for characters which XML forbids, or for a colon, and such characters
#: themselves.
_SUSPECT_ESCAPES = re.compile(rb"\\(?:[bf]|u(?:00[01]|003[aA]|[fF]{3}|[dD]))")
_ESCAPED_COLON = re.compile(rb"\\u003[aA]")
_NONCHARACTERS = re.compile(rb"\xef\xbf[\xbe\xbf]")
_INDENTED = re.compile(rb"\n[ \t]")


def dumps(record: Record, *, indent: int | None = None) -> bytes:
    """A record as UTF-8 JSON; attributes stand in the order of the metamodel."""
    data = _encoder.encode(record)
    if b":null" in data:  # a faulty record lacks what its class requires, or it is part of a text
        data = _encoder.encode(_without_nulls(msgspec.json.decode(data)))
    return data if indent is None else msgspec.json.format(data, indent=indent) + b"\n"


def _without_nulls(root: Any) -> Any:
    """A decoded text without members that are null, however deep it is."""
    waiting = [root]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            for name in [name for name, each in value.items() if each is None]:
                del value[name]
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
    return root


def loads(data: bytes) -> Environment:
    """Decode a good environment, and only a good one.

    Raises:
        msgspec.ValidationError: something in it is not as the metamodel asks; `read_document`
            says what.
    """
    environment: Environment = _decoder(Environment).decode(_compact(data))
    return environment


@functools.cache
def _decoder(kind: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(kind)


def _compact(data: bytes) -> bytes:
    """The same JSON text with nothing between its tokens: typed decoding is slow over blanks.

    Raises:
        msgspec.DecodeError: the text is not well-formed.
    """
    return msgspec.json.format(data, indent=-1) if _INDENTED.search(data, 0, 256) else data


class _Envelope(msgspec.Struct, rename="camel", forbid_unknown_fields=True, omit_defaults=True):
    """An environment whose members are not looked at yet."""

    asset_administration_shells: list[msgspec.Raw] | msgspec.UnsetType = msgspec.UNSET
    submodels: list[msgspec.Raw] | msgspec.UnsetType = msgspec.UNSET
    concept_descriptions: list[msgspec.Raw] | msgspec.UnsetType = msgspec.UNSET


def _are_clean(data: bytes) -> bool:
    """Whether no string in a JSON text can hold a character that XML forbids, or an escaped colon."""
    if _has_suspect_escape(data):
        return False
    return b"\xef" not in data or _NONCHARACTERS.search(data) is None


def _has_suspect_escape(data: bytes) -> bool:
    """Go from backslash to backslash, much faster than an expression unless there are very many."""
    at = data.find(b"\\")
    for _ in range(len(data) >> 8):
        if at < 0:
            return False
        if _SUSPECT_ESCAPES.match(data, at) is not None:
            return True
        at = data.find(b"\\", at + 2)
    return _SUSPECT_ESCAPES.search(data, max(at, 0)) is not None


class JsonDocument:
    """A JSON text whose identifiables are read one by one."""

    def __init__(self, data: bytes) -> None:
        self.versions = ALL
        self.problems: list[Problem] = []
        self.parts: list[Part] = []
        self.data, recoded = _as_utf8(data)
        if recoded is not None:
            self.problems.append(Problem(catalogue.ENCODING, f"the file is in {recoded}", ()))
        self.clean_characters = _are_clean(self.data)
        self._colons_count = self.clean_characters or _ESCAPED_COLON.search(self.data) is None
        self.is_large = len(self.data) > LARGE
        self._again: dict[Path, Part] = {}
        if self.is_large or not self._read_whole():
            self._read_envelope()

    def read(self, part: Part, *, explain: bool = False) -> Reading:
        """Read one identifiable; see `Document.read`."""
        if isinstance(part.source, Identifiable):
            if not explain:
                return Reading(part.source, decoded=True)
            part = self._in_source(part)
        raw = bytes(part.source)
        if not explain:
            try:
                text = _compact(raw)
                record = _decoder(part.record).decode(text)
            except msgspec.ValidationError:
                pass
            except (msgspec.DecodeError, UnicodeDecodeError):
                self._raise_malformed()
            except RecursionError:
                self._raise_too_deep()
            else:
                if self._colons_count and text.count(b":") == _encoder.encode(record).count(b":"):
                    return Reading(record, decoded=True)
        parsed = self._parse(raw)
        refuse_old_version(parsed)
        try:
            return JsonExplainer(quickly=not explain).read(part.record, parsed, part.path)
        except RecursionError:
            self._raise_too_deep()

    def locate(self, problems: Iterable[Problem]) -> dict[Path, Place]:
        """Find where paths stand; see `Document.locate`."""
        found = positions(self.data, (problem.path for problem in problems))
        return {
            path: Place(
                pointer(path), None, place.line, place.column, place.text, place.text_column
            )
            for path, place in found.items()
        }

    def _in_source(self, part: Part) -> Part:
        """A part that was decoded with the whole, as a part to be read from its text."""
        if not self._again:
            self.parts, decoded = [], self.parts
            self._read_envelope()
            self._again = {each.path: each for each in self.parts}
            self.parts = decoded
        return self._again[part.path]

    # -- the outermost level --------------------------------------------------------------------

    def _read_whole(self) -> bool:
        """Decode a good environment in one go; false if there is anything unusual about it."""
        try:
            text = _compact(self.data)
            whole = _decoder(Environment).decode(text)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return False
        colons, again = text.count(b":"), _encoder.encode(whole)
        if not colons or not self._colons_count or colons != again.count(b":"):
            return False
        if not self.clean_characters:  # the encoder escapes nothing but control characters
            self.clean_characters = _are_clean(again)
        for name, kind in COLLECTIONS.items():
            for position, record in enumerate(getattr(whole, _SNAKE[name]) or ()):
                self.parts.append(Part(kind, (name, position), record))
        return True

    def _read_envelope(self) -> None:
        try:
            envelope = _decoder(_Envelope).decode(self.data)
        except msgspec.ValidationError:
            self._read_unusual()
            return
        except (msgspec.DecodeError, UnicodeDecodeError):
            self._raise_malformed()
        except RecursionError:
            self._raise_too_deep()
        colons = 0
        for name, kind in COLLECTIONS.items():
            members = getattr(envelope, _SNAKE[name])
            if members is msgspec.UNSET:
                continue
            colons += 1
            if not members:
                self.problems.append(Problem(EMPTY_LIST, f"`{name}` is an empty list", (name,)))
            for position, raw in enumerate(members):
                colons += bytes(raw).count(b":")
                self.parts.append(Part(kind, (name, position), raw))
        if colons != self.data.count(b":"):
            self._parse(self.data)
        if colons == 0:
            self.problems.append(Problem(catalogue.EMPTY, "the environment is empty", ()))

    def _read_unusual(self) -> None:
        """Anything but a well-formed environment: parts of one, faulty ones, something else."""
        root = self._parse(self.data)
        refuse_old_version(root)
        if isinstance(root, dict) and root.keys() & COLLECTIONS.keys() and not _kind_of(root):
            self._read_faulty_environment(root)
        else:
            self._read_parts(root)

    def _read_faulty_environment(self, root: dict[str, Any]) -> None:
        for name, value in root.items():
            if name not in COLLECTIONS:
                message = f"`{name}` is not an attribute of Environment"
                self.problems.append(Problem(catalogue.UNKNOWN_ATTRIBUTE, message, (name,)))
            elif value is None:
                message = f"`{name}` is null"
                self.problems.append(Problem(catalogue.NULL, message, (name,)))
            elif not isinstance(value, list):
                message = f"`{name}` is {json_type(value)}, expected a list"
                self.problems.append(Problem(catalogue.WRONG_TYPE, message, (name,)))
            elif not value:
                message = f"`{name}` is an empty list"
                self.problems.append(Problem(EMPTY_LIST, message, (name,)))
        self._add_parts(_members(root))

    def _read_parts(self, root: Any) -> None:
        found = list(_bare_parts(root, ()))
        if not found:
            shown = "an empty list" if root == [] else json_type(root)
            raise NoContentError(
                f"the JSON text is {shown} and holds no AAS content",
                "expected an environment, a shell, a submodel or a concept description",
            )
        self._add_parts(found)
        self.problems += _strangers(root, {path for path, _ in found})
        names = ", ".join(sorted({f"`{kind.__name__}`" for _, kind in found}))
        message = f"the document holds bare {names}, no environment"
        page = root.get("paging_metadata") if isinstance(root, dict) else None
        cursor = page.get("cursor") if isinstance(page, dict) else None
        if isinstance(cursor, str) and cursor:
            message += f"; the server has more, behind the cursor `{shortened(cursor)}`"
        self.problems.append(Problem(catalogue.PARTIAL, message, ()))

    def _add_parts(self, found: Iterable[tuple[Path, type[Identifiable]]]) -> None:
        """Cut the source text of parts out of the document, each level of nesting once."""
        cut: dict[Path, Any] = {(): msgspec.Raw(self.data)}
        for path, kind in found:
            for depth, step in enumerate(path):
                level = path[:depth]
                if isinstance(cut[level], msgspec.Raw):
                    member: Any = (
                        list[msgspec.Raw] if isinstance(step, int) else dict[str, msgspec.Raw]
                    )
                    cut[level] = _decoder(member).decode(cut[level])
                cut[path[: depth + 1]] = cut.get(path[: depth + 1], cut[level][step])
            self.parts.append(Part(kind, path, cut[path]))

    # -- what cannot be read --------------------------------------------------------------------

    def _parse(self, data: bytes) -> Any:
        """Parse with the standard library, if the fast decoder may have missed something."""
        with contextlib.suppress(msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            parsed = msgspec.json.decode(data)
            if self._colons_count and data.count(b":") == _encoder.encode(parsed).count(b":"):
                return parsed
        return self._parse_strictly(_recoded(data, "utf-8").decode())

    def _parse_strictly(self, text: str) -> Any:
        """Parse with the standard library, or say where the syntax breaks in the whole document."""
        try:
            return strict_json.loads(text, parse_int=float)  # of which no length is too much
        except RecursionError:
            self._raise_too_deep()
        except json.JSONDecodeError:
            self._raise_malformed()

    def _raise_malformed(self) -> NoReturn:
        """Say where the syntax breaks."""
        text = _recoded(self.data, "utf-8").decode()
        if not text.strip():
            raise MalformedDocumentError("the file is empty")
        hint = None
        try:
            strict_json.loads(text, parse_int=float)
        except RecursionError:
            self._raise_too_deep()
        except json.JSONDecodeError as error:
            if isinstance(error, strict_json.DuplicateKeyError):
                hint = "remove one of them; a reader would lose it silently"
            raise MalformedDocumentError(
                f"not well-formed JSON: {lower_first(error.msg)}", hint, error.lineno, error.colno
            ) from None
        raise MalformedDocumentError("not well-formed JSON")

    @staticmethod
    def _raise_too_deep() -> NoReturn:
        raise LimitExceededError(
            "the document is nested too deeply", "the specification advises at most 32 levels"
        ) from None


_SNAKE = dict(
    zip(
        COLLECTIONS,
        ("asset_administration_shells", "submodels", "concept_descriptions"),
        strict=True,
    )
)


def refuse_old_version(root: Any) -> None:
    """Refuse JSON of the metamodel 1 or 2 era.

    Raises:
        UnsupportedVersionError: identifiers stand in `identification`, or classes in an object.
    """
    candidates = list(root.values()) if isinstance(root, dict) else [root]
    members = [
        member
        for candidate in candidates
        if isinstance(candidate, list)
        for member in candidate
        if isinstance(member, dict)
    ]
    if isinstance(root, dict):
        members.append(root)
    for member in members:
        identification = member.get("identification")
        model_type = member.get("modelType")
        found = None
        if isinstance(identification, dict) and "id" in identification:
            found = "identifiers stand in `identification`"
        elif isinstance(model_type, dict) and "name" in model_type:
            found = "`modelType` is an object with a `name`"
        if found is not None:
            raise UnsupportedVersionError(
                f"written for AAS metamodel 2 ({found})",
                "convert it to metamodel 3 with the tool that made it",
            )


def _as_utf8(data: bytes) -> tuple[bytes, str | None]:
    """The text in UTF-8, and the name of the encoding it had if that is not plain UTF-8."""
    marks = (
        (codecs.BOM_UTF8, "utf-8-sig", "UTF-8 with a byte order mark"),
        (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
        (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
        (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
        (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
    )
    for mark, encoding, name in marks:
        if data.startswith(mark):
            return _recoded(data, encoding), name
    if data[1:2] == b"\0" and data[:1] != b"\0":
        return _recoded(data, "utf-16-le"), "UTF-16"
    if data[:1] == b"\0" and data[1:2] != b"\0":
        return _recoded(data, "utf-16-be"), "UTF-16"
    return data, None


def _recoded(data: bytes, encoding: str) -> bytes:
    try:
        return data.decode(encoding).encode()
    except UnicodeError as error:
        start = error.start if isinstance(error, UnicodeDecodeError) else 0
        raise MalformedDocumentError(
            f"the text is not valid {encoding.upper()}",
            "save the file as UTF-8",
            data.count(b"\n", 0, start) + 1,
        ) from None


def _members(root: dict[str, Any]) -> Iterator[tuple[Path, type[Identifiable]]]:
    for name, kind in COLLECTIONS.items():
        value = root.get(name)
        if isinstance(value, list):
            for position in range(len(value)):
                yield (name, position), kind


def _bare_parts(value: Any, path: Path) -> Iterator[tuple[Path, type[Identifiable]]]:
    """A bare identifiable, a list of them, or a page `{"result": [...]}` of a server."""
    if isinstance(value, list):
        for position, member in enumerate(value):
            if isinstance(member, dict):
                yield from _bare_parts(member, (*path, position))
    elif isinstance(value, dict):
        kind = _kind_of(value)
        if kind is not None:
            yield path, kind
        elif isinstance(value.get("result"), (list, dict)) and not path:
            yield from _bare_parts(value["result"], (*path, "result"))


def _strangers(root: Any, parts: set[Path]) -> Iterator[Problem]:
    """What stands in a list beside identifiables and is none."""
    way: Path = ()
    if isinstance(root, dict) and _kind_of(root) is None:
        root, way = root["result"], ("result",)
    members: list[Any] = root if isinstance(root, list) else []
    for position, member in enumerate(members):
        path = (*way, position)
        if path in parts:
            continue
        if isinstance(member, dict):
            found = f"an object with the modelType `{shortened(str(member.get('modelType')))}`"
            found = found if "modelType" in member else "an object without `modelType`"
            rule = catalogue.MODEL_TYPE
        else:
            found, rule = json_type(member), catalogue.WRONG_TYPE
        message = f"{found} stands where shells, submodels and concept descriptions are expected"
        yield Problem(rule, message, path)


def _kind_of(value: dict[str, Any]) -> type[Identifiable] | None:
    for kind in COLLECTIONS.values():
        if value.get("modelType") == kind.__name__:
            return kind
    if "modelType" in value or "id" not in value:
        return None
    if "assetInformation" in value:
        return AssetAdministrationShell
    if "submodelElements" in value:
        return Submodel
    return ConceptDescription if "isCaseOf" in value else None
