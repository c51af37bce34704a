"""The databases of the store's tests, for the nightly batch, too; charts are left out where nobody looks at them."""

import pytest
from store.conftest import server, url

__all__ = ["server", "url"]


@pytest.fixture(autouse=True)
def _no_charts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chataudit.report.charts._svg", lambda *_, **__: "<svg></svg>")
