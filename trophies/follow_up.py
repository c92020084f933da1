"""What became of the prizes of an edition, as one member of the team may know it."""

from dataclasses import dataclass
from functools import cached_property

from trophies.aftermath import NewsStep, Stage, steps_of
from trophies.models import AwardFollowUp, Edition, Laureate


@dataclass(frozen=True)
class AwardRow:
    """A laureate, its prize, and what was done since."""

    laureate: Laureate
    follow_up: AwardFollowUp | None
    news: list[NewsStep]

    @property
    def prize(self):
        return self.laureate.prize

    @property
    def given(self):
        """The amount of the prize, in euros, or None."""
        return self.prize.amount

    @property
    def paid(self):
        return self.follow_up.paid_amount if self.follow_up else None

    @property
    def left(self):
        """What remains to be paid, as far as it was noted."""
        return max((self.given or 0) - (self.paid or 0), 0)

    @property
    def convention_signed_on(self):
        return self.follow_up and self.follow_up.convention_signed_on

    @property
    def paid_on(self):
        return self.follow_up and self.follow_up.paid_on

    @property
    def payment_reference(self):
        return self.follow_up.payment_reference if self.follow_up else ""

    @property
    def ceremony(self):
        """Whether they came: True, False, or None when nobody noted it."""
        return self.follow_up.came_to_ceremony if self.follow_up else None


@dataclass(frozen=True)
class Overview:
    edition: Edition
    rows: list[AwardRow]

    @cached_property
    def given(self):
        return sum(row.given or 0 for row in self.rows)

    @cached_property
    def paid(self):
        return sum(row.paid or 0 for row in self.rows)

    @cached_property
    def left(self):
        return sum(row.left for row in self.rows)

    @property
    def to_sign(self):
        return sum(row.convention_signed_on is None for row in self.rows)

    @property
    def to_read(self):
        """How many news wait for the team to read them."""
        return sum(step.stage == Stage.TOLD for row in self.rows for step in row.news)

    @property
    def to_ask(self):
        return sum(step.stage == Stage.TO_ASK for row in self.rows for step in row.news)


def laureates_of(edition, user):
    """The laureates that `user` may see, with all that their follow-up reads."""
    return (
        Laureate.objects.visible_to(user)
        .filter(prize__edition=edition)
        .select_related("prize__edition", "prize__funder", "initiative", "follow_up")
        .prefetch_related("later_news")
    )


def row_of(laureate):
    return AwardRow(laureate, getattr(laureate, "follow_up", None), steps_of(laureate))


def overview_of(edition, user):
    """The `Overview` of an edition; no row of it, and no sum, knows of a hidden laureate."""
    return Overview(edition, [row_of(laureate) for laureate in laureates_of(edition, user)])
