"""What all tests share: the real files beside the project, where they are present."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(os.environ.get("NACRE_ROOT", Path(__file__).parent.parent))
SHARED = Path(os.environ.get("NACRE_SHARED", ROOT.parent / "shared")) / "data"

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
