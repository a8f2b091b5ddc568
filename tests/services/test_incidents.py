import csv
import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.audit import Action
from app.domain.errors import UserError
from app.domain.severity import Risk, SeverityInput, duties
from app.services import filing, incidents, organisation
from db.models import Attachment, Incident
from db.store import Store
from tests.factories import NOW, TODAY
from tests.services.conftest import audited, pdf_text

AWARE = dt.datetime(2026, 11, 20, 14, 10, tzinfo=dt.UTC)
LATER = dt.datetime(2026, 11, 25, 9, 0, tzinfo=dt.UTC)
CASES = Path(__file__).parents[1] / "vectors" / "edpb_2021_01_cases.csv"
LOW = SeverityInput(dpc=1, ei=0.5)
MEDIUM = SeverityInput(dpc=2, ei=1)
HIGH = SeverityInput(dpc=3, ei=1, confidentiality=0.25)
RECORD: dict[str, Any] = {
    "description": "En utskrift låg kvar i en skrivare.",
    "incident_type": "disclosure",
    "cause": "human",
    "consequences": ["control"],
    "measures": "Utskriften är hämtad.",
}


def logged(store: Store, **answers: Any) -> int:
    with store.write(NOW) as session:
        return incidents.log(session, title="Glömd utskrift", aware_at=AWARE, answers=answers, now=NOW).id


def assessed(store: Store, inputs: SeverityInput = MEDIUM, **answers: Any) -> int:
    incident_id = logged(store, **answers)
    with store.write(NOW) as session:
        incidents.assess(session, incident_id, inputs)
    return incident_id


def decide(store: Store, incident_id: int, risk: Risk, reason: str = "", **duty: bool) -> None:
    with store.write(NOW) as session:
        incidents.decide(session, incident_id, risk=risk, reason=reason, **duty)


def notified(store: Store, at: dt.datetime = NOW, now: dt.datetime = NOW, **rest: str) -> int:
    incident_id = assessed(store, **RECORD)
    decide(store, incident_id, Risk.RISK)
    with store.write(now) as session:
        incidents.mark_notified(session, incident_id, at=at, **rest)
    return incident_id


def stored(store: Store, incident_id: int) -> Incident:
    with store.read() as session:
        return session.get_one(Incident, incident_id)


def answers(store: Store, incident_id: int, *, now: dt.datetime = NOW) -> dict[str, Any]:
    with store.read() as session:
        return {one.name: one for one in incidents.answers_in_order(session, incident_id, now=now)}


def test_title_and_time_are_enough_and_start_the_clock(store: Store) -> None:
    incident = stored(store, logged(store))
    assert incident.number == "I-2026-001"
    assert incident.target_at == dt.datetime(2026, 11, 23, 14, 10, tzinfo=dt.UTC)
    readings = incidents.clock_of(incident)
    assert readings.latest_hour_rule_at == dt.datetime(2026, 11, 23, 15, 0, tzinfo=dt.UTC)
    assert readings.outer_reading_at == dt.datetime(2026, 11, 24, 23, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("title", "aware_at"),
    [
        ("  ", AWARE),
        ("Glömd", NOW + dt.timedelta(minutes=1)),
        ("Glömd", dt.datetime(2018, 5, 24, 12, 0, tzinfo=dt.UTC)),
    ],
)
def test_an_incident_needs_a_title_and_a_possible_time(store: Store, title: str, aware_at: dt.datetime) -> None:
    with pytest.raises(UserError), store.write(NOW) as session:
        incidents.log(session, title=title, aware_at=aware_at, now=NOW)
    with store.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Incident)) == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"shoe_size": "43"},
        {"incident_type": "earthquake"},
        {"data_types": "contact"},
        {"data_types": ["contact", "shoes"]},
        {"n_subjects_low": -1},
        {"n_subjects_low": True},
        {"n_subjects_low": "12"},
        {"n_subjects_low": 20, "n_subjects_high": 10},
        {"ongoing": "ja"},
        {"informed_at": "i går"},
        {"occurred_from": "2026-03-29T02:30"},
        {"occurred_from": "2026-11-20T10:00+01:00", "occurred_to": "2026-11-20T09:00+01:00"},
        {"description": 17},
        {"description": "a" * 2001},
    ],
)
def test_an_answer_that_does_not_fit_its_question_is_refused(store: Store, wrong: dict[str, Any]) -> None:
    incident_id = logged(store, description="Före")
    with pytest.raises(UserError), store.write(NOW) as session:
        incidents.update(session, incident_id, wrong)
    assert stored(store, incident_id).answers == {"description": "Före"}


def test_answers_are_kept_in_one_form_and_an_empty_one_goes_away(store: Store) -> None:
    incident_id = logged(store, description=" Före ", occurred_from="2026-11-20T10:00", cause="human")
    assert stored(store, incident_id).answers == {
        "description": "Före",
        "occurred_from": "2026-11-20T09:00:00+00:00",
        "cause": "human",
    }
    with store.write(NOW) as session:
        incidents.update(session, incident_id, {"cause": "", "n_subjects_low": 0})
    assert stored(store, incident_id).answers == {
        "description": "Före",
        "occurred_from": "2026-11-20T09:00:00+00:00",
        "n_subjects_low": 0,
    }


def test_a_new_time_of_awareness_moves_the_clock_until_it_is_notified(store: Store) -> None:
    incident_id = logged(store)
    with store.write(NOW) as session:
        incidents.update(session, incident_id, {"aware_at": "2026-11-19T10:00+01:00"}, title="Glömda papper")
    incident = stored(store, incident_id)
    assert incident.title == "Glömda papper"
    assert incident.target_at == dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)
    sent = notified(store)
    with pytest.raises(UserError, match="vetskap"), store.write(NOW) as session:
        incidents.update(session, sent, {"aware_at": "2026-11-19T10:00+01:00"})


def test_what_the_vault_knows_is_filled_in_and_what_is_missing_is_named(store: Store) -> None:
    found = answers(store, assessed(store, MEDIUM, **RECORD))
    assert found["controller.name"].text == "iTrace"
    assert found["controller.orgnr"].text == "", "a sole trader's number is a personal number"
    assert found["incident.ref"].text == "I-2026-001"
    assert found["contact.role"].text == "Dataskyddsombud"
    assert found["severity"].text == "Medel"
    assert found["aware_at"].text == "fredag 20 november 2026 kl. 15.10"
    assert found["consequences"].text != "control"
    missing = {name for name, one in found.items() if one.is_missing}
    assert missing == {"controller.postal", "subject_groups", "data_types", "subjects_informed"}


def test_a_given_answer_wins_over_what_the_vault_knows(store: Store) -> None:
    with store.write(NOW) as session:
        organisation.change_fact(session, organisation.CONTROLLER, {"address_lines": ["Box 1", "111 11 Stockholm"]})
    incident_id = logged(store)
    assert answers(store, incident_id)["controller.postal"].text == "Box 1\n111 11 Stockholm"
    with store.write(NOW) as session:
        incidents.update(session, incident_id, {"controller.postal": "Box 2"})
    assert answers(store, incident_id)["controller.postal"].text == "Box 2"


def test_questions_that_follow_from_answers_become_required(store: Store) -> None:
    incident_id = logged(store, subjects_informed="no")
    assert answers(store, incident_id)["not_informed_reason"].is_missing
    assert not answers(store, incident_id)["informed_at"].is_missing
    assert not answers(store, incident_id)["late_reason"].is_missing
    assert answers(store, incident_id, now=LATER)["late_reason"].is_missing


def test_an_assessment_suggests_and_following_it_needs_no_reason(store: Store) -> None:
    incident_id = assessed(store, HIGH)
    decide(store, incident_id, Risk.HIGH)
    incident = stored(store, incident_id)
    assert (incident.score, incident.severity["band"]) == (3.25, "high")
    assert (incident.is_notify, incident.is_inform) == (True, True)
    assert incident.decision_reason
    assert incident.decided_by == "dataskyddsombud"


@pytest.mark.parametrize(
    ("inputs", "risk", "duty"),
    [
        (HIGH, Risk.RISK, {}),
        (LOW, Risk.RISK, {}),
        (HIGH, Risk.HIGH, {"inform": False}),
        (LOW, Risk.UNLIKELY, {"notify": True}),
    ],
)
def test_a_deviation_needs_a_reason(store: Store, inputs: SeverityInput, risk: Risk, duty: dict[str, bool]) -> None:
    incident_id = assessed(store, inputs)
    with pytest.raises(UserError, match="avviker"):
        decide(store, incident_id, risk, reason="  ", **duty)
    assert stored(store, incident_id).risk is None
    decide(store, incident_id, risk, reason="Mottagaren har tystnadsplikt.", **duty)
    assert stored(store, incident_id).risk is risk
    assert audited(store, Action.INCIDENT_DECIDED)[-1][1]["is_deviation"]


@pytest.mark.parametrize(
    ("risk", "duty"),
    [
        (Risk.RISK, {"notify": False}),
        (Risk.HIGH, {"notify": False, "inform": False}),
        (Risk.UNLIKELY, {"notify": False, "inform": True}),
    ],
)
def test_a_decision_against_the_law_is_refused_whatever_the_reason(
    store: Store, risk: Risk, duty: dict[str, bool]
) -> None:
    incident_id = assessed(store)
    with pytest.raises(UserError):
        decide(store, incident_id, risk, reason="Vi vill inte.", **duty)


def test_nothing_is_decided_before_it_is_assessed(store: Store) -> None:
    incident_id = logged(store)
    with pytest.raises(UserError, match="inte bedömd"):
        decide(store, incident_id, Risk.UNLIKELY, reason="Ingen fara.")


def test_a_higher_score_opens_the_decision_again_and_a_lower_one_does_not(store: Store) -> None:
    incident_id = assessed(store, MEDIUM)
    decide(store, incident_id, Risk.RISK)
    with store.write(NOW) as session:
        incidents.assess(session, incident_id, LOW)
    assert stored(store, incident_id).risk is Risk.RISK
    with store.write(NOW) as session:
        incidents.assess(session, incident_id, HIGH)
    incident = stored(store, incident_id)
    assert (incident.risk, incident.is_notify, incident.decision_reason) == (None, None, "")


def test_disclosing_a_protected_person_suggests_a_high_risk(store: Store) -> None:
    incident_id = assessed(store, LOW, subject_groups=["protected"], incident_type="misdelivery")
    with store.read() as session:
        assert incidents.suggestion(session.get_one(Incident, incident_id)) is Risk.HIGH


def test_the_published_cases_lead_to_the_published_duties(store: Store) -> None:
    with CASES.open(encoding="utf-8", newline="") as file:
        cases = list(csv.DictReader(file))
    assert len(cases) == 18
    for case in cases:
        incident_id = assessed(store)
        decide(store, incident_id, Risk(case["risk"]), reason=f"Fall {case['case']}")
        incident = stored(store, incident_id)
        assert duties(Risk(case["risk"])).document is (case["doc"] == "1")
        assert incident.is_notify is (case["sa"] == "1")
        assert incident.is_inform is (case["ds"] == "1")


def test_the_notification_follows_the_form_and_shows_sum_decision_and_log(store: Store) -> None:
    incident_id = assessed(store, HIGH, **RECORD)
    decide(store, incident_id, Risk.HIGH)
    with store.write(NOW) as session:
        made = incidents.notify(session, incident_id, now=NOW)
        content = incidents.notification(session, incident_id, now=NOW)
        text = pdf_text(filing.read(session, made.id))
    assert made.name == "anmalan_I-2026-001_v1.pdf"
    assert [answer.name for answer in content.answers][:2] == ["controller.name", "controller.orgnr"]
    assert content.status_text == "Utkast: ska anmälas"
    assert "29 tim 10 min kvar" in content.clock_text
    assert "3,25" in content.severity_text
    assert "informera de berörda" in content.decision_text
    assert len(content.log) == 3
    for words in ("En utskrift låg kvar", "SAKNAS", "I-2026-001", "Händelselogg"):
        assert words in text


def test_a_late_notification_needs_its_reason(store: Store) -> None:
    incident_id = assessed(store, **RECORD)
    decide(store, incident_id, Risk.RISK)
    with pytest.raises(UserError, match="motivering"), store.write(LATER) as session:
        incidents.mark_notified(session, incident_id, at=LATER, reference="IMY-2026-1")
    with store.write(LATER) as session:
        incidents.mark_notified(
            session, incident_id, at=LATER, reference="IMY-2026-1", late_reason="Utredningen tog tid."
        )
        content = incidents.notification(session, incident_id, now=LATER)
    assert content.late_reason == "Utredningen tog tid."
    assert content.status_text == "Anmäld onsdag 25 november 2026 kl. 10.00, referens IMY-2026-1"
    assert audited(store, Action.INCIDENT_NOTIFIED)[-1][1] == {"is_late": True, "has_reference": True}


def test_a_notification_in_time_keeps_no_reason_for_delay(store: Store) -> None:
    assert stored(store, notified(store, late_reason="Behövs inte")).late_reason == ""


@pytest.mark.parametrize("at", [AWARE - dt.timedelta(minutes=1), NOW + dt.timedelta(minutes=1)])
def test_a_notification_at_an_impossible_time_is_refused(store: Store, at: dt.datetime) -> None:
    with pytest.raises(UserError, match="Tiden för anmälan"):
        notified(store, at=at)


def test_nothing_is_notified_twice_or_without_a_decision(store: Store) -> None:
    undecided = assessed(store)
    with pytest.raises(UserError, match="inte beslutat"), store.write(NOW) as session:
        incidents.mark_notified(session, undecided, at=NOW)
    sent = notified(store)
    with pytest.raises(UserError, match="redan anmäld"), store.write(NOW) as session:
        incidents.mark_notified(session, sent, at=NOW)


def test_a_notified_incident_cannot_be_decided_away(store: Store) -> None:
    sent = notified(store)
    with pytest.raises(UserError, match="redan anmäld"):
        decide(store, sent, Risk.UNLIKELY, reason="Vi ångrade oss.")


def test_a_supplement_holds_only_what_is_new(store: Store) -> None:
    incident_id = notified(store)
    with pytest.raises(UserError, match="inget nytt"), store.write(NOW) as session:
        incidents.supplement(session, incident_id, now=NOW)
    with store.write(LATER) as session:
        incidents.update(session, incident_id, {"n_subjects_low": 212, "data_types": ["contact"]})
        incident = session.get_one(Incident, incident_id)
        assert incidents.news(session, incident) == ("n_subjects_low", "data_types")
        made = incidents.supplement(session, incident_id, now=LATER)
        text = pdf_text(filing.read(session, made.id))
        assert incidents.news(session, incident) == ()
    assert made.name == "komplettering_I-2026-001_v1.pdf"
    assert "212" in text
    assert "En utskrift låg kvar" not in text
    assert incidents.supplement_by(stored(store, incident_id)) == dt.date(2026, 12, 20)


def test_a_supplement_needs_a_notification(store: Store) -> None:
    incident_id = logged(store)
    with pytest.raises(UserError, match="inte anmäld"), store.write(NOW) as session:
        incidents.supplement(session, incident_id, now=NOW)


@pytest.mark.parametrize("informed_on", [dt.date(2026, 11, 19), dt.date(2026, 11, 23)])
def test_people_are_told_after_it_is_known_and_not_in_the_future(store: Store, informed_on: dt.date) -> None:
    incident_id = logged(store)
    with pytest.raises(UserError, match="Dagen"), store.write(NOW) as session:
        incidents.inform(session, incident_id, informed_on=informed_on, today=TODAY)


def test_an_incident_is_closed_only_when_its_file_is_complete(store: Store) -> None:
    incident_id = assessed(store, HIGH)
    acts: tuple[tuple[str, Callable[[Session], object]], ...] = (
        ("Dokumentationen", lambda s: incidents.update(s, incident_id, RECORD)),
        ("inte beslutad", lambda s: incidents.decide(s, incident_id, risk=Risk.HIGH)),
        ("inte anmäld", lambda s: incidents.mark_notified(s, incident_id, at=NOW)),
        ("informeras", lambda s: incidents.inform(s, incident_id, informed_on=TODAY, today=TODAY)),
    )
    for lacking, complete in acts:
        with pytest.raises(UserError) as refused, store.write(NOW) as session:
            incidents.close(session, incident_id, today=TODAY)
        assert lacking in refused.value.do
        with store.write(NOW) as session:
            complete(session)
    with store.write(NOW) as session:
        incidents.close(session, incident_id, today=TODAY)
    assert stored(store, incident_id).closed_on == TODAY


def test_a_closed_incident_does_not_change_until_it_is_opened(store: Store) -> None:
    incident_id = notified(store)
    with store.write(NOW) as session:
        incidents.close(session, incident_id, today=TODAY)
    acts: tuple[Callable[[Session], object], ...] = (
        lambda s: incidents.update(s, incident_id, {"measures": "Mer"}),
        lambda s: incidents.assess(s, incident_id, HIGH),
        lambda s: incidents.decide(s, incident_id, risk=Risk.RISK),
        lambda s: incidents.notify(s, incident_id, now=NOW),
        lambda s: incidents.supplement(s, incident_id, now=NOW),
        lambda s: incidents.inform(s, incident_id, informed_on=TODAY, today=TODAY),
        lambda s: incidents.close(s, incident_id, today=TODAY),
    )
    for act in acts:
        with pytest.raises(UserError, match="avslutad"), store.write(NOW) as session:
            act(session)
    with store.write(NOW) as session:
        incidents.reopen(session, incident_id)
        incidents.update(session, incident_id, {"measures": "Mer"})
    with pytest.raises(UserError, match="öppen"), store.write(NOW) as session:
        incidents.reopen(session, incident_id)


def test_the_trail_holds_names_of_questions_and_no_answers(store: Store) -> None:
    notified(store)
    trail = str(audited(store))
    assert "description" in trail
    assert "utskrift" not in trail
    with store.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Attachment)) == 0
