"""The demo: a vault of invented people, made by the same services as a real one, and a day's work in it."""

import csv
import datetime as dt
import io
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.channels import Channel
from app.domain.request_facts import Decision
from app.domain.rights import Right
from app.domain.status import DeliveryMethod, IdentityMethod, Outcome
from app.importers import table
from app.security import files
from app.security.kdf import DEFAULT, KdfCost
from app.services import (
    demo_cases,
    demo_incidents,
    extracts,
    filing,
    founding,
    imports,
    lookup,
    organisation,
    requests,
    retention,
)
from app.services.demo_people import HEADERS, SERVICE_HEADERS, Person, people
from app.services.founding import NewVault
from app.services.imports import Plan
from app.services.requests import Intake
from app.services.vaults import Vault
from db.models import Attachment, Subject
from db.queries import inbox

COUNT = 200
PASSPHRASE = "exempel exempel exempel"  # noqa: S105 - a vault of invented people; the window says so
Step = Callable[[int, int], None]
ADDRESS = ["Exempelgatan 1", "752 31 Uppsala"]


def make(folder: Path, *, now: dt.datetime, today: dt.date, step: Step, cost: KdfCost = DEFAULT) -> Vault:
    """Make the demo vault in `folder` and open it.

    Args:
        folder: A new or empty folder.
        now: The time.
        today: The demo's day; the cases lie around it.
        step: Told how far it has come, of a hundred.
        cost: How dear a guess of the passphrase is.

    Raises:
        UserError: The folder holds something or cannot be written.
    """
    facts = NewVault(passphrase=PASSPHRASE, profile="itrace", name="Exempelbolaget", user="Eva Lund", cost=cost)
    vault, _recovery_key = founding.create(folder, facts, now=now)
    try:
        _fill(vault, now=now, today=today, step=step)
    except BaseException:
        vault.abandon()
        raise
    return vault


def _fill(vault: Vault, *, now: dt.datetime, today: dt.date, step: Step) -> None:
    with vault.store.write(now) as session:
        organisation.change_fact(session, organisation.VAULT, {"is_example": True})
        organisation.change_fact(
            session, organisation.CONTROLLER, {"address_lines": ADDRESS, "email": "kontakt@exempel.se"}
        )
        organisation.change_fact(session, organisation.OFFICER, {"name": "Eva Lund", "email": "eva.lund@exempel.se"})
    invented = list(people(COUNT, today=today))
    _import(vault, "Kundregister", HEADERS, [person.row() for person in invented], now=now, today=today)
    step(20, 100)
    _import(
        vault, "Ärendesystem", SERVICE_HEADERS, [_service_row(person) for person in invented[::5]], now=now, today=today
    )
    step(30, 100)
    for number, case in enumerate(demo_cases.CASES):
        with vault.store.write(now) as session:
            demo_cases.build(session, case, list(session.scalars(sa.select(Subject).order_by(Subject.id))), today=today)
        step(30 + 5 * number, 100)
    with vault.store.write(now) as session:
        demo_incidents.build(session, now=now, today=today)
    step(100, 100)


def _import(
    vault: Vault,
    source: str,
    headers: tuple[str, ...],
    rows: list[tuple[str, ...]],
    *,
    now: dt.datetime,
    today: dt.date,
) -> None:
    """Import rows through a file, as an office would; the file holds invented people and is removed."""
    path = vault.folder / "tmp" / "import.csv"
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";").writerows([headers, *rows])
    files.make_folder(path.parent)
    try:
        files.write_atomic(path, text.getvalue().encode())
        plan = Plan(path=path, source=source, mapping=table.preview(path).mapping)
        with vault.store.write(now) as session:
            imports.run(session, plan, today=today, step=lambda _done, _total: None)
    finally:
        path.unlink(missing_ok=True)


def _service_row(person: Person) -> tuple[str, ...]:
    login = person.email.split("@", maxsplit=1)[0]
    return (person.number, person.name, person.email, "Sidan låg nere i två dagar. Ersättning given.", login)


def day(vault: Vault, out: Path, *, now: dt.datetime, today: dt.date) -> list[Path]:
    """Work the demo day and write what it gives: extract and letter, the incident's notification, the retention receipt.

    Returns:
        The files written, each read back and compared.

    Raises:
        UserError: `out` cannot be written.
    """
    files.check_writable(out)
    with vault.store.write(now) as session:
        made = [*_answer(session, today=today), demo_incidents.notify_first(session, now=now, today=today)]
        made.append(_review(session, today=today))
        contents = [(file.name, filing.read(session, file.id)) for file in made]
    written = []
    for name, content in contents:
        path = out / name
        files.write_atomic(path, content)
        written.append(path)
    return written


def _answer(session: Session, *, today: dt.date) -> list[Attachment]:
    """Register a new access request, answer it and close it."""
    person = session.scalars(sa.select(Subject).order_by(Subject.id).offset(40).limit(1)).one()
    intake = Intake(
        rights=[Right.ACCESS],
        received_on=today,
        channel=Channel.EMAIL,
        requester_name=person.display_name,
        message="Jag vill se vad ni har om mig.",
        subject_id=person.id,
    )
    request = requests.register(session, intake, today=today)
    requests.check_identity(session, request.id, method=IdentityMethod.BANKID, today=today)
    lookup.record(session, request.id, subject_id=person.id, terms=[person.display_name])
    extracts.make(session, request.id, today=today)
    requests.decide(session, request.id, Decision(right=Right.ACCESS, outcome=Outcome.GRANTED), today=today)
    demo_cases.write_letters(session, request, today=today)
    requests.mark_sent(session, request.id, method=DeliveryMethod.LETTER, sent_on=today, today=today)
    requests.close(session, request.id, today=today)
    return inbox.attachments(session, request.id)[::-1]


def _review(session: Session, *, today: dt.date) -> Attachment:
    """Decide the retention proposals of the day."""
    review = retention.propose(session, today=today)
    return retention.decide(session, review.token, today=today).receipt
