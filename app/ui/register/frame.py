"""What the tab is made of and how it is laid out: the lists at the left, the form of an activity at the right."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSplitter, QVBoxLayout, QWidget

from app.i18n import _
from app.ui.context import Context
from app.ui.kit.buttons import button
from app.ui.kit.chips import ChipRow
from app.ui.kit.labels import PlainLabel
from app.ui.kit.table import QueryTable
from app.ui.kit.table_model import FetchRows
from app.ui.register.columns import ACTIVITIES, NOTICES, RECIPIENTS, RULES, SOURCES, columns
from app.ui.register.desk import Desk
from app.ui.register.lists import Everything


def part_names() -> dict[str, str]:
    """Return what the lists are called, in order."""
    return {
        ACTIVITIES: _("Behandlingar"),
        SOURCES: _("Källor"),
        RECIPIENTS: _("Mottagare"),
        RULES: _("Gallringsregler"),
        NOTICES: _("Informationstexter"),
    }


class RegisterFrame(QWidget):
    """Holds the parts; the tab says what they do."""

    def __init__(self) -> None:
        super().__init__()
        self.splitter = QSplitter(Qt.Orientation.Horizontal)

    def build(self, context: Context, fetch: FetchRows, found: Callable[[], Everything | None]) -> None:
        """Make the parts and place them.

        Args:
            context: The open vault.
            fetch: Returns rows of the list in view.
            found: Returns the register as it was last read, or None.
        """
        parts = [(part, name, None) for part, name in part_names().items()]
        self.chips = ChipRow(_("Visa"), parts, combo_below=38 * self.fontMetrics().height())
        self.new_button = button(_("&Ny behandling"), "plus", role="primary")
        self.table = QueryTable(columns(ACTIVITIES), fetch, name=_("Behandlingar"), empty=_("Inget är inlagt än."))
        self.desk = Desk(context, self.chosen, found)
        self.table.addAction(self.desk.remove_action)
        self.back_button = button(_("Till listan"), "arrow-left", role="link")
        self.state = PlainLabel("", "muted", wrap=True)
        self.undo_button, self.save_button = button(_("Ån&gra ändringar")), button(_("&Spara"), "check", role="primary")
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._lay_out()
        self._build_actions()

    def chosen(self) -> tuple[str, int | None]:
        """Return the list in view, and the id of its chosen row or None."""
        return self.chips.value(), self.table.selected_id()

    def _lay_out(self) -> None:
        self.whole, top, bottom = QVBoxLayout(self), QHBoxLayout(), QHBoxLayout()
        self.whole.setContentsMargins(10, 10, 10, 8)
        self.whole.setSpacing(8)
        self.whole.addLayout(top)
        top.addWidget(self.chips, 1)
        top.addWidget(self.new_button, 0, Qt.AlignmentFlag.AlignTop)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(24)
        self.whole.addWidget(self.splitter, 1)
        self.left, self.right = QWidget(), QWidget()
        left, right = QVBoxLayout(self.left), QVBoxLayout(self.right)
        for side, column in ((self.left, left), (self.right, right)):
            column.setContentsMargins(0, 0, 0, 0)
            self.splitter.addWidget(side)
        self.splitter.setStretchFactor(0, 3)
        self.splitter.setStretchFactor(1, 2)
        self.splitter.setSizes([760, 560])
        left.addWidget(self.table, 1)
        left.addWidget(self.desk)
        bottom.addWidget(self.state, 1)
        bottom.addWidget(self.undo_button)
        bottom.addWidget(self.save_button)
        right.addWidget(self.back_button, 0, Qt.AlignmentFlag.AlignLeft)
        right.addWidget(self.area, 1)
        right.addLayout(bottom)

    def _build_actions(self) -> None:
        self.save_action, self.back_action = QAction(_("Spara behandlingen"), self), QAction(_("Till listan"), self)
        self.save_action.setShortcuts([QKeySequence("Ctrl+Return"), QKeySequence("Ctrl+S")])
        self.back_action.setShortcut(QKeySequence("Alt+Left"))
        for action in (self.save_action, self.back_action):
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            self.addAction(action)
