"""The copy desk: our answers in the order of the authority's form, each with its own copy button."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.documents.content import Answer
from app.i18n import _, ngettext
from app.reference.breach_form import form
from app.ui.kit import messages
from app.ui.kit.buttons import button, icon_button
from app.ui.kit.cards import Card
from app.ui.kit.flow import flow_widget
from app.ui.kit.icons import IconView, icon
from app.ui.kit.labels import PlainLabel, set_style
from app.ui.kit.scroll import ScrollColumn
from app.ui.kit.theme import Tone


@dataclass(frozen=True)
class Sheet:
    """What the desk shows.

    Attributes:
        heading: What the paper is called.
        state: Draft or sent, and the incident's number.
        answers: In the form's order.
    """

    heading: str
    state: str
    answers: tuple[Answer, ...]


class CopyDesk(QWidget):
    """Shows the answers to copy.

    Signals:
        field_wanted: The name of a missing answer, to go there.
        preview_wanted: Show the PDF.
        save_wanted: Make and save the PDF.
    """

    field_wanted = Signal(str)
    preview_wanted = Signal()
    save_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._sheet = Sheet("", "", ())
        self.rows: dict[str, AnswerRow] = {}
        self.copy_all_button = button(_("Kopiera a&llt"), "copy")
        self.preview_button = button(_("&Visa PDF"), "eye")
        self.save_button = button(_("Spara P&DF…"), "file-text")
        self.heading = PlainLabel("", "h1", wrap=True)
        self.state = PlainLabel("", "muted", wrap=True)
        self._build()
        self.copy_all_button.clicked.connect(self.copy_all)
        self.preview_button.clicked.connect(self.preview_wanted)
        self.save_button.clicked.connect(self.save_wanted)

    def _build(self) -> None:
        holder, flow = flow_widget()
        for part in (self.copy_all_button, self.preview_button, self.save_button):
            flow.addWidget(part)
        self.paper, self.area = Card(), ScrollColumn(right=4)
        self.paper.column.setContentsMargins(18, 14, 12, 14)
        self.paper.column.setSpacing(10)
        self.paper.add(self.heading)
        self.paper.add(self.state)
        self._list = QVBoxLayout()
        self._list.setSpacing(10)
        self.paper.column.addLayout(self._list)
        self.paper.column.addStretch()
        self.area.add(self.paper)
        self.area.setAccessibleName(_("Så ser anmälan ut"))
        self.banner = Card(Tone.WARN)
        words = PlainLabel(_("Anmälan blir allmän handling. Skriv inga namn."), wrap=True)
        line = QHBoxLayout()
        line.addWidget(IconView("triangle-alert", Tone.WARN), 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(words, 1)
        self.banner.column.addLayout(line)
        self.banner.column.setContentsMargins(12, 8, 12, 8)
        words.set_tone(Tone.WARN)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(PlainLabel(_("Så ser anmälan ut"), "h2"))
        column.addWidget(holder)
        column.addWidget(self.area, 1)
        column.addWidget(self.banner)

    def show_sheet(self, sheet: Sheet) -> None:
        """Show these answers; rows that are there are written anew, so the focus and the place stay."""
        self._sheet = sheet
        self.heading.setText(sheet.heading)
        self.state.setText(sheet.state)
        shown = [answer for answer in sheet.answers if answer.text or answer.is_missing or answer.number]
        if [answer.name for answer in shown] != list(self.rows):
            self._make_rows(shown)
        for answer in shown:
            self.rows[answer.name].show_answer(answer)

    def _make_rows(self, answers: Sequence[Answer]) -> None:
        for row in self.rows.values():
            self._list.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = {}
        for answer in answers:
            row = AnswerRow(answer.name)
            row.field_wanted.connect(self.field_wanted)
            self.rows[answer.name] = row
            self._list.addWidget(row)

    @Slot()
    def copy_all(self) -> None:
        """Put all questions and answers on the clipboard."""
        parts = [f"{title(answer)}\n{answer.text}" for answer in self._sheet.answers if answer.text]
        QGuiApplication.clipboard().setText("\n\n".join(parts))
        messages.toast(self, ngettext("{n} svar kopierat", "{n} svar kopierade", len(parts)).format(n=len(parts)))

    def minimumSizeHint(self) -> QSize:
        """Return the least size it can do with."""
        return QSize(260, 200)


class AnswerRow(QWidget):
    """One question with its answer, or the way to where it is missing.

    Signals:
        field_wanted: The name of the missing answer.
    """

    field_wanted = Signal(str)

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name, self._text = name, ""
        self.title = PlainLabel("", "strong", wrap=True)
        self.text = PlainLabel("", wrap=True, is_selectable=True)
        self.missing = button("", "circle-alert", role="link")
        self.missing.setIcon(icon("circle-alert", Tone.DANGER))
        set_style(self.missing, "tone", Tone.DANGER.value)
        self.left = PlainLabel("", "muted")
        self.copy_button: QPushButton = icon_button("copy", "")
        words, row = QVBoxLayout(), QHBoxLayout(self)
        words.setSpacing(2)
        for part in (self.title, self.text, self.left):
            words.addWidget(part)
        words.addWidget(self.missing, 0, Qt.AlignmentFlag.AlignLeft)
        row.setContentsMargins(0, 0, 0, 0)
        row.addLayout(words, 1)
        row.addWidget(self.copy_button, 0, Qt.AlignmentFlag.AlignTop)
        self.copy_button.clicked.connect(self.copy)
        self.missing.clicked.connect(self._go)

    def show_answer(self, answer: Answer) -> None:
        """Show another answer."""
        self._text = "" if answer.is_missing else answer.text
        field = next((field for field in form().fields if field.name == answer.name), None)
        self.title.setText(title(answer))
        self.text.setText(self._text or "–")
        self.text.setVisible(not answer.is_missing)
        self.title.set_tone(Tone.DANGER if answer.is_missing else None)
        self.missing.setVisible(answer.is_missing)
        if field is not None:
            self.missing.setText(_("SAKNAS – steg {step}").format(step=field.step))
        self.missing.setAccessibleName(f"{answer.label}: {self.missing.text()}")
        limit = field.max_chars if field is not None else None
        self.left.setVisible(bool(limit and self._text))
        if limit:
            self._count(limit)
        name = _("Kopiera svaret: {question}").format(question=answer.label)
        self.copy_button.setAccessibleName(name)
        self.copy_button.setVisible(bool(self._text))

    def _count(self, limit: int) -> None:
        left = limit - len(self._text)
        self.left.set_level("muted" if left >= 0 else "problem")
        if left >= 0:
            self.left.setText(ngettext("{n} tecken kvar", "{n} tecken kvar", left).format(n=left))
        else:
            self.left.setText(ngettext("{n} tecken för mycket", "{n} tecken för mycket", -left).format(n=-left))

    @Slot()
    def copy(self) -> None:
        """Put the answer on the clipboard."""
        QGuiApplication.clipboard().setText(self._text)
        messages.toast(self, _("Svaret är kopierat"))

    @Slot()
    def _go(self) -> None:
        self.field_wanted.emit(self._name)


def title(answer: Answer) -> str:
    """Return the question with its number in the form, where that is known."""
    return f"{answer.number}. {answer.label}" if answer.number else answer.label
