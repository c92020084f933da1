"""What the jury decides, what comes out of it at the instant of the results, and after."""

from django.db import transaction
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from initiatives.models import Initiative
from news.models import NewsItem
from rallynov.publishing import free_slug
from trophies.models import Decision, Edition, Laureate, Prize
from trophies.services.candidatures import lock
from trophies.services.letters import forget_reading, keep_letter, letter_of, version_of_letter
from trophies.services.minutes import refuse_sealed
from trophies.services.sheets import give_sheet
from trophies.workflow import NotAllowed, Status, wrong_status

# The decision -----------------------------------------------------------------------------------


@transaction.atomic
def decide(
    candidature, *, outcome, prize=None, citation="", letter=None, version=None, read_by=None
):
    """Write what the jury decided of one file, with its letter. Raises NotAllowed.

    The letter is drafted anew when the decision changes, to be read again; else `letter` replaces
    it, if given, and `read_by` has read it (`keep_letter`).

    Everything it writes stays secret until the instant of the results.
    """
    candidature = lock(candidature)
    if candidature.status != Status.ELIGIBLE:
        raise NotAllowed(wrong_status(candidature))
    edition = Edition.objects.select_for_update().get(pk=candidature.edition_id)
    if not edition.is_deliberating:
        raise NotAllowed("Le jury décide entre la fin des lectures et la publication.")
    refuse_sealed(edition)
    decision = Decision.objects.filter(candidature=candidature).first()
    if decision is None:
        decision = Decision(candidature=candidature)
    is_new = decision.outcome != outcome
    decision.outcome = outcome
    if outcome == Decision.Outcome.LAUREATE:
        laureate = award(candidature, prize=prize, citation=citation)
        is_new = is_new or laureate.prize_has_changed
    else:
        take_back(candidature)
    if is_new:
        decision.letter = letter_of(candidature, outcome, prize)
        forget_reading(decision)
    elif letter is not None:
        keep_letter(
            decision, letter, version=version or version_of_letter(decision), read_by=read_by
        )
    decision.save()
    return decision


def award(candidature, *, prize, citation):
    """The prize goes to the file, at the first of its places that is free."""
    if prize is None:
        raise NotAllowed("Choisissez le prix de cette candidature lauréate.")
    laureate = Laureate.objects.filter(candidature=candidature).first()
    if laureate is None:
        laureate = Laureate(candidature=candidature)
    laureate.prize_has_changed = laureate.prize_id != prize.pk
    if laureate.prize_has_changed:
        laureate.prize, laureate.place = prize, free_place(prize)
    if laureate.initiative_id is None:
        give_sheet(laureate)
    laureate.citation = citation
    laureate.save()
    return laureate


def free_place(prize):
    prize = Prize.objects.select_for_update().get(pk=prize.pk)
    taken = set(prize.laureates.values_list("place", flat=True))
    free = (place for place in range(1, prize.quantity + 1) if place not in taken)
    place = next(free, None)
    if place is None:
        raise NotAllowed(f"« {prize.name} » est déjà attribué.")
    return place


def take_back(candidature):
    """The file has no prize any more; the sheet that its prize had made goes with it."""
    laureate = Laureate.objects.filter(candidature=candidature).first()
    if laureate is None:
        return
    sheet = laureate.initiative
    laureate.delete()
    if sheet.embargo_year == candidature.edition.year and not sheet.laureates.exists():
        sheet.delete()
        candidature.initiative = None


# At the instant of the results, and after -------------------------------------------------------


@transaction.atomic
def announce(edition):
    """The news item of the results, which comes out with them: a first text for staff to mend."""
    existing = NewsItem.objects.filter(embargo_year=edition.year).first()
    if existing:
        return existing
    laureates = Laureate.objects.filter(prize__edition=edition).select_related(
        "initiative", "prize"
    )
    if not laureates:
        raise NotAllowed("Il n’y a pas encore de lauréat à annoncer.")
    item = NewsItem(
        title=f"Les lauréats des trophées {edition.year}",
        summary=f"Le jury a choisi. Voici les initiatives que les trophées {edition.year} "
        "récompensent, et pourquoi.",
        body=announcement(laureates),
        edition_year=edition.year,
        embargo_year=edition.year,
        published_at=edition.results_published_at or timezone.now(),
        is_example=edition.is_example,
    )
    item.slug = free_slug(item, item.title)
    item.save()
    return item


def announcement(laureates):
    rows = [
        (row.initiative.get_absolute_url(), row.initiative.title, row.prize.name, row.citation)
        for row in laureates
    ]
    lines = format_html_join("", '<li><a href="{}">{}</a>, {}. {}</li>', rows)
    return format_html("<ul>{}</ul>", lines)


def carry_results_instant(edition):
    """Rows that await the results show their date; which rows are public is a comparison."""
    for model in (Initiative, NewsItem):
        waiting = model.objects.filter(embargo_year=edition.year, published_at__isnull=False)
        waiting.update(published_at=edition.results_published_at or timezone.now())
