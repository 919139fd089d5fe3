"""Compiles ledger/contract/Anchor.vy into the ABI and bytecode that ship: `make contract`.

Vyper is no dependency (its pins collide with those of others): it runs in the environment that
`make foreign` makes. `--check` compares and writes nothing.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "ledger" / "contract" / "Anchor.vy"
TARGET = ROOT / "ledger" / "nacre_ledger" / "chains" / "anchor.json"


def compiled(vyper: str) -> str:
    """The JSON that ships, for the source as it is."""

    def run(what: str) -> str:
        return subprocess.run(
            [vyper, "-f", what, str(SOURCE)], check=True, capture_output=True, text=True
        ).stdout.strip()

    content = {
        "compiler": f"vyper {version(vyper)}",
        "abi": json.loads(run("abi")),
        "selectors": selectors(run("method_identifiers")),
        "bytecode": run("bytecode"),
    }
    return json.dumps(content, indent=1) + "\n"


def selectors(text: str) -> dict[str, str]:
    """The first four bytes of a call, by the name of the function."""
    return {key.partition("(")[0]: value[2:].zfill(8) for key, value in json.loads(text).items()}


def version(vyper: str) -> str:
    """The version of the compiler."""
    text = subprocess.run([vyper, "--version"], check=True, capture_output=True, text=True).stdout
    return text.split("+")[0].strip()


def main() -> int:
    """Write or compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("vyper", help="the vyper command")
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    text = compiled(arguments.vyper)
    if not arguments.check:
        TARGET.parent.mkdir(exist_ok=True)
        TARGET.write_text(text, "utf-8")
        return 0
    if TARGET.read_text("utf-8") != text:
        print(f"{TARGET.name} is not what {SOURCE.name} compiles to")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
