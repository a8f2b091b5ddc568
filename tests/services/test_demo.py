"""The demo vault and its day."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.domain import contacts, identity
from app.domain.status import Status
from app.services import audit, demo, demo_people, organisation, retention
from app.services.vaults import Vault
from db.models import Identifier, Incident, Request, Subject
from tests.services.conftest import CHEAPEST

NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 23)
FICTION = ("+4670174060", "+4670174061", "+467017406", "+468465004")


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vault]:
    seen: list[int] = []
    folder = tmp_path_factory.mktemp("demo") / "Exempel.ombud"
    made = demo.make(folder, now=NOW, today=TODAY, step=lambda done, _total: seen.append(done), cost=CHEAPEST)
    assert seen == sorted(seen)
    assert seen[-1] == 100
    yield made
    made.abandon()


def test_it_holds_two_hundred_people_twelve_requests_and_three_incidents(vault: Vault) -> None:
    with vault.store.read() as session:
        counted = [
            session.scalar(sa.select(sa.func.count()).select_from(model)) for model in (Subject, Request, Incident)
        ]
    assert counted == [200, 12, 3]


def test_its_requests_stand_in_many_places_and_one_is_late(vault: Vault) -> None:
    with vault.store.read() as session:
        places = Counter(session.scalars(sa.select(Request.status)))
        late = session.scalars(sa.select(Request.number).where(Request.sent_on.is_(None), Request.due_on < TODAY)).all()

    assert {Status.REGISTERED, Status.IDENTITY_ASKED, Status.INVESTIGATING, Status.CLOSED, Status.COMPLAINT} <= set(
        places
    )
    assert len(late) == 1


def test_every_number_in_it_is_kept_for_tests_or_fiction(vault: Vault) -> None:
    with vault.store.read() as session:
        held = session.execute(sa.select(Identifier.kind, Identifier.norm)).all()

    numbers = [norm for kind, norm in held if kind == "pnr"]
    assert len(numbers) == 200
    assert all(980 <= int(norm[8:11]) <= 999 and identity.parse(norm, today=TODAY) for norm in numbers)
    assert all(norm.startswith(FICTION) for kind, norm in held if kind == "phone")
    assert all(norm.endswith("@exempel.se") for kind, norm in held if kind == "email")


def test_it_says_that_it_is_an_example_and_its_trail_is_whole(vault: Vault) -> None:
    with vault.store.read() as session:
        assert organisation.is_example(session)
        assert audit.verify(session).first_bad is None


def test_its_retention_review_has_proposals_and_a_held_person(vault: Vault) -> None:
    with vault.store.read() as session:
        review = retention.propose(session, today=TODAY)

    assert len(review.proposals) > 5
    assert any(line.decides == "hold" for line in review.kept)


def test_its_day_gives_an_extract_a_letter_a_notification_and_a_receipt(vault: Vault, tmp_path: Path) -> None:
    written = demo.day(vault, tmp_path, now=NOW, today=TODAY)

    assert [path.name.split("_")[0] for path in written] == [
        "registerutdrag",
        "registerutdrag",
        "brev",
        "anmalan",
        "gallringskvitto",
    ]
    assert all(path.read_bytes()[:5] == b"%PDF-" for path in written if path.suffix == ".pdf")


def test_no_file_of_invented_people_is_left_behind(vault: Vault) -> None:
    assert list((vault.folder / "tmp").iterdir()) == []


def test_the_same_day_gives_the_same_people() -> None:
    assert list(demo_people.people(30, today=TODAY)) == list(demo_people.people(30, today=TODAY))
    assert all(person.phone == "" or contacts.phone(person.phone) for person in demo_people.people(200, today=TODAY))
