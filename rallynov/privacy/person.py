"""One person, known by an address: which rows are about them, in each part of the register.

`OWNED` and `NOT_BY_ADDRESS` name every model of the register between them
(`tests/rallynov/test_register.py`): what is kept of people cannot be forgotten here.
"""

from dataclasses import dataclass

from django.apps import apps
from django.db.models import Q
from django.db.models.functions import Now

from accounts.models import User
from rallynov.privacy.register import REGISTER


@dataclass(frozen=True)
class Person:
    email: str
    user: User | None

    @classmethod
    def of(cls, email):
        email = email.strip().lower()
        return cls(email, User.objects.filter(email=email).first())


def by_user(path, **also):
    def wanted(person):
        return Q(**{path: person.user}, **also) if person.user else Q(pk__in=[])

    return wanted


def by_email(path):
    return lambda person: Q(**{path: person.email})


def either(*finders):
    def wanted(person):
        found = finders[0](person)
        for finder in finders[1:]:
            found |= finder(person)
        return found

    return wanted


OF_FILE = "candidature__holders"
READ_BY = "assignment__jury_member__user"
# What waits for the results waits for them here too.
TOLD = {"candidature__edition__results_published_at__lte": Now()}
WON = {"prize__edition__results_published_at__lte": Now()}

OWNED = {
    "accounts.User": by_email("email"),
    "account.EmailAddress": either(by_email("email"), by_user("user")),
    "mfa.Authenticator": by_user("user"),
    "partners.Membership": by_user("user"),
    "trophies.Candidature": by_user("holders"),
    "trophies.Attachment": by_user(OF_FILE),
    "trophies.HolderChange": by_user("user"),
    "trophies.Extension": by_user(OF_FILE),
    "trophies.SetAside": by_user(OF_FILE),
    "trophies.Invitation": either(by_email("email"), by_user("by")),
    "trophies.Announcement": by_user(OF_FILE),
    "trophies.Deposit": by_user(OF_FILE),
    "trophies.StatusChange": by_user(OF_FILE),
    "trophies.PieceRequest": by_user(OF_FILE),
    "trophies.Decision": by_user(OF_FILE, **TOLD),
    "trophies.Laureate": by_user(OF_FILE, **WON),
    "trophies.AwardFollowUp": by_user(
        "laureate__candidature__holders",
        laureate__prize__edition__results_published_at__lte=Now(),
    ),
    "trophies.LaureateNews": by_user("told_by"),
    "trophies.JuryMember": by_user("user"),
    "trophies.Evaluation": by_user(READ_BY),
    "trophies.Score": by_user(f"evaluation__{READ_BY}"),
    # Nobody reads what is said of oneself while files are judged.
    "trophies.ConflictOfInterest": by_user("user", **TOLD),
    "trophies.Presence": by_user("user"),
    "trophies.MinutesSeat": by_user("user"),
    "events.Registration": by_email("email"),
    "initiatives.Contribution": either(by_email("email"), by_user("by")),
    "initiatives.SheetHolder": by_user("user"),
    "initiatives.SheetInvitation": either(by_email("email"), by_user("by")),
    "initiatives.FreshnessQuestion": by_user("user"),
    "trophies.CallAlert": by_email("email"),
    "accounts.Consent": by_email("email"),
    "post_office.Email": either(by_email("to__iexact"), by_email("headers__Reply-To__iexact")),
    "accounts.MailSent": by_email("address"),
    "admin.LogEntry": by_user("user"),
    "initiatives.InitiativeImport": by_user("by"),
}
NOT_BY_ADDRESS = {
    # They are of rows that are found, and say nothing more.
    *("trophies.Candidature_holders", "initiatives.ImportLine", "trophies.MinutesText"),
    *("post_office.Log", "post_office.Attachment"),
    # Secrets: telling them would open a door.
    *("account.EmailConfirmation", "sessions.Session"),
    # The history of rows that are found.
    *("trophies.DecisionEvent", "trophies.LaureateEvent", "trophies.EvaluationEvent"),
    *("trophies.ConflictOfInterestEvent", "trophies.PresenceEvent", "pghistory.Context"),
    # What a jury wrote together: of nobody in particular.
    *("trophies.JurySession", "trophies.JurySessionEvent", "trophies.Ballot"),
    *("trophies.BallotEvent", "trophies.Minutes"),
    # People are named in these, and no address is beside: one looks for the name, in the admin.
    *("events.ImageAuthorisation", "events.EventPhoto", "initiatives.Photo", "news.NewsPhoto"),
    *("events.Speaker", "events.Event", "events.EventDocument", "initiatives.Initiative"),
    *("news.NewsItem", "news.Page", "partners.Organisation", "partners.Partnership"),
    *("trophies.Edition", "trophies.EditionEvent", "trophies.AnnualReport"),
    "trophies.ReportParagraph",
    # Of nobody that anyone could name.
    "audience.DaySalt",
}


def rows_of(person, label):
    model = apps.get_model(label)
    return model._default_manager.filter(OWNED[label](person)).distinct().order_by("pk")


def held_by(person):
    """(part of the register, [(label, rows)]) of each that holds something of this person; a model
    that two parts share is told in the first.
    """
    told = set()
    for treatment in REGISTER:
        labels = [label for label in treatment.holds if label in OWNED and label not in told]
        told.update(labels)
        found = [(label, rows_of(person, label)) for label in labels]
        yield treatment, [(label, rows) for label, rows in found if rows.exists()]
