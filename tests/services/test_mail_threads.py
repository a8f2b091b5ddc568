"""A mail that belongs to a request already is recognised, and filed there when somebody says so."""

import datetime as dt

import pytest
import sqlalchemy as sa

from app.domain.audit import Action
from app.domain.errors import UserError
from app.importers.mail import read_mail
from app.services import filing, intake, requests
from app.services.intake import Proposal
from app.services.mail_threads import Thread
from db.models import Attachment, Request
from db.store import Store
from tests.factories import CUSTOMER, NOW, TODAY, make_subject
from tests.importers.mails import PLAIN, with_header, without
from tests.importers.outlook import Outlook
from tests.services.conftest import audited

FIRST = with_header("Message-ID", "<forsta@example.se>")


def proposal(store: Store, raw: bytes) -> Proposal:
    draft = read_mail(raw, now=NOW)
    with store.read() as session:
        return intake.from_mail(session, draft, raw, today=TODAY)


def register(store: Store, raw: bytes = FIRST) -> int:
    made = proposal(store, raw)
    with store.write(NOW) as session:
        return requests.register(session, made.intake, today=TODAY).id


def answer(header: str = "In-Reply-To", value: str = "<forsta@example.se>") -> bytes:
    return with_header(header, value).replace(b"<2@example.se>", b"<andra@example.se>")


def thread(store: Store, raw: bytes) -> Thread | None:
    return proposal(store, raw).thread


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (answer(), "svarar på ett brev"),
        (answer("References", "<annan@x.se> <forsta@example.se>"), "svarar på ett brev"),
        (answer("Subject", "Sv: Begäran b-2026-001"), "Ärendenumret"),
        (Outlook(message_id="<3@x>", references="<forsta@example.se>").file(), "svarar på ett brev"),
    ],
)
def test_an_answer_or_a_number_in_the_subject_names_the_request(store: Store, raw: bytes, why: str) -> None:
    key = register(store)
    found = thread(store, raw)
    assert found is not None
    assert (found.request_id, found.number, found.who) == (key, "B-2026-001", "Åsa Test")
    assert why in found.why
    assert found.is_same_sender
    assert not found.is_closed


@pytest.mark.parametrize(
    "raw",
    [
        PLAIN,
        answer("In-Reply-To", "<okand@example.se>"),
        answer("Subject", "B-2025-001, B-2026-99 och XB-2026-001"),
        with_header("In-Reply-To", "<>"),
    ],
)
def test_a_mail_that_names_no_request_belongs_to_none(store: Store, raw: bytes) -> None:
    register(store)
    with store.write(NOW) as session:
        make_subject(session)
    register(store, without("Message-ID"))
    assert thread(store, raw.replace(b"<2@example.se>", b"<9@example.se>")) is None


def test_a_stranger_who_knows_the_number_is_pointed_out_and_another_address_of_the_person_is_not(store: Store) -> None:
    register(store)
    stranger = answer("Subject", "B-2026-001").replace(b"<asa@example.se>", b"<annan@example.se>")
    found = thread(store, stranger)
    assert found is not None
    assert not found.is_same_sender
    with store.write(NOW) as session:
        person = make_subject(session, values=CUSTOMER | {"email": "annan@example.se"})
        session.get_one(Request, found.request_id).subject_id = person.id
    found = thread(store, stranger)
    assert found is not None
    assert found.is_same_sender


def test_the_mail_is_filed_with_its_original_its_text_and_a_row_in_the_trail(store: Store) -> None:
    key = register(store)
    further = intake.as_further_mail(proposal(store, answer()).intake)
    with store.write(NOW) as session:
        before = session.get_one(Request, key).due_on
        request = requests.add_mail(session, key, further, today=TODAY)
        assert request.due_on == before
        assert "Brev 2026-02-16 från Åsa Test asa@example.se\nBegäran om registerutdrag" in request.message
        assert request.message.startswith("Begäran om registerutdrag")
    with store.read() as session:
        rows = session.scalars(sa.select(Attachment).where(Attachment.request_id == key).order_by(Attachment.id)).all()
        assert [(row.name, row.message_id) for row in rows] == [
            ("B-2026-001_original.eml", "<forsta@example.se>"),
            ("B-2026-001_brev_2.eml", "<andra@example.se>"),
        ]
        assert filing.read(session, rows[1].id) == answer()
    (told,) = audited(store, Action.MAIL_ADDED)
    assert told[1]["received_on"] == {"on": "2026-02-16"} or told[1]["received_on"] == "2026-02-16"
    assert "Åsa" not in str(told)


def test_a_mail_of_outlook_is_kept_under_its_own_ending(store: Store) -> None:
    key = register(store, Outlook().file())
    with store.read() as session:
        (row,) = session.scalars(sa.select(Attachment).where(Attachment.request_id == key))
        assert (row.name, row.media_type) == ("B-2026-001_original.msg", "application/vnd.ms-outlook")
        assert filing.read(session, row.id) == Outlook().file()


def test_the_same_mail_is_not_filed_twice_nor_with_a_day_to_come(store: Store) -> None:
    key = register(store)
    again = intake.as_further_mail(proposal(store, FIRST).intake)
    with pytest.raises(UserError, match="finns redan"), store.write(NOW) as session:
        requests.add_mail(session, key, again, today=TODAY)
    late = requests.Mail(original=b"x", received_on=TODAY + dt.timedelta(days=1))
    with pytest.raises(UserError, match="framtiden"), store.write(NOW) as session:
        requests.add_mail(session, key, late, today=TODAY)
    assert audited(store, Action.MAIL_ADDED) == []


def test_a_mail_that_is_filed_already_says_where(store: Store) -> None:
    assert proposal(store, FIRST).filed_in == ""
    register(store)
    assert proposal(store, FIRST).filed_in == "B-2026-001"
    assert proposal(store, answer()).filed_in == ""
