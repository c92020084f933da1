"""The two forms that answer a contribution: what is kept of it, and the words of the answer."""

from django import forms

from initiatives.contributing import answers, services, values
from initiatives.contributing.models import Contribution

ANSWER_LENGTH = 3000
DRAFT, ONLINE = "draft", "online"


class AnswerForm(forms.Form):
    """`seen`: what the moderator had before their eyes (`services.version_of`)."""

    use_required_attribute = False

    seen = forms.CharField()
    answer = forms.CharField(
        max_length=ANSWER_LENGTH,
        required=False,
        widget=forms.Textarea({"rows": 7}),
        error_messages={"max_length": "3\u202f000 signes au plus\u202f: raccourcissez un peu."},
    )

    def __init__(self, contribution, data=None):
        self.contribution = contribution
        super().__init__(data, initial={"answer": self.words(contribution)}, prefix=self.prefix)
        self.fields["answer"].label = "La réponse" if contribution.email else "Une note"
        self.fields["answer"].help_text = (
            f"Elle part par courriel à {contribution.email}. « L’équipe de Rally’nov » la signe."
            if contribution.email
            else "Cette personne n’a pas laissé d’adresse\u202f: rien ne part, l’équipe seule lit."
        )

    def clean_answer(self):
        answer = self.cleaned_data["answer"].replace("\r\n", "\n").strip()
        if answers.REASON in answer:
            raise forms.ValidationError(f"Écrivez la raison à la place de « {answers.REASON} ».")
        return answer


class AcceptForm(AnswerForm):
    prefix = "oui"
    words = staticmethod(answers.accepted)

    names = forms.MultipleChoiceField(required=False)
    online = forms.ChoiceField(
        label="Sa fiche",
        choices=[
            (DRAFT, "Un brouillon\u202f: je la complète, puis je la publie"),
            (ONLINE, "En ligne tout de suite"),
        ],
        initial=DRAFT,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez\u202f: brouillon ou en ligne."},
    )

    def __init__(self, contribution, data=None):
        super().__init__(contribution, data)
        self.fields["names"].choices = [(name, name) for name in contribution.values]
        if contribution.kind != Contribution.Kind.PROPOSAL:
            del self.fields["online"]

    @property
    def ticked(self):
        """The fields that are ticked; None before anybody chose."""
        return self.data.getlist(self.add_prefix("names")) if self.is_bound else None

    def clean_names(self):
        names = self.cleaned_data["names"]
        is_proposal = self.contribution.kind == Contribution.Kind.PROPOSAL
        return [*names, *values.REQUIRED] if is_proposal else names

    def clean(self):
        cleaned = super().clean()
        is_correction = self.contribution.kind == Contribution.Kind.CORRECTION
        if is_correction and self.contribution.values and not cleaned.get("names"):
            raise forms.ValidationError("Rien n’est coché\u202f: cochez, ou écartez le tout.")
        return cleaned

    def make(self, *, by):
        asked = self.cleaned_data
        return services.accept(
            contribution=self.contribution,
            by=by,
            seen=asked["seen"],
            names=asked["names"],
            answer=asked["answer"],
            is_published=asked.get("online") == ONLINE,
        )


class RefuseForm(AnswerForm):
    prefix = "non"
    words = staticmethod(answers.refused)

    def __init__(self, contribution, data=None):
        super().__init__(contribution, data)
        self.fields["answer"].required = True
        self.fields["answer"].error_messages["required"] = "Dites pourquoi\u202f: c’est gardé."

    def make(self, *, by):
        asked = self.cleaned_data
        return services.refuse(
            contribution=self.contribution, by=by, seen=asked["seen"], answer=asked["answer"]
        )
