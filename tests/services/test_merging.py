"""Joining records and taking them apart: the person is seen whole everywhere, and gets back exactly what was."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.audit import Action
from app.domain.channels import MarketingChannel
from app.domain.errors import UserError
from app.domain.subjects import HoldKind, Protection
from app.services import (
    addresses,
    audit,
    erasure,
    extracts,
    filing,
    keeping,
    ledger,
    lookup,
    merging,
    requests,
    retention,
    subjects,
)
from db.base import Base
from db.models import AuditEntry, Datum, Hold, Identifier, Merge, NotSame, OptOut, Subject
from db.queries import people
from db.store import Store
from tests.factories import CUSTOMER, NOW, TODAY, make_datum, make_request, make_source, make_subject

REVIEW_ON = dt.date(2027, 1, 15)
OLD_EMAIL = "asa@gammal.example"
UNTOUCHED = ("audit_entry", "alembic_version", "not_same", "setting", "search_stale")


def two(session: Session) -> tuple[int, int]:
    """Return the customer and the same woman in the newsletter, under another spelling and an old address."""
    one = make_subject(session, values=CUSTOMER)
    other = make_subject(session, "Asa Oberg", relation_end_on=dt.date(2020, 1, 31))
    letters = make_source(session, "Nyhetsbrev", activity="newsletter")
    make_datum(session, other, "email", OLD_EMAIL, source=letters)
    return one.id, other.id


def snapshot(session: Session) -> dict[str, Sequence[Any]]:
    """Return every row of every table that a merge could have touched."""
    session.flush()
    return {
        table.name: session.execute(sa.select(table).order_by(*table.primary_key.columns)).all()
        for table in Base.metadata.sorted_tables
        if table.name not in UNTOUCHED
    }


def merged(session: Session) -> tuple[int, int, int]:
    one, other = two(session)
    return merging.merge(session, [one, other], reason="Samma mobil").id, one, other


def test_a_merged_person_is_found_by_every_spelling_and_address_once(store: Store) -> None:
    with store.write(NOW) as session:
        whole, _one, _other = merged(session)
        for text in ("Åsa Öberg", "Asa Oberg", "asa@example.com", OLD_EMAIL, "640823-3234", "070-174 06 05"):
            hits = lookup.search(session, text, today=TODAY)
            assert [hit.subject_id for hit in hits] == [whole], text
            assert hits[0].name == "Åsa Öberg"
            assert hits[0].sources == ("Kundregister", "Nyhetsbrev")


def test_the_card_and_the_extract_hold_all_records(store: Store) -> None:
    with store.write(NOW) as session:
        whole, one, other = merged(session)
        for key in (whole, one, other):  # also by an old link to one of the records
            card = subjects.open_card(session, key, today=TODAY)
            assert card.subject_id == whole
            assert {row.source for row in card.rows} == {"Kundregister", "Nyhetsbrev"}
            made = extracts.content(session, subject_id=key, request_id=None, today=TODAY)
            values = {row.value for category in made.categories for row in category.rows}
            assert {"Åsa Öberg", "Asa Oberg", OLD_EMAIL} <= values
            assert made.subject_identity.startswith("19640823")
        assert extracts.make_for_subject(session, one, today=TODAY, formats=("pdf",))[0].subject_id == whole


def test_masks_reasons_and_the_whole_values_know_all_records(store: Store) -> None:
    with store.write(NOW) as session:
        whole, _one, other = merged(session)
        complaint = make_datum(session, session.get_one(Subject, other), "complaint", "Sidan låg nere").id
        assert complaint in extracts.proposed_masks(session, whole, today=TODAY)
        assert "19640823-3234" in subjects.reveal(session, other).values()
        with pytest.raises(UserError, match="uppgifter om personen"):
            erasure.erase_subject(session, whole, ground="G2", reason=f"Fel adress {OLD_EMAIL}", today=TODAY)


def test_erasing_a_merged_person_erases_every_record(store: Store) -> None:
    with store.write(NOW) as session:
        whole, one, other = merged(session)
        ledger.record(session, None, subject_id=whole, terms=[OLD_EMAIL])
        done = erasure.erase_subject(session, one, ground="G2", reason="Återkallat samtycke", today=TODAY)
        assert done.is_gone
        assert session.scalars(sa.select(Subject.id).where(Subject.id.in_([whole, one, other]))).all() == []
        for model in (Datum, Identifier, Merge):
            assert session.scalar(sa.select(sa.func.count()).select_from(model)) == 0
        assert session.scalar(sa.text("SELECT count(*) FROM subject_fts WHERE subject_fts MATCH 'oberg*'")) == 0
        assert session.scalar(sa.text("SELECT terms FROM lookup")) == "[]"


def test_what_must_stay_of_a_merged_person_loses_every_name(store: Store) -> None:
    with store.write(NOW) as session:
        whole, _one, other = merged(session)
        requests.opt_out(session, other, [MarketingChannel.EMAIL], today=TODAY)
        done = erasure.erase_subject(session, whole, ground="G2", reason="Invändning", today=TODAY)
        assert not done.is_gone
        assert {kept.what for kept in done.kept} == {"E-post"}
        names = session.scalars(sa.select(Subject.display_name)).all()
        assert set(names) == {"Spärrad för reklam"}
        norms = session.scalars(sa.select(Identifier.norm)).all()
        assert sorted(norms) == ["asa@example.com", OLD_EMAIL]


def test_a_hold_an_open_request_and_an_opt_out_of_one_record_hold_for_all(store: Store) -> None:
    with store.write(NOW) as session:
        one, other = two(session)
        requests.opt_out(session, other, [MarketingChannel.SMS], today=TODAY)
        make_request(session, subject=session.get_one(Subject, other))
        retention.set_hold(session, other, kind=HoldKind.DISPUTE, reason="T-1", review_on=REVIEW_ON, today=TODAY)
        whole = merging.merge(session, [one, other], reason="Samma").id
        card = subjects.open_card(session, whole, today=TODAY)
        assert (card.cases, len(card.holds), [row[0] for row in card.opt_outs]) == (1, 1, [MarketingChannel.SMS])
        assert [line.subject_id for line in retention.holds(session)] == [whole]
        (found,) = [held for _key, held in keeping.judged(session, [whole], today=TODAY, has_ground=True)]
        assert all(one.is_kept for one in found)
        done = erasure.erase_subject(session, whole, ground="G2", reason="Begäran", today=TODAY)
        assert done.erased == 0


def test_an_import_that_stops_a_record_stops_the_whole(store: Store) -> None:
    with store.write(NOW) as session:
        whole, _one, other = merged(session)
        session.add(
            Hold(subject_id=other, kind=HoldKind.DISPUTE, reason="x", set_on=TODAY, set_by="x", review_on=REVIEW_ON)
        )
        session.flush()
        session.expire_all()
        assert session.scalars(sa.select(Hold.subject_id)).all() == [whole]


def test_the_review_judges_the_person_and_not_the_records(store: Store) -> None:
    with store.write(NOW) as session:
        one = make_subject(session, values=CUSTOMER)  # still a customer
        old = make_subject(session, "Asa Oberg", relation_end_on=dt.date(2015, 1, 31), values={"email": OLD_EMAIL})
        assert {line.subject_id for line in retention.propose(session, today=TODAY).proposals} == {old.id}
        merging.merge(session, [one.id, old.id], reason="Samma")
        assert retention.propose(session, today=TODAY).proposals == ()


def test_the_review_of_a_person_who_left_names_the_whole(store: Store) -> None:
    with store.write(NOW) as session:
        ids = [
            make_subject(session, name, relation_end_on=dt.date(2015, 1, day)).id
            for day, name in ((1, "Åsa Öberg"), (2, "Asa Oberg"))
        ]
        whole = merging.merge(session, ids, reason="Samma")
        assert whole.relation_end_on == dt.date(2015, 1, 2)
        review = retention.propose(session, today=TODAY)
        assert {line.subject_id for line in review.proposals} == {whole.id}
        retention.decide(session, review.token, today=TODAY)
        assert session.scalars(sa.select(Subject)).all() == []


def test_protection_of_one_record_protects_the_whole_also_when_it_comes_later(store: Store) -> None:
    with store.write(NOW) as session:
        whole, _one, other = merged(session)
        session.execute(
            sa.update(Subject).where(Subject.id == other).values(protection=Protection.PROTECTED_REGISTRATION)
        )
        session.expire_all()
        assert session.get_one(Subject, whole).protection is Protection.PROTECTED_REGISTRATION
        with pytest.raises(UserError, match="skyddade"):
            subjects.open_card(session, whole, today=TODAY)
        card = subjects.open_card(session, whole, reason="Begäran", today=TODAY)
        assert card.address == ""
        assert addresses.addressee(session, session.get_one(Subject, whole), name="Åsa").via


def test_a_letter_never_mixes_the_addresses_of_two_records(store: Store) -> None:
    with store.write(NOW) as session:
        one = make_subject(session, values=CUSTOMER)
        other = make_subject(session, values={"postcode": "111 20", "city": "Stockholm"})
        whole = merging.merge(session, [one.id, other.id], reason="Samma")
        lines = addresses.addressee(session, whole, name="Åsa").lines
        assert lines == ("Åsa Öberg", "Storgatan 1", "752 31 Uppsala")


def test_taken_apart_everything_is_as_it_was(store: Store) -> None:
    with store.write(NOW) as session:
        one, other = two(session)
        for key in (one, other):
            row = session.get_one(Subject, key)
            requests.opt_out(session, key, [MarketingChannel.EMAIL], today=TODAY)
            request = make_request(session, subject=row)
            ledger.record(session, request.id, subject_id=key, terms=["Åsa"])
            place = filing.Place(subject_id=key)
            filing.store(session, b"x", kind="extract", name="x.pdf", media_type="application/pdf", place=place)
        retention.set_hold(session, other, kind=HoldKind.DISPUTE, reason="T-1", review_on=REVIEW_ON, today=TODAY)
        session.execute(sa.update(Subject).where(Subject.id == other).values(protection=Protection.CONFIDENTIAL))
        before = snapshot(session)
        whole = merging.merge(session, [other, one], reason="Samma").id
        assert snapshot(session) != before
        done = merging.take_apart(session, whole)
        assert (done.subject_ids, done.whole_id, done.new) == ((other, one), None, 0)
        assert snapshot(session) == before
        assert session.scalars(sa.select(AuditEntry)).all()
        assert audit.verify(session).first_bad is None


def test_three_records_can_be_merged_in_turns_and_one_taken_out(store: Store) -> None:
    with store.write(NOW) as session:
        whole, one, other = merged(session)
        third = make_subject(session, "Å. Öberg", values={"phone": "+46701740606"}).id
        before = snapshot(session)
        assert merging.merge(session, [whole, third], reason="Samma").id == whole
        assert people.family(session, one) == [whole, one, other, third]
        done = merging.take_apart(session, whole, only=[third])
        assert (done.subject_ids, done.whole_id) == ((third,), whole)
        assert snapshot(session) == before


def test_two_merged_people_become_one_and_come_apart_as_they_were(store: Store) -> None:
    with store.write(NOW) as session:
        one, other = two(session)
        third, fourth = make_subject(session, "Å. Öberg").id, make_subject(session, "Åsa Ö").id
        make_request(session, subject=session.get_one(Subject, fourth))
        before = snapshot(session)
        first = merging.merge(session, [one, other], reason="Samma").id
        second = merging.merge(session, [third, fourth], reason="Samma").id
        assert merging.merge(session, [first, second], reason="Samma").id == first
        assert session.get(Subject, second) is None
        assert people.family(session, fourth) == [first, one, other, third, fourth]
        merging.take_apart(session, first)
        assert snapshot(session) == before


def test_what_came_after_the_merge_goes_with_the_first_record_and_stops_with_all(store: Store) -> None:
    with store.write(NOW) as session:
        whole, one, other = merged(session)
        request = make_request(session, subject=session.get_one(Subject, whole))
        requests.opt_out(session, whole, [MarketingChannel.LETTER], today=TODAY)
        retention.set_hold(session, whole, kind=HoldKind.DISPUTE, reason="T-1", review_on=REVIEW_ON, today=TODAY)
        session.execute(sa.update(Subject).where(Subject.id == whole).values(restricted_on=TODAY, is_deceased=True))
        session.execute(sa.update(Subject).where(Subject.id == whole).values(protection=Protection.ASSUMED))
        done = merging.take_apart(session, whole)
        session.expire_all()
        assert done.new == 1
        assert request.subject_id == one
        assert sorted(session.scalars(sa.select(OptOut.subject_id))) == [one, other]
        assert sorted(session.scalars(sa.select(Hold.subject_id))) == [one, other]
        for key in (one, other):
            row = session.get_one(Subject, key)
            assert (row.restricted_on, row.is_deceased, row.protection) == (TODAY, True, Protection.ASSUMED)


def test_a_stop_of_the_whole_follows_one_record_taken_out_of_three(store: Store) -> None:
    with store.write(NOW) as session:
        whole, _one, other = merged(session)
        third = make_subject(session, "Å. Öberg").id
        requests.opt_out(session, third, [MarketingChannel.LETTER], today=TODAY)
        merging.merge(session, [whole, third], reason="Samma")
        retention.set_hold(session, whole, kind=HoldKind.DISPUTE, reason="T-1", review_on=REVIEW_ON, today=TODAY)
        requests.opt_out(session, whole, [MarketingChannel.EMAIL], today=TODAY)
        merging.take_apart(session, whole, only=[other])
        session.expire_all()
        assert sorted(session.scalars(sa.select(Hold.subject_id))) == sorted([whole, other])
        found = {(row.subject_id, row.channel) for row in session.scalars(sa.select(OptOut))}
        assert found == {
            (whole, MarketingChannel.LETTER),
            (whole, MarketingChannel.EMAIL),
            (other, MarketingChannel.EMAIL),
        }


def test_two_people_told_apart_are_remembered_until_somebody_merges_them(store: Store) -> None:
    with store.write(NOW) as session:
        one, other = two(session)
        merging.tell_apart(session, other, one)
        merging.tell_apart(session, one, other)
        assert people.told_apart(session, [one]) == {(one, other)}
        whole = merging.merge(session, [one, other], reason="Samma ändå").id
        assert session.scalars(sa.select(NotSame)).all() == []
        merging.take_apart(session, whole)
        assert people.told_apart(session, [one]) == {(one, other)}
        assert {Action.MERGED, Action.TAKEN_APART, Action.TOLD_APART} <= set(
            session.scalars(sa.select(AuditEntry.action))
        )


def test_taken_apart_without_a_note_may_be_suggested_again(store: Store) -> None:
    with store.write(NOW) as session:
        whole, one, _other = merged(session)
        merging.take_apart(session, whole, is_told_apart=False)
        assert people.told_apart(session, [one]) == set()


@pytest.mark.parametrize("wrong", ["one", "same", "gone", "reason"])
def test_a_merge_that_makes_no_sense_is_refused(store: Store, wrong: str) -> None:
    with store.write(NOW) as session:
        one, other = two(session)
        ids = {"one": [one], "same": [one, one], "gone": [one, 999]}.get(wrong, [one, other])
        with pytest.raises(UserError):
            merging.merge(session, ids, reason="" if wrong == "reason" else "Samma")
        assert session.scalars(sa.select(Merge)).all() == []


def test_what_is_not_merged_is_not_taken_apart_nor_told_apart_from_itself(store: Store) -> None:
    with store.write(NOW) as session:
        whole, one, other = merged(session)
        third = make_subject(session, "Bo Alm").id
        with pytest.raises(UserError):
            merging.take_apart(session, third)
        with pytest.raises(UserError):
            merging.take_apart(session, whole, only=[third])
        with pytest.raises(UserError):
            merging.tell_apart(session, one, other)
