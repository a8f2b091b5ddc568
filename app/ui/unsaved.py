"""What was typed and not saved when the vault locks: kept in the vault, offered when the same form is opened again."""

import datetime as dt
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget

from app.i18n import _, ngettext
from app.services import drafts
from app.ui.context import Context
from app.ui.kit import messages
from app.ui.kit.buttons import button
from app.ui.kit.cards import InfoCard
from app.ui.kit.fields import LineField
from app.ui.kit.flow import flow_widget
from app.ui.kit.forms import FormDialog
from app.ui.kit.theme import Tone

Draft = tuple[str, dict[str, Any]]


def key_of(form: FormDialog) -> str:
    """Return what a form's draft is called: its kind and its title, which never holds a name."""
    return f"{type(form).__name__}|{form.windowTitle()}"


def unsaved_forms() -> list[FormDialog]:
    """Return the open forms in which something was changed."""
    windows = QApplication.topLevelWidgets()
    return [form for form in windows if isinstance(form, FormDialog) and form.isVisible() and form.has_unsaved()]


def collect() -> list[Draft]:
    """Return what is typed in open forms and not saved; passphrases are left out."""
    return [(key_of(form), _typed(form)) for form in unsaved_forms()]


def _typed(form: FormDialog) -> dict[str, Any]:
    return {
        name: packed
        for name, field in form.fields.items()
        if not (isinstance(field, LineField) and field.is_secret)
        if (packed := pack(field.value())) is not None
    }


def pack(value: Any) -> Any:
    """Return an answer in JSON's own kinds, or None for an answer that is empty or cannot be kept."""
    if isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, dt.datetime):
        return {"at": value.isoformat()}
    if isinstance(value, dt.date):
        return {"on": value.isoformat()}
    if isinstance(value, dt.time):
        return {"time": value.isoformat()}
    if isinstance(value, tuple | list):
        return {"parts": [pack(part) for part in value]}
    return None


def unpack(value: Any) -> Any:
    """Return what `pack` was given."""
    if not isinstance(value, dict):
        return value
    if "parts" in value:
        return tuple(unpack(part) for part in value["parts"])
    readers = {"at": dt.datetime.fromisoformat, "on": dt.date.fromisoformat, "time": dt.time.fromisoformat}
    kind, text = next(iter(value.items()))
    return readers[kind](text)


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
        context.jobs.read(lambda session, _job: drafts.keys(session), self._know)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look at each form that opens."""
        if event.type() == QEvent.Type.Show and self._keys and isinstance(watched, FormDialog):
            key = key_of(watched)
            if key in self._keys:
                self._keys.discard(key)
                if not self._keys and (app := QApplication.instance()) is not None:
                    app.removeEventFilter(self)
                self._offer(watched, key)
        return False

    def _know(self, keys: list[str]) -> None:
        self._keys = set(keys)
        app = QApplication.instance()
        if (
            keys and app is not None
        ):  # a filter here is asked about every event, so only while there is something to offer
            app.installEventFilter(self)
        titles = ", ".join(sorted(key.partition("|")[2] for key in keys))
        if titles:
            text = ngettext(
                "Det du skrev i {titles} finns kvar. Öppna formuläret igen.",
                "Det du skrev i {titles} finns kvar. Öppna formulären igen.",
                len(keys),
            )
            messages.toast(self._window, text.format(titles=titles))

    def _offer(self, form: FormDialog, key: str) -> None:
        card = InfoCard(_("Det du skrev finns kvar"), _("Valvet låstes innan formuläret sparades."), tone=Tone.INFO)
        holder, flow = flow_widget()
        back, away = button(_("&Hämta tillbaka"), "history", role="primary"), button(_("&Kasta"))
        flow.addWidget(back)
        flow.addWidget(away)
        card.add(holder)
        form.column.insertWidget(1, card)
        back.clicked.connect(partial(self._take, form, card, key, is_wanted=True))
        away.clicked.connect(partial(self._take, form, card, key, is_wanted=False))
        back.setFocus()

    def _take(self, form: FormDialog, card: InfoCard, key: str, *_args: object, is_wanted: bool) -> None:
        card.hide()
        card.deleteLater()
        fill = partial(_fill, form) if is_wanted else None
        self._context.jobs.write(lambda session, _job: drafts.take(session, key), fill)


def _fill(form: FormDialog, values: dict[str, Any]) -> None:
    for name, value in values.items():
        if name in form.fields:
            form.fields[name].set_value(unpack(value))
    if form.fields:
        next(iter(form.fields.values())).setFocus()
