"""Planted headers with right checksums, one by one, and what each is to be called (`tests/vectors/vault_headers.csv`)."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from app.domain.errors import ExitCode, UserError
from app.security import vault_file, vault_header
from tests.security.conftest import PASSPHRASE, Made

VECTORS = list(
    csv.DictReader(
        (Path(__file__).parents[1] / "vectors" / "vault_headers.csv").read_text(encoding="utf-8").splitlines()
    )
)
CODES = {"wrong_secret": ExitCode.WRONG_SECRET, "damaged": ExitCode.DAMAGED, "newer": ExitCode.NEWER_VERSION}
SAID = {"wrong_secret": "Fel lösenfras|hör inte till", "damaged": "skadad", "newer": "nyare version"}


def plant(whole: dict[str, Any], place: str, value: str) -> None:
    *way, last = place.split(".")
    part: Any = whole
    for step in way:
        part = part[int(step)] if isinstance(part, list) else part[step]
    if value:
        part[last] = json.loads(value)
    else:
        del part[last]


def resealed(part: Any) -> Any:
    rest = {name: value for name, value in part.items() if name != "sha256"}
    return vault_header.with_checksum(rest)


def test_there_are_enough_and_each_is_another() -> None:
    assert len({(row["place"], row["value"], row["opened_by"]) for row in VECTORS}) == len(VECTORS) >= 60


@pytest.mark.parametrize("row", VECTORS, ids=[row["name"] for row in VECTORS])
def test_what_is_planted_is_called_what_it_is(made: Made, row: dict[str, str]) -> None:
    whole = json.loads(made.file.read_bytes())
    plant(whole, row["place"], row["value"])
    for name in ("header", "keys"):
        if name in whole:
            whole[name] = resealed(whole[name])
    if isinstance(whole["slots"], list):
        whole["slots"] = [resealed(slot) for slot in whole["slots"]]
    made.file.write_text(json.dumps(whole), encoding="utf-8")
    by = {"passphrase": PASSPHRASE} if row["opened_by"] == "passphrase" else {"recovery_key": made.recovery_key}
    if row["class"] == "opens":
        assert vault_file.unlock(made.folder, **by) == made.keys
        return
    with pytest.raises(UserError, match=SAID[row["class"]]) as caught:
        vault_file.unlock(made.folder, **by)
    assert caught.value.code is CODES[row["class"]]
