import pytest

from app.domain.outputs import LeftOut, Provided, ShowGround, ground_label, provided_label, why_left_out


@pytest.mark.parametrize(
    ("provided", "bases", "why"),
    [
        (Provided.GIVEN, ["contract"], None),
        (Provided.OBSERVED, ["consent"], None),
        (Provided.GIVEN, ["legal_obligation", "consent"], None),
        (Provided.GIVEN, ["legal_obligation"], LeftOut.BASIS),
        (Provided.OBSERVED, ["legitimate_interest"], LeftOut.BASIS),
        (Provided.GIVEN, [], LeftOut.BASIS),
        (Provided.MADE, ["contract"], LeftOut.MADE),
        (Provided.OTHERS, ["contract"], LeftOut.OTHERS),
        (Provided.UNCLEAR, ["consent"], LeftOut.UNCLEAR),
    ],
)
def test_what_is_carried_away_is_given_by_the_person_on_consent_or_contract(
    provided: Provided, bases: list[str], why: LeftOut | None
) -> None:
    assert why_left_out(provided, bases) is why


def test_every_way_and_every_ground_has_its_words() -> None:
    said = [*map(provided_label, Provided), *map(ground_label, ShowGround)]
    assert len(set(said)) == len(Provided) + len(ShowGround)
    assert all(said)
