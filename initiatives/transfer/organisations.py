"""The organisations that lines name: known ones, and those that an import adds."""

import re
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q

from initiatives.transfer.cells import one_line
from initiatives.transfer.matching import CUT, Misread, any_of
from partners.models import Organisation

NAMED = re.compile(r"(?P<name>.*?)\s*\[(?P<slug>[-\w]{1,120})\]", re.ASCII | re.DOTALL)
LONGEST_NAME = Organisation._meta.get_field("name").max_length

# Those that hold every word of a name, then those whose name is that name.
NAMESAKES = """
SELECT DISTINCT found.id
FROM unnest(%s::text[]) AS asked(form)
CROSS JOIN LATERAL (
    SELECT id, name, short_name FROM partners_organisation
    WHERE search_vector @@ plainto_tsquery('simple', asked.form)
    OFFSET 0
) AS found
WHERE replace(asked.form, ' ', '') IN (
    replace(search_form(translate(found.name, '-‐‑‒', '    ')), ' ', ''),
    replace(search_form(translate(found.short_name, '-‐‑‒', '    ')), ' ', ''))
"""


@dataclass(frozen=True)
class Named:
    """« Nom », or « Nom [adresse] » when several have that name."""

    name: str
    slug: str = ""

    @classmethod
    def of(cls, text):
        found = NAMED.fullmatch(text)
        name = one_line(found["name"] if found else text)
        if not name and not found:
            raise Misread("un nom est vide.")
        if len(name) > LONGEST_NAME:
            raise Misread(f"« {name[:40]}… » dépasse {LONGEST_NAME} caractères.")
        return cls(name, found["slug"] if found else "")


class Organisations:
    """Those that a batch of lines may name."""

    def __init__(self, forms):
        self.forms = forms
        self.forget()

    def forget(self):
        self.by_slug, self.by_siren, self.by_key = {}, {}, {}

    def learn(self, named, sirens=()):
        """Load what these names (`Named`) and SIREN may mean, and forget the others."""
        self.forget()
        self.forms.learn([one.name for one in named])
        forms = {self.forms[one.name] for one in named} - {""}
        with connection.cursor() as cursor:
            cursor.execute(NAMESAKES, [list(forms)])
            keys = [key for (key,) in cursor.fetchall()]
        asked = (
            Q(pk__in=keys)
            | Q(siren__in=set(sirens) - {""})
            | Q(slug__in={n.slug for n in named} - {""})
        )
        rows = Organisation.objects.filter(asked).only(
            "name", "short_name", "slug", "siren", "kind"
        )
        rows = list(rows.order_by("pk"))
        self.forms.learn([name for row in rows for name in (row.name, row.short_name)])
        for row in rows:
            self.add(row)

    def add(self, row):
        if row.slug:
            self.by_slug[row.slug] = row
        if row.siren:
            self.by_siren[row.siren] = row
        for key in {self.forms.key(row.name), self.forms.key(row.short_name)} - {""}:
            self.by_key.setdefault(key, []).append(row)

    def found(self, named):
        if named.slug in self.by_slug:
            return [self.by_slug[named.slug]]
        rows = self.by_key.get(self.forms.key(named.name), [])
        same = [row for row in rows if row.name == named.name]
        return same if len(same) == 1 else rows

    def name_of(self, row):
        """What `found()` reads back as this row."""
        if not CUT.search(row.name) and self.found(Named(row.name)) == [row]:
            return row.name
        return f"{CUT.sub(' ', row.name)} [{row.slug}]"

    def the(self, named, siren="", kind=None):
        """The organisation that a cell names; a new one, not saved yet, when nobody knows it."""
        if siren in self.by_siren:
            return self.by_siren[siren]
        found = self.found(named)
        if len(found) > 1:
            names = any_of(f"{row.name} [{row.slug}]" for row in found)
            raise Misread(f"plusieurs organisations s’appellent « {named.name} ». Écrivez {names}.")
        if not found:
            return self.new(named, siren, kind)
        if siren and found[0].siren and found[0].siren != siren:
            raise Misread(f"« {named.name} » a un autre SIREN, {found[0].siren}.")
        return found[0]

    def new(self, named, siren, kind):
        if not named.name:
            raise Misread(f"aucune organisation n’a l’adresse « {named.slug} ».")
        row = Organisation(
            name=named.name,
            slug=named.slug.lower(),
            siren=siren,
            kind=kind or Organisation.Kind.OTHER,
        )
        self.add(row)
        return row
