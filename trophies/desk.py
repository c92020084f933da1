"""What the team looks for among candidatures: who is complete, who has changed, what needs a hand.

Conditions for the database, so that a list is filtered and sorted whole. Each says the same as the
property of `Candidature` whose name it bears.
"""

from django.contrib.postgres.aggregates import JSONBAgg
from django.db.models import (
    Case,
    Exists,
    F,
    Func,
    IntegerField,
    JSONField,
    OuterRef,
    Q,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.fields.json import KeyTransform
from django.db.models.functions import Cast, Coalesce, JSONObject, Now
from django.db.models.lookups import Exact

from rallynov.sorting import SortKey
from trophies.consent import PUBLISHABLE
from trophies.models import Attachment, Candidature, Deposit
from trophies.models.candidature import REQUIRED
from trophies.questions import QUESTIONS
from trophies.workflow import Status

NEEDED = [*REQUIRED, *(question.name for question in QUESTIONS)]
# What Python's `strip` takes away; the database's own class of blanks is another.
BLANKS = "".join(chr(code) for code in range(0x3001) if chr(code).isspace())
FILLED = f"[^{BLANKS}]"

ThemeLink = Candidature.themes.through


def is_filled(name):
    field = Candidature._meta.get_field(name)
    if field.many_to_many:
        return Q(Exists(ThemeLink.objects.filter(candidature=OuterRef("pk"))))
    if field.is_relation:
        return Q(**{f"{name}__isnull": False})
    return Q(**{f"{name}__regex": FILLED})


def is_complete():
    """Everything is answered, and understood: `missing` is empty."""
    condition = Q(typed={})
    for name in NEEDED:
        condition &= is_filled(name)
    return condition


def is_closed():
    """The call is closed, and so is its own extension."""
    is_over = Q(extended_until__isnull=True) | Q(extended_until__lte=Now())
    return Q(edition__closes_at__lte=Now()) & is_over


def is_not_yet(instant):
    return Q(**{f"{instant}__isnull": True}) | Q(**{f"{instant}__gt": Now()})


def is_left_behind():
    """A complete draft whose call closed without it, while there is still time to act."""
    return (
        Q(status=Status.DRAFT)
        & is_complete()
        & is_closed()
        & is_not_yet("edition__jury_opens_at")
        & is_not_yet("edition__results_published_at")
    )


def need():
    """How soon the team is needed, 0 first: left behind, to screen, deposited, drafts, the rest."""
    is_current = is_not_yet("edition__results_published_at")
    return Case(
        When(is_left_behind(), then=0),
        When(Q(status=Status.SUBMITTED) & is_current & is_closed(), then=1),
        When(Q(status=Status.SUBMITTED) & is_current, then=2),
        When(Q(status=Status.DRAFT) & is_current & ~is_closed(), then=3),
        default=4,
        output_field=IntegerField(),
    )


# Changes that are not deposited -----------------------------------------------------------------


def with_changes(rows):
    """Annotate `has_changes`: what is typed of a deposited file is not what was deposited."""
    last = Deposit.objects.filter(candidature=OuterRef("pk")).order_by("-number")
    is_same = (
        Q(typed={})
        & Q(deposited__contains=working())
        & Q(allowed__contains=F("allowed_now"), allowed__contained_by=F("allowed_now"))
        & Q(Exact(length("deposited__themes"), length("themes_now")))
        & Q(Exact(length("deposited__files"), length("files_now")))
    )
    return rows.alias(
        deposited=Subquery(last.values("payload")[:1]),
        allowed=allowed(),
        allowed_now=Func("publishable", function="to_jsonb", output_field=JSONField()),
        themes_now=gathered(ThemeLink.objects, slug=F("theme__slug")),
        files_now=gathered(Attachment.objects.kept(), uuid=Cast("uuid", TextField())),
    ).annotate(
        has_changes=Case(
            When(Q(status=Status.SUBMITTED) & ~is_same, then=Value(True)), default=Value(False)
        )
    )


def working():
    """The working text, in the words of a payload: what a deposit of it would hold."""
    return JSONObject(
        title="title",
        summary="summary",
        organisation=JSONObject(name="organisation_name", kind="organisation_kind"),
        commune=JSONObject(code="commune_id"),
        started_year="started_year",
        answers=JSONObject(**{question.name: question.name for question in QUESTIONS}),
        themes="themes_now",
        files="files_now",
    )


def allowed():
    """`consent.allowed` of the payload `deposited`."""
    everything = Value(list(PUBLISHABLE), JSONField())
    return Case(
        When(deposited__has_key="publishable", then=KeyTransform("publishable", "deposited")),
        When(deposited__may_publish=True, then=everything),
        default=Value([], JSONField()),
    )


def gathered(rows, **entry):
    """The rows of a candidature as a JSON list of objects."""
    rows = rows.filter(candidature=OuterRef("pk")).order_by().values("candidature")
    rows = rows.annotate(gathered=JSONBAgg(JSONObject(**entry))).values("gathered")
    return Coalesce(Subquery(rows, output_field=JSONField()), Value([], JSONField()))


def length(name):
    return Func(F(name), function="jsonb_array_length", output_field=IntegerField())


# Twins ------------------------------------------------------------------------------------------


def mark_twins(candidatures, user):
    """Give each its `twins`: others of its edition, of the same structure or of the same title.

    Among those that `user` may see: a hidden one leaves no trace.
    """
    editions = {candidature.edition_id for candidature in candidatures}
    rows = Candidature.objects.visible_to(user).filter(edition__in=editions)
    others = list(
        rows.exclude(status=Status.WITHDRAWN)
        .annotate(structure_key=SortKey("organisation_name"), title_key=SortKey("title"))
        .only("edition", "title", "organisation_name")
    )
    keys = {other.pk: keys_of(other) for other in others}
    by_key = {}
    for other in others:
        for key in keys[other.pk]:
            by_key.setdefault(key, []).append(other)
    for candidature in candidatures:
        found = {
            other.pk: other
            for key in keys.get(candidature.pk, [])
            for other in by_key[key]
            if other.pk != candidature.pk
        }
        candidature.twins = list(found.values())


def keys_of(candidature):
    """What twins have in common; an empty name is common to nobody."""
    named = [("structure", candidature.structure_key), ("title", candidature.title_key)]
    return [(candidature.edition_id, kind, key) for kind, key in named if key]
