"""The import wizard.  Not a tab: the window and the tabs open it through `open_import`."""

from app.ui.importing.dialog import ImportDialog, open_import

__all__ = ["ImportDialog", "open_import"]
