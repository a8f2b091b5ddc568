"""Who is suggested as one person, and who never is again."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.audit import Action
from app.domain.errors import UserError
from app.domain.same_person import Likeness
from app.domain.subjects import Protection
from app.services import merging, same_people
from db.models import AuditEntry
from db.store import Store
from tests.factories import ADDRESS, CUSTOMER, NOW, TODAY, make_datum, make_source, make_subject

HOME = {**ADDRESS, "birth_date": "1964-08-23"}


def register(session: Session) -> dict[str, int]:
    """Return one woman under three spellings, her neighbour, a namesake, and a couple with one mailbox."""
    people = {
        "asa": make_subject(session, "Åsa Öberg", values=CUSTOMER),
        "oberg": make_subject(session, "Oberg Asa", values={"email": CUSTOMER["email"]}),
        "initial": make_subject(session, "Å. Öberg", values={"phone": CUSTOMER["phone"]}),
        "neighbour": make_subject(session, "Bo Alm", values={**ADDRESS, "email": CUSTOMER["email"]}),
        "home": make_subject(session, "Åsa Öberg", values=HOME),
        "namesake": make_subject(session, "Åsa Öberg", values={"birth_date": "1994-01-01", "email": CUSTOMER["email"]}),
    }
    return {name: row.id for name, row in people.items()}


def others(session: Session, key: int) -> dict[int, Likeness]:
    found = same_people.suggest_for(session, key)
    assert all(pair.one.subject_id == key for pair in found)
    return {pair.other.subject_id: pair.likeness for pair in found}


def test_one_person_is_suggested_with_her_other_records(store: Store) -> None:
    with store.write(NOW) as session:
        ids = register(session)
        assert others(session, ids["asa"]) == {
            ids["oberg"]: Likeness.STRONG,
            ids["initial"]: Likeness.GOOD,
            ids["home"]: Likeness.GOOD,
        }
        first = same_people.suggest_for(session, ids["asa"])[0]
        assert first.reasons == ("samma e-postadress", "samma namn, skrivet på annat sätt")
        assert first.one.hint.startswith("19640823")
        assert (first.one.sources, first.one.is_protected) == (("Kundregister",), False)


def test_the_whole_register_is_gone_through(store: Store) -> None:
    with store.write(NOW) as session:
        ids = register(session)
        steps: list[tuple[int, int]] = []
        found = same_people.suggestions(session, step=lambda done, of: steps.append((done, of)))
        pairs = {frozenset((pair.one.subject_id, pair.other.subject_id)) for pair in found}
        assert pairs == {
            frozenset((ids["asa"], ids["oberg"])),
            frozenset((ids["asa"], ids["initial"])),
            frozenset((ids["asa"], ids["home"])),
            frozenset((ids["oberg"], ids["namesake"])),
        }
        assert found[0].likeness is Likeness.STRONG
        assert steps == [(0, 2), (1, 2)]
        assert len(same_people.suggestions(session, limit=1)) == 1


def test_who_is_told_apart_is_never_suggested_again_and_neither_are_merged_records(store: Store) -> None:
    with store.write(NOW) as session:
        ids = register(session)
        merging.tell_apart(session, ids["asa"], ids["initial"])
        whole = merging.merge(session, [ids["asa"], ids["oberg"]], reason="Samma").id
        assert others(session, whole) == {ids["home"]: Likeness.GOOD}  # told apart also as a part of the whole
        assert whole not in {pair.other.subject_id for pair in same_people.suggest_for(session, ids["namesake"])}
        merging.take_apart(session, whole)
        assert ids["oberg"] not in others(session, ids["asa"])


def test_what_many_share_says_nothing(store: Store) -> None:
    with store.write(NOW) as session:
        for _number in range(same_people.HOUSEHOLD + 1):
            make_subject(session, "Åsa Öberg", values={"email": "info@example.com", **ADDRESS})
        one = make_subject(session, "Åsa Öberg", values={"email": "info@example.com"}).id
        assert same_people.suggest_for(session, one) == []
        assert same_people.suggestions(session) == []


def test_a_protected_person_is_suggested_without_a_hint_and_opened_with_a_reason(store: Store) -> None:
    with store.write(NOW) as session:
        one = make_subject(session, "Åsa Öberg", values=CUSTOMER, protection=Protection.CONFIDENTIAL).id
        other = make_subject(session, "Åsa Öberg", values={"email": CUSTOMER["email"], "birth_date": "okänd"}).id
        (pair,) = same_people.suggest_for(session, other)
        assert (pair.other.hint, pair.other.is_protected) == ("", True)
        shown = " ".join((*pair.reasons, *pair.against, pair.other.name, pair.other.hint))
        assert not any(value in shown for value in CUSTOMER.values())
        with pytest.raises(UserError, match="skyddade"):
            same_people.side_by_side(session, [one, other], today=TODAY)
        cards = same_people.side_by_side(session, [one, other], reason="Begäran", today=TODAY)
        assert [card.subject_id for card in cards] == [one, other]
        assert cards[0].address == ""
        acts = session.scalars(sa.select(AuditEntry.action)).all()
        assert acts.count(Action.PROTECTED_OPENED) == 1
        assert acts.count(Action.SUBJECT_READ) >= 2
        with pytest.raises(UserError, match="finns inte"):
            same_people.side_by_side(session, [one, 999], today=TODAY)


def test_two_sources_are_two_addresses_and_a_lone_town_is_none(store: Store) -> None:
    with store.write(NOW) as session:
        one = make_subject(session, "Åsa Öberg", values={"city": "Uppsala"})
        make_datum(session, one, "street", "Storgatan 1", source=make_source(session, "Nyhetsbrev"))
        other = make_subject(session, "Åsa Öberg", values={"city": "Uppsala", "street": "Storgatan 1"})
        assert same_people.suggest_for(session, one.id) == []
        make_datum(session, one, "street", "Storgatan 1")
        (pair,) = same_people.suggest_for(session, one.id)
        assert (pair.other.subject_id, pair.likeness) == (other.id, Likeness.WEAK)
