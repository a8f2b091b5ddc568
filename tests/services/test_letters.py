import dataclasses
import datetime as dt

import pytest
import sqlalchemy as sa

from app.domain.audit import Action
from app.domain.channels import MarketingChannel
from app.domain.errors import UserError
from app.domain.request_facts import Decision, Facts
from app.domain.rights import Right
from app.domain.status import Outcome, Question
from app.domain.subjects import Protection
from app.reference.letters import KINDS
from app.services import erasure, extracts, filing, letters, lookup, organisation, outside, requests
from app.services.request_facts import facts_of
from db.models import Datum, Request, Subject, Task
from db.store import Store
from tests.factories import CUSTOMER, NOW, TODAY, make_datum, make_request, make_source, make_subject
from tests.services.conftest import audited, pdf_text

ADDRESS = ("Åsa Öberg", "Storgatan 1", "752 31 Uppsala")


def case(store: Store, *, protection: Protection = Protection.NONE, right: Right = Right.ACCESS, **gone: str) -> int:
    """Return a request of a customer; `gone` names fields of the address to leave out."""
    values = {code: value for code, value in CUSTOMER.items() if code not in gone}
    with store.write(NOW) as session:
        subject = make_subject(session, values=values, protection=protection)
        request = make_request(session, subject=subject, rights=(right,))
        lookup.record(session, request.id, subject_id=subject.id, terms=["Åsa Öberg"])
        return request.id


def draft(store: Store, request_id: int, kind: str = "access", **values: str) -> letters.LetterDraft:
    with store.read() as session:
        return letters.draft(session, request_id, kind, today=TODAY, values=values)


def make(store: Store, request_id: int, ready: letters.LetterDraft) -> str:
    """Write the letter and return its text."""
    with store.write(NOW) as session:
        made = letters.make(session, request_id, ready, today=TODAY)
        return pdf_text(filing.read(session, made.id))


def facts(store: Store, request_id: int) -> Facts:
    with store.read() as session:
        return facts_of(session, session.get_one(Request, request_id))


def decide(
    store: Store, request_id: int, right: Right, outcome: Outcome, *, ground: str = "", reason: str = ""
) -> None:
    with store.write(NOW) as session:
        made = Decision(right=right, outcome=outcome, ground=ground, reason=reason)
        requests.decide(session, request_id, made, today=TODAY)


def subject_of(store: Store, request_id: int) -> int:
    with store.read() as session:
        found = session.get_one(Request, request_id).subject_id
    assert found is not None
    return found


def test_the_letter_goes_to_the_registered_address_and_names_authority_and_court(store: Store) -> None:
    request_id = case(store)
    ready = draft(store, request_id)
    assert ready.addressee_lines == ADDRESS
    assert (ready.missing, ready.address_problem, ready.via) == ((), "", None)
    text = make(store, request_id, ready)
    for words in ("Storgatan 1", "752 31 UPPSALA", "tidigare Datainspektionen", "tingsrätt", "10 november 2026"):
        assert words in text
    assert facts(store, request_id).has_letter


def test_the_letter_is_stored_with_its_kind_and_version_in_the_name(store: Store) -> None:
    request_id = case(store)
    with store.write(NOW) as session:
        first, second = (
            letters.make(session, request_id, letters.draft(session, request_id, "access", today=TODAY), today=TODAY)
            for _time in range(2)
        )
        number = session.get_one(Request, request_id).number
    assert first.name == f"brev_access_{number}_v1.pdf"
    assert second.name == f"brev_access_{number}_v2.pdf"
    ((_act, details), _again) = audited(store, Action.LETTER_MADE)
    assert details == {"letter": "access", "has_address": True}


def test_the_foot_of_the_letter_names_the_company_with_its_number(store: Store) -> None:
    with store.write(NOW) as session:
        facts = {"orgnr": "556677-8899", "address_lines": ["Box 100", "104 20 Stockholm"]}
        organisation.change_fact(session, organisation.CONTROLLER, facts)
    request_id = case(store)
    assert "iTrace · Box 100 · 104 20 Stockholm · Org.nr 556677-8899" in make(
        store, request_id, draft(store, request_id)
    )


def test_an_extract_is_listed_as_an_enclosure(store: Store) -> None:
    request_id = case(store)
    assert "Bilagor" not in make(store, request_id, draft(store, request_id))
    with store.write(NOW) as session:
        extracts.make(session, request_id, today=TODAY, formats=("pdf",))
    assert "Bilagor" in make(store, request_id, draft(store, request_id))


@pytest.mark.parametrize(("field", "word"), [("street", "gatuadress"), ("postcode", "postnummer"), ("city", "postort")])
def test_an_address_that_is_not_whole_is_not_used_and_says_what_it_lacks(store: Store, field: str, word: str) -> None:
    request_id = case(store, **{field: ""})  # type: ignore[arg-type]
    ready = draft(store, request_id)
    assert ready.addressee_lines == ("Åsa Öberg",)
    assert word in ready.address_problem


def test_care_of_apartment_and_country_have_their_lines(store: Store) -> None:
    request_id = case(store)
    with store.write(NOW) as session:
        subject = session.get_one(Subject, subject_of(store, request_id))
        for field, value in (("co_address", "c/o Äng"), ("apartment_no", "1102"), ("country", "Norge")):
            make_datum(session, subject, field, value)
    lines = draft(store, request_id).addressee_lines
    assert lines == ("Åsa Öberg", "c/o Äng", "Storgatan 1, lgh 1102", "752 31 Uppsala", "Norge")


def test_parts_of_different_registers_are_never_mixed_and_a_difference_is_told(store: Store) -> None:
    request_id = case(store)
    with store.write(NOW) as session:
        subject = session.get_one(Subject, subject_of(store, request_id))
        newer = make_source(session, "Webbutik")
        for field, value in (("street", "Lillgatan 2"), ("postcode", "111 22"), ("city", "Stockholm")):
            make_datum(session, subject, field, value, source=newer)
    ready = draft(store, request_id)
    assert ready.addressee_lines == ("Åsa Öberg", "Lillgatan 2", "111 22 Stockholm")
    assert ready.notes == ("Registren har olika adresser. Kontrollera vilken som gäller.",)


@pytest.mark.parametrize("protection", [Protection.CONFIDENTIAL, Protection.PROTECTED_REGISTRATION, Protection.ASSUMED])
def test_a_protected_address_is_never_shown(store: Store, protection: Protection) -> None:
    request_id = case(store, protection=protection)
    ready = draft(store, request_id)
    assert ready.addressee_lines == ("Skatteverket", "Box 2820", "403 20 Göteborg")
    assert ready.via == "Genom Skatteverkets postförmedling"
    assert "Storgatan" not in repr(ready)
    text = make(store, request_id, ready)
    assert "Storgatan" not in text
    assert "Genom Skatteverkets postförmedling" in text


def test_a_draft_made_before_the_protection_cannot_be_written(store: Store) -> None:
    request_id = case(store)
    ready = draft(store, request_id)
    with store.write(NOW) as session:
        session.get_one(Subject, subject_of(store, request_id)).protection = Protection.CONFIDENTIAL
    with pytest.raises(UserError, match="skyddade uppgifter"):
        make(store, request_id, ready)


def test_a_dead_person_gets_no_address(store: Store) -> None:
    request_id = case(store)
    with store.write(NOW) as session:
        session.get_one(Subject, subject_of(store, request_id)).is_deceased = True
    assert "avliden" in draft(store, request_id).address_problem


def test_nobody_chosen_means_no_address_but_a_letter_all_the_same(store: Store) -> None:
    with store.write(NOW) as session:
        request_id = make_request(session).id
    ready = draft(store, request_id, "access_nothing")
    assert "ingen person är vald" in ready.address_problem
    assert "Nej, vi har inga uppgifter om dig" in make(store, request_id, ready)


def test_a_missing_fact_is_named_and_stops_the_letter(store: Store) -> None:
    request_id = case(store, right=Right.RECTIFICATION)
    ready = draft(store, request_id, "rectification")
    assert ready.missing == ("corrected",)
    with pytest.raises(UserError, match="corrected"):
        make(store, request_id, ready)
    filled = draft(store, request_id, "rectification", corrected="Postnumret är 752 31.")
    assert filled.missing == ()
    assert "Postnumret är 752 31." in make(store, request_id, filled)


def test_a_vault_without_an_officers_address_cannot_write_to_anybody(store: Store) -> None:
    request_id = case(store)
    with store.write(NOW) as session:
        for key in (organisation.CONTROLLER, organisation.OFFICER):
            organisation.change_fact(session, key, {"email": ""})
    assert draft(store, request_id).missing == ("officer_email",)


def test_a_refusal_gives_its_reason_ground_and_remedies(store: Store) -> None:
    request_id = case(store, right=Right.ERASURE)
    decide(store, request_id, Right.ERASURE, Outcome.REFUSED, ground="legal_claims", reason="En tvist pågår.")
    ready = draft(store, request_id, "refusal")
    assert ready.missing == ()
    text = make(store, request_id, ready)
    assert "En tvist pågår." in text
    assert "Uppgifterna behövs för rättsliga anspråk (Art. 17.3 e)" in text
    assert facts(store, request_id).has_letter


def test_a_letter_without_the_court_does_not_answer_a_refusal(store: Store) -> None:
    request_id = case(store, right=Right.ERASURE)
    decide(store, request_id, Right.ERASURE, Outcome.REFUSED, ground="legal_claims", reason="En tvist pågår.")
    make(store, request_id, draft(store, request_id, "extract_cover"))
    assert not facts(store, request_id).has_letter


@pytest.mark.parametrize("kind", ["acknowledgement", "identity_request", "extension"])
def test_a_message_on_the_way_is_not_the_answer(store: Store, kind: str) -> None:
    request_id = case(store)
    with store.write(NOW) as session:
        if kind == "identity_request":
            session.get_one(Request, request_id).identity_on = None
            requests.pause(
                session, request_id, question=Question.IDENTITY, reason="Avsändaren är okänd.", asked_on=TODAY
            )
        if kind == "extension":
            requests.extend(session, request_id, reason="Många begäranden.", today=TODAY)
    with store.read() as session:
        assert letters.proposed_kinds(session, request_id)[0] == kind
    text = make(store, request_id, draft(store, request_id, kind))
    assert not facts(store, request_id).has_letter
    expected = {"identity_request": "Avsändaren är okänd.", "extension": "10 februari 2027"}
    assert expected.get(kind, "10 december 2026") in text


def test_a_partial_erasure_says_what_went_what_stays_and_who_was_told(store: Store) -> None:
    request_id = case(store, right=Right.ERASURE)
    subject_id = subject_of(store, request_id)
    decide(store, request_id, Right.ERASURE, Outcome.PARTLY, ground="bookkeeping", reason="Bokföring.")
    with store.write(NOW) as session:
        subject = session.get_one(Subject, subject_id)
        make_datum(session, subject, "invoice_no", "F-1", fy_end_on=dt.date(2024, 12, 31))
        erasure.erase_subject(session, subject_id, ground="G2", reason="Begäran", today=TODAY, request_id=request_id)
        notice = session.scalars(sa.select(Task).where(Task.kind == outside.NOTICE)).first()
        assert notice is not None
        requests.finish_task(session, notice.id, today=TODAY)
    ready = draft(store, request_id, "erasure_partial")
    text = "\n".join(ready.paragraphs)
    assert "E-post" in text
    assert "Namn, Kundnummer, Fakturanummer" in text
    assert "31 december 2031: bokföringslagen" in text
    assert "Vi har sagt till dem som fått uppgifterna: Webbhotell" in text
    assert ready.missing == ()


def test_an_erasure_that_was_not_carried_out_cannot_be_reported(store: Store) -> None:
    request_id = case(store, right=Right.ERASURE)
    ready = draft(store, request_id, "erasure")
    assert "erased" in ready.missing
    with pytest.raises(UserError):
        make(store, request_id, ready)


def test_a_stop_for_marketing_names_its_channels(store: Store) -> None:
    request_id = case(store, right=Right.MARKETING)
    with store.write(NOW) as session:
        requests.opt_out(session, subject_of(store, request_id), [MarketingChannel.SMS], today=TODAY)
    ready = draft(store, request_id, "marketing")
    assert ready.missing == ()
    assert "sms" in "\n".join(ready.paragraphs)


def test_a_value_that_looks_like_a_merge_field_stays_text(store: Store) -> None:
    with store.write(NOW) as session:
        subject = make_subject(session, "{controller}", values=CUSTOMER)
        request = make_request(session, subject=subject)
        request.requester_name = "<b>{due}</b>"
    ready = draft(store, request.id)
    assert ready.paragraphs[0] == "Hej <b>{due}</b>!"
    assert "<b>{due}</b>" in make(store, request.id, ready)


def test_an_unknown_letter_is_refused(store: Store) -> None:
    request_id = case(store)
    with pytest.raises(UserError, match="finns inte"):
        draft(store, request_id, "../access")


def test_every_decision_has_a_letter() -> None:
    for right in Right:
        for outcome in set(Outcome) - {Outcome.WITHDRAWN}:
            kinds = letters.kinds_for([Decision(right=right, outcome=outcome)])
            assert kinds, (right, outcome)
            assert set(kinds) <= set(KINDS)
    assert letters.kinds_for([Decision(right=Right.ACCESS, outcome=Outcome.WITHDRAWN)]) == ()
    assert letters.kinds_for([Decision(right=Right.ACCESS)]) == ()


def test_the_trail_holds_no_address(store: Store) -> None:
    request_id = case(store)
    make(store, request_id, dataclasses.replace(draft(store, request_id), subject="Svar till dig"))
    assert "Storgatan" not in str(audited(store))
    with store.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Datum)) == 8
