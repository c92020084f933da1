"""What became of the laureates: their holders are asked some years later, and tell."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone

from accounts import mails
from trophies.aftermath import due_expression, version_of
from trophies.models import Laureate, LaureateNews
from trophies.models.aftermath import YEARS
from trophies.workflow import NotAllowed

# An older anniversary is history: the team asks by itself, if it wishes.
ASKED_WITHIN = timedelta(days=60)
RESULTS = "prize__edition__results_published_at"
OVERTAKEN = (
    "Ce texte a changé pendant que vous écriviez : un autre porteur, ou l’équipe, l’a enregistré. "
    "Le voici ; enregistrer de nouveau le remplace par le vôtre."
)


@transaction.atomic
def ask_for_news():
    """Note what is due of each laureate, and ask the holders of its candidature, once."""
    for years in YEARS:
        due = Laureate.objects.published().alias(due_at=due_expression(RESULTS, Value(years)))
        new = due.filter(due_at__lte=Now()).exclude(later_news__years=years)
        LaureateNews.objects.bulk_create(
            [LaureateNews(laureate=laureate, years=years) for laureate in new],
            ignore_conflicts=True,
        )
    for news in to_ask():
        ask(news)


def to_ask():
    """What has just become due, and somebody may be asked."""
    return (
        LaureateNews.objects.filter(
            asked_at=None,
            text="",
            laureate__in=Laureate.objects.published().filter(candidature__isnull=False),
        )
        .alias(due_at=due_expression(f"laureate__{RESULTS}", F("years")))
        .filter(due_at__lte=Now(), due_at__gt=Now() - ASKED_WITHIN)
        .select_for_update(of=["self"])
        .select_related("laureate__candidature__edition")
    )


def ask(news):
    """Without anybody to ask, it stays to be asked."""
    candidature = news.laureate.candidature
    holders = candidature.holders.filter(is_active=True).order_by("email")
    for email in holders.values_list("email", flat=True):
        mails.send(
            "laureate_news",
            to=email,
            fields={
                "projet": candidature,
                "annee": candidature.edition.year,
                "temps": news.get_years_display(),
                "lien": settings.SITE_URL + news_address(news),
                "contact": settings.SITE_URL + reverse("pages:contact"),
            },
            event=f"laureate_news:{news.pk}",
            about=candidature.uuid,
        )
        news.asked_at = timezone.now()
    if news.asked_at:
        news.save(update_fields=["asked_at"])


def news_address(news):
    """Where holders tell it."""
    return reverse("candidatures:news", args=[news.laureate.candidature.uuid, news.years])


@transaction.atomic
def tell_news(news, *, text, seen, by):
    """Keep what a holder tells; `seen`: the `version_of` what they had before their eyes.

    Raises NotAllowed once it is public, or when somebody else wrote it since.
    """
    kept = LaureateNews.objects.select_for_update(of=["self"]).get(pk=news.pk)
    if kept.is_public:
        raise NotAllowed("Ce texte paraît déjà : pour le changer, écrivez à l’équipe.")
    if text == kept.text:
        return
    if seen != version_of(kept):
        raise NotAllowed(OVERTAKEN)
    kept.text, kept.told_by, kept.told_at = text, by, timezone.now()
    kept.save(update_fields=["text", "told_by", "told_at"])
