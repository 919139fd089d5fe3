"""Apache Jena from Debian, as a peer of the compiled SHACL engine.

Debian's jar of Jena 4.5 does not start: the messages of its XML Schema part lie in another package than
the classes that read them. They are copied to where they are looked for, beside the compiled program.
"""

import shutil
import subprocess
import zipfile
from pathlib import Path

_JARS = Path("/usr/share/java")
_PROGRAM = Path(__file__).parent / "JenaShacl.java"
_RELOCATED = "org/apache/jena/ext/"
_NEEDED = (
    *("jena-arq", "jena-base", "jena-core", "jena-iri", "jena-shacl", "jsonld-java"),
    *("slf4j-api", "slf4j-nop", "jcl-over-slf4j", "commons-lang3", "commons-io", "commons-codec"),
    *("commons-csv", "commons-compress", "libthrift", "thrift", "protobuf", "gson", "guava"),
    *("httpclient", "jackson-core", "jackson-databind", "jackson-annotations"),
)


def command(work: Path) -> list[str] | None:
    """The command that runs `JenaShacl`, compiled into a folder; `None` where Jena is not installed."""
    if not (_JARS / "jena-shacl.jar").exists() or not shutil.which("javac"):
        return None
    jars = [str(path) for name in _NEEDED if (path := _JARS / f"{name}.jar").exists()]
    classes = work / "jena"
    classes.mkdir(exist_ok=True)
    subprocess.run(
        ["javac", "-cp", ":".join(jars), "-d", str(classes), str(_PROGRAM)],
        check=True,
        capture_output=True,
    )
    with zipfile.ZipFile(_JARS / "jena-core.jar") as jar:
        for name in jar.namelist():
            if name.startswith(_RELOCATED) and name.endswith(".properties"):
                to = classes / name.removeprefix(_RELOCATED)
                to.parent.mkdir(parents=True, exist_ok=True)
                to.write_bytes(jar.read(name))
    return ["java", "-Xmx8g", "-cp", ":".join([str(classes), *jars]), "JenaShacl"]
