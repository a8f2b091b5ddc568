"""Importing a customer register, through the real worker into a real encrypted vault."""

import datetime as dt
from pathlib import Path

import openpyxl
import pytest
import sqlalchemy as sa

from app.domain.audit import Action
from app.domain.errors import Cancelled, UserError
from app.domain.subjects import Protection
from app.importers import table
from app.services import imports
from app.services.imports import Imported, Plan
from db.models import Activity, Datum, Hold, Identifier, ImportBatch, Subject
from db.store import Store
from tests.factories import NOW, TODAY
from tests.services.conftest import audited

HEADERS = [
    "Kundnr",
    "Namn",
    "Personnummer",
    "E-post",
    "Mobil",
    "Kund sedan",
    "Kund till",
    "Fakturanr",
    "Fakturadatum",
    "Belopp",
]
ASA = [
    "K-1001",
    "Åsa Öberg",
    "640823-3234",
    "asa@example.com",
    "070-174 06 05",
    "2016-04-01",
    "2021-03-31",
    "20418",
    "2021-02-03",
    "1 234,50",
]
BO = ["K-1002", "Bo Älm", "", "bo@example.com", "", "2018-01-01", "", "", "", ""]
WRONG = ["K-1003", "Cia Ek", "640823-3235", "cia@example.com", "", "", "", "", "", ""]


def csv_file(
    folder: Path, *rows: list[str], headers: list[str] = HEADERS, encoding: str = "cp1252", name: str = "kunder.csv"
) -> Path:
    path = folder / name
    path.write_bytes("".join(";".join(row) + "\r\n" for row in (headers, *rows)).encode(encoding))
    return path


def run(store: Store, path: Path, source: str = "Kundregister") -> Imported:
    plan = Plan(path=path, source=source, mapping=table.preview(path).mapping)
    with store.write(NOW) as session:
        return imports.run(session, plan, today=TODAY, step=lambda done, total: None)


def values(store: Store, name: str) -> dict[str, str]:
    with store.read() as session:
        query = (
            sa.select(Datum.field, Datum.value)
            .join(Subject, Subject.id == Datum.subject_id)
            .where(Subject.display_name == name)
        )
        return {field: value for field, value in session.execute(query)}  # noqa: C416


def count(store: Store, model: type) -> int:
    with store.read() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def every_table(store: Store) -> dict[str, int]:
    """Return how many rows every table holds, the name index and the trail too."""
    with store.read() as session:
        names = session.scalars(sa.text("SELECT name FROM sqlite_master WHERE type = 'table'")).all()
        return {name: session.scalar(sa.text(f'SELECT count(*) FROM "{name}"')) or 0 for name in names}  # noqa: S608


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-8-sig", "utf-16"])
def test_a_swedish_csv_comes_in_with_every_letter_right(store: Store, tmp_path: Path, encoding: str) -> None:
    done = run(store, csv_file(tmp_path, ASA, BO, encoding=encoding))

    assert (done.imported, done.updated, done.unchanged, done.problems) == (2, 0, 0, ())
    assert values(store, "Åsa Öberg")["phone"] == "+46701740605" if "phone" in values(store, "Åsa Öberg") else True
    assert values(store, "Bo Älm")["email"] == "bo@example.com"


def test_a_workbook_comes_in_with_dates_and_numbers_as_they_are(store: Store, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADERS)
    sheet.append(
        [
            1001,
            "Åsa Öberg",
            "196408233234",
            "asa@example.com",
            "0701740605",
            dt.date(2016, 4, 1),
            None,
            20418,
            dt.date(2021, 2, 3),
            1234.5,
        ]
    )
    path = tmp_path / "kunder.xlsx"
    book.save(path)

    assert run(store, path).imported == 1
    found = values(store, "Åsa Öberg")
    assert (found["customer_no"], found["invoice_date"], found["relation_start"]) == (
        "1001",
        "2021-02-03",
        "2016-04-01",
    )


def test_a_bad_row_is_named_with_line_column_and_remedy_and_the_rest_comes_in(store: Store, tmp_path: Path) -> None:
    done = run(store, csv_file(tmp_path, ASA, WRONG, BO))

    assert done.imported == 2
    [problem] = done.problems
    assert (problem.line, problem.column) == (3, "Personnummer")
    assert problem.remedy
    assert "640823" not in problem.what + problem.remedy
    assert [row.line for row in done.rejected_rows] == [3]


def test_the_relation_and_the_ground_follow_the_row(store: Store, tmp_path: Path) -> None:
    run(store, csv_file(tmp_path, ASA))

    with store.read() as session:
        subject = session.scalars(sa.select(Subject)).one()
        assert (subject.relation_start_on, subject.relation_end_on) == (dt.date(2016, 4, 1), dt.date(2021, 3, 31))
        query = sa.select(Datum.field, Activity.code, Datum.fy_end_on).join(Activity, Activity.id == Datum.activity_id)
        grounds = {field: (activity, end) for field, activity, end in session.execute(query)}
    assert grounds["email"][1] is None
    assert grounds["invoice_no"][1] == dt.date(2021, 12, 31)
    assert grounds["email"][0] != grounds["invoice_no"][0]


def test_the_same_file_again_changes_nothing(store: Store, tmp_path: Path) -> None:
    path = csv_file(tmp_path, ASA, BO)
    run(store, path)
    before = count(store, Datum), count(store, Identifier)
    again = run(store, path)

    assert (again.imported, again.updated, again.unchanged) == (0, 0, 2)
    assert (count(store, Datum), count(store, Identifier)) == before


def test_a_changed_value_from_the_same_source_replaces_the_old_one(store: Store, tmp_path: Path) -> None:
    run(store, csv_file(tmp_path, BO))
    moved = [*BO[:3], "bo.ny@example.com", *BO[4:]]
    done = run(store, csv_file(tmp_path, moved))

    assert (done.imported, done.updated) == (0, 1)
    assert values(store, "Bo Älm")["email"] == "bo.ny@example.com"


def test_a_replaced_value_says_where_it_stood(store: Store, tmp_path: Path) -> None:
    run(store, csv_file(tmp_path, BO))
    done = run(store, csv_file(tmp_path, ASA, [*BO[:3], "bo.ny@example.com", *BO[4:]]))

    with store.read() as session:
        query = sa.select(Datum.batch_id, Datum.line).where(Datum.value == "bo.ny@example.com")
        assert session.execute(query).all() == [(done.batch_id, 3)]


def test_the_last_of_several_rows_about_one_new_person_counts(store: Store, tmp_path: Path) -> None:
    first, last = [*BO[:3], "bo.1@example.com", *BO[4:]], [*BO[:3], "bo.2@example.com", *BO[4:]]
    done = run(store, csv_file(tmp_path, first, last, last))

    assert (done.imported, done.updated, done.unchanged) == (1, 1, 1)
    assert values(store, "Bo Älm")["email"] == "bo.2@example.com"


def test_a_known_person_keeps_the_latest_end_and_the_stronger_protection(store: Store, tmp_path: Path) -> None:
    headers = ["Kundnr", "Namn", "Kund sedan", "Kund till", "Skyddad"]
    run(store, csv_file(tmp_path, ["K1", "Cia Ek", "2016-04-01", "2021-03-31", ""], headers=headers))
    with store.write(NOW) as session:
        session.execute(sa.update(Subject).values(protection=Protection.PROTECTED_REGISTRATION))
    run(store, csv_file(tmp_path, ["K1", "Cia Ek", "2015-01-01", "2020-01-01", "ja"], headers=headers))

    query = sa.select(Subject.relation_start_on, Subject.relation_end_on, Subject.protection)
    with store.read() as session:
        row = session.execute(query).one()
    assert tuple(row) == (dt.date(2015, 1, 1), dt.date(2021, 3, 31), Protection.PROTECTED_REGISTRATION)


def test_a_known_person_gets_a_later_end_and_a_protection(store: Store, tmp_path: Path) -> None:
    headers = ["Kundnr", "Namn", "Kund till", "Skyddad"]
    run(store, csv_file(tmp_path, ["K1", "Cia Ek", "", ""], headers=headers))
    run(store, csv_file(tmp_path, ["K1", "Cia Ek", "2021-03-31", "ja"], headers=headers))

    with store.read() as session:
        row = session.execute(sa.select(Subject.relation_end_on, Subject.protection)).one()
    assert tuple(row) == (dt.date(2021, 3, 31), Protection.CONFIDENTIAL)


def test_thousands_of_rows_come_in_whole_and_in_their_order(store: Store, tmp_path: Path) -> None:
    rows = [[f"K{number}", f"Namn {number}", *BO[2:]] for number in range(2345)]
    assert run(store, csv_file(tmp_path, *rows)).imported == 2345

    with store.read() as session:
        names = session.scalars(sa.select(Subject.display_name).order_by(Subject.id)).all()
        lines = session.execute(
            sa.select(Datum.line, Datum.value).where(Datum.field == "customer_no").order_by(Datum.id)
        )
        assert lines.all() == [(number + 2, f"K{number}") for number in range(2345)]
    assert names == [f"Namn {number}" for number in range(2345)]


def test_another_source_adds_to_the_same_person_by_the_identity_number(store: Store, tmp_path: Path) -> None:
    run(store, csv_file(tmp_path, ASA))
    done = run(
        store,
        csv_file(
            tmp_path, ["19640823-3234", "asa.privat@example.com"], headers=["Personnummer", "E-post"], name="n.csv"
        ),
        "Nyhetsbrev",
    )

    assert (done.imported, done.updated) == (0, 1)
    assert count(store, Subject) == 1


def test_several_invoices_of_one_customer_are_all_kept(store: Store, tmp_path: Path) -> None:
    second = [*ASA[:7], "20419", "2021-03-03", "99,00"]
    run(store, csv_file(tmp_path, ASA, second))

    with store.read() as session:
        invoices = list(
            session.scalars(sa.select(Datum.value).where(Datum.field == "invoice_no").order_by(Datum.value))
        )
    assert invoices == ["20418", "20419"]
    assert count(store, Subject) == 1


def test_a_protected_person_and_a_dispute_are_seen(store: Store, tmp_path: Path) -> None:
    run(store, csv_file(tmp_path, ["K1", "Cia Ek", "ja", "ja"], headers=["Kundnr", "Namn", "Skyddad", "Tvist"]))

    with store.read() as session:
        assert session.scalars(sa.select(Subject.protection)).one() is Protection.CONFIDENTIAL
        assert session.scalars(sa.select(Hold.reason)).one()
    assert len(audited(store, Action.HOLD_SET)) == 1


def test_a_cancelled_import_leaves_nothing(store: Store, tmp_path: Path) -> None:
    path = csv_file(tmp_path, *([f"K{number}", f"Namn {number}", *BO[2:]] for number in range(5000)))
    plan = Plan(path=path, source="Kundregister", mapping=table.preview(path).mapping)
    before, stored = every_table(store), []

    with pytest.raises(Cancelled), store.write(NOW) as session:  # noqa: PT012 - what is stored must be seen before it goes

        def stop(done: int, total: int) -> None:
            stored.append(session.scalar(sa.select(sa.func.count()).select_from(Datum)) or 0)
            if stored[-1] > 10_000:
                raise Cancelled

        imports.run(session, plan, today=TODAY, step=stop)

    assert stored[-1] > 10_000
    assert every_table(store) == before
    assert run(store, path).imported == 5000
    assert every_table(store) != before


def test_a_cancel_while_the_disputes_are_noted_leaves_nothing_either(store: Store, tmp_path: Path) -> None:
    rows = [[f"K{number}", f"Namn {number}", "ja"] for number in range(3)]
    path = csv_file(tmp_path, *rows, headers=["Kundnr", "Namn", "Tvist"])
    plan = Plan(path=path, source="Kundregister", mapping=table.preview(path).mapping)
    before = every_table(store)

    with pytest.raises(Cancelled), store.write(NOW) as session:  # noqa: PT012

        def stop(done: int, total: int) -> None:
            session.flush()
            if session.scalar(sa.select(sa.func.count()).select_from(Hold)):
                raise Cancelled

        imports.run(session, plan, today=TODAY, step=stop)

    assert every_table(store) == before


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"   \n",
        b"PK\x03\x04 trasig",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000),
        b"bara en rad utan mening",
    ],
)
def test_a_file_that_is_no_table_is_refused_with_a_remedy(store: Store, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "fil.xlsx"
    path.write_bytes(content)

    with pytest.raises(UserError) as caught:
        run(store, path)
    assert caught.value.do
    assert count(store, Subject) == 0


def test_a_file_that_is_gone_since_it_was_chosen_is_said(store: Store, tmp_path: Path) -> None:
    path = csv_file(tmp_path, ASA)
    plan = Plan(path=path, source="Kundregister", mapping=table.preview(path).mapping)
    path.unlink()

    with pytest.raises(UserError, match="kan inte öppnas"), store.write(NOW) as session:
        imports.run(session, plan, today=TODAY, step=lambda done, total: None)
    assert count(store, ImportBatch) == 0


def test_a_source_without_a_name_is_refused(store: Store, tmp_path: Path) -> None:
    with pytest.raises(UserError):
        run(store, csv_file(tmp_path, ASA), source="  ")


def test_strange_names_come_in_as_the_text_they_are(store: Store, tmp_path: Path) -> None:
    names = ["<b>x</b>", "=1+1", "Åsa \u202egreb\u00d6", "N" * 40_000]
    rows = [[f"K{number}", name] for number, name in enumerate(names)]
    done = run(store, csv_file(tmp_path, *rows, headers=["Kundnr", "Namn"], encoding="utf-8"))

    assert done.imported == 4
    with store.read() as session:
        assert list(session.scalars(sa.select(Subject.display_name).order_by(Subject.id))) == names


@pytest.mark.parametrize(("cell", "safe"), [("=1+1", "'=1+1"), ("@x", "'@x"), ("-5", "'-5"), ("Åsa", "Åsa"), ("", "")])
def test_a_rejected_cell_is_no_formula_in_a_spreadsheet(cell: str, safe: str) -> None:
    assert imports.safe_cell(cell) == safe


def test_the_trail_counts_an_import_without_naming_anybody(store: Store, tmp_path: Path) -> None:
    run(store, csv_file(tmp_path, ASA, WRONG))

    [(_action, details)] = audited(store, Action.IMPORTED)
    assert (details["imported"], details["rejected"]) == (1, 1)
    assert "Öberg" not in str(audited(store))
