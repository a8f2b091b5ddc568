"""What a trial found, as lists to look through: faults, doubts, and the difference from what the register said last."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain.importing import Duplicate, duplicate_label
from app.i18n import _
from app.services.import_tally import Example
from app.services.imports import Imported
from app.services.keeping import field_label
from app.ui.kit.foreign import one_line

SHOWN = 5_000
FAULTS, DOUBTS, NEW, CHANGED, GONE, KNOWN = "faults", "doubts", "new", "changed", "gone", "known"


@dataclass(frozen=True)
class Line:
    """A row of a list.

    Attributes:
        line: The row in the file, 0 for none.
        who: The person, or the column that is wrong.
        what: What there is to say.
        remedy: What to do, empty for nothing.
    """

    line: int
    who: str
    what: str
    remedy: str = ""


@dataclass(frozen=True)
class Listed:
    """A list: its name, how many there are in all, and those that are shown."""

    title: str
    count: int
    lines: Sequence[Line]


def lists(trial: Imported, chosen: Mapping[int, Duplicate]) -> dict[str, Listed]:
    """Return the lists that are not empty, by key.

    Args:
        trial: What the trial gave.
        chosen: What was chosen for single rows about people known already.
    """
    found = {
        FAULTS: Listed(
            _("Fel"),
            len(trial.problems),
            [Line(one.line, one.column, one.what, one.remedy) for one in trial.problems[:SHOWN]],
        ),
        DOUBTS: Listed(_("Varningar"), trial.warned, [Line(one.line, "", one.text) for one in trial.warnings[:SHOWN]]),
        NEW: Listed(_("Nya"), trial.imported, [Line(one.line, one.name, _("Ny person")) for one in trial.new]),
        CHANGED: Listed(_("Ändrade"), trial.updated, [line for one in trial.changed for line in _changes(one)]),
        GONE: Listed(
            _("Saknas i filen"), trial.gone, [Line(0, one.name, _("Fanns i registret förut")) for one in trial.absent]
        ),
        KNOWN: Listed(
            _("Dubbletter"),
            trial.duplicates,
            [Line(one.line, one.name, duplicate_label(chosen.get(one.line, one.choice))) for one in trial.met],
        ),
    }
    return {key: one for key, one in found.items() if one.count}


def _changes(one: Example) -> list[Line]:
    lines = []
    for change in one.changes:
        text = _("{field}: {before} → {after}") if change.before else _("{field}: {after}")
        words = text.format(
            field=field_label(change.field), before=one_line(change.before, 80), after=one_line(change.after, 80)
        )
        lines.append(Line(one.line, one.name, words))
    return lines
