from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import UserError
from app.domain.retention import (
    Action,
    Decides,
    Hold,
    Item,
    RuleKind,
    bookkeeping,
    contact_end,
    decide,
    label,
    months_after,
    relation_end,
)
from app.domain.subjects import HoldKind
from tests.domain.vectors import Row, day, row_id, rows

LEFT = date(2021, 3, 15)
TODAY = date(2026, 11, 22)
CONTACT = Item(rule=RuleKind.RELATION_MONTHS, start_on=LEFT, months=60)
INVOICE = Item(rule=RuleKind.BOOKKEEPING, fy_end_on=date(2021, 12, 31))
DISPUTE = Hold(kind=HoldKind.DISPUTE, since_on=date(2026, 2, 1), review_on=date(2027, 1, 15))


@pytest.mark.parametrize("row", rows("sixty_months"), ids=row_id)
def test_sixty_months_end_on_the_same_day_and_never_later(row: Row) -> None:
    found = months_after(day(row["relation_end"]), 60)
    assert found.last_day_on == day(row["last_day"])
    assert found.erase_from_on == day(row["erase_from"])


@pytest.mark.parametrize("row", rows("bookkeeping"), ids=row_id)
def test_an_accounting_record_is_kept_for_the_lawful_years(row: Row) -> None:
    found = bookkeeping(day(row["fy_end"]))
    assert found.last_day_on == day(row["keep_through"])
    assert found.erase_from_on == day(row["erasable_from"])


def test_t1_contact_data_go_before_the_invoice() -> None:
    assert decide(CONTACT, holds=[], today=date(2026, 3, 15)).erase_from_on == date(2026, 3, 16)
    assert decide(INVOICE, holds=[], today=TODAY).erase_from_on == date(2029, 1, 1)
    assert decide(CONTACT, holds=[], today=date(2026, 3, 15)).action is Action.KEEP
    gone = decide(CONTACT, holds=[], today=date(2026, 3, 16))
    assert (gone.action, gone.decides) == (Action.ERASE, Decides.RULE)
    kept = decide(INVOICE, holds=[], today=date(2028, 12, 31))
    assert (kept.action, kept.decides, kept.is_restricted) == (Action.KEEP, Decides.BOOKKEEPING, True)
    assert decide(INVOICE, holds=[], today=date(2029, 1, 1)).action is Action.ERASE


@pytest.mark.parametrize("item", [CONTACT, INVOICE, Item(rule=RuleKind.CONSENT, start_on=LEFT, has_ground=True)])
def test_t2_nothing_goes_while_a_dispute_is_open(item: Item) -> None:
    verdict = decide(item, holds=[DISPUTE], today=date(2035, 1, 1))
    assert (verdict.action, verdict.decides, verdict.is_restricted) == (Action.KEEP, Decides.HOLD, True)
    assert verdict.reason == "Behålls: gallringsstopp (tvist), prövas 15 januari 2027."


def test_t3_a_withdrawn_newsletter_takes_only_the_newsletter_with_it() -> None:
    newsletter = Item(rule=RuleKind.CONSENT, start_on=TODAY, has_ground=True)
    customer = Item(rule=RuleKind.RELATION_MONTHS, months=60)
    suppression = Item(rule=RuleKind.NONE, is_suppression=True, has_ground=True)
    verdicts = [decide(item, holds=[], today=TODAY) for item in (newsletter, customer, suppression)]
    assert [verdict.action for verdict in verdicts] == [Action.ERASE, Action.KEEP, Action.KEEP]
    assert [verdict.decides for verdict in verdicts] == [Decides.GROUND, Decides.RUNNING, Decides.SUPPRESSION]


def test_t4_an_objection_to_marketing_takes_the_profile_and_leaves_the_customer_record() -> None:
    left = date(2024, 5, 1)
    profile = Item(rule=RuleKind.RELATION_MONTHS, start_on=left, months=60, has_ground=True)
    record = Item(rule=RuleKind.RELATION_MONTHS, start_on=left, months=60)
    assert decide(profile, holds=[], today=TODAY).action is Action.ERASE
    kept = decide(record, holds=[], today=TODAY)
    assert (kept.action, kept.erase_from_on) == (Action.KEEP, date(2029, 5, 2))
    only_for_marketing = Item(rule=RuleKind.RELATION_MONTHS, start_on=left, months=60, has_ground=True)
    assert decide(only_for_marketing, holds=[], today=TODAY).action is Action.ERASE


def test_t5_a_contact_person_counts_from_leaving_the_role() -> None:
    start_on = contact_end(None, date(2021, 11, 22))
    item = Item(rule=RuleKind.RELATION_MONTHS, start_on=start_on, months=60)
    assert decide(item, holds=[], today=TODAY).erase_from_on == date(2026, 11, 23)


def test_t6_a_lifted_hold_lets_overdue_data_be_proposed_at_once() -> None:
    lifted = Hold(kind=HoldKind.DISPUTE, since_on=date(2026, 2, 1), lifted_on=date(2027, 1, 10))
    assert decide(CONTACT, holds=[lifted], today=date(2027, 1, 9)).decides is Decides.HOLD
    proposed = decide(CONTACT, holds=[lifted], today=date(2027, 1, 10))
    assert (proposed.action, proposed.erase_from_on) == (Action.ERASE, date(2026, 3, 16))


def test_a_hold_that_has_not_begun_stops_nothing() -> None:
    assert decide(CONTACT, holds=[DISPUTE], today=date(2026, 1, 31)).decides is Decides.RUNNING


def test_several_holds_are_named_once_with_the_next_review() -> None:
    holds = [
        DISPUTE,
        DISPUTE,
        Hold(kind=HoldKind.INVESTIGATION, since_on=date(2026, 3, 1)),
        Hold(kind=HoldKind.INVESTIGATION, since_on=date(2026, 3, 1), review_on=date(2026, 12, 1)),
    ]
    assert (
        decide(CONTACT, holds=holds, today=TODAY).reason
        == "Behålls: gallringsstopp (tvist, utredning), prövas 1 december 2026."
    )


def test_a_hold_without_a_review_day_says_so_by_silence() -> None:
    hold = Hold(kind=HoldKind.INVESTIGATION, since_on=date(2026, 3, 1))
    assert decide(CONTACT, holds=[hold], today=TODAY).reason == "Behålls: gallringsstopp (utredning)."


def test_the_accounting_duty_comes_before_the_persons_ground() -> None:
    item = Item(rule=RuleKind.BOOKKEEPING, fy_end_on=date(2021, 12, 31), has_ground=True)
    assert decide(item, holds=[], today=date(2028, 12, 31)).decides is Decides.BOOKKEEPING
    assert decide(item, holds=[], today=date(2029, 1, 1)).decides is Decides.GROUND


def test_a_customer_datum_on_an_invoice_waits_for_both_rules() -> None:
    item = Item(rule=RuleKind.RELATION_MONTHS, start_on=date(2026, 6, 30), months=60, fy_end_on=date(2021, 12, 31))
    assert decide(item, holds=[], today=date(2028, 12, 31)).decides is Decides.BOOKKEEPING
    assert decide(item, holds=[], today=date(2029, 1, 1)).erase_from_on == date(2031, 7, 1)


def test_a_rule_may_say_that_the_link_is_cut_instead() -> None:
    item = Item(rule=RuleKind.RELATION_MONTHS, start_on=LEFT, months=60, anonymise=True)
    assert decide(item, holds=[], today=TODAY).action is Action.ANONYMISE


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        (RuleKind.RELATION_MONTHS, "Behålls: kundrelationen pågår."),
        (RuleKind.CONSENT, "Behålls: samtycket gäller."),
        (RuleKind.AFTER_CLOSING, "Behålls: ärendet är öppet."),
        (RuleKind.BOOKKEEPING, "Behålls: räkenskapsåret är inte angivet. Ange när räkenskapsåret slutade."),
    ],
)
def test_a_rule_that_has_not_begun_keeps_the_datum(rule: RuleKind, reason: str) -> None:
    verdict = decide(Item(rule=rule, months=60), holds=[], today=TODAY)
    assert (verdict.action, verdict.decides, verdict.erase_from_on) == (Action.KEEP, Decides.RUNNING, None)
    assert verdict.reason == reason


def test_a_datum_without_a_rule_is_kept_and_says_so() -> None:
    verdict = decide(Item(rule=RuleKind.NONE), holds=[], today=TODAY)
    assert (verdict.action, verdict.decides) == (Action.KEEP, Decides.NO_RULE)


def test_a_withdrawn_consent_goes_the_day_after() -> None:
    item = Item(rule=RuleKind.CONSENT, start_on=TODAY)
    assert decide(item, holds=[], today=TODAY).action is Action.KEEP
    assert decide(item, holds=[], today=TODAY + timedelta(days=1)).action is Action.ERASE


def test_a_relation_ends_with_its_last_tie_and_only_when_all_are_cut() -> None:
    assert relation_end(date(2021, 1, 1), date(2021, 3, 15), date(2020, 12, 1)) == LEFT
    assert relation_end(LEFT, None) is None
    assert relation_end() is None


def test_a_contact_person_ends_with_the_company_or_the_role_whichever_is_first() -> None:
    assert contact_end(date(2022, 1, 1), LEFT) == LEFT
    assert contact_end(LEFT, None) == LEFT
    assert contact_end(None, None) is None


def test_the_sums_show_the_calculation() -> None:
    assert (
        months_after(LEFT, 60).sum
        == "Slutade 15 mars 2021 + 60 månader → sista dag 15 mars 2026 → kan raderas från 16 mars 2026"
    )
    assert bookkeeping(date(2025, 4, 30)).sum == (
        "Räkenskapsåret slutade 30 april 2025 → kalenderåret 2025 + 7 år → sparas till och med 31 december 2032 → kan raderas från 1 januari 2033"
    )


@given(st.dates(date(1990, 1, 1), date(2099, 12, 31)), st.integers(0, 240))
def test_a_rule_ends_the_day_before_erasing_begins(start_on: date, months: int) -> None:
    found = months_after(start_on, months)
    assert found.erase_from_on - found.last_day_on == timedelta(days=1)
    assert found.last_day_on.day <= start_on.day
    before = decide(
        Item(rule=RuleKind.RELATION_MONTHS, start_on=start_on, months=months), holds=[], today=found.last_day_on
    )
    after = decide(
        Item(rule=RuleKind.RELATION_MONTHS, start_on=start_on, months=months), holds=[], today=found.erase_from_on
    )
    assert (before.action, after.action) == (Action.KEEP, Action.ERASE)


@pytest.mark.parametrize("months", [-1, 1201])
def test_absurd_months_are_refused(months: int) -> None:
    with pytest.raises(UserError):
        months_after(LEFT, months)


@pytest.mark.parametrize(("fy_end_on", "years"), [(LEFT, -1), (LEFT, 101), (date(9999, 12, 31), 7)])
def test_absurd_years_are_refused(fy_end_on: date, years: int) -> None:
    with pytest.raises(UserError):
        bookkeeping(fy_end_on, years)


def test_every_action_has_its_word() -> None:
    assert [label(action) for action in Action] == ["Radera", "Anonymisera", "Behåll"]
