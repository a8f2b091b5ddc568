from datetime import date

import pytest

from app.domain.third_persons import Own, Sign, label, signs

TODAY = date(2026, 11, 22)
OWN = Own(frozenset({"196408233234", "asa@example.com", "+46701740605"}))
KIN = frozenset({"sambon", "grannen"})


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ringde om fakturan", ()),
        ("Sambon ringde", (Sign.KIN,)),
        ("GRANNEN klagar", (Sign.KIN,)),
        ("Skriv till bo@example.com.", (Sign.EMAIL,)),
        ("Skriv till Asa@Example.com", ()),
        ("Hennes nummer är 640823-3234", ()),
        ("Brodern har 200001012384", (Sign.NUMBER,)),
        ("Ring 070-174 06 05", ()),
        ("Ring 08-465 004 00", (Sign.PHONE,)),
        ("Order 123456789 i hylla 12", ()),
        ("bo@example.com, 08-465 004 00, grannen", (Sign.EMAIL, Sign.PHONE, Sign.KIN)),
    ],
)
def test_signs_of_somebody_else(text: str, found: tuple[Sign, ...]) -> None:
    assert signs(text, OWN, KIN, TODAY) == found


def test_every_sign_has_its_words() -> None:
    assert len({label(sign) for sign in Sign}) == len(Sign)
