from app.domain.row_changes import Change, RowChange, RowFacts, differences, label


def row(key: str, **facts: str) -> RowFacts:
    return RowFacts(key, "Kundinformation", key.title(), facts)


def test_the_same_rows_differ_in_nothing() -> None:
    assert differences([row("a", value="1")], [row("a", value="1")]) == ()


def test_new_changed_and_gone_rows_are_told_the_gone_ones_last() -> None:
    before = [row("gone", value="1"), row("kept", value="1"), row("moved", value="1", source="A")]
    now = [row("moved", value="2", source="B"), row("new", value="1"), row("kept", value="1")]
    assert differences(before, now) == (
        RowChange(Change.CHANGED, "moved", "Kundinformation", "Moved", ("value", "source")),
        RowChange(Change.ADDED, "new", "Kundinformation", "New"),
        RowChange(Change.REMOVED, "gone", "Kundinformation", "Gone"),
    )


def test_a_fact_that_one_version_lacks_counts_as_empty() -> None:
    assert differences([row("a", value="1")], [row("a", value="1", since="")]) == ()
    assert differences([row("a", value="1", since="2020")], [row("a", value="1")])[0].parts == ("since",)


def test_every_change_has_its_word() -> None:
    assert [label(change) for change in Change] == ["Ny", "Borta", "Ändrad"]
