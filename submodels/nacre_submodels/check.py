"""The check that `nacre validate` adds: each submodel against the template of its semantic id."""

import dataclasses
import functools
from collections.abc import Iterable
from pathlib import Path

from nacre_aas import files
from nacre_aas.checking import Flag, IdentifiableCheck
from nacre_aas.constraints.context import Context
from nacre_aas.constraints.registry import Broken
from nacre_aas.findings import Severity
from nacre_aas.model import AssetAdministrationShell, Identifiable, Submodel
from nacre_aas.wording import counted, shortened
from nacre_submodels import catalogue, conformance, packs, rules
from nacre_submodels.catalogue import Catalogue, Entry
from nacre_submodels.compiler import semantic_id, templates_of
from nacre_submodels.errors import TemplateError
from nacre_submodels.semantics import difference, near_key
from nacre_submodels.template import Template

#: Stands between a file and the name of one of its templates.
_MEMBER = "#"


@dataclasses.dataclass(frozen=True)
class TemplateCheck:
    """Checks submodels against their templates; `forced` is a file or name to take for all of them."""

    forced: str | None = None

    def begin(self, context: Context) -> IdentifiableCheck:
        """The function that judges the identifiables of one document."""
        return _Begun(context, None if self.forced is None else forced_template(self.forced)).check


def entry_for(submodel: Submodel, known: Catalogue) -> Entry | None:
    """The template of a catalogue that a submodel is judged by; `None` if none has its semantic id."""
    entries = known.entries_for(_names(submodel))
    if len({each.specification for each in entries}) < 2:
        return next(iter(entries), None)
    return min(_judged(submodel, entries, known), key=_distance)[1]


def _names(submodel: Submodel) -> list[str]:
    """What a submodel says that it is, first by its semantic id."""
    meanings = (submodel.semantic_id, *(submodel.supplemental_semantic_ids or ()))
    return [name for each in meanings if (name := semantic_id(each))]


def _judged(
    submodel: Submodel, entries: list[Entry], known: Catalogue
) -> list[tuple[list[Flag], Entry]]:
    """The verdicts by the newest version of each template, up to the first without a finding."""
    said = submodel.administration and submodel.administration.template_id
    named = [entry for entry in entries if said is not None and entry.id == said]
    newest: dict[tuple[str, ...], Entry] = {}
    for entry in named or entries:
        newest.setdefault(entry.specification, entry)
    judged: list[tuple[list[Flag], Entry]] = []
    for entry in newest.values():
        judged.append((conformance.check(submodel, known.template(entry)), entry))
        if not judged[-1][0]:
            break
    return judged


def _distance(judged: tuple[list[Flag], Entry]) -> tuple[int, int]:
    """How far a submodel is from a template: by errors and strangers, then by all that is said.

    What the template does not know counts like an error: one that asks for little would else be closest
    to whatever lacks something.
    """
    flags, _ = judged
    far = sum(each.rule.severity is Severity.ERROR or each.rule is rules.UNKNOWN for each in flags)
    return far, len(flags)


def file_of(name: str) -> str | None:
    """The file that a name of a template names, if it is not one of the catalogue."""
    file, _ = _split(name)
    suffixes = (".json", ".aasx", ".xml", catalogue.SUFFIX)
    return file if Path(file).suffix.lower() in suffixes else None


def from_folder(name: str, folder: Path) -> str:
    """A name of a template as it is read in a folder: of a file there, if there is one."""
    file = name if (folder / name).is_file() else name.partition(_MEMBER)[0]
    return f"{folder / file}{name[len(file) :]}" if (folder / file).is_file() else name


def forced_template(name: str) -> Template:
    """The template of a file as it is now, or the known one of a name.

    Raises:
        TemplateError: there is none, or the file holds several.
    """
    file, _ = _split(name)
    changed = Path(file).stat().st_mtime_ns if Path(file).is_file() else 0
    return _forced(name, catalogue.known(), changed)


@functools.lru_cache(8)
def _forced(name: str, among: catalogue.Catalogue, _changed: int) -> Template:
    return template_named(name, among)


def template_named(name: str, among: catalogue.Catalogue) -> Template:
    """The template of a file, or the one of a name in a catalogue.

    `FILE#NAME` is one of the templates of a file, by its idShort or semantic id.

    Raises:
        TemplateError: there is none, or the file holds several.
    """
    file, wanted = _split(name)
    if file_of(name) is None:
        return among.template(among.find(name))
    found = read_templates(file)
    fitting = [each for each in found if wanted in (None, each.name, each.semantic_id)]
    if len(fitting) != 1:
        names = " or ".join(f"`{file}{_MEMBER}{each.name}`" for each in found)
        said = "several templates" if len(fitting) > 1 else f"no template `{wanted}`"
        raise TemplateError(f"`{file}` holds {said}", f"write {names}")
    return fitting[0]


def _split(name: str) -> tuple[str, str | None]:
    """A file, and the name of one of its templates if there is one behind the file."""
    if Path(name).is_file():  # whose name may hold the mark
        return name, None
    file, mark, wanted = name.partition(_MEMBER)
    return file, wanted if mark else None


def read_templates(name: str) -> list[Template]:
    """The templates of a file: submodels of kind Template, or one of the catalogue's own format.

    Raises:
        TemplateError: there is none.
        InputError: nothing can be said about the file.
    """
    if name.endswith(catalogue.SUFFIX):
        return [catalogue.with_drop_ins(catalogue.loads(files.read_bytes(name)))]
    content, _, _ = files.load(name)
    found = templates_of(content)
    if not found:
        raise TemplateError(f"`{name}` holds no submodel of kind Template")
    return [catalogue.with_drop_ins(each) for each in found]


class _Begun:
    """What is known while the identifiables of one document pass by."""

    def __init__(self, context: Context, forced: Template | None) -> None:
        self.context = context
        self.forced = forced
        self.of_instances: set[str] = set()
        #: The assets of submodels, as far as they have an id.
        self.assets: dict[str, set[str]] = {}
        self.catalogue = catalogue.known()
        for reason in self.catalogue.unread:
            context.open_point(rules.NOT_KNOWN.code, f"the user's own templates: {reason}")

    def check(self, record: Identifiable) -> Iterable[Flag]:
        if isinstance(record, AssetAdministrationShell):
            self._note_shell(record)
            return ()
        if not isinstance(record, Submodel):
            return ()
        flags: list[Flag] = []
        if record.kind == "Template":
            name = record.id_short or record.id
            if record.id in self.of_instances:
                message = f"`{name}` is part of an instance"
                flags.append(Flag(record, rules.STILL_TEMPLATE, Broken(message, ("kind",))))
            if self.forced is None:
                if flags:
                    self.context.open_point(
                        rules.NOT_KNOWN.code,
                        f"submodel `{name}` is of kind Template, so not against its template",
                    )
                return flags
        return [*flags, *self._against_templates(record)]

    def _note_shell(self, shell: AssetAdministrationShell) -> None:
        information = shell.asset_information
        if information is None:
            return
        for target in filter(None, map(semantic_id, shell.submodels or ())):
            if information.asset_kind == "Instance":
                self.of_instances.add(target)
            if information.global_asset_id:
                self.assets.setdefault(target, set()).add(information.global_asset_id)

    def _against_templates(self, submodel: Submodel) -> list[Flag]:
        if self.forced is not None:
            return self._judged(submodel, self.forced) + self._own_meaning(submodel, self.forced)
        own = semantic_id(submodel.semantic_id)
        entries = self.catalogue.entries_for(_names(submodel))
        if not entries:
            return self._unknown(submodel, own)
        try:
            flags, entry = self._closest(submodel, entries)
        except TemplateError as error:
            self.context.open_point(rules.NOT_KNOWN.code, error.message)
            return []
        known = [each for each in (entry.semantic_id, *entry.supplemental_semantic_ids) if each]
        meant = (
            None if own is None else next((k for k in known if near_key(k) == near_key(own)), None)
        )
        if own is not None and meant is not None and own not in known:
            flags.append(_near(submodel, f"differs {difference(own, meant)} from `{meant}`"))
        newer = self.catalogue.successor(entry)
        if newer is not None:
            message = f"{entry.label} is superseded by {newer.label}"
            flags.append(Flag(submodel, rules.SUPERSEDED, Broken(message, ("semanticId",))))
        return flags

    def _closest(self, submodel: Submodel, entries: list[Entry]) -> tuple[list[Flag], Entry]:
        """The verdict by the template that the submodel comes closest to, its newest version."""
        judged = _judged(submodel, entries, self.catalogue)
        flags, entry = min(judged, key=_distance)
        flags = flags + self._words(submodel, self.catalogue.template(entry))
        against, first = judged[0]
        if first.id != entry.id:  # variants with one id cannot be told apart in any other way
            message = (
                f"judged as {entry.label}, which it comes closer to; {first.label} has the same "
                f"semantic id, and by that it has {counted(len(against), 'finding')}"
            )
            flags.append(Flag(submodel, rules.SHARED_ID, Broken(message, ("semanticId",))))
        elif entry.own and (hidden := self._hidden_by(entry, submodel)) is not None:
            message = (
                f"judged as {entry.label} of your own; {hidden.label} has the same semantic id"
            )
            flags.append(Flag(submodel, rules.SHARED_ID, Broken(message, ("semanticId",))))
        return flags, entry

    def _hidden_by(self, own: Entry, submodel: Submodel) -> Entry | None:
        """A published template in whose place one of the user's own judges, and that is no copy of it."""
        said = submodel.administration and submodel.administration.template_id
        if own.number or own.id == said:
            return None
        entries = self.catalogue.entries_for(_names(submodel))
        return next((each for each in entries if each.is_published and each.id != own.id), None)

    def _judged(self, submodel: Submodel, template: Template) -> list[Flag]:
        return conformance.check(submodel, template) + self._words(submodel, template)

    def _own_meaning(self, submodel: Submodel, forced: Template) -> list[Flag]:
        """What a submodel says that it is, beside the template that it is judged against."""
        own, wanted = semantic_id(submodel.semantic_id), forced.semantic_id
        if own is None or wanted is None or own == wanted:
            return []
        if near_key(own) == near_key(wanted):
            return [_near(submodel, f"differs {difference(own, wanted)} from `{wanted}`")]
        return [_near(submodel, f"is not that of the template, `{wanted}`")]

    def _words(self, submodel: Submodel, template: Template) -> list[Flag]:
        """The rules that stand only in words, as far as there are any."""
        pack = packs.pack_for(template)
        self.context.open_point(rules.IN_WORDS.code, packs.open_point(template, pack))
        for each in template.unread:
            self.context.open_point(
                rules.IN_WORDS.code,
                f"what {template.label} says by {each}, which is not understood",
            )
        return (
            []
            if pack is None
            else list(pack.check(submodel, self.context.attached, self.assets.get(submodel.id, ())))
        )

    def _unknown(self, submodel: Submodel, own: str | None) -> list[Flag]:
        name = shortened(submodel.id_short or submodel.id or "")
        if own is None:
            which = f"submodel `{name}`" if name else "a submodel without id"
            self.context.open_point(
                rules.NOT_KNOWN.code, f"{which} has no semantic id, so no template"
            )
            return []
        near = self.catalogue.near(own)
        self.context.open_point(
            rules.NOT_KNOWN.code, f"no template is known for `{own}` of submodel `{name}`"
        )
        if near is None:
            return []
        return [_near(submodel, f"is that of no template, but `{near}` is")]


def _near(submodel: Submodel, what: str) -> Flag:
    message = f"the semantic id `{semantic_id(submodel.semantic_id)}` {what}"
    return Flag(submodel, rules.NEAR_TEMPLATE, Broken(message, ("semanticId",)))
