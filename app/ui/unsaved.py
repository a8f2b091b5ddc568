"""What was typed and not saved when the vault locks: kept in the vault, offered where it was typed."""

from collections.abc import Collection
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication, QWidget

from app.i18n import _, ngettext
from app.services import drafts
from app.services.drafts import Kept
from app.ui.context import Context
from app.ui.idle import IdleWatch
from app.ui.kit import messages
from app.ui.kit.buttons import button
from app.ui.kit.cards import InfoCard
from app.ui.kit.drafting import Draft, Drafting, caret_of, put_caret
from app.ui.kit.flow import flow_widget
from app.ui.kit.jobs import Job
from app.ui.kit.theme import Tone

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


LOOK_MS = 400


def collect(waiting: Collection[str] = ()) -> list[Draft]:
    """Return what is typed and not saved, in every form and page there is.

    Args:
        waiting: Names of older drafts of which nobody has said yet what becomes of them; newer ones get names beside them.
    """
    found = [
        replace(draft, caret=caret_of(widget))
        for widget in QApplication.allWidgets()
        if isinstance(widget, Drafting) and isinstance(widget, QWidget)
        for draft in widget.drafts()
    ]
    return [replace(draft, about=draft.about + BESIDE) if draft.key in waiting else draft for draft in found]


def keep(session: "Session", found: list[Draft]) -> None:
    """Store drafts in the vault."""
    for draft in found:
        drafts.save(session, draft.key, Kept(draft.values, draft.title, draft.original, draft.caret))


BESIDE = "~"
"""Ends the name of a draft that is kept beside an older one, which nobody has taken back or thrown away yet."""


class Drafts(QObject):
    """Offers a draft in the form it was typed in.

    Attributes:
        waiting: Drafts of which nobody has said yet what becomes of them.
        is_known: They have been read.

    Args:
        context: The open vault.
        window: Where the message is shown that there are drafts.
    """

    def __init__(self, context: Context, window: QWidget) -> None:
        super().__init__(window)
        self._context, self.window = context, window
        self._keys: set[str] = set()
        self.waiting: set[str] = set()
        self.is_known = False
        context.jobs.read(lambda session, _job: drafts.titles(session), self._know)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look at each form and page that comes into view."""
        if event.type() == QEvent.Type.Show and isinstance(watched, Drafting) and isinstance(watched, QWidget):
            key = self._key_for(watched)
            if key:
                self._keys.discard(key)
                if not self._keys and (app := QApplication.instance()) is not None:
                    app.removeEventFilter(self)
                self._offer(watched, key)
        return False

    def _key_for(self, form: Drafting) -> str | None:
        """Return the draft a form may have: its own case's; where a form is about none yet, the first of its kind."""
        own = Draft(type(form).__name__, form.draft_about).key
        for key in (own, own + BESIDE):
            if key in self._keys:
                return key
        kind = Draft(type(form).__name__).key
        return next((key for key in sorted(self._keys) if key.startswith(kind)), None) if own == kind else None

    def _know(self, titles: dict[str, str]) -> None:
        self._keys, self.waiting, self.is_known = set(titles), set(titles), True
        app = QApplication.instance()
        if (
            titles and app is not None
        ):  # a filter here is asked about every event: only while there is something to offer
            app.installEventFilter(self)
        if titles:
            text = ngettext(
                "Det du skrev i {titles} finns kvar. Öppna det igen.",
                "Det du skrev i {titles} finns kvar. Öppna dem igen.",
                len(titles),
            )
            messages.toast(self.window, text.format(titles=", ".join(sorted(set(titles.values())))))

    def _offer(self, form: Drafting, key: str) -> None:
        card = InfoCard(
            _("Det du skrev finns kvar"),
            _("Valvet låstes, eller programmet avslutades, innan det sparades."),
            tone=Tone.INFO,
        )
        holder, flow = flow_widget()
        back, away = button(_("&Hämta tillbaka"), "history", role="primary"), button(_("&Kasta"))
        for part in (back, away):
            part.setAutoDefault(True)  # Enter on one of them presses it, and not the form's own button
            flow.addWidget(part)
        card.add(holder)
        form.show_offer(card)
        back.clicked.connect(partial(self._take, form, card, key, is_wanted=True))
        away.clicked.connect(partial(self._take, form, card, key, is_wanted=False))
        back.setFocus()

    def _take(self, form: Drafting, card: InfoCard, key: str, *_args: object, is_wanted: bool) -> None:
        card.hide()
        card.deleteLater()
        self.waiting.discard(key)
        fill = partial(_fill, form, key) if is_wanted else None
        self._context.jobs.write(lambda session, _job: drafts.take(session, key), fill)


class DraftKeeper(QObject):
    """Keeps what is being typed in the vault, within a second of the last key, so that a crash loses nothing.

    Args:
        context: The open vault.
        idle: Knows whether somebody has touched anything.
        offered: Drafts of before, which are not written over.
    """

    def __init__(self, context: Context, idle: IdleWatch, offered: Drafts) -> None:
        super().__init__(offered)
        self._context, self._idle, self._offered = context, idle, offered
        self._kept: dict[str, Draft] = {}
        self._job: Job | None = None
        self._is_told = False
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)
        self._timer.start(LOOK_MS)

    @Slot()
    def _look(self) -> None:
        is_busy = self._job is not None and not self._job.is_over
        if is_busy or not self._offered.is_known or not self._idle.take_touched():
            return
        found = {draft.key: draft for draft in collect(self._offered.waiting)}
        new = {name: draft for name, draft in found.items() if self._kept.get(name) != draft}
        ended = self._kept.keys() - found.keys()
        if new or ended:
            self._kept = found
            self._job = self._context.jobs.write(
                lambda session, _job: _store(session, list(new.values()), ended), self._stored, self._failed
            )

    def _stored(self, _result: object) -> None:
        self._is_told = False

    def _failed(self, error: Exception) -> None:
        self._kept = {}  # all of it is tried again with the next key
        if not self._is_told:
            self._is_told = True
            messages.show_error(self._offered.window, error)


def _store(session: "Session", new: list[Draft], ended: Collection[str]) -> None:
    keep(session, new)
    for name in ended:
        drafts.take(session, name)


def _fill(form: Drafting, key: str, kept: Kept | None) -> None:
    if kept is not None:
        kind, _bar, about = key.partition("|")
        form.take_back(Draft(kind, about.removesuffix(BESIDE), kept.title, kept.values, kept.original))
        if isinstance(form, QWidget):
            put_caret(form, kept.caret)
