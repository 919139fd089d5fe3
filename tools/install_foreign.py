"""Environments of their own for programs that check our proofs and whose pins collide: `make foreign`.

    witness   aics-witness, a C2SP witness (wants Python 3.12)
    scitt     scitt-cose, a verifier of COSE receipts
    eels      ethereum-execution, the specification of the EVM
    vyper     the compiler of the anchor contract
    revm      pyrevm, a fast EVM for fuzzing the contract (wheels for Linux up to Python 3.12)

What cannot be installed is said; the tests that need it are then skipped with the reason.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

SERVICES = Path(
    os.environ.get("NACRE_SERVICES", Path(__file__).resolve().parent.parent / ".services")
)
PACKAGES = {
    "witness": ("3.12", "aics-witness==0.1.0"),
    "scitt": (None, "scitt-cose==0.5.0"),
    "eels": (None, "ethereum-execution==2.20.0"),
    "vyper": (None, "vyper==0.4.3"),
    "revm": (None, "pyrevm==0.3.7"),
}


def python(version: str | None) -> str | None:
    """An interpreter of at least a version."""
    if version is None or sys.version_info >= tuple(map(int, version.split("."))):
        return sys.executable
    installed = sorted((Path.home() / ".pyenv" / "versions").glob(f"{version}*/bin/python3"))
    return str(installed[-1]) if installed else shutil.which(f"python{version}")


def install(name: str) -> str | None:
    """Why an environment cannot be had, or `None`."""
    version, package = PACKAGES[name]
    folder = SERVICES / name
    if (folder / "ready").exists():
        return None
    interpreter = python(version)
    if interpreter is None:
        return f"no Python {version}"
    for command in (
        [interpreter, "-m", "venv", str(folder)],
        [str(folder / "bin" / "pip"), "install", "-q", "--disable-pip-version-check", package],
    ):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            return f"{package}: {done.stderr.strip()[-300:]}"
    (folder / "ready").touch()
    return None


def main() -> int:
    """Install everything, and say what is missing."""
    for name in PACKAGES:
        print(f"{name}: {install(name) or 'ready'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
