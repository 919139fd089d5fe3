"""What all tests share: the real files beside the project, where they are present."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import nacre_ledger.chains  # noqa: F401 - before web3, which raises the recursion limit of all tests
from nacre_aas.examples import EXAMPLES, content

ROOT = Path(__file__).parent.parent
SHARED = Path(os.environ.get("NACRE_SHARED", ROOT.parent / "shared")) / "data"

pytest_plugins = ["services", "ledgers", "endpoints", "formfiles"]

settings.register_profile(
    "fast",
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "thorough", max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("NACRE_PROFILE", "fast"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with real files."""
    if not SHARED.is_dir():
        pytest.skip(f"the real files are not here ({SHARED.name} beside the project)")
    return SHARED


def is_thorough() -> bool:
    """Whether everything is to be run instead of a sample."""
    return os.environ.get("NACRE_PROFILE") == "thorough"


def nacre(
    *arguments: str, stdin: bytes = b"", cwd: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[bytes]:
    """Run the command as a process, with no settings but those given."""
    base = {key: value for key, value in os.environ.items() if not key.startswith("NACRE_")}
    return subprocess.run(
        [sys.executable, "-m", "nacre_cli", *arguments],
        input=stdin,
        capture_output=True,
        cwd=cwd,
        env={**base, "PYTHONWARNINGS": "error", **environment},
        timeout=120,
        check=False,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one file of each kind: good, bad, warned, of an old version, packages."""
    (tmp_path / "good.json").write_bytes(content(EXAMPLES["AASd-005"].right))
    (tmp_path / "bad.json").write_bytes(content(EXAMPLES["AASd-117"].wrong))
    (tmp_path / "warned.json").write_bytes(content(EXAMPLES["MET-023"].wrong))
    (tmp_path / "old.json").write_bytes(content(EXAMPLES["SER-003"].wrong))
    (tmp_path / "good.aasx").write_bytes(content(EXAMPLES["AASX-002"].right))
    (tmp_path / "noorigin.aasx").write_bytes(content(EXAMPLES["AASX-004"].wrong))
    return tmp_path
