"""Which backups stay."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from app.domain.thinning import Keeping, staying

NOW = dt.datetime(2026, 11, 27, 18, 0, tzinfo=dt.UTC)
KEEPING = Keeping(all_days=2, daily=12, weekly=8, monthly=3, most_days=90)
TIMES = st.lists(
    st.integers(min_value=0, max_value=200 * 24 * 60).map(lambda minutes: NOW - dt.timedelta(minutes=minutes)),
    max_size=200,
)


def every_half_hour(days: int) -> list[dt.datetime]:
    return [NOW - dt.timedelta(minutes=30 * number) for number in range(days * 48)]


def test_half_a_year_of_half_hours_leaves_a_few_of_each() -> None:
    kept = sorted(staying(every_half_hour(180), NOW, KEEPING), reverse=True)

    assert len([at for at in kept if NOW - at <= dt.timedelta(days=2)]) == 97
    assert len({at.date() for at in kept if NOW - at <= dt.timedelta(days=11)}) == 12
    assert len({at.isocalendar()[:2] for at in kept}) >= 8
    assert NOW - kept[-1] <= dt.timedelta(days=90)
    assert len(kept) < 97 + 12 + 8 + 3


def test_one_a_month_stays_for_three_months_and_no_longer() -> None:
    made = [NOW - dt.timedelta(days=30 * number) for number in range(12)]

    assert sorted(staying(made, NOW, KEEPING)) == sorted(made[:4])


def test_the_only_one_stays_however_old_it_is() -> None:
    old = NOW - dt.timedelta(days=400)

    assert staying([old], NOW, KEEPING) == {old}
    assert staying([], NOW, KEEPING) == set()


@given(TIMES)
def test_what_stays_was_there_is_young_enough_and_stays_the_next_time_too(made: list[dt.datetime]) -> None:
    kept = staying(made, NOW, KEEPING)

    assert kept <= set(made)
    assert (max(made) in kept) if made else not kept
    assert all(NOW - at <= dt.timedelta(days=90) or at == max(made) for at in kept)
    assert staying(kept, NOW, KEEPING) == kept
    assert {at for at in made if NOW - at <= dt.timedelta(days=2)} <= kept


@given(TIMES, st.integers(min_value=1, max_value=60))
def test_thinning_today_takes_nothing_that_would_stay_later(made: list[dt.datetime], days: int) -> None:
    later = NOW + dt.timedelta(days=days)

    assert staying(staying(made, NOW, KEEPING), later, KEEPING) >= staying(made, later, KEEPING)
