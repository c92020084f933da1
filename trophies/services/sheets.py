"""The sheet of a project in the directory, written from its deposit and never typed again."""

from django.db import transaction
from django.utils import timezone

from initiatives.models import RESERVED_SLUGS, Initiative, InitiativeTheme, Support, Theme
from rallynov.publishing import free_slug
from trophies import consent
from trophies.models import Decision, Laureate
from trophies.services.candidatures import lock
from trophies.services.consents import OFFERED_SHEET, note_choices
from trophies.services.mails import tell_holders
from trophies.workflow import NotAllowed, Status

# A laureate's sheet ------------------------------------------------------------------------------


def give_sheet(laureate):
    """The sheet of the laureate: its own in the directory, else one that awaits the results."""
    candidature, edition = laureate.candidature, laureate.candidature.edition
    if candidature.initiative is None:
        sheet = Initiative(
            embargo_year=edition.year,
            published_at=edition.results_published_at or timezone.now(),
            is_example=edition.is_example,
        )
        fill_sheet(sheet, candidature)
        candidature.initiative = sheet
        candidature.save(update_fields=["initiative"])
        laureate.sheet_filled_at = timezone.now()
    elif candidature.initiative.published_at is None:
        raise NotAllowed(
            f"La fiche « {candidature.initiative} » est un brouillon : publiez-la, ou "
            "détachez-la de la candidature, qui en recevra une autre."
        )
    laureate.initiative = candidature.initiative


@transaction.atomic
def fill_sheets():
    """Bring the sheets that existed before up to date, as far as their holders allowed it."""
    due = Laureate.objects.published().filter(sheet_filled_at=None, candidature__isnull=False)
    for laureate in due.select_related("candidature__edition", "initiative"):
        fill_sheet(laureate.initiative, laureate.candidature)
        laureate.sheet_filled_at = timezone.now()
        laureate.save(update_fields=["sheet_filled_at"])


# The others are offered one ----------------------------------------------------------------------


def may_have_sheet(candidature):
    """Whether its holder reads the decision already, and it is not a prize, which has a sheet."""
    decisions = Decision.objects.published().exclude(outcome=Decision.Outcome.LAUREATE)
    is_told = decisions.filter(candidature=candidature).exists()
    return is_told and candidature.status == Status.ELIGIBLE


@transaction.atomic
def propose_sheet(candidature, *, names, by):
    """A draft of the sheet, with what its holder lets appear (`names`): the team publishes it.

    Returns whether it was made: a candidature that has a sheet keeps it. Raises NotAllowed.
    """
    candidature = lock(candidature)
    if not may_have_sheet(candidature):
        raise NotAllowed("Cette candidature ne peut pas avoir sa fiche pour l’instant.")
    if candidature.initiative_id:
        return False
    sheet = Initiative(is_example=candidature.edition.is_example)
    fill_sheet(sheet, candidature, names=names)
    candidature.initiative, candidature.publishable = sheet, consent.in_order(names)
    candidature.save(update_fields=["initiative", "publishable"])
    note_choices(OFFERED_SHEET, names=candidature.publishable, by=by, about=candidature.uuid)
    tell_holders(candidature, "sheet_offered")
    return True


# Writing it --------------------------------------------------------------------------------------


def fill_sheet(sheet, candidature, *, names=None):
    """Write a sheet from the last deposit: what `names` or the deposit itself let appear.

    What a sheet says already of anything else stays as it was, and so do its title and its place.
    """
    payload = candidature.last_deposit.payload
    if not sheet.pk:
        sheet.title, sheet.commune_id = payload["title"], payload["commune"]["code"]
        sheet.slug = free_slug(sheet, addressed(sheet.title))
    sheet.summary = payload["summary"]
    for name in consent.allowed(payload) if names is None else consent.in_order(names):
        if value := consent.value_of(payload, name):
            setattr(sheet, name, value)
    sheet.save()
    complete_links(sheet, candidature)


def addressed(title):
    """The words of the address: « Carte » is one already."""
    return f"projet {title}" if title.strip().lower() in RESERVED_SLUGS else title


def complete_links(sheet, candidature):
    """The themes of a sheet that has none, and its holder."""
    if not sheet.theme_links.exists():
        slugs = [theme["slug"] for theme in candidature.last_deposit.payload["themes"]]
        for position, theme in enumerate(Theme.objects.filter(slug__in=slugs)):
            InitiativeTheme.objects.create(initiative=sheet, theme=theme, position=position)
    if candidature.organisation:
        Support.objects.get_or_create(
            initiative=sheet, organisation=candidature.organisation, role=Support.Role.HOLDER
        )
