# ruff: noqa: SIM905 - lists of names read better as text
"""A vault's database of a million invented people, the same ones every time, with and without encryption.

Run: `python -m tests.benchmarks.people FOLDER [PEOPLE]`.  Identity numbers have serials 980 to 999, which nobody is given; phone
numbers are those kept for fiction in Sweden and North America; addresses for mail end in `example`.  A built base is found
again in its folder and used as it is.
"""

import datetime as dt
import random
import sys
import time
from collections.abc import Iterator
from itertools import accumulate, chain, islice
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlcipher3 import dbapi2 as sqlcipher

from app.domain.names import fold, sort_key
from app.services import organisation
from db import search_index
from db.engine import PRAGMAS, for_bulk, make_engine
from db.models import Activity, ImportBatch, Source
from db.store import FILE, Store

KEY = bytes(range(32))
NOW = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)
TODAY = NOW.date()
PEOPLE = 1_000_000
PER_PERSON = 4, 5
"""Identifiers and data."""
SURNAMES = """Andersson Johansson Karlsson Nilsson Eriksson Larsson Olsson Persson Svensson Gustafsson Pettersson Jonsson
Jansson Hansson Bengtsson Jönsson Lindberg Jakobsson Magnusson Olofsson Lindström Lindqvist Lindgren Axelsson Berg Bergström
Lundberg Lundgren Lind Lundqvist Mattsson Berglund Fredriksson Sandberg Henriksson Forsberg Sjöberg Wallin Ali Mohamed Engström
Eklund Danielsson Lundin Håkansson Björk Bergman Gunnarsson Holm Wikström Samuelsson Isaksson Fransson Bergqvist Nyström
Holmberg Arvidsson Löfgren Söderberg Nyberg Blomqvist Claesson Nordström Mårtensson Lundström Viklund Björklund Eliasson
Pålsson Berggren Sandström Falk Nordin Åberg Ström Ekström Hermansson Holmgren Hellström Dahlberg Hedlund Sundberg Sjögren
Öberg Ek Martinsson Åkesson Carlsson Christensson Pehrsson Zetterberg""".split()
FORENAMES = """Anna Eva Maria Karin Kristina Lena Kerstin Sara Emma Ingrid Marie Malin Jenny Birgitta Annika Marianne Linda Åsa
Elisabeth Inger Ulla Hanna Susanne Elin Sofia Johanna Monica Helena Camilla Ida Julia Carina Katarina Anneli Ulrika Emelie
Gunilla Linnéa Frida Josefin Agnes Lisa Christina Maja Lars Mikael Anders Johan Erik Per Karl Peter Jan Thomas Daniel Fredrik
Hans Andreas Stefan Bengt Mats Bo Marcus Magnus Mattias Oskar Ulf Nils Jonas Niklas Björn Leif Patrik Robert Christer Martin
Åke Simon Viktor Göran Kjell Emil Henrik Linus Östen Sven Gustav Filip Axel Kenneth Tommy Sophie Carl Zlatan Amina Fatima Yusuf
Noor Leila Omar Ingegerd Märta Torbjörn Sixten Philip Theodor Wilhelm""".split()
HEADS = """Lind Berg Söder Norr Väst Öster Ek Alm Björk Gran Hag Hed Holm Sjö Sand Sten Strand Ström Sund Wall Ny Dahl Fors Fager
Falk Gull Hall Hell Käll Kron Lag Ljung Lund Löv Malm Mår Mör Nord Palm Ros Rud Sahl Silfver Skog Sol Stål Sved Tall Thorn Törn
Ung Vik Wik Zetter Åker Ås Älv Äng Öh Blom Bäck Ceder Edel Elm Frid Grön Gyllen Hjelm Igel Lager Mell""".split()
TAILS = """berg ström gren qvist lund dahl mark man strand holm stedt hag feldt lander ling roth sköld vall ander ell én in ius
bäck borg by fors gård hult löf mar ryd son torp vist åker äng""".split()
SYLLABLES = "ab al am ba bo da de el fa ga ha ib im ja ka ko la lo ma mi na ne od ra ro sa se ta to va ya zu".split()
STREETS = """Storgatan Kyrkogatan Skolgatan Ängsvägen Björkstigen Kvarngränd Hamntorget Åkerbacken Ringvägen Parkgatan Vasagatan
Lindallén Tallvägen Smedjegatan Prästgårdsgatan Järnvägsgatan Solrosvägen Nygatan Drottninggatan Kungsgatan""".split()
TOWNS = """Uppsala Växjö Örebro Malmö Umeå Gävle Borås Östersund Kalmar Åkersberga Stockholm Göteborg Linköping Västerås Helsingborg
Jönköping Norrköping Lund Halmstad Karlstad Sundsvall Luleå Falun Skövde""".split()
WRITTEN = "Kunden skriver att leveransen av varan blev försenad och vill ha besked om fakturan från butiken".split()
NORTH_AMERICA = [code for code in range(201, 990) if code % 100 not in (11, 0)]
BORN, LAST_BORN = dt.date(1915, 1, 1), dt.date(2012, 12, 31)
_INDEXES = ("ix_identifier_norm_kind_subject_id", "ix_identifier_subject_id")


class PlainStore(Store):
    """The same store without a key: what encryption costs is the difference."""

    def __init__(self, path: Path, key: bytes, *, user: str) -> None:
        super().__init__(path, key, user=user)
        self._engine = make_engine(lambda: _plain(path))
        self._writer = self._engine.execution_options(sqlite_begin="IMMEDIATE")
        self._bulk = make_engine(lambda: for_bulk(_plain(path))).execution_options(sqlite_begin="IMMEDIATE")


def open_base(folder: Path, *, is_plain: bool = False) -> Store:
    """Return the built base."""
    kind = PlainStore if is_plain else Store
    return kind.open(folder / ("plain" if is_plain else "keyed"), KEY, user="")


def make(folder: Path, count: int = PEOPLE) -> None:
    """Build the base in a folder, unless it is there already."""
    done = folder / f"{count}.done"
    if done.exists():
        return
    for name in ("keyed", "plain"):
        (folder / name).mkdir(parents=True, exist_ok=True)
        for file in (folder / name).iterdir():
            file.unlink()
    store = Store.create(folder / "keyed", KEY, user="")
    with store.write(NOW) as session:
        organisation.apply_profile(session, "itrace", name="Provbolaget")
        activity = session.scalars(sa.select(Activity.id).order_by(Activity.id)).first() or 0
        for number in range(1, 7):
            session.add(
                Source(id=100 + number, code=f"bench-{number}", name=f"Register {number}", activity_id=activity)
            )
        session.flush()
        batch = {"file_digest": "", "mapping": [], "imported": 0, "updated": 0, "unchanged": 0, "rejected": 0}
        session.add(ImportBatch(id=1, source_id=101, imported_at=NOW, imported_by="", **batch))
    connection = store._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA cache_size = -400000")
    driver.execute("BEGIN IMMEDIATE")
    _fill(driver, count, activity)
    driver.execute("COMMIT")
    connection.close()
    with store._writer.begin() as writing:
        search_index.refresh(writing)
        writing.exec_driver_sql("INSERT INTO subject_fts(subject_fts) VALUES ('optimize')")
    with store._engine.connect() as reading:
        _copy_plain(reading.connection.driver_connection, folder / "plain" / FILE)
    store.close()
    done.touch()


def _fill(driver: Any, count: int, activity: int) -> None:
    indexes = [
        driver.execute("SELECT sql FROM sqlite_master WHERE name = ?", (name,)).fetchone()[0] for name in _INDEXES
    ]
    for name in _INDEXES:
        driver.execute(f"DROP INDEX {name}")
    made = people(count)
    while part := list(islice(made, 20_000)):
        driver.executemany(
            """INSERT INTO subject (id, uid, display_name, sort_key, relation_start_on, protection, is_deceased, created_at)
               VALUES (?, ?, ?, ?, '2016-04-01', ?, 0, '2026-01-01')""",
            [one.subject for one in part],
        )
        driver.executemany(
            "INSERT INTO identifier (subject_id, source_id, kind, norm) VALUES (?, ?, ?, ?)",
            list(chain.from_iterable(one.identifiers for one in part)),
        )
        driver.executemany(
            f"""INSERT INTO datum (subject_id, source_id, batch_id, activity_id, line, category, field, value, since_on)
               VALUES (?, ?, 1, {activity}, 1, 'customer', ?, ?, '2016-04-01')""",  # noqa: S608 - our own number
            list(chain.from_iterable(one.data for one in part)),
        )
    for sql in indexes:
        driver.execute(sql)


class Person:
    """One invented person.

    Args:
        number: The id.
        name: The whole name.
        chance: Settles the rest.
    """

    def __init__(self, number: int, name: str, chance: random.Random) -> None:
        self.number, self.name = number, name
        source = 101 + number % 6
        self.identity_number = _identity_number(number)
        first, last = name.split(" ", 1)
        mail = f"{first}.{last.split()[-1]}{number}@{'abcdefgh'[number % 8]}.example"
        self.email = fold(mail.replace("-", "."))
        code, ending = NORTH_AMERICA[number % len(NORTH_AMERICA)], 100 + number // 7 % 100
        self.phone = f"+467017406{5 + number % 95:02d}" if number % 50 == 0 else f"+1{code}5550{ending}"
        self.customer_no = f"K-{number:07d}"
        self.street = f"{chance.choice(STREETS)} {chance.randrange(1, 140)}"
        self.postcode = f"{chance.randrange(100, 985)} {chance.randrange(10, 99)}"
        self.town = chance.choice(TOWNS)
        self.is_protected = number % 500 == 0
        text = " ".join(chance.sample(WRITTEN, 8)) if number % 20 == 0 else "Ja"
        field = "correspondence" if number % 20 == 0 else "newsletter_consent"
        protection = "confidential" if self.is_protected else "none"
        self.subject = (number, f"{number:032x}", name, sort_key(name), protection)
        kind = "sam" if int(self.identity_number[6:8]) > 31 else "pnr"
        marks = (
            (kind, self.identity_number),
            ("email", self.email),
            ("phone", self.phone),
            ("customer_no", self.customer_no),
        )
        self.identifiers = [(number, source, *mark) for mark in marks]
        held = (
            ("name", name),
            ("street", self.street),
            ("postcode", self.postcode),
            ("city", self.town),
            (field, text),
        )
        self.data = [(number, source, *one) for one in held]


def people(count: int, *, first: int = 1, seed: int = 2018) -> Iterator[Person]:
    """Return invented people: common names for most, rare ones for many, some double."""
    chance = random.Random(seed)  # noqa: S311 - the same people every time
    surnames, forenames = _surnames(chance), [*FORENAMES, *_made_up(chance, 6_000)]
    of_surname = list(accumulate([1000 / (4 + place) ** 0.9 for place in range(len(surnames))]))
    of_forename = list(accumulate([100 / (8 + place) ** 0.75 for place in range(len(FORENAMES))] + [0.02] * 6_000))
    for start in range(0, count, 10_000):
        some = min(10_000, count - start)
        last = chance.choices(surnames, cum_weights=of_surname, k=2 * some)
        forename = chance.choices(forenames, cum_weights=of_forename, k=2 * some)
        for place in range(some):
            double, married = chance.random(), chance.random()
            name = forename[place]
            name += (
                f" {forename[some + place]}" if double < 0.25 else f"-{forename[some + place]}" if double < 0.31 else ""
            )
            name += f" {last[place]}" + (f"-{last[some + place]}" if married < 0.06 else "")
            yield Person(first + start + place, name, chance)


def _surnames(chance: random.Random) -> list[str]:
    built = [head + tail for head in HEADS for tail in TAILS if head[-1] != tail[0]]
    chance.shuffle(built)
    return list(dict.fromkeys([*SURNAMES, *built, *_made_up(chance, 38_000)]))


def _made_up(chance: random.Random, count: int) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < count:
        found["".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))).capitalize()] = None
    return list(found)


def _identity_number(number: int) -> str:
    """Return a number of one's own: its serial is nobody's, and every other one is a coordination number."""
    days = (LAST_BORN - BORN).days
    slot = number * 7_368_787 % (days * 40)
    born = BORN + dt.timedelta(days=slot // 40)
    short = f"{born:%y%m}{born.day + 60 * (slot % 2):02d}{980 + slot // 2 % 20}"
    total = sum(sum(divmod(int(digit) * (2 - place % 2), 10)) for place, digit in enumerate(short))
    return f"{born:%Y}{short[2:]}{-total % 10}"


def _copy_plain(driver: Any, path: Path) -> None:
    driver.execute("ATTACH DATABASE ? AS plain KEY ''", (str(path),))
    driver.execute("SELECT sqlcipher_export('plain')").fetchone()
    driver.execute("DETACH DATABASE plain")


def _plain(path: Path) -> Any:
    connection = sqlcipher.connect(str(path), isolation_level=None, check_same_thread=False)
    for pragma in PRAGMAS:
        connection.execute("PRAGMA " + pragma)
    return connection


def main() -> int:
    """Build the base."""
    count = int(sys.argv[2]) if len(sys.argv) > 2 else PEOPLE
    started = time.perf_counter()
    make(Path(sys.argv[1]), count)
    sys.stdout.write(f"{count:,} people in {time.perf_counter() - started:.0f} s\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
