import datetime as dt
from dataclasses import fields

import pytest
import sqlalchemy as sa

from app.documents.content import Extract, ExtractRow
from app.domain.audit import Action
from app.domain.channels import MarketingChannel
from app.domain.errors import UserError
from app.domain.subjects import HoldKind
from app.services import extracts, filing, lookup, organisation, requests, retention
from app.services.output_choice import Choice
from db.models import Attachment, Datum, Subject
from db.store import Store
from tests.factories import CUSTOMER, NOW, TODAY, make_datum, make_request, make_source, make_subject
from tests.services.conftest import audited, pdf_text


def customer(store: Store) -> int:
    """Return a customer with a voucher, free text, a password and a segment, from three registers."""
    with store.write(NOW) as session:
        subject = make_subject(session, values=CUSTOMER)
        billing = make_source(session, "Fakturering", activity="orders_billing")
        desk = make_source(session, "Kundtjänst", activity="service_cases")
        make_source(session, "Nyhetsbrev", activity="newsletter_marketing")
        make_datum(session, subject, "invoice_no", "F-20418", source=billing, fy_end_on=dt.date(2025, 12, 31))
        make_datum(session, subject, "amount", "1234.50", source=billing, fy_end_on=dt.date(2025, 12, 31))
        make_datum(session, subject, "product", "Abonnemang", source=billing)
        make_datum(session, subject, "complaint", "Min granne Bo klagade också", source=desk)
        make_datum(session, subject, "password", "hemligt", source=desk)
        make_datum(session, subject, "segment", "Trogna kunder", activity="profiling")
        return subject.id


def extract(
    store: Store, subject_id: int | None, request_id: int | None = None, masked: frozenset[int] | None = None
) -> Extract:
    with store.read() as session:
        choice = Choice(masked=masked)
        return extracts.content(session, subject_id=subject_id, request_id=request_id, today=TODAY, choice=choice)


def row(made: Extract, label: str) -> ExtractRow:
    return next(row for category in made.categories for row in category.rows if row.label == label)


def test_every_part_of_the_extract_has_something_to_say(store: Store) -> None:
    made = extract(store, customer(store))
    assert made.has_data
    empty = [field.name for field in fields(made) if not getattr(made, field.name)]
    assert empty == ["transfers", "files", "since", "carried"], "no transfer, no import, no version before"
    assert made.subject_name == "Åsa Öberg"
    assert made.subject_identity == "19640823-••••"
    assert made.controller.name == "iTrace"
    assert made.mark.reference.startswith("R-")


def test_each_value_says_where_it_came_from_why_it_is_held_and_until_when(store: Store) -> None:
    made = extract(store, customer(store))
    voucher = row(made, "Fakturanummer")
    assert voucher.value == "F-20418"
    assert voucher.source == "Fakturering"
    assert voucher.since_on == dt.date(2016, 4, 1)
    assert voucher.purpose == "Fakturering och bokföring"
    assert voucher.legal_basis == "Rättslig förpliktelse (Art. 6.1 c)"
    assert "Klarna" in voucher.recipients
    assert voucher.erase_text == "2032-12-31"
    product = row(made, "Köpt produkt eller tjänst")
    assert product.legal_basis == "Avtal (Art. 6.1 b)"
    assert product.erase_text == "60 månader efter att du slutat vara kund"
    assert row(made, "Belopp").kind == "money"
    assert row(made, "Personnummer").value == "19640823-3234"


def test_a_value_without_an_activity_says_that_its_ground_is_missing(store: Store) -> None:
    subject_id = customer(store)
    with store.write(NOW) as session:
        session.execute(sa.update(Datum).where(Datum.field == "email").values(activity_id=None))
    found = row(extract(store, subject_id), "E-post")
    assert (found.purpose, found.legal_basis) == ("Inte angivet", "Inte angivet")


def test_a_password_never_leaves_even_when_nothing_is_masked(store: Store) -> None:
    subject_id = customer(store)
    made = extract(store, subject_id, masked=frozenset())
    assert row(made, "Lösenord").is_masked
    assert row(made, "Lösenord").value == ""
    assert "hemligt" not in repr(made)
    assert any(item.title == "Lösenord" for item in made.withheld)


def test_free_text_is_proposed_for_masking_and_shown_when_the_officer_says_so(store: Store) -> None:
    subject_id = customer(store)
    with store.read() as session:
        proposed = extracts.proposed_masks(session, subject_id, today=TODAY)
        complaint_id = session.scalar(sa.select(Datum.id).where(Datum.field == "complaint"))
    assert proposed == {complaint_id}
    assert "granne" not in repr(extract(store, subject_id))
    assert "granne" in repr(extract(store, subject_id, masked=frozenset()))


def test_recipients_stand_by_name_with_role_and_what_they_do(store: Store) -> None:
    made = extract(store, customer(store))
    names = {item.name: item for item in made.recipients}
    assert {"Klarna", "Payson", "Webbhotell"} <= set(names)
    assert "Betalning och fakturering" not in names, "the category gives way to the names in it"
    assert names["Klarna"].role == "Eget ansvar"
    assert names["Webbhotell"].role == "Personuppgiftsbiträde"
    assert names["Klarna"].purpose == "Köp, fakturering och bokföring"


def test_purposes_that_the_values_may_serve_are_told_apart_from_those_they_serve(store: Store) -> None:
    texts = {item.title: item.text for item in extract(store, customer(store)).purposes}
    assert "Ingår i behandlingen Kundadministration" in texts["Ingå och sköta kundavtalet"]
    assert "Kan ingå i behandlingen Nyhetsbrev" in texts["Nyhetsbrev"]
    assert "Du kan när som helst säga nej." in texts["Nyhetsbrev"]
    assert "Hantera personuppgiftsincidenter" not in texts


def test_each_purpose_of_a_value_stands_on_a_line_and_has_the_ground_that_it_has_elsewhere(store: Store) -> None:
    made = extract(store, customer(store))
    assert row(made, "Personnummer").purpose.split("\n")[:2] == [
        "Ingå och sköta kundavtalet",
        "Berätta om ändrade villkor",
    ]
    with store.write(NOW) as session:
        subject = session.scalars(sa.select(Subject)).one()
        number = make_request(session, subject=subject).number
    assert row(extract(store, subject.id), number).legal_basis == row(made, "Fakturanummer").legal_basis


def test_the_legitimate_interest_is_spelled_out_in_english_too(store: Store) -> None:
    subject_id = customer(store)
    with store.read() as session:
        made = extracts.content(session, subject_id=subject_id, request_id=None, today=TODAY, language="en")
    text = next(item.text for item in made.purposes if item.title == "Newsletter")
    assert "To keep customers informed of news." in text
    assert "Att hålla" not in text


def test_the_controller_and_the_officer_stand_with_all_their_facts(store: Store) -> None:
    subject_id = customer(store)
    with store.write(NOW) as session:
        organisation.change_fact(
            session, organisation.CONTROLLER, {"orgnr": "556677-8899", "address_lines": ["Box 100", "104 20 Stockholm"]}
        )
    made = extract(store, subject_id)
    assert made.controller.orgnr == "556677-8899"
    assert made.controller.lines == ("Box 100", "104 20 Stockholm")
    assert made.controller.website == "www.iTrace.se"
    assert (made.officer.name, made.officer.phone) == ("Dataskyddsombudet hos iTrace", "")


def test_a_controller_without_a_name_is_called_us(store: Store) -> None:
    with store.write(NOW) as session:
        organisation.change_fact(session, organisation.CONTROLLER, {"name": ""})
    assert "talan mot oss vid" in extract(store, customer(store)).complaint[1]


def test_every_register_is_named_also_those_that_had_nothing(store: Store) -> None:
    made = extract(store, customer(store))
    searched = {item.title: item.text for item in made.searched}
    assert searched["Nyhetsbrev"] == "Sökt den 22 november 2026: inget fanns"
    assert searched["Fakturering"] == "Sökt den 22 november 2026: 3 uppgifter"
    assert "Fakturering" in {item.title for item in made.sources}
    assert "Nyhetsbrev" not in {item.title for item in made.sources}


def test_retention_tells_rules_duty_and_stop(store: Store) -> None:
    subject_id = customer(store)
    with store.write(NOW) as session:
        retention.set_hold(
            session,
            subject_id,
            kind=HoldKind.DISPUTE,
            reason="Grannen Bo",
            review_on=dt.date(2027, 1, 15),
            today=TODAY,
        )
    made = extract(store, subject_id)
    text = " ".join(f"{item.title} {item.text}" for item in made.retention)
    assert "60 månader" in text
    assert "Bokföringslagen (7 kap. 2 §)" in text
    assert "tvist pågår" in text
    assert "15 januari 2027" in text
    assert "Grannen" not in text, "the reason of a hold is not printed"
    assert row(made, "E-post").erase_text == "Inte nu: gallringen är stoppad"


def test_profiling_names_the_segment_and_no_decision_is_automatic(store: Store) -> None:
    made = extract(store, customer(store))
    assert any("Trogna kunder" in text for text in made.profiling)
    assert made.automated == ("Vi fattar inga beslut om dig helt automatiskt.",)


def test_the_complaint_goes_to_the_authority_at_its_address(store: Store) -> None:
    text = " ".join(extract(store, customer(store)).complaint)
    assert "Integritetsskyddsmyndigheten (IMY), tidigare Datainspektionen" in text
    assert "Box 8114, 104 20 Stockholm" in text
    assert "tingsrätt" in text


def test_opt_outs_and_the_persons_own_requests_are_data_too(store: Store) -> None:
    subject_id = customer(store)
    with store.write(NOW) as session:
        requests.opt_out(session, subject_id, [MarketingChannel.SMS], today=TODAY)
        request = make_request(session, subject=session.get_one(Subject, subject_id))
    made = extract(store, subject_id)
    assert row(made, "Reklamspärr").value == "Sms"
    assert "asa@example.com" in row(made, request.number).value


def test_the_files_are_stored_with_versions_and_generated_names(store: Store) -> None:
    subject_id = customer(store)
    with store.write(NOW) as session:
        request = make_request(session, subject=session.get_one(Subject, subject_id))
        first = extracts.make(session, request.id, today=TODAY)
        second = extracts.make(session, request.id, today=TODAY, formats=("pdf",))
    names = [file.name for file in (*first, *second)]
    start = f"registerutdrag_{request.number}"
    assert names == [f"{start}_v1.pdf", f"{start}_v1.xlsx", f"{start}_v2.pdf"]
    assert [file.kind for file in first] == ["extract", "workbook"]
    with store.read() as session:
        text = pdf_text(filing.read(session, second[0].id))
        assert filing.read(session, first[1].id).startswith(b"PK")
    for word in ("Åsa Öberg", "F-20418", "Nyhetsbrev", "Ordlista", request.number):
        assert word in text
    assert "hemligt" not in text


def test_the_trail_says_how_much_was_handed_out_but_not_what(store: Store) -> None:
    subject_id = customer(store)
    with store.write(NOW) as session:
        extracts.make_for_subject(session, subject_id, today=TODAY)
    ((_action, details),) = audited(store, Action.EXTRACT_MADE)
    assert details["masked"] == 2
    assert details["rows"] == 14
    assert details["formats"] == ["pdf", "xlsx"]
    assert "Öberg" not in str(audited(store))


def test_nobody_found_gives_the_negative_answer(store: Store) -> None:
    with store.write(NOW) as session:
        make_subject(session, "Bo Alm")
        request = make_request(session)
        lookup.record(session, request.id, subject_id=None, terms=["Åsa Öberg"])
        (file,) = extracts.make(session, request.id, today=TODAY, formats=("pdf",))
    made = extract(store, None, request.id)
    assert not made.has_data
    assert made.subject_name == "Åsa Öberg"
    assert made.categories == ()
    assert [item.text for item in made.searched] == ["Sökt den 22 november 2026: inget fanns", "Åsa Öberg"]
    with store.read() as session:
        assert "vi behandlar inga personuppgifter om dig" in pdf_text(filing.read(session, file.id))


def test_a_chosen_person_without_values_gives_the_negative_answer(store: Store) -> None:
    with store.write(NOW) as session:
        subject = make_subject(session)
        session.execute(sa.delete(Datum))
        request = make_request(session, subject=subject)
    assert not extract(store, subject.id, request.id).has_data


def test_no_extract_before_it_is_known_who_asks(store: Store) -> None:
    subject_id = customer(store)
    with store.write(NOW) as session:
        request = make_request(session, subject=session.get_one(Subject, subject_id), is_identified=False)
    with pytest.raises(UserError, match="Identiteten"), store.write(NOW) as session:
        extracts.make(session, request.id, today=TODAY)


def test_no_extract_before_anybody_is_chosen_or_searched_for(store: Store) -> None:
    with store.write(NOW) as session:
        request = make_request(session)
    with pytest.raises(UserError, match="Ingen person är vald"), store.write(NOW) as session:
        extracts.make(session, request.id, today=TODAY)


def test_no_extract_in_a_closed_request(store: Store) -> None:
    subject_id = customer(store)
    with store.write(NOW) as session:
        request = make_request(session, subject=session.get_one(Subject, subject_id))
        request.closed_on = TODAY
    with pytest.raises(UserError, match="avslutad"), store.write(NOW) as session:
        extracts.make(session, request.id, today=TODAY)


@pytest.mark.parametrize("formats", [(), ("docx",), ("pdf", "exe")])
def test_an_unknown_format_is_refused_and_nothing_is_stored(store: Store, formats: tuple[str, ...]) -> None:
    subject_id = customer(store)
    with pytest.raises(UserError, match="Formatet"), store.write(NOW) as session:
        extracts.make_for_subject(session, subject_id, today=TODAY, formats=formats)
    with store.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Attachment)) == 0


def test_names_that_look_like_code_come_out_as_text(store: Store) -> None:
    with store.write(NOW) as session:
        subject = make_subject(session, "<b>x</b> =1+1", values={"email": "=1+1@example.com"})
        (file, _workbook) = extracts.make_for_subject(session, subject.id, today=TODAY)
    with store.read() as session:
        assert "<b>x</b> =1+1" in pdf_text(filing.read(session, file.id))
