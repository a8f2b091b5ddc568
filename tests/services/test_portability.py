"""Data to carry away: what Art. 20 gives a right to, the wider promise, and every row traced to its file and line."""

import csv
import hashlib
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.documents.content import Extract
from app.domain.audit import Action
from app.domain.errors import UserError
from app.domain.outputs import Scope, ShowGround
from app.domain.rights import Right
from app.services import extracts, filing, imports, portability
from app.services.imports import Plan
from app.services.output_choice import Choice
from app.services.portability import Wish
from db.models import Attachment, Datum, Source, Subject
from db.store import Store
from tests.factories import CUSTOMER, NOW, TODAY, make_datum, make_request, make_source, make_subject
from tests.importers.tables import csv_file
from tests.json_schema import problems, schema
from tests.services.conftest import audited, pdf_text

SCHEMA = schema("personal-data-1.json")
ALL_FORMATS = ("pdf", "xlsx", "json", "csv")
HEADERS = ("Kundnummer", "Namn", "E-post", "Postort", "Kreditomdöme", "Korrespondens")
ROWS = (("K1", "Åsa Öberg", "asa@example.com", "Uppsala", "AA", "Ringde om fakturan"), ("K2", "Bo Alm", "", "", "", ""))
MAPPING = ("customer_no", "name", "email", "city", "credit_rating", "correspondence")


def person(store: Store) -> int:
    """Return a person with values that are given, observed, made, from others and unclear, on several grounds."""
    with store.write(NOW) as session:
        subject = make_subject(session, values=CUSTOMER)
        desk = make_source(session, "Kundtjänst", activity="service_cases")
        partner = make_source(session, "Partnerlista", activity="orders_billing")
        partner.kind = "third_party"
        make_datum(session, subject, "product", "Abonnemang", activity="orders_billing")
        make_datum(session, subject, "invoice_no", "F-20418")
        make_datum(session, subject, "credit_rating", "AA", activity="credit_check")
        make_datum(session, subject, "correspondence", "Min granne Bo ringde", source=desk)
        make_datum(session, subject, "complaint", "Sidan låg nere", source=desk)
        make_datum(session, subject, "gender", "kvinna", activity="profiling")
        make_datum(session, subject, "mobile", "+46701740606", source=partner)
        make_datum(session, subject, "password", "hemligt")
        return subject.id


def content(store: Store, subject_id: int, scope: Scope = Scope.ARTICLE_20, choice: Choice | None = None) -> Extract:
    with store.read() as session:
        wish = Wish(scope=scope)
        return portability.content(
            session, subject_id=subject_id, request_id=None, today=TODAY, wish=wish, choice=choice or Choice()
        )


def codes(made: Extract) -> set[str]:
    return {row.code for category in made.categories for row in category.rows}


def made_files(session: Session, made: list[Attachment]) -> dict[str, bytes]:
    return {row.name.rpartition(".")[2]: filing.read(session, row.id) for row in made}


def test_article_20_gives_what_was_given_or_observed_on_consent_or_contract(store: Store) -> None:
    made = content(store, person(store))
    assert {"name", "email", "phone", "personnummer", "product", "complaint"} <= codes(made)
    out = {"customer_no", "invoice_no", "credit_rating", "correspondence", "gender", "mobile", "password"}
    assert not out & codes(made)
    assert made.carried is not None
    told = {one.title: one.text for one in made.carried.left_out}
    assert told["Annan grund än samtycke eller avtal"].startswith("2 uppgifter.")
    assert told["Uppgifter som vi har satt eller räknat fram"].startswith("2 uppgifter.")
    assert told["Uppgifter från någon annan än dig"].startswith("1 uppgift.")
    assert told["Texter där det är oklart vem som skrev"].startswith("1 uppgift.")
    assert "Lösenord" in told
    assert "artikel 20" in made.carried.title


def test_the_promise_gives_everything_and_says_how_each_value_came_to_be(store: Store) -> None:
    made = content(store, person(store), Scope.PROMISE)
    rows = {row.code: row for category in made.categories for row in category.rows}
    assert {"customer_no", "invoice_no", "credit_rating", "correspondence", "gender", "mobile"} <= set(rows)
    assert rows["password"].value == ""
    answers = {code: rows[code].provided for code in ("name", "product", "credit_rating", "mobile", "correspondence")}
    assert answers == {
        "name": "given", "product": "observed", "credit_rating": "made", "mobile": "others", "correspondence": "unclear",
    }  # fmt: skip
    assert made.carried is not None
    assert "löfte" in made.carried.title


def test_a_source_that_is_the_person_settles_who_wrote_a_free_text(store: Store) -> None:
    subject_id = person(store)
    with store.write(NOW) as session:
        session.execute(sa.update(Source).where(Source.name == "Kundtjänst").values(kind="subject"))
    made = content(store, subject_id)
    row = next(row for category in made.categories for row in category.rows if row.code == "correspondence")
    assert row.provided == "given"
    assert row.is_masked, "it names a neighbour: Art. 20.4"


def test_a_value_without_an_activity_has_no_ground_to_be_carried_on(store: Store) -> None:
    subject_id = person(store)
    with store.write(NOW) as session:
        session.execute(sa.update(Datum).where(Datum.field == "email").values(activity_id=None))
    assert "email" not in codes(content(store, subject_id))


def test_every_format_says_the_same_and_the_json_fits_its_schema(store: Store) -> None:
    subject_id = person(store)
    for scope in portability.SCOPES:
        with store.write(NOW) as session:
            wish = Wish(scope=scope, formats=ALL_FORMATS)
            made = portability.make_for_subject(session, subject_id, today=TODAY, wish=wish)
            files = made_files(session, made)
        document = json.loads(files["json"])
        assert problems(document, SCHEMA, SCHEMA) == []
        assert (document["kind"], document["scope"]["code"]) == ("portability", scope.value)
        labels = [row["label"] for category in document["categories"] for row in category["rows"]]
        table = list(csv.reader(io.StringIO(files["csv"].decode("utf-8-sig")), delimiter=";"))
        assert [row[2] for row in table[1:]] == labels
        text = pdf_text(files["pdf"])
        assert document["scope"]["title"] in text
        assert "Det som inte är med, och varför" in text
        assert files["xlsx"].startswith(b"PK")
        assert all("Öberg" not in row.name for row in made)


def test_the_extract_as_json_fits_the_schema_too_with_all_that_article_15_asks(store: Store) -> None:
    subject_id = person(store)
    with store.write(NOW) as session:
        made = extracts.make_for_subject(session, subject_id, today=TODAY, formats=("json",))
        document = json.loads(made_files(session, made)["json"])
    assert problems(document, SCHEMA, SCHEMA) == []
    assert {"purposes", "withheld", "complaint", "searched"} <= set(document)
    assert "hemligt" not in json.dumps(document)


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"made_on": "i dag"}, "$.made_on"),
        ({"version": 0}, "$.version"),
        ({"extra": 1}, "$"),
        ({"kind": "annat"}, "$.kind"),
        ({"categories": [{"code": "x", "title": "x", "rows": [{}]}]}, "$.categories[0].rows[0]"),
    ],
)
def test_the_schema_refuses_what_is_wrong(store: Store, change: dict[str, Any], where: str) -> None:
    subject_id = person(store)
    with store.write(NOW) as session:
        made = extracts.make_for_subject(session, subject_id, today=TODAY, formats=("json",))
        document = json.loads(made_files(session, made)["json"])
    assert any(line.startswith(where) for line in problems(document | change, SCHEMA, SCHEMA))
    del document["complaint"]
    assert problems(document, SCHEMA, SCHEMA) == ["$: complaint is missing"]


def test_every_imported_row_is_traced_to_its_source_file_and_line(store: Store, tmp_path: Path) -> None:
    path = csv_file(tmp_path, HEADERS, *reversed(ROWS))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    with store.write(NOW) as session:
        plan = Plan(path=path, source="Kundregister", mapping=MAPPING)
        imports.run(session, plan, today=TODAY, step=lambda _done, _total: None)
        subject = session.scalars(sa.select(Subject).where(Subject.display_name == "Åsa Öberg")).one()
        make_datum(session, subject, "phone", "+46701740605")
        made = extracts.make_for_subject(session, subject.id, today=TODAY, formats=ALL_FORMATS)
        files = made_files(session, made)
    document = json.loads(files["json"])
    assert document["files"] == [{"number": 1, "source": "Kundregister", "imported_on": "2026-11-22", "sha256": digest}]
    rows = {row["field"]: row["origin"] for category in document["categories"] for row in category["rows"]}
    for field in MAPPING:
        assert rows[field] == {"source": "Kundregister", "file": 1, "line": 3}, field
    assert rows["phone"]["file"] is None, "it was written in the program"
    text = pdf_text(files["pdf"])
    assert "fil 1, rad 3" in text
    assert digest[:16] in text
    table = list(csv.DictReader(io.StringIO(files["csv"].decode("utf-8-sig")), delimiter=";"))
    assert {(row["Fil"], row["Rad"]) for row in table if row["Fält"] in MAPPING} == {("1", "3")}


def test_versions_are_kept_and_each_says_what_differs(store: Store) -> None:
    subject_id = person(store)
    with store.write(NOW) as session:
        extracts.make_for_subject(session, subject_id, today=TODAY, formats=("pdf",))
        session.execute(sa.update(Datum).where(Datum.field == "email").values(value="ny@example.com"))
        session.execute(sa.delete(Datum).where(Datum.field == "mobile"))
        make_datum(session, session.get_one(Subject, subject_id), "username", "asa")
        made = extracts.make_for_subject(session, subject_id, today=TODAY, formats=("pdf", "json"))
        files = made_files(session, made)
        again = extracts.make_for_subject(session, subject_id, today=TODAY, formats=("json",))
        third = json.loads(made_files(session, again)["json"])
    changes = json.loads(files["json"])["changes"]
    assert (changes["since_version"], changes["since_made_on"]) == (1, "2026-11-22")
    assert {(row["change"], row["label"], *row["parts"]) for row in changes["rows"]} == {
        ("added", "Användarnamn"), ("changed", "E-post", "value"), ("removed", "Mobil"),
    }  # fmt: skip
    assert "version 1" in pdf_text(files["pdf"])
    assert "Borta" in pdf_text(files["pdf"])
    assert (third["version"], third["changes"]["rows"]) == (3, [])
    with store.read() as session:
        kept = [row.name.rpartition("_")[2] for row in session.scalars(sa.select(Attachment)) if "rows" not in row.kind]
    assert kept == ["v1.pdf", "v2.pdf", "v2.json", "v3.json"]


def test_another_scope_or_language_is_not_compared(store: Store) -> None:
    subject_id = person(store)
    with store.write(NOW) as session:
        for wish in (Wish(), Wish(scope=Scope.PROMISE), Wish(scope=Scope.PROMISE, language="en")):
            made = portability.make_for_subject(session, subject_id, today=TODAY, wish=wish)
            document = json.loads(made_files(session, made)["json"])
            if document["version"] > 1:
                assert document["changes"]["rows"] is None


def test_what_may_concern_others_is_shown_only_on_a_ground_which_the_trail_keeps(store: Store) -> None:
    subject_id = person(store)
    with store.read() as session:
        proposed = extracts.proposed_masks(session, subject_id, today=TODAY)
    assert len(proposed) == 2
    with pytest.raises(UserError, match="utan skäl"), store.write(NOW) as session:
        extracts.make_for_subject(session, subject_id, today=TODAY, choice=Choice(masked=frozenset()))
    shown = dict.fromkeys(proposed, ShowGround.KNOWN)
    with store.write(NOW) as session:
        choice = Choice(masked=frozenset(), shown=shown)
        extracts.make_for_subject(session, subject_id, today=TODAY, choice=choice, formats=("pdf",))
    ((_action, details),) = audited(store, Action.EXTRACT_MADE)
    assert details["shown"] == {"known": 2}
    with store.read() as session:
        found = extracts.review(session, subject_id=subject_id, request_id=None, today=TODAY)
    assert (found.masked, dict(found.shown)) == (frozenset(), shown), "the next version begins where this one ended"


def test_a_decision_to_show_holds_only_for_the_text_it_was_made_about(store: Store) -> None:
    subject_id = person(store)
    with store.write(NOW) as session:
        proposed = extracts.proposed_masks(session, subject_id, today=TODAY)
        choice = Choice(masked=frozenset(), shown=dict.fromkeys(proposed, ShowGround.OWN))
        extracts.make_for_subject(session, subject_id, today=TODAY, choice=choice, formats=("json",))
        changed = session.scalars(sa.select(Datum).where(Datum.field == "complaint")).one()
        changed.value = "Bo var också med"
        session.flush()
        found = extracts.review(session, subject_id=subject_id, request_id=None, today=TODAY)
    assert found.masked == {changed.id}


def test_what_is_left_out_needs_a_reason_that_the_person_can_read(store: Store) -> None:
    subject_id = person(store)
    with store.read() as session:
        desk = session.scalars(sa.select(Source.id).where(Source.name == "Kundtjänst")).one()
    limit = Choice(without_categories=frozenset({"demographic"}), without_sources=frozenset({desk}))
    with pytest.raises(UserError, match="utelämnat utan skäl"), store.write(NOW) as session:
        extracts.make_for_subject(session, subject_id, today=TODAY, choice=limit)
    choice = replace(limit, limit_reason="Du bad bara om dina köp.")
    with store.read() as session:
        made = extracts.content(session, subject_id=subject_id, request_id=None, today=TODAY, choice=choice)
    assert not {"gender", "complaint", "correspondence"} & codes(made)
    told = {one.title: one.text for one in made.withheld}
    assert told["Avgränsning"] == "Det här är inte med: Demografisk information, Kundtjänst. Du bad bara om dina köp."
    searched = {one.title: one.text for one in made.searched}
    assert "2 uppgifter" in searched["Kundtjänst"], "the source was searched all the same"
    assert content(store, subject_id, Scope.PROMISE, choice).carried is not None


def test_leaving_everything_out_does_not_deny_that_data_are_held(store: Store) -> None:
    subject_id = person(store)
    choice = Choice(without_categories=frozenset({"customer", "purchase", "service", "demographic", "login"}))
    with store.read() as session:
        assert extracts.content(session, subject_id=subject_id, request_id=None, today=TODAY, choice=choice).has_data


def test_a_secret_disclosure_is_in_no_file_that_leaves(store: Store) -> None:
    subject_id = person(store)
    with store.write(NOW) as session:
        subject = session.get_one(Subject, subject_id)
        police = make_source(session, "Utlämnanden", activity="service_cases")
        make_datum(session, subject, "disclosed_to", "Polisen", source=police)
        make_datum(session, subject, "disclosure_secret", "ja", source=police)
        made = extracts.make_for_subject(session, subject_id, today=TODAY, formats=ALL_FORMATS)
        wish = Wish(scope=Scope.PROMISE, formats=ALL_FORMATS)
        made += portability.make_for_subject(session, subject_id, today=TODAY, wish=wish)
        raws = [filing.read(session, row.id) for row in made]
        rows = session.scalars(sa.select(Attachment.id).where(Attachment.kind.like("%rows")))
        raws += [filing.read(session, key) for key in rows]
    for raw in raws:
        text = pdf_text(raw) if raw.startswith(b"%PDF") else raw.decode("utf-8", "replace")
        assert "Polisen" not in text


def test_a_request_is_answered_with_files_in_its_case_and_its_language(store: Store) -> None:
    subject_id = person(store)
    with store.write(NOW) as session:
        subject = session.get_one(Subject, subject_id)
        request = make_request(session, subject=subject, rights=(Right.PORTABILITY,), language="en")
        made = portability.make(session, request.id, today=TODAY, wish=Wish())
        document = json.loads(made_files(session, made)["json"])
    assert [row.name for row in made] == [f"portabilitet_{request.number}_v1.{end}" for end in ("json", "csv")]
    assert {row.request_id for row in made} == {request.id}
    assert (document["language"], document["reference"]) == ("en", request.number)
    ((_action, details),) = audited(store, Action.PORTABILITY_MADE)
    assert (details["scope"], details["formats"], details["version"]) == ("article_20", ["json", "csv"], 1)


def test_no_file_before_it_is_settled_who_asks_and_whom_it_is_about(store: Store) -> None:
    with store.write(NOW) as session:
        subject = make_subject(session, values=CUSTOMER)
        unknown = make_request(session, subject=subject, is_identified=False).id
        nobody = make_request(session).id
    for request_id, what in ((unknown, "Identiteten"), (nobody, "Ingen person")):
        with pytest.raises(UserError, match=what), store.write(NOW) as session:
            portability.make(session, request_id, today=TODAY, wish=Wish())


def test_the_access_scope_is_no_portability(store: Store) -> None:
    subject_id = person(store)
    with pytest.raises(UserError, match="Omfattningen"):
        content(store, subject_id, Scope.ACCESS)
