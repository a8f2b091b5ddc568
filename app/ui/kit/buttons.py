"""Push buttons with an icon, a role and a name that a screen reader can say."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QPushButton

from app.ui.kit.icons import SIZE, icon
from app.ui.kit.labels import set_style, set_tooltip
from app.ui.kit.theme import Tone

_TINTS: dict[str, str | Tone] = {"primary": "on_accent", "danger": Tone.DANGER, "link": "accent"}


def button(text: str, icon_name: str = "", *, role: str = "", tooltip: str = "") -> QPushButton:
    """Return a button.

    Args:
        text: The verb on it.
        icon_name: A Lucide name.
        role: `primary` (one per screen), `danger`, `link`, or nothing.
        tooltip: More words.
    """
    made = QPushButton(f"\u2009{text}" if icon_name and text else text)
    made.setAutoDefault(False)
    made.setAccessibleName(text.replace("&", ""))
    if icon_name:
        made.setIcon(icon(icon_name, _TINTS.get(role, "text")))
        made.setIconSize(QSize(SIZE, SIZE))
    if role:
        set_style(made, "role", role)
    if tooltip:
        set_tooltip(made, tooltip)
    return made


def icon_button(icon_name: str, name: str) -> QPushButton:
    """Return a square button with an icon only; `name` is its tooltip and what a screen reader says."""
    made = QPushButton()
    made.setAutoDefault(False)
    made.setIcon(icon(icon_name))
    made.setIconSize(QSize(SIZE, SIZE))
    set_style(made, "role", "icon")
    set_tooltip(made, name)
    made.setAccessibleName(name)
    made.setAccessibleDescription("")
    return made


def explain(target: QPushButton, why_not: str | None) -> None:
    """Turn a button off with the reason as its tooltip, or on when there is no reason."""
    target.setEnabled(not why_not)
    set_tooltip(target, why_not or "")
