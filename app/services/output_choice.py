"""What the officer chose for a document about a person: what is hidden, what is shown all the same, what is left out."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.errors import ExitCode, UserError
from app.domain.outputs import ShowGround
from app.i18n import _


@dataclass(frozen=True, kw_only=True)
class Choice:
    """The officer's choice; as it is made, everything goes in and what may concern others is hidden.

    Attributes:
        masked: Ids of values to hide; None means what the version before hid, and what is proposed for the rest.
        shown: Why values that were proposed to be hidden are shown, by their ids.
        without_categories: Codes of categories that are left out.
        without_sources: Ids of sources that are left out.
        limit_reason: Why something is left out; the person reads it.
        copies: Ids of stored documents that go along as copies.
    """

    masked: frozenset[int] | None = None
    shown: Mapping[int, ShowGround] = field(default_factory=dict)
    without_categories: frozenset[str] = frozenset()
    without_sources: frozenset[int] = frozenset()
    limit_reason: str = ""
    copies: frozenset[int] = frozenset()

    @property
    def is_limited(self) -> bool:
        """Return whether something is left out."""
        return bool(self.without_categories or self.without_sources)


ALL = Choice()


def check(choice: Choice, proposed: frozenset[int]) -> None:
    """Refuse a choice that lacks a reason.

    Args:
        choice: What was chosen.
        proposed: Values that are hidden unless somebody says why not.

    Raises:
        UserError: Something that may concern somebody else is shown without a ground, or something is left out without a reason.
    """
    if choice.masked is not None and proposed - choice.masked - set(choice.shown):
        raise _refused(
            _("Uppgifter som kan röra andra visas utan skäl."),
            _("Välj varför de får lämnas ut, eller dölj dem igen."),
        )
    if choice.is_limited and not choice.limit_reason.strip():
        raise _refused(
            _("Något är utelämnat utan skäl."), _("Skriv varför det inte är med. Personen får läsa skälet i utdraget.")
        )


def _refused(what: str, do: str) -> UserError:
    return UserError(what, stands=_("Inget utdrag har skapats."), do=do, code=ExitCode.NOT_ALLOWED)
