"""What every tab is given: the open vault, the lanes for work, the calendar, and the way to the other tabs."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal, Slot

from app.services.vaults import Vault
from app.ui.kit.jobs import Jobs


class News(QObject):
    """News from the store, delivered in the main thread.

    Signals:
        changed: Names of the changed tables' classes, as a frozenset.
    """

    changed = Signal(object)
    _came = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._came.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    def announce(self, names: frozenset[str]) -> None:
        """Tell, from any thread, that these tables changed."""
        self._came.emit(names)

    @Slot(object)
    def _tell(self, names: frozenset[str]) -> None:
        self.changed.emit(names)


class Ways(QObject):
    """The ways between tabs, so that no tab knows another.

    Signals:
        request_wanted: Show this request.
        subject_wanted: Show this person.
        incident_wanted: Show this incident.
        lookup_wanted: Look up the person of this request.
        search_wanted: Search for this text.
        mail_dropped: The bytes of a mail that was dropped on the window.
        mails_dropped: The paths of several mails, of mailboxes or of folders that were dropped.
        table_dropped: The path of a table that was dropped on the window.
        tab_wanted: Show the tab with this name.
        tool_wanted: Show this page of the tools.
        register_wanted: Show a row of the register: `activity`, `source`, `recipient`, `rule` or `notice`, and its code.
    """

    request_wanted = Signal(int)
    subject_wanted = Signal(int)
    incident_wanted = Signal(int)
    lookup_wanted = Signal(int)
    search_wanted = Signal(str)
    mail_dropped = Signal(bytes)
    mails_dropped = Signal(object)
    table_dropped = Signal(Path)
    tab_wanted = Signal(str)
    tool_wanted = Signal(str)
    register_wanted = Signal(str, str)


@dataclass
class Context:
    """What a tab needs to work.

    Attributes:
        vault: The open vault.
        jobs: The lanes for work outside the main thread.
        news: Tells what changed in the store.
        ways: Ways to the other tabs.
        now: The time, aware UTC.
        today: The day in Stockholm.
    """

    vault: Vault
    jobs: Jobs
    news: News
    ways: Ways
    now: Callable[[], dt.datetime]
    today: Callable[[], dt.date]


def of(vault: Vault, *, now: Callable[[], dt.datetime], today: Callable[[], dt.date]) -> Context:
    """Return what the tabs of an open vault need; news from its store come in the main thread from now on."""
    made = Context(vault, Jobs(vault.store, now), News(), Ways(), now, today)
    vault.store.on_change(made.news.announce)
    return made
