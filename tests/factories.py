"""Small honest records for tests.  All people are invented; all numbers are published test numbers."""

import datetime as dt
import itertools
import secrets

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.channels import Channel
from app.domain.names import sort_key
from app.domain.rights import Right
from app.domain.status import IdentityMethod, Status
from app.domain.subjects import Protection
from app.reference.fields import by_code
from db.models import Activity, Datum, Identifier, Request, RequestRight, Source, Subject

NOW = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 22)
ADDRESS = {"street": "Storgatan 1", "postcode": "752 31", "city": "Uppsala"}
CUSTOMER = {
    "personnummer": "196408233234",
    "customer_no": "K-1001",
    "email": "asa@example.com",
    "phone": "+46701740605",
    **ADDRESS,
}
_numbers = itertools.count(1)


def make_source(session: Session, name: str = "Kundregister", *, activity: str = "customer_admin") -> Source:
    """Return the register with this name, made when it is new."""
    found = session.scalar(sa.select(Source).where(Source.name == name))
    if found is not None:
        return found
    activity_id = session.scalar(sa.select(Activity.id).where(Activity.code == activity))
    source = Source(code=name.casefold(), name=name, kind="own", activity_id=activity_id, is_register=True)
    session.add(source)
    session.flush()
    return source


def make_subject(
    session: Session,
    name: str = "Åsa Öberg",
    *,
    relation_end_on: dt.date | None = None,
    protection: Protection = Protection.NONE,
    values: dict[str, str] | None = None,
) -> Subject:
    """Return a stored person with their name and `values` (field code to value) in the customer register."""
    subject = Subject(
        uid=secrets.token_hex(16),
        display_name=name,
        sort_key=sort_key(name),
        relation_start_on=dt.date(2016, 4, 1),
        relation_end_on=relation_end_on,
        protection=protection,
        created_at=NOW,
    )
    session.add(subject)
    session.flush()
    for field, value in {"name": name, **(values or {})}.items():
        make_datum(session, subject, field, value)
    return subject


def make_datum(
    session: Session,
    subject: Subject,
    field: str,
    value: str,
    *,
    source: Source | None = None,
    activity: str | None = None,
    fy_end_on: dt.date | None = None,
) -> Datum:
    """Return a stored value, with its identifier when people are found by it."""
    source = source or make_source(session)
    known = by_code()[field]
    code = activity or ("orders_billing" if known.bookkeeping else None)
    activity_id = session.scalar(sa.select(Activity.id).where(Activity.code == code)) if code else source.activity_id
    datum = Datum(
        subject_id=subject.id,
        source_id=source.id,
        activity_id=activity_id,
        category=known.category.value,
        field=field,
        value=value,
        since_on=dt.date(2016, 4, 1),
        fy_end_on=fy_end_on,
    )
    session.add(datum)
    if known.identifier:
        session.add(Identifier(subject_id=subject.id, source_id=source.id, kind=known.identifier, norm=value))
    session.flush()
    return datum


def make_request(
    session: Session,
    *,
    subject: Subject | None = None,
    rights: tuple[Right, ...] = (Right.ACCESS,),
    received_on: dt.date = dt.date(2026, 11, 10),
    is_identified: bool = True,
    language: str = "sv",
) -> Request:
    """Return a stored request under investigation."""
    request = Request(
        number=f"B-2026-{next(_numbers):03d}",
        status=Status.INVESTIGATING,
        received_on=received_on,
        channel=Channel.EMAIL,
        language=language,
        requester_name="Åsa Öberg",
        requester_email="asa@example.com",
        message="Vilka uppgifter har ni om mig?",
        subject_id=subject.id if subject else None,
        goal_on=received_on + dt.timedelta(days=30),
        due_on=received_on + dt.timedelta(days=30),
        contact_by_on=received_on + dt.timedelta(days=30),
        created_at=NOW,
    )
    if is_identified:
        request.identity_method, request.identity_on, request.identity_by = (
            next(iter(IdentityMethod)),
            TODAY,
            "dataskyddsombud",
        )
    session.add(request)
    session.flush()
    session.add_all(RequestRight(request_id=request.id, right=right) for right in rights)
    session.flush()
    return request
