"""Time limits and the authority by the day."""

import json
from datetime import date
from typing import Any

import pytest

from app.paths import resource
from app.reference import authority, periods
from app.reference.versions import in_force


def test_the_limits_in_force_are_those_of_the_law_and_the_policy() -> None:
    now = periods.periods(date(2026, 11, 22))
    assert (now.request_months, now.extension_months, now.contact_days) == (1, 2, 30)
    assert (now.breach_hours, now.supplement_days) == (72, 28)
    assert (now.relation_months, now.bookkeeping_years) == (60, 7)
    assert (now.request_file_months, now.incident_years, now.backup_days) == (24, 5, 90)


def test_every_limit_says_where_it_comes_from() -> None:
    now = periods.periods(date(2026, 11, 22))
    assert now.source("breach_hours") == "Art. 33.1 GDPR"
    assert all(now.source(name) for name in ("request_months", "contact_days", "relation_months", "backup_days"))
    with pytest.raises(KeyError):
        now.source("valid_from")


def test_there_are_no_limits_before_the_regulation_applied() -> None:
    assert periods.periods(date(2018, 5, 25)).request_months == 1
    with pytest.raises(ValueError, match="2018"):
        periods.periods(date(2018, 5, 24))


def test_the_authority_changed_its_name_at_new_year_2021() -> None:
    assert authority.authority(date(2020, 12, 31)).name == "Datainspektionen"
    later = authority.authority(date(2021, 1, 1))
    assert later.printed_name == "Integritetsskyddsmyndigheten (IMY), tidigare Datainspektionen"
    assert later.address == "Box 8114, 104 20 Stockholm"
    assert "formerly Datainspektionen" in later.printed("en")
    assert later.printed("sv") == later.printed_name


def test_before_any_version_there_is_nothing() -> None:
    with pytest.raises(ValueError, match="1970"):
        authority.authority(date(1970, 1, 1))


def test_the_latest_version_that_has_begun_wins_whatever_the_order_in_the_file() -> None:
    old, new = authority.authority(date(2020, 1, 1)), authority.authority(date(2022, 1, 1))
    assert in_force([new, old], date(2023, 1, 1)) is new


@pytest.mark.parametrize("name", ["periods.json", "authorities.json"])
def test_versions_begin_on_different_days(name: str) -> None:
    versions: list[dict[str, Any]] = json.loads(resource(name).read_text(encoding="utf-8"))["versions"]
    days = [version["valid_from"] for version in versions]
    assert days == sorted(set(days))
