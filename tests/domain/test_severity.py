from collections import Counter

import pytest

from app.domain.errors import ExitCode, UserError
from app.domain.severity import Band, Duties, Risk, SeverityInput, band_label, duties, duties_label, label, severity
from tests.domain.vectors import Row, row_id, rows

CASES = rows("edpb_2021_01_cases")
NOTHING_WRONG = {
    "dpc": 1.0,
    "ei": 0.25,
    "confidentiality": 0.0,
    "integrity": 0.0,
    "availability": 0.0,
    "malicious": 0.0,
}


@pytest.mark.parametrize("row", rows("enisa_severity"), ids=row_id)
def test_a_severity_is_the_published_sum(row: Row) -> None:
    found = severity(
        SeverityInput(
            dpc=int(row["dpc"]),
            ei=float(row["ei"]),
            confidentiality=float(row["conf"]),
            integrity=float(row["integ"]),
            availability=float(row["avail"]),
            malicious=float(row["malicious"]),
        )
    )
    assert found.score == float(row["se"])
    assert found.band == row["band"]


@pytest.mark.parametrize("row", CASES, ids=row_id)
def test_the_duties_are_those_of_the_published_case(row: Row) -> None:
    expected = Duties(document=row["doc"] == "1", notify=row["sa"] == "1", inform=row["ds"] == "1")
    assert duties(Risk(row["risk"])) == expected


def test_the_published_cases_divide_as_they_should() -> None:
    groups: dict[tuple[bool, bool], list[str]] = {}
    for row in CASES:
        found = duties(Risk(row["risk"]))
        groups.setdefault((found.notify, found.inform), []).append(row["case"])
    assert groups[False, False] == ["01", "06", "09", "10", "13", "15"]
    assert groups[True, False] == ["02", "08", "16"]
    assert groups[True, True] == ["03", "04", "05", "07", "11", "12", "14", "17", "18"]
    assert Counter(row["doc"] for row in CASES) == {"1": 18}


@pytest.mark.parametrize("risk", Risk)
def test_who_informs_people_also_notifies_and_everything_is_documented(risk: Risk) -> None:
    found = duties(risk)
    assert found.document
    assert found.notify or not found.inform


def test_the_band_suggests_a_risk_level() -> None:
    suggested = {found.band: found.risk for found in (severity(SeverityInput(dpc, 1.0)) for dpc in (1, 2, 3, 4))}
    assert suggested == {
        Band.LOW: Risk.UNLIKELY,
        Band.MEDIUM: Risk.RISK,
        Band.HIGH: Risk.HIGH,
        Band.VERY_HIGH: Risk.HIGH,
    }


def test_the_sum_shows_how_the_score_is_made() -> None:
    found = severity(SeverityInput(3, 1.0, confidentiality=0.25))
    assert found.sum == "Slags uppgifter 3 × lätthet att känna igen 1 + omständigheter 0,25 = 3,25: hög allvarlighet"


@pytest.mark.parametrize(
    "wrong",
    [
        {"dpc": 5.0},
        {"ei": 0.0},
        {"confidentiality": 0.3},
        {"integrity": -0.25},
        {"availability": 1.0},
        {"malicious": 0.25},
    ],
)
def test_an_answer_outside_the_choices_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(UserError) as raised:
        severity(SeverityInput(**{**NOTHING_WRONG, **wrong}))
    assert raised.value.code is ExitCode.USAGE
    assert "Välj ett av" in raised.value.do


def test_not_a_number_is_refused() -> None:
    with pytest.raises(UserError):
        severity(SeverityInput(float("nan"), 1.0))


def test_every_level_has_its_words() -> None:
    assert [label(risk) for risk in Risk] == ["Osannolik risk", "Risk", "Hög risk"]
    assert [band_label(band) for band in Band] == ["låg", "medel", "hög", "mycket hög"]
    assert [duties_label(duties(risk)) for risk in Risk] == [
        "Skriv bara upp incidenten",
        "Anmäl till tillsynsmyndigheten",
        "Anmäl till tillsynsmyndigheten och informera de berörda",
    ]
