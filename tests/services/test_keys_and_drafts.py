"""Changing the passphrase of an open vault, and what was typed when it locked."""

import pytest

from app.domain.audit import Action
from app.domain.errors import ExitCode, UserError
from app.security import vault_file
from app.services import drafts, keys
from app.services.drafts import Kept
from app.services.vaults import Vault
from db.store import Store
from tests.factories import NOW
from tests.services.conftest import CHEAPEST, audited

NEW = "gata moln kvist sadel tröja"


def test_the_new_passphrase_opens_the_vault_and_the_old_one_no_longer(vault: Vault) -> None:
    keys.change_passphrase(vault, NEW, now=NOW, cost=CHEAPEST)
    assert vault_file.unlock(vault.folder, passphrase=NEW) == vault.keys
    assert audited(vault.store, Action.PASSPHRASE_CHANGED) == [(Action.PASSPHRASE_CHANGED, {})]


def test_a_wrong_passphrase_until_now_changes_nothing(vault: Vault) -> None:
    before = (vault.folder / vault_file.NAME).read_bytes()
    with pytest.raises(UserError) as caught:
        keys.change_passphrase(vault, NEW, current="inte den", now=NOW, cost=CHEAPEST)
    assert caught.value.code is ExitCode.WRONG_SECRET
    assert (vault.folder / vault_file.NAME).read_bytes() == before
    assert audited(vault.store, Action.PASSPHRASE_CHANGED) == []


@pytest.mark.parametrize("weak", ["", "sommar", "aaaaaaaaaaaaaaaaaaaa"])
def test_a_weak_passphrase_is_refused(vault: Vault, weak: str) -> None:
    before = (vault.folder / vault_file.NAME).read_bytes()
    with pytest.raises(UserError) as caught:
        keys.change_passphrase(vault, weak, now=NOW, cost=CHEAPEST)
    assert "gäller fortfarande" in caught.value.stands
    assert (vault.folder / vault_file.NAME).read_bytes() == before


def test_a_draft_is_given_back_once_and_a_newer_one_takes_its_place(store: Store) -> None:
    newer = Kept({"line": "Åsa begär"}, "Prov", b"\x00\xff")
    with store.write(NOW) as session:
        drafts.save(session, "Form|B-1", Kept({"line": "Åsa"}))
        drafts.save(session, "Form|B-1", newer)
    with store.read() as session:
        assert drafts.titles(session) == {"Form|B-1": "Prov"}
    with store.write(NOW) as session:
        assert drafts.take(session, "Form|B-1") == newer
        assert drafts.take(session, "Form|B-1") is None
    with store.read() as session:
        assert drafts.titles(session) == {}


def test_the_trail_tells_of_a_draft_and_not_what_it_says(store: Store) -> None:
    with store.write(NOW) as session:
        drafts.save(session, "Form|Prov", Kept({"line": "Åsa"}))
        drafts.take(session, "Form|Prov")
    told = audited(store, Action.SETTING_CHANGED)
    assert [details for _action, details in told[-2:]] == [{"fields": 1}, {"fields": 0}]
