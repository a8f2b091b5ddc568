"""What somebody had typed and not yet saved when the vault was locked.  Kept in the vault, given back once."""

import base64
from dataclasses import dataclass
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
    """

    values: dict[str, Any]
    title: str = ""
    original: bytes = b""


@guarded
def save(session: Session, key: str, draft: Kept) -> None:
    """Keep what was typed in the form named `key`, in the place of an older draft of it."""
    value = {
        "title": draft.title,
        "values": draft.values,
        "original": base64.b64encode(draft.original).decode("ascii"),
    }
    name = _PREFIX + key
    setting = session.get(Setting, name)
    if setting is None:
        setting = Setting(key=name, value=value)
        session.add(setting)
    else:
        setting.value = value
    audit.record(session, Action.SETTING_CHANGED, setting, fields=len(draft.values))


@guarded
def take(session: Session, key: str) -> Kept | None:
    """Return the draft of a form and forget it; None when there is none."""
    setting = session.get(Setting, _PREFIX + key)
    if setting is None:
        return None
    value = setting.value
    kept = Kept(dict(value["values"]), value["title"], base64.b64decode(value["original"]))
    audit.record(session, Action.SETTING_CHANGED, setting, fields=0)
    session.delete(setting)
    session.flush()
    return kept


def titles(session: Session) -> dict[str, str]:
    """Return the forms that have a draft: what the user calls each, by its key."""
    title = Setting.value["title"].as_string()
    rows = session.execute(sa.select(Setting.key, title).where(Setting.key.startswith(_PREFIX)).order_by(Setting.key))
    return {key.removeprefix(_PREFIX): text for key, text in rows}
