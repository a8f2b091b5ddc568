"""Every legal vector through `ombudet rules … -`."""

import csv
import json
from pathlib import Path
from typing import Any

from tests.cli.conftest import Run

VECTORS = Path(__file__).resolve().parents[1] / "vectors"


def rows(name: str) -> list[dict[str, str]]:
    with (VECTORS / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def answers(run: Run, rule: str, questions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    done = run("rules", rule, "-", stdin="".join(json.dumps(question) + "\n" for question in questions))
    assert done.code == 0
    return [json.loads(line) for line in done.out.splitlines()]


def test_deadlines(run: Run) -> None:
    vectors = rows("month_deadline")
    found = answers(run, "deadline", [{"received": row["received"][:10]} for row in vectors])

    for row, answer in zip(vectors, found, strict=True):
        wanted = (row["nominal"][:10], row["due_legal"][:10], row["due_with_eves"][:10], row["contact_30d"])
        assert (answer["nominal"], answer["due"], answer["due_with_eves"], answer["contact_by"]) == wanted


def test_extensions_and_pauses(run: Run) -> None:
    longer = rows("extension")
    found = answers(run, "deadline", [{"received": row["received"], "months": 3} for row in longer])
    assert [answer["due"] for answer in found] == [row["due_extended"] for row in longer]

    paused = rows("pause")
    found = answers(
        run, "deadline", [{"received": row["received"], "paused_days": int(row["days_added"])} for row in paused]
    )
    assert [answer["due"] for answer in found] == [row["due_paused"] for row in paused]


def test_breach_clocks(run: Run) -> None:
    vectors = rows("breach_clock")
    found = answers(run, "breach", [{"aware": row["aware_local"]} for row in vectors])

    for row, answer in zip(vectors, found, strict=True):
        shown = [
            answer[name][:16] + answer[name][-6:].replace(":", "")
            for name in ("target", "latest_hour_rule", "outer_reading")
        ]
        assert shown == [row["target_strict72_local"], row["latest_hour_rule_local"], row["outer_art3_5_local"]]


def test_severities(run: Run) -> None:
    vectors = rows("enisa_severity")
    names = {"conf": "confidentiality", "integ": "integrity", "avail": "availability"}
    keys = ("dpc", "ei", "conf", "integ", "avail", "malicious")
    found = answers(run, "severity", [{names.get(key, key): row[key] for key in keys} for row in vectors])

    assert [(answer["score"], answer["band"]) for answer in found] == [
        (float(row["se"]), row["band"]) for row in vectors
    ]


def test_retention(run: Run) -> None:
    months, books = rows("sixty_months"), rows("bookkeeping")
    found = answers(run, "retention", [{"relation_end": row["relation_end"]} for row in months])
    assert [(a["last_day"], a["erase_from"]) for a in found] == [(row["last_day"], row["erase_from"]) for row in months]
    found = answers(run, "retention", [{"fy_end": row["fy_end"]} for row in books])
    assert [(a["last_day"], a["erase_from"]) for a in found] == [
        (row["keep_through"], row["erasable_from"]) for row in books
    ]


def test_identity_numbers(run: Run) -> None:
    vectors = [row for row in rows("identity_numbers") if row["type"] != "org" or row["valid"] == "1"]
    found = answers(run, "identity", [{"text": row["input"], "interim": row["type"] == "interim"} for row in vectors])

    for row, answer in zip(vectors, found, strict=True):
        assert answer["valid"] == (row["valid"] == "1")
        if row["normalised_12"]:
            assert (answer["kind"], answer["normalised"]) == (row["type"], row["normalised_12"])
            assert row["type"] == "org" or answer["masked"] == row["normalised_12"][:8] + "-••••"


def test_a_bad_line_gives_an_error_line_and_the_rest_goes_on(run: Run) -> None:
    done = run(
        "rules",
        "deadline",
        "-",
        stdin='{"received": "2026-11-25"}\ninte json\n[1]\n{"received": "x"}\n{"received": "2026-11-26"}\n',
    )

    lines = [json.loads(line) for line in done.out.splitlines()]
    assert ["error" in line for line in lines] == [False, True, True, True, False]
