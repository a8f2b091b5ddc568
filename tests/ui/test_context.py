"""What every tab is given."""

import threading

from PySide6.QtCore import QObject, Slot
from pytestqt.qtbot import QtBot

from app.services import organisation
from app.ui.context import Context


class _Listener(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.heard: list[tuple[frozenset[str], bool]] = []

    @Slot(object)
    def hear(self, names: frozenset[str]) -> None:
        self.heard.append((names, threading.current_thread() is threading.main_thread()))


def test_news_of_a_write_come_in_the_main_thread(qtbot: QtBot, context: Context) -> None:
    listener = _Listener()
    context.news.changed.connect(listener.hear)
    context.jobs.write(
        lambda session, _job: organisation.change_fact(session, "controller", {"phone": "08-465 004 00"})
    )
    qtbot.waitUntil(lambda: bool(listener.heard))
    assert listener.heard == [(frozenset({"Setting", "AuditEntry"}), True)]
