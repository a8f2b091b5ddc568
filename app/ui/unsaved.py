"""What was typed and not saved when the vault locks: kept in the vault, offered where it was typed."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget

from app.i18n import _, ngettext
from app.services import drafts
from app.services.drafts import Kept
from app.ui.context import Context
from app.ui.kit import messages
from app.ui.kit.buttons import button
from app.ui.kit.cards import InfoCard
from app.ui.kit.drafting import Draft, Drafting
from app.ui.kit.flow import flow_widget
from app.ui.kit.theme import Tone

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def collect() -> list[Draft]:
    """Return what is typed and not saved, in every form and page there is."""
    return [draft for widget in QApplication.allWidgets() if isinstance(widget, Drafting) for draft in widget.drafts()]


def keep(session: "Session", found: list[Draft]) -> None:
    """Store drafts in the vault."""
    for draft in found:
        drafts.save(session, draft.key, Kept(draft.values, draft.title, draft.original))


class Drafts(QObject):
    """Offers a draft in the form it was typed in.

    Args:
        context: The open vault.
        window: Where the message is shown that there are drafts.
    """

    def __init__(self, context: Context, window: QWidget) -> None:
        super().__init__(window)
        self._context, self._window = context, window
        self._keys: set[str] = set()
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
        if own in self._keys:
            return own
        kind = Draft(type(form).__name__).key
        return next((key for key in sorted(self._keys) if key.startswith(kind)), None) if own == kind else None

    def _know(self, titles: dict[str, str]) -> None:
        self._keys = set(titles)
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
            messages.toast(self._window, text.format(titles=", ".join(sorted(set(titles.values())))))

    def _offer(self, form: Drafting, key: str) -> None:
        card = InfoCard(_("Det du skrev finns kvar"), _("Valvet låstes innan det sparades."), tone=Tone.INFO)
        holder, flow = flow_widget()
        back, away = button(_("&Hämta tillbaka"), "history", role="primary"), button(_("&Kasta"))
        flow.addWidget(back)
        flow.addWidget(away)
        card.add(holder)
        form.show_offer(card)
        back.clicked.connect(partial(self._take, form, card, key, is_wanted=True))
        away.clicked.connect(partial(self._take, form, card, key, is_wanted=False))
        back.setFocus()

    def _take(self, form: Drafting, card: InfoCard, key: str, *_args: object, is_wanted: bool) -> None:
        card.hide()
        card.deleteLater()
        fill = partial(_fill, form, key) if is_wanted else None
        self._context.jobs.write(lambda session, _job: drafts.take(session, key), fill)


def _fill(form: Drafting, key: str, kept: Kept | None) -> None:
    if kept is not None:
        kind, _bar, about = key.partition("|")
        form.take_back(Draft(kind, about, kept.title, kept.values, kept.original))
