"""Who may do what: the three roles of a vault's users.  Enforced in the services; here is only what a role is."""

from enum import StrEnum

from app.domain.errors import UserError
from app.i18n import _, mark


class Role(StrEnum):
    """What a user may do.  The codes stand in `vault.json` and in the command line's answers: never rename one."""

    OFFICER = "officer"
    HANDLER = "handler"
    REVIEWER = "reviewer"

    @property
    def label(self) -> str:
        """Return the role as the user reads it."""
        return _(_LABELS[self])

    @property
    def may(self) -> str:
        """Return in a sentence what the role may do."""
        return _(_MAY[self])

    def includes(self, other: "Role") -> bool:
        """Return whether this role may do all that `other` may."""
        return _RANK[self] >= _RANK[other]


_LABELS = {
    Role.OFFICER: mark("dataskyddsombud"),
    Role.HANDLER: mark("handläggare"),
    Role.REVIEWER: mark("granskare"),
}
_MAY = {
    Role.OFFICER: mark("Får göra allt."),
    Role.HANDLER: mark(
        "Får registrera, slå upp och förbereda, men inte radera, avsluta incidenter eller ändra nycklar och regler."
    ),
    Role.REVIEWER: mark("Får läsa och kontrollera, men inte ändra något."),
}
_RANK = {Role.REVIEWER: 0, Role.HANDLER: 1, Role.OFFICER: 2}


def refusal(needed: Role) -> UserError:
    """Return the error for an act that a higher role is needed for; it says who may."""
    who = {
        Role.OFFICER: _("Bara ett dataskyddsombud får göra det här."),
        Role.HANDLER: _("Bara en handläggare eller ett dataskyddsombud får göra det här."),
        Role.REVIEWER: _("Bara en användare av valvet får göra det här."),
    }
    return UserError(
        who[needed],
        stands=_("Inget har ändrats."),
        do=_("Be någon som får, eller be dataskyddsombudet ändra din roll under Nycklar och användare."),
    )
