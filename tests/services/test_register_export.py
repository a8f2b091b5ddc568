"""The whole register as content: every activity with every point, in both languages, and recorded when it leaves."""

import dataclasses
import datetime as dt

import pytest
import sqlalchemy as sa

from app.domain.audit import Action
from app.domain.errors import ExitCode, UserError
from app.domain.transfers import Transfer
from app.services import organisation, register, register_export
from db.models import Activity
from db.store import Store
from tests.factories import NOW, TODAY
from tests.services.conftest import audited


def change(store: Store, code: str, **values: object) -> None:
    with store.write(NOW) as session:
        row = session.scalars(sa.select(Activity).where(Activity.code == code)).one()
        register.save_activity(session, row.id, dataclasses.replace(register.facts_of(row), **values))  # type: ignore[arg-type]  # each test names fields of their own kinds


def points(store: Store, name: str, shown: str = "sv") -> dict[str, object]:
    with store.read() as session:
        record = register_export.content(session, today=TODAY, shown=shown)
    row = next(row for row in record.activities if row[0] == name)
    return dict(zip(record.points, row, strict=True))


def test_every_activity_has_every_point_of_the_article(store: Store) -> None:
    with store.read() as session:
        record = register_export.content(session, today=TODAY)
    assert len(record.activities) == 14
    assert [point[:2] for point in record.points[1:9]] == ["a)", "b)", "c)", "c)", "d)", "e)", "f)", "g)"]
    assert {len(row) for row in record.activities} == {len(record.points)}
    assert [part.title for part in record.lists] == ["Mottagare", "Källor", "Gallringsregler", "Informationstexter"]
    assert record.controller.name == "iTrace"
    for part in record.lists:
        assert part.rows
        assert {len(row) for row in part.rows} == {len(part.headers)} == {len(part.widths)}


def test_an_activity_reads_in_words(store: Store) -> None:
    change(
        store,
        "advertising",
        transfers_to=(Transfer("US", "adequacy"), Transfer("IN", "")),
        owner="Eva Lund",
        review_on=dt.date(2027, 3, 1),
        dpia="done",
        dpia_note="Gjord i mars.",
        joint_controllers="Annonsnätet AB",
    )
    found = points(store, "Annonser, annonssegment och affiliate")
    assert found["a) Gemensamt ansvariga"] == "Annonsnätet AB"
    assert "Facebook (gemensamt ansvar)" in str(found["d) Mottagare"])
    assert str(found["e) Tredjeland och skydd"]).split("\n") == [
        "USA: Beslut om adekvat skydd (art. 45)",
        "Indien: skyddet är inte känt",
        "Kan ske till USA genom Google och Facebook.",
    ]
    assert found["f) Gallring"] == "Tills samtycket återkallas"
    assert found["Konsekvensbedömning"] == "Gjord\nGjord i mars."
    assert found["Profilering"] == "Ja"
    assert found["Ses över"] == dt.date(2027, 3, 1)
    assert found["Ansvarig på kontoret"] == "Eva Lund"
    assert points(store, "Offerter")["e) Tredjeland och skydd"] == "Ingen känd"


def test_a_point_that_is_empty_says_so(store: Store) -> None:
    change(store, "quotes", recipients=(), transfers="", rule_id=None)
    found = points(store, "Offerter")
    assert [found[name] for name in ("d) Mottagare", "e) Tredjeland och skydd", "f) Gallring")] == ["–", "–", "–"]


def test_the_english_register_has_the_profiles_own_words_in_english(store: Store) -> None:
    found = points(store, "Advertising, ad segments and affiliates", "en")
    assert "Advertisers (" in str(found)
    assert "May happen to the USA" in str(found)
    assert "Visits and reading decide" in str(found)
    assert "Privacy policy (2018-05-25)" in str(found)


def test_an_export_is_recorded_and_holds_what_was_asked_for(store: Store) -> None:
    with store.write(NOW) as session:
        made = register_export.export(session, today=TODAY, formats=("xlsx", "pdf"))
    assert [name for name, _content in made] == [
        "behandlingsregister_2026-11-22.pdf",
        "behandlingsregister_2026-11-22.xlsx",
    ]
    assert audited(store, Action.REGISTER_EXPORTED) == [
        (Action.REGISTER_EXPORTED, {"activities": 14, "formats": ["pdf", "xlsx"]})
    ]


@pytest.mark.parametrize("formats", [(), ("odt",), ("pdf", "odt")])
def test_an_unknown_format_exports_nothing(store: Store, formats: tuple[str, ...]) -> None:
    with store.write(NOW) as session, pytest.raises(UserError) as caught:
        register_export.export(session, today=TODAY, formats=formats)
    assert caught.value.code is ExitCode.USAGE
    assert audited(store, Action.REGISTER_EXPORTED) == []


def test_the_representative_and_the_mark_of_invented_data_come_along(store: Store) -> None:
    with store.write(NOW) as session:
        organisation.change_fact(session, organisation.CONTROLLER, {"representative": "Ombud AB\nombud@example.com"})
        organisation.change_fact(session, organisation.VAULT, {"is_example": True})
        record = register_export.content(session, today=TODAY)
    assert record.representative == "Företrädare: Ombud AB, ombud@example.com"
    assert record.mark.is_example
