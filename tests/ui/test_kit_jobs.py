"""Work goes on outside the main thread, can be stopped, and never leaves half of it behind."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from functools import partial
from pathlib import Path

import pytest
import shiboken6
import sqlalchemy as sa
from PySide6.QtCore import QObject, QThread, Slot
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy.orm import Session

from app.domain.errors import UserError
from app.ui.kit.job_bar import JobBar
from app.ui.kit.jobs import Job, Jobs
from app.ui.kit.messages import ErrorBox
from db.models import Source
from db.store import Store
from tests.factories import NOW

KEY = bytes(range(32))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store.create(tmp_path, KEY, user="Eva")
    yield made
    made.close()


@pytest.fixture
def jobs(qapp: QApplication, store: Store) -> Iterator[Jobs]:
    lanes = Jobs(store, lambda: NOW)
    yield lanes
    lanes.close()


class Receiver(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.results: list[object] = []
        self.errors: list[Exception] = []

    def take(self, result: object) -> None:
        self.results.append(result)

    def take_error(self, error: Exception) -> None:
        self.errors.append(error)


@pytest.fixture
def receiver(qtbot: QtBot) -> Receiver:
    made = Receiver()
    qtbot.addWidget(made)
    return made


def add_source(session: Session, code: str) -> None:
    session.add(Source(code=code, name=code, kind="own", is_register=True))
    session.flush()


def codes(store: Store) -> set[str]:
    with store.read() as session:
        return set(session.scalars(sa.select(Source.code)))


def waiting(gate: threading.Event) -> Callable[[Job], str]:
    def work(job: Job) -> str:
        gate.wait(10)
        job.check()
        return "klart"

    return work


def test_a_result_arrives_in_the_main_thread(qtbot: QtBot, jobs: Jobs, receiver: Receiver) -> None:
    threads: list[object] = []

    def work(job: Job) -> bool:
        return QThread.currentThread() is not job.thread()

    def take(result: object) -> None:
        threads.append(QThread.currentThread() is jobs.thread())
        receiver.take(result)

    with qtbot.waitSignal(jobs.idle):
        jobs.run(work, then=take)
    assert receiver.results == [True]
    assert threads == [True]


def test_a_write_is_saved(qtbot: QtBot, jobs: Jobs, store: Store, receiver: Receiver) -> None:
    def work(session: Session, _job: Job) -> str:
        add_source(session, "a")
        return "sparat"

    with qtbot.waitSignal(jobs.idle):
        jobs.write(work, then=receiver.take)
    assert receiver.results == ["sparat"]
    assert "a" in codes(store)


def test_a_cancelled_write_leaves_nothing(qtbot: QtBot, jobs: Jobs, store: Store, receiver: Receiver) -> None:
    before = codes(store)
    begun, gate = threading.Event(), threading.Event()

    def work(session: Session, job: Job) -> None:
        add_source(session, "halv")
        begun.set()
        gate.wait(10)
        job.step(1, 2)

    with qtbot.waitSignal(jobs.idle):
        job = jobs.write(work, then=receiver.take, failed=receiver.take_error)
        qtbot.waitUntil(begun.is_set)
        job.cancel()
        gate.set()
    assert codes(store) == before
    assert receiver.results == receiver.errors == []


def test_a_cancel_after_the_last_step_still_leaves_nothing(qtbot: QtBot, jobs: Jobs, store: Store) -> None:
    def work(session: Session, job: Job) -> None:
        add_source(session, "sist")
        job.cancel()

    before = codes(store)
    with qtbot.waitSignal(jobs.idle):
        jobs.write(work)
    assert codes(store) == before


def test_a_failed_write_leaves_nothing_and_is_told(qtbot: QtBot, jobs: Jobs, store: Store, receiver: Receiver) -> None:
    def work(session: Session, _job: Job) -> None:
        add_source(session, "fel")
        raise UserError("Det gick inte.", stands="Inget har ändrats.", do="Försök igen.")

    before = codes(store)
    with qtbot.waitSignal(jobs.idle):
        jobs.write(work, then=receiver.take, failed=receiver.take_error)
    assert [str(error) for error in receiver.errors] == ["Det gick inte."]
    assert receiver.results == []
    assert codes(store) == before


def test_an_error_that_nobody_takes_is_shown(qtbot: QtBot, jobs: Jobs, qapp: QApplication) -> None:
    def work(_job: Job) -> None:
        raise UserError("Filen är borta.", stands="Inget har ändrats.", do="Välj en annan fil.")

    with qtbot.waitSignal(jobs.idle):
        jobs.run(work)
    boxes = [box for box in qapp.topLevelWidgets() if isinstance(box, ErrorBox) and box.isVisible()]
    assert [box.words.what for box in boxes] == ["Filen är borta."]
    boxes[0].close()


def test_writes_come_one_at_a_time_and_in_order(qtbot: QtBot, jobs: Jobs) -> None:
    order: list[int] = []

    def work(number: int, _session: Session, _job: Job) -> None:
        order.append(number)

    with qtbot.waitSignal(jobs.idle):
        for number in range(20):
            jobs.write(partial(work, number))
    assert order == list(range(20))


def test_reading_does_not_hold_up_a_save(qtbot: QtBot, jobs: Jobs, store: Store, receiver: Receiver) -> None:
    gate, begun = threading.Event(), threading.Event()

    def read(session: Session, _job: Job) -> int:
        count = len(session.scalars(sa.select(Source.code)).all())
        begun.set()
        gate.wait(10)
        return len(session.scalars(sa.select(Source.code)).all()) - count

    jobs.read(read, then=receiver.take)
    qtbot.waitUntil(begun.is_set)
    jobs.write(lambda session, _job: add_source(session, "ny"), then=receiver.take)
    qtbot.waitUntil(lambda: receiver.results == [None])
    assert "ny" in codes(store)
    with qtbot.waitSignal(jobs.idle):
        gate.set()
    assert receiver.results == [None, 0]


def test_the_result_of_a_cancelled_read_is_dropped(qtbot: QtBot, jobs: Jobs, receiver: Receiver) -> None:
    with qtbot.waitSignal(jobs.idle):
        jobs.read(lambda _session, job: job.cancel(), then=receiver.take)
    assert receiver.results == []


def test_a_cancel_that_comes_too_late_hides_no_save(qtbot: QtBot, jobs: Jobs, receiver: Receiver) -> None:
    with qtbot.waitSignal(jobs.idle):
        jobs.save(lambda job: job.cancel() or "saved", then=receiver.take)
    assert receiver.results == ["saved"]


def test_a_result_for_a_widget_that_is_gone_is_dropped(qtbot: QtBot, jobs: Jobs) -> None:
    gate = threading.Event()
    receiver = Receiver()
    jobs.run(waiting(gate), then=receiver.take)
    shiboken6.delete(receiver)
    with qtbot.waitSignal(jobs.idle):
        gate.set()
    assert receiver.results == []


def test_a_job_tells_how_far_it_has_come(qtbot: QtBot, jobs: Jobs) -> None:
    told: list[tuple[int, int]] = []
    gate = threading.Event()

    def work(job: Job) -> None:
        gate.wait(10)
        for number in range(10_000):
            job.step(number, 10_000)

    with qtbot.waitSignal(jobs.idle):
        job = jobs.run(work)
        job.progressed.connect(lambda done, total: told.append((done, total)))
        gate.set()
    assert told[0] == (0, 10_000)
    assert len(told) == 200


def test_a_write_without_a_vault_is_our_own_mistake(qtbot: QtBot, qapp: QApplication, receiver: Receiver) -> None:
    lanes = Jobs(None, lambda: NOW)
    with qtbot.waitSignal(lanes.idle):
        lanes.write(lambda _session, _job: None, failed=receiver.take_error)
    assert [type(error) for error in receiver.errors] == [RuntimeError]
    lanes.close()


def test_closing_waits_for_a_save_and_stops_the_rest(qtbot: QtBot, store: Store, receiver: Receiver) -> None:
    lanes = Jobs(store, lambda: NOW)
    begun = threading.Event()

    def endless(job: Job) -> None:
        begun.set()
        while True:
            job.check()

    lanes.run(endless, then=receiver.take)
    qtbot.waitUntil(begun.is_set)
    lanes.write(lambda session, _job: add_source(session, "sist"), then=receiver.take)
    saved: list[str] = []

    def save(job: Job) -> None:
        while not lanes._savers._shutdown:
            job.check()
        saved.append("saved")

    for _turn in range(2):  # also the one in line
        lanes.save(save)
    lanes.close()
    assert "sist" in codes(store)
    assert saved == ["saved", "saved"]
    assert not lanes.is_busy
    assert receiver.results == []


def test_the_bar_shows_long_work_and_can_stop_it(qtbot: QtBot, jobs: Jobs) -> None:
    bar, gate = JobBar(jobs, bar_after=0, words_after=0), threading.Event()
    qtbot.addWidget(bar)
    bar.show()
    assert not bar.bar.isVisible()
    job = jobs.run(waiting(gate), text="Läser filen")
    qtbot.waitUntil(lambda: bar.cancel_button.isVisible() and bar.bar.isVisible())
    assert bar.text.text() == "Läser filen"
    bar.cancel_button.click()
    assert job.is_cancelled
    assert not bar.cancel_button.isEnabled()
    with qtbot.waitSignal(jobs.idle):
        gate.set()
    qtbot.waitUntil(lambda: not bar.bar.isVisible())


def test_the_bar_follows_progress_and_turns_to_the_next_job(qtbot: QtBot, jobs: Jobs) -> None:
    bar = JobBar(jobs, bar_after=0, words_after=0)
    qtbot.addWidget(bar)
    bar.show()
    first, second = threading.Event(), threading.Event()

    def work(job: Job) -> None:
        job.step(30, 100)
        first.wait(10)

    jobs.run(work, text="Ett")
    jobs.run(waiting(second), text="Två")
    qtbot.waitUntil(lambda: bar.bar.value() == 30)
    assert bar.bar.maximum() == 100
    first.set()
    qtbot.waitUntil(lambda: bar.text.isVisible() and bar.text.text() == "Två")
    with qtbot.waitSignal(jobs.idle):
        second.set()
    qtbot.waitUntil(lambda: not bar.bar.isVisible())


def test_short_work_shows_nothing(qtbot: QtBot, jobs: Jobs) -> None:
    bar = JobBar(jobs)
    qtbot.addWidget(bar)
    bar.show()
    with qtbot.waitSignal(jobs.idle):
        jobs.run(lambda _job: None)
    assert not bar.bar.isVisible()
    assert not bar.text.isVisible()


def test_many_jobs_leave_no_objects_behind(qtbot: QtBot, jobs: Jobs) -> None:
    made: list[Job] = []
    with qtbot.waitSignal(jobs.idle, timeout=20_000):
        made += [jobs.run(lambda _job: None) for _ in range(300)]
    qtbot.waitUntil(lambda: not any(shiboken6.isValid(job) for job in made))
    assert all(job.is_over for job in made)
    assert isinstance(jobs, QObject)


class _Counter(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    @Slot()
    def add(self) -> None:
        self.count += 1


def test_whoever_asked_is_always_told_the_end(qtbot: QtBot, jobs: Jobs) -> None:
    counter = _Counter()
    for _number in range(500):
        jobs.run(lambda _job: None).ended.connect(counter.add)
        QApplication.processEvents()
    qtbot.waitUntil(lambda: not jobs.is_busy)
    assert counter.count == 500


class Slow:
    """A lane whose worker is held up on its way out of each piece of work, as on a busy machine."""

    def __init__(self) -> None:
        self.go_on = threading.Event()

    def submit(self, work: Callable[[], None]) -> Future[None]:
        future: Future[None] = Future()
        threading.Thread(target=self._run, args=([work], future)).start()
        return future

    def _run(self, held: list[Callable[[], None]], future: Future[None]) -> None:
        held[0]()
        self.go_on.wait(20)
        future.set_result(None)
        held.clear()

    def shutdown(self, *, wait: bool, cancel_futures: bool = False) -> None:
        """End nothing: each piece has a thread of its own."""


class Tracked:
    """Tells in which thread it was freed."""

    def __init__(self, freed_in: list[int]) -> None:
        self.freed_in = freed_in

    def __del__(self) -> None:
        self.freed_in.append(threading.get_ident())


def test_a_job_and_what_its_work_holds_are_let_go_of_in_the_main_thread(
    qtbot: QtBot, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs, lane = Jobs(store, lambda: NOW), Slow()
    monkeypatch.setattr(jobs, "_readers", lane)
    freed_in: list[int] = []

    def held() -> Callable[[Job], str]:
        tracked = Tracked(freed_in)
        return lambda _job: type(tracked).__name__

    first = jobs.run(held())
    qtbot.waitUntil(lambda: first.is_over)
    QApplication.processEvents()
    assert shiboken6.isValid(first), "the worker has not left it yet"
    assert freed_in == []
    future = jobs._over[0][1]
    lane.go_on.set()
    qtbot.waitUntil(lambda: future is not None and future.done())
    second = jobs.run(lambda _job: None)
    qtbot.waitUntil(lambda: second.is_over)
    qtbot.waitUntil(lambda: not shiboken6.isValid(first))
    assert freed_in == [threading.get_ident()]
    jobs.close()
