"""Writes the lines of a batch: organisations, links, sheets; many rows at once.

A new sheet comes after its links, which may wait for it until the transaction ends: so the triggers
that keep its search text (search.sql) write it once.
"""

from django.db import connection
from django.utils.text import slugify

from initiatives.models import RESERVED_SLUGS, Initiative, InitiativeTheme, Support
from initiatives.transfer.judging import FIELDS, LINKS, ROLES, Verdict
from partners.models import Organisation

LONGEST_BASE = 110
MOST_NAMESAKES = 100_000


def write(lines):
    """All or nothing, in the caller's transaction; raises what the database refuses."""
    new = [line for line in lines if line.verdict == Verdict.NEW]
    organisations = new_organisations(lines)
    try:
        add_organisations(organisations)
        prepare_sheets(new)
        for name in LINKS:
            link(name, [line for line in lines if name in line.changes])
        Initiative.objects.bulk_create(line.sheet for line in new)
        for line in lines:
            if line.verdict == Verdict.UPDATED:
                update(line)
    except Exception:
        forget(organisations, new)
        raise


def forget(organisations, new):
    """What was not written after all."""
    for row in organisations:
        row.pk, row._state.adding = None, True
    for line in new:
        line.sheet = None


# Rows --------------------------------------------------------------------------------------------


def new_organisations(lines):
    named = [row for line in lines for name in ROLES for row in line.changes.get(name, ())]
    return list({id(row): row for row in named if row.pk is None}.values())


def add_organisations(rows):
    slugs = free_slugs(Organisation, [row.slug or base_of(row.name) for row in rows])
    for row, slug in zip(rows, slugs, strict=True):
        row.slug = slug
    Organisation.objects.bulk_create(rows)


def prepare_sheets(lines):
    """Give each line its new sheet, with a key and an address, not written yet."""
    wanted = [line.values.get("slug") or base_of(line.values["title"]) for line in lines]
    slugs = free_slugs(Initiative, wanted)
    for line, key, slug in zip(lines, new_keys(len(lines)), slugs, strict=True):
        fields = [*FIELDS, "embargo_year"]
        values = {name: line.values[name] for name in fields if name in line.values}
        line.sheet = Initiative(pk=key, slug=slug, **values)


def new_keys(count):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('initiatives_initiative', 'id'))"
            " FROM generate_series(1, %s)",
            [count],
        )
        return [key for (key,) in cursor.fetchall()]


def update(line):
    names = [name for name in FIELDS if name in line.changes]
    for name in names:
        setattr(line.sheet, name, line.changes[name])
    line.sheet.save(update_fields=[*names, "updated_at"])


def link(name, lines):
    """Write the links of one kind anew, in their order."""
    model, fields = links_of(name)
    known = [line.sheet for line in lines if line.verdict == Verdict.UPDATED]
    if known:
        model.objects.filter(initiative__in=known, **fields).delete()
    model.objects.bulk_create(
        model(initiative=line.sheet, **fields, **target)
        for line in lines
        for target in targets(name, line.changes[name])
    )


def links_of(name):
    """The model of these links, and what tells them from others of that model."""
    if name == "themes":
        return InitiativeTheme, {}
    if name == "conditions":
        return Initiative.conditions.through, {}
    return Support, {"role": ROLES[name]}


def targets(name, rows):
    if name == "themes":
        return [{"theme": row, "position": position} for position, row in enumerate(rows)]
    return [{"condition" if name == "conditions" else "organisation": row} for row in rows]


# Addresses ---------------------------------------------------------------------------------------


def base_of(text):
    return slugify(text)[:LONGEST_BASE].strip("-") or "fiche"


def free_slugs(model, wanted):
    """An address for each, as wanted if no row has it, else with a number."""
    rows, slugs, looked_at = model.objects, [], set()
    taken = {*RESERVED_SLUGS, *rows.filter(slug__in=wanted).values_list("slug", flat=True)}
    for slug in wanted:
        base = slug[:LONGEST_BASE].strip("-")
        if slug in taken and base not in looked_at:
            looked_at.add(base)
            taken.update(rows.filter(slug__startswith=f"{base}-").values_list("slug", flat=True))
        if slug in taken:
            numbered = (f"{base}-{number}" for number in range(2, MOST_NAMESAKES))
            slug = next(free for free in numbered if free not in taken)
        taken.add(slug)
        slugs.append(slug)
    return slugs


# Refusals ----------------------------------------------------------------------------------------


def refusal_of(error):
    """In French, what the database refused."""
    diagnosis = getattr(error.__cause__, "diag", None)
    constraints = [*Initiative._meta.constraints, *Organisation._meta.constraints]
    messages = {constraint.name: constraint.violation_error_message for constraint in constraints}
    found = messages.get(diagnosis.constraint_name) if diagnosis else None
    return str(found or "La base de données refuse cette ligne.")
