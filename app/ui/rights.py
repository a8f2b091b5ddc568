"""What the role of whoever is at work leaves of the window.  The services refuse in any case."""

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from app.domain.roles import refusal
from app.services import guard
from app.services.vaults import Vault
from app.ui.kit.keep_off import keep_off


def why_not(vault: Vault, act: str) -> str:
    """Return why whoever is at work may not do an act, such as `requests.register`; empty when they may."""
    return "" if guard.may(vault, act) else refusal(guard.LEAST[act]).what


def restrict(vault: Vault, act: str, *targets: QWidget | QAction) -> None:
    """Turn off what does an act that whoever is at work may not do."""
    if why := why_not(vault, act):
        for target in targets:
            keep_off(target, why)
