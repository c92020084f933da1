"""What becomes of a line: read its cells, find its sheet, say what would change."""

import re
from dataclasses import dataclass, field

from django.utils import timezone

from initiatives.models import Initiative, Support
from initiatives.transfer.columns import BY_NAME, COLUMNS, UNSAID
from initiatives.transfer.matching import Misread
from initiatives.transfer.models import ImportLine
from initiatives.transfer.readers import NOW
from rallynov.spreadsheets import clean

Verdict = ImportLine.Verdict
TEXTS = ["title", "summary", "need", "response", "people", "effects", "website"]
FIELDS = [
    *TEXTS,
    "commune",
    "department",
    "started_year",
    "verified_on",
    "published_at",
    "is_example",
]
ROLES = {
    "holders": Support.Role.HOLDER,
    "partners": Support.Role.PARTNER,
    "funders": Support.Role.FUNDER,
}
LINKS = ["themes", "conditions", *ROLES]
REQUIRED = ["title", "summary"]


def typed(text):
    """Apostrophes and spaces as keyboards have them."""
    return re.sub(r"\s", " ", text.replace("’", "'"))


@dataclass(eq=False)
class Line:
    """A line of a file, on its way to a verdict. `values` holds what its cells say, by column."""

    number: int
    cells: dict
    values: dict = field(default_factory=dict)
    corrections: list = field(default_factory=list)
    remarks: list = field(default_factory=list)
    reasons: list = field(default_factory=list)
    changes: dict = field(default_factory=dict)  # what to write, by column
    verdict: str = ""
    sheet: Initiative | None = None  # its own, or the one that it resembles

    def correct(self, header, written, understood, allowed=()):
        """Note that a cell was not taken as it is written."""
        if typed(written) not in map(typed, (understood, *allowed)):
            self.corrections.append(f"{header} : « {written} » compris comme « {understood} ».")

    def refuse(self, name, why):
        self.reasons.append(f"{BY_NAME[name].header} : {why}")

    def is_refused_for(self, name):
        return any(why.startswith(f"{BY_NAME[name].header} : ") for why in self.reasons)

    @property
    def is_named(self):
        return "slug" in self.values

    @property
    def title(self):
        title = self.values.get("title") or (self.sheet.title if self.sheet else "")
        return title or self.cells.get("title", "")[:160]

    @property
    def notes(self):
        return [*self.reasons, *self.remarks, *self.corrections]


# Reading -----------------------------------------------------------------------------------------


def read(line, known):
    """Fill `values`. What cannot be read refuses the line, and the rest is read all the same."""
    for column in COLUMNS:
        text = line.cells.get(column.name)
        if text is None or (text == "" and column.blank is UNSAID):
            continue
        try:
            line.values[column.name] = column.read(text, line, known) if text else column.blank
        except Misread as misread:
            line.refuse(column.name, misread)


def name_organisations(line, organisations):
    """Turn the names of `values` into organisations."""
    kinds, sirens = line.values.pop("kinds", ()), line.values.pop("sirens", ())
    for name in ROLES:
        if name in line.values:
            of_holders = (kinds, sirens) if name == "holders" else ((), ())
            try:
                line.values[name] = found(line, name, organisations, *of_holders)
            except Misread as misread:
                line.refuse(name, misread)
                line.values[name] = []


def found(line, name, organisations, kinds, sirens):
    named = line.values[name]
    if max(len(kinds), len(sirens)) > len(named):
        raise Misread("il y a plus de formes ou de SIREN que de porteurs.")
    rows = []
    for rank, one in enumerate(named):
        siren = sirens[rank] if rank < len(sirens) else ""
        kind = kinds[rank] if rank < len(kinds) else None
        row = organisations.the(one, siren, kind)
        note_organisation(line, BY_NAME[name].header, one, row, siren, kind)
        if row not in rows:
            rows.append(row)
    return rows


def note_organisation(line, header, named, row, siren, kind):
    """An organisation that stands already is never changed by an import."""
    if not named.slug:
        line.correct(header, named.name, row.name, allowed=[row.short_name])
    if not row.pk:
        line.remarks.append(f"Nouvelle organisation : « {row.name} ».")
    elif kind and kind != row.kind:
        line.remarks.append(f"« {row.name} » reste : {row.get_kind_display()}.")
    elif siren and siren != row.siren:
        line.remarks.append(f"« {row.name} » n’a pas de SIREN : notez-le sur sa page.")


# Deciding ----------------------------------------------------------------------------------------


def decide(line, sheet):
    """The verdict of a line whose sheet is `sheet`, or a new one (None)."""
    line.sheet = sheet
    if sheet and not line.is_named:
        # Known by its title: that stays, and an empty cell leaves what the sheet says.
        line.values = {k: v for k, v in line.values.items() if v or k == "published_at"}
        line.values.pop("title", None)
    place(line, sheet)
    if sheet:
        decide_known(line, sheet)
    else:
        decide_new(line)
    if line.reasons:
        line.verdict = Verdict.REFUSED


def place(line, sheet):
    """A commune brings its department, and a department keeps the commune that it holds."""
    values = line.values
    if values.get("commune"):
        values["department"] = values["commune"].department
    elif "department" in values and "commune" not in values and sheet and sheet.commune:
        if values["department"] not in (None, sheet.commune.department):
            line.refuse("department", f"la commune de la fiche est {sheet.commune}.")
        del values["department"]


def decide_known(line, sheet):
    values = line.values
    for name in REQUIRED:
        if values.get(name) == "":
            line.refuse(name, "il est obligatoire.")
    if values.pop("embargo_year", sheet.embargo_year) != sheet.embargo_year:
        line.refuse("embargo_year", "un import ne change pas les résultats qu’une fiche attend.")
    if values.get("published_at") is NOW:
        values["published_at"] = published_now(sheet)
    line.changes = {
        name: values[name] for name in [*FIELDS, *LINKS] if has_changed(name, values, sheet)
    }
    line.verdict = Verdict.UPDATED if line.changes else Verdict.UNCHANGED
    if line.changes:
        line.remarks.insert(0, f"Change : {', '.join(map(named_change(line), line.changes))}.")


def named_change(line):
    def text(name):
        is_erased = line.changes[name] in ("", None, [], ()) and name != "published_at"
        return BY_NAME[name].header + (" (effacé)" if is_erased else "")

    return text


def published_now(sheet):
    """As in the admin: what is online stays so, what awaits results awaits them."""
    is_kept = sheet.embargo_year or sheet.publication_state == sheet.State.PUBLISHED
    return sheet.published_at if is_kept and sheet.published_at else timezone.now()


def has_changed(name, values, sheet):
    if name not in values:
        return False
    current, wanted = current_value(name, sheet), values[name]
    if name == "conditions":  # in no order of their own
        return set(current) != set(wanted)
    return current != list(wanted) if name in LINKS else current != wanted


def current_value(name, sheet):
    if name in TEXTS:
        return clean(getattr(sheet, name))
    if name == "themes":
        return [link.theme for link in sheet.theme_links.all()]
    if name == "conditions":
        return sheet.conditions.all()
    if name in ROLES:
        return [support.organisation for support in sheet.organisations_as(ROLES[name])]
    return getattr(sheet, name)


def decide_new(line):
    values = line.values
    for name in REQUIRED:
        if not values.get(name) and not line.is_refused_for(name):
            line.refuse(name, "il est obligatoire pour une nouvelle fiche.")
    if values.get("published_at") is NOW:
        values["published_at"] = timezone.now()
    line.changes = values
    line.verdict = Verdict.NEW
