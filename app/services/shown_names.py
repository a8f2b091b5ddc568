"""The name that a record is shown by follows the value it was named by: when that is corrected, imported anew or taken back."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy.orm import Session

from app.domain.names import sort_key
from app.services.import_match import name_of
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
