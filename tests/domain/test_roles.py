"""What a role is, and what is said to whom it is not enough for."""

import pytest

from app.domain.errors import ExitCode
from app.domain.roles import Role, refusal


def test_each_role_may_what_the_lower_ones_may() -> None:
    order = [Role.REVIEWER, Role.HANDLER, Role.OFFICER]
    for place, role in enumerate(order):
        assert [role.includes(other) for other in order] == [number <= place for number in range(3)]


def test_each_role_has_its_words() -> None:
    assert [role.label for role in Role] == ["dataskyddsombud", "handläggare", "granskare"]
    assert len({role.may for role in Role}) == 3


@pytest.mark.parametrize("role", Role)
def test_a_refusal_says_who_may(role: Role) -> None:
    error = refusal(role)
    assert error.code is ExitCode.NOT_ALLOWED
    assert "får göra det här" in error.what
    assert error.stands
    assert error.do
