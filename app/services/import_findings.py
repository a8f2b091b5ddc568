"""What is wrong or doubtful about single rows of a file.  Belongs to `imports`."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from app.domain.audit import Action
from app.i18n import _
from app.importers.drafts import Chunk, Problem, RejectedRow
from app.services.import_tally import Left
from app.services.keeping import field_label

FORMULA_STARTS = frozenset("=+-@\t\r\n\0＝＋－＠")
WARNINGS = 5_000
"""So many are kept; the rest are counted."""


@dataclass(frozen=True)
class RowWarning:
    """What is doubtful about a row that was read all the same."""

    line: int
    text: str


@dataclass
class Findings:
    """Problems, rejected rows and warnings as they come.

    Attributes:
        warned: How many rows have a warning.
    """

    problems: list[Problem] = field(default_factory=list)
    rejected: list[RejectedRow] = field(default_factory=list)
    warnings: list[RowWarning] = field(default_factory=list)
    warned: int = 0

    def take(self, chunk: Chunk) -> None:
        """Take in what a chunk says of its rows."""
        self.problems += chunk.problems
        self.rejected += chunk.rejected
        for row in chunk.rows:
            if row.warnings:
                self.warned += 1
                if len(self.warnings) < WARNINGS:
                    self.warnings += [RowWarning(row.line, text) for text in row.warnings]

    @staticmethod
    def left_in_words(left: Iterable[Left]) -> list[RowWarning]:
        """Return which values were not taken, because somebody settled them by hand."""
        why = {
            Action.CORRECTED: _("{field} är rättad för hand. Filens värde läses inte in."),
            Action.ERASED: _("{field} är raderad tidigare. Filens värde läses inte in."),
        }
        return [RowWarning(one.line, why[one.why].format(field=field_label(one.field))) for one in left]


def safe_cell(text: str) -> str:
    """Return a cell for a CSV file that a spreadsheet program will not run as a formula."""
    return "'" + text if text[:1] in FORMULA_STARTS else text
