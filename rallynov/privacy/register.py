"""The register of what is kept of people (article 30 of the GDPR): one list, for all who ask.

Words are for people; `holds` names the columns, for the test that looks for any left out
(`tests/rallynov/test_register.py`). Durations are those of the settings, at the time they are read.
"""

from dataclasses import dataclass, field

from django.conf import settings

from rallynov.privacy.register_words import WORDS
from rallynov.privacy.retention import duration


@dataclass(frozen=True)
class Treatment:
    key: str
    holds: dict[str, tuple[str, ...]] = field(default_factory=dict)  # columns, by model
    files: str = ""

    @property
    def words(self):
        """`title`, `whose`, `what`, `why`, `basis`, `term`, `erasure`, in French."""
        return {name: text.format(**durations()) for name, text in WORDS[self.key].items()}

    @property
    def tables(self):
        """(model, columns) as code names them."""
        return [(model, ", ".join(columns)) for model, columns in self.holds.items()]


def durations():
    return {name: duration(name) for name in settings.RETENTION}


OF_CANDIDATURES = {
    "trophies.Candidature": (
        "title", "summary", "organisation_name", "need", "response", "people", "effects", "risks",
        "spread", "viability", "reason", "publishable", "eligibility", "typed", "versions",
        "reference",
    ),
    "trophies.Candidature_holders": ("user",),
    "trophies.Attachment": ("file", "name", "sha256"),
    "trophies.HolderChange": ("user", "by", "reason"),
    "trophies.Extension": ("reason", "by"),
}  # fmt: skip

REGISTER = [
    Treatment(
        "accounts",
        {
            "accounts.User": ("email", "name", "password", "roles"),
            "account.EmailAddress": ("user", "email"),
            "account.EmailConfirmation": ("key",),
            "mfa.Authenticator": ("user", "data"),
            "sessions.Session": ("session_key", "session_data"),
            "partners.Membership": ("user", "function"),
        },
    ),
    Treatment(
        "drafts",
        OF_CANDIDATURES
        | {
            "trophies.SetAside": ("step", "tab", "values", "by"),
            "trophies.Invitation": ("email", "by"),
            "trophies.Announcement": ("name", "by"),
        },
        files="pieces/",
    ),
    Treatment(
        "candidatures",
        OF_CANDIDATURES
        | {
            "trophies.Deposit": ("payload", "by", "reason", "sha256"),
            "trophies.StatusChange": ("name", "by", "reason"),
            "trophies.PieceRequest": ("message", "by"),
            "trophies.Decision": ("letter", "letter_read_by"),
            "trophies.DecisionEvent": ("letter", "letter_read_by"),
        },
        files="pieces/",
    ),
    Treatment(
        "prizes",
        {
            "trophies.Laureate": ("citation",),
            "trophies.LaureateEvent": ("citation",),
            "trophies.AwardFollowUp": ("payment_reference", "notes"),
            "trophies.LaureateNews": ("text", "told_by"),
            "trophies.AnnualReport": ("content", "pdf"),
            "trophies.ReportParagraph": ("text",),
        },
    ),
    Treatment(
        "jury",
        {
            "trophies.JuryMember": ("user",),
            "trophies.Score": ("level",),
            "trophies.Evaluation": ("comment_for_jury", "comment_for_candidate"),
            "trophies.EvaluationEvent": ("comment_for_jury", "comment_for_candidate"),
            "trophies.ConflictOfInterest": (
                "user", "signs", "reason", "ruling_reason", "ruled_by",
            ),
            "trophies.ConflictOfInterestEvent": (
                "user", "signs", "reason", "ruling_reason", "ruled_by",
            ),
            "trophies.Presence": ("user",),
            "trophies.PresenceEvent": ("user",),
            "trophies.JurySession": ("place",),
            "trophies.JurySessionEvent": ("place",),
            "trophies.Ballot": ("question",),
            "trophies.BallotEvent": ("question",),
            "trophies.Minutes": ("payload", "journal", "sealed_by"),
            "trophies.MinutesSeat": ("code", "user", "name"),
            "trophies.MinutesText": ("digest", "salt", "text"),
            "pghistory.Context": ("metadata",),
        },
    ),
    Treatment(
        "registrations",
        {"events.Registration": ("name", "email", "organisation", "needs")},
    ),
    Treatment(
        "images",
        {
            "events.ImageAuthorisation": ("person",),
            "events.EventPhoto": ("image", "alt", "credit"),
            "initiatives.Photo": ("image", "alt", "credit"),
            "news.NewsPhoto": ("image", "alt", "credit"),
        },
        files="photos/",
    ),
    Treatment(
        "public",
        {
            "events.Speaker": ("name", "function", "organisation"),
            "events.Event": ("summary", "description", "venue", "presence", "status_note"),
            "events.EventDocument": ("title", "file"),
            "initiatives.Initiative": (
                "title", "summary", "need", "response", "people", "effects", "website",
                "search_text",
            ),
            "news.NewsItem": ("title", "summary", "body"),
            "news.Page": ("title", "summary", "body"),
            "partners.Organisation": ("name", "short_name", "website", "description", "siren"),
            "partners.Partnership": ("role",),
            "trophies.Edition": ("summary", "presentation", "perspectives", "credits"),
            "trophies.EditionEvent": ("summary", "presentation", "perspectives", "credits"),
        },
        files="documents/",
    ),
    Treatment(
        "contributions",
        {
            "initiatives.Contribution": (
                "values", "before", "message", "name", "email", "by", "answer", "answered_by",
            ),
            "initiatives.SheetHolder": ("user",),
            "initiatives.SheetInvitation": ("email", "by"),
        },
    ),
    Treatment("questions", {"initiatives.FreshnessQuestion": ("user",)}),
    Treatment("alerts", {"trophies.CallAlert": ("email",)}),
    Treatment("consents", {"accounts.Consent": ("email",)}),
    Treatment(
        "mails",
        {
            "post_office.Email": (
                "from_email", "to", "cc", "bcc", "subject", "message", "html_message",
                "message_id", "headers", "context",
            ),
            "post_office.Log": ("exception_type", "message"),
            "post_office.Attachment": ("file", "name", "headers"),
            "accounts.MailSent": ("address", "event"),
        },
    ),
    Treatment(
        "logs",
        {
            "admin.LogEntry": ("user", "object_id", "object_repr", "change_message"),
            "initiatives.InitiativeImport": ("by", "file", "name", "columns", "counts", "failure"),
            "initiatives.ImportLine": ("title", "notes"),
        },
        files="imports/",
    ),
    Treatment("audience", {"audience.DaySalt": ("salt",)}),
]  # fmt: skip

BY_KEY = {treatment.key: treatment for treatment in REGISTER}

# Columns of words, of figures or of files that say nothing of a person.
NOT_PERSONAL = {
    "accounts.ConsentText": ("text",),
    "accounts.MailText": ("key", "subject", "text", "button"),
    "audience.PageCount": ("path",),
    "events.Event": ("title",),
    "events.EventPhoto": ("sizes",),
    "initiatives.Condition": ("title", "summary", "body"),
    "initiatives.Photo": ("sizes",),
    "initiatives.LinkCheck": ("url",),
    "initiatives.Theme": ("name",),
    "news.NewsPhoto": ("sizes",),
    "places.Commune": ("code", "name", "postal_codes"),
    "places.Department": ("code", "name"),
    "places.Epci": ("code", "name"),
    "post_office.Attachment": ("mimetype",),
    "post_office.Email": ("backend_alias",),
    "trophies.Criterion": ("label", "help", "levels", "change_reason"),
    "trophies.CriterionEvent": ("label", "help", "levels", "change_reason"),
    "trophies.Edition": ("tie_break",),
    "trophies.EditionEvent": ("tie_break",),
    "trophies.EditionFigure": ("label", "source"),
    "trophies.EligibilityRule": ("explanation", "structures"),
    "trophies.Minutes": ("previous_seal", "seal"),
    "trophies.Prize": ("name", "description"),
    "trophies.PrizeEvent": ("name", "description"),
    "trophies.Regulation": ("text",),
}
