"""What the moderation page shows of a contribution: field by field, before and after."""

from dataclasses import dataclass

from initiatives.contributing import values
from initiatives.contributing.differences import compared
from initiatives.contributing.duplicates import close_sheets
from initiatives.contributing.models import Contribution
from initiatives.contributing.services import conflicts
from initiatives.models import Initiative
from places.models import Commune


@dataclass(frozen=True)
class Row:
    name: str
    label: str
    former: str  # what the sheet said when the correction began
    proposed: str
    current: str | None  # what it says now, where that is something else again
    is_ticked: bool
    is_needed: bool

    @property
    def sides(self):
        """Both texts, as runs of `(text, whether the other lacks it)`."""
        return compared(self.former, self.proposed)

    @property
    def now(self):
        """What the sheet says now, marked against what it said."""
        return compared(self.former, self.current)[1]


def of(contribution, ticked=None):
    """A `Row` for each field that is proposed; those in conflict are not ticked of themselves."""
    changed = conflicts(contribution)
    names = [name for name in values.LABELS if name in contribution.values]
    if ticked is None:
        ticked = [name for name in names if name not in changed]
    return [row(contribution, name, changed, ticked) for name in names]


def row(contribution, name, changed, ticked):
    is_proposal = contribution.kind == Contribution.Kind.PROPOSAL
    return Row(
        name=name,
        label=values.LABELS[name],
        former=values.in_words(name, contribution.before.get(name)),
        proposed=values.in_words(name, contribution.values[name]),
        current=values.in_words(name, changed[name]) if name in changed else None,
        is_ticked=name in ticked,
        is_needed=is_proposal and name in values.REQUIRED,
    )


def close_to(contribution, user):
    """The sheets, of those that the moderator may see, that a proposal may be again."""
    if contribution.kind != Contribution.Kind.PROPOSAL:
        return []
    told = contribution.values
    return close_sheets(
        told.get("title", ""),
        commune=Commune.objects.filter(pk=told.get("commune")).first(),
        website=told.get("website", ""),
        rows=Initiative.objects.visible_to(user).exclude(pk=contribution.initiative_id),
    )


def invited_by(contribution):
    """Who was asked to hold the sheet, and has not answered."""
    sheet = contribution.initiative
    return sheet.sheet_invitations.filter(accepted_at=None) if sheet else []


def holders_of(contribution):
    sheet = contribution.initiative
    return sheet.sheet_holders.select_related("user") if sheet else []
