"""Installs what the tests use from Debian and npm (`make services`), and what benchmarks compare with (`make peers`).

PostgreSQL, Virtuoso and Jena come from Debian (where this runs as root), anvil from npm into `.services/`.
What cannot be installed is said; tests that need it are then skipped with the reason.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

SERVICES = Path(
    os.environ.get("NACRE_SERVICES", Path(__file__).resolve().parent.parent / ".services")
)
ANVIL = "@foundry-rs/anvil@1.7.1"


def anvil() -> str | None:
    """Why anvil cannot be had, or `None`."""
    if list(SERVICES.glob("node_modules/@foundry-rs/anvil-*/bin/anvil*")):
        return None
    npm = shutil.which("npm")
    if npm is None:
        return "npm is not installed"
    SERVICES.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        [npm, "install", "--no-audit", "--no-fund", "--prefix", str(SERVICES), ANVIL],
        capture_output=True,
        text=True,
        check=False,
    )
    return None if done.returncode == 0 else f"npm: {done.stderr.strip()[-300:]}"


def postgresql() -> str | None:
    """Why PostgreSQL cannot be had, or `None`."""
    if list(Path("/usr/lib/postgresql").glob("*/bin/initdb")):
        return None
    return _from_debian("postgresql")


def virtuoso() -> str | None:
    """Why Virtuoso, a SPARQL server, cannot be had, or `None`."""
    if shutil.which("virtuoso-t") and shutil.which("isql-vt"):
        return None
    return _from_debian("virtuoso-opensource-7-bin")


def jena() -> str | None:
    """Why Jena, a peer in the benchmarks, cannot be had, or `None`."""
    if Path("/usr/share/java/jena-shacl.jar").exists() and shutil.which("javac"):
        return None
    return _from_debian("libapache-jena-java", "default-jdk-headless")


def _from_debian(*packages: str) -> str | None:
    """Why packages of Debian cannot be had, or `None` once they are installed."""
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        return f"needs apt-get and root: `apt-get install {' '.join(packages)}`"
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-q"], ["install", "-qy", "--no-install-recommends", *packages]):
        done = subprocess.run(
            [apt, *command], capture_output=True, text=True, check=False, env=quiet
        )
    return None if done.returncode == 0 else f"apt-get: {done.stderr.strip()[-300:]}"


SERVICES_OF_TESTS = {"anvil": anvil, "PostgreSQL": postgresql, "Virtuoso": virtuoso}
PEERS_OF_BENCHMARKS = {"Jena": jena}


def main() -> int:
    """Install everything (`--peers`: for the benchmarks), and say what is missing."""
    wanted = PEERS_OF_BENCHMARKS if "--peers" in sys.argv[1:] else SERVICES_OF_TESTS
    for name, install in wanted.items():
        print(f"{name}: {install() or 'ready'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
