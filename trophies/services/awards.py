"""What the jury decides, what comes out of it at the instant of the results, and after."""

import re

from django.db import transaction
from django.db.models import Sum
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from initiatives.models import Initiative, InitiativeTheme, Support, Theme
from news.models import NewsItem
from rallynov.publishing import free_slug
from trophies.models import (
    Candidature,
    Decision,
    Edition,
    Evaluation,
    Laureate,
    Prize,
)
from trophies.ranking import Reading, rank
from trophies.services.candidatures import lock
from trophies.services.mails import tell_holders
from trophies.workflow import NotAllowed, Status, wrong_status

# The columns of a sheet that a holder's consent opens: they have the names of the questions.
PUBLISHED_ANSWERS = ["need", "response", "people", "effects"]


# The decision -----------------------------------------------------------------------------------


def ranking(edition, *, by):
    """The `Ranking` of the eligible files that `by` may see, on the levels' scale.

    A file that a conflict hides from `by` counts for nothing in it: a rank left out would name it.
    Raises NotAllowed while the jury reads: nobody sees an average before.
    """
    if not edition.has_been_read:
        raise NotAllowed("Les moyennes ne se voient qu’une fois les lectures closes.")
    weights = dict(edition.criteria.values_list("pk", "weight"))
    visible = Candidature.objects.visible_to(by).eligible().filter(edition=edition)
    seen = set(visible.values_list("pk", flat=True))
    given = [
        Reading(row.assignment.candidature_id, row.assignment.jury_member_id, row.levels)
        for row in Evaluation.objects.counting(edition).order_by("pk")
        if row.assignment.candidature_id in seen
    ]
    places = edition.prizes.aggregate(Sum("quantity", default=0))["quantity__sum"]
    return rank(given, weights, places=places)


@transaction.atomic
def decide(candidature, *, outcome, prize=None, citation="", letter=None):
    """Write what the jury decided of one file, with its letter. Raises NotAllowed.

    The letter is drafted anew when the decision changes; else `letter` replaces it, if given.

    Everything it writes stays secret until the instant of the results.
    """
    candidature = lock(candidature)
    if candidature.status != Status.ELIGIBLE:
        raise NotAllowed(wrong_status(candidature))
    edition = Edition.objects.select_for_update().get(pk=candidature.edition_id)
    if not edition.is_deliberating:
        raise NotAllowed("Le jury décide entre la fin des lectures et la publication.")
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
    elif letter is not None:
        decision.letter = letter
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


def letter_of(candidature, outcome, prize):
    """A first draft, with what jurors wrote for the candidate; staff read it before it leaves."""
    comments = [
        evaluation.comment_for_candidate.strip()
        for evaluation in Evaluation.objects.counting(candidature.edition).filter(
            assignment__candidature=candidature
        )
    ]
    context = {
        "candidature": candidature,
        "edition": candidature.edition,
        "prize": prize,
        "comments": [comment for comment in comments if comment],
    }
    text = render_to_string(f"trophies/letters/{outcome}.txt", context).strip()
    return re.sub(r"\n{3,}", "\n\n", text)


# The sheet --------------------------------------------------------------------------------------


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


def fill_sheet(sheet, candidature):
    """Write a sheet from the last deposit, as far as its holder allowed it."""
    payload = candidature.last_deposit.payload
    if not sheet.pk:
        sheet.title, sheet.summary = payload["title"], payload["summary"]
        sheet.slug = free_slug(sheet, sheet.title)
        sheet.commune_id = payload["commune"]["code"]
    if payload["may_publish"]:
        sheet.summary = payload["summary"]
        sheet.started_year = payload["started_year"]
        for name in PUBLISHED_ANSWERS:
            setattr(sheet, name, payload["answers"][name])
    sheet.save()
    complete_links(sheet, candidature)


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


@transaction.atomic
def send_letters():
    """Queue each letter whose instant has come, once."""
    due = Decision.objects.published().filter(letter_queued_at=None).exclude(letter="")
    for decision in due.select_for_update(of=["self"]).select_related("candidature__edition"):
        tell_holders(decision.candidature, "letter", letter=decision.letter)
        decision.letter_queued_at = timezone.now()
        decision.save(update_fields=["letter_queued_at"])


@transaction.atomic
def fill_sheets():
    """Bring the sheets that existed before up to date, as far as their holders allowed it."""
    due = Laureate.objects.published().filter(sheet_filled_at=None, candidature__isnull=False)
    for laureate in due.select_related("candidature__edition", "initiative"):
        fill_sheet(laureate.initiative, laureate.candidature)
        laureate.sheet_filled_at = timezone.now()
        laureate.save(update_fields=["sheet_filled_at"])
