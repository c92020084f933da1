"""Two example editions at work: candidatures of one whose call is open, and the jury of another.

Everything goes through the services, dated in the past; only the mails do not leave.
"""

from datetime import timedelta
from textwrap import wrap

from django.core.files.base import ContentFile
from django.db import transaction

from accounts.models import User
from initiatives.models import Initiative, Theme
from rallynov.seed.pdf import pdf
from rallynov.seed.people import TEAM, put_holder
from rallynov.seed.rows import at, days, put, read, without_mails
from rallynov.seed.writers import place
from trophies import services
from trophies.attachments import Prepared
from trophies.models import Attachment, Candidature, JuryMember
from trophies.questions import QUESTIONS

# The transition that leads from a deposit to each of the other statuses.
MOVES = {"eligible": "accept", "ineligible": "refuse", "withdrawn": "withdraw"}
SCREENED_AFTER = timedelta(days=5, hours=-9)


@transaction.atomic
def load(editions, organisations, today):
    """`editions` holds the one whose call is "open", and the one in front of its "jury"."""
    rows = read("data/demo/candidatures.json")
    files = {}
    with without_mails():
        for name, edition in editions.items():
            services.propose_grid(edition)
            own = [row for row in rows if row["edition"] == name]
            files |= load_candidatures(edition, own, today)
        load_jury(editions["jury"], organisations, files)


# Candidatures -----------------------------------------------------------------------------------


def load_candidatures(edition, rows, today):
    """The candidatures by their keys; as everywhere, they come faster as the end comes nearer."""
    end = min(edition.closes_at, at(days(today, -1)))
    return {
        row["key"]: load_candidature(edition, row, end - timedelta(hours=1.8**later))
        for later, row in zip(reversed(range(len(rows))), rows, strict=True)
    }


def load_candidature(edition, row, instant):
    """The candidature of this holder, left alone if it exists, or written and deposited."""
    holder = put_holder(**row["holder"])
    existing = edition.candidatures.filter(holders=holder).first()
    if existing:
        return existing
    candidature = write(edition, row, holder)
    if row["status"] != "draft":
        services.deposit(candidature=candidature, by=holder, received_at=instant)
        screen(candidature, row, holder)
    written = {"created_at": instant - timedelta(days=8), "updated_at": instant}
    Candidature.objects.filter(pk=candidature.pk).update(**written)
    return candidature


def write(edition, row, holder):
    names = ["title", "summary", "organisation_name", "organisation_kind", "started_year"]
    names += ["publishable", *(question.name for question in QUESTIONS)]
    candidature = Candidature.objects.create(
        edition=edition,
        initiative=row["initiative"] and Initiative.objects.get(slug=row["initiative"]),
        **{name: row[name] for name in names},
        **place(row),
    )
    candidature.holders.add(holder)
    candidature.themes.set(Theme.objects.filter(slug__in=row["themes"]))
    if row["attachment"]:
        attach(candidature, at=edition.opens_at, **row["attachment"])
    return candidature


def screen(candidature, row, holder):
    move = MOVES.get(row["status"])
    if move:
        services.change_status(
            candidature,
            move,
            by=holder if move == "withdraw" else User.objects.get(email=TEAM),
            at=candidature.edition.closes_at + SCREENED_AFTER,
            reason=row["reason"],
        )


# Attachments ------------------------------------------------------------------------------------


def attach(candidature, name, text, at):
    lines = [line for paragraph in text.split("\n") for line in [*wrap(paragraph, 80), ""]]
    prepared = Prepared(name, Attachment.Kind.PDF, ContentFile(pdf(lines)))
    services.attach(candidature, prepared, at=at)


# Jury -------------------------------------------------------------------------------------------


def load_jury(edition, organisations, files):
    data = read("data/demo/jury.json")
    for row in data["members"]:
        load_member(edition, row, organisations)
    assignments = {
        (assignment.jury_member.user.email, assignment.candidature_id): assignment
        for member in edition.jury_members.all()
        for assignment in member.assignments.filter(round=1).select_related("jury_member__user")
    }
    criteria = list(edition.criteria.all())
    for row in data["readings"]:
        assignment = assignments.get((row["juror"], files[row["candidature"]].pk))
        # Nothing to read where a later year found the candidature moved along by hand.
        if assignment is not None:
            load_reading(assignment, row, criteria)
    for row in data["conflicts"]:
        juror, file = User.objects.get(email=row["juror"]), files[row["candidature"]]
        services.declare(user=juror, candidatures=[file], reason=row["reason"])


def load_member(edition, row, organisations):
    user = User.objects.get(email=row["email"])
    organisation = row["organisation"] and organisations[row["organisation"]]
    key = {"edition": edition, "user": user}
    fields = {
        "role": row["role"],
        "organisation": organisation,
        "invited_at": edition.jury_opens_at - timedelta(days=21),
        "declared_at": edition.jury_opens_at,
    }
    member = put(JuryMember, key, fields)
    member.themes.set(Theme.objects.filter(slug__in=row["themes"]))
    services.appoint(member)


def load_reading(assignment, row, criteria):
    """A reading that has begun already is left alone."""
    if hasattr(assignment, "evaluation"):
        return
    chosen = zip(criteria, row["scores"], strict=True)
    services.save_evaluation(
        assignment,
        levels={criterion: level for criterion, level in chosen if level != "missing"},
        comment_for_jury=row["comment_for_jury"],
        comment_for_candidate=row["comment_for_candidate"],
    )
    if row["is_signed"]:
        services.sign(assignment)
