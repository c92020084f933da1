"""A draft, from its first words: filled from what is known, saved as it is typed."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Value
from django.utils import timezone

from accounts.models import User
from initiatives.models import Support
from partners.models import Organisation
from rallynov.sorting import SortKey
from trophies.consent import PUBLISHABLE
from trophies.models import Candidature, SetAside
from trophies.services.mails import tell_holders
from trophies.workflow import NotAllowed, Status, call_is_open

ORGANISATION_FIELDS = ["organisation_name", "organisation_kind", "commune"]
TWO_CLICKS = timedelta(minutes=1)
CHOSEN = "choix"  # in place of a tab, for a version that a holder chose


@transaction.atomic
def start(*, edition, by, eligibility=None, initiative=None, values=None, typed=None):
    """A new draft of `by` for this edition, filled with what the directory and `by` have said; or
    the one begun a moment ago and not written in: two clicks make one draft.

    `values` and `typed` are those of the first step, when it was written before signing in (see
    `save_step`). Raises NotAllowed when the call is not open.
    """
    if begun := draft_of_a_former_click(edition, by):
        return begun
    candidature = Candidature(edition=edition, eligibility=eligibility or {}, typed=typed or {})
    if refusal := call_is_open(candidature, timezone.now()):
        raise NotAllowed(refusal)
    fill_from_holder(candidature, by)
    if initiative:
        fill_from_sheet(candidature, initiative)
    for name, value in complete(values or {}).items():
        setattr(candidature, name, value)
    candidature.save()
    candidature.holders.add(by)
    if initiative:
        candidature.themes.set(initiative.themes.all())
    tell_holders(candidature, "started")
    return candidature


def draft_of_a_former_click(edition, user):
    User.objects.select_for_update().get(pk=user.pk)
    own = Candidature.objects.held_by(user).filter(edition=edition, status=Status.DRAFT)
    fresh = own.filter(versions={}, created_at__gt=timezone.now() - TWO_CLICKS)
    return fresh.select_related("edition").order_by("pk").first()


def fill_from_holder(candidature, user):
    """Their structure: of their last candidature, else the one where they have a function."""
    former = Candidature.objects.held_by(user).exclude(organisation_name="").order_by("-pk").first()
    if former:
        for name in ORGANISATION_FIELDS:
            setattr(candidature, name, getattr(former, name))
        return
    membership = user.memberships.select_related("organisation__commune").first()
    if membership:
        fill_organisation(candidature, membership.organisation)


def fill_organisation(candidature, organisation):
    candidature.organisation_name = organisation.name
    candidature.organisation_kind = organisation.kind
    candidature.commune = organisation.commune


def fill_from_sheet(candidature, sheet):
    """What the sheet of the directory says already."""
    candidature.initiative = sheet
    for name in ["title", "summary", *PUBLISHABLE]:
        setattr(candidature, name, getattr(sheet, name))
    supports = sheet.supports.filter(role=Support.Role.HOLDER)
    support = supports.select_related("organisation__commune").first()
    if support:
        fill_organisation(candidature, support.organisation)
    if sheet.commune:
        candidature.commune = sheet.commune


def known_organisation(name):
    """The public facts of the organisation of that name, if the directory shows it."""
    rows = Organisation.objects.published().select_related("commune")
    return rows.filter(sort_key=SortKey(Value(name))).order_by("pk").first()


# Saving a step ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Page:
    """Where a text comes from: a step, the version it was read in, and the tab that holds it."""

    step: str
    version: int
    tab: str


def version_of(candidature, step):
    return candidature.versions.get(step, {}).get("number", 0)


@transaction.atomic
def save_step(candidature, page, *, values, typed, raw, by):
    """Keep a step as it was typed; return its new version, or the `SetAside` that holds it.

    `candidature` was read under a lock (`CandidatureQuerySet.locked`). `values` are columns by
    name, and the list of themes; `typed` is what was not understood, `raw` everything as typed.
    """
    last = candidature.versions.get(page.step, {})
    values = complete(values)
    is_current = page.version >= last.get("number", 0) or page.tab == last.get("tab")
    if not is_current and differs(candidature, values, typed):
        return set_aside(candidature, page, raw=raw, by=by)
    return write_step(candidature, page, values=values, typed=typed, fields=list(raw))


def complete(values):
    """The values, with what the directory knows of the structure whose commune was left empty."""
    if values.get("commune", values) is not None or not values.get("organisation_name"):
        return values
    known = known_organisation(values["organisation_name"])
    if known is None:
        return values
    return values | {"commune": known.commune, "organisation_kind": known.kind}


def differs(candidature, values, typed):
    """Whether what was typed is not what is kept already."""
    if any(candidature.typed.get(name) != raw for name, raw in typed.items()):
        return True
    return any(
        name in candidature.typed or has_changed(candidature, name, value)
        for name, value in values.items()
    )


def has_changed(candidature, name, value):
    if name == "themes":
        return {theme.pk for theme in candidature.themes.all()} != {theme.pk for theme in value}
    return getattr(candidature, name) != value


def write_step(candidature, page, *, values, typed, fields):
    number = version_of(candidature, page.step) + 1
    candidature.versions[page.step] = {"number": number, "tab": page.tab}
    kept = {name: raw for name, raw in candidature.typed.items() if name not in fields}
    candidature.typed = kept | typed
    columns = {name: value for name, value in values.items() if name != "themes"}
    if "commune" in columns and columns["commune"] is None:
        columns["department"] = None
    for name, value in columns.items():
        setattr(candidature, name, value)
    candidature.save(update_fields=[*columns, "versions", "typed", "updated_at", *located(columns)])
    if "themes" in values:
        set_themes(candidature, values["themes"])
    return number


def set_themes(candidature, themes):
    """As `themes.set()`, in two statements and not three: a draft is saved often."""
    links = candidature.themes.through
    links.objects.filter(candidature=candidature).exclude(theme__in=themes).delete()
    links.objects.bulk_create(
        [links(candidature=candidature, theme=theme) for theme in themes], ignore_conflicts=True
    )


def located(columns):
    """A commune brings its department (`Located.save`)."""
    return ["department"] if columns.get("commune") else []


def set_aside(candidature, page, *, raw, by):
    row, _ = SetAside.objects.update_or_create(
        candidature=candidature,
        step=page.step,
        tab=page.tab,
        defaults={"values": raw, "by": by, "at": timezone.now()},
    )
    return row


@transaction.atomic
def choose(candidature, row, *, values=None, typed=None):
    """End a disagreement: with `values`, what was set aside replaces what is kept."""
    if values is not None:
        page = Page(row.step, version_of(candidature, row.step), CHOSEN)
        write_step(candidature, page, values=values, typed=typed, fields=list(row.values))
    row.delete()
