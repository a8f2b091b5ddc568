"""What the vault says when it does not open: wrong secret, damage and a newer format are three different things."""

from app.domain.errors import ExitCode, UserError
from app.i18n import _


def wrong_passphrase() -> UserError:
    """The passphrase's slot is whole, and this passphrase does not fit it."""
    return UserError(
        _("Fel lösenfras."),
        stands=_("Valvet är låst och orört."),
        do=_("Kontrollera Caps Lock och skriv lösenfrasen igen, eller öppna med återställningsnyckeln."),
        code=ExitCode.WRONG_SECRET,
    )


def wrong_recovery_key() -> UserError:
    """The key is rightly typed and belongs to another vault, or has been replaced."""
    return UserError(
        _("Återställningsnyckeln hör inte till det här valvet."),
        stands=_("Valvet är låst och orört."),
        do=_("Kontrollera att arket är valvets senaste, eller öppna med lösenfrasen."),
        code=ExitCode.WRONG_SECRET,
    )


def damaged() -> UserError:
    """`vault.json` is not what was written, in a part nothing opens without."""
    return UserError(
        _("Valvets nyckelfil vault.json är skadad."),
        stands=_("Uppgifterna i valvet är orörda, och inget har ändrats."),
        do=_("Hämta vault.json ur den senaste säkerhetskopian. Radera ingenting."),
        code=ExitCode.DAMAGED,
    )


def damaged_passphrase_slot() -> UserError:
    """Only the passphrase's slot is damaged."""
    return UserError(
        _("Den del av vault.json som hör till lösenfrasen är skadad."),
        stands=_("Uppgifterna i valvet är orörda, och inget har ändrats."),
        do=_("Öppna med återställningsnyckeln och välj en ny lösenfras, eller hämta vault.json ur en säkerhetskopia."),
        code=ExitCode.DAMAGED,
    )


def damaged_recovery_slot() -> UserError:
    """Only the recovery key's slot is damaged."""
    return UserError(
        _("Den del av vault.json som hör till återställningsnyckeln är skadad."),
        stands=_("Uppgifterna i valvet är orörda, och inget har ändrats."),
        do=_("Öppna med lösenfrasen och gör ett nytt återställningsark, eller hämta vault.json ur en säkerhetskopia."),
        code=ExitCode.DAMAGED,
    )


def missing() -> UserError:
    """There are a vault's other files, but no `vault.json`."""
    return UserError(
        _("Valvets nyckelfil vault.json saknas."),
        stands=_("Uppgifterna i valvet är orörda, och inget har ändrats."),
        do=_("Hämta vault.json ur den senaste säkerhetskopian. Radera ingenting."),
        code=ExitCode.DAMAGED,
    )


def not_a_vault() -> UserError:
    """The folder is missing, or nothing in it is ours."""
    return UserError(
        _("Mappen är inget valv."),
        stands=_("Inget har ändrats."),
        do=_("Välj en mapp som slutar på .ombud, och kontrollera att disken är ansluten."),
        code=ExitCode.USAGE,
    )


def newer() -> UserError:
    """The vault was made by a version of the program that this one knows nothing about."""
    return UserError(
        _("Valvet är gjort av en nyare version av Ombudet."),
        stands=_("Uppgifterna i valvet är orörda, och inget har ändrats."),
        do=_("Installera den nyare versionen och öppna valvet med den."),
        code=ExitCode.NEWER_VERSION,
    )


def not_empty() -> UserError:
    """A new vault is never made over something else."""
    return UserError(
        _("Mappen är inte tom."),
        stands=_("Det som finns i mappen är orört."),
        do=_("Välj en ny eller tom mapp till valvet."),
        code=ExitCode.NOT_ALLOWED,
    )


def empty_passphrase() -> UserError:
    """An empty passphrase protects nothing."""
    return UserError(
        _("Lösenfrasen är tom."),
        stands=_("Inget har ändrats."),
        do=_("Skriv en lösenfras, gärna fem ord."),
        code=ExitCode.NOT_ALLOWED,
    )


def too_little_memory() -> UserError:
    """The computer could not give the memory that the passphrase's slot asks for."""
    return UserError(
        _("Datorn har för lite ledigt minne för att låsa upp valvet."),
        stands=_("Valvet är låst och orört."),
        do=_("Stäng några program och försök igen."),
        code=ExitCode.NOT_ALLOWED,
    )
