"""The person of six sources again, by the command line: every row of every kind of file is traced to the row it came from."""

import csv
import io
import json
from pathlib import Path

import openpyxl
import pytest
import sqlalchemy as sa

from app.services import merging, vaults
from db.models import Subject
from tests.cli.conftest import NOW, PASSPHRASE, Run
from tests.services.test_traced import FILES, OLD, line_of, plain

Traced = tuple[str, int, int]
"""A value, the number of its file and its line there."""


@pytest.fixture
def made(on_vault: Run, folder: Path, tmp_path: Path) -> tuple[dict[str, Path], Path]:
    """Import the files, join the person and write the extract; return the files by source, and where the extract is."""
    files = {source: write(tmp_path) for source, write in FILES.items()}
    for source, path in files.items():
        assert on_vault("import", path, "--source", source).data[0]["rejected"] == 0
    vault = vaults.open_vault(folder, passphrase=PASSPHRASE, user="Eva Lund", now=NOW)
    with vault.store.write(NOW) as session:
        ours = session.scalars(sa.select(Subject.id).where(Subject.display_name != "Bo Älm")).all()
        merging.merge(session, sorted(ours), reason="Samma nummer, telefon och adress")
    vault.close(NOW)
    (hit,) = on_vault("search", OLD).data["hits"]
    out = tmp_path / "ut"
    on_vault("extract", "--subject", str(hit["subject_id"]), "--out", out, "--formats", "xlsx,json,csv")
    return files, out


def the_only(out: Path, suffix: str) -> Path:
    (path,) = out.glob(f"*{suffix}")
    return path


def in_json(out: Path) -> tuple[dict[int, str], list[Traced]]:
    told = json.loads(the_only(out, ".json").read_text(encoding="utf-8"))
    rows = [row for category in told["categories"] for row in category["rows"]]
    files = {one["number"]: one["source"] for one in told["files"]}
    return files, [(row["value"] or "", row["origin"]["file"], row["origin"]["line"]) for row in rows]


def in_csv(out: Path) -> list[Traced]:
    rows = csv.DictReader(io.StringIO(the_only(out, ".csv").read_text(encoding="utf-8-sig")), delimiter=";")
    return [(row["Värde"].removeprefix("'"), int(row["Fil"]), int(row["Rad"])) for row in rows]


def in_workbook(out: Path) -> list[Traced]:
    found: list[Traced] = []
    for sheet in openpyxl.load_workbook(the_only(out, ".xlsx")):
        head, *rows = sheet.iter_rows(values_only=True)
        if "Värde" in head:
            places = [head.index(name) for name in ("Värde", "Fil", "Rad")]
            found += [
                (str(row[places[0]] or ""), int(str(row[places[1]])), int(str(row[places[2]])))
                for row in rows
                if row[places[1]]
            ]
    return found


def test_every_row_of_every_file_is_traced(made: tuple[dict[str, Path], Path]) -> None:
    paths, out = made
    sources, told = in_json(out)
    assert set(sources.values()) == set(FILES)
    assert len(told) > len(FILES)
    also_before = []
    hidden = [(sources[file], line) for value, file, line in told if not value]
    assert hidden == [("Webbutik", 3)], "free text, hidden until somebody has read it, has its line all the same"
    for value, file, line in told:
        short = plain(value).removeprefix("0").removeprefix("46").removeprefix("19")
        assert short in plain(line_of(paths[sources[file]], line)), (value, file, line)
        if value and short in plain(line_of(paths[sources[file]], line - 1)):
            also_before.append(value)
    assert also_before == ["Uppsala"], "another line would not do"
    assert sorted(in_csv(out)) == sorted(told)
    assert sorted(in_workbook(out)) == sorted(told)
