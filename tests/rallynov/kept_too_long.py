"""A whole edition, and all that people leave around it, with markers in every word they wrote."""

import hashlib

import pghistory
import pgtrigger
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.db.models import CharField, JSONField, TextField, Value
from django.db.models.functions import Concat, Left
from post_office.models import STATUS, Email

from accounts.models import MailSent, User
from events import services as events
from initiatives.models import FreshnessQuestion, ImportLine, InitiativeImport, SheetInvitation
from partners.models import Membership
from rallynov import outbox
from rallynov.privacy.register import BY_KEY
from tests.factories import (
    ago,
    ahead,
    make_authorisation,
    make_candidature,
    make_contribution,
    make_event,
    make_initiative,
    make_organisation,
    make_photo,
    make_registration,
    make_user,
)
from tests.trophies.readings import FILES
from tests.trophies.test_whole_edition import Year
from trophies import services
from trophies.models import (
    Announcement,
    Attachment,
    CallAlert,
    Extension,
    Invitation,
    JurySession,
    Laureate,
    LaureateNews,
    PieceRequest,
    SetAside,
)

# A word in every text that is private; a street; a domain of every address.
SECRET, STREET, DOMAIN = "qzsecretqz", "12 rue des Tilleuls Masqués", "qzadressesqz.example"
PRIVATE = f"{SECRET}, Mme Odile Nommée, {STREET}, odile@{DOMAIN}"
# Public of a laureate, and of nobody else.
PUBLIC = "qzpubliqz"
# What is not a text of people's: what is public of laureates, what is sealed, what is a code.
KEPT = {
    *("title", "organisation_name", "citation", "sha256", "reference", "journal", "payload"),
    *("code", "digest", "salt", "step", "tab", "file", "metadata", "publishable", "signs"),
    *("payment_reference", "content", "pdf", "key"),
}


def public(number):
    """All as long: the search keeps each word less one letter, which must be no other's."""
    return f"{PUBLIC}{number:0>2}x"


def add_file(candidature, name=f"{SECRET}.pdf", text=PRIVATE):
    content = f"%PDF-1.7 {text} %%EOF".encode()
    return Attachment.objects.create(
        candidature=candidature,
        file=ContentFile(content, name="x"),
        name=name,
        kind=Attachment.Kind.PDF,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )


class Kept(Year):
    """The edition, from its deposits to its news: nothing is left but to wait."""

    def deposit(self):
        self.drafts = [self.write(number) for number in range(FILES)]
        for draft in self.drafts:
            add_file(draft)
            services.deposit(candidature=draft, by=draft.holders.get(), received_at=ago(minutes=1))
        around(self.drafts[5], self.team)

    def leave_a_draft(self):
        self.left = self.write("brouillon")
        self.left.typed = {"commune": PRIVATE}
        self.left.save()
        add_file(self.left)
        around(self.left, self.team)

    def write(self, number):
        private = dict.fromkeys(["risks", "spread", "viability"], PRIVATE)
        shown = dict.fromkeys(["summary", "need", "response", "people", "effects"], public(number))
        return make_candidature(
            edition=self.edition,
            title=f"Le projet {public(number)}",
            organisation_name=f"Structure {public(number)}",
            holder=make_user(
                name=f"Porteur{SECRET} Numéro{number}", email=f"p{number}@p{number}.{DOMAIN}"
            ),
            **private,
            **shown,
        )

    def seat(self):
        super().seat()
        for seat in self.seats:
            seat.user.name, seat.user.email = f"Juré {SECRET}{seat.pk}", f"j@j{seat.pk}.{DOMAIN}"
            seat.user.save()
            Membership.objects.create(
                user=seat.user, organisation=make_organisation(), function=SECRET
            )

    def meet(self):
        super().meet()
        with pgtrigger.ignore():
            JurySession.objects.update(place=f"Chez Mme Odile, {STREET} {SECRET}")

    def read_one(self, reading):
        juror = reading.jury_member.user
        with pghistory.context(user=juror.pk, url=f"/admin/{juror.email}/"):
            super().read_one(reading)

    def play(self, client):
        for chapter in (
            *(
                self.deposit,
                self.seat,
                self.screen,
                self.leave_a_draft,
                self.tie,
                self.declare,
                self.rule,
            ),
            *(self.plan, self.read, self.read_again, self.meet, self.seal),
        ):
            chapter()
        self.keep_secret(client)
        self.publish(client)
        self.write_to_all()
        self.follow()
        return self


def around(candidature, team):
    """What people write around a candidature."""
    holder = candidature.holders.get()
    SetAside.objects.create(
        candidature=candidature, step="projet", tab="t", values={"need": PRIVATE}, by=holder,
        at=ago(days=1),
    )  # fmt: skip
    Invitation.objects.create(candidature=candidature, email=f"invitee@{DOMAIN}", by=holder)
    Announcement.objects.create(
        candidature=candidature, name=f"{SECRET}.pdf", size=1, by=holder, announced_at=ago(days=1)
    )
    Extension.objects.create(candidature=candidature, until=ago(seconds=1), reason=PRIVATE, by=team)
    PieceRequest.objects.create(candidature=candidature, message=PRIVATE, by=team)


def leave_the_rest(team):
    """Meetings, the directory, the admin, the mails."""
    event = make_event(starts_at=ago(days=2))
    make_registration(
        event, name=SECRET, email=f"inscrit@{DOMAIN}", organisation=SECRET, needs=PRIVATE,
        came_at=ago(days=2),
    )  # fmt: skip
    make_registration(event, name=SECRET, email=f"parti@{DOMAIN}", status="cancelled",
                      ended_at=ago(days=3))  # fmt: skip
    coming = make_event(starts_at=ahead(days=9), takes_registrations=True)
    events.register(coming, name=SECRET, email=f"viendra@{DOMAIN}", needs=PRIVATE)
    make_authorisation(make_photo(event), person=SECRET, withdrawn_on=ago(days=2).date())
    sheet = make_initiative()
    make_contribution(
        initiative=sheet, values={"title": PRIVATE}, before={"title": PRIVATE}, message=PRIVATE,
        name=SECRET, email=f"propose@{DOMAIN}", state="refused", answer=PRIVATE,
        answered_at=ago(days=1), answered_by=team,
    )  # fmt: skip
    SheetInvitation.objects.create(initiative=sheet, email=f"tient@{DOMAIN}", by=team)
    asked = make_user(email=f"demande@{DOMAIN}", name=SECRET)
    FreshnessQuestion.objects.create(initiative=sheet, user=asked)
    CallAlert.objects.create(email=f"prevenir@{DOMAIN}", asked_at=ago(days=1))
    imported = InitiativeImport.objects.create(
        by=team, name=SECRET, state="written", failure=PRIVATE, ended_at=ago(days=1)
    )
    ImportLine.objects.create(
        initiative_import=imported, number=1, title=SECRET, verdict="new", notes=[PRIVATE]
    )
    LogEntry.objects.create(
        user=team, content_type=ContentType.objects.get_for_model(User), object_id="1",
        object_repr=f"odile@{DOMAIN}", action_flag=CHANGE, change_message=PRIVATE,
    )  # fmt: skip
    outbox.queue(to=f"contact@{DOMAIN}", subject=SECRET, text=PRIVATE)
    MailSent.objects.claim(address=f"contact@{DOMAIN}", event=SECRET)
    withdrawn = make_user(email=f"consent@{DOMAIN}")
    services.ask_alert(email=withdrawn.email)
    alert = CallAlert.objects.get(email=withdrawn.email)
    services.confirm_alert(alert)
    services.stop_alert(alert.token)
    Email.objects.update(status=STATUS.sent)


def mark_everything():
    """In each column of words of the register's parts that the purge empties, history included."""
    with pgtrigger.ignore():
        for key in ("drafts", "candidatures", "prizes", "jury"):
            for label, columns in BY_KEY[key].holds.items():
                if label != "trophies.MinutesText":  # sealed: `Kept.meet` has one written
                    mark(label, columns)
        LaureateNews.objects.update(text=PRIVATE)
        public_news = LaureateNews.objects.first()
        LaureateNews.objects.filter(pk=public_news.pk).update(text="Public.", is_public=True)


def mark(label, columns):
    model = apps.get_model(label)
    for name in columns:
        field = model._meta.get_field(name)
        if name in KEPT or field.choices or field.is_relation or label.endswith("StatusChange"):
            continue
        if isinstance(field, JSONField):
            model.objects.update(**{name: {"x": PRIVATE}})
        elif isinstance(field, (CharField, TextField)):
            rows = model.objects.exclude(**{name: ""}) if name in ASKED_ONCE else model.objects
            room = field.max_length or 10_000
            rows.update(**{name: Left(Concat(Value(f"{SECRET} "), name), room)})


# Answers that were private or public already: a second marker would hide which.
ASKED_ONCE = {"reason", "ruling_reason"}


def make_kept(client):
    kept = Kept().play(client)
    leave_the_rest(kept.team)
    mark_everything()
    return kept


def recent():
    """A call that runs: all of it stays."""
    draft = make_candidature(
        title="Le projet du moment", holder=make_user(email="momentane@qzrecentqz.example")
    )
    add_file(draft, name="qzrecentqz.pdf", text="qzrecentqz")
    return draft


def laureates(kept):
    rows = Laureate.objects.filter(prize__edition=kept.edition)
    return [row.candidature for row in rows.select_related("candidature")]
