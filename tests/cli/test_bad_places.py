"""Commands that are to write where nothing can be written: a read-only folder, a read-only disk, a full disk."""

import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from app.domain.errors import UserError
from app.services import founding, vaults
from tests.cli.conftest import NOW, PASSPHRASE, Ran, Run
from tests.places import contents, empty, fill, locked, read_only, small_disk

ASA = "Kundnr;Namn;E-post\nK1;Åsa Öberg;asa@example.com\n"
WRONG = "K2;Bo Älm;ingen adress\n"


class Place:
    """A folder that can be made unwritable for a while."""

    def __init__(self, folder: Path, kind: str) -> None:
        self.folder, self._kind = folder, kind

    def closed(self, at: Path | None = None) -> AbstractContextManager[None]:
        """Let nothing be written in the folder, or in the folder `at` within it."""
        if self._kind == "folder":
            return locked(at or self.folder)
        return read_only(self.folder) if self._kind == "disk" else _full(self.folder)


@contextmanager
def _full(disk: Path) -> Iterator[None]:
    fill(disk)
    try:
        yield
    finally:
        empty(disk)


@pytest.fixture(params=["folder", "disk", "full"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    if request.param == "folder":
        (tmp_path / "plats").mkdir()
        yield Place(tmp_path / "plats", "folder")
        return
    with small_disk(tmp_path / "plats", 16) as disk:
        yield Place(disk, request.param)


def says_all(done: Ran) -> None:
    """A command that a disk stopped says what happened, what stands and what to do, and nothing else."""
    assert done.code == 9
    assert set(done.data) == {"error"}
    assert all(done.data["error"][part].endswith(".") for part in ("what", "stands", "do"))


def test_a_vault_there_is_not_opened_not_changed_and_opens_when_it_can_be_written(
    run: Run, folder: Path, place: Place
) -> None:
    moved = Path(shutil.move(folder, place.folder / folder.name))
    arguments = ("--vault", moved, "--passphrase-stdin", "unlock-check")
    before = contents(moved)
    with place.closed(moved):
        done = run(*arguments, stdin=PASSPHRASE + "\n")
        assert contents(moved) | {"ballast": b""} == before | {"ballast": b""}

    says_all(done)
    assert "kan inte öppnas" in done.data["error"]["what"]
    assert done.data["error"]["stands"] == "Valvet är orört."
    assert run(*arguments, stdin=PASSPHRASE + "\n").code == 0


def test_a_wrong_passphrase_there_is_still_a_wrong_passphrase(run: Run, folder: Path) -> None:
    with locked(folder):
        assert run("--vault", folder, "--passphrase-stdin", "unlock-check", stdin="fel\n").code == 3


@pytest.mark.parametrize("name", ["data.db", "vault.json"])
def test_a_vault_with_a_file_that_may_only_be_read_is_not_half_opened(on_vault: Run, folder: Path, name: str) -> None:
    before = (folder / "data.db").read_bytes(), (folder / "vault.json").read_bytes()
    with locked(folder / name, 0o400):
        done = on_vault("unlock-check")

    if name == "vault.json":  # only read; a new one takes its place when the passphrase is changed
        assert done.code == 0
        return
    says_all(done)
    assert ((folder / "data.db").read_bytes(), (folder / "vault.json").read_bytes()) == before
    assert on_vault("unlock-check").code == 0


def test_no_backup_is_made_there(on_vault: Run, place: Place) -> None:
    with place.closed():
        says_all(on_vault("backup", "--to", place.folder))
    assert contents(place.folder) == {}

    assert on_vault("backup", "--to", place.folder).data["verified"]


def test_a_backup_there_is_restored_to_where_there_is_room(
    run: Run, on_vault: Run, place: Place, tmp_path: Path
) -> None:
    made = on_vault("backup", "--to", place.folder).data["path"]
    with place.closed(Path(made)):
        done = run("--passphrase-stdin", "restore", made, "--to", tmp_path / "Igen.ombud", stdin=PASSPHRASE + "\n")

    assert done.code == 0
    vaults.open_vault(tmp_path / "Igen.ombud", passphrase=PASSPHRASE, now=NOW).close(NOW)


def test_no_vault_is_restored_there(run: Run, on_vault: Run, place: Place, tmp_path: Path) -> None:
    made = on_vault("backup", "--to", tmp_path).data["path"]
    arguments = ("--passphrase-stdin", "restore", made, "--to", place.folder / "Igen.ombud")
    with place.closed():
        says_all(run(*arguments, stdin=PASSPHRASE + "\n"))
    assert contents(place.folder) == {}

    assert run(*arguments, stdin=PASSPHRASE + "\n").code == 0


def test_no_vault_is_made_there(run: Run, place: Place) -> None:
    arguments = ("--vault", place.folder / "Ny.ombud", "--passphrase-stdin", "init", "--profile", "empty")
    with place.closed():
        says_all(run(*arguments, stdin=PASSPHRASE + "\n"))
    assert contents(place.folder) == {}

    assert run(*arguments, stdin=PASSPHRASE + "\n").data["recovery_key"]


def test_no_demo_is_made_there(run: Run, place: Place) -> None:
    with place.closed():
        says_all(run("demo", "--out", place.folder / "prov"))
    assert not contents(place.folder).keys() - {"prov"}


def test_no_document_is_written_there_and_the_vault_keeps_it(on_vault: Run, place: Place, tmp_path: Path) -> None:
    table = tmp_path / "kunder.csv"
    table.write_text(ASA, encoding="utf-8")
    on_vault("import", table)
    [hit] = on_vault("search", "Öberg").data["hits"]
    arguments = ("extract", "--subject", str(hit["subject_id"]), "--out", place.folder)
    with place.closed():
        done = on_vault(*arguments)
    says_all(done)
    assert done.data["error"]["stands"] == "Dokumentet ligger kvar i valvet."
    assert contents(place.folder) == {}

    names = [Path(file["path"]).name for file in on_vault(*arguments).data["files"]]
    assert sorted(contents(place.folder)) == sorted(names)


def test_a_register_there_is_imported_though_its_rejected_rows_cannot_be_written_beside_it(
    on_vault: Run, place: Place
) -> None:
    table = place.folder / "kunder.csv"
    table.write_text(ASA + WRONG, encoding="utf-8")
    with place.closed():
        done = on_vault("import", table)

    [row] = done.data
    assert (done.code, row["imported"], row["rejected"], row["rejected_file"]) == (0, 1, 1, None)
    assert "avvisade rader kunde inte skrivas" in done.err
    assert [path.name for path in place.folder.iterdir()] == ["kunder.csv"]
    assert on_vault("search", "Öberg").data["hits"]


def test_what_was_done_is_answered_though_the_closing_cannot_be_recorded(
    on_vault: Run, folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with small_disk(tmp_path / "disk", 16) as disk:
        moved = Path(shutil.move(folder, disk / folder.name))
        (folder.parent / folder.name).symlink_to(moved)
        closing = vaults.Vault.close

        def on_a_full_disk(vault: vaults.Vault, now: object) -> None:
            fill(disk)
            try:
                closing(vault, NOW)
            finally:
                empty(disk)

        monkeypatch.setattr(vaults.Vault, "close", on_a_full_disk)
        done = on_vault("unlock-check")
        assert (done.code, done.data["user"]) == (0, "Eva Lund")
        assert "Valvet är stängt" in done.err


def test_the_folder_of_these_tests_is_really_closed(place: Place) -> None:
    """The negative control: what is refused while the place is closed works when it is not."""
    with place.closed(), pytest.raises(OSError, match=r"Errno (13|28|30)"):
        (place.folder / "fil").write_bytes(b"x")
    (place.folder / "fil").unlink(missing_ok=True)
    (place.folder / "fil").write_bytes(b"x")


def test_making_a_vault_there_says_so_to_the_window_too(place: Place) -> None:
    with place.closed(), pytest.raises(UserError) as caught:
        founding.begin(place.folder / "Ny.ombud", PASSPHRASE, now=NOW)
    assert caught.value.do
