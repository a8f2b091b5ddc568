from pathlib import Path

import pytest

from app.domain.errors import UserError
from app.importers.kinds import kind_of, kinds


def test_every_known_ending_has_a_reader_whatever_its_case() -> None:
    assert {kind_of(Path(f"Fil{ending.upper()}")) for ending in kinds()} == {"mail", "table"}


@pytest.mark.parametrize("name", ["a.msg", "a.mbox", "a.pdf", "a", ".csv", "a.csv.exe"])
def test_other_files_are_refused_with_what_to_do(name: str) -> None:
    with pytest.raises(UserError) as told:
        kind_of(Path(name))
    assert ".eml" in told.value.do
    assert told.value.stands
