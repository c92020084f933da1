"""What the team writes down of a juror."""

from django import forms
from django.db.models import Q, Value
from django.utils.text import capfirst

from accounts.models import User
from initiatives.models import Theme
from partners.models import Organisation
from rallynov.sorting import SortKey
from trophies.models import JuryMember

KNOWN = "organisations-connues"


class OrganisationField(forms.CharField):
    """An organisation by its name, or by the address of its page where two have that name."""

    def __init__(self, **options):
        widget = forms.TextInput({"list": KNOWN, "autocomplete": "off", "class": "vTextField"})
        super().__init__(widget=widget, required=False, **options)

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None
        name = Q(sort_key=SortKey(Value(text))) | Q(short_name__iexact=text)
        found = Organisation.objects.filter(slug=text) or Organisation.objects.filter(name)
        if not found:
            raise forms.ValidationError(
                "Aucune organisation ne porte ce nom\u202f: ajoutez-la d’abord aux partenaires."
            )
        if len(found) > 1:
            slugs = " ou ".join(f"«\u202f{each.slug}\u202f»" for each in found)
            raise forms.ValidationError(
                f"Plusieurs organisations portent ce nom\u202f: écrivez {slugs}."
            )
        return found[0]


class SeatForm(forms.Form):
    role = forms.ChoiceField(
        label="Sa place",
        choices=[(role.value, capfirst(role.label)) for role in JuryMember.Role],
        initial=JuryMember.Role.MEMBER,
        widget=forms.RadioSelect,
        help_text="Un jury a une présidence au plus.",
    )
    organisation = OrganisationField(
        label="Au titre de",
        help_text="L’organisation que cette personne représente, s’il y en a une. Elle ne lira pas "
        "ce que cette organisation porte ou soutient.",
    )
    ceiling = forms.IntegerField(
        label="Lectures au plus",
        min_value=1,
        max_value=1000,
        required=False,
        help_text="Vide\u202f: pas de plafond. Compte quand chaque candidature a un nombre de "
        "lectures fixé.",
    )
    themes = forms.ModelMultipleChoiceField(
        label="Les thèmes qu’elle connaît",
        queryset=Theme.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Le plan des lectures donne, s’il le peut, à chaque dossier un lecteur du sujet.",
    )

    @classmethod
    def of(cls, member, data=None):
        """The form of a seat that is taken."""
        values = {
            "role": member.role,
            "organisation": name_of(member.organisation),
            "ceiling": member.ceiling,
            "themes": member.themes.all(),
        }
        return cls(data, initial=values)

    @property
    def organisations(self):
        """What the list under the field proposes: those that take part, by their names."""
        return Organisation.objects.published().values_list("name", flat=True)


class InviteForm(SeatForm):
    email = forms.EmailField(
        label="Adresse électronique",
        max_length=User._meta.get_field("email").max_length,
        help_text="L’invitation y part. Sans compte, la personne en reçoit un\u202f; si elle siège "
        "déjà, l’invitation lui est renvoyée.",
        widget=forms.EmailInput({"autocomplete": "off", "spellcheck": "false"}),
    )
    name = forms.CharField(
        label="Prénom et nom",
        max_length=User._meta.get_field("name").max_length,
        widget=forms.TextInput({"autocomplete": "off", "class": "vTextField"}),
    )

    field_order = ["email", "name"]


def name_of(organisation):
    """What the field says of an organisation, so that it finds it again."""
    if organisation is None:
        return ""
    same = Organisation.objects.filter(sort_key=organisation.sort_key).count()
    return organisation.name if same == 1 else organisation.slug
