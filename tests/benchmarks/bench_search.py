"""The one search box among a million people: every key a question, fifty ranked rows the answer.

Run: `python -m tests.benchmarks.bench_search FOLDER [PEOPLE]`, with a folder where the base may stay (a gigabyte and a half each,
with and without a key).  The same questions go to the encrypted base, to the same base without a key, and by hand, in the same
run turn by turn: bare SQL without ranking, certainty or protection, the least a search can do.
"""

import gc
import os
import random
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from app.domain.matching import Certainty
from app.domain.names import fold, words
from app.services import search
from db.queries import search as queries
from db.store import Store
from tests.benchmarks import people
from tests.benchmarks.misspelt import MISTAKES, misspelt
from tests.benchmarks.people import TODAY, Person

ASKED, NEAR, SURE = 120, 10_000, 100_000
Questions = dict[str, list[str]]
Answer = Callable[[str], int]


def questions(some: list[Person]) -> Questions:
    """Return what is typed, key by key, to find these people."""
    asked: Questions = {}

    def add(kind: str, text: str, first: int) -> None:
        asked.setdefault(kind, []).extend(text[:end] for end in range(first, len(text) + 1))

    for one in some:
        first, last = one.name.split(" ")[0], one.name.split(" ")[-1]
        number = one.identity_number
        add("name", f"{first} {last}", 1)
        add("name, last first, no å ä ö", fold(f"{last} {first}"), 2)
        add("identity number", f"{number[2:8]}-{number[8:]}", 3)
        add("e-mail", one.email, 3)
        add("phone", one.phone, 4)
        add("customer number", one.customer_no.lower(), 3)
        add("address", f"{one.street} {one.postcode}", 3)
        add("free text", "leveransen försenad", 4)
    return asked


def exact(some: list[Person]) -> Questions:
    """Return whole identifiers in the forms people write them in."""
    return {
        "identity number, 12": [one.identity_number for one in some],
        "identity number, 10": [f"{one.identity_number[2:8]}-{one.identity_number[8:]}" for one in some],
        "e-mail": [one.email.upper() for one in some],
        "customer number": [one.customer_no for one in some],
    }


@contextmanager
def asking(store: Store) -> Iterator[Answer]:
    """Give the program's own search, each question in a session of its own as the window asks it."""

    def ask(text: str) -> int:
        with store.read(may_be_old=True) as session:
            return len(search.search(session, text, today=TODAY, may_be_old=True))

    yield ask


@contextmanager
def by_hand(store: Store) -> Iterator[Answer]:
    """Give the least that answers: one question to an index, fifty rows, nothing weighed."""
    with store.read() as session, queries.driver(session) as cursor:

        def ask(text: str) -> int:
            found = words(text)
            if not found:
                return 0
            ids = queries.matching(cursor, queries.all_of(*([word] for word in found), begun=queries.ALL), 50)
            ids = ids or queries.with_beginning(cursor, text, ("pnr", "sam", "email", "phone", "customer_no"), 50)
            return len(cursor.execute(f"SELECT * FROM subject WHERE id IN ({','.join(map(str, ids))})").fetchall())  # noqa: S608

        yield ask


def compared(stores: dict[str, Answer], asked: Questions, title: str) -> dict[str, list[float]]:
    """Ask every one the same questions turn by turn, and print how long the answers took."""
    say(title)
    everything: dict[str, list[float]] = {name: [] for name in stores}
    chance, turns = random.Random(3), list(stores)  # noqa: S311 - the same order every time
    for kind, texts in asked.items():
        times: dict[str, list[float]] = {name: [] for name in stores}
        for text in texts:
            chance.shuffle(turns)
            for name in turns:
                started = time.perf_counter()
                stores[name](text)
                times[name].append((time.perf_counter() - started) * 1000)
        for name, spent in times.items():
            everything[name] += spent
        say(f"  {kind:<28} n={len(texts):<5} " + " | ".join(f"{name} {spread(spent)}" for name, spent in times.items()))
    for name, spent in everything.items():
        say(f"  all, {name:<10} n={len(spent):<6} {spread(spent)} ms")
    return everything


def spread(times: list[float]) -> str:
    """Return the middle and the slow end of some times."""
    ordered = sorted(times)
    at = [ordered[min(len(ordered) - 1, int(len(ordered) * part))] for part in (0.5, 0.95, 0.99)]
    return f"p50 {at[0]:6.2f} p95 {at[1]:6.2f} p99 {at[2]:6.2f} max {ordered[-1]:6.1f}"


def near(store: Store, some: list[Person], rounds: int) -> None:
    """Misspell names, and see whether the intended name is among the first ten hits."""
    chance = random.Random(11)  # noqa: S311 - the same slips every time
    found: dict[str, list[bool]] = {kind: [] for kind in MISTAKES}
    whole: dict[str, list[bool]] = {kind: [] for kind in MISTAKES}
    times: list[float] = []
    missed: list[tuple[str, str, str, list[str]]] = []
    kinds = list(MISTAKES)
    number = 0
    while sum(map(len, found.values())) < rounds:
        one, kind = some[number % len(some)], kinds[number % len(kinds)]
        number += 1
        typed = misspelt(one.name, kind, chance)
        if typed is None:
            continue
        with store.read() as session:
            started = time.perf_counter()
            hits = search.search(session, typed, today=TODAY, may_be_old=True)[:10]
            times.append((time.perf_counter() - started) * 1000)
        intended = sorted(words(one.name))
        is_there = any(sorted(words(hit.name)) == intended for hit in hits)
        found[kind].append(is_there or any(hit.subject_id == one.number for hit in hits))
        whole[kind].append(any(hit.subject_id == one.number for hit in hits))
        if not found[kind][-1] and len(missed) < 400:
            missed.append((kind, typed, one.name, [hit.name for hit in hits[:4]]))
    every = [is_there for part in found.values() for is_there in part]
    say(
        f"misspelt names, n={len(every)}: the intended name among the first ten in {sum(every) / len(every):.2%}; {spread(times)} ms"
    )
    for kind, part in found.items():
        same = sum(whole[kind]) / len(part)
        say(f"  {kind:<24} n={len(part):<5} {sum(part) / len(part):7.2%}   the very person among namesakes {same:7.2%}")
    if "MISSED" in os.environ:
        for line in missed[:: max(1, len(missed) // 80)]:
            say(f"    {line}")


def certain(store: Store, some: list[Person], rounds: int) -> None:
    """Look for people by whatever names one person, also mistyped; a sure hit must be that person."""
    chance = random.Random(13)  # noqa: S311 - the same order every time
    wrong = sure = 0
    for number in range(rounds):
        one = some[number % len(some)]
        typed = _telling(one, number, chance)
        with store.read() as session:
            hits = search.search(session, typed, today=TODAY, limit=10, may_be_old=True)
        for hit in hits:
            if hit.certainty is Certainty.SURE:
                sure += 1
                wrong += hit.subject_id != one.number
    say(f"certain hits: {sure} sure in {rounds} look-ups, of them the wrong person {wrong}")


def _telling(one: Person, number: int, chance: random.Random) -> str:
    pnr, place = one.identity_number, chance.randrange(2, 12)
    slip = pnr[:place] + str((int(pnr[place]) + chance.randint(1, 9)) % 10) + pnr[place + 1 :]
    forms = (
        pnr, f"{pnr[:8]}-{pnr[8:]}", f"{pnr[2:8]}-{pnr[8:]}", pnr[2:], slip, slip[2:], one.email, f"{one.name} {one.email}",
        one.phone, f"{one.name} {one.phone}", f"{one.name} {one.customer_no}", one.customer_no, one.name,
        f"{one.name} {one.postcode}", f"{one.name}, {one.street}",
    )  # fmt: skip
    return forms[number % len(forms)]


def while_importing(store: Store, asked: Questions) -> None:
    """Search while another thread writes people in batches into the same base, and takes them away again."""
    is_over, written = threading.Event(), [0]
    writer = threading.Thread(target=_write, args=(store, is_over, written))
    texts = [text for part in asked.values() for text in part]
    random.Random(5).shuffle(texts)  # noqa: S311 - the same order every time
    writer.start()
    times = []
    with asking(store) as ask:
        for text in texts[:2500]:
            started = time.perf_counter()
            ask(text)
            times.append((time.perf_counter() - started) * 1000)
            time.sleep(0.002)
    is_over.set()
    writer.join()
    say(f"while an import writes ({written[0]:,} rows meanwhile), n={len(times)}: {spread(times)} ms")


def _write(store: Store, is_over: threading.Event, written: list[int]) -> None:
    """Import as the program does, in short transactions that nobody sees, until told to stop; then take it out."""
    from app.importers.drafts import RowDraft
    from app.services import import_batch, import_settling, imports
    from app.services.import_rows import Choices, RowWriter
    from db.models import ImportBatch, Source

    made = people.people(200_000, first=1_000_001, seed=9)
    store.hide()
    with store.write(people.NOW, is_bulk=True) as session:
        source = session.get_one(Source, 101)
        batch = import_batch.begin(session, source, is_new_source=False, file_digest="", mapping=[])
        writer = RowWriter(session, source, batch.id, bookkeeping_id=None, choices=Choices(), check=lambda: None)
    while not is_over.is_set():
        some = [next(made) for _number in range(imports.ROWS_AT_A_TIME)]
        rows = [
            RowDraft(one.number, {"name": one.name, "personnummer": one.identity_number, "email": one.email,
                "customer_no": one.customer_no, "street": one.street, "postcode": one.postcode, "city": one.town}, ())
            for one in some
        ]  # fmt: skip
        with store.write(people.NOW, is_bulk=True) as session:
            writer.add(session, rows)
        written[0] += 12 * len(rows)
    with store.write(people.NOW, is_bulk=True) as session:
        import_batch.withdraw(session, session.get_one(ImportBatch, batch.id))
    import_settling.finish(store, now=people.NOW, step=lambda _done, _total: None)


def memory_mb() -> int:
    """Return how much memory this process has."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.partition("VmRSS:")[2].split()[0]) // 1024


def say(text: str) -> None:
    """Print a line at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def ready(folder: Path) -> Store:
    """Open the encrypted base as after the key derivation, and say how long it takes until it can be searched."""
    started = time.perf_counter()
    store = people.open_base(folder)
    with store.read() as session:
        search.search(session, "anna andersson", today=TODAY, may_be_old=True)
    first = time.perf_counter() - started
    with store.read() as session:
        search.vocabulary(session)
    say(
        f"open to the first answer {first * 1000:.0f} ms, the words for near names {(time.perf_counter() - started - first) * 1000:.0f} ms more"
    )
    return store


def main() -> int:
    """Measure and print."""
    folder = Path(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else people.PEOPLE
    parts = sys.argv[3].split(",") if len(sys.argv) > 3 else ["keys", "exact", "near", "sure", "import"]
    people.make(folder, count)
    chance = random.Random(7)  # noqa: S311 - the same people every time
    wanted = set(chance.sample(range(1, count), min(NEAR, count - 1)))
    some = [one for one in people.people(count) if one.number in wanted]
    chance.shuffle(some)
    gc.collect()
    say(f"memory before the base is opened {memory_mb()} MB")
    store = ready(folder)
    asked = questions(some[:ASKED])
    if "keys" in parts:
        plain = people.open_base(folder, is_plain=True)
        with plain.read() as session:
            search.vocabulary(session)
        with asking(store) as ours, asking(plain) as theirs, by_hand(store) as bare:
            say(f"memory with both open {memory_mb()} MB")
            for title in ("every key, first time", "every key, again"):
                times = compared({"keyed": ours, "plain": theirs, "by hand": bare}, asked, title)
                ratio = statistics.median(times["keyed"]) / statistics.median(times["plain"])
                say(f"  encrypted / plain, p50: {ratio:.2f}")
        plain.close()
    if "exact" in parts:
        with asking(store) as ours:
            compared({"keyed": ours}, exact(some[ASKED : 11 * ASKED]), "exact identifier with its row")
    if "near" in parts:
        near(store, some, NEAR if count > 100_000 else 2000)
    if "sure" in parts:
        certain(store, some, SURE if count > 100_000 else 5000)
    if "import" in parts:
        while_importing(store, asked)
    say(f"memory at the end {memory_mb()} MB")
    store.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
