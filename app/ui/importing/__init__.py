"""The import wizard, and the list of imports.  No tab: the window and the tabs open them."""

from app.ui.importing.dialog import ImportDialog, open_import
from app.ui.importing.past import PastImports, open_past

__all__ = ["ImportDialog", "PastImports", "open_import", "open_past"]
