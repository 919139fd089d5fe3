"""Makes ontologies/nacre_ontologies/data/units.tsv from a copy of the QUDT vocabularies.

    python tools/make_units.py QUDT_FOLDER

The table holds what unit resolution and conversion need of each unit that is not deprecated.
"""

import sys
from pathlib import Path

from nacre_ontologies import rdf
from nacre_ontologies.formats import Format
from nacre_ontologies.shacl.graph import Graph, lexical, literal

ROOT = Path(__file__).parent.parent
TARGET = ROOT / "ontologies" / "nacre_ontologies" / "data" / "units.tsv"
QUDT = "http://qudt.org/schema/qudt/"
UNIT, KIND = "http://qudt.org/vocab/unit/", "http://qudt.org/vocab/quantitykind/"
VECTOR = "http://qudt.org/vocab/dimensionvector/"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
HEAD = """\
# Units of QUDT (https://qudt.org), (c) QUDT.org, CC BY 4.0; selected columns, made by tools/make_units.py.
# unit, symbols, ucum, unece, iec61360, labels (en), multiplier, offset, dimension, kinds; several are split by |
"""


def rows(folder: Path) -> list[str]:
    """A line for each unit."""
    graph = Graph()
    for path in sorted(folder.rglob("VOCAB_QUDT-UNITS-ALL.ttl")):
        graph.add(rdf.parse(path.read_bytes(), Format.TURTLE))

    def texts(unit: str, *names: str) -> str:
        found = {lexical(o) or "" for name in names for o in graph.objects(unit, QUDT + name)}
        return "|".join(sorted(each.strip() for each in found))

    def names(unit: str, name: str, prefix: str) -> str:
        return "|".join(sorted(o.removeprefix(prefix) for o in graph.objects(unit, QUDT + name)))

    lines = []
    for unit in sorted(graph.column(QUDT + "conversionMultiplier").single):
        if any(lexical(o) == "true" for o in graph.objects(unit, QUDT + "deprecated")):
            continue
        labels = (literal(o) for o in graph.objects(unit, LABEL))
        english = sorted({each.lexical for each in labels if each.language in ("", "en", "en-us")})
        currency = texts(unit, "currencyCode")
        multiplier = texts(unit, "conversionMultiplier")
        if currency or "CCY_" in unit or float(multiplier) == 0:
            multiplier = ""  # a rate of exchange, or a logarithm: nothing to multiply with
        lines.append(
            "\t".join(
                (
                    unit.removeprefix(UNIT),
                    "|".join(filter(None, (texts(unit, "symbol", "altSymbol"), currency))),
                    texts(unit, "ucumCode"),
                    texts(unit, "uneceCommonCode"),
                    texts(unit, "iec61360Code"),
                    "|".join(english),
                    multiplier,
                    texts(unit, "conversionOffset"),
                    names(unit, "hasDimensionVector", VECTOR),
                    names(unit, "unitForQuantityKind", KIND),
                )
            )
        )
    return lines


def main() -> None:
    """Write the table."""
    lines = rows(Path(sys.argv[1]))
    if not lines:
        raise SystemExit("no units found")
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(lines)} units, {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main()
