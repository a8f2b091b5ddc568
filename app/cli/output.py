"""How a command answers: one JSON document, or a short text."""

import datetime as dt
import enum
import json
import sys
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.domain.errors import UserError
from app.i18n import _


@dataclass(frozen=True)
class Answer:
    """What a command found or did.

    Attributes:
        data: The JSON document.
        text: The same in a few words; made from the data when empty.
    """

    data: Any
    text: str = ""


def plain(value: Any) -> Any:
    """Return `value` in JSON's kinds: days and times in ISO 8601, codes as text."""
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(held) for key, held in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [plain(held) for held in value]
    return value


def show(answer: Answer, *, as_json: bool) -> None:
    """Write the answer to standard output."""
    text = json.dumps(plain(answer.data), ensure_ascii=False) if as_json else answer.text or _words(plain(answer.data))
    sys.stdout.write(_printable(text) + "\n" if not as_json else text + "\n")
    sys.stdout.flush()


def show_line(data: Mapping[str, Any]) -> None:
    """Write one JSON line to standard output, at once."""
    sys.stdout.write(json.dumps(plain(data), ensure_ascii=False) + "\n")
    sys.stdout.flush()


def error_document(error: UserError) -> dict[str, Any]:
    """Return an error as JSON: what happened, what stands, what to do."""
    return {"error": {"code": int(error.code), "what": error.what, "stands": error.stands, "do": error.do}}


def show_error(error: UserError, *, as_json: bool) -> None:
    """Write an error: as JSON to standard output, else in words to standard error."""
    if as_json:
        show_line(error_document(error))
    else:
        sys.stderr.write(f"{error.what}\n{error.stands}\n{error.do}\n")


def warn(text: str) -> None:
    """Write a warning to standard error; the command goes on."""
    sys.stderr.write(text + "\n")


def show_unexpected(error: Exception, *, as_json: bool) -> None:
    """Write where an error nobody foresaw arose: classes, files and lines, never its message."""
    places = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)]
    what = _("Ett oväntat fel uppstod ({kind}).").format(kind=type(error).__name__)
    stands = _("Det du just gjorde har inte sparats. Allt annat är kvar.")
    remedy = _("Försök igen. Händer det på nytt: skicka felets plats till den som sköter programmet: {places}")
    words = {"code": 1, "what": what, "stands": stands, "do": remedy.format(places=" ".join(places[-4:]))}
    if as_json:
        show_line({"error": words})
    else:
        sys.stderr.write(f"{words['what']}\n{words['stands']}\n{words['do']}\n")


def show_progress(done: int, total: int) -> None:
    """Write one step as a JSON line to standard error."""
    sys.stderr.write(json.dumps({"done": done, "total": total}) + "\n")


def _words(value: Any, indent: str = "") -> str:
    if isinstance(value, dict):
        return "\n".join(_entry(key, held, indent) for key, held in value.items())
    if isinstance(value, list):
        if not value:
            return indent + _("Inga.")
        return "\n".join(f"{indent}- {_words(held, indent + '  ').lstrip()}" for held in value)
    return f"{indent}{'' if value is None else value}"


def _entry(key: str, held: Any, indent: str) -> str:
    name = key.replace("_", " ")
    if isinstance(held, dict | list) and held:
        return f"{indent}{name}:\n{_words(held, indent + '  ')}"
    return f"{indent}{name}: {_words(held).strip()}"


def _printable(text: str) -> str:
    """Return the text without characters that could steer a terminal: names come from strangers."""
    return "".join(letter if letter.isprintable() or letter == "\n" else "\ufffd" for letter in text)
