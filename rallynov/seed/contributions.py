"""What people bring to the example's directory: read by the team, or waiting; nobody is real.

As for candidatures, everything goes through the services, dated in the past, and no mail leaves.
"""

from datetime import timedelta

from django.db import transaction

from accounts.models import User
from initiatives.contributing import holding, services, values
from initiatives.models import Contribution, Initiative
from rallynov.seed.people import TEAM, put_holder
from rallynov.seed.rows import at, days, read, without_mails

ANSWERED_AFTER = timedelta(days=1, hours=4)


@transaction.atomic
def load(today):
    data = read("data/demo/contributions.json")
    with without_mails():
        for row in data["holders"]:
            holding.add_holder(sheet(row), put_holder(row["email"], row["name"]))
        for row in data["contributions"]:
            load_contribution(row, at(days(today, -row["days_ago"]), 18))


def load_contribution(row, instant):
    """Left alone where it exists: the team may have answered since."""
    if Contribution.objects.filter(kind=row["kind"], email=row["email"]).exists():
        return
    contribution = SENDERS[row["kind"]](row)
    if "answer" in row:
        answer(contribution, row["answer"])
        own = {"answered_at": instant + ANSWERED_AFTER}
    else:
        own = {}
    Contribution.objects.filter(pk=contribution.pk).update(created_at=instant, **own)


def sheet(row):
    return Initiative.objects.get(slug=row["initiative"])


def propose(row):
    names = ["name", "email", "carries_it"]
    return services.propose(proposed=row["values"], **{name: row[name] for name in names})


def correct(row):
    before = values.said(sheet(row))
    return services.correct(
        initiative=sheet(row),
        by=User.objects.get(email=row["email"]),
        before=before,
        after=before | row["values"],
        message=row["message"],
    )


def claim(row):
    by = put_holder(row["email"], row["name"])
    return services.claim(initiative=sheet(row), by=by, name=row["name"], message=row["message"])


def report(row):
    names = ["message", "name", "email"]
    return services.report_fault(initiative=sheet(row), **{name: row[name] for name in names})


def answer(contribution, words):
    services.accept(
        contribution=contribution,
        by=User.objects.get(email=TEAM),
        seen=services.version_of(contribution),
        names=[],
        answer=words,
    )


Kind = Contribution.Kind
SENDERS = {
    Kind.PROPOSAL: propose,
    Kind.CORRECTION: correct,
    Kind.CLAIM: claim,
    Kind.FAULT: report,
}
