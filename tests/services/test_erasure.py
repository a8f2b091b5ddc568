import datetime as dt

import pytest
import sqlalchemy as sa

from app.domain.audit import Action
from app.domain.channels import MarketingChannel
from app.domain.errors import UserError
from app.domain.subjects import HoldKind
from app.services import audit, erasure, filing, holds, requests
from db.models import Attachment, Datum, Identifier, Lookup, OptOut, Subject, Task
from db.store import FILE, Store
from tests.factories import CUSTOMER, NOW, TODAY, make_datum, make_request, make_subject
from tests.services.conftest import audited, everything, pdf_text

SECRETS = ("Öberg", "}berg", "oberg", "196408233234", "asa@example.com", "+46701740605", "Storgatan", "K-1001")


def erase(store: Store, subject_id: int, *, ground: str = "G2", reason: str = "Begäran om radering") -> erasure.Erasure:
    with store.write(NOW) as session:
        return erasure.erase_subject(session, subject_id, ground=ground, reason=reason, today=TODAY)


def test_what_was_erased_is_nowhere_in_the_vault(store: Store) -> None:
    with store.write(NOW) as session:
        subject = make_subject(session, values=CUSTOMER)
        other = make_subject(session, "Örjan Äng", values={"email": "orjan@example.com"})
        filing.store(
            session,
            b"Asa Oberg asa@example.com",
            kind="extract",
            name="registerutdrag_v1.pdf",
            media_type="application/pdf",
            place=filing.Place(subject_id=subject.id),
        )
    held = everything(store)
    assert all(secret in held for secret in SECRETS), "the search must be able to find what is there"
    done = erase(store, subject.id)
    assert done.is_gone
    assert done.erased == 8
    assert done.kept == ()
    held = everything(store)
    assert [secret for secret in SECRETS if secret in held] == []
    assert "Örjan Äng" in held
    with store.read() as session:
        assert session.get(Subject, subject.id) is None
        assert session.get(Subject, other.id) is not None


def test_the_write_ahead_log_is_empty_after_an_erasure(store: Store) -> None:
    with store.write(NOW) as session:
        subject = make_subject(session, values=CUSTOMER)
    erase(store, subject.id)
    log = store.path.with_name(FILE + "-wal")
    assert not log.exists() or log.stat().st_size == 0


def test_the_trail_keeps_counts_and_field_codes_and_stays_whole(store: Store) -> None:
    with store.write(NOW) as session:
        subject = make_subject(session, values=CUSTOMER)
    erase(store, subject.id)
    _action, details = audited(store, Action.ERASED)[-1]
    assert details["erased"] == 8
    assert details["cause"] == "G2"
    assert "email" in details["fields"]
    with store.read() as session:
        assert audit.verify(session).first_bad is None


def test_a_voucher_stays_with_name_and_customer_number_and_nothing_else(store: Store) -> None:
    with store.write(NOW) as session:
        subject = make_subject(session, values=CUSTOMER)
        make_datum(session, subject, "invoice_no", "F-100", fy_end_on=dt.date(2024, 12, 31))
        make_datum(session, subject, "amount", "1234.50", fy_end_on=dt.date(2024, 12, 31))
    done = erase(store, subject.id)
    assert not done.is_gone
    assert {kept.what for kept in done.kept} == {"Namn", "Kundnummer", "Fakturanummer", "Belopp"}
    assert {kept.until_on for kept in done.kept} == {dt.date(2031, 12, 31)}
    with store.read() as session:
        fields = set(session.scalars(sa.select(Datum.field)))
        kinds = set(session.scalars(sa.select(Identifier.kind)))
        name = session.get_one(Subject, subject.id).display_name
    assert fields == {"name", "customer_no", "invoice_no", "amount"}
    assert kinds == {"customer_no", "invoice_no"}
    assert name == "Åsa Öberg"


def test_a_hold_keeps_everything(store: Store) -> None:
    with store.write(NOW) as session:
        subject = make_subject(session, values=CUSTOMER)
        holds.set_hold(
            session,
            subject.id,
            kind=HoldKind.DISPUTE,
            reason="T-2026-02",
            review_on=dt.date(2027, 1, 15),
            today=TODAY,
        )
    done = erase(store, subject.id)
    assert done.erased == 0
    assert len(done.kept) == 8
    assert "tvist" in done.kept[0].why


def test_a_person_without_values_but_with_a_hold_stays(store: Store) -> None:
    with store.write(NOW) as session:
        subject = make_subject(session)
        session.execute(sa.delete(Datum))
        holds.set_hold(
            session, subject.id, kind=HoldKind.DISPUTE, reason="T-1", review_on=dt.date(2027, 1, 1), today=TODAY
        )
    assert not erase(store, subject.id).is_gone


def test_an_opt_out_keeps_only_what_is_needed_to_refrain(store: Store) -> None:
    with store.write(NOW) as session:
        subject = make_subject(session, values=CUSTOMER)
        requests.opt_out(session, subject.id, [MarketingChannel.EMAIL], today=TODAY)
    done = erase(store, subject.id)
    assert [kept.what for kept in done.kept] == ["E-post"]
    assert done.run.anonymised == 1
    with store.read() as session:
        assert session.get_one(Subject, subject.id).display_name == "Spärrad för reklam"
        assert session.scalars(sa.select(Identifier.norm)).all() == ["asa@example.com"]
        assert session.scalar(sa.select(sa.func.count()).select_from(OptOut)) == 1
    assert "Öberg" not in everything(store)


def test_copies_and_search_words_in_the_case_go_but_the_case_stays(store: Store) -> None:
    with store.write(NOW) as session:
        subject = make_subject(session, values=CUSTOMER)
        request = make_request(session, subject=subject)
        session.add(Lookup(request_id=request.id, made_at=NOW, made_by="ombud", terms=["Åsa Öberg"]))
        place = filing.Place(subject_id=subject.id, request_id=request.id)
        for kind in ("extract", "workbook", "letter"):
            filing.store(session, b"x", kind=kind, name=kind, media_type="text/plain", place=place)
        erasure.erase_subject(session, subject.id, ground="G2", reason="Begäran", today=TODAY, request_id=request.id)
    with store.read() as session:
        kinds = session.scalars(sa.select(Attachment.kind).where(Attachment.request_id == request.id)).all()
        terms = session.scalars(sa.select(Lookup.terms)).all()
    assert sorted(kinds) == ["letter", "receipt"]
    assert terms == [[]]


def test_outside_systems_and_recipients_become_tasks_without_names(store: Store) -> None:
    with store.write(NOW) as session:
        subject = make_subject(session, values=CUSTOMER)
    done = erase(store, subject.id)
    titles = [task.title for task in done.tasks]
    assert any("Beställningssystem" in title for title in titles)
    assert not any("Annonskonton" in title for title in titles), "no such data were erased"
    assert any("Webbhotell" in title and "art. 19" in title for title in titles)
    assert all(done.run.number in title and "Öberg" not in title for title in titles)
    with store.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Task)) == len(titles)


def test_the_receipt_tells_what_kind_but_not_what(store: Store) -> None:
    with store.write(NOW) as session:
        subject = make_subject(session, values=CUSTOMER)
        make_datum(session, subject, "invoice_no", "F-100", fy_end_on=dt.date(2024, 12, 31))
    done = erase(store, subject.id)
    with store.read() as session:
        text = pdf_text(filing.read(session, done.receipt.id))
    assert done.receipt.name == "gallringskvitto_G-2026-001.pdf"
    for word in ("G-2026-001", "E-post", "Kundregister", "bokföringslagen", "Begäran om radering", "Art. 17.1 a"):
        assert word in text
    assert [secret for secret in (*SECRETS, "F-100") if secret in text] == []


def test_the_receipt_is_in_the_offices_language_all_of_it_also_when_the_request_is_in_english(store: Store) -> None:
    with store.write(NOW) as session:
        subject = make_subject(session, values=CUSTOMER)
        request = make_request(session, subject=subject, language="en")
        done = erasure.erase_subject(
            session, subject.id, ground="G2", reason="Begäran", today=TODAY, request_id=request.id
        )
        text = pdf_text(filing.read(session, done.receipt.id))
    assert "Gallringskvitto" in text
    assert "Kundinformation" in text
    assert "Att göra för hand" in text
    assert "Customer" not in text


@pytest.mark.parametrize(
    ("ground", "reason"),
    [
        ("G9", "Begäran om radering"),
        ("G2", "   "),
        ("G2", "Åsa Öberg vill bli raderad"),
        ("G2", "Kunden asa@example.com slutade"),
    ],
)
def test_nothing_is_erased_without_a_ground_and_a_reason_that_names_nobody(
    store: Store, ground: str, reason: str
) -> None:
    with store.write(NOW) as session:
        subject = make_subject(session, values=CUSTOMER)
    with pytest.raises(UserError):
        erase(store, subject.id, ground=ground, reason=reason)
    with store.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Datum)) == 8
