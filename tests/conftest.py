"""What all tests share: the tests' own folder is importable, hypothesis has one profile."""

import gc
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

sys.path.insert(0, str(Path(__file__).parent))
settings.register_profile(
    "chataudit",
    deadline=None,
    max_examples=100,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("chataudit")


@pytest.fixture(autouse=True)
def _collected() -> Iterator[None]:
    """Switch the collector on again after commands that do without it for the rest of their process."""
    yield
    gc.enable()
