"""What the secretary of a session does, gesture by gesture: each one a form that carries it out."""

from django import forms
from django.db.models import Q
from django.utils.functional import cached_property

from accounts.models import User
from accounts.roles import Role
from rallynov.editing import TIME_FORMATS, DateTimeWidget
from trophies import services
from trophies.ballots import Casting
from trophies.models import Ballot, JuryMember, Presence, Prize
from trophies.services.sessions import CastingNeeded
from trophies.workflow import NotAllowed

VOICES = "votes_"


class PlanForm(forms.Form):
    """When and where a session is held, and how many have to be there."""

    starts_at = forms.SplitDateTimeField(
        label="Quand",
        help_text="Heure de Paris.",
        widget=DateTimeWidget("séance"),
        input_time_formats=TIME_FORMATS,
        error_messages={"required": "Choisissez un jour et une heure."},
    )
    place = forms.CharField(
        label="Où",
        max_length=200,
        required=False,
        widget=forms.TextInput({"class": "vTextField", "autocomplete": "off"}),
    )
    quorum = forms.IntegerField(
        label="Quorum",
        min_value=1,
        max_value=1000,
        help_text="Le nombre de jurés qui doivent être dans la salle pour qu’un vote compte. Il ne "
        "change plus une fois la séance ouverte.",
    )


class GestureForm(forms.Form):
    """A gesture on a session: `carry_out` returns what to say of it, or raises NotAllowed.

    `part` is where the page goes back to; a form that `is_typed` is shown again when refused.
    """

    part, is_typed, auto_id = "", False, "id_%s"

    def __init__(self, session, data=None, **options):
        super().__init__(data, **options)
        self.session = session

    def try_out(self):
        """What to say once it is done; nothing, and errors, when it is refused."""
        if not self.is_valid():
            return ""
        try:
            return self.carry_out()
        except NotAllowed as refusal:
            self.refuse(refusal)
            return ""

    def refuse(self, refusal):
        self.add_error(None, str(refusal))

    @property
    def fault(self):
        """The first of its errors, in words."""
        return next((fault for faults in self.errors.values() for fault in faults), "")


class ChangeForm(GestureForm, PlanForm):
    part, is_typed = "reglages", True

    def __init__(self, session, data=None):
        names = ("starts_at", "place", "quorum")
        initial = {name: getattr(session, name) for name in names}
        super().__init__(session, data, initial=initial)

    def carry_out(self):
        services.change_session(self.session, **self.cleaned_data)
        return "La séance est modifiée."


class OpenForm(GestureForm):
    part = "salle"

    def carry_out(self):
        services.open_session(self.session)
        return "La séance est ouverte. Notez qui est dans la salle."


class CloseForm(GestureForm):
    def carry_out(self):
        services.close_session(self.session)
        return "La séance est levée."


class MoveForm(GestureForm):
    user = forms.ModelChoiceField(User.objects.none())
    state = forms.ChoiceField(choices=Presence.State.choices)

    def __init__(self, session, data=None):
        super().__init__(session, data)
        self.fields["user"].queryset = User.objects.filter(jury_presences__session=session)

    @property
    def part(self):
        return f"personne-{self.cleaned_data['user'].pk}" if self.is_valid() else "salle"

    def carry_out(self):
        presence = services.move(self.session, **self.cleaned_data)
        return f"{presence.user}\u202f: {presence.get_state_display()}."


class AddForm(GestureForm):
    part = "salle"

    user = forms.ModelChoiceField(
        User.objects.none(), label="Ajouter une personne", empty_label="Choisir…"
    )

    def __init__(self, session, data=None):
        super().__init__(session, data)
        jurors = JuryMember.objects.sitting().filter(edition=session.edition_id)
        welcome = (
            Q(is_superuser=True) | Q(roles__contains=[Role.TEAM]) | Q(pk__in=jurors.values("user"))
        )
        people = User.objects.filter(welcome, is_active=True)
        people = people.exclude(jury_presences__session=session)
        self.fields["user"].queryset = people.order_by("name", "email")

    def carry_out(self):
        presence = services.add_person(self.session, user=self.cleaned_data["user"])
        return f"{presence.user} peut assister à la séance\u202f: notez si elle est dans la salle."


class BallotForm(GestureForm):
    """A question to put to the vote; proposed: what the readings could not tell apart."""

    part, is_typed, auto_id = "scrutins", True, "id_scrutin_%s"

    question = forms.CharField(
        label="La question",
        max_length=Ballot._meta.get_field("question").max_length,
        widget=forms.TextInput({"class": "vTextField", "autocomplete": "off"}),
    )
    candidatures = forms.MultipleChoiceField(
        label="Entre quels dossiers",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choisissez au moins un dossier."},
    )
    seats = forms.IntegerField(
        label="Combien passent",
        min_value=1,
        max_value=1000,
        help_text="Chaque juré a autant de voix, une au plus par dossier.",
    )
    prize = forms.ModelChoiceField(
        Prize.objects.none(),
        label="Pour le prix",
        required=False,
        empty_label="Aucun en particulier",
    )

    def __init__(self, session, board, data=None):
        super().__init__(session, data, auto_id=self.auto_id, initial=proposed(board))
        self.files = {str(row.candidature.pk): row.candidature for row in board.all_rows}
        self.fields["candidatures"].choices = [
            (key, f"{row.place} · {row.title}" if row.place else row.title)
            for key, row in zip(self.files, board.all_rows, strict=True)
        ]
        self.fields["prize"].queryset = session.edition.prizes.select_related("edition")
        self.fields["prize"].label_from_instance = lambda prize: prize.name

    def carry_out(self):
        given = self.cleaned_data
        files = [self.files[key] for key in given["candidatures"]]
        ballot = services.open_ballot(self.session, **given | {"candidatures": files})
        return f"Le scrutin {ballot.number} est ouvert\u202f: l’écran de la salle le montre."


def proposed(board):
    """The undecided files, for the places that the others leave."""
    undecided = [row for row in board.rows if row.is_undecided]
    first = board.rows[: board.places]
    left = sum(row.is_undecided for row in first)
    return {
        "question": "Lesquels de ces dossiers sont lauréats\u202f?"
        if left > 1
        else "Lequel de ces dossiers est lauréat\u202f?",
        "candidatures": [str(row.candidature.pk) for row in undecided],
        "seats": max(left, 1),
    }


class CountForm(GestureForm):
    """The voices of an open ballot; a casting vote is asked for when it is needed."""

    part, is_typed, auto_id = "scrutins", True, "id_voix_%s"

    def __init__(self, session, ballot, titles, data=None):
        super().__init__(session, data, auto_id=self.auto_id)
        self.ballot, self.titles = ballot, titles
        self.fields["ballot"] = forms.CharField(
            widget=forms.HiddenInput, initial=ballot.pk, required=False
        )
        for key in titles:
            self.fields[f"{VOICES}{key}"] = number_field(titles[key])
        self.fields["abstentions"] = number_field("Abstentions, blancs et nuls", initial=0)
        if data and "casting" in data:
            self.ask_casting(titles, is_alone=True)

    def clean(self):
        cleaned = super().clean()
        # Typed for a ballot that somebody else counted or dropped meanwhile.
        if cleaned.get("ballot") != str(self.ballot.pk):
            raise forms.ValidationError("Ce scrutin n’est plus celui que vous dépouilliez.")
        return cleaned

    def ask_casting(self, keys, *, is_alone):
        choices = [(str(key), f"Pour «\u202f{self.titles[key]}\u202f»") for key in keys]
        against = [(Casting.AGAINST.value, "Contre")] if is_alone else []
        self.fields["casting"] = forms.ChoiceField(
            label="La voix prépondérante",
            choices=[*choices, *against],
            widget=forms.RadioSelect,
            required=False,
        )

    def carry_out(self):
        given = self.cleaned_data
        services.close_ballot(
            self.ballot,
            votes={key: given[f"{VOICES}{key}"] for key in self.titles},
            abstentions=given["abstentions"],
            casting=casting_of(given.get("casting", "")),
        )
        return f"Le scrutin {self.ballot.number} est dépouillé."

    def refuse(self, refusal):
        super().refuse(refusal)
        self.fields.pop("casting", None)
        if isinstance(refusal, CastingNeeded):
            tied = [file.pk for file in refusal.tied]
            self.ask_casting(tied, is_alone=len(tied) == 1)

    @cached_property
    def voices(self):
        return [self[f"{VOICES}{key}"] for key in self.titles]


def casting_of(text):
    if not text:
        return None
    return Casting.AGAINST if text == Casting.AGAINST.value else int(text)


def number_field(label, **options):
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=1000,
        widget=forms.NumberInput({"inputmode": "numeric", "autocomplete": "off"}),
        **options,
    )


class DropForm(GestureForm):
    """Drop the open ballot; which one, the page that was shown says."""

    part = "scrutins"

    ballot = forms.ModelChoiceField(Ballot.objects.none(), widget=forms.HiddenInput)

    def __init__(self, session, data=None):
        super().__init__(session, data)
        self.fields["ballot"].queryset = session.ballots.filter(closed_at=None)

    def carry_out(self):
        services.drop_ballot(self.cleaned_data["ballot"])
        return "Le scrutin est abandonné\u202f: rien n’en reste."
