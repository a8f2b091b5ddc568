"""The name that a record is shown by follows the value it was named by: when that is corrected, imported anew or taken back."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy.orm import Session

from app.domain.names import sort_key
from app.i18n import LANGUAGES, _, language_as
from app.services.import_match import name_of, stand_in
from db.models import Subject
from db.queries import history, people


def rename(session: Session, subject_id: int, was: str, now: str) -> None:
    """Name a person's records anew where they are named so; one who was named otherwise keeps the name."""
    if not now or was == now:
        return
    for key in people.family(session, subject_id):
        record = session.get_one(Subject, key)
        if record.display_name == was:
            record.display_name, record.sort_key = now, sort_key(now)


@contextmanager
def following(session: Session, datum_ids: Sequence[int], beside: Collection[int]) -> Iterator[None]:
    """Rename those whose names are among these values, and change while this lasts.

    Args:
        session: The write session.
        datum_ids: The values that change in their places.
        beside: Values that stand beside them and are gone at the end.
    """
    keys = history.naming(session, datum_ids)
    before = {key: name_of(history.names(session, *key, without=beside)) for key in keys}
    yield
    for key, was in before.items():
        rename(session, key[0], was, name_of(history.names(session, *key)))
    session.flush()


def name_unnamed(session: Session, subject_ids: Collection[int], source_id: int) -> None:
    """Name those of these people who had none, when a source names them now."""
    for key, was in history.called(session, subject_ids, _beginnings()):
        if was in _stand_ins(history.customer_numbers(session, key)):
            rename(session, key, was, name_of(history.names(session, key, source_id)))
    session.flush()


@contextmanager
def losing(session: Session, subject_ids: Collection[int], batch_id: int, source_id: int) -> Iterator[None]:
    """Let people be shown as before when a batch that gave them their names is taken out while this lasts."""
    named = history.named_by(session, subject_ids, batch_id)
    before = {key: name_of(history.names(session, key, source_id)) for key in named}
    yield
    for key, was in before.items():
        rename(session, key, was, name_of(history.names(session, key, source_id)) or _otherwise(session, key))
    session.flush()


def _otherwise(session: Session, subject_id: int) -> str:
    """Return the name that any source gives, else what stands for one."""
    named = (name_of(history.names(session, subject_id, one)) for one in history.naming_sources(session, subject_id))
    numbers = history.customer_numbers(session, subject_id)
    return next(filter(None, named), "") or stand_in(next(iter(numbers), None))


def _stand_ins(numbers: Sequence[str]) -> set[str]:
    """Return what somebody with these customer numbers may be shown by; it was once stored in the window's language."""
    found = {stand_in(None), *map(stand_in, numbers)}
    for language in LANGUAGES:
        with language_as(language):
            found |= {_("Namn saknas"), *(_("Kund {number}").format(number=number) for number in numbers)}
    return found


def _beginnings() -> list[str]:
    return sorted({one.split(" ")[0] for one in _stand_ins([""])})
