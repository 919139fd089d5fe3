"""The speed of graphs, shapes and queries: ratios against pyshacl, rudof, Jena and rdflib, in one run.

The graphs are those of the published templates, repeated under other names until they are large enough;
the shapes are those of the attributes of metamodel 3.1 (what the official shapes say, without their
mistakes). Engines must give the same results, or the row is none.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jena
from run import SHARED, Row, cpu, ratio

from nacre_aas import files
from nacre_aas.errors import InputError
from nacre_aas.model import Environment
from nacre_aas.validation import judge
from nacre_aas.versions import Metamodel
from nacre_ontologies import (
    meaning,
    queries,
    rdf,
    rdflib_graphs,
    structure,
    structure_shapes,
    template_shapes,
    turtle,
)
from nacre_ontologies.consistency import MeaningCheck
from nacre_ontologies.formats import Format
from nacre_ontologies.shacl import Graph, Shapes, reference, validate
from nacre_ontologies.store import LocalStore
from nacre_ontologies.terms import NACRE, PREFIXES, namespace
from nacre_submodels import catalogue
from nacre_submodels.builder import build
from nacre_submodels.samples import sample

V = Metamodel.V3_1
_AAS = "<https://admin-shell.io/aas/3/1/"
_NX = f"<{NACRE}structure#"


def template_files() -> list[Path]:
    """The template files, in the order of their names."""
    return sorted((SHARED / "templates").rglob("*.json"))


def environments() -> list[Environment]:
    """What is in the template files."""
    found = []
    for path in template_files():
        try:
            found.append(files.load(str(path))[0])
        except InputError:
            continue
    return found


def graph_text(contents: list[Environment], triples: int) -> str:
    """N-Triples of at least so many statements."""
    texts = [structure.n_triples(each, V) for each in contents]
    parts, count, round_ = [], 0, 0
    while True:
        for text in texts:
            renamed = text
            if round_:
                other = f"<https://c{round_}."
                renamed = text.replace("<https://", other)
                renamed = renamed.replace(_AAS.replace("<https://", other), _AAS)
                renamed = renamed.replace(_NX.replace("<https://", other), _NX)
            parts.append(renamed)
            count += renamed.count("\n")
            if count >= triples:
                return "".join(parts)
        round_ += 1


def attribute_shapes() -> str:
    """The shapes of attributes alone: no rules, no closed shapes."""
    made = structure_shapes.VersionShapes(V)
    nodes = [(name, node) for name, node in made.attribute_shapes() if "sh:closed" not in node]
    return turtle.document({"aas": namespace(V), **PREFIXES}, nodes)


def rudof_results(data: str, shapes: str) -> int:
    """How many results rudof gives."""
    import pyrudof

    engine = pyrudof.Rudof(pyrudof.RudofConfig())
    engine.read_data(data, pyrudof.RDFFormat.NTriples)
    engine.read_shacl(shapes, pyrudof.ShaclFormat.Turtle)
    report: Any = engine.validate_shacl(pyrudof.ShaclValidationMode.Native)
    return len(report.violations)


def engines(data: str, shapes: str, label: str, work: Path) -> list[Row]:
    """The compiled engine against the others, on one graph."""
    graph = Graph(rdf.parse(data, Format.N_TRIPLES))
    compiled = Shapes(Graph(rdf.parse(shapes, Format.TURTLE)))
    own = cpu(lambda: validate(graph, compiled))
    report = validate(graph, compiled)
    count = len(report.results)
    spent = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    theirs = reference.validate(rdf.parse(data, Format.N_TRIPLES), rdf.parse(shapes, Format.TURTLE))
    spent = resource.getrusage(resource.RUSAGE_SELF).ru_utime - spent
    same = f"same {count} results" if theirs.keys == report.keys else "OTHER RESULTS"
    loaded = cpu(lambda: rdflib_graphs.from_quads(rdf.parse(data, Format.N_TRIPLES)), 1)
    row = ratio(f"compiled SHACL against pyshacl, {label}", spent - loaded, own, 20, f", {same}")
    row.reached = bool(row.reached) and theirs.keys == report.keys
    rows = [row]
    counts: list[int] = []
    peer = cpu(lambda: counts.append(rudof_results(data, shapes)), 1)
    whole = own + cpu(lambda: Graph(rdf.parse(data, Format.N_TRIPLES)), 1)
    note = f", both with loading, {counts[0]} results of {count}"
    rows.append(ratio(f"compiled SHACL against rudof, {label}", peer, whole, 10, note))
    if java := jena.command(work):
        said = subprocess.run(
            [*java, *written(data, shapes, work), "3"], capture_output=True, text=True, check=True
        )
        rounds = [line.split() for line in said.stdout.splitlines()]
        warm = min(float(seconds) for seconds, _ in rounds)
        note = f", best of three rounds, first {float(rounds[0][0]):.2f} s, {rounds[0][1]} results"
        rows.append(ratio(f"compiled SHACL against Jena, {label}", warm, own, 2, note))
    return rows


def written(data: str, shapes: str, work: Path) -> list[str]:
    """The graph and the shapes as files."""
    graph, rules = work / "graph.nt", work / "shapes.ttl"
    graph.write_text(data, "utf-8")
    rules.write_text(shapes, "utf-8")
    return [str(graph), str(rules)]


_PYSHACL = """
import sys, rdflib, pyshacl
data = rdflib.Graph(); data.parse(sys.argv[1], format="nt")
shapes = rdflib.Graph(); shapes.parse(sys.argv[2], format="turtle")
pyshacl.validate(data, shacl_graph=shapes, inference="none")
"""
_RUDOF = """
import sys, pathlib, pyrudof
engine = pyrudof.Rudof(pyrudof.RudofConfig())
engine.read_data(pathlib.Path(sys.argv[1]).read_text("utf-8"), pyrudof.RDFFormat.NTriples)
engine.read_shacl(pathlib.Path(sys.argv[2]).read_text("utf-8"), pyrudof.ShaclFormat.Turtle)
engine.validate_shacl(pyrudof.ShaclValidationMode.Native)
"""


def process(*command: str) -> tuple[float, float]:
    """CPU seconds and peak memory (MB) of a process."""
    meter = (
        "import resource,subprocess,sys;subprocess.run(sys.argv[1:],stdout=subprocess.DEVNULL,"
        "stderr=subprocess.DEVNULL);u=resource.getrusage(resource.RUSAGE_CHILDREN);"
        "print(u.ru_utime+u.ru_stime,u.ru_maxrss/1024)"
    )
    done = subprocess.run(
        [sys.executable, "-c", meter, *command], capture_output=True, text=True, check=True
    )
    seconds, memory = done.stdout.split()
    return float(seconds), float(memory)


def processes(data: str, shapes: str, label: str, work: Path) -> list[Row]:
    """Whole processes: CPU and memory."""
    graph, rules = written(data, shapes, work)
    own, memory = process(
        *(sys.executable, "-m", "nacre_cli", "shacl", graph, "--shapes", rules),
        *("--metamodel", "3.1", "--format", "ttl"),
    )
    rows = [
        Row(f"memory of `nacre shacl`, {label}", f"{memory:.0f} MB", "400 MB", reached=memory < 400)
    ]
    peers = {
        "pyshacl": ([sys.executable, "-c", _PYSHACL, graph, rules], 12),
        "rudof": ([sys.executable, "-c", _RUDOF, graph, rules], 7),
    }
    if java := jena.command(work):
        peers["Jena"] = ([*java, graph, rules, "1"], 2)
    for name, (command, goal) in peers.items():
        peer, theirs = process(*command)
        note = f", {name} {theirs:.0f} MB"
        rows.append(ratio(f"whole process against {name}, {label}", peer, own, goal, note))
    return rows


def on_records(shapes: str) -> Row:
    """The same constraints on records, against pyshacl on their graphs."""
    opened = []
    size = 0
    for path in template_files():
        try:
            opened.append(files.open_file(str(path)))
        except InputError:
            continue
        size += path.stat().st_size
        if len(opened) == 20:
            break
    documents = [each for one in opened for each in one.documents.values()]
    own = cpu(lambda: [judge(each, V) for each in documents])
    texts = [
        structure.n_triples(content, V)
        for one in opened
        for content, _ in one.environments.values()
    ]
    statements = list(rdf.parse(shapes, Format.TURTLE))
    peer = cpu(
        lambda: [reference.validate(rdf.parse(t, Format.N_TRIPLES), statements) for t in texts], 1
    )
    label = f"all rules on the records of 20 template files ({size / 1e6:.1f} MB), against pyshacl"
    return ratio(label, peer, own, 150)


def compile_templates() -> Row:
    """Every published template as shapes."""
    known = catalogue.shipped()
    templates = [known.template(each) for each in known.entries]
    seconds = cpu(lambda: [template_shapes.document(each, V) for each in templates])
    label = f"compile all {len(templates)} templates of the catalogue to shapes"
    return Row(label, f"{seconds:.2f} s", "1 s", reached=seconds < 1)


def write_quads(contents: list[Environment]) -> Row:
    """Environment to N-Quads, against rdflib building and writing the same graph."""
    import rdflib

    some = contents[:20]
    name = "https://example.com/graph"
    own = cpu(lambda: [structure.n_quads(structure.n_triples(each, V), name) for each in some])
    statements = [list(rdf.parse(structure.n_triples(each, V), Format.N_TRIPLES)) for each in some]

    def peer() -> None:
        for quads in statements:
            dataset = rdflib.Dataset()
            graph = dataset.graph(rdflib.URIRef(name))
            for quad in quads:
                graph.add(
                    tuple(
                        rdflib_graphs.term_of(term)
                        for term in (quad.subject, quad.predicate, quad.object)
                    )
                )
            dataset.serialize(format="nquads")

    label = "Environment to N-Quads, against rdflib building and writing the same graph"
    return ratio(label, cpu(peer, 1), own, 20)


def added_to_validate() -> list[Row]:
    """What the checks of meaning add to a typical package, and the whole command."""
    known = catalogue.shipped()
    names = ("DigitalNameplate", "Nameplate", "TechnicalData", "ContactInformations")
    parts = [each for each in known.entries if each.name in names][:3]
    submodels = []
    for number, entry in enumerate(parts):
        template = known.template(entry)
        submodels.append(
            build(template, sample(template), f"https://example.com/{number}").submodel
        )
    from nacre_aas import jsonization, schema

    content = Environment(submodels=submodels)
    count = sum(1 for each in submodels for _ in schema.elements(each))
    data = jsonization.dumps(content)
    without = cpu(lambda: files.validate("x.json", data=data), 5)
    with_meaning = cpu(lambda: files.validate("x.json", data=data, checks=[MeaningCheck()]), 5)
    added = with_meaning - without
    code = "import nacre_aas.files,nacre_submodels.check;%simport nacre_ontologies.consistency"
    first, second = (
        min(process(sys.executable, "-c", code % mark)[0] for _ in range(5)) for mark in ("", "#")
    )
    total = added + max(first - second, 0)
    label = (
        f"meaning checks on {len(submodels)} submodels, {count} elements: added CPU with imports"
    )
    return [Row(label, f"{total:.3f} s", "0.05 s", reached=total < 0.05)]


#: Opens a kept store and asks it, as a program that was just started does; prints seconds.
_ASK = """
import sys, time, pathlib
from nacre_ontologies.store import LocalStore
store = LocalStore(pathlib.Path(sys.argv[1]) / "store")
assert store.query(sys.argv[2]).rows
start = time.perf_counter()
for _ in range(20):
    store.query(sys.argv[2])
print((time.perf_counter() - start) / 20)
"""


def stored(packages: int) -> list[Row]:
    """A question by semantic id to a store of many packages."""
    template = catalogue.shipped().template(
        next(each for each in catalogue.shipped().entries if each.number == "02006")
    )
    submodel = build(template, sample(template), "https://example.com/sm/NUMBER").submodel
    text = meaning.n_triples(Environment(submodels=[submodel]))
    concept = next(
        each.semantic_id for each in template.elements if each.id_short == "SerialNumber"
    )
    values = {"concept": concept or "", "asset": "https://example.com/sm/77"}
    asked = queries.named()["values"].bound(values)
    with tempfile.TemporaryDirectory() as folder:
        kept = LocalStore(Path(folder) / "store", create=True)
        start = time.perf_counter()
        for number in range(packages):
            one = text.replace("NUMBER", str(number))
            kept.load(rdf.parse(one, Format.N_TRIPLES), f"urn:package:{number}")
        kept.flush()
        loaded = (time.perf_counter() - start) / packages
        alone = cpu(lambda store=kept: store.answer(asked), 20)  # type: ignore[misc]
        del kept  # only one process may have it open
        command = [sys.executable, "-c", _ASK, folder, asked]
        whole = float(subprocess.run(command, capture_output=True, check=True).stdout)
    label = f"by-semantic-id query over a kept store of {packages} packages, as users ask"
    measured = (
        f"{whole * 1000:.1f} ms ({alone * 1000:.1f} ms of it the query; "
        f"putting a package in {loaded * 1000:.1f} ms)"
    )
    return [Row(label, measured, "10 ms", reached=whole < 0.01)]


def main() -> int:
    """Print the table; --triples is the size of the large graph."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--triples", type=int, default=0)
    parser.add_argument("--packages", type=int, default=10_000)
    arguments = parser.parse_args()
    contents, shapes = environments(), attribute_shapes()
    small = graph_text(contents, 100_000)
    print("| work | measured | at least | reached |\n|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        stages: list[Callable[[], list[Row]]] = [
            lambda: [compile_templates(), write_quads(contents)],
            added_to_validate,
            lambda: stored(arguments.packages),
            lambda: [on_records(shapes)],
            lambda: engines(small, shapes, "100 000 triples", work),
        ]
        for stage in stages:
            for row in stage():
                print(row, flush=True)
        if arguments.triples:
            large = graph_text(contents, arguments.triples)
            label = f"{arguments.triples:,} triples".replace(",", " ")
            for row in processes(large, shapes, label, work):
                print(row, flush=True)
            for row in engines(large, shapes, label, work):
                print(row, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
