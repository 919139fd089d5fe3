"""Makes the catalogue of published templates from a copy of the IDTA template repository.

    python tools/make_catalogue.py ../shared/data/templates

Texts and examples are left out; of files with the same constraints one stands for all.
"""

import re
import sys
from pathlib import Path

import msgspec

from nacre_submodels import catalogue
from nacre_submodels.collecting import collect
from nacre_submodels.template import without_texts

TARGET = Path(__file__).parent.parent / "submodels" / "nacre_submodels" / "published"


def main() -> int:
    """Write one file per template, and the index."""
    collected = collect(Path(sys.argv[1]))
    for name, reason in collected.passed_over:
        print(f"passed over {name}: {reason}")
    for old in TARGET.glob("*" + catalogue.SUFFIX):
        old.unlink()
    entries: list[catalogue.Entry] = []
    for template in map(without_texts, collected.templates):
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
