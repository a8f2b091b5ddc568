"""What the database's count and the file beside it say together."""

import pytest

from app.domain.freshness import Finding, Found, Mark, judge

LINK, OTHER = b"\x01" * 32, b"\x02" * 32
NOW = Mark(10, 5, LINK)


@pytest.mark.parametrize(
    ("head", "found", "has_file", "finding"),
    [
        (NOW, Found(NOW, 9, LINK), True, Finding.FRESH),
        (NOW, Found(Mark(11, 6, OTHER), 10, LINK), True, Finding.FRESH),  # killed between the commit and the file
        (NOW, Found(Mark(900, 6, OTHER), 10, LINK), True, Finding.FRESH),  # an import, whose writings did not wait
        (NOW, Found(Mark(9, 5, LINK), 8, LINK), True, Finding.BEHIND),
        (NOW, Found(Mark(9, 4, LINK), 8, None), True, Finding.BEHIND),
        (NOW, Found(NOW, 9, OTHER), True, Finding.OTHER),
        (NOW, Found(Mark(12, 5, LINK), 11, LINK), True, Finding.OLD_HEAD),
        (None, Found(NOW, 9), False, Finding.NO_HEAD),
        (None, Found(NOW, 9), True, Finding.BAD_HEAD),
        (None, Found(Mark(0, 5, LINK)), False, Finding.NEW),
        (None, Found(Mark(0, 5, LINK)), True, Finding.BAD_HEAD),
    ],
)
def test_each_case_has_its_finding(head: Mark | None, found: Found, has_file: bool, finding: Finding) -> None:
    assert judge(head, found, has_file=has_file) is finding
