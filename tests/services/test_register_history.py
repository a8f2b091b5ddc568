"""Who changed what in the register, and from what to what."""

import dataclasses
import datetime as dt

import sqlalchemy as sa

from app.domain.transfers import Transfer
from app.i18n import language_as
from app.services import register, register_history, register_parts
from app.services.register_parts import RecipientFacts, SourceFacts
from db.models import Activity, Recipient, Source
from db.store import Store
from tests.factories import NOW
from tests.services.test_register import FACTS


def test_the_history_of_an_activity_shows_before_and_after_in_words(store: Store) -> None:
    with store.write(NOW) as session:
        row = session.scalars(sa.select(Activity).where(Activity.code == "web_cookies")).one()
        facts = register.facts_of(row)
        changed = dataclasses.replace(
            facts,
            legal_basis="legitimate_interest",
            purposes=("login",),
            transfers_to=(Transfer("US", "adequacy"),),
            review_on=dt.date(2027, 3, 1),
            owner="Eva Lund",
            is_profiling=True,
        )
        register.save_activity(session, row.id, changed)
        found = {one.field: one for one in register_history.history(session, "activity", row.id)}
    pairs = {field: (one.before, one.after) for field, one in found.items() if field}
    assert pairs == {
        "Rättslig grund": ("Samtycke (Art. 6.1 a)", "Intresseavvägning (Art. 6.1 f)"),
        "Ändamål": (
            "Låta dig logga in och minnas dina val, Anpassa webbsidan efter besökaren, Statistik och analys, Se ungefär var besökaren finns",
            "Låta dig logga in och minnas dina val",
        ),
        "Länder utanför EU/EES": ("USA: skyddet är inte känt", "USA: Beslut om adekvat skydd (art. 45)"),
        "Ses över": ("–", "2027-03-01"),
        "Ansvarig på kontoret": ("–", "ändrat; värdet sparas inte i loggen"),
        "Profilering": ("Nej", "Ja"),
    }
    assert (found["Ses över"].by, found["Ses över"].at) == ("dataskyddsombud", NOW)
    assert found[""].act == "Företagsprofilen lades in"


def test_a_new_row_is_one_event_and_the_newest_comes_first(store: Store) -> None:
    with store.write(NOW) as session:
        key = register.save_activity(session, None, FACTS).id
        register.save_activity(session, key, dataclasses.replace(FACTS, name="Möten"))
        found = register_history.history(session, "activity", key)
    assert [(one.field, one.before, one.after) for one in found] == [("Namn", "Kundträffar", "Möten"), ("", "", "")]


def test_rows_of_the_other_lists_have_a_history_too(store: Store) -> None:
    with store.write(NOW) as session:
        recipient = session.scalars(sa.select(Recipient).where(Recipient.code == "google")).one()
        facts = RecipientFacts(
            name="Google", role="processor", category="social_network", country="IE", note=recipient.note
        )
        register_parts.save_recipient(session, recipient.id, facts)
        source = session.scalars(sa.select(Source).where(Source.code == "partner")).one()
        told = SourceFacts(name=source.name, kind=source.kind, activity_id=None, evidence="approval")
        register_parts.save_source(session, source.id, told)
        changed = register_history.history(session, "recipient", recipient.id)
        also = register_history.history(session, "source", source.id)
    assert {(one.field, one.before, one.after) for one in changed if one.field} == {
        ("Roll", "Gemensamt ansvar", "Personuppgiftsbiträde"),
        ("Land", "–", "Irland"),
    }
    assert {(one.field, one.after) for one in also if one.field} == {
        ("Behandling", "–"),
        ("Bevis", "Personen godkände att partnern lämnade uppgifterna"),
    }


def test_a_row_that_gets_the_number_of_a_removed_one_does_not_inherit_its_history(store: Store) -> None:
    with store.write(NOW) as session:
        first = register.save_activity(session, None, FACTS).id
    with store.write(NOW) as session:
        register.remove_activity(session, first)
    with store.write(NOW) as session:
        second = register.save_activity(session, None, dataclasses.replace(FACTS, name="Något annat")).id
        assert second == first
        assert len(register_history.history(session, "activity", second)) == 1


def test_the_history_is_in_the_language_in_use(store: Store) -> None:
    with store.write(NOW) as session, language_as("en"):
        row = session.scalars(sa.select(Activity).where(Activity.code == "quotes")).one()
        facts = dataclasses.replace(register.facts_of(row), recipients=("webhost",))
        register.save_activity(session, row.id, facts)
        found = register_history.history(session, "activity", row.id)
    assert (found[0].before, found[0].after) == ("Web hosting, IT suppliers", "Web hosting")
