"""What somebody had typed and not yet saved when the vault was locked.  Kept in the vault, given back once."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.audit import Action
from app.services import audit
from db.models import Setting

_PREFIX = "draft:"


def save(session: Session, key: str, values: dict[str, Any]) -> None:
    """Keep what was typed in the form named `key`, in the place of an older draft of it."""
    name = _PREFIX + key
    setting = session.get(Setting, name)
    if setting is None:
        setting = Setting(key=name, value=values)
        session.add(setting)
    else:
        setting.value = values
    audit.record(session, Action.SETTING_CHANGED, setting, fields=len(values))


def take(session: Session, key: str) -> dict[str, Any]:
    """Return the draft of a form and forget it; empty when there is none."""
    setting = session.get(Setting, _PREFIX + key)
    if setting is None:
        return {}
    values = dict(setting.value)
    audit.record(session, Action.SETTING_CHANGED, setting, fields=0)
    session.delete(setting)
    return values


def keys(session: Session) -> list[str]:
    """Return the forms that have a draft."""
    names = session.scalars(sa.select(Setting.key).where(Setting.key.startswith(_PREFIX)).order_by(Setting.key))
    return [name.removeprefix(_PREFIX) for name in names]
