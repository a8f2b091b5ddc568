"""What is typed and not saved, as something that can be kept while the window is away and put back afterwards."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QPlainTextEdit, QWidget


@dataclass(frozen=True)
class Draft:
    """What was typed in one form.

    Attributes:
        kind: Which form; its class's name.
        about: Which case, such as a request's number; empty when it is about none.  Never a person's name.
        title: What the user calls the form.
        values: The answers, in JSON's own kinds.
        original: The file the form was filled in from; empty when there is none.
        caret: Where somebody was typing, as `caret_of` gives it; empty when it was not here.
    """

    kind: str
    about: str = ""
    title: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    original: bytes = b""
    caret: dict[str, int] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Return what the draft is kept under."""
        return f"{self.kind}|{self.about}"


class Drafting:
    """Mixed into forms and pages in which something can be typed and not saved.

    Attributes:
        draft_about: Which case it is about; a draft of another case is not offered here.
    """

    draft_about = ""

    def drafts(self) -> list[Draft]:
        """Return what is typed and not saved."""
        raise NotImplementedError

    def show_offer(self, card: QWidget) -> None:
        """Put a card in view that offers a draft."""
        raise NotImplementedError

    def take_back(self, draft: Draft) -> None:
        """Put a draft back where it was typed."""
        raise NotImplementedError


def caret_of(form: QWidget) -> dict[str, int]:
    """Return where in a form somebody is typing: which of its fields, and where in its text; empty when it is not in the form."""
    focused = QApplication.focusWidget()
    found = _fields(form)
    if focused is None or focused not in found:
        return {}
    place = {"field": found.index(focused)}
    if isinstance(focused, QLineEdit):
        begin = focused.selectionStart()
        at = focused.cursorPosition()
        other = at if begin < 0 else begin + focused.selectionLength() if at == begin else begin
        return {**place, "at": at, "anchor": other}
    if isinstance(focused, QPlainTextEdit):
        cursor = focused.textCursor()
        return {**place, "at": cursor.position(), "anchor": cursor.anchor(), "top": focused.verticalScrollBar().value()}
    return place


def put_caret(form: QWidget, place: Mapping[str, int]) -> None:
    """Go on typing in a form where `caret_of` said."""
    found = _fields(form)
    number = place.get("field", -1)
    if not 0 <= number < len(found):
        return
    chosen = found[number]
    chosen.setFocus(Qt.FocusReason.OtherFocusReason)
    at, anchor = place.get("at", 0), place.get("anchor", 0)
    if isinstance(chosen, QLineEdit):
        chosen.setCursorPosition(at)
        if at != anchor:
            chosen.setSelection(anchor, at - anchor)
    elif isinstance(chosen, QPlainTextEdit):
        cursor = chosen.textCursor()
        cursor.setPosition(min(anchor, len(chosen.toPlainText())))
        cursor.setPosition(min(at, len(chosen.toPlainText())), QTextCursor.MoveMode.KeepAnchor)
        chosen.setTextCursor(cursor)
        chosen.verticalScrollBar().setValue(place.get("top", 0))


def _fields(form: QWidget) -> list[QWidget]:
    return [
        one
        for one in form.findChildren(QWidget)
        if isinstance(one, QLineEdit | QPlainTextEdit | QComboBox | QAbstractButton)
    ]


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


def packed(answers: dict[str, Any]) -> dict[str, Any]:
    """Return the answers that can be kept."""
    return {name: kept for name, value in answers.items() if (kept := pack(value)) is not None}
