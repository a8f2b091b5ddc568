"""The pages by name."""

from collections.abc import Callable

from app.ui.context import Context
from app.ui.tools.about import AboutPage
from app.ui.tools.backups import BackupsPage
from app.ui.tools.company import CompanyPage
from app.ui.tools.keys import KeysPage
from app.ui.tools.log import LogPage
from app.ui.tools.page import ToolPage
from app.ui.tools.policy import PolicyPage

PAGES: dict[str, Callable[[Context], ToolPage]] = {
    "log": LogPage,
    "backup": BackupsPage,
    "company": CompanyPage,
    "policy": PolicyPage,
    "keys": KeysPage,
    "about": AboutPage,
}


def make(name: str, context: Context) -> ToolPage:
    """Return a new page.

    Raises:
        KeyError: There is no such page.
    """
    return PAGES[name](context)
