"""Existing vaults are carried over to the newest format: nothing is lost, and what the profile has said since is there."""

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from app.domain.errors import UserError
from app.reference.profiles import profile
from app.services import organisation
from db import upgrade
from db.engine import connect
from db.migrations.versions import v0001_first_tables
from db.models import Activity, Datum, Deviation, Notice, Recipient, Source
from db.store import FILE, Store

KEY = bytes(range(32))
NOW = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)
SUBJECT = "INSERT INTO subject (id, uid, display_name, sort_key, protection, is_deceased, created_at) VALUES (1, 'u', 'Åsa', 'asa', 'none', 0, '2026-01-01')"
DATUM = "INSERT INTO datum (subject_id, source_id, activity_id, category, field, value) VALUES (1, 1, ?, 'customer', 'email', 'asa@example.com')"


def old_vault(folder: Path, code: str) -> None:
    """Make a database of the first format from a profile, as the first version of the program did."""
    connect(folder / FILE, KEY, create=True).close()
    store = Store(folder / FILE, KEY, user="Eva Lund")
    data = profile(code)
    with store._writer.begin() as connection:
        upgrade._run(connection, v0001_first_tables)
        put(connection, "setting", key="profile", value={"code": code})
        for number, rule in enumerate(data.rules, start=1):
            put(connection, "retention_rule", id=number, code=rule.code, title=rule.title, kind=rule.kind, months=rule.months, section="", requirements=[])  # fmt: skip
        for recipient in data.recipients:
            put(connection, "recipient", code=recipient.code, name=recipient.title, role=recipient.role, category=recipient.category, country=recipient.country, contact="", section=recipient.section, requirements=[])  # fmt: skip
        for activity in data.activities:
            told = activity.transfers + (" Kontrollera avtal och skydd." if activity.transfers_to else "")
            put(connection, "activity", code=activity.code, name=activity.title, purposes=list(activity.purposes), legal_basis=activity.legal_basis, basis_note=activity.basis_note, subjects=list(activity.subjects), categories=list(activity.categories), recipients=list(activity.recipients), transfers=told, security=activity.security, is_automated=False, is_profiling=activity.is_profiling, rule_id=1, section=activity.section, requirements=[])  # fmt: skip
        put(connection, "source", code="kundregister", name="Kundregister", kind="own", activity_id=1, is_register=True, section="", requirements=[])  # fmt: skip
        connection.exec_driver_sql(SUBJECT)
        for activity_id in (1, 1, None):
            connection.exec_driver_sql(DATUM, (activity_id,))
    store.close()


def put(connection: sa.Connection, table: str, **values: Any) -> None:
    held = {name: json.dumps(value) if isinstance(value, list | dict) else value for name, value in values.items()}
    places = ", ".join("?" for _name in held)
    connection.exec_driver_sql(f"INSERT INTO {table} ({', '.join(held)}) VALUES ({places})", tuple(held.values()))  # noqa: S608


@pytest.fixture
def carried(tmp_path: Path) -> Iterator[Store]:
    old_vault(tmp_path, "itrace")
    made = Store.open(tmp_path, KEY, user="Eva Lund")
    yield made
    made.close()


def facts(row: Any) -> dict[str, Any]:
    leave = {"id", "rule_id", "requirements"}
    return {column.key: getattr(row, column.key) for column in row.__table__.columns if column.key not in leave}


def test_a_carried_vault_says_what_a_new_one_says(carried: Store, tmp_path: Path) -> None:
    (tmp_path / "ny").mkdir()
    fresh = Store.create(tmp_path / "ny", KEY, user="Eva Lund")
    with fresh.write(NOW) as session:
        organisation.apply_profile(session, "itrace")
    for model in (Activity, Notice, Recipient):
        query = sa.select(model).order_by(model.code)
        with carried.read() as old, fresh.read() as new:
            assert [facts(row) for row in old.scalars(query)] == [facts(row) for row in new.scalars(query)], model
    fresh.close()


def test_no_value_is_lost_and_each_keeps_its_activity(carried: Store) -> None:
    with carried.read() as session:
        assert session.scalars(sa.select(Datum.activity_id).order_by(Datum.id)).all() == [1, 1, None]
        source = session.scalars(sa.select(Source)).one()
    assert (source.name, source.evidence, source.told_on) == ("Kundregister", "", None)
    assert carried.check() == ""


def test_a_vault_without_a_policy_gets_the_columns_and_no_texts(tmp_path: Path) -> None:
    old_vault(tmp_path, "empty")
    store = Store.open(tmp_path, KEY, user="Eva Lund")
    with store.read() as session:
        assert session.scalars(sa.select(Notice)).all() == []
        assert {tuple(row.sources) for row in session.scalars(sa.select(Activity))} == {()}
    store.close()


def test_what_the_office_had_changed_stays_as_it_was(tmp_path: Path) -> None:
    old_vault(tmp_path, "itrace")
    store = Store(tmp_path / FILE, KEY, user="Eva Lund")
    with store._writer.begin() as connection:
        connection.exec_driver_sql("UPDATE activity SET name = 'Nyhetsbladet', transfers = 'Tjänsten finns i USA.'")
    store.close()
    store = Store.open(tmp_path, KEY, user="Eva Lund")
    with store.read() as session:
        told = {(row.name, row.transfers) for row in session.scalars(sa.select(Activity))}
    assert told == {("Nyhetsbladet", "Tjänsten finns i USA.")}
    store.close()


def test_a_step_that_fails_leaves_the_old_format_whole(tmp_path: Path) -> None:
    old_vault(tmp_path, "itrace")
    store = Store(tmp_path / FILE, KEY, user="Eva Lund")
    with store._writer.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE deviation (id INTEGER)")  # in the way of the new table
    with pytest.raises(sa.exc.OperationalError, match="deviation"):
        upgrade.bring_up_to_date(store._writer)
    with store._engine.connect() as connection:
        assert upgrade.current(connection) == "0001"
        assert "owner" not in {column["name"] for column in sa.inspect(connection).get_columns("activity")}
        assert not sa.inspect(connection).has_table("notice")
    store.close()


def test_the_table_itself_refuses_a_sale_without_a_reason(carried: Store) -> None:
    with pytest.raises(sa.exc.IntegrityError), carried.write(NOW) as session:
        session.execute(sa.update(Activity).values(is_selling=True))
    with carried.write(NOW) as session:
        session.execute(sa.update(Activity).values(is_selling=True, selling_reason="Beslut av styrelsen."))


def test_the_table_itself_refuses_a_deviation_without_a_reason(carried: Store) -> None:
    for values in ({"reason": ""}, {"reason": "x", "withdrawn_by": "Eva Lund"}):
        with pytest.raises(sa.exc.IntegrityError), carried.write(NOW) as session:
            session.add(Deviation(finding="C1", lacks=[], approved_at=NOW, approved_by="Eva Lund", **values))


def test_an_unknown_format_is_refused(carried: Store) -> None:
    with carried.write(NOW) as session:
        session.execute(sa.text("UPDATE alembic_version SET version_num = '0099'"))
    with pytest.raises(UserError):
        upgrade.bring_up_to_date(carried._writer)
