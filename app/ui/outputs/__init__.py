"""Documents about a person on their way out.  Not a tab: a request's page and a person's card open them."""

from app.ui.outputs.dialog import ExtractDialog, PortabilityDialog
from app.ui.outputs.leaving import Outcome, leave
from app.ui.outputs.person import About

__all__ = ["About", "ExtractDialog", "Outcome", "PortabilityDialog", "leave"]
