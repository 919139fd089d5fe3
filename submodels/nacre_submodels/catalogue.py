"""The templates that are known: those that ship, and the user's own.

What ships is one file per template in `published/` and `own/`, with an index that is read first, so
that a template costs nothing until a submodel asks for it. In such a file the first line is the template,
and each line below it one element, indented by its depth: readable, and small in a diff.

The published templates are (c) Industrial Digital Twin Association, CC BY 4.0; see
`published/ATTRIBUTION.md` for what was changed.
"""

import dataclasses
import difflib
import functools
import os
import re
from collections.abc import Iterable, Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import msgspec

from nacre_submodels.errors import TemplateError
from nacre_submodels.semantics import near_key
from nacre_submodels.template import Element, Template

SUFFIX = ".smt"


class Entry(msgspec.Struct, frozen=True, omit_defaults=True, rename="camel", kw_only=True):
    """A template in the index: enough to find it."""

    file: str
    name: str
    id: str
    semantic_id: str | None = None
    supplemental_semantic_ids: tuple[str, ...] = ()
    title: str = ""
    number: str = ""
    version: str = ""
    variant: str = ""
    deprecated: bool = False
    own: bool = False

    @property
    def label(self) -> str:
        """How messages call it."""
        return Template(
            name=self.name, id=self.id, number=self.number, version=self.version,
            variant=self.variant,
        ).label  # fmt: skip

    @property
    def is_published(self) -> bool:
        """Whether others published it: it is neither the user's own nor ours."""
        return self.file.startswith("published/")

    @property
    def specification(self) -> tuple[str, str, str, str]:
        """What its versions have in common; two makers may give templates without number one name."""
        maker = "" if self.number else near_key(self.semantic_id or self.id)
        return self.number, self.name, self.variant, maker

    @property
    def order(self) -> tuple[object, ...]:
        """Sorts the best first: the user's own, current, newest, without variant, the first of equal ones."""
        numbers = [int(part) for part in re.findall("[0-9]{1,9}", self.version)]
        newest = tuple(-number for number in (*numbers, 0, 0, 0)[:4])
        name = Path(self.file).name  # which has something added where the name was taken
        several = self.number, self.name, len(name), name
        return not self.own, self.deprecated, newest, bool(self.variant), self.variant, several


def dumps(template: Template) -> bytes:
    """A template in the format of the catalogue."""
    head = msgspec.structs.replace(template, elements=())
    lines = [_encode(head)]
    lines += _lines(template.elements, 1)
    return b"\n".join(lines) + b"\n"


def _lines(elements: tuple[Element, ...], depth: int) -> Iterator[bytes]:
    for element in elements:
        yield b" " * depth + _encode(msgspec.structs.replace(element, elements=()))
        yield from _lines(element.elements, depth + 1)


def loads(data: bytes) -> Template:
    """A template from the format of the catalogue.

    Raises:
        TemplateError: the text is no such template.
    """
    first, *lines = data.rstrip(b"\n").split(b"\n")
    try:
        head = _TEMPLATE.decode(first)
        found = [(len(line) - len(line.lstrip(b" ")), _ELEMENT.decode(line)) for line in lines]
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise TemplateError(f"this is no template of the catalogue: {error}") from None
    waiting: list[list[Element]] = [[] for _ in range(max((d for d, _ in found), default=0) + 2)]
    for depth, element in reversed(found):
        below = tuple(reversed(waiting[depth + 1]))
        waiting[depth + 1] = []
        waiting[depth].append(
            msgspec.structs.replace(element, elements=below) if below else element
        )
    return msgspec.structs.replace(head, elements=tuple(reversed(waiting[1])))


_encode = msgspec.json.Encoder(decimal_format="number").encode
_TEMPLATE = msgspec.json.Decoder(Template)
_ELEMENT = msgspec.json.Decoder(Element)
_INDEX = msgspec.json.Decoder(list[Entry])


def user_folder() -> Path:
    """Where the user's own templates are kept: `NACRE_TEMPLATES`, or the user's data folder."""
    named = os.environ.get("NACRE_TEMPLATES")
    if named:
        return Path(named)
    base = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(base) / "nacre" / "templates"


@dataclasses.dataclass(frozen=True)
class Catalogue:
    """Templates by the semantic ids of their submodels.

    `unread` says which files of the user's own cannot be read, and why.
    """

    entries: tuple[Entry, ...]
    folder: Path | None = None
    unread: tuple[str, ...] = ()

    @functools.cached_property
    def _by_semantic_id(self) -> dict[str, list[Entry]]:
        found: dict[str, list[Entry]] = {}
        for entry in self.entries:
            for each in (entry.semantic_id, *entry.supplemental_semantic_ids):
                if each:
                    found.setdefault(each.strip(), []).append(entry)
        for entries in found.values():
            entries.sort(key=lambda entry: entry.order)
        return found

    @functools.cached_property
    def _by_near_key(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for entry in sorted(self.entries, key=lambda each: each.order):
            for each in (entry.semantic_id, *entry.supplemental_semantic_ids):
                if each:
                    found.setdefault(near_key(each), each.strip())
        return found

    def entries_for(self, semantic_ids: Iterable[str]) -> list[Entry]:
        """The templates whose instances carry one of some semantic ids, best first."""
        names = [each.strip() for each in semantic_ids]
        found = [entry for each in names for entry in self._by_semantic_id.get(each, ())]
        # A template whose own semantic id it is comes before one that has it as a further one.
        return sorted(dict.fromkeys(found), key=lambda entry: entry.semantic_id not in names)

    def near(self, semantic_id: str) -> str | None:
        """A known semantic id that differs by version, case, blanks or spelling only."""
        return self._by_near_key.get(near_key(semantic_id))

    def successor(self, entry: Entry) -> Entry | None:
        """The newest current template of the same specification, if that is another one.

        A template that was published without a number is succeeded by the one numbered specification of its name.
        """
        current = [each for each in self.entries if not each.deprecated]
        same = [each for each in current if each.specification == entry.specification]
        if entry.number:
            current = [each for each in current if each.number == entry.number]
            same = [each for each in current if each.name == entry.name]
            if not same and len({each.name for each in current}) == 1:
                same = current  # renamed
        elif entry.deprecated:
            same = [each for each in current if each.number and each.name == entry.name]
            if len({each.number for each in same}) > 1:
                return None
        newest = min(same, key=lambda each: each.order, default=None)
        if newest is None or newest.version == entry.version:
            return None
        return newest if newest.semantic_id != entry.semantic_id else None

    def newer_than(self, template: Template) -> Entry | None:
        """The successor of a template that is among the known ones."""
        entries = self.entries_for([template.semantic_id] if template.semantic_id else [])
        own = (each for each in entries if each.label == template.label)
        entry = next(own, None)
        return None if entry is None else self.successor(entry)

    def template(self, entry: Entry) -> Template:
        """Load a template."""
        return _completed(self.folder if entry.own else None, entry.file)

    def name_of(self, template: Template) -> str:
        """What `find` finds a template by: its semantic id, or where others share that, its number."""
        others = (
            f"{template.number}-{template.version}",
            f"{template.name} {template.variant}",
            template.id,
        )
        names = [template.semantic_id or template.id, *others]
        return next((each for each in names if self._finds(each, template)), names[0])

    def _finds(self, name: str, template: Template) -> bool:
        try:
            found = self.find(name)
        except TemplateError:
            return False
        wanted = (template.number, template.name, template.variant, template.semantic_id)
        return (found.number, found.name, found.variant, found.semantic_id) == wanted

    def find(self, name: str) -> Entry:
        """A template by its number, name, title or semantic id; the newest if there are several.

        Raises:
            TemplateError: there is none, or the name fits several specifications.
        """
        wanted = _plain(name)
        exact = self.entries_for([name])
        if exact:
            return exact[0]
        tests = (
            lambda e: (
                wanted in (_plain(e.name), _plain(e.title), _plain(e.number + e.name))
                or wanted == _plain(e.name + e.variant)
                or name == e.id
            ),
            lambda e: _number_fits(name, e, e.number),
            lambda e: _number_fits(name, e, e.number.partition("-")[0]),
            lambda e: wanted and (wanted in _plain(e.title) or wanted in _plain(e.name)),
        )
        for test in tests:
            fitting = sorted(filter(test, self.entries), key=lambda entry: entry.order)
            kinds = {(entry.number, entry.name) for entry in fitting}
            if len(kinds) > 1 and any(not each.deprecated for each in fitting):
                fitting = [each for each in fitting if not each.deprecated]
                kinds = {(entry.number, entry.name) for entry in fitting}
            titled = [each for each in fitting if _plain(each.title) == wanted]
            if len(kinds) > 1 and len({each.number for each in titled}) == 1:
                fitting, kinds = titled, {(titled[0].number, titled[0].name)}
            best = {
                each.semantic_id
                for each in fitting
                if not each.number and each.version == fitting[0].version
            }
            if len(best) > 1:  # a company's own
                raise TemplateError(
                    f"`{name}` fits several templates",
                    f"use the semantic id: {' or '.join(map(str, sorted(best, key=str)))}",
                )
            if len(kinds) > 1:
                labels = sorted({f"{each.number} {each.name}".strip() for each in fitting})
                raise TemplateError(
                    f"`{name}` fits several templates",
                    f"use the number or name of one of {', '.join(labels[:8])}",
                )
            if fitting:
                return fitting[0]
        same = self.near(name)
        known = sorted({entry.name for entry in self.entries})
        near = [same] if same is not None else difflib.get_close_matches(name, known, 3, 0.5)
        words = " or ".join(f"`{each}`" for each in near)
        hint = f"did you mean {words}?" if near else "`nacre template list` shows all of them"
        raise TemplateError(f"no template `{name}` is known", "; ".join((hint, *self.unread)))


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.casefold())


#: A number, perhaps with a version, and with the name or variant as in a label.
_NUMBER = re.compile(r"(?:IDTA[ -]?)?(\d{5}(?:[-. ]v?\d+)*)(?:[ -]+(\D.*))?", re.IGNORECASE)


def _number_fits(name: str, entry: Entry, number: str) -> bool:
    match = _NUMBER.fullmatch(name)
    if match is None:
        return False
    wanted = re.findall(r"\d+", match[1])
    rest = _plain(match[2] or "")
    if rest and rest not in map(_plain, (entry.name, entry.variant, entry.name + entry.variant)):
        return False
    return wanted == re.findall(r"\d+", f"{number} {entry.version}")[: len(wanted)]


@functools.lru_cache(256)
def _load(folder: Path | None, file: str) -> Template:
    if folder is None:
        return loads((resources.files("nacre_submodels") / file).read_bytes())
    try:
        return loads((folder / file).read_bytes())
    except TemplateError as error:
        raise TemplateError(f"`{folder / file}`: {error.message}", error.hint) from None


#: Collections that templates use without repeating what is in them: (specification, its element).
_DROP_INS = {
    "https://admin-shell.io/zvei/nameplate/1/0/ContactInformations/AddressInformation": (
        "https://admin-shell.io/zvei/nameplate/1/0/ContactInformations",
        "https://admin-shell.io/zvei/nameplate/1/0/ContactInformations/ContactInformation",
    ),
    "https://admin-shell.io/zvei/nameplate/1/0/ContactInformations/ContactInformation": (
        "https://admin-shell.io/zvei/nameplate/1/0/ContactInformations",
        "https://admin-shell.io/zvei/nameplate/1/0/ContactInformations/ContactInformation",
    ),
}


@functools.lru_cache(256)
def _completed(folder: Path | None, file: str) -> Template:
    return with_drop_ins(_load(folder, file))


def with_drop_ins(template: Template) -> Template:
    """A template in which collections that are defined elsewhere have their elements."""

    def filled(element: Element) -> Element:
        if element.elements:
            below = tuple(map(filled, element.elements))
        else:
            below = _drop_in(element.semantic_id or "") if not element.recurs else ()
        if below == element.elements:
            return element
        return msgspec.structs.replace(element, elements=below)

    if template.semantic_id in {owner for owner, _ in _DROP_INS.values()}:
        return template
    return msgspec.structs.replace(template, elements=tuple(map(filled, template.elements)))


@functools.cache
def _drop_in(semantic_id: str) -> tuple[Element, ...]:
    if semantic_id not in _DROP_INS:
        return ()
    owner, wanted = _DROP_INS[semantic_id]
    entry = shipped().entries_for([owner])[0]
    found = _load(None, entry.file).elements
    return next((each.elements for each in found if each.semantic_id == wanted), ())


@functools.cache
def shipped() -> Catalogue:
    """The templates that ship."""
    data = (resources.files("nacre_submodels") / "index.json").read_bytes()
    return Catalogue(tuple(_INDEX.decode(data)))


def known(folder: Path | None = None) -> Catalogue:
    """The templates that ship and the user's own, which come first."""
    folder = folder or user_folder()
    if not folder.is_dir():
        return shipped()
    own, unread = [], []
    for path in sorted(folder.glob("*" + SUFFIX)):
        try:
            with path.open("rb") as stream:
                template: Any = _TEMPLATE.decode(stream.readline())
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            unread.append(f"`{path}` is no template: {reason}")
        else:
            own.append(entry_of(template, path.name, own=True))
    return Catalogue((*own, *shipped().entries), folder, tuple(unread))


def entry_of(template: Template, file: str, *, own: bool = False) -> Entry:
    """The entry of a template in an index."""
    return Entry(
        file=file,
        own=own,
        **{
            name: getattr(template, name)
            for name in Entry.__struct_fields__
            if name not in ("file", "own")
        },
    )


def file_name(template: Template) -> str:
    """The file of a template in a catalogue."""
    parts = [template.number, template.name, template.version, template.variant]
    if not template.number:
        parts = [template.name, template.version]
    plain = "-".join(re.sub(r"[^A-Za-z0-9.]+", "_", part) for part in parts if part)
    return (plain or "template") + SUFFIX
