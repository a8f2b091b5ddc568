"""Corrections: what is right stays right, what follows is done, and no import undoes it in silence."""

import csv
import datetime as dt
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.audit import Action
from app.domain.errors import UserError
from app.services import corrections, imports, lookup, merging, outside, requests
from app.services.corrections import Change
from app.services.imports import Plan
from db.models import AuditEntry, Conflict, Correction, Datum, Subject, Task, ValueChange
from db.queries import history
from db.store import Store
from tests.factories import CUSTOMER, NOW, TODAY, make_datum, make_request, make_subject

LATER = NOW + dt.timedelta(days=1)
WHY = "Bekräftat per telefon"
HEADERS = {"Kundnr": "customer_no", "Namn": "name", "E-post": "email", "Klagomål": "complaint"}
ROW = {"Kundnr": "K-1001", "Namn": "Åsa Öberg", "E-post": "asa@gammal.example", "Klagomål": "Sidan nere"}


def datum_id(session: Session, field: str) -> int:
    return session.scalars(sa.select(Datum.id).where(Datum.field == field).order_by(Datum.id)).first() or 0


def value(session: Session, field: str) -> list[str]:
    session.expire_all()
    return list(session.scalars(sa.select(Datum.value).where(Datum.field == field).order_by(Datum.id)))


def load(store: Store, folder: Path, *rows: dict[str, str], at: dt.datetime = NOW) -> int:
    path = folder / "kunder.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(HEADERS), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    plan = Plan(path=path, source="Kundregister", mapping=tuple(HEADERS.values()))
    with store.write(at) as session:
        done = imports.run(session, plan, today=TODAY, step=lambda _done, _of: None)
    assert done.batch_id is not None
    return done.batch_id


def test_a_corrected_value_is_stored_as_an_import_would_and_found(store: Store) -> None:
    with store.write(NOW) as session:
        make_subject(session, values=CUSTOMER)
        key = datum_id(session, "phone")
        done = corrections.correct(session, Change(datum_id=key, value="070-174 06 99", reason=WHY), today=TODAY)
        assert (done.number, done.value, done.warning) == ("R-2026-001", "+46701740699", "")
        assert len(lookup.search(session, "070-1740699", today=TODAY)) == 1
        assert lookup.search(session, CUSTOMER["phone"], today=TODAY) == []
        row = session.scalars(sa.select(Correction)).one()
        assert (row.old_value, row.new_value, row.reason) == (CUSTOMER["phone"], "+46701740699", WHY)
        entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == Action.CORRECTED)).one()
        assert not any(told.encode() in entry.payload for told in (row.old_value, row.new_value, WHY))


def test_a_corrected_value_that_another_source_field_still_has_is_found_by_both(store: Store) -> None:
    with store.write(NOW) as session:
        person = make_subject(session, values=CUSTOMER)
        make_datum(session, person, "email_2", CUSTOMER["email"])
        key = datum_id(session, "email")
        corrections.correct(session, Change(datum_id=key, value="ny@example.com", reason=WHY), today=TODAY)
        for text in (CUSTOMER["email"], "ny@example.com"):
            assert len(lookup.search(session, text, today=TODAY)) == 1
        corrections.correct(session, Change(datum_id=key, value=CUSTOMER["email"], reason=WHY), today=TODAY)
        assert lookup.search(session, "ny@example.com", today=TODAY) == []


def test_every_outside_system_and_recipient_gets_a_task(store: Store) -> None:
    with store.write(NOW) as session:
        person = make_subject(session, values=CUSTOMER)
        request = make_request(session, subject=person)
        change = Change(datum_id=datum_id(session, "email"), value="ny@example.com", reason=WHY, request_id=request.id)
        done = corrections.correct(session, change, today=TODAY)
        kinds = {task.kind for task in done.tasks}
        assert kinds == {outside.SYSTEM, outside.NOTICE}
        assert all(request.number in task.title and task.request_id == request.id for task in done.tasks)
        assert not any("ny@example.com" in task.title or "Åsa" in task.title for task in done.tasks)
        again = Change(datum_id=datum_id(session, "phone"), value="070-174 06 99", reason=WHY, request_id=request.id)
        assert corrections.correct(session, again, today=TODAY).tasks == ()  # the same systems, the same recipients
        alone = Change(datum_id=datum_id(session, "city"), value="Knivsta", reason=WHY)
        tasks = corrections.correct(session, alone, today=TODAY).tasks
        assert tasks
        assert all("R-2026-003" in task.title for task in tasks)
        assert history.tasks(session, datum_id(session, "city")) == list(tasks)
        requests.finish_task(session, tasks[0].id, today=TODAY)
        assert session.get_one(Task, tasks[0].id).done_by == "dataskyddsombud"


def test_a_corrected_name_names_the_record_and_the_whole(store: Store) -> None:
    with store.write(NOW) as session:
        one = make_subject(session, "Åsa Öbreg", values=CUSTOMER).id
        other = make_subject(session, "Åsa Ö").id
        whole = merging.merge(session, [one, other], reason="Samma").id
        corrections.correct(
            session, Change(datum_id=datum_id(session, "name"), value="Åsa Öberg", reason=WHY), today=TODAY
        )
        names = {key: session.get_one(Subject, key).display_name for key in (whole, one, other)}
        assert names == {whole: "Åsa Öberg", one: "Åsa Öberg", other: "Åsa Ö"}
        assert len(lookup.search(session, "Öberg", today=TODAY)) == 1


def test_first_and_last_name_make_the_name(store: Store) -> None:
    with store.write(NOW) as session:
        person = make_subject(session, "Åsa Öbreg", values={"first_name": "Åsa", "last_name": "Öbreg"})
        session.execute(sa.delete(Datum).where(Datum.field == "name"))
        change = Change(datum_id=datum_id(session, "last_name"), value="Öberg", reason=WHY)
        corrections.correct(session, change, today=TODAY)
        assert (person.display_name, person.sort_key) == ("Åsa Öberg", "{sa }berg")


def test_a_corrected_day_moves_the_end_of_the_relation(store: Store) -> None:
    with store.write(NOW) as session:
        person = make_subject(session, relation_end_on=dt.date(2020, 1, 31), values={"relation_end": "2020-01-31"})
        change = Change(datum_id=datum_id(session, "relation_end"), value="2021-02-28", reason=WHY)
        corrections.correct(session, change, today=TODAY)
        assert person.relation_end_on == dt.date(2021, 2, 28)


@pytest.mark.parametrize(
    ("field", "text", "reason"),
    [
        ("email", "ny@example.com", " "),
        ("email", "  ", WHY),
        ("email", "inte en adress", WHY),
        ("email", "asa@example.com", WHY),
        ("personnummer", "640823-3235", WHY),
        ("password", "hemligt", WHY),
    ],
)
def test_an_impossible_correction_is_refused_and_changes_nothing(
    store: Store, field: str, text: str, reason: str
) -> None:
    with store.write(NOW) as session:
        make_subject(session, values={**CUSTOMER, "password": "x"})
        before = value(session, field)
        change = Change(datum_id=datum_id(session, field), value=text, reason=reason)
        with pytest.raises(UserError):
            corrections.correct(session, change, today=TODAY)
        assert value(session, field) == before
        assert session.scalars(sa.select(Correction)).all() == []


def test_nothing_is_corrected_for_a_closed_request(store: Store) -> None:
    with store.write(NOW) as session:
        person = make_subject(session, values=CUSTOMER)
        request = make_request(session, subject=person)
        request.closed_on = TODAY
        change = Change(datum_id=datum_id(session, "email"), value="ny@example.com", reason=WHY, request_id=request.id)
        with pytest.raises(UserError, match="avslutat"):
            corrections.correct(session, change, today=TODAY)


def test_an_unknown_field_is_corrected_as_text(store: Store) -> None:
    with store.write(NOW) as session:
        person = make_subject(session, values=CUSTOMER)
        session.execute(sa.update(Datum).where(Datum.field == "city").values(field="gammalt_falt"))
        change = Change(datum_id=datum_id(session, "gammalt_falt"), value="Knivsta", reason=WHY)
        assert corrections.correct(session, change, today=TODAY).value == "Knivsta"
        assert person.display_name == "Åsa Öberg"


def test_a_later_import_does_not_undo_a_correction_but_says_what_it_says(store: Store, tmp_path: Path) -> None:
    load(store, tmp_path, ROW)
    with store.write(NOW) as session:
        for field, text in (("email", "asa@example.com"), ("complaint", "Sidan var uppe")):
            corrections.correct(session, Change(datum_id=datum_id(session, field), value=text, reason=WHY), today=TODAY)
    batches = [load(store, tmp_path, ROW, at=LATER), load(store, tmp_path, ROW, at=LATER)]
    with store.read() as session:
        assert value(session, "email") == ["asa@example.com"]
        assert value(session, "complaint") == ["Sidan var uppe"]
        found = {row.value for row in session.scalars(sa.select(Conflict))}
        assert found == {"asa@gammal.example", "Sidan nere"}
        assert [history.in_batch(session, key) for key in batches] == [2, 0]  # told once
        assert session.scalars(sa.select(ValueChange)).all() == []


def test_a_conflict_is_settled_for_the_correction_and_stays_settled(store: Store, tmp_path: Path) -> None:
    load(store, tmp_path, ROW)
    with store.write(NOW) as session:
        change = Change(datum_id=datum_id(session, "email"), value="asa@example.com", reason=WHY)
        corrections.correct(session, change, today=TODAY)
    load(store, tmp_path, ROW, at=LATER)
    with store.write(LATER) as session:
        conflict = session.scalars(sa.select(Conflict)).one()
        corrections.settle(session, conflict.id, is_kept=True)
        with pytest.raises(UserError, match="avgjort"):
            corrections.settle(session, conflict.id, is_kept=True)
    batch = load(store, tmp_path, ROW, at=LATER)
    with store.read() as session:
        assert value(session, "email") == ["asa@example.com"]
        assert history.in_batch(session, batch) == 0


def test_the_imports_value_can_take_the_corrections_place(store: Store, tmp_path: Path) -> None:
    load(store, tmp_path, ROW)
    with store.write(NOW) as session:
        change = Change(datum_id=datum_id(session, "email"), value="asa@example.com", reason=WHY)
        corrections.correct(session, change, today=TODAY)
    batch = load(store, tmp_path, {**ROW, "E-post": "asa@ny.example"}, at=LATER)
    with store.write(LATER) as session:
        conflict = session.scalars(sa.select(Conflict)).one()
        corrections.settle(session, conflict.id, is_kept=False)
        assert value(session, "email") == ["asa@ny.example"]
        assert session.scalars(sa.select(Datum.batch_id).where(Datum.field == "email")).one() == batch
        assert [row.old_value for row in session.scalars(sa.select(ValueChange))] == ["asa@example.com"]
        assert len(lookup.search(session, "asa@ny.example", today=TODAY)) == 1
        assert session.scalars(sa.select(AuditEntry.action)).all()[-1] is Action.CONFLICT_SETTLED
    load(store, tmp_path, {**ROW, "E-post": "asa@nyast.example"}, at=LATER)
    with store.read() as session:
        assert value(session, "email") == ["asa@nyast.example"]  # nothing stands in the way any more


def test_an_import_that_agrees_with_the_correction_is_no_conflict(store: Store, tmp_path: Path) -> None:
    load(store, tmp_path, ROW)
    with store.write(NOW) as session:
        change = Change(datum_id=datum_id(session, "email"), value="asa@example.com", reason=WHY)
        corrections.correct(session, change, today=TODAY)
    load(store, tmp_path, {**ROW, "E-post": "asa@example.com"}, at=LATER)
    with store.read() as session:
        assert session.scalars(sa.select(Conflict)).all() == []


def test_what_an_import_changes_is_remembered_with_the_value_and_goes_with_it(store: Store, tmp_path: Path) -> None:
    first = load(store, tmp_path, ROW)
    second = load(store, tmp_path, {**ROW, "E-post": "asa@ny.example"}, at=LATER)
    with store.write(LATER) as session:
        row = session.scalars(sa.select(ValueChange)).one()
        assert (row.old_value, row.old_batch_id, row.batch_id) == ("asa@gammal.example", first, second)
        session.execute(sa.delete(Datum).where(Datum.field == "email"))
        assert session.scalars(sa.select(ValueChange)).all() == []
