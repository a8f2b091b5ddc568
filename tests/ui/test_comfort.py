"""What the window remembers on this computer."""

import pytest

from app.ui.comfort import Comfort, preferred


@pytest.mark.parametrize(
    ("spoken", "language"),
    [
        (["sv-SE", "en-GB"], "sv"),
        (["en-GB", "en"], "en"),
        (["de-DE", "en-US"], "en"),
        (["fi-FI"], "sv"),
        (["C"], "sv"),
        ([], "sv"),
    ],
)
def test_the_first_start_speaks_as_the_system_does(spoken: list[str], language: str) -> None:
    assert preferred(spoken) == language
    assert Comfort(spoken).language == language


def test_the_users_choice_counts_over_the_systems() -> None:
    Comfort(["en-GB"]).language = "sv"
    assert Comfort(["en-GB"]).language == "sv"
