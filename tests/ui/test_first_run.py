"""The wizard of the first start, by keys and clicks, to a vault that opens again."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLineEdit
from pytestqt.qtbot import QtBot

from app.domain.audit import Action
from app.security import recovery_key, vault_file
from app.services import founding, organisation
from app.services.vaults import Vault
from app.ui.clock import Clock
from app.ui.first_run import profile, recovery, welcome
from app.ui.first_run.wizard import FirstRun
from app.ui.kit.messages import ErrorBox
from db.queries import trail
from tests.ui.conftest import COST, NOW, TODAY
from tests.ui.typing import replace_text, type_text


@pytest.fixture
def wizard(qtbot: QtBot, tmp_path: Path) -> Iterator[FirstRun]:
    made = FirstRun(Clock(lambda: NOW, lambda: TODAY), COST)
    qtbot.addWidget(made)
    made.welcome.place.set_value(str(tmp_path))
    made.show()
    yield made
    made.making.close()


def _next(qtbot: QtBot, wizard: FirstRun) -> None:
    QTest.mouseClick(wizard.next_button, Qt.MouseButton.LeftButton)


def _to_recovery(qtbot: QtBot, wizard: FirstRun) -> str:
    """Walk to the third page; return the passphrase."""
    _next(qtbot, wizard)
    QTest.mouseClick(wizard.passphrase.fields.suggest_button, Qt.MouseButton.LeftButton)
    _next(qtbot, wizard)
    qtbot.waitUntil(lambda: wizard.current() == 2, timeout=20_000)
    return wizard.passphrase.fields.value()


def _type_groups_back(wizard: FirstRun) -> None:
    made = wizard.making.made
    assert made is not None
    groups = recovery_key.groups(made.recovery_key)
    for number, field in zip(wizard.recovery.asked, wizard.recovery.typed, strict=True):
        replace_text(field.line, groups[number - 1].lower())


def test_the_wizard_ends_in_a_vault_that_its_passphrase_and_its_recovery_key_open(
    qtbot: QtBot, wizard: FirstRun, tmp_path: Path
) -> None:
    replace_text(wizard.welcome.name.line, "Åkeriet Öst")
    passphrase = _to_recovery(qtbot, wizard)
    made = wizard.making.made
    assert made is not None
    shown = [label.text() for label in wizard.recovery.group_labels]
    assert "-".join(shown) == made.recovery_key
    _type_groups_back(wizard)
    _next(qtbot, wizard)
    type_text(wizard.profile.officer.line, "Eva Lund")
    type_text(wizard.profile.address.text, "Storgatan 1")
    _next(qtbot, wizard)
    replace_text(wizard.protection.folder.line, str(tmp_path))
    wizard.protection.minutes.set_value("5")
    with qtbot.waitSignal(wizard.opened, timeout=30_000) as heard:
        _next(qtbot, wizard)
    vault: Vault = heard.args[0]
    assert vault.folder == tmp_path / "Åkeriet Öst.ombud"
    with vault.store.read() as session:
        assert organisation.fact(session, organisation.CONTROLLER)["name"] == "iTrace"
        assert organisation.fact(session, organisation.CONTROLLER)["address_lines"] == ["Storgatan 1"]
        assert organisation.fact(session, organisation.OFFICER)["name"] == "Eva Lund"
        kept = organisation.fact(session, organisation.PROTECTION)
        assert kept == {"backup_folder": str(tmp_path), "lock_minutes": 5}
        assert trail.last_at(session, Action.VAULT_CREATED) == NOW
        assert trail.users(session) == ["Eva Lund"]
    vault.close(NOW)
    assert vault_file.unlock(vault.folder, passphrase=passphrase) == vault.keys
    assert vault_file.unlock(vault.folder, recovery_key=made.recovery_key) == vault.keys
    assert not list(tmp_path.glob("*.unfinished"))
    assert [label.text() for label in wizard.recovery.group_labels] == [""] * 8


def test_an_empty_profile_makes_an_empty_vault(qtbot: QtBot, wizard: FirstRun) -> None:
    _to_recovery(qtbot, wizard)
    _type_groups_back(wizard)
    _next(qtbot, wizard)
    QTest.mouseClick(wizard.profile.profile.buttons["empty"], Qt.MouseButton.LeftButton)
    assert wizard.profile.name.value() == ""
    assert wizard.profile.orgnr.isVisible()
    _next(qtbot, wizard)
    assert wizard.profile.name.problem_text() == "Skriv organisationens namn."
    assert "Skriv ditt namn" in wizard.profile.officer.problem_text()
    type_text(wizard.profile.name.line, "Föreningen Örn")
    type_text(wizard.profile.officer.line, "Samira")
    type_text(wizard.profile.orgnr.line, "1234567890")
    _next(qtbot, wizard)
    assert "inget organisationsnummer" in wizard.profile.orgnr.problem_text()
    replace_text(wizard.profile.orgnr.line, "")
    _next(qtbot, wizard)
    with qtbot.waitSignal(wizard.opened, timeout=30_000) as heard:
        _next(qtbot, wizard)
    vault: Vault = heard.args[0]
    with vault.store.read() as session:
        assert organisation.fact(session, organisation.PROFILE) == {"code": "empty"}
        assert organisation.fact(session, organisation.CONTROLLER)["name"] == "Föreningen Örn"
    vault.close(NOW)


def test_a_group_typed_wrong_is_named(qtbot: QtBot, wizard: FirstRun) -> None:
    _to_recovery(qtbot, wizard)
    first, second = wizard.recovery.asked
    _type_groups_back(wizard)
    replace_text(wizard.recovery.typed[1].line, "ABCDE")
    _next(qtbot, wizard)
    assert wizard.current() == 2
    assert wizard.recovery.typed[0].problem_text() == ""
    assert wizard.recovery.typed[1].problem_text() == f"Grupp {second} stämmer inte. Jämför tecken för tecken."
    assert wizard.recovery.typed[0].label.text() == f"Grupp {first}"


def test_what_is_wrong_with_a_group_is_said() -> None:
    groups = recovery_key.groups(recovery_key.make(bytes(range(20))))
    assert recovery.problem(groups[2], groups, 3) == ""
    assert recovery.problem(groups[2].lower(), groups, 3) == ""
    assert "Skriv grupp 3" in recovery.problem("", groups, 3)
    assert "en annan grupp" in recovery.problem(groups[4], groups, 3)
    assert "Grupp 3 stämmer inte" in recovery.problem("XXXXX", groups, 3)


def test_a_weak_passphrase_stops_the_wizard_with_a_sentence(qtbot: QtBot, wizard: FirstRun) -> None:
    _next(qtbot, wizard)
    type_text(wizard.passphrase.fields.first.line, "sommar2026")
    assert "vanligt" in wizard.passphrase.fields.strength_label.text()
    _next(qtbot, wizard)
    assert wizard.current() == 1
    assert wizard.making.made is None
    assert "för lätt att gissa" in wizard.passphrase.fields.first.problem_text()


def test_two_different_passphrases_are_said(qtbot: QtBot, wizard: FirstRun) -> None:
    _next(qtbot, wizard)
    type_text(wizard.passphrase.fields.first.line, "ångbåt kyrktorn häst mjölk plöja")
    type_text(wizard.passphrase.fields.second.line, "ångbåt kyrktorn häst mjölk ploja")
    _next(qtbot, wizard)
    assert "är olika" in wizard.passphrase.fields.second.problem_text()


def test_a_name_that_is_taken_is_said_on_the_first_page(qtbot: QtBot, wizard: FirstRun, tmp_path: Path) -> None:
    (tmp_path / "iTrace.ombud").mkdir()
    (tmp_path / "iTrace.ombud" / "data.db").touch()
    _next(qtbot, wizard)
    assert wizard.current() == 0
    assert "Det finns redan något i mappen iTrace.ombud." in wizard.welcome.name.problem_text()
    assert (tmp_path / "iTrace.ombud" / "data.db").exists()


@pytest.mark.parametrize("name", ["", "a/b", "..", "a:b", "x\u202e"])
def test_a_name_that_cannot_be_a_folder_is_refused(name: str, tmp_path: Path) -> None:
    assert "name" in welcome.problems(name, str(tmp_path))


def test_leaving_the_wizard_leaves_nothing_behind(qtbot: QtBot, wizard: FirstRun, tmp_path: Path) -> None:
    _to_recovery(qtbot, wizard)
    assert list(tmp_path.glob("*.unfinished"))
    QTest.mouseClick(wizard.cancel_button, Qt.MouseButton.LeftButton)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("iTrace")] == []


def test_going_back_to_another_passphrase_makes_another_key(qtbot: QtBot, wizard: FirstRun) -> None:
    _to_recovery(qtbot, wizard)
    first = [label.text() for label in wizard.recovery.group_labels]
    QTest.mouseClick(wizard.back_button, Qt.MouseButton.LeftButton)
    QTest.mouseClick(wizard.passphrase.fields.suggest_button, Qt.MouseButton.LeftButton)
    _next(qtbot, wizard)
    qtbot.waitUntil(lambda: wizard.current() == 2, timeout=20_000)
    assert [label.text() for label in wizard.recovery.group_labels] != first


def test_the_sheet_is_saved_as_pdf(qtbot: QtBot, wizard: FirstRun, tmp_path: Path) -> None:
    _to_recovery(qtbot, wizard)
    QTest.mouseClick(wizard.recovery.save_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(wizard.findChildren(QFileDialog)), timeout=20_000)
    dialog = wizard.findChildren(QFileDialog)[0]
    target = tmp_path / "blad.pdf"
    line = dialog.findChildren(QLineEdit)[0]
    replace_text(line, str(target))
    QTest.keyClick(line, Qt.Key.Key_Return)
    qtbot.waitUntil(target.exists, timeout=20_000)
    from app.documents.preview import page_texts

    made = wizard.making.made
    assert made is not None
    text = " ".join(page_texts(target.read_bytes())).replace("\n", " ")
    assert all(group in text for group in recovery_key.groups(made.recovery_key))


def test_a_folder_that_cannot_be_made_is_said_and_the_wizard_stays(
    qtbot: QtBot, wizard: FirstRun, tmp_path: Path
) -> None:
    _next(qtbot, wizard)
    (tmp_path / "iTrace.ombud.unfinished").write_text("a file where a folder is to be", encoding="utf-8")
    QTest.mouseClick(wizard.passphrase.fields.suggest_button, Qt.MouseButton.LeftButton)
    _next(qtbot, wizard)
    qtbot.waitUntil(lambda: bool(wizard.findChildren(ErrorBox)), timeout=20_000)
    assert wizard.current() == 1
    assert wizard.next_button.isEnabled()


def test_other_ways_in_are_told(qtbot: QtBot, wizard: FirstRun) -> None:
    with qtbot.waitSignal(wizard.demo_wanted):
        QTest.mouseClick(wizard.welcome.demo_button, Qt.MouseButton.LeftButton)


def test_an_address_has_at_most_four_lines() -> None:
    values = {"name": "A", "email": "fel", "address": "1\n2\n3\n4\n5", "officer": "B", "orgnr": ""}
    assert set(profile.problems(values, today=TODAY)) == {"email", "address"}


def test_a_vault_of_two_steps_is_like_one_of_one_step(qtbot: QtBot, tmp_path: Path) -> None:
    facts = founding.NewVault(passphrase="x", cost=COST)
    made, _key = founding.create(tmp_path / "a.ombud", facts, now=NOW)
    with made.store.read() as session:
        acts = [row.action for row in reversed(trail.latest(session, 9))]
    assert acts == [Action.VAULT_CREATED, Action.PROFILE_APPLIED, Action.VAULT_OPENED]
    made.close(NOW)
