"""Erase many people of twelve kinds of values each, and look for every value in every file of the vault, in many spellings.

Run it in full: `python -m tests.crash.residue` (200 people, some minutes).  With `--control` the same people are deleted carelessly, and
must be found.
"""

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from app.security.kdf import KdfCost
from app.services import certificates, erasure, filing, founding, self_scan
from app.services.vaults import Vault
from tests.factories import NOW, TODAY, make_subject

PEOPLE = 200
PASSPHRASE = "fem ord som ingen gissar"
FICTION = ("+467017406{:02d}", "+463139006{:02d}", "+468465004{:02d}")
"""Phone numbers that belong to nobody, a hundred of each; the first has none below 05."""


def phone(number: int) -> str:
    """Return a number that belongs to nobody, and no other person gets."""
    form, last = divmod(number + 5, 100)
    return FICTION[form].format(last)


def kinds(number: int) -> dict[str, str]:
    """Return twelve kinds of values that nobody else has."""
    return {
        "email": f"anna.{number}@raderad.example", "mobile": phone(number), "street": f"Glömskevägen {number}a",
        "customer_no": f"RADERAD-{number}", "city": f"Glömby{number}", "other_address": f"Poste restante {number} Glömsk",
        "co_address": f"c/o Bortglömd {number}", "service_case": f"Serviceärende Glömt {number}", "email_2": f"annan.{number}@glomd.example",
        "segment": f"Segment Glömd {number}", "reference_comment": f"Kommentar åäö {number} om någon", "first_name": f"Annabella{number}",
    }  # fmt: skip


def names(people: int) -> list[str]:
    """Return the last names, which stand in no value."""
    return [f"Glömskson{number}" for number in range(people)]


def make(vault: Vault, people: int) -> list[int]:
    """Put people with values and a letter each into a vault, and one who stays; return who is to go."""
    ids = []
    for number in range(people):
        with vault.store.write(NOW) as session:
            subject = make_subject(session, f"Annabella{number} {names(people)[number]}", values=kinds(number))
            letter = f"Brev från Annabella{number}, {kinds(number)['email']}".encode()
            where = filing.Place(subject_id=subject.id)
            filing.store(session, letter, kind="mail", name="brev.eml", media_type="message/rfc822", place=where)
            ids.append(subject.id)
    with vault.store.write(NOW) as session:
        make_subject(session, "Bo Älm", values={"email": "bo@example.com"})
    return ids


def erase(vault: Vault, subject_ids: Sequence[int]) -> None:
    """Erase people one by one, each to the end."""
    for subject_id in subject_ids:
        with vault.store.write(NOW) as session:
            done = erasure.erase_subject(session, subject_id, ground="G2", reason="Begäran om radering", today=TODAY)
        certificates.complete(vault, done.pending, now=NOW, step=nothing)


def delete_carelessly(vault: Vault) -> None:
    """Delete all values as a program would that knows nothing of traces."""
    with vault.store._engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA secure_delete = OFF")
        connection.exec_driver_sql("DELETE FROM datum")
        connection.commit()


def traces(vault: Vault, people: int) -> tuple[int, list[str], int]:
    """Return how many values stand in the database's pages, which other files hold any, and how many spellings were looked for."""
    gone = [value for number in range(people) for value in kinds(number).values()] + names(people)
    wanted = {spelling: number for number, value in enumerate(gone) for spelling in self_scan.spellings(value)}
    in_pages = vault.store.stand_in_pages(wanted, step=nothing)
    others = [path for path in vault.folder.rglob("*") if path.is_file() and path.name != "data.db"]
    return len(in_pages), [path.name for path in others if _holds_any(path.read_bytes(), wanted)], len(wanted)


def _holds_any(raw: bytes, wanted: dict[bytes, int]) -> bool:
    return any(one in raw for one in wanted)


def nothing(_done: int, _total: int) -> None:
    """Go on."""


def main(arguments: list[str]) -> int:
    """Erase, look, print; 1 when something is left, or when the control finds nothing."""
    is_control = "--control" in arguments
    with tempfile.TemporaryDirectory() as place:
        facts = founding.NewVault(passphrase=PASSPHRASE, cost=KdfCost(memory_kib=46 << 10, rounds=1, lanes=1))
        vault, _key = founding.create(Path(place) / "Prov.ombud", facts, now=NOW)
        ids = make(vault, PEOPLE)
        if is_control:
            delete_carelessly(vault)
        else:
            erase(vault, ids)
        in_pages, in_files, spellings = traces(vault, PEOPLE)
        vault.close(NOW)
    done = "deleted carelessly" if is_control else "erased"
    sys.stdout.write(
        f"{PEOPLE} people of {len(kinds(0))} kinds {done}: {in_pages} values in pages, {len(in_files)} other files with any, "
        f"{spellings} spellings looked for\n"
    )
    return int((in_pages == 0) is is_control or bool(in_files))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
