"""The copy desk: our answers in the order of the authority's form, each with its own copy button."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.documents.content import Answer
from app.i18n import _, ngettext
from app.reference.breach_form import form
from app.ui.kit import clipboard, messages
from app.ui.kit.buttons import button, icon_button
from app.ui.kit.cards import Card
from app.ui.kit.flow import flow_widget
from app.ui.kit.icons import IconView, icon
from app.ui.kit.labels import PlainLabel, set_shown, set_style
from app.ui.kit.late import Slices
from app.ui.kit.scroll import ScrollColumn
from app.ui.kit.theme import Tone

ROWS_AT_A_TIME = 4


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
        self._rows: dict[str, AnswerRow] = {}
        self._making = Slices(self)
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
        self.banner = Card(Tone.WARN)
        for part in (self.copy_all_button, self.preview_button, self.save_button):
            flow.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self.paper, self.area = Card(), ScrollColumn(right=4)
        column.addWidget(PlainLabel(_("Så ser anmälan ut"), "h2"))
        column.addWidget(holder)
        column.addWidget(self.area, 1)
        column.addWidget(self.banner)
        self.area.add(self.paper)
        self.paper.column.setContentsMargins(18, 14, 12, 14)
        self.paper.column.setSpacing(10)
        self.paper.add(self.heading)
        self.paper.add(self.state)
        self._list = QVBoxLayout()
        self._list.setSpacing(10)
        self.paper.column.addLayout(self._list)
        self.paper.column.addStretch()
        self.area.setAccessibleName(_("Så ser anmälan ut"))
        words = PlainLabel(_("Anmälan blir allmän handling. Skriv inga namn."), wrap=True)
        line = QHBoxLayout()
        line.addWidget(IconView("triangle-alert", Tone.WARN), 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(words, 1)
        self.banner.column.addLayout(line)
        self.banner.column.setContentsMargins(12, 8, 12, 8)
        words.set_tone(Tone.WARN)

    def show_sheet(self, sheet: Sheet) -> None:
        """Show these answers; rows that are there are written anew, so the focus and the place stay."""
        if not self._making.is_done:
            self._making.when_done(partial(self.show_sheet, sheet))
            return
        self._sheet = sheet
        self.heading.setText(sheet.heading)
        self.state.setText(sheet.state)
        shown = [answer for answer in sheet.answers if answer.text or answer.is_missing or answer.number]
        if [answer.name for answer in shown] == list(self._rows):
            for answer in shown:
                self._rows[answer.name].show_answer(answer)
        else:
            self._clear()
            self._making.begin(self._make_rows(shown))

    @property
    def rows(self) -> dict[str, "AnswerRow"]:
        """The answers' rows by name, all of them."""
        self._making.finish()
        return self._rows

    def _clear(self) -> None:
        for row in self._rows.values():
            self._list.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows = {}

    def _make_rows(self, answers: Sequence[Answer]) -> Iterator[None]:
        for place, answer in enumerate(answers, start=1):
            row = AnswerRow(answer.name)
            row.field_wanted.connect(self.field_wanted)
            self._rows[answer.name] = row
            self._list.addWidget(row)
            row.show_answer(answer)
            if place % ROWS_AT_A_TIME == 0:
                yield

    @Slot()
    def copy_all(self) -> None:
        """Put all questions and answers on the clipboard."""
        parts = [f"{title(answer)}\n{answer.text}" for answer in self._sheet.answers if answer.text]
        clipboard.copy_text("\n\n".join(parts))
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
        self._words, self._row = QVBoxLayout(), QHBoxLayout(self)
        self._words.setSpacing(2)
        for part in (self.title, self.text):
            self._words.addWidget(part)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addLayout(self._words, 1)

    @cached_property
    def left(self) -> PlainLabel:
        """How much room is left, for an answer with a limit."""
        made = PlainLabel("", "muted")
        self._words.insertWidget(2, made)
        return made

    @cached_property
    def missing(self) -> QPushButton:
        """The way to where the answer is missing."""
        made = button("", "circle-alert", role="link")
        made.setIcon(icon("circle-alert", Tone.DANGER))
        set_style(made, "tone", Tone.DANGER.value)
        self._words.addWidget(made, 0, Qt.AlignmentFlag.AlignLeft)
        QWidget.setTabOrder(self.text, made)
        made.clicked.connect(self._go)
        return made

    @cached_property
    def copy_button(self) -> QPushButton:
        """Copies the answer, when there is one."""
        made = icon_button("copy", "")
        self._row.addWidget(made, 0, Qt.AlignmentFlag.AlignTop)
        QWidget.setTabOrder(self.missing if "missing" in self.__dict__ else self.text, made)
        made.clicked.connect(self.copy)
        return made

    def show_answer(self, answer: Answer) -> None:
        """Show another answer."""
        self._text = "" if answer.is_missing else answer.text
        field = next((field for field in form().fields if field.name == answer.name), None)
        limit = field.max_chars if field is not None else None
        self.title.setText(title(answer))
        self.text.setText(self._text or "–")
        set_shown(self.text, not answer.is_missing)
        self.title.set_tone(Tone.DANGER if answer.is_missing else None)
        if self._needs("missing", is_needed=answer.is_missing) and field is not None:
            self.missing.setText(_("SAKNAS – steg {step}").format(step=field.step))
            self.missing.setAccessibleName(f"{answer.label}: {self.missing.text()}")
        if self._needs("left", is_needed=bool(limit and self._text)) and limit:
            self._count(limit)
        if self._needs("copy_button", is_needed=bool(self._text)):
            self.copy_button.setAccessibleName(_("Kopiera svaret: {question}").format(question=answer.label))

    def _needs(self, part: str, *, is_needed: bool) -> bool:
        """Show or hide a part, made when it is first needed, and say whether it is."""
        if is_needed or part in self.__dict__:
            set_shown(getattr(self, part), is_needed)
        return is_needed

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
        clipboard.copy_text(self._text)
        messages.toast(self, _("Svaret är kopierat"))

    @Slot()
    def _go(self) -> None:
        self.field_wanted.emit(self._name)


def title(answer: Answer) -> str:
    """Return the question with its number in the form, where that is known."""
    return f"{answer.number}. {answer.label}" if answer.number else answer.label
