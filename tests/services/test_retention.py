import datetime as dt

import pytest
import sqlalchemy as sa

from app.domain.audit import Action as Act
from app.domain.errors import Cancelled, UserError
from app.domain.retention import Action
from app.domain.status import Status
from app.domain.subjects import HoldKind
from app.services import audit, filing, retention
from db.models import Attachment, Datum, Hold, Incident, Request, RetentionRun, Subject
from db.store import Store
from tests.factories import CUSTOMER, NOW, TODAY, make_datum, make_request, make_source, make_subject
from tests.services.conftest import audited, everything, pdf_text

LEFT = dt.date(2021, 3, 15)
DUE = dt.date(2026, 3, 16)
VALUES = {"email": "asa@example.com", "gender": "kvinna", "personnummer": "196408233234"}


def propose(store: Store, today: dt.date = TODAY) -> retention.Review:
    with store.read() as session:
        return retention.propose(session, today=today)


def decide(store: Store, review: retention.Review, **choice: set[int] | set[str]) -> retention.Outcome:
    with store.write(NOW) as session:
        return retention.decide(session, review.token, today=TODAY, **choice)  # type: ignore[arg-type]


def leaver(store: Store, name: str = "Åsa Öberg", left: dt.date | None = LEFT, **values: str) -> int:
    with store.write(NOW) as session:
        return make_subject(session, name, relation_end_on=left, values={**VALUES, **values}).id


def hold(store: Store, subject_id: int) -> Hold:
    with store.write(NOW) as session:
        return retention.set_hold(
            session, subject_id, kind=HoldKind.DISPUTE, reason="T-1", review_on=dt.date(2027, 1, 15), today=TODAY
        )


def test_sixty_months_after_the_relation_everything_is_proposed_with_its_sum(store: Store) -> None:
    subject_id = leaver(store)
    (line,) = propose(store).proposals
    assert (line.subject_id, line.subject_name, line.action) == (subject_id, "Åsa Öberg", Action.ERASE)
    assert line.what == ("Namn", "Personnummer", "E-post", "Kön")
    assert line.erase_from_on == DUE
    assert line.decides == "rule"
    assert line.rule == "60 månader efter kundrelationens slut"
    assert "15 mars 2021" in line.reason
    assert "16 mars 2026" in line.reason


def test_the_day_before_nothing_is_proposed(store: Store) -> None:
    leaver(store)
    assert propose(store, dt.date(2026, 3, 15)).proposals == ()
    assert len(propose(store, DUE).proposals) == 1


def test_a_customer_is_not_proposed(store: Store) -> None:
    leaver(store, left=None)
    review = propose(store)
    assert (review.proposals, review.kept) == ((), ())


def test_a_contact_person_who_left_the_role_is_proposed_though_the_company_is_a_customer(store: Store) -> None:
    leaver(store, left=None, role="Inköpare", role_end="2021-11-20")
    (line,) = propose(store).proposals
    assert line.erase_from_on == dt.date(2026, 11, 21)


def test_a_voucher_stays_and_says_until_when(store: Store) -> None:
    subject_id = leaver(store)
    with store.write(NOW) as session:
        subject = session.get_one(Subject, subject_id)
        make_datum(session, subject, "invoice_no", "F-1", fy_end_on=dt.date(2021, 12, 31))
    review = propose(store)
    (line,) = review.proposals
    assert line.what == ("Personnummer", "E-post", "Kön")
    kept = {what for one in review.kept for what in one.what}
    assert kept == {"Namn", "Fakturanummer"}
    assert {one.erase_from_on for one in review.kept} == {dt.date(2029, 1, 1)}
    done = decide(store, review)
    assert (done.erased, done.kept) == (3, 2)
    assert propose(store).proposals == ()
    with store.read() as session:
        assert session.get_one(Subject, subject_id).display_name == "Åsa Öberg"


def test_a_withdrawn_consent_takes_only_what_rested_on_it(store: Store) -> None:
    leaver(store, left=None, newsletter_consent="ja", consent_on="2020-01-01", consent_withdrawn_on="2026-11-01")
    (line,) = propose(store).proposals
    assert line.what == ("Samtycke till nyhetsbrev", "Samtycke lämnat")


def test_a_hold_keeps_all_and_lifting_it_proposes_all_at_once(store: Store) -> None:
    subject_id = leaver(store)
    held = hold(store, subject_id)
    review = propose(store)
    assert review.proposals == ()
    (line,) = review.kept
    assert line.decides == "hold"
    assert line.is_restricted
    with store.write(NOW) as session:
        retention.lift_hold(session, held.id, today=TODAY)
    assert len(propose(store).proposals) == 1


def test_a_restriction_and_an_open_request_stop_the_review(store: Store) -> None:
    restricted, asking = leaver(store, "Bo Alm"), leaver(store, "Cia Ek")
    with store.write(NOW) as session:
        session.get_one(Subject, restricted).restricted_on = TODAY
        make_request(session, subject=session.get_one(Subject, asking))
    review = propose(store)
    assert review.proposals == ()
    assert ["begränsad" in line.reason or "öppen" in line.reason for line in review.kept] == [True, True]


def test_values_without_any_rule_are_kept_and_say_so(store: Store) -> None:
    subject_id = leaver(store)
    with store.write(NOW) as session:
        source = make_source(session, "Enkätverktyg", activity="nothing_of_the_kind")
        rule_id = session.scalar(sa.text("SELECT id FROM retention_rule WHERE kind = 'none'"))
        session.execute(sa.text("UPDATE activity SET rule_id = :rule WHERE code = 'profiling'"), {"rule": rule_id})
        subject = session.get_one(Subject, subject_id)
        make_datum(session, subject, "segment", "Trogna", source=source, activity="profiling")
    review = propose(store)
    assert [line.decides for line in review.kept] == ["no_rule"]
    done = decide(store, review)
    assert done.anonymised == 1
    with store.read() as session:
        assert session.get_one(Subject, subject_id).display_name == "Namnet är raderat"
    assert "Öberg" not in everything(store)


def test_a_decision_erases_for_good_and_its_receipt_names_nobody(store: Store) -> None:
    leaver(store)
    with store.write(NOW) as session:
        make_subject(session, "Örjan Äng")
    done = decide(store, propose(store))
    assert done.erased == 4
    assert done.names == ("Åsa Öberg",)
    assert any("Beställningssystem" in task.title for task in done.outside_tasks)
    held = everything(store)
    assert [secret for secret in ("Öberg", "asa@example.com", "196408233234", "2021-03-15") if secret in held] == []
    with store.read() as session:
        text = pdf_text(filing.read(session, done.receipt.id))
        assert audit.verify(session).first_bad is None
    assert "60 månader efter kundrelationens slut" in text
    assert "15 mars 2021" not in text, "the end of the relation was itself erased"
    assert done.run.number == "G-2026-001"


def test_only_the_chosen_people_are_erased(store: Store) -> None:
    chosen, spared = leaver(store, "Bo Alm"), leaver(store, "Cia Ek")
    done = decide(store, propose(store), only={chosen})
    assert done.names == ("Bo Alm",)
    with store.read() as session:
        assert session.get(Subject, chosen) is None
        assert session.get(Subject, spared) is not None


def test_a_decision_about_an_old_list_is_refused(store: Store) -> None:
    leaver(store)
    review = propose(store)
    leaver(store, "Bo Alm")
    with pytest.raises(UserError, match="ändrats"):
        decide(store, review)
    with store.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Datum)) == 8
        assert session.scalar(sa.select(sa.func.count()).select_from(RetentionRun)) == 0


def test_a_cancelled_decision_erases_nothing(store: Store) -> None:
    leaver(store, "Bo Alm")
    leaver(store, "Cia Ek")
    review = propose(store)

    def stop_at_the_second(done: int, total: int) -> None:
        if done == 1:
            raise Cancelled

    with pytest.raises(Cancelled), store.write(NOW) as session:
        retention.decide(session, review.token, today=TODAY, step=stop_at_the_second)
    assert propose(store).token == review.token
    assert audited(store, Act.ERASED) == []


def test_the_token_does_not_change_by_looking_again(store: Store) -> None:
    leaver(store)
    assert propose(store).token == propose(store).token


def test_an_empty_decision_is_refused(store: Store) -> None:
    leaver(store)
    review = propose(store)
    with pytest.raises(UserError, match="Inget är valt"):
        decide(store, review, only=set())


def test_somebody_who_is_not_proposed_cannot_be_chosen(store: Store) -> None:
    leaver(store)
    customer = leaver(store, "Bo Alm", left=None)
    with pytest.raises(UserError, match="inte finns bland"):
        decide(store, propose(store), only={customer})


def test_old_closed_requests_and_incidents_are_proposed_and_erased_with_their_documents(store: Store) -> None:
    with store.write(NOW) as session:
        old, young = make_request(session), make_request(session)
        for request, closed_on in ((old, dt.date(2024, 11, 21)), (young, dt.date(2024, 11, 22))):
            request.status, request.closed_on = Status.CLOSED, closed_on
        filing.store(
            session,
            b"mail",
            kind="mail",
            name="m.eml",
            media_type="message/rfc822",
            place=filing.Place(request_id=old.id),
        )
        session.add(
            Incident(
                number="I-2020-001",
                title="Borttappad dator",
                aware_at=NOW,
                target_at=NOW,
                closed_on=dt.date(2021, 1, 1),
                decision_reason="",
                authority_reference="",
                late_reason="",
                created_at=NOW,
            )
        )
    review = propose(store)
    assert [line.subject_name for line in review.proposals] == [old.number, "I-2020-001"]
    done = decide(store, review, files={old.number})
    assert done.erased == 1
    with store.read() as session:
        assert session.get(Request, old.id) is None
        assert session.get(Request, young.id) is not None
        assert session.scalars(sa.select(Attachment.kind)).all() == ["receipt"]
        assert session.scalar(sa.select(sa.func.count()).select_from(Incident)) == 1
    assert [line.subject_name for line in propose(store).proposals] == ["I-2020-001"]


def test_a_hold_also_keeps_the_persons_closed_request(store: Store) -> None:
    subject_id = leaver(store, left=None)
    with store.write(NOW) as session:
        request = make_request(session, subject=session.get_one(Subject, subject_id))
        request.status, request.closed_on = Status.CLOSED, dt.date(2020, 1, 1)
    hold(store, subject_id)
    review = propose(store)
    assert review.proposals == ()
    assert review.kept[0].subject_name == request.number


@pytest.mark.parametrize(("reason", "review_on"), [(" ", dt.date(2027, 1, 1)), ("T-1", TODAY)])
def test_a_hold_needs_a_reason_and_a_day_to_come(store: Store, reason: str, review_on: dt.date) -> None:
    subject_id = leaver(store)
    with pytest.raises(UserError), store.write(NOW) as session:
        retention.set_hold(session, subject_id, kind=HoldKind.DISPUTE, reason=reason, review_on=review_on, today=TODAY)


def test_a_hold_is_listed_until_it_is_lifted_and_lifted_once(store: Store) -> None:
    subject_id = leaver(store)
    held = hold(store, subject_id)
    with store.read() as session:
        assert [(one.subject_name, one.reason) for one in retention.holds(session)] == [("Åsa Öberg", "T-1")]
    with store.write(NOW) as session:
        retention.lift_hold(session, held.id, today=TODAY)
        assert retention.holds(session) == []
    with pytest.raises(UserError, match="redan"), store.write(NOW) as session:
        retention.lift_hold(session, held.id, today=TODAY)


def test_holds_and_decisions_stand_in_the_trail(store: Store) -> None:
    subject_id = leaver(store)
    held = hold(store, subject_id)
    with store.write(NOW) as session:
        retention.lift_hold(session, held.id, today=TODAY)
    decide(store, propose(store))
    acts = [act for act, _details in audited(store)]
    assert {Act.HOLD_SET, Act.HOLD_LIFTED, Act.ERASED, Act.RETENTION_DECIDED} <= set(acts)
    (details,) = [details for act, details in audited(store, Act.RETENTION_DECIDED)]
    assert details == {"number": "G-2026-001", "erased": 4, "anonymised": 0, "kept": 0, "people": 1, "files": 0}


def test_the_customer_file_keeps_its_values_when_only_looked_at(store: Store) -> None:
    subject_id = leaver(store, street=CUSTOMER["street"], postcode=CUSTOMER["postcode"], city=CUSTOMER["city"])
    propose(store)
    with store.read() as session:
        assert session.scalar(sa.select(sa.func.count()).where(Datum.subject_id == subject_id)) == 7
