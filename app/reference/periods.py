"""Time limits and keeping times as dated data.  Which day a limit falls on is `app.domain.deadlines`' business."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from app.reference.reader import load
from app.reference.versions import in_force


@dataclass(frozen=True, slots=True)
class Period:
    """One length with where it comes from.  The unit is in the name of the field that holds it."""

    value: int
    source: str
    requirements: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Version:
    valid_from: date
    request_months: Period
    extension_months: Period
    contact_days: Period
    breach_hours: Period
    supplement_days: Period
    relation_months: Period
    bookkeeping_years: Period
    request_file_months: Period
    incident_years: Period
    backup_days: Period
    backup_all_days: Period
    backup_daily: Period
    backup_weekly: Period
    backup_monthly: Period


@dataclass(frozen=True, slots=True)
class _File:
    versions: tuple[_Version, ...]


@dataclass(frozen=True, slots=True)
class Periods:
    """The lengths in force on a day."""

    version: _Version
    request_months: int
    extension_months: int
    contact_days: int
    breach_hours: int
    supplement_days: int
    relation_months: int
    bookkeeping_years: int
    request_file_months: int
    incident_years: int
    backup_days: int
    backup_all_days: int
    backup_daily: int
    backup_weekly: int
    backup_monthly: int

    def source(self, name: str) -> str:
        """Return where the length called `name` comes from, such as `Art. 12.3 GDPR`."""
        period = getattr(self.version, name)
        if not isinstance(period, Period):
            raise KeyError(name)
        return period.source


@cache
def _file() -> _File:
    return load("periods.json", _File)


def periods(on: date) -> Periods:
    """Return the lengths in force on the day `on`.

    Raises:
        ValueError: The day is before the General Data Protection Regulation applied.
    """
    version = in_force(_file().versions, on)
    values = {name: getattr(version, name).value for name in _Version.__slots__ if name != "valid_from"}
    return Periods(version=version, **values)
