"""Ratios against the peers, measured in one run on the same files; prints a table.

CPU seconds of this process, best of several runs, for everything but whole processes. A file that a
peer refuses with an exception counts with the time it took until then, which favours the peer.
"""

import argparse
import contextlib
import gc
import hashlib
import io
import json
import logging
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from nacre_aas import files, jsonization, xmlization
from nacre_aas.canonical import sha256
from nacre_aas.collector import collector_paused
from nacre_aas.digest import digest
from nacre_aas.document import environment
from nacre_aas.model import Environment
from nacre_aas.validation import judge
from nacre_aas.versions import Metamodel
from nacre_submodels import catalogue
from nacre_submodels.builder import build
from nacre_submodels.check import TemplateCheck
from nacre_submodels.compiler import templates_of
from nacre_submodels.samples import sample

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)

ROOT = Path(__file__).parent.parent
SHARED = Path(os.environ.get("NACRE_SHARED", ROOT.parent / "shared")) / "data"


class Row:
    """One line of the table."""

    def __init__(self, work: str, measured: str, goal: str, *, reached: bool | None) -> None:
        self.work, self.measured, self.goal, self.reached = work, measured, goal, reached

    def __str__(self) -> str:
        mark = {True: "yes", False: "NO", None: "-"}[self.reached]
        return f"| {self.work} | {self.measured} | {self.goal} | {mark} |"


def cpu(work: Callable[[], Any], runs: int = 3) -> float:
    """CPU seconds of the best of several runs."""
    best = float("inf")
    for _ in range(runs):
        gc.collect()
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def ratio(work: str, peer: float, own: float, goal: float, note: str = "") -> Row:
    """A row that says how many times faster we are."""
    measured = f"{peer / own:.1f} x ({peer:.3f} s / {own:.3f} s{note})"
    return Row(work, measured, f"{goal:g} x", reached=peer / own >= goal)


# -- the peers ----------------------------------------------------------------------------------


def core_validate(data: bytes) -> int:
    """aas-core 3.1: read and verify; the number of errors."""
    from aas_core3_1 import jsonization as core_json
    from aas_core3_1 import verification

    return len(list(verification.verify(core_json.environment_from_jsonable(json.loads(data)))))


def engine_validate(data: bytes) -> None:
    """aas_test_engines on JSON."""
    from aas_test_engines import file

    file.check_json_data(json.loads(data))


def engine_validate_xml(data: bytes) -> None:
    """aas_test_engines on XML."""
    from aas_test_engines import file

    stream: Any = io.BytesIO(data)
    file.check_xml_file(stream)


def engine_validate_aasx(data: bytes) -> bool:
    """aas_test_engines on a package; whether it accepts it."""
    from aas_test_engines import file

    stream: Any = io.BytesIO(data)
    return file.check_aasx_file(stream).ok()


def basyx_read_json(data: bytes) -> Any:
    """basyx from JSON."""
    from basyx.aas.adapter.json import read_aas_json_file

    return read_aas_json_file(io.StringIO(data.decode()))


def basyx_read_xml(data: bytes) -> Any:
    """basyx from XML."""
    from basyx.aas.adapter.xml import read_aas_xml_file

    return read_aas_xml_file(io.BytesIO(data))


def basyx_json(store: Any) -> bytes:
    """basyx to JSON."""
    from basyx.aas.adapter.json import object_store_to_json

    return object_store_to_json(store).encode()


def basyx_xml(store: Any) -> bytes:
    """basyx to XML."""
    from basyx.aas.adapter.xml import write_aas_xml_file

    stream = io.BytesIO()
    write_aas_xml_file(stream, store)
    return stream.getvalue()


def survivors(items: list[bytes], work: Callable[[bytes], Any]) -> list[bytes]:
    """The items that a peer can work on without an exception."""
    kept = []
    for item in items:
        with contextlib.suppress(Exception):
            work(item)
            kept.append(item)
    return kept


def each(work: Callable[[bytes], Any], items: list[bytes]) -> Callable[[], None]:
    """Work on all items."""

    def run() -> None:
        for item in items:
            with contextlib.suppress(Exception):
                work(item)

    return run


def own_validate(data: bytes) -> files.Report:
    """Nacre: verdict and all findings with their places."""
    return files.validate("x", data=data)


@collector_paused()
def own_verdict(data: bytes) -> None:
    """Nacre: read and apply every rule, without finding out places.

    The collector rests meanwhile, as it does in `files.validate`, which every command goes through.
    """
    for document in files.open_file("x", data=data).documents.values():
        judge(document)


# -- inputs -------------------------------------------------------------------------------------


def templates(suffix: str) -> list[bytes]:
    """The published template files."""
    paths = sorted((SHARED / "templates/published").rglob(f"*.{suffix}"))
    return [path.read_bytes() for path in paths]


def many(count: int) -> bytes:
    """An environment of many submodels of about 18 kB, as a server would export it."""
    elements = [
        {
            "modelType": "Property",
            "idShort": f"Value{number}",
            "semanticId": {
                "type": "ExternalReference",
                "keys": [{"type": "GlobalReference", "value": f"0173-1#02-AAB{number:03}#002"}],
            },
            "description": [{"language": "en", "text": f"A measured value number {number}"}],
            "valueType": "xs:double",
            "value": f"{number}.5",
        }
        for number in range(63)
    ]
    submodels = (
        {
            "modelType": "Submodel",
            "idShort": "Measured",
            "id": f"https://example.com/sm/{number}",
            "kind": "Instance",
            "submodelElements": elements,
        }
        for number in range(count)
    )
    return b'{"submodels":[' + b",".join(json.dumps(each).encode() for each in submodels) + b"]}"


def with_findings(count: int) -> tuple[bytes, bytes]:
    """A document with that many findings, and its corrected twin."""
    good = many(-(-count // 63))
    return good.replace(b'.5"', b',5"'), good


# -- measurements -------------------------------------------------------------------------------


def validation(large: bool) -> Iterator[Row]:
    """Reading and applying every rule."""
    data = templates("json")
    engine, core = cpu(each(engine_validate, data), 2), cpu(each(core_validate, data), 3)
    own, verdict = cpu(each(own_validate, data), 3), cpu(each(own_verdict, data), 3)
    size = f", {len(data)} files"
    yield ratio("template JSON, verdict, against aas_test_engines", engine, verdict, 20, size)
    yield ratio("template JSON, verdict, against aas-core", core, verdict, 3, size)
    yield ratio(
        "template JSON, all findings with places, against aas_test_engines", engine, own, 20
    )
    yield ratio("template JSON, all findings with places, against aas-core", core, own, 3)
    costs = {}
    for count in (10, 1000, *((10_000,) if large else ())):
        data = [many(count)]
        own = cpu(each(own_validate, data), 2)
        costs[count] = own / count
        if count == 10:
            continue
        size = f", {len(data[0]) / 1e6:.0f} MB"
        peer = cpu(each(engine_validate, data), 1)
        yield ratio(f"{count} submodels against aas_test_engines", peer, own, 30, size)
        yield ratio(
            f"{count} submodels against aas-core", cpu(each(core_validate, data), 1), own, 8
        )
    last = max(costs)
    growth = costs[last] / costs[10]
    yield Row(
        f"cost per element from 10 to {last} submodels",
        f"{growth:.2f} x",
        "1.3 x",
        reached=growth <= 1.3,
    )


def memory(large: bool) -> Iterator[Row]:
    """Peak memory over the interpreter, per byte of JSON."""
    data = many(10_000 if large else 1000)
    program = (
        "import sys\n"
        "from nacre_aas import files\n"
        'files.validate(\'warm\', data=b\'{"submodels":[{"modelType":"Submodel","id":"a"}]}\')\n'
        "peak=lambda: int(open('/proc/self/status').read().split('VmHWM:')[1].split()[0])\n"
        "before=peak()\n"
        "report=files.validate(sys.argv[1])\n"
        "assert report.versions\n"
        "print((peak()-before)*1024)\n"
    )
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        file.write(data)
        file.flush()
        command = [sys.executable, "-c", program, file.name]
        used = int(subprocess.run(command, capture_output=True, check=True).stdout)
    per_byte = used / len(data)
    work = f"peak memory per byte of JSON ({len(data) / 1e6:.0f} MB)"
    yield Row(work, f"{per_byte:.2f}", "1.5", reached=per_byte <= 1.5)


def reading_and_writing() -> Iterator[Row]:
    """Typed reading and writing against basyx, XML and AASX validation against the test engine."""
    data = survivors(templates("json"), jsonization.loads)
    loaded = [jsonization.loads(each) for each in data]
    own = cpu(each(jsonization.loads, data))
    yield ratio("typed read of JSON against basyx", cpu(each(basyx_read_json, data), 2), own, 7)
    new = [xmlization.dumps(each, Metamodel.V3_1) for each in loaded]

    def read_xml(text: bytes) -> None:
        environment(xmlization.XmlDocument(text))

    own = cpu(each(read_xml, new))
    yield ratio("typed read of XML against basyx", cpu(each(basyx_read_xml, new), 2), own, 2.5)
    old = [xmlization.dumps(each, Metamodel.V3_0) for each in loaded]
    own = cpu(each(own_validate, old))
    yield ratio(
        "validate XML against aas_test_engines", cpu(each(engine_validate_xml, old), 2), own, 5
    )
    packages = templates("aasx")
    accepted = [each for each in packages if engine_validate_aasx(each)]
    for kind, items in (
        ("that aas_test_engines accepts (it refuses 3.1 at the root)", accepted),
        ("of all kinds", packages),
    ):
        own = cpu(each(own_validate, items))
        peer = cpu(each(engine_validate_aasx, items), 2)
        work = f"validate AASX {kind}, against aas_test_engines"
        yield ratio(work, peer, own, 5, f", {len(items)} files")
    pairs = []
    for text in loaded:
        with contextlib.suppress(Exception):
            pairs.append((text, basyx_read_json(jsonization.dumps(text))))

    def over(index: int, work: Callable[[Any], Any]) -> Callable[[], None]:
        def run() -> None:
            for pair in pairs:
                work(pair[index])

        return run

    peer = cpu(over(1, basyx_json), 2)
    yield ratio("write JSON against basyx", peer, cpu(over(0, jsonization.dumps)), 50)
    yield ratio(
        "write XML against basyx", cpu(over(1, basyx_xml), 2), cpu(over(0, xmlization.dumps)), 5
    )
    hashed = cpu(over(1, lambda store: hashlib.sha256(basyx_json(store)).hexdigest()), 2)
    yield ratio("canonical hash against basyx + sha256", hashed, cpu(over(0, sha256)), 40)
    yield ratio("digest tree against the same", hashed, cpu(over(0, digest)), 10)


def _instance(name: str, count: int) -> bytes:
    """An environment with an instance of a template that has about so many elements."""
    found = catalogue.shipped()
    template = found.template(found.find(name))
    values = sample(template)
    marking = values["Markings"][0]
    values["Markings"] = [marking] * max(1, count // 7)
    values |= {"YearOfConstruction": "2031", "CountryOfOrigin": "DE"}
    values["URIOfTheProduct"] = "https://example.com/p/4711"
    address = ("Street", "Zipcode", "CityTown", "NationalCode")
    values["AddressInformation"] = {name: {"en": "Sample", "de": "Muster"} for name in address}
    submodel = build(template, values, "https://example.com/sm/1").submodel
    return jsonization.dumps(Environment(submodels=[submodel]))


def _folder_of_instances(items: list[bytes]) -> Row:
    """A folder as a user checks it: one command of ours, one per file of the other tool."""
    with tempfile.TemporaryDirectory() as folder:
        for number, item in enumerate(items):
            (Path(folder) / f"{number:03}.json").write_bytes(item)
        tools = Path(sys.executable).parent

        def spent(*commands: list[str]) -> float:
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            for command in commands:
                subprocess.run(command, check=True, capture_output=True)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

        files_of = sorted(str(path) for path in Path(folder).iterdir())
        peer = spent(*([str(tools / "smtv"), name] for name in files_of))
        own = spent([str(tools / "nacre"), "validate", folder])
        work = f"a folder of {len(items)} nameplates, as commands, against aas-submodel-validate"
        return ratio(work, peer, own, 10)


def submodel_templates() -> Iterator[Row]:
    """Checking instances against templates, and compiling templates."""
    from aas_submodel_validate import validate as smtv_validate

    item = _instance("nameplate", 7)
    items = [item.replace(b"sm/1", b"sm/%d" % number) for number in range(1000)]

    def theirs() -> None:
        for each in items:
            smtv_validate(each, format="json")

    def ours() -> None:
        for each in items:
            files.validate("x", data=each, checks=[TemplateCheck()])

    peer, own = cpu(theirs, 1), cpu(ours, 2)
    measured = f"{peer / own:.1f} x ({peer:.3f} s / {own:.3f} s)"
    yield Row(
        "1000 nameplates in one process, against aas-submodel-validate", measured, "-", reached=None
    )
    yield _folder_of_instances(items[:100])
    large = _instance("nameplate", 1000)
    plain = cpu(each(own_validate, [large]), 5)

    def checked() -> None:
        files.validate("x", data=large, checks=[TemplateCheck()])

    added = cpu(checked, 5) - plain
    count = large.count(b'"modelType"')
    yield Row(
        f"template check of {count} elements, in validations by the metamodel",
        f"{added / plain:.2f} x ({added * 1000:.1f} ms)",
        "1.5 x",
        reached=added <= 1.5 * plain,
    )
    loaded = [jsonization.loads(each) for each in survivors(templates("json"), jsonization.loads)]
    times = sorted(cpu(lambda content=content: templates_of(content), 1) for content in loaded)  # type: ignore[misc]
    median, worst = times[len(times) // 2], times[-1]
    yield Row(
        f"compile a template, median and worst of {len(times)} files",
        f"{median * 1000:.1f} ms, {worst * 1000:.0f} ms",
        "20 ms, 500 ms",
        reached=median <= 0.02 and worst <= 0.5,
    )


def explaining() -> Iterator[Row]:
    """A file with 4 000 findings against its corrected twin."""
    bad, good = with_findings(4000)
    assert len(own_validate(bad).findings) >= 4000
    factor = cpu(each(own_validate, [bad])) / cpu(each(own_validate, [good]))
    yield Row("explaining 4 000 findings", f"{factor:.1f} x", "10 x", reached=factor < 10)


def processes() -> Iterator[Row]:
    """Whole processes, CPU seconds."""

    def run(*command: str) -> float:
        best = float("inf")
        for _ in range(5):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run(command, check=False, capture_output=True)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            best = min(best, spent)
        return best

    nacre = str(Path(sys.executable).parent / "nacre")
    start = run(nacre, "--version")
    yield Row("nacre --version", f"{start:.3f} s", "0.15 s", reached=start <= 0.15)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.json"
        path.write_bytes(many(4))
        spent = run(nacre, "validate", str(path))
        peer = run(
            sys.executable, "-m", "aas_test_engines", "check_file", str(path), "--format", "json"
        )
        note = f"{spent:.3f} s (aas_test_engines {peer:.3f} s)"
        yield Row(
            f"nacre validate of {path.stat().st_size / 1000:.0f} kB",
            note,
            "0.25 s",
            reached=spent <= 0.25,
        )


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", action="store_true", help="also 10 000 submodels (180 MB)")
    parser.add_argument("-o", "--output", help="write the table here as well")
    options = parser.parse_args()
    if not SHARED.is_dir():
        print("the real files are not here; nothing is measured")
        return 0
    rows = [
        *validation(options.large),
        *memory(options.large),
        *reading_and_writing(),
        *submodel_templates(),
        *explaining(),
        *processes(),
    ]
    lines = ["| work | measured | goal | reached |", "| --- | --- | --- | --- |", *map(str, rows)]
    head = (
        f"Python {platform.python_version()}, {os.cpu_count()} cores; CPU seconds, best of several."
    )
    text = "\n".join([head, "", *lines]) + "\n"
    print(text)
    if options.output:
        Path(options.output).write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
