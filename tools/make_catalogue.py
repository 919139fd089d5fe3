"""Makes the catalogue that ships, from a copy of the IDTA template repository and our own templates.

    python tools/make_catalogue.py ../shared/data/templates

Of the published templates texts and examples are left out, and of files with the same constraints
one stands for all.
"""

import re
import sys
from pathlib import Path

import msgspec

from nacre_aas import files
from nacre_submodels import catalogue
from nacre_submodels.collecting import collect
from nacre_submodels.compiler import templates_of
from nacre_submodels.template import Template, without_texts

TARGET = Path(__file__).parent.parent / "submodels" / "nacre_submodels"


def _written(folder: str, template: Template, entries: list[catalogue.Entry]) -> catalogue.Entry:
    """Write a template under a name of its own; its entry in the index."""
    name = f"{folder}/{catalogue.file_name(template)}"
    number = 2
    while any(entry.file == name for entry in entries):
        name = re.sub(r"(~\d+)?\.smt$", f"~{number}.smt", name)
        number += 1
    (TARGET / name).write_bytes(catalogue.dumps(template))
    return catalogue.entry_of(template, name)


def main() -> int:
    """Write one file per template, and the index."""
    collected = collect(Path(sys.argv[1]))
    for name, reason in collected.passed_over:
        print(f"passed over {name}: {reason}")
    for old in TARGET.glob("*/*" + catalogue.SUFFIX):
        old.unlink()
    entries: list[catalogue.Entry] = []
    for template in map(without_texts, collected.templates):
        entries.append(_written("published", template, entries))
    for path in sorted((TARGET / "own").glob("*.json")):
        content, _, _ = files.load(str(path))
        for template in templates_of(content, title="Nacre"):
            entries.append(_written("own", template, entries))
    index = b",\n".join(msgspec.json.encode(entry) for entry in entries)
    (TARGET / "index.json").write_bytes(b"[\n" + index + b"\n]\n")
    print(f"{len(entries)} templates")
    return 0


if __name__ == "__main__":
    sys.exit(main())
