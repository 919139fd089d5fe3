"""Makes the catalogue of published templates from a copy of the IDTA template repository.

    python tools/make_catalogue.py ../shared/data/templates

Texts and examples are left out; of files with the same constraints one stands for all.
"""

import hashlib
import re
import sys
from pathlib import Path

import msgspec

from nacre_aas import files
from nacre_aas.errors import InputError
from nacre_submodels import catalogue
from nacre_submodels.compiler import templates_of
from nacre_submodels.published import origin_of
from nacre_submodels.template import Element, Template, walk, without_texts

TARGET = Path(__file__).parent.parent / "submodels" / "nacre_submodels" / "published"


def collect(root: Path) -> list[Template]:
    """All templates below a folder, one for each set of constraints, newest label first."""
    found: dict[str, Template] = {}
    for path in sorted(root.rglob("*.json")):
        try:
            content, _, _ = files.load(str(path))
        except InputError as error:
            print(f"passed over {path.name}: {error.message}")
            continue
        for template in templates_of(content, **origin_of(path.relative_to(root))):
            plain = without_texts(template)
            digest = hashlib.sha256(catalogue.dumps(_constraints(plain))).hexdigest()
            known = found.get(digest)
            if known is None or _rank(plain) < _rank(known):
                found[digest] = plain
    return sorted(found.values(), key=catalogue.file_name)


def _constraints(template: Template) -> Template:
    """What two files must share to count as one template."""

    def bare(element: Element) -> Element:
        below = tuple(map(bare, element.elements))
        return msgspec.structs.replace(element, example_digests=(), default=None, elements=below)

    return msgspec.structs.replace(
        template,
        version="",
        variant="",
        deprecated=False,
        elements=tuple(map(bare, template.elements)),
    )


def _rank(template: Template) -> tuple[object, ...]:
    marks = sum(len(element.example_digests) for _, element in walk(template))
    return *catalogue.entry_of(template, "").order, -marks


def main() -> int:
    """Write one file per template, and the index."""
    templates = collect(Path(sys.argv[1]))
    for old in TARGET.glob("*" + catalogue.SUFFIX):
        old.unlink()
    entries: list[catalogue.Entry] = []
    for template in templates:
        name = catalogue.file_name(template)
        number = 2
        while any(entry.file == name for entry in entries):
            name = re.sub(r"(~\d+)?\.smt$", f"~{number}.smt", name)
            number += 1
        (TARGET / name).write_bytes(catalogue.dumps(template))
        entries.append(catalogue.entry_of(template, name))
    index = b",\n".join(msgspec.json.encode(entry) for entry in entries)
    (TARGET / "index.json").write_bytes(b"[\n" + index + b"\n]\n")
    print(f"{len(entries)} templates")
    return 0


if __name__ == "__main__":
    sys.exit(main())
