"""An erasure to its end: keys, journal, the search for traces, the receipt that says so, and every older backup."""

import datetime as dt
from contextlib import suppress
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.domain.audit import Action
from app.domain.errors import UserError
from app.security import files, journal
from app.security.subject_keys import SubjectKeys
from app.services import (
    certificates,
    erasure,
    filing,
    organisation,
    self_scan,
)
from app.services.vaults import Vault, open_vault
from db.models import Attachment, Datum, RetentionRun, Subject
from db.store import Store
from tests.crash import residue
from tests.factories import CUSTOMER, NOW, TODAY, make_datum, make_request, make_subject
from tests.services.conftest import audited, everything, pdf_text

PASSPHRASE = "fem ord som ingen gissar"
LETTER = "Brev från Åsa Öberg, asa@example.com"


def nothing(_done: int, _total: int) -> None:
    """Go on."""


def person(store: Store, name: str = "Åsa Öberg", values: dict[str, str] | None = None) -> int:
    """Return a person with values, a letter and a row in the trail."""
    with store.write(NOW) as session:
        subject = make_subject(session, name, values=CUSTOMER if values is None else values)
        filing.store(
            session, LETTER.encode(), kind="mail", name="brev.eml", media_type="message/rfc822",
            place=filing.Place(subject_id=subject.id),
        )  # fmt: skip
        return subject.id


def erase(vault: Vault, subject_id: int) -> Attachment:
    """Erase a person to the end; return the receipt."""
    with vault.store.write(NOW) as session:
        done = erasure.erase_subject(session, subject_id, ground="G2", reason="Begäran om radering", today=TODAY)
    return certificates.complete(vault, done.pending, now=NOW, step=nothing)


def uid_of(store: Store, subject_id: int) -> str:
    with store.read() as session:
        return session.get_one(Subject, subject_id).uid


def receipt_text(store: Store, receipt: Attachment) -> str:
    with store.read() as session:
        return pdf_text(filing.read(session, receipt.id))


class TestTheReceipt:
    def test_it_says_that_nothing_is_left_and_how_that_is_known(self, vault: Vault) -> None:
        text = receipt_text(vault.store, erase(vault, person(vault.store)))

        assert "rad 1 i journalen" in text
        assert "Inget spår finns kvar" in text
        assert "8 raderade uppgifter söktes" in text or "raderade uppgifter söktes" in text
        assert [secret for secret in CUSTOMER.values() if secret in text] == []
        _action, told = audited(vault.store, Action.ERASURE_PROVEN)[-1]
        assert told["traces"] == 0
        assert told["looked_for"] >= 5

    def test_it_is_the_second_version_and_the_first_stays(self, vault: Vault) -> None:
        receipt = erase(vault, person(vault.store))

        assert receipt.version == 2
        with vault.store.read() as session:
            kept = session.scalars(sa.select(Attachment.version).where(Attachment.kind == "receipt")).all()
        assert sorted(kept) == [1, 2]

    def test_a_trace_is_found_and_the_file_written_anew(self, vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
        subject_id = person(vault.store)
        with vault.store.write(NOW) as session:
            done = erasure.erase_subject(session, subject_id, ground="G2", reason="Begäran", today=TODAY)
        leave_a_trace(vault.store, "asa@example.com")
        found = self_scan.scan(vault.store, ["asa@example.com"], step=nothing)
        assert found.traces == 1, "the control: the search finds what is there"

        text = receipt_text(vault.store, certificates.complete(vault, done.pending, now=NOW, step=nothing))
        assert "Inget spår finns kvar" in text

    def test_what_a_kept_case_tells_is_said_and_is_no_trace(self, vault: Vault) -> None:
        subject_id = person(vault.store)
        with vault.store.write(NOW) as session:
            make_request(session)  # the requester's own e-mail: kept with the case
        text = receipt_text(vault.store, erase(vault, subject_id))

        assert "1 av dem står i ärenden" in text or "2 av dem står i ärenden" in text
        assert "Inget spår finns kvar" in text

    def test_what_somebody_else_has_too_is_not_looked_for(self, vault: Vault) -> None:
        person(vault.store, "Bo Älm", {"street": CUSTOMER["street"]})
        subject_id = person(vault.store)
        found = self_scan.scan(vault.store, [CUSTOMER["street"]], step=nothing)

        assert (found.looked_for, found.left_out) == (0, 1)
        assert "söktes inte" in receipt_text(vault.store, erase(vault, subject_id))

    def test_copies_kept_aside_go(self, vault: Vault) -> None:
        aside = vault.folder / "aside" / "behind-3-1"
        aside.mkdir(parents=True)
        (aside / "data.db").write_bytes(b"an old database")

        text = receipt_text(vault.store, erase(vault, person(vault.store)))
        assert not aside.exists()
        assert "1 undanlagd kopia" in text

    def test_a_folder_of_backups_that_is_away_is_told(self, vault: Vault, tmp_path: Path) -> None:
        with vault.store.write(NOW) as session:
            organisation.change_fact(session, organisation.PROTECTION, {"backup_folder": str(tmp_path / "borta")})

        assert "gick inte att nå" in receipt_text(vault.store, erase(vault, person(vault.store)))


def leave_a_trace(store: Store, text: str) -> None:
    """Write something into a page and delete it carelessly."""
    with store._engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA secure_delete = OFF")
        connection.exec_driver_sql(f"INSERT INTO setting (key, value) VALUES ('x', '[\"{text * 600}\"]')")  # noqa: S608
        connection.exec_driver_sql("DELETE FROM setting WHERE key = 'x'")
        connection.commit()


class TestKeysAndJournal:
    def test_the_keys_of_person_and_letter_are_destroyed(self, vault: Vault) -> None:
        subject_id = person(vault.store)
        other = person(vault.store, "Bo Älm", {"email": "bo@example.com"})
        gone, stays = uid_of(vault.store, subject_id), uid_of(vault.store, other)
        before = set(vault.keeper.subject_keys.owners())
        assert {gone, stays} <= before
        erase(vault, subject_id)

        after = set(vault.keeper.subject_keys.owners())
        assert gone not in after
        assert stays in after
        assert len(before - after) == 2

    def test_the_journal_says_what_went_without_saying_who(self, vault: Vault) -> None:
        subject_id = person(vault.store)
        uid = uid_of(vault.store, subject_id)
        erase(vault, subject_id)
        (entry,) = vault.keeper.journal.entries()

        assert entry.state == "done"
        assert entry.what.whole == (uid,)
        assert (entry.what.run, entry.what.ground) == ("G-2026-001", "G2")
        text = (vault.folder / journal.NAME).read_text(encoding="utf-8")
        assert [secret for secret in (*CUSTOMER.values(), "Öberg") if secret in text] == []

    def test_single_values_stand_there_by_number(self, vault: Vault) -> None:
        with vault.store.write(NOW) as session:
            subject = make_subject(session, values=CUSTOMER)
            make_datum(session, subject, "invoice_no", "F-100", fy_end_on=dt.date(2024, 12, 31))
            email = session.scalars(sa.select(Datum.id).where(Datum.field == "email")).one()
        erase(vault, subject.id)
        (entry,) = vault.keeper.journal.entries()

        assert entry.what.whole == ()
        assert email in entry.what.values[subject.uid]

    @pytest.mark.parametrize("when", ["before the commit", "after it"])
    def test_after_a_crash_the_next_opening_settles_it(self, vault: Vault, when: str) -> None:
        subject_id = person(vault.store)
        person(vault.store, "Bo Älm", {"email": "bo@example.com"})
        uid = uid_of(vault.store, subject_id)
        kept = vault.keeper.after_commit
        vault.keeper.after_commit = lambda told: None  # type: ignore[method-assign]
        with suppress(RuntimeError), vault.store.write(NOW) as session:
            erasure.erase_subject(session, subject_id, ground="G2", reason="Begäran", today=TODAY)
            if when == "before the commit":
                vault.keeper.before_commit(session)
                raise RuntimeError
        vault.keeper.after_commit = kept  # type: ignore[method-assign]
        assert uid in vault.keeper.subject_keys.owners(), "the crash came before the keys were destroyed"
        vault.abandon()

        opened = open_vault(vault.folder, passphrase=PASSPHRASE, now=NOW)
        try:
            (entry,) = opened.keeper.journal.entries()
            is_gone = when == "after it"
            assert entry.state == ("done" if is_gone else "void")
            assert (uid in opened.keeper.subject_keys.owners()) is not is_gone
            with opened.store.read() as session:
                assert (session.scalar(sa.select(Subject.id).where(Subject.uid == uid)) is None) is is_gone
        finally:
            opened.abandon()

    @pytest.mark.parametrize("call", ["intend", "settle", "destroy"])
    def test_when_the_disk_refuses_nothing_is_half_done(
        self, vault: Vault, call: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        subject_id = person(vault.store)
        uid = uid_of(vault.store, subject_id)

        def refuse(*_given: object, **_named: object) -> None:
            raise files.disk_error(OSError(28, "full"))

        owner = SubjectKeys if call == "destroy" else journal.Journal
        with monkeypatch.context() as patched:
            patched.setattr(owner, call, refuse)
            with pytest.raises(UserError) as caught, vault.store.write(NOW) as session:
                erasure.erase_subject(session, subject_id, ground="G2", reason="Begäran", today=TODAY)
        with vault.store.read() as session:
            is_gone = session.scalar(sa.select(Subject.id).where(Subject.uid == uid)) is None
        assert is_gone is (call != "intend")
        assert caught.value.stands
        vault.abandon()
        opened = open_vault(vault.folder, passphrase=PASSPHRASE, now=NOW)
        assert opened.keeper.journal.unfinished() == []
        assert (uid in opened.keeper.subject_keys.owners()) is not is_gone
        opened.abandon()


class TestNothingIsLeft:
    PEOPLE = 12

    def test_no_file_of_the_vault_holds_anything_in_any_spelling(self, vault: Vault) -> None:
        residue.erase(vault, residue.make(vault, self.PEOPLE))
        in_pages, in_files, spellings = residue.traces(vault, self.PEOPLE)
        assert (in_pages, in_files) == (0, [])
        assert spellings > 5 * 13 * self.PEOPLE
        assert "Älm" in everything(vault.store)

    def test_the_control_finds_them_when_nobody_takes_care(self, vault: Vault) -> None:
        residue.make(vault, self.PEOPLE)
        residue.delete_carelessly(vault)
        assert residue.traces(vault, self.PEOPLE)[0] > 6 * self.PEOPLE


def test_the_number_of_the_journals_line_stands_in_the_decision(vault: Vault) -> None:
    erase(vault, person(vault.store))
    with vault.store.read() as session:
        run = session.scalars(sa.select(RetentionRun)).one()
    assert run.journal_no == 1
