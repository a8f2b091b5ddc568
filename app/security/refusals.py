"""What the vault says when it does not open: wrong secret, damage and a newer format are three different things."""

from app.domain.errors import ExitCode, UserError
from app.i18n import _, ngettext


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


def wrong_user_passphrase() -> UserError:
    """The user is there, and this is not the user's passphrase."""
    return UserError(
        _("Fel lösenfras."),
        stands=_("Valvet är låst och orört."),
        do=_("Kontrollera Caps Lock och ditt namn. Har du glömt lösenfrasen kan dataskyddsombudet ge dig en ny."),
        code=ExitCode.WRONG_SECRET,
    )


def no_such_user() -> UserError:
    """No slot of this vault has that name."""
    return UserError(
        _("Valvet har ingen användare med det namnet."),
        stands=_("Valvet är låst och orört."),
        do=_("Välj ditt namn i listan, eller be dataskyddsombudet lägga till dig."),
        code=ExitCode.WRONG_SECRET,
    )


def name_needed() -> UserError:
    """Only users have passphrases in this vault."""
    return UserError(
        _("Valvet öppnas med en användares lösenfras."),
        stands=_("Valvet är låst och orört."),
        do=_("Välj ditt namn och skriv din egen lösenfras, eller öppna med återställningsnyckeln."),
        code=ExitCode.WRONG_SECRET,
    )


def damaged_user_slot() -> UserError:
    """A user's slot is damaged, perhaps this one's."""
    return UserError(
        _("Den del av vault.json som hör till en användare är skadad."),
        stands=_("Uppgifterna i valvet är orörda, och inget har ändrats."),
        do=_("Öppna med valvets lösenfras eller återställningsnyckeln och lägg till användaren på nytt."),
        code=ExitCode.DAMAGED,
    )


def keyring_does_not_fit() -> UserError:
    """The key store holds another secret, or the slot for it is gone."""
    return UserError(
        _("Datorns nyckelring har inte nyckeln till det här valvet."),
        stands=_("Valvet är låst och orört, och inget har raderats."),
        do=_("Öppna med lösenfrasen eller återställningsnyckeln. Slå sedan på snabb upplåsning på nytt."),
        code=ExitCode.KEYRING,
    )


def keyring_silent() -> UserError:
    """The key store is missing, locked, failing, too slow, or not one that is trusted."""
    return UserError(
        _("Datorns nyckelring svarar inte."),
        stands=_("Valvet är låst och orört, och inget har raderats."),
        do=_("Lås upp nyckelringen och försök igen, eller öppna med lösenfrasen eller återställningsnyckeln."),
        code=ExitCode.KEYRING,
    )


def keyring_not_trusted() -> UserError:
    """The key store is none of those that keep secrets."""
    return UserError(
        _("Datorn har ingen nyckelring som programmet litar på."),
        stands=_("Inget har ändrats. Valvet öppnas som förut."),
        do=_("Öppna med lösenfrasen. Snabb upplåsning kräver Windows, macOS, GNOME eller KDE med inloggad nyckelring."),
        code=ExitCode.KEYRING,
    )


def keyring_forgets() -> UserError:
    """What was written to the key store was not what it gave back."""
    return UserError(
        _("Datorns nyckelring gav inte tillbaka det som sparades."),
        stands=_("Inget har ändrats. Valvet öppnas som förut."),
        do=_("Öppna med lösenfrasen som vanligt, och be den som sköter datorn se över nyckelringen."),
        code=ExitCode.KEYRING,
    )


def too_soon(seconds: int) -> UserError:
    """The last tries were wrong, and the next one has to wait."""
    return UserError(
        ngettext("Vänta {n} sekund före nästa försök.", "Vänta {n} sekunder före nästa försök.", seconds).format(
            n=seconds
        ),
        stands=_("Valvet är låst och orört."),
        do=_("Vänta och försök igen. Valvet låser sig aldrig för gott."),
        code=ExitCode.NOT_ALLOWED,
    )


def bad_name() -> UserError:
    """A name that is empty, too long, or cannot be shown."""
    return UserError(
        _("Namnet går inte att använda."),
        stands=_("Inget har ändrats."),
        do=_("Skriv ett namn på högst 80 tecken, i en rad."),
        code=ExitCode.NOT_ALLOWED,
    )


def name_taken() -> UserError:
    """There is such a user already."""
    return UserError(
        _("Det finns redan en användare med det namnet."),
        stands=_("Inget har ändrats."),
        do=_("Välj ett annat namn, eller ta bort den gamla användaren först."),
        code=ExitCode.NOT_ALLOWED,
    )


def too_many_slots() -> UserError:
    """The key file has room for no more."""
    return UserError(
        _("Valvet har så många nycklar som det kan ha."),
        stands=_("Inget har ändrats."),
        do=_("Ta bort en användare som inte behövs, och försök igen."),
        code=ExitCode.NOT_ALLOWED,
    )


def last_officer() -> UserError:
    """Nobody would be left who may do everything."""
    return UserError(
        _("Det är valvets sista dataskyddsombud."),
        stands=_("Inget har ändrats."),
        do=_("Lägg till ett annat dataskyddsombud först."),
        code=ExitCode.NOT_ALLOWED,
    )


def not_carried() -> UserError:
    """A slot would not open after the rotation."""
    return UserError(
        _("En av valvets nycklar är skadad eller ändrad av någon annan."),
        stands=_("Databasens nyckel är inte bytt. Valvet öppnas som förut."),
        do=_(
            "Byt lösenfrasen, gör en ny återställningsnyckel och lägg till användarna på nytt. Byt sedan databasens nyckel."
        ),
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
