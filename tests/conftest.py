"""What all tests share: a screen that is not there, and silence in the log."""

import logging
import os
from collections.abc import Iterator

import pytest

from app.security import ballast

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture(autouse=True)
def light_vaults(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the vaults of the tests keep little room on the disk: there are thousands of them."""
    monkeypatch.setattr(ballast, "SIZE", 4096)


@pytest.fixture(autouse=True)
def no_unexpected_log_records(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fail a test that leaves a warning or worse in the log; a test that expects one calls `caplog.clear()` after looking at it."""
    yield
    left = [record for record in caplog.get_records("call") if record.levelno >= logging.WARNING]
    assert [f"{record.name}: {record.getMessage()}" for record in left] == []
