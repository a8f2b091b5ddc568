"""What is typed and not saved, as something that can be kept while the window is away and put back afterwards."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtWidgets import QWidget


@dataclass(frozen=True)
class Draft:
    """What was typed in one form.

    Attributes:
        kind: Which form; its class's name.
        about: Which case, such as a request's number; empty when it is about none.  Never a person's name.
        title: What the user calls the form.
        values: The answers, in JSON's own kinds.
        original: The file the form was filled in from; empty when there is none.
    """

    kind: str
    about: str = ""
    title: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    original: bytes = b""

    @property
    def key(self) -> str:
        """Return what the draft is kept under."""
        return f"{self.kind}|{self.about}"


class Drafting:
    """Mixed into forms and pages in which something can be typed and not saved.

    Attributes:
        draft_about: Which case it is about; a draft of another case is not offered here.
    """

    draft_about = ""

    def drafts(self) -> list[Draft]:
        """Return what is typed and not saved."""
        raise NotImplementedError

    def show_offer(self, card: QWidget) -> None:
        """Put a card in view that offers a draft."""
        raise NotImplementedError

    def take_back(self, draft: Draft) -> None:
        """Put a draft back where it was typed."""
        raise NotImplementedError


def pack(value: Any) -> Any:
    """Return an answer in JSON's own kinds, or None for an answer that is empty or cannot be kept."""
    if isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, dt.datetime):
        return {"at": value.isoformat()}
    if isinstance(value, dt.date):
        return {"on": value.isoformat()}
    if isinstance(value, dt.time):
        return {"time": value.isoformat()}
    if isinstance(value, tuple | list):
        return {"parts": [pack(part) for part in value]}
    return None


def unpack(value: Any) -> Any:
    """Return what `pack` was given."""
    if not isinstance(value, dict):
        return value
    if "parts" in value:
        return tuple(unpack(part) for part in value["parts"])
    readers = {"at": dt.datetime.fromisoformat, "on": dt.date.fromisoformat, "time": dt.time.fromisoformat}
    kind, text = next(iter(value.items()))
    return readers[kind](text)


def packed(answers: dict[str, Any]) -> dict[str, Any]:
    """Return the answers that can be kept."""
    return {name: kept for name, value in answers.items() if (kept := pack(value)) is not None}
