"""Saves what is typed: one write for each pause, and at once when a field, a step, the tab or the vault is left.

What could not be stored stays here and is tried again with the next change; it is never thrown away.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.ui.kit.jobs import Jobs

PAUSE = 1000
Write = Callable[[Any, int, dict[str, Any]], object]
Check = Callable[[str, Any], str]


class Autosave(QObject):
    """Gathers changes of one incident and writes them.

    Args:
        jobs: The lanes.
        write: Stores changed answers: session, the incident's id, the answers by name.
        check: Returns why an answer cannot be stored, empty when it can: name and value.
        now: Returns the time.

    Signals:
        saved: When the last change was stored.
        checked: A name, and why its answer cannot be stored, or "".
        refused: A field's name, or "" for several, and why it was not stored.
        waiting: Something is typed and not stored yet.
    """

    saved = Signal(object)
    checked = Signal(str, str)
    refused = Signal(str, object)
    waiting = Signal()

    def __init__(self, jobs: Jobs, write: Write, check: Check, now: Callable[[], dt.datetime]) -> None:
        super().__init__()
        self._jobs, self._write, self._check, self._now = jobs, write, check, now
        self._incident_id: int | None = None
        self._changes: dict[str, Any] = {}
        self._refused: dict[str, Any] = {}
        self._under_way = 0
        self._timer = QTimer(self, singleShot=True, interval=PAUSE)
        self._timer.timeout.connect(self.flush)

    def begin(self, incident_id: int | None) -> None:
        """Save for this incident from now on; what is left of the one before is written first."""
        self.flush()
        self._incident_id = incident_id
        self._refused.clear()

    def note(self, name: str, value: Any) -> None:
        """The user changed an answer."""
        self._changes[name] = value
        self._refused.pop(name, None)
        self._timer.start()
        self.waiting.emit()

    def has_unsaved(self) -> bool:
        """Say whether something is not stored yet."""
        return bool(self._changes or self._under_way or self._refused)

    @Slot()
    def flush(self) -> None:
        """Write now what is not stored, also what was refused before: the cause may be gone."""
        self._timer.stop()
        waiting, self._changes, self._refused = {**self._refused, **self._changes}, {}, {}
        good = {}
        for name, value in waiting.items():
            text = self._check(name, value)
            self.checked.emit(name, text)
            if text:
                self._refused[name] = value
            else:
                good[name] = value
        if good and self._incident_id is not None:
            self._send(self._incident_id, good)

    def _send(self, incident_id: int, changes: dict[str, Any]) -> None:
        self._under_way += 1
        write = self._write

        def work(session: Any, _job: object) -> None:
            write(session, incident_id, changes)

        _Sent(self, incident_id, changes).go(self._jobs, work)

    def done(self, _sent: "_Sent") -> None:
        """A write is in the vault."""
        self._under_way -= 1
        if not self.has_unsaved():
            self.saved.emit(self._now())

    def failed(self, sent: "_Sent", error: Exception) -> None:
        """A write was refused: try its answers one by one, so that only the wrong one stays unsaved."""
        self._under_way -= 1
        if len(sent.changes) > 1:
            for name, value in sent.changes.items():
                self._send(sent.incident_id, {name: value})
            return
        ((name, value),) = sent.changes.items()
        if sent.incident_id == self._incident_id and name not in self._changes:
            self._refused[name] = value
        self.refused.emit(name, error)


class _Sent(QObject):
    """One write on its way."""

    def __init__(self, owner: Autosave, incident_id: int, changes: dict[str, Any]) -> None:
        super().__init__(owner)
        self._owner = owner
        self.incident_id, self.changes = incident_id, changes

    def go(self, jobs: Jobs, work: Callable[[Any, Any], None]) -> None:
        """Put it in the writer's lane."""
        jobs.write(work, then=self._done, failed=self._failed)

    def _done(self, _result: object) -> None:
        self._owner.done(self)
        self.deleteLater()

    def _failed(self, error: Exception) -> None:
        self._owner.failed(self, error)
        self.deleteLater()
