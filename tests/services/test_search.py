"""The one search box, on a real encrypted vault."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.matching import Certainty
from app.domain.subjects import Protection
from app.services import corrections, filing, letters, merging, same_people, search
from app.services.search import Hit
from db.models import Datum, SearchPerson, SearchStale, Subject
from db.store import Store
from tests.factories import NOW, TODAY, make_datum, make_request, make_source, make_subject

NUMBER = "196408233234"


def found(store: Store, text: str) -> list[Hit]:
    with store.read() as session:
        return search.search(session, text, today=TODAY)


def names(store: Store, text: str) -> list[str]:
    return [hit.name for hit in found(store, text)]


@pytest.fixture
def crowd(store: Store) -> Store:
    """People with names that are easily mistaken for each other's, and one with a free text and an address."""
    with store.write(NOW) as session:
        for name in (
            "Stefan Karlsson",
            "Stefania Carlsson",
            "Karl Stefansson",
            "Anna-Lena Wallin",
            "Maria Lindqvist Berg",
        ):
            make_subject(session, name)
        values = {"street": "Kvarngatan 12", "postcode": "753 20", "city": "Knivsta"}
        lives = make_subject(session, "Per Åkerström", values=values)
        make_datum(session, lives, "correspondence", "Ringde om den trasiga värmepumpen")
    return store


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("Stephan Carlson", "Stefan Karlsson"),
        ("Karlsson Stefan", "Stefan Karlsson"),
        ("stefna karlsson", "Stefan Karlsson"),
        ("Stefan Karllson", "Stefan Karlsson"),
        ("Ana Lena Vallin", "Anna-Lena Wallin"),
        ("Annalena Wallin", "Anna-Lena Wallin"),
        ("Maria Lindkvist", "Maria Lindqvist Berg"),
        ("Maria Berg", "Maria Lindqvist Berg"),
        ("Akerstrom Per", "Per Åkerström"),
        ("Åkerstöm", "Per Åkerström"),
        ("kerström", "Per Åkerström"),
        ("kvarngatan", "Per Åkerström"),
        ("75320", "Per Åkerström"),
        ("753 20", "Per Åkerström"),
        ("Per Knivsta", "Per Åkerström"),
        ("värmepumpen", "Per Åkerström"),
    ],
)
def test_the_person_meant_comes_first(crowd: Store, text: str, who: str) -> None:
    assert names(crowd, text)[0] == who


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("Lena Sanderg", "Lena Sandberg"),  # nobody with a name more comes before
        ("Aexl Nilsson", "Axel Nilsson"),  # x sounds as two letters
        ("Mara Lagerstrand", "Maja Lagerstrand"),  # many names have "mara" in them
        ("Wilhelm Ingrid Perlson", "Wilhelm Ingrid Persson"),  # a slip is likelier than a word for nothing
        ("Siv Zimmermansson", "Siv Cimmermanson"),  # two slips in a long word
    ],
)
def test_among_many_alike_the_nearest_comes_first(store: Store, text: str, who: str) -> None:
    others = [f"{first} Lena Sandberg" for first in ("Anna", "Bodil", "Cia", "Elin", "Eva", "Frida", "Gun", "Hanna")]
    others += [f"Mara{end} Lagerfelt" for end in "bcdefghijklmnopqrst"] + [f"Ingrid Wilhelm {name}" for name in "ABC"]
    with store.write(NOW) as session:
        for name in (
            *others,
            "Lena Sandberg",
            "Axel Nilsson",
            "Maja Lagerstrand",
            "Wilhelm Ingrid Persson",
            "Siv Cimmermanson",
        ):
            make_subject(session, name)
    assert names(store, text)[0] == who


def test_what_nobody_is_near_finds_nobody(crowd: Store) -> None:
    assert names(crowd, "Zebulon Quist") == []


def test_a_near_name_says_so_and_is_only_possible(crowd: Store) -> None:
    hit = found(crowd, "Stephan Carlson")[0]
    assert (hit.certainty, hit.why) == (Certainty.POSSIBLE, "ett liknande namn")


def test_an_address_or_a_text_says_so(crowd: Store) -> None:
    hit = found(crowd, "kvarngatan")[0]
    assert (hit.certainty, hit.why) == (Certainty.POSSIBLE, "adressen eller en text")


def test_a_beginning_says_so(store: Store) -> None:
    with store.write(NOW) as session:
        make_subject(session, "Bo Alm", values={"email": "bo.alm@example.com", "personnummer": NUMBER})
    assert found(store, "640823")[0].why == "numret eller adressen börjar så"
    assert found(store, "bo.alm@ex")[0].why == "numret eller adressen börjar så"
    assert found(store, "640823-3234")[0].certainty is Certainty.SURE


def test_a_letter_and_a_message_lead_to_the_person(store: Store) -> None:
    with store.write(NOW) as session:
        person = make_subject(session, "Bo Alm")
        request = make_request(session, subject=person)
        request.message = "Varför har ni min gamla bostadsrätt kvar?"
        number = request.number
        stored = filing.store(
            session,
            b"%PDF",
            kind="message",
            name="x.pdf",
            media_type="application/pdf",
            place=filing.Place(request_id=request.id),
        )
        filing.make_findable(session, stored, "Vi har raderat uppgiften om lägenheten")
    for text in ("bostadsrätt", "bostadsratt", "lägenheten"):
        assert [(hit.name, hit.why) for hit in found(store, text)] == [("Bo Alm", f"texten i {number}")]
    with store.write(NOW) as session:
        session.delete(session.get_one(type(stored), stored.id))
    assert found(store, "lägenheten") == [], "the words went with the letter"


def test_a_letter_that_is_made_is_found_by_its_words(store: Store) -> None:
    with store.write(NOW) as session:
        person = make_subject(
            session, "Bo Alm", values={"street": "Storgatan 1", "postcode": "752 31", "city": "Uppsala"}
        )
        request = make_request(session, subject=person)
        ready = letters.draft(session, request.id, "acknowledgement", today=TODAY)
        letters.make(session, request.id, ready, today=TODAY)
        word = max((word for word in " ".join(ready.paragraphs).split() if word.isalpha()), key=len)
    assert names(store, word) == ["Bo Alm"]


def test_a_protected_person_is_not_found_by_where_they_live_nor_by_papers(store: Store) -> None:
    with store.write(NOW) as session:
        person = make_subject(
            session,
            "Cia Ek",
            protection=Protection.CONFIDENTIAL,
            values={"street": "Hemvägen 3", "email": "cia@example.com"},
        )
        request = make_request(session, subject=person)
        request.message = "Jag bor numera i Kvikkjokk"
    assert names(store, "hemvägen") == []
    assert names(store, "kvikkjokk") == []
    assert names(store, "cia@ex") == []
    hit = found(store, "cia@example.com")[0]
    assert (hit.name, hit.hint, hit.is_protected) == ("Cia Ek", "", True)
    with store.write(NOW) as session:
        session.get_one(Subject, person.id).protection = Protection.NONE
    assert names(store, "hemvägen") == ["Cia Ek"], "the index follows the protection"


def test_markup_and_search_signs_are_text(store: Store) -> None:
    with store.write(NOW) as session:
        make_subject(session, '<b>x</b> "OR" Alm*')
    assert names(store, '<b>x</b> "OR"') == ['<b>x</b> "OR" Alm*']
    for text in ('"', "*", "NEAR(", "a AND", "^", "alm:", "'; DROP TABLE subject", "\u202e", "x" * 40_000):
        found(store, text)


def test_a_name_that_changes_or_goes_is_found_no_more(store: Store) -> None:
    with store.write(NOW) as session:
        person = make_subject(session, "Bo Alm")
        datum = session.scalars(sa.select(Datum).where(Datum.field == "name")).one()
    with store.write(NOW) as session:
        corrections.correct(session, corrections.Change(datum_id=datum.id, value="Bo Ek", reason="Gift"), today=TODAY)
    assert names(store, "bo ek") == ["Bo Ek"]
    assert names(store, "alm") == []
    with store.write(NOW) as session:
        session.delete(session.get_one(Subject, person.id))
    assert names(store, "bo ek") == []
    with store.read() as session:
        assert session.scalars(sa.select(SearchPerson)).all() == []
        assert session.scalars(sa.select(SearchStale)).all() == []


def test_one_who_writes_finds_what_is_written_so_far(store: Store) -> None:
    with store.write(NOW) as session:
        make_subject(session, "Bo Alm")
        assert [hit.name for hit in search.search(session, "alm", today=TODAY)] == ["Bo Alm"]


SPELLINGS = {
    "Kundregister": ("Christina Öberg-Dahl", {"customer_no": "K-2001", "personnummer": NUMBER}),
    "Webbutik": ("Kristina Oberg", {"email": "kristina.gammal@example.com"}),
    "Nyhetsbrev": ("Chr. Öberg", {"email": "kristina.gammal@example.com"}),
    "Service": ("Kristina Dahl", {"phone": "+46701740605"}),
    "Fakturor": ("Christina Öberg-Dahl", {"personnummer": NUMBER, "phone": "+46701740605"}),
    "Bilagor": ("Kristina Oberg", {"phone": "+46701740605"}),
}


def spread(session: Session) -> dict[str, int]:
    """One person in six registers, under four spellings and an old address, in four records."""
    records: dict[str, Subject] = {}
    for register, (name, values) in SPELLINGS.items():
        source = make_source(session, register)
        person = records.setdefault(name, make_subject(session, name) if name not in records else records[name])
        for field, value in values.items():
            make_datum(session, person, field, value, source=source)
    return {name: person.id for name, person in records.items()}


def test_one_person_in_six_registers_under_four_spellings_is_found_whole(store: Store) -> None:
    with store.write(NOW) as session:
        make_subject(session, "Kristian Öberg")
        records = spread(session)
    assert len(records) == 4
    for text in ("kristina oberg", "640823-3234", "kristina.gammal@example.com", "0701740605"):
        assert {hit.subject_id for hit in found(store, text)} & set(records.values())
    with store.read() as session:
        suggested = same_people.suggestions(session)
    pairs = {frozenset((one.one.subject_id, one.other.subject_id)) for one in suggested}
    joined = set().union(*pairs)
    assert joined == set(records.values()), "every record is suggested as the same person as another"
    with store.write(NOW) as session:
        whole = merging.merge(session, list(records.values()), reason="Samma nummer, telefon och adress").id
    texts = [
        "640823-3234",
        "kristina.gammal@example.com",
        "070-174 06 05",
        "K-2001",
        "christina dahl",
        "Kristina Oberg",
    ]
    for text in [*texts, "Chr. Öberg", "Dahl Kristina", "Christna Öberg"]:
        hits = [hit for hit in found(store, text) if hit.subject_id in {whole, *records.values()}]
        assert [hit.subject_id for hit in hits] == [whole], text
        assert set(hits[0].sources) == set(SPELLINGS)


def test_taken_apart_each_is_found_by_what_is_its_own(store: Store) -> None:
    with store.write(NOW) as session:
        records = spread(session)
        whole = merging.merge(session, list(records.values()), reason="Samma").id
    with store.write(NOW) as session:
        merging.take_apart(session, whole)
    hits = found(store, "K-2001")
    assert [hit.subject_id for hit in hits] == [records["Christina Öberg-Dahl"]]
    assert {hit.subject_id for hit in found(store, "kristina dahl")} >= {records["Kristina Dahl"]}
