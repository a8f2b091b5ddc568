"""The trail: whole when nobody touched it, and broken at the right place when somebody did."""

import datetime as dt
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.domain import trail
from app.domain.audit import Action, chain_hash
from app.services import audit, checkpoints
from db.models import AuditEntry
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


def test_an_empty_trail_is_said(tmp_path: Path) -> None:
    empty = Store.create(tmp_path, bytes(32), user="")
    found = proof(empty)
    assert (found.events, found.fault, audit.in_words(found)) == (0, None, "Loggen är tom.")
    with empty.write(NOW) as session:
        assert audit.head(session) == ""
    empty.close()


def test_a_row_keeps_the_offset_of_the_computers_clock(store: Store) -> None:
    summer = NOW.astimezone(dt.timezone(dt.timedelta(hours=2)))
    with store.write(summer) as session:
        audit.record(session, Action.SETTING_CHANGED)
        entry = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()
    assert (entry.at, entry.offset_min) == (NOW, 120)
    tamper(store, f"UPDATE audit_entry SET offset_min = 60 WHERE seq = {entry.seq}")  # noqa: S608
    assert proof(store).first_bad == entry.seq


def test_rows_of_an_older_format_have_no_offset_and_still_fit(store: Store) -> None:
    fill(store, 2)
    with store.read() as session:
        rows = list(checkpoints.rows(session))
    old = [(*row[:2], None, *row[3:9]) for row in rows]
    assert b"offset" not in trail.record_bytes(old[0])
    previous, statements = bytes(32), []
    for row in old:
        link = chain_hash(previous, trail.record_bytes(row))
        statements.append(
            f"UPDATE audit_entry SET offset_min = NULL, previous = x'{previous.hex()}', hash = x'{link.hex()}' WHERE seq = {row[0]}"  # noqa: S608
        )
        previous = link
    tamper(store, "DROP TRIGGER audit_checkpoint_no_delete", "DELETE FROM audit_checkpoint", *statements)
    assert proof(store).first_bad is None
