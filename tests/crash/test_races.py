"""Two starts at the same moment: one opens the vault."""

from pathlib import Path

from tests.crash import races


def test_one_of_two_gets_the_vault_and_the_other_is_told(tmp_path: Path) -> None:
    assert races.race(races.make(tmp_path), 12) == {(races.IN_USE, races.WON): 12}
