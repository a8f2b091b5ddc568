"""What lies under the chips of a request's page: steps, letters, files, events and the message."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from app.domain import rights, status
from app.i18n import _
from app.ui.file_words import kind_text, size_text
from app.ui.inbox.case import Case, local
from app.ui.kit.cards import Card, InfoCard
from app.ui.kit.foreign import many_lines
from app.ui.kit.labels import PlainLabel
from app.ui.kit.steps import StepList
from app.ui.kit.table import Column, QueryTable
from db.models import Attachment

PREVIEW_CHARS = 600


class StepsPage(QWidget):
    """Steps with who and when, the decisions, what is to be done outside, and the beginning of the message."""

    def __init__(self) -> None:
        super().__init__()
        self.list = StepList(_("Steg"))
        self.decisions, self.tasks = StepText(), StepText()
        self._steps, self._decisions, self._tasks = Card(), Card(), Card()
        self._steps.add(self.list)
        self._decisions.add(PlainLabel(_("Beslut"), "h2"))
        self._decisions.add(self.decisions)
        self._tasks.add(PlainLabel(_("Utanför programmet"), "h2"))
        self._tasks.add(self.tasks)
        self.message = InfoCard()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        for part in (self._steps, self._decisions, self._tasks, self.message):
            column.addWidget(part)
        column.addStretch()

    def set_case(self, case: Case) -> None:
        """Show a request's steps."""
        self.list.set_steps(case.steps)
        lines = [
            f"{rights.label(one.right)}: {status.label(one.outcome)}" + (f". {one.reason}" if one.reason else "")
            for one in case.facts.rights
            if one.outcome is not None
        ]
        self._decisions.setVisible(bool(lines))
        self.decisions.setText(many_lines("\n".join(lines)))
        self._tasks.setVisible(bool(case.tasks))
        self.tasks.setText("\n".join(_task_line(task.title, task.done_on is not None) for task in case.tasks))
        text = case.request.message.strip()
        shown = many_lines(text, PREVIEW_CHARS)
        self.message.set_content(_("Meddelandet"), shown, case.request.requester_email)
        self.message.setVisible(bool(text))


class StepText(PlainLabel):
    """Wrapped lines that can be marked and copied."""

    def __init__(self) -> None:
        super().__init__("", wrap=True, is_selectable=True)


class MessagePage(QWidget):
    """The whole message, as plain text whatever it was."""

    def __init__(self) -> None:
        super().__init__()
        self.who = PlainLabel("", "muted", wrap=True, is_selectable=True)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(_("Meddelandet"))
        self.text.setMinimumHeight(160)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.who)
        column.addWidget(self.text, 1)

    def set_case(self, case: Case) -> None:
        """Show a request's message."""
        request = case.request
        self.who.setText(
            many_lines(" · ".join(part for part in (request.requester_name, request.requester_email) if part))
        )
        text = request.message or _("Begäran har inget meddelande.")
        if self.text.toPlainText() != text:
            self.text.setPlainText(text)


class EventsPage(QWidget):
    """What the trail says about the request."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: dict[int, Any] = {}
        columns = (
            Column(_("När"), lambda row: str(row.at), width=16),
            Column(_("Händelse"), lambda row: str(row.text), width=32),
            Column(_("Vem"), lambda row: str(row.user), width=16),
        )
        self.table = QueryTable(columns, self._fetch, name=_("Händelser"), empty=_("Inga händelser."))
        _fill(self, self.table)

    def set_case(self, case: Case) -> None:
        """Show what has been done with a request."""
        self._rows = {event.number: event for event in case.events}
        self.table.set_ids(list(self._rows))

    def _fetch(self, ids: Sequence[int]) -> dict[int, Any]:
        return {key: self._rows[key] for key in ids}


class FilesPage(QWidget):
    """Files of the request; Enter opens one.

    Args:
        name: What a screen reader calls the list.
        empty: What it says when there are none.
        kinds: Which files are shown.
    """

    def __init__(self, name: str, empty: str, kinds: tuple[str, ...]) -> None:
        super().__init__()
        self._kinds = kinds
        self._rows: dict[int, Attachment] = {}
        columns = (
            Column(_("Vad"), kind_text, width=26),
            Column(_("Version"), lambda row: f"v{row.version}", width=7),
            Column(_("Sparad"), lambda row: local(row.stored_at), width=16),
            Column(_("Storlek"), lambda row: size_text(row.size), width=9),
        )
        self.table = QueryTable(columns, self._fetch, name=name, empty=empty)
        _fill(self, self.table)

    def set_case(self, case: Case) -> None:
        """Show a request's files."""
        self._rows = {row.id: row for row in case.files(*self._kinds)}
        self.table.set_ids(list(self._rows))

    def _fetch(self, ids: Sequence[int]) -> dict[int, Any]:
        return {key: self._rows[key] for key in ids}


def _fill(page: QWidget, part: QWidget) -> None:
    part.setMinimumHeight(180)
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(part)


def _task_line(title: str, is_done: bool) -> str:
    return _("✓ {title}").format(title=title) if is_done else _("○ {title}").format(title=title)
