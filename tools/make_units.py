"""Makes the tables of units in ontologies/nacre_ontologies/data from copies of the vocabularies.

    python tools/make_units.py QUDT_FOLDER SAMM_UNITS.ttl

units.tsv holds what unit resolution and conversion need of each unit that is not deprecated, samm_units.tsv
those names of SAMM whose words do not lead to a unit, and whose UNECE code does.
"""

import sys
from pathlib import Path

import pyoxigraph as ox

from nacre_ontologies import rdf, units
from nacre_ontologies.formats import Format
from nacre_ontologies.shacl.graph import Graph, lexical, literal

ROOT = Path(__file__).parent.parent
TARGET = ROOT / "ontologies" / "nacre_ontologies" / "data" / "units.tsv"
SAMM_TARGET = TARGET.with_name("samm_units.tsv")
SAMM_HEAD = """\
# Units of the Eclipse Semantic Modeling Framework (SAMM), MPL-2.0: names and UNECE codes; made by tools/make_units.py.
"""
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


def samm_rows(file: Path) -> list[str]:
    """A line for each unit of SAMM that is not found by the words of its name, where both vocabularies agree."""
    facts: dict[str, dict[str, str]] = {}
    for quad in rdf.parse(file.read_bytes(), Format.TURTLE):
        if not isinstance(quad.object, ox.BlankNode):
            subject = str(quad.subject).strip("<>").rpartition("#")[2]
            said = facts.setdefault(subject, {})
            said[quad.predicate.value.rpartition("#")[2]] = quad.object.value  # type: ignore[union-attr]
    codes = {name: said["commonCode"] for name, said in facts.items() if "commonCode" in said}
    lines = []
    for name, code in sorted(codes.items()):
        found = units.resolve(None, code)
        if units.by_words(name) is None and found is not None:
            base = facts[name].get("referenceUnit", "").rpartition("#")[2]
            other = units.resolve(base, codes.get(base))
            if other is None or _agree(
                found, other, facts[name].get("numericConversionFactor", "")
            ):
                lines.append(f"{name}\t{code}")
    return lines


def _agree(found: units.Unit, base: units.Unit, factor: str) -> bool:
    """Whether a unit is so many times its base as SAMM says, as far as that can be told."""
    if found.dimension != base.dimension:
        return False
    try:
        said = float(factor)
    except ValueError:
        return True
    if found.multiplier is None or not base.multiplier or not said:
        return True
    return abs(float(found.multiplier / base.multiplier) / said - 1) < 0.01


def main() -> None:
    """Write the tables."""
    lines = rows(Path(sys.argv[1]))
    if not lines:
        raise SystemExit("no units found")
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(lines)} units, {TARGET.stat().st_size} bytes")
    names = samm_rows(Path(sys.argv[2]))
    SAMM_TARGET.write_text(SAMM_HEAD + "\n".join(names) + "\n", encoding="utf-8")
    print(f"{len(names)} names of SAMM")


if __name__ == "__main__":
    main()
