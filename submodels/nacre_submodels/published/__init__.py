"""The published templates that ship, and how a path in the IDTA repository names a template."""

import re
from pathlib import PurePath
from typing import Any

#: Number and part of a specification in a file name: `IDTA 02035-6_...`, `IDTA_02049_...`.
#: With four digits (`IDTA_2023-0-9_...`) the zero before them was left out.
_NUMBER = re.compile(
    r"IDTA[ _-]*(\d{5}|2\d{3}(?=-\d-\d(?:-\d)?[_ ]))(?:-(\d)(?=[_ ]))?", re.IGNORECASE
)
_NOISE = re.compile(
    r"IDTA[ _-]*\d{5}[\d_ -]*|template|for_?AASMetamodelV?[\d.]+|submodel|smt|sample|example|v\d+$",
    re.IGNORECASE,
)
_VARIANTS = ("withOperations", "without_examplevalues", "IEC81346", "pure", "qualified", "sample")


def origin_of(path: PurePath) -> dict[str, Any]:
    """Number, version, title and variant from a path such as `published/Title/2/0/1/IDTA 02004_….json`."""
    folders = [part for part in path.parts[:-1] if part not in ("published", "deprecated")]
    version = ".".join(part for part in folders if part.isdigit())
    title = " ".join(part for part in folders if not part.isdigit()).replace("_", " ").strip()
    match = _NUMBER.search(path.stem)
    number = "" if match is None else match[1].zfill(5) + (f"-{match[2]}" if match[2] else "")
    plain = re.sub(r"[ _-]", "", path.stem).casefold()
    variant = next((each for each in _VARIANTS if re.sub("_", "", each).casefold() in plain), "")
    return {
        "number": number,
        "version": version,
        "title": title,
        "variant": "" if variant == "without_examplevalues" else variant,
        "deprecated": "deprecated" in path.parts,
    }
