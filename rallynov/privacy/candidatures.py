"""Candidatures that were kept long enough: drafts are erased, what was deposited loses its words.

What stays of a deposit is its digest, its themes and its department: a holder can still prove what
they had sent, the figures of the edition still add up, and nobody is named. Of a laureate, the name
of the project and of its organisation stay, as they are public.
"""

from functools import partial, reduce
from operator import or_

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from accounts.models import Consent
from initiatives.models import Initiative
from partners.models import Organisation
from rallynov.privacy.nobody import REASON, fields_to, nobody
from trophies.journal import events_of
from trophies.models import (
    Announcement,
    Attachment,
    AwardFollowUp,
    Candidature,
    ConflictOfInterest,
    Decision,
    Deposit,
    Extension,
    HolderChange,
    Invitation,
    Laureate,
    LaureateNews,
    PieceRequest,
    SetAside,
    StatusChange,
)
from trophies.questions import QUESTIONS

# What people wrote around a candidature, of which no figure needs anything.
AROUND = [SetAside, Invitation, Announcement, HolderChange, Extension, PieceRequest]
ANSWERS = [question.name for question in QUESTIONS]
EMPTY = {
    **dict.fromkeys(["summary", *ANSWERS], ""),
    "publishable": [],
    "eligibility": {},
    "typed": {},
    "versions": {},
}
# What is public of a laureate, and of nobody else.
UNNAMED = {
    "title": "",
    "organisation_name": "",
    "initiative": None,
    "organisation": None,
    "commune": None,
}


def erase_drafts(drafts):
    """Erase drafts, and all that was around them; those that the jury's journal knows lose their
    words alone. Returns how many went, with how many files.
    """
    known = Exists(events_of(ConflictOfInterest).objects.filter(candidature=OuterRef("pk")))
    kept = list(drafts.filter(known).values_list("pk", flat=True))
    gone = list(drafts.filter(~known).values_list("pk", flat=True))
    counts = empty(to_empty(Candidature.objects.filter(pk__in=kept)))
    rows = {"candidature__in": gone}
    files = erase_files(Attachment.objects.filter(**rows))
    for model in AROUND:
        model.objects.filter(**rows).delete()
    Consent.objects.filter(about__in=uuids_of(gone)).delete()
    Candidature.objects.filter(pk__in=gone).delete()
    return {"brouillon": len(gone) + counts["candidature"], "fichier": files + counts["fichier"]}


def uuids_of(keys):
    return list(Candidature.objects.filter(pk__in=keys).values_list("uuid", flat=True))


def to_empty(candidatures):
    """Those that still say something, or that somebody still holds."""
    held = Candidature.holders.through.objects.filter(candidature=OuterRef("pk"))
    says = reduce(or_, (Q(**{f"{name}__gt": ""}) for name in ("summary", *ANSWERS)))
    return candidatures.filter(Exists(held) | says)


def empty(candidatures):
    """Take the words and the people out of candidatures; returns how many, with how many files."""
    keys = list(candidatures.order_by("pk").select_for_update().values_list("pk", flat=True))
    if not keys:
        return {"candidature": 0, "fichier": 0}
    laureates = Laureate.objects.filter(candidature__in=keys)
    public = set(laureates.values_list("candidature", flat=True))
    others = [key for key in keys if key not in public]
    around = {"candidature__in": keys}
    files = erase_files(Attachment.objects.filter(**around))
    for model in AROUND:
        model.objects.filter(**around).delete()
    Candidature.holders.through.objects.filter(**around).delete()
    forget_consents(keys, others)
    empty_deposits(keys, others)
    StatusChange.objects.filter(**around).update(by=nobody(), reason="")
    empty_letters(keys)
    empty_prizes(keys)
    empty_texts(keys, others)
    return {"candidature": len(keys), "fichier": files}


def empty_texts(keys, others):
    """Of the working text; the sheets that were drafts of theirs, and the organisations that
    nothing else names, go with it.
    """
    rows = Candidature.objects.filter(pk__in=keys)
    rows.update(**EMPTY)
    rows.exclude(reason="").update(reason=REASON)
    sheets = sheets_of(others)
    firms = list(Organisation.objects.filter(candidatures__in=others).values_list("pk", flat=True))
    Candidature.objects.filter(pk__in=others).update(**UNNAMED)
    sheets.delete()
    alone(Organisation.objects.filter(pk__in=firms)).delete()


def sheets_of(keys):
    """Sheets that only these candidatures made, and that were never published."""
    rows = Initiative.objects.filter(candidatures__in=keys, published_at=None, laureates=None)
    found = list(rows.values_list("pk", flat=True))
    held = Candidature.objects.exclude(pk__in=keys).filter(initiative=OuterRef("pk"))
    return Initiative.objects.filter(~Exists(held), pk__in=found, sheet_holders=None)


def alone(organisations):
    """Those that no other row names."""
    for field in fields_to(Organisation):
        named = field.model.objects.filter(**{field.name: OuterRef("pk")})
        organisations = organisations.filter(~Exists(named))
    return organisations


def forget_consents(keys, others):
    """Whoever agreed is forgotten; that a laureate agreed to what its sheet shows is not."""
    Consent.objects.filter(about__in=uuids_of(others)).delete()
    Consent.objects.filter(about__in=uuids_of(keys)).update(email="")


# What was deposited -----------------------------------------------------------------------------


def empty_deposits(keys, others):
    for deposit in Deposit.objects.filter(candidature__in=keys).iterator(chunk_size=200):
        payload = emptied(deposit.payload, is_public=deposit.candidature_id not in others)
        rows = Deposit.objects.filter(pk=deposit.pk)
        rows.update(payload=payload, by=nobody(), reason="")


def emptied(payload, *, is_public):
    """A payload of the same shape, with what stays of it."""
    organisation, commune = payload["organisation"], payload["commune"]
    kept = payload | {
        "summary": "",
        "answers": dict.fromkeys(payload["answers"], ""),
        "publishable": [],
        "files": [],
        "title": payload["title"] if is_public else "",
        "organisation": organisation | {"name": organisation["name"] if is_public else ""},
    }
    if commune and not is_public:
        kept["commune"] = commune | {"code": "", "name": ""}
    return {name: kept[name] for name in kept if name not in ("answers_to_requests", "may_publish")}


def erase_files(attachments):
    """Rows now, files once that is certain; returns how many."""
    names = [(piece.file.storage, piece.file.name) for piece in attachments]
    attachments.delete()
    for storage, name in names:
        transaction.on_commit(partial(storage.delete, name))
    return len(names)


# What the jury answered -------------------------------------------------------------------------


def empty_letters(keys):
    read = {"letter_read_by__isnull": False}
    for rows in (Decision.objects, events_of(Decision).objects):
        rows = rows.filter(candidature__in=keys)
        rows.update(letter="")
        rows.filter(**read).update(letter_read_by=nobody())


def empty_prizes(keys):
    """The citation is public as it is; what it was before is not."""
    events_of(Laureate).objects.filter(candidature__in=keys).update(citation="")
    AwardFollowUp.objects.filter(laureate__candidature__in=keys).update(notes="")
    news = LaureateNews.objects.filter(laureate__candidature__in=keys)
    news.filter(told_by__isnull=False).update(told_by=nobody())
    news.filter(is_public=False).update(text="")
