"""What somebody has typed and not yet saved.  Kept in the vault while it is typed, given back once."""

import base64
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.audit import Action
from app.services import audit
from app.services.guard import guarded
from db.models import Setting

_PREFIX = "draft:"


@dataclass(frozen=True)
class Kept:
    """A draft.

    Attributes:
        values: The answers by name.
        title: What the user calls the form.
        original: The file the form was filled in from, as it came; empty when there is none.
        caret: Where somebody was typing: the number of the field in the form, the place in it, and the other end of what was marked.
    """

    values: dict[str, Any]
    title: str = ""
    original: bytes = b""
    caret: dict[str, int] = field(default_factory=dict)


@guarded
def save(session: Session, key: str, draft: Kept) -> None:
    """Keep what was typed in the form named `key`, in the place of an older draft of it.

    The trail tells of a draft when it begins and when it ends, not of each time more was typed.
    """
    value = {
        "title": draft.title,
        "values": draft.values,
        "original": base64.b64encode(draft.original).decode("ascii"),
        "caret": draft.caret,
    }
    name = _PREFIX + key
    setting = session.get(Setting, name)
    if setting is None:
        setting = Setting(key=name, value=value)
        session.add(setting)
        audit.record(session, Action.SETTING_CHANGED, setting, fields=len(draft.values))
    else:
        setting.value = value


@guarded
def take(session: Session, key: str) -> Kept | None:
    """Return the draft of a form and forget it; None when there is none."""
    setting = session.get(Setting, _PREFIX + key)
    if setting is None:
        return None
    value = setting.value
    original = base64.b64decode(value["original"])
    kept = Kept(dict(value["values"]), value["title"], original, dict(value.get("caret", {})))
    audit.record(session, Action.SETTING_CHANGED, setting, fields=0)
    session.delete(setting)
    session.flush()
    return kept


def titles(session: Session) -> dict[str, str]:
    """Return the forms that have a draft: what the user calls each, by its key."""
    title = Setting.value["title"].as_string()
    rows = session.execute(sa.select(Setting.key, title).where(Setting.key.startswith(_PREFIX)).order_by(Setting.key))
    return {key.removeprefix(_PREFIX): text for key, text in rows}
