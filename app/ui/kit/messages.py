"""The three ways the program speaks up: an error that stays until read, a question before the irreversible, and a toast."""

import logging
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeyEvent
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app import __version__
from app.domain.errors import UserError
from app.i18n import _
from app.ui.kit import clipboard
from app.ui.kit.icons import IconView
from app.ui.kit.labels import PlainLabel, set_style
from app.ui.kit.theme import Tone

log = logging.getLogger(__name__)
_open: set[QDialog] = set()
TEXT_WIDTH = 420


class ErrorText(NamedTuple):
    """What happened, what still stands, and what to do."""

    what: str
    stands: str
    do: str


@dataclass(frozen=True)
class Question:
    """What is asked before something that cannot be undone.

    Attributes:
        title: The question.
        text: What happens and what does not.
        verb: The text of the button that does it, such as "Radera 14 poster".
        details: Lines that say exactly what is touched.
        is_danger: Something is lost by it.
    """

    title: str
    text: str
    verb: str
    details: tuple[str, ...] = ()
    is_danger: bool = True


def error_text(error: Exception) -> ErrorText:
    """Return the words for an error; what nobody foresaw gets words that are true for all such."""
    if isinstance(error, UserError):
        return ErrorText(error.what, error.stands, error.do)
    return ErrorText(
        _("Ett oväntat fel uppstod."),
        _("Det du just gjorde har inte sparats. Allt annat är kvar."),
        _("Försök igen. Händer det på nytt: kopiera detaljerna och skicka dem till den som sköter programmet."),
    )


def report(error: BaseException) -> str:
    """Return where an error arose: classes, files, lines and functions.  Never its message, which may quote a person."""
    lines = [f"Ombudet {__version__}"]
    current: BaseException | None = error
    while current is not None:
        lines.append(type(current).__name__ + (f" ({current.code.name})" if isinstance(current, UserError) else ""))
        lines += [
            f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(current.__traceback__)
        ]
        current = current.__cause__ or current.__context__
    return "\n".join(lines)


def show_error(parent: QWidget | None, error: Exception) -> "ErrorBox":
    """Show what happened, what stands and what to do, beside the work and not in its way."""
    if not isinstance(error, UserError):
        log.error("unexpected: %s", report(error))
    words = error_text(error)
    for box in _open:
        if shiboken6.isValid(box) and isinstance(box, ErrorBox) and box.words == words and box.isVisible():
            box.raise_()
            return box
    box = ErrorBox(parent, words, report(error))
    _keep(box)
    box.show()
    return box


def ask(parent: QWidget | None, question: Question, then: Callable[[], None]) -> "QuestionBox":
    """Ask, and call `then` only if the user presses the verb.  Enter and Esc both choose the safe way."""
    box = QuestionBox(parent, question)
    box.accepted.connect(then)
    _keep(box)
    box.open()
    return box


class ErrorBox(QDialog):
    """An error with its remedy.  Not modal: the user can mend the cause while reading."""

    def __init__(self, parent: QWidget | None, words: ErrorText, details: str) -> None:
        super().__init__(parent)
        self.words = words
        self._details = f"{words.what}\n{details}"
        self.setWindowTitle(_("Något gick fel"))
        self.setAccessibleDescription(" ".join(words))
        self.copy_button, self.close_button = QPushButton(_("Kopiera detaljer")), QPushButton(_("Stäng"))
        parts = [PlainLabel(words.what, "h2", wrap=True, is_selectable=True)]
        parts += [PlainLabel(text, wrap=True, is_selectable=True) for text in words[1:] if text]
        _lay_out(self, "circle-alert", parts, [self.copy_button, self.close_button])
        self.copy_button.clicked.connect(self.copy_details)
        self.close_button.clicked.connect(self.close)
        self.close_button.setDefault(True)
        self.close_button.setFocus()

    @Slot()
    def copy_details(self) -> None:
        """Put the details on the clipboard; they hold no personal data."""
        clipboard.copy_text(self._details)
        self.copy_button.setText(_("Kopierat"))


class QuestionBox(QDialog):
    """A question with the verb on its button and the safe answer as default."""

    def __init__(self, parent: QWidget | None, question: Question) -> None:
        super().__init__(parent)
        self.setWindowTitle(question.title)
        self.setAccessibleDescription(question.text)
        self.verb_button, self.cancel_button = QPushButton(question.verb), QPushButton(_("Avbryt"))
        set_style(self.verb_button, "role", "danger" if question.is_danger else "primary")
        parts = [PlainLabel(question.title, "h2", wrap=True), PlainLabel(question.text, wrap=True)]
        parts += [PlainLabel("•  " + line, wrap=True) for line in question.details]
        _lay_out(
            self, "triangle-alert" if question.is_danger else "info", parts, [self.verb_button, self.cancel_button]
        )
        self.verb_button.setAutoDefault(False)
        self.cancel_button.setDefault(True)
        self.verb_button.clicked.connect(self.accept)
        self.cancel_button.clicked.connect(self.reject)
        self.cancel_button.setFocus()


class Toast(QFrame):
    """A short message over the window's lower edge, with at most one action.

    Args:
        window: The window it belongs to.
        text: What was done.
        action: The text of the button, such as "Ångra"; empty for none.
        then: What the button does.
    """

    def __init__(self, window: QWidget, text: str, action: str = "", then: Callable[[], None] | None = None) -> None:
        super().__init__(window)
        self._window = window
        self.setProperty("card", "toast")
        self.setAccessibleName(text)
        self._then = then
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 12, 8)
        row.setSpacing(16)
        row.addWidget(PlainLabel(text))
        self.button = QPushButton(action)
        self.button.setVisible(bool(action))
        self.button.clicked.connect(self._act)
        row.addWidget(self.button)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.deleteLater)
        self._timer.start(10_000 if action else 5_000)
        window.installEventFilter(self)
        self._place()
        self.show()
        self.raise_()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Answer the keys."""
        if event.key() == Qt.Key.Key_Escape:
            self.deleteLater()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """See to the keys and events of the parts."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return False

    @Slot()
    def _act(self) -> None:
        self.hide()
        if self._then is not None:
            self._then()
        self.deleteLater()

    def _place(self) -> None:
        self.adjustSize()
        self.move((self._window.width() - self.width()) // 2, self._window.height() - self.height() - 44)


def toast(widget: QWidget, text: str, action: str = "", then: Callable[[], None] | None = None) -> Toast:
    """Show a toast in the window of `widget`, in the place of the one before."""
    window = widget.window()
    for older in window.findChildren(Toast):
        older.hide()
        older.deleteLater()
    return Toast(window, text, action, then)


def _lay_out(box: QDialog, icon_name: str, parts: list[PlainLabel], buttons: list[QPushButton]) -> None:
    picture = IconView(icon_name, Tone.DANGER if icon_name != "info" else Tone.INFO, 24)
    column = QVBoxLayout()
    column.setSpacing(8)
    for part in parts:
        part.setFixedWidth(TEXT_WIDTH)
        column.addWidget(part)
    top, bottom, whole = QHBoxLayout(), QHBoxLayout(), QVBoxLayout(box)
    top.setSpacing(12)
    top.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
    top.addLayout(column)
    bottom.addStretch()
    for button in buttons:
        bottom.addWidget(button)
    whole.setContentsMargins(16, 16, 16, 12)
    whole.setSpacing(16)
    whole.addLayout(top)
    whole.addLayout(bottom)
    whole.setSizeConstraint(QVBoxLayout.SizeConstraint.SetFixedSize)


def _keep(box: QDialog) -> None:
    """Hold a box that has no parent until it is closed."""
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    _open.add(box)
    box.finished.connect(_release)


def _release(_result: int) -> None:
    for box in list(_open):
        if not shiboken6.isValid(box) or not box.isVisible():
            _open.discard(box)
