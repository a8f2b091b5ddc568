"""The trail: whole when nobody touched it, and broken at the right place when somebody did."""

import pytest
import sqlalchemy as sa

from app.domain.audit import Action
from app.services import audit
from db.store import Store
from tests.factories import NOW, make_subject
from tests.services.conftest import audited


def fill(store: Store, acts: int = 6) -> int:
    """Write some acts; return how many the trail holds."""
    for number in range(acts):
        with store.write(NOW) as session:
            audit.record(session, Action.SETTING_CHANGED, fields=[f"f{number}"])
    return len(audited(store))


def proof(store: Store) -> audit.Proof:
    with store.read() as session:
        return audit.verify(session)


def tamper(store: Store, *statements: str) -> None:
    """Change the trail as somebody with the key could: past the triggers."""
    with store.write(NOW) as session:
        session.execute(sa.text("DROP TRIGGER audit_entry_no_update"))
        session.execute(sa.text("DROP TRIGGER audit_entry_no_delete"))
        for statement in statements:
            session.execute(sa.text(statement))


def test_an_untouched_trail_is_whole(store: Store) -> None:
    events = fill(store)
    found = proof(store)

    assert (found.events, found.first_bad) == (events, None)
    assert audit.in_words(found) == f"{events} händelser, obrutna sedan 2026-11-22"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET user = 'någon annan' WHERE seq = 4",
        "UPDATE audit_entry SET action = 'closed' WHERE seq = 4",
        "UPDATE audit_entry SET at = '2020-01-01 00:00:00.000000' WHERE seq = 4",
        "UPDATE audit_entry SET payload = x'7b7d' WHERE seq = 4",
        "UPDATE audit_entry SET object_id = '77' WHERE seq = 4",
        "UPDATE audit_entry SET subject_uid = 'x' WHERE seq = 4",
        "UPDATE audit_entry SET hash = zeroblob(32) WHERE seq = 4",
        "UPDATE audit_entry SET previous = zeroblob(32) WHERE seq = 4",
        "DELETE FROM audit_entry WHERE seq = 4",
    ],
)
def test_each_kind_of_tampering_is_found_at_its_row(store: Store, statement: str) -> None:
    fill(store)
    tamper(store, statement)

    assert proof(store).first_bad == 4
    with store.read() as session:
        assert "4" in audit.in_words(audit.verify(session))


def test_two_rows_that_changed_places_are_found(store: Store) -> None:
    fill(store)
    tamper(
        store,
        "UPDATE audit_entry SET seq = 99 WHERE seq = 4",
        "UPDATE audit_entry SET seq = 4 WHERE seq = 5",
        "UPDATE audit_entry SET seq = 5 WHERE seq = 99",
    )

    assert proof(store).first_bad == 4


def test_a_row_that_nobody_wrote_is_found(store: Store) -> None:
    events = fill(store)
    tamper(
        store,
        "INSERT INTO audit_entry SELECT (SELECT max(seq) + 1 FROM audit_entry), at, user, action, object_kind, object_id, subject_uid, payload, previous, hash, offset_min FROM audit_entry WHERE seq = 4",
    )

    assert proof(store).first_bad == events + 1


def test_a_rolled_back_act_leaves_no_row(store: Store) -> None:
    before = fill(store)
    with pytest.raises(RuntimeError), store.write(NOW) as session:  # noqa: PT012
        audit.record(session, Action.CLOSED)
        raise RuntimeError

    assert proof(store).events == before
    assert proof(store).first_bad is None


def test_a_row_names_the_person_by_the_random_uid_only(store: Store) -> None:
    with store.write(NOW) as session:
        subject = make_subject(session, "Åsa Öberg")
        audit.record(session, Action.SUBJECT_READ, subject, subject_id=subject.id)

    with store.read() as session:
        row = session.execute(sa.text("SELECT * FROM audit_entry ORDER BY seq DESC LIMIT 1")).one()
    assert subject.uid in row
    assert "Öberg" not in str(row)


def test_the_head_stands_in_a_short_form(store: Store) -> None:
    fill(store)
    with store.read() as session:
        number, text = audit.head(session).split(" ")

    assert number == f"#{len(audited(store))}"
    assert proof(store).head.startswith(text.replace("-", ""))


def test_progress_is_told(store: Store) -> None:
    with store.write(NOW) as session:
        for _number in range(1500):
            audit.record(session, Action.SETTING_CHANGED)
    seen: list[int] = []
    with store.read() as session:
        audit.verify(session, step=lambda done, total: seen.append(done))

    assert seen == [1000]
