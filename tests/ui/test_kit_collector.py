"""Garbage is freed in the main thread only."""

import gc
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from app.ui import tabs
from app.ui.kit.collector import Collector


class Cycle:
    """Garbage that tells in which thread it was freed."""

    def __init__(self, freed_in: set[int]) -> None:
        self.me = self
        self.freed_in = freed_in

    def __del__(self) -> None:
        self.freed_in.add(threading.get_ident())


@pytest.fixture
def own_collecting() -> Iterator[None]:
    """Put Python's own collecting back as it was."""
    was_on = gc.isenabled()
    yield
    if was_on:
        gc.enable()
    else:
        gc.disable()


def litter() -> set[int]:
    """Return the threads in which garbage made by a worker was freed so far."""
    freed_in: set[int] = set()

    def work() -> None:
        for _turn in range(5_000):
            Cycle(freed_in)

    with ThreadPoolExecutor(1) as lane:
        lane.submit(work).result()
    return freed_in


def test_loading_the_tabs_leaves_pythons_own_collecting_off(qtbot: QtBot, own_collecting: None) -> None:
    owner = QObject()
    collector = Collector(owner)
    gc.unfreeze()
    tabs.load()
    assert gc.get_freeze_count() > 0, "nothing was loaded"
    freed_in = litter()
    assert freed_in == set(), "the worker freed it"
    collector.collect()
    assert freed_in == {threading.get_ident()}


def test_what_a_worker_leaves_is_freed_in_the_main_thread(qtbot: QtBot, own_collecting: None) -> None:
    owner = QObject()
    collector = Collector(owner)
    freed_in = litter()
    assert freed_in == set(), "the worker freed it"
    collector.collect()
    assert freed_in == {threading.get_ident()}


def test_the_timer_collects(qtbot: QtBot, own_collecting: None) -> None:
    owner = QObject()
    collector = Collector(owner)
    freed_in = litter()
    collector._timer.setInterval(1)
    qtbot.waitUntil(lambda: freed_in == {threading.get_ident()}, timeout=20_000)


def test_without_it_the_worker_frees_it(own_collecting: None) -> None:
    gc.enable()
    freed_in = litter()
    assert freed_in, "nothing was freed: the tests above prove nothing"
    assert threading.get_ident() not in freed_in


def test_little_garbage_is_left_alone(qtbot: QtBot, own_collecting: None) -> None:
    owner = QObject()
    collector = Collector(owner)
    gc.collect()
    freed_in: set[int] = set()
    Cycle(freed_in)
    collector.collect()
    assert freed_in == set()
    gc.collect()
    assert freed_in == {threading.get_ident()}


WINDOW = """
import gc, sys
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from app.ui.kit.collector import Collector

class Child(QObject):
    def __init__(self, owner, parent):
        super().__init__(parent)
        self.owner = owner

class Part(QWidget):
    def __init__(self, owner, parent=None):
        super().__init__(parent)
        self.owner = owner

class Window(QWidget):
    def __init__(self):
        super().__init__()
        column = QVBoxLayout(self)
        self.part = Part(None)
        self.part.child = Child(self, self.part)
        self.page = QWidget()
        QVBoxLayout(self.page).addWidget(self.part)
        column.addWidget(self.page)

app = QApplication([])
collector = Collector(app)
gc.collect()
window = Window()
window.show()
for _turn in range(3):
    app.processEvents()
if sys.argv[1] == "deleted":
    window.deleteLater()
del window
litter = [[] for _turn in range(1_000)]
gc.collect() if sys.argv[1] == "bare" else collector.collect()
print("alive")
"""


def fate(tmp_path: Path, way: str) -> tuple[str, int]:
    """Return what a program says that collects a window whose part refers back to it, and its exit code."""
    settings = {"XDG_CONFIG_HOME": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-c", WINDOW, way]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | settings)
    return ran.stdout.strip(), ran.returncode


@pytest.mark.parametrize("way", ["deleted", "dropped"])
def test_a_window_is_never_garbage_while_qt_has_it(tmp_path: Path, way: str) -> None:
    assert fate(tmp_path, way) == ("alive", 0)


def test_without_that_the_binding_ends_the_program(tmp_path: Path) -> None:
    said, code = fate(tmp_path, "bare")
    assert (said, code != 0) == ("", True), "the binding is mended: the collector need not hold windows any more"


def test_the_application_has_one(tmp_path: Path) -> None:
    script = "import gc; from app.ui.start import make_application as make; app, _ = make(); print(gc.isenabled())"
    settings = {"XDG_CONFIG_HOME": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"}
    ran = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env=os.environ | settings
    )
    assert ran.stdout.split() == ["False"], ran.stderr
