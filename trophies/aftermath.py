"""What becomes of a laureate after the results: when its news are due, and how far they are."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import DateTimeField, DurationField, ExpressionWrapper, F, Func
from django.utils import timezone

from trophies.models import Laureate, LaureateNews
from trophies.models.aftermath import WORDS, YEARS


class Stage(StrEnum):
    NOT_YET = "not_yet"
    TO_ASK = "to_ask"
    ASKED = "asked"
    TOLD = "told"
    PUBLIC = "public"


LABELS = {
    Stage.NOT_YET: "pas encore",
    Stage.TO_ASK: "à demander",
    Stage.ASKED: "demandée",
    Stage.TOLD: "à relire",
    Stage.PUBLIC: "parue",
}


@dataclass(frozen=True)
class NewsStep:
    """The news of a laureate after so many years, as the team follows it."""

    years: int
    stage: Stage
    at: datetime | None  # it was asked or told, else due

    @property
    def after(self):
        return WORDS[self.years]

    @property
    def label(self):
        return LABELS[self.stage]


def due_expression(results, years):
    """The anniversary of the instant named `results`, for the database; `years`: an expression."""
    interval = Func(
        years,
        template="make_interval(years => %(expressions)s::int)",
        output_field=DurationField(),
    )
    return ExpressionWrapper(F(results) + interval, output_field=DateTimeField())


def due_at(results, years):
    """The same anniversary; that of a 29 February may be a 28."""
    try:
        return results.replace(year=results.year + years)
    except ValueError:
        return results.replace(year=results.year + years, day=28)


def steps_of(laureate, now=None):
    """The three `NewsStep` of a laureate whose `later_news` and edition are loaded."""
    results = laureate.prize.edition.results_published_at
    told = {news.years: news for news in laureate.later_news.all()}
    now = now or timezone.now()
    return [step_of(told.get(years), years, results, now) for years in YEARS]


def step_of(news, years, results, now):
    if news is None:
        due = results and due_at(results, years)
        stage = Stage.TO_ASK if due and due <= now else Stage.NOT_YET
        return NewsStep(years, stage, due)
    if news.text:
        return NewsStep(years, Stage.PUBLIC if news.is_public else Stage.TOLD, news.told_at)
    return NewsStep(years, Stage.ASKED if news.asked_at else Stage.TO_ASK, news.asked_at)


def version_of(news):
    """What tells one text of a `LaureateNews` from another."""
    return hashlib.sha256(news.text.encode()).hexdigest()[:16]


def news_of(candidature):
    """What its holders are asked, or told: nothing of it before the results."""
    laureates = Laureate.objects.published().filter(candidature=candidature)
    return LaureateNews.objects.filter(laureate__in=laureates).order_by("years")
