"""Work outside the main thread, in lanes: one writer, one for long work that saves by itself, and readers for all the rest.

Results arrive in the main thread.  Nothing here knows what the work is about.
"""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from app.domain.errors import Cancelled
from app.ui.kit import messages

if TYPE_CHECKING:
    from sqlalchemy.orm import Session  # noqa: TC004 - windows name it in annotations only

    from db.store import Store

__all__ = ["Job", "Jobs", "Session"]
log = logging.getLogger(__name__)
READERS = 3


class Job(QObject):
    """One piece of work.  It lives in the main thread, so its signals arrive there.

    Signals:
        progressed: How many of how many are done; the total is 0 when it is not known.
        succeeded: The result.
        failed: The exception.
        ended: The work is over, however it went; told in the main thread after the result, so whoever asked can listen.
    """

    progressed = Signal(int, int)
    succeeded = Signal(object)
    failed = Signal(object)
    ended = Signal()
    _finished = Signal()  # from the worker, and lost on who listens late

    def __init__(self, work: Callable[["Job"], Any], text: str = "") -> None:
        super().__init__()
        self.text = text
        self.is_over = False
        self._work = work
        self._stop = threading.Event()
        self._shown = -1

    @property
    def is_cancelled(self) -> bool:
        """Say whether somebody asked the work to stop."""
        return self._stop.is_set()

    def step(self, done: int, total: int) -> None:
        """Tell how far the work has come.  Called by the work itself, and the only place where a cancel takes hold.

        Raises:
            Cancelled: The user asked for it.
        """
        self.check()
        shown = done * 200 // total if total else done
        if shown != self._shown:
            self._shown = shown
            self.progressed.emit(done, total)

    def check(self) -> None:
        """Stop here if somebody asked for it.

        Raises:
            Cancelled: The user asked for it.
        """
        if self._stop.is_set():
            raise Cancelled

    def stopped(self) -> bool:
        """Say whether the work should stop, for code that wants a question instead of an exception."""
        return self._stop.is_set()

    @Slot()
    def cancel(self) -> None:
        """Ask the work to stop at its next step."""
        self._stop.set()

    def let_go(self) -> None:
        """Forget the work and whatever it holds; called in the main thread, when the worker is done with it."""
        self._work = _nothing

    def run(self) -> None:
        """Do the work in the thread at hand and tell how it went."""
        try:
            self.check()
            result = self._work(self)
        except Cancelled:
            log.debug("cancelled")
        except Exception as error:
            self.failed.emit(error)
        else:
            self.succeeded.emit(result)
        finally:
            self._finished.emit()


class Jobs(QObject):
    """The lanes.

    Args:
        store: The open vault database, or None while there is none.
        now: Returns the time, aware UTC.
        window: Where errors are shown when the one who asked is gone.

    Signals:
        started: A job entered a lane.
        idle: The last job left.
    """

    started = Signal(object)
    idle = Signal()

    def __init__(self, store: "Store | None", now: Callable[[], datetime], window: QWidget | None = None) -> None:
        super().__init__(window)
        self._store, self._now, self._window = store, now, window
        self._writer = ThreadPoolExecutor(1, "write")
        self._savers = ThreadPoolExecutor(1, "save")
        self._readers = ThreadPoolExecutor(READERS, "read")
        self._running: dict[Job, _Ending] = {}
        self._over: list[tuple[Job, Future[None] | None]] = []
        self._is_closed = False

    @property
    def is_busy(self) -> bool:
        """Say whether any job is running or waiting."""
        return bool(self._running) and not self._is_closed

    def write(
        self,
        work: Callable[["Session", Job], Any],
        then: Callable[[Any], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
        text: str = "",
    ) -> Job:
        """Do `work(session, job)` in one transaction, after the writes before it; a cancel or an error rolls it back.

        Args:
            work: What to do; runs in the writer's thread and touches no widget.
            then: Gets the result in the main thread; dropped when it is a method of a widget that is gone.
            failed: Gets the exception; without it the error is shown to the user.
            text: What the status bar says while it takes long.
        """
        return self._start(
            self._writer, partial(self._in_transaction, work), _Ending(then, failed, is_writing=True), text
        )

    def read(
        self,
        work: Callable[["Session", Job], Any],
        then: Callable[[Any], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
        text: str = "",
        *,
        may_be_old: bool = False,
    ) -> Job:
        """Do `work(session, job)` with a session of its own that only reads; never holds up a save."""
        return self._start(self._readers, partial(self._in_snapshot, work, may_be_old), _Ending(then, failed), text)

    def run(
        self,
        work: Callable[[Job], Any],
        then: Callable[[Any], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
        text: str = "",
    ) -> Job:
        """Do `work(job)` without the database, such as reading a file or drawing a page."""
        return self._start(self._readers, work, _Ending(then, failed), text)

    def save(
        self,
        work: Callable[[Job], Any],
        then: Callable[[Any], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
        text: str = "",
    ) -> Job:
        """Do `work(job)`, which saves in transactions of its own, after the work of that kind before it.

        Closing waits for it, and what came of it is told even when a cancel came too late.
        """
        return self._start(self._savers, work, _Ending(then, failed, is_writing=True), text)

    def show_errors_in(self, window: QWidget | None) -> None:
        """Show errors that nobody asked about in this window from now on."""
        self._window = window

    def close(self) -> None:
        """Stop what only reads, wait for what is being saved, and take no more work."""
        self._is_closed = True
        for job, ending in list(self._running.items()):
            ending.forget()
            if not ending.is_writing:
                job.cancel()
        self._readers.shutdown(wait=True, cancel_futures=True)
        self._savers.shutdown(wait=True)
        self._writer.shutdown(wait=True)  # what is over is let go of by the main thread, which may not be this one

    def _in_transaction(self, work: Callable[["Session", Job], Any], job: Job) -> Any:
        with self._open_store().write(self._now()) as session:
            result = work(session, job)
            job.check()
        return result

    def _in_snapshot(self, work: Callable[["Session", Job], Any], may_be_old: bool, job: Job) -> Any:
        with self._open_store().read(may_be_old=may_be_old) as session:
            return work(session, job)

    def _open_store(self) -> "Store":
        if self._store is None:
            raise RuntimeError("no vault is open")
        return self._store

    def _start(self, lane: ThreadPoolExecutor, work: Callable[[Job], Any], ending: "_Ending", text: str) -> Job:
        job = Job(work, text)
        if self._is_closed:  # a widget on its way out may still ask
            job.cancel()
            return job
        self._running[job] = ending
        queued = Qt.ConnectionType.QueuedConnection
        job.succeeded.connect(self._deliver, queued)
        job.failed.connect(self._report, queued)
        job._finished.connect(self._forget, queued)
        self.started.emit(job)
        ending.future = lane.submit(_Errand(job))
        return job

    @Slot(object)
    def _deliver(self, result: object) -> None:
        job, ending = self._sender()
        if ending.then is not None and ending.is_wanted() and (ending.is_writing or not job.is_cancelled):
            ending.then(result)

    @Slot(object)
    def _report(self, error: Exception) -> None:
        _job, ending = self._sender()
        if self._is_closed and not ending.is_writing:
            return
        if ending.failed is not None and _is_alive(ending.failed):
            ending.failed(error)
        else:
            messages.show_error(
                self._window if self._window is None or shiboken6.isValid(self._window) else None, error
            )

    @Slot()
    def _forget(self) -> None:
        job, ending = self._sender()
        job.is_over = True
        self._running.pop(job, None)
        job.ended.emit()
        self._over.append((job, ending.future))
        self._sweep()
        if not self._running:
            self.idle.emit()

    def _sweep(self) -> None:
        """Delete the jobs that are over, once the worker has left them: it may still be on its way out of the last signal."""
        over, self._over = self._over, []
        for job, future in over:
            if future is not None and not future.done():
                self._over.append((job, future))
            else:
                job.let_go()
                job.deleteLater()

    def _sender(self) -> tuple[Job, "_Ending"]:
        job = self.sender()
        if not isinstance(job, Job):
            raise TypeError(type(job).__name__)
        return job, self._running.get(job, _Ending(None, None))


class _Ending:
    """What to do with the outcome."""

    def __init__(
        self,
        then: Callable[[Any], None] | None,
        failed: Callable[[Exception], None] | None,
        *,
        is_writing: bool = False,
    ) -> None:
        self.then, self.failed, self.is_writing = then, failed, is_writing
        self.future: Future[None] | None = None

    def is_wanted(self) -> bool:
        return self.then is not None and _is_alive(self.then)

    def forget(self) -> None:
        self.then = None


class _Errand:
    """A job on its way to the worker and back, which lets go of it before it says that it is done.

    Whoever lets go of a job last deletes it, and that must be the main thread.
    """

    def __init__(self, job: Job) -> None:
        self._job: Job | None = job

    def __call__(self) -> None:
        if self._job is not None:
            self._job.run()
        self._job = None


def _nothing(_job: Job) -> None:
    """Stand where the work was."""


def _is_alive(slot: Callable[..., None]) -> bool:
    """Say whether the object behind a method still exists in Qt."""
    owner = getattr(slot, "__self__", None)
    if owner is None and isinstance(slot, partial):
        return _is_alive(slot.func)
    return not isinstance(owner, QObject) or shiboken6.isValid(owner)
