"""One file as its readers see it: as it was deposited, without names in an anonymous reading."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse

from places.models import Department
from rallynov.numbers import size_text
from trophies.models import Attachment, Candidature
from trophies.redaction import names_of, redacted


@dataclass(frozen=True)
class Piece:
    uuid: str
    name: str
    kind: str
    size: int

    @property
    def is_picture(self):
        return self.kind == Attachment.Kind.PICTURE

    @property
    def is_pdf(self):
        return self.kind == Attachment.Kind.PDF

    @property
    def title(self):
        """The name without its extension, as a picture is called."""
        return self.name.rpartition(".")[0] or self.name

    @property
    def url(self):
        return reverse("attachment", args=[self.uuid])

    @property
    def about(self):
        kind = str(Attachment.Kind(self.kind).label)
        return f"{kind[0].upper()}{kind[1:]} · {size_text(self.size)}"


class Dossier:
    """The last deposit of a candidature, and nothing of what its holder is typing now."""

    def __init__(self, candidature, departments):
        self.candidature = candidature
        self.departments = departments  # from their code to their name
        self.payload = candidature.last_deposit.payload

    @property
    def is_anonymous(self):
        return self.candidature.edition.is_anonymous

    @property
    def title(self):
        return self.told(self.payload["title"])

    @property
    def summary(self):
        return self.told(self.payload["summary"])

    @property
    def facts(self):
        """What is written under the title, in order."""
        themes = ", ".join(theme["name"] for theme in self.payload["themes"])
        year = self.payload["started_year"]
        facts = [
            organisation_of(self.payload, self.is_anonymous),
            place_of(self.payload, self.departments, self.is_anonymous),
            themes,
            year and f"Depuis {year}",
        ]
        return [fact for fact in facts if fact]

    @property
    def sections(self):
        """(title, text) of each question."""
        sections = self.candidature.last_deposit.sections
        return [(question.title, self.told(text)) for question, text in sections]

    @property
    def added(self):
        """(what the team asked, what was answered)"""
        answers = self.candidature.last_deposit.answers_to_requests
        return [(self.told(row["asked"]), self.told(row["text"])) for row in answers]

    @property
    def pieces(self):
        fields = ("uuid", "name", "kind", "size")
        files = files_for_jury(self.candidature)
        return [Piece(**{field: file[field] for field in fields}) for file in files]

    def told(self, text):
        return redacted(text, self.names) if self.is_anonymous else text

    @cached_property
    def names(self):
        """The structure as it was deposited and as the directory calls it; the holders."""
        organisation = self.candidature.organisation
        structures = [
            self.payload["organisation"]["name"],
            organisation.name if organisation else "",
        ]
        return names_of(structures, [holder.name for holder in self.candidature.holders.all()])


def told_titles(files):
    """The titles of an anonymous reading; `files`: key of a candidature → what was deposited."""
    structures, people = defaultdict(list), defaultdict(list)
    rows = Candidature.objects.filter(pk__in=files).order_by()
    for key, name in rows.values_list("pk", "organisation__name"):
        structures[key] += [files[key]["organisation"]["name"], name or ""]
    for key, name in rows.values_list("pk", "holders__name"):
        people[key].append(name or "")
    return {
        key: redacted(file["title"], names_of(structures[key], people[key]))
        for key, file in files.items()
    }


def department_names():
    return dict(Department.objects.values_list("pk", "name"))


def organisation_of(payload, is_anonymous):
    return "" if is_anonymous else payload["organisation"]["name"]


def place_of(payload, departments, is_anonymous):
    """« Vesoul, Haute-Saône », « Haute-Saône » when anonymous; nothing when it is not known."""
    commune = payload["commune"]
    if not commune:
        return ""
    department = departments[commune["department"]]
    return department if is_anonymous else f"{commune['name']}, {department}"


def files_for_jury(candidature):
    """The files of the last deposit that jurors may open: none when the reading is anonymous."""
    return [] if candidature.edition.is_anonymous else candidature.last_deposit.payload["files"]
