"""An edition from its call to the news of its laureates: forty files, eight jurors, one record.

Each chapter writes through the services that the pages call, and says what must hold then.
"""

import re
from datetime import timedelta
from io import StringIO

import pgtrigger
import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from post_office.models import Email

from tests.factories import (
    ago,
)
from tests.results import pages, read_letters, work
from tests.trophies.readings import COMMENT, YEAR, Readings, hidden
from trophies import services
from trophies.models import (
    AwardFollowUp,
    Decision,
    Evaluation,
    Laureate,
    LaureateNews,
    Presence,
    Score,
)
from trophies.room import room_of
from trophies.services.sessions import CastingNeeded
from trophies.workflow import NotAllowed

pytestmark = pytest.mark.django_db

State = Presence.State


class Year(Readings):
    """The same edition, up to the news of its laureates."""

    # The deliberation ---------------------------------------------------------------------------

    def meet(self):
        """A vote waits for who has a tie to go out; equal votes are separated; prizes are given."""
        self.session = services.call_session(
            self.edition, starts_at=ago(minutes=1), place="Besançon", quorum=4
        )
        services.open_session(self.session)
        with pytest.raises(NotAllowed, match="quorum"):
            self.vote([self.first_free()], [0], prize=None)
        services.drop_ballot(self.session.ballots.get())
        for presence in self.session.presences.all():
            services.move(self.session, user=presence.user, state=State.PRESENT)
        self.refuse_the_recused()
        order = [self.file(row.file) for row in self.ranking.files]
        grand, link, left = self.prizes
        winners = self.choose(order[:4], grand)
        third = self.break_tie([file for file in order if file not in winners][:2], link)
        self.decide(winners, grand, [third], link, order)
        services.close_session(self.session)
        assert not Laureate.objects.filter(prize=left).exists()

    def file(self, key):
        return self.edition.candidatures.get(pk=key)

    def first_free(self):
        """A file that nobody of the jury has a tie with."""
        tied = {file.pk for _, file in hidden(self.edition)}
        return next(file for file in self.files() if file.pk not in tied)

    def refuse_the_recused(self):
        user, file = next(pair for pair in hidden(self.edition) if self.is_in_room(pair[0]))
        assert user in room_of(self.session).recusals[file.pk]
        with pytest.raises(NotAllowed, match=re.escape(str(user))):
            self.vote([file], [1], prize=None)
        services.drop_ballot(self.session.ballots.get(closed_at=None))

    def is_in_room(self, user):
        return self.session.presences.filter(user=user, state=State.PRESENT).exists()

    def vote(self, files, votes, *, prize, seats=1, casting=None):
        ballot = self.session.ballots.filter(closed_at=None).first() or services.open_ballot(
            self.session, question="Qui passe ?", candidatures=files, seats=seats, prize=prize
        )
        given = {file.pk: voices for file, voices in zip(files, votes, strict=True)}
        return services.close_ballot(ballot, votes=given, abstentions=0, casting=casting)

    def voters_for(self, files):
        """Whoever has a tie with one of the files goes out; the others come in."""
        out = {user.pk for user, file in hidden(self.edition) if file in files}
        for presence in self.session.presences.all():
            state = State.OUT if presence.user_id in out else State.PRESENT
            services.move(self.session, user=presence.user, state=state)
        assert not set(room_of(self.session).recusals) & {file.pk for file in files}
        return len(room_of(self.session).voters)

    def choose(self, files, prize):
        voters = self.voters_for(files)
        ballot = self.vote(files, [voters, voters - 1, 1, 0], prize=prize, seats=2)
        assert ballot.voters.count() == voters
        return [choice.candidature for choice in ballot.choices.filter(is_chosen=True)]

    def break_tie(self, files, prize):
        voters = self.voters_for(files)
        half = voters // 2
        if voters % 2:
            member = next(s for s in room_of(self.session).voters if s.role == "member")
            services.move(self.session, user=member.user, state=State.OUT)
        with pytest.raises(CastingNeeded):
            self.vote(files, [half, half], prize=prize)
        ballot = self.vote(files, [half, half], prize=prize, casting=files[1].pk)
        assert ballot.casting_by.role in ("president", "deputy")
        assert [c.candidature for c in ballot.choices.filter(is_chosen=True)] == [files[1]]
        return files[1]

    def decide(self, grand, grand_prize, link, link_prize, order):
        given = {file.pk: grand_prize for file in grand} | {file.pk: link_prize for file in link}
        reserve = next(file.pk for file in order if file.pk not in given)
        for file in self.files():
            is_given = file.pk in given
            outcome = "laureate" if is_given else "not_selected"
            outcome = "reserve" if file.pk == reserve else outcome
            services.decide(
                file, outcome=outcome, prize=given.get(file.pk), citation="Parce que." * is_given
            )
        assert Laureate.objects.filter(prize__edition=self.edition).count() == 3

    # The minutes --------------------------------------------------------------------------------

    def seal(self):
        self.minutes = services.seal_minutes(self.session, by=self.team, remarks="Séance calme.")
        with pytest.raises(NotAllowed, match="scellé"):
            services.decide(self.files()[-1], outcome="reserve")
        assert verdict(self.edition) == (True, "")

    def tamper(self):
        """Whoever writes in the database behind the portal's back is named by what they changed."""
        score = Score.objects.filter(
            evaluation__in=Evaluation.objects.counting(self.edition), level__gte=1
        ).first()
        decision = Decision.objects.filter(
            candidature__edition=self.edition, outcome="reserve"
        ).get()
        ballot = self.session.ballots.order_by("number").first()
        reference = decision.candidature.reference
        changes = [
            (score, {"level": score.level - 1}, score.evaluation.assignment.candidature.reference),
            (decision, {"outcome": "finalist"}, reference),
            (ballot, {"abstentions": 3}, "scrutin"),
            (self.minutes, {"payload": self.minutes.payload | {"quorum": 1}}, "sceau"),
        ]
        for row, change, name in changes:
            assert self.is_caught(row, change, name)
        assert verdict(self.edition) == (True, "")

    def is_caught(self, row, change, name):
        """Whether the first difference names what was changed; all goes back after."""
        kept = {field: getattr(row, field) for field in change}
        overwrite(row, change)
        is_intact, text = verdict(self.edition)
        overwrite(row, kept)
        return not is_intact and name in text

    # The instant, and after ---------------------------------------------------------------------

    def keep_secret(self, client):
        read_letters(self.edition)
        work()
        self.letters_left = Email.objects.count()
        titles = self.titles()
        assert not any(title in page for page in self.public(client) for title in titles)

    def titles(self):
        rows = Laureate.objects.filter(prize__edition=self.edition).select_related("initiative")
        return [f">{row.initiative.title}<" for row in rows]

    def public(self, client):
        names = [
            "home",
            "initiatives:list",
            "initiatives:feed",
            "news:list",
            "news:feed",
            "sitemap",
        ]
        addresses = [reverse(name) for name in names]
        addresses += [reverse(f"trophies:{name}", args=[YEAR]) for name in ("edition", "laureates")]
        return pages(client, addresses).values()

    def publish(self, client):
        self.move(results_published_at=ago(seconds=1))
        work()
        shown = "".join(self.public(client))
        assert all(title in shown for title in self.titles())
        assert "on attribué cette année" in shown

    def write_to_all(self):
        """Each file's holder has one letter, with what the jurors wrote for them; and only one."""
        work()
        for file in self.files():
            letters = Email.objects.filter(to=file.holders.get().email, message__contains=COMMENT)
            assert letters.count() == 1, file
        assert not Decision.objects.published().filter(letter_queued_at=None).exists()

    def follow(self):
        laureates = Laureate.objects.filter(prize__edition=self.edition)
        for laureate in laureates:
            AwardFollowUp.objects.create(
                laureate=laureate, convention_signed_on=ago(days=1).date(),
                paid_on=ago(days=1).date(), paid_amount=laureate.prize.amount,
                payment_reference="VIR-1",
            )  # fmt: skip
        self.move(**{name: getattr(self.edition, name) - timedelta(days=367) for name in DATES})
        work()
        asked = LaureateNews.objects.filter(laureate__in=laureates, years=1)
        assert asked.exclude(asked_at=None).count() == 3
        assert verdict(self.edition) == (True, "")


DATES = [
    *("opens_at", "closes_at", "jury_opens_at", "jury_closes_at"),
    *("second_opened_at", "second_closes_at", "results_published_at"),
]


def overwrite(row, values):
    """As somebody would who has the database in their hands."""
    with pgtrigger.ignore():
        type(row).objects.filter(pk=row.pk).update(**values)


def verdict(edition):
    """Whether the command finds the minutes intact, else what it says of them."""
    output = StringIO()
    try:
        call_command("verify_minutes", edition.year, stdout=output, stderr=output)
    except (CommandError, SystemExit) as error:
        return False, f"{output.getvalue()}{error}"
    assert "intact" in output.getvalue()
    return True, ""


def test_edition_is_played_from_its_call_to_its_news(client):
    year = Year()
    year.deposit()
    year.seat()
    year.screen()
    year.tie()
    year.declare()
    year.rule()
    year.plan()
    year.read()
    year.read_again()
    year.meet()
    year.seal()
    year.tamper()
    year.keep_secret(client)
    year.publish(client)
    year.write_to_all()
    year.follow()
