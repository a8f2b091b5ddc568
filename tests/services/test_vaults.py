"""Making, opening and closing a vault."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from app.domain.audit import Action
from app.domain.errors import ExitCode, UserError
from app.security import vault_file
from app.services import audit, founding, organisation, vaults
from db.models import Activity, Recipient, RetentionRule, Source
from db.store import FILE
from tests.factories import NOW
from tests.services.conftest import CHEAPEST, audited

PASSPHRASE = "fem ord som ingen gissar"


def make(folder: Path, profile: str = "itrace") -> tuple[vaults.Vault, str]:
    return founding.create(
        folder, founding.NewVault(passphrase=PASSPHRASE, profile=profile, name="Provbolaget", cost=CHEAPEST), now=NOW
    )


def test_a_new_vault_holds_its_profile_and_the_first_rows_of_its_trail(tmp_path: Path) -> None:
    vault, _recovery_key = make(tmp_path / "Prov.ombud")

    assert vault.name == "Prov"
    assert [action for action, _details in audited(vault.store)][:2] == [Action.VAULT_CREATED, Action.PROFILE_APPLIED]
    with vault.store.read() as session:
        assert organisation.fact(session, organisation.CONTROLLER)["name"] == "Provbolaget"
        for model in (Activity, Recipient, RetentionRule, Source):
            assert session.scalar(sa.select(sa.func.count()).select_from(model))
    vault.close(NOW)


def test_an_empty_profile_invents_nothing_about_the_office(tmp_path: Path) -> None:
    vault, _recovery_key = make(tmp_path / "Tom.ombud", "empty")

    with vault.store.read() as session:
        assert session.scalars(sa.select(Recipient.code)).all() == ["authority"]
        assert organisation.fact(session, organisation.CONTROLLER)["email"] == ""
    vault.abandon()


def test_either_secret_opens_it_and_everything_is_there(tmp_path: Path) -> None:
    folder = tmp_path / "Prov.ombud"
    vault, recovery_key = make(folder)
    vault.close(NOW)

    secrets: list[dict[str, Any]]
    secrets = [{"passphrase": PASSPHRASE}, {"recovery_key": recovery_key.lower().replace("-", " ")}]
    for secret in secrets:
        again = vaults.open_vault(folder, **secret, now=NOW)
        with again.store.read() as session:
            assert audit.verify(session).first_bad is None
            assert organisation.profile_of(session).code == "itrace"
        again.close(NOW)


def damage_header(folder: Path) -> None:
    (folder / vault_file.NAME).write_bytes((folder / vault_file.NAME).read_bytes()[:-40])


def newer_header(folder: Path) -> None:
    path = folder / vault_file.NAME
    header = json.loads(path.read_bytes())
    part = {name: value for name, value in header["header"].items() if name != "sha256"} | {"version": 99}
    text = json.dumps(part, sort_keys=True, separators=(",", ":"))
    header["header"] = part | {"sha256": hashlib.sha256(text.encode()).hexdigest()}
    path.write_bytes(json.dumps(header).encode())


def damage_database(folder: Path) -> None:
    (folder / FILE).write_bytes(b"x" * 8192)


def lose_database(folder: Path) -> None:
    (folder / FILE).unlink()


@pytest.mark.parametrize(
    ("harm", "passphrase", "code"),
    [
        (lambda _folder: None, "fel", ExitCode.WRONG_SECRET),
        (damage_header, PASSPHRASE, ExitCode.DAMAGED),
        (newer_header, PASSPHRASE, ExitCode.NEWER_VERSION),
        (damage_database, PASSPHRASE, ExitCode.DAMAGED),
        (lose_database, PASSPHRASE, ExitCode.DAMAGED),
    ],
)
def test_what_cannot_be_opened_says_why_and_is_left_as_it_was(
    tmp_path: Path, harm: Callable[[Path], None], passphrase: str, code: ExitCode
) -> None:
    folder = tmp_path / "Prov.ombud"
    make(folder)[0].close(NOW)
    harm(folder)
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}

    with pytest.raises(UserError) as caught:
        vaults.open_vault(folder, passphrase=passphrase, now=NOW)

    error = caught.value
    assert error.code is code
    assert error.what
    assert error.stands
    assert error.do
    assert {name: (folder / name).read_bytes() for name in before} == before


def test_a_vault_in_use_does_not_open_twice(tmp_path: Path) -> None:
    folder = tmp_path / "Prov.ombud"
    vault, _recovery_key = make(folder)

    with pytest.raises(UserError) as caught:
        vaults.open_vault(folder, passphrase=PASSPHRASE, now=NOW)
    assert caught.value.code is ExitCode.IN_USE
    vault.close(NOW)
    vaults.open_vault(folder, passphrase=PASSPHRASE, now=NOW).close(NOW)


def test_a_failed_opening_lets_the_lock_go(tmp_path: Path) -> None:
    folder = tmp_path / "Prov.ombud"
    make(folder)[0].close(NOW)
    raw = (folder / FILE).read_bytes()
    damage_database(folder)
    with pytest.raises(UserError):
        vaults.open_vault(folder, passphrase=PASSPHRASE, now=NOW)
    (folder / FILE).write_bytes(raw)

    vaults.open_vault(folder, passphrase=PASSPHRASE, now=NOW).close(NOW)


def test_nothing_is_made_in_a_folder_that_holds_something(tmp_path: Path) -> None:
    folder = tmp_path / "Prov.ombud"
    folder.mkdir()
    (folder / "viktigt.txt").write_text("mitt")

    with pytest.raises(UserError):
        make(folder)
    assert [path.name for path in folder.iterdir()] == ["viktigt.txt"]


def test_a_profile_is_applied_once(tmp_path: Path) -> None:
    vault, _recovery_key = make(tmp_path / "Prov.ombud")

    with pytest.raises(UserError), vault.store.write(NOW) as session:
        organisation.apply_profile(session, "empty")
    vault.abandon()


def test_a_changed_fact_is_in_the_trail_by_the_field_name_only(tmp_path: Path) -> None:
    vault, _recovery_key = make(tmp_path / "Prov.ombud")
    with vault.store.write(NOW) as session:
        organisation.change_fact(session, organisation.OFFICER, {"name": "Eva Lund"})

    [(_action, details)] = audited(vault.store, Action.SETTING_CHANGED)
    assert details == {"fields": ["name"]}
    vault.abandon()
