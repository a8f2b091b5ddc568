"""A form about a request with the finished page beside it."""

from PySide6.QtWidgets import QWidget

from app.ui.context import Context
from app.ui.inbox.case import Case
from app.ui.preview_form import PreviewForm


class PageForm(PreviewForm):
    """A form with a preview, about one request.

    Args:
        parent: The window it belongs to.
        context: What a tab is given.
        case: The request.
        words: The title and the verb.
        side: What stands to the left.
    """

    def __init__(
        self, parent: QWidget | None, context: Context, case: Case, words: tuple[str, str], side: QWidget
    ) -> None:
        super().__init__(parent, context, words, side)
        self.case = case
        self.draft_about = case.request.number
