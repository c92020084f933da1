"""What a juror fills in before any file is open: their seat, their mandates, their ties."""

from dataclasses import dataclass

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.forms import BoundField

from initiatives.models import Theme
from partners.models import Membership, Organisation
from trophies.models import ConflictOfInterest
from trophies.services.declarations import Declaration, may_set_ceiling

SALT = "trophies.declaration"
BLANK_ROWS = 3  # of mandates to add at a time
NAME_LENGTH = Organisation._meta.get_field("name").max_length
FUNCTION_LENGTH = Membership._meta.get_field("function").max_length
REASON_LENGTH = ConflictOfInterest._meta.get_field("reason").max_length
KNOWN = {"list": "known-organisations", "autocomplete": "off"}


@dataclass(frozen=True)
class Row:
    """One line of the page: what it is about, and its two fields."""

    name: str
    tick: BoundField
    text: BoundField
    is_new: bool = False


class ReasonField(forms.CharField):
    """Browsers count a line's end as one character and send two."""

    widget = forms.Textarea({"rows": 2})

    def __init__(self, name):
        too_long = f"Un lien se dit en {REASON_LENGTH} caractères."
        super().__init__(
            label=f"Quel lien avec {name}\u202f?",
            required=False,
            max_length=REASON_LENGTH,
            error_messages={"max_length": too_long},
        )

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n")


def organisation_field(label):
    return forms.CharField(
        label=label, max_length=NAME_LENGTH, required=False, widget=forms.TextInput(KNOWN)
    )


class DeclarationForm(forms.Form):
    """`listed`: the organisations to ask about, key → name."""

    organisation = organisation_field("L’organisation pour laquelle vous siégez")
    themes = forms.ModelMultipleChoiceField(
        Theme.objects.all(),
        label="Les thèmes que vous connaissez",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    ceiling = forms.IntegerField(
        label="Combien de dossiers pouvez-vous lire, au plus\u202f?",
        required=False,
        min_value=1,
        max_value=32_767,
    )

    def __init__(self, member, listed, data=None):
        initial = {"themes": member.themes.all(), "ceiling": member.ceiling}
        super().__init__(data, initial=initial, label_suffix="")
        self.member, self.listed = member, listed
        self.shown = shown_keys(member, self.data.get("shown", ""))
        self.memberships = list(member.user.memberships.select_related("organisation"))
        if member.organisation_id:
            del self.fields["organisation"]
        if not may_set_ceiling(member.edition):
            del self.fields["ceiling"]
        self.add_mandate_fields()
        for key, name in listed.items():
            self.fields[f"tie_{key}"] = forms.BooleanField(label=name, required=False)
            self.fields[f"reason_{key}"] = ReasonField(name)

    def add_mandate_fields(self):
        for row in self.memberships:
            label = f"Retirer {row.organisation.name}"
            self.fields[f"remove_{row.pk}"] = forms.BooleanField(label=label, required=False)
        for row in range(BLANK_ROWS):
            self.fields[f"name_{row}"] = organisation_field("Organisation")
            self.fields[f"function_{row}"] = forms.CharField(
                label="Fonction", max_length=FUNCTION_LENGTH, required=False
            )

    def clean(self):
        for row in range(BLANK_ROWS):
            named, function = self.typed(f"name_{row}"), self.typed(f"function_{row}")
            if function and not named and f"name_{row}" not in self.errors:
                self.add_error(f"name_{row}", "Nommez l’organisation.")
        for key in self.listed:
            is_ticked, reason = self.typed(f"tie_{key}"), self.typed(f"reason_{key}")
            if is_ticked and not reason and f"reason_{key}" not in self.errors:
                missing = ValidationError("Dites en quelques mots quel est ce lien.")
                self.add_error(f"reason_{key}", missing)

    def typed(self, name):
        return self.cleaned_data.get(name)

    # As the page draws it

    @property
    def token(self):
        """Signed: what the juror was shown, so that they answer for it and for nothing else."""
        return signing.dumps([self.member.pk, list(self.listed)], salt=SALT, compress=True)

    @property
    def mandates(self):
        return [(row, self[f"remove_{row.pk}"]) for row in self.memberships]

    @property
    def blank_mandates(self):
        return [(self[f"name_{row}"], self[f"function_{row}"]) for row in range(BLANK_ROWS)]

    @property
    def ties(self):
        return [
            Row(
                name,
                self[f"tie_{key}"],
                self[f"reason_{key}"],
                is_new=self.is_bound and key not in self.shown,
            )
            for key, name in self.listed.items()
        ]

    @property
    def may_set_ceiling(self):
        return "ceiling" in self.fields

    @property
    def themes_known(self):
        return list(self["themes"])

    # As it is signed

    @property
    def declaration(self):
        return Declaration(
            shown=self.shown,
            ties=self.declared_ties,
            organisation=self.typed("organisation") or "",
            added=tuple(
                (self.typed(f"name_{row}"), self.typed(f"function_{row}"))
                for row in range(BLANK_ROWS)
                if self.typed(f"name_{row}")
            ),
            removed=tuple(row.pk for row in self.memberships if self.typed(f"remove_{row.pk}")),
            themes=tuple(self.cleaned_data["themes"]),
            ceiling=self.typed("ceiling"),
        )

    @property
    def declared_ties(self):
        """Also with what was shown and has left the list since, where a reason was written."""
        gone = {
            key: self.data.get(f"reason_{key}", "").strip()[:REASON_LENGTH]
            for key in self.shown - set(self.listed)
            if self.data.get(f"tie_{key}")
        }
        ticked = {
            key: self.typed(f"reason_{key}") for key in self.listed if self.typed(f"tie_{key}")
        }
        return {key: reason for key, reason in (gone | ticked).items() if reason}


def shown_keys(member, token):
    """The keys of a token made for this juror; none of any other."""
    try:
        owner, keys = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return frozenset()
    return frozenset(keys) if owner == member.pk else frozenset()
