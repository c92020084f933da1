"""The one form of a candidature. A draft may be saved unfinished: it demands nothing."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import transaction
from django.db.models import Q, Value

from initiatives.models import FOUNDED_BOUNDS, Theme
from places.models import Commune
from rallynov.numbers import number
from rallynov.sorting import SortKey
from trophies import attachments, services
from trophies.models import Candidature
from trophies.questions import QUESTIONS

MAX_CHOICES = 8


class TextField(forms.CharField):
    """A text with a limit, said in its help and counted the same in the browser and here.

    There is no `maxlength`: browsers count otherwise than people, and cut without a word.
    """

    def __init__(self, *, limit, help_text="", **options):
        said = f"{number(limit)} signes au plus."
        super().__init__(required=False, help_text=f"{help_text} {said}".strip(), **options)
        self.limit = limit

    def to_python(self, value):
        text = super().to_python(value)
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def validate(self, value):
        super().validate(value)
        if (excess := len(value) - self.limit) > 0:
            raise ValidationError(
                f"{number(len(value))} signes, pour {number(self.limit)} au plus : "
                f"il y en a {number(excess)} de trop."
            )


class LineField(TextField):
    """A text on one line."""

    def to_python(self, value):
        return " ".join(super().to_python(value).split())


class CommuneField(forms.CharField):
    """A commune as people write it: « Dole », « Champagney (70) », « Vadans, Jura », « 25000 »."""

    def __init__(self, **options):
        super().__init__(required=False, **options)
        self.communes = Commune.objects.all()

    def limit_to(self, departments):
        """Ask for a commune of these departments; of any when there are none."""
        self.territory = ", ".join(str(department) for department in departments)
        if departments:
            self.communes = Commune.objects.filter(department__in=departments)

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None
        exact = exact_communes(self.communes, text)[: MAX_CHOICES + 1]
        if len(exact) == 1:
            return exact[0]
        close = exact or close_communes(self.communes, text)[: MAX_CHOICES + 1]
        raise ValidationError(self.refusal(close))

    def refusal(self, close):
        if not close:
            where = f" parmi celles de l’appel : {self.territory}" if self.territory else ""
            return f"Nous ne trouvons pas cette commune{where}. Vérifiez son nom."
        names = ", ".join(str(commune) for commune in close[:MAX_CHOICES])
        more = "…" if len(close) > MAX_CHOICES else "."
        return f"Précisez laquelle, en recopiant son nom et son département : {names}{more}"


def exact_communes(rows, text):
    """The communes of that name, « name (department) », or INSEE or postal code."""
    if re.fullmatch(r"\d[\dAB]\d{3}", text):
        return rows.filter(Q(code=text) | Q(postal_codes__contains=[text]))
    name, *rest = re.split(r"[,()]", text)
    department = " ".join(rest).strip()
    rows = rows.filter(sort_key=SortKey(Value(name)))
    if not department:
        return rows
    return rows.alias(department_key=SortKey("department__name")).filter(
        Q(department=department) | Q(department_key=SortKey(Value(department)))
    )


def close_communes(rows, text):
    """The communes whose name holds what was written, if it holds a letter."""
    name = re.split(r"[,()]", text)[0]
    if not any(character.isalpha() for character in name):
        return rows.none()
    return rows.filter(sort_key__contains=SortKey(Value(name)))


def answer_field(question):
    return TextField(
        label=question.title,
        help_text=question.help,
        limit=question.limit,
        widget=forms.Textarea(attrs={"rows": 8}),
    )


# A form with a field for each question.
AnswersForm = type(
    "AnswersForm",
    (forms.ModelForm,),
    {question.name: answer_field(question) for question in QUESTIONS},
)


class CandidatureForm(AnswersForm):
    use_required_attribute = False

    organisation_name = LineField(label="Nom de la structure", limit=200)
    commune = CommuneField(
        label="Commune",
        help_text="Son nom, avec le département s’il y en a plusieurs : « Champagney (70) ». "
        "Ou son code postal.",
    )
    title = LineField(label="Nom du projet", limit=120)
    summary = LineField(
        label="Votre projet en une phrase",
        help_text="Ce que vous diriez à un voisin qui n’en a jamais entendu parler.",
        limit=300,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    started_year = forms.IntegerField(
        label="Depuis quelle année",
        help_text="Quatre chiffres. Laissez vide si rien n’a encore commencé.",
        required=False,
        validators=[
            MinValueValidator(FOUNDED_BOUNDS[0], "Cette année est trop ancienne."),
            MaxValueValidator(FOUNDED_BOUNDS[1], "Cette année est trop lointaine."),
        ],
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": "Écrivez une année en quatre chiffres, comme 2021."},
    )
    themes = forms.ModelMultipleChoiceField(
        Theme.objects.all(),
        label="Thèmes",
        help_text="Un ou plusieurs.",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    file = forms.FileField(
        label="Fichier",
        help_text="PDF, JPEG, PNG ou WebP, 10 Mo au plus. Une seule pièce ; elle n’est pas "
        "obligatoire.",
        required=False,
        widget=forms.FileInput(attrs={"accept": ",".join(attachments.EXTENSIONS)}),
    )
    remove = forms.BooleanField(label="Retirer cette pièce", required=False)
    may_publish = forms.BooleanField(
        label="Si mon projet est primé, les réponses “besoin, réponse, personnes, effets” "
        "peuvent paraître sur sa fiche publique.",
        help_text="Sans cet accord, la fiche ne dira que son nom, sa phrase de présentation, "
        "ses thèmes, sa structure et sa commune.",
        required=False,
    )

    class Meta:
        model = Candidature
        fields = [
            "organisation_name",
            "organisation_kind",
            "commune",
            "title",
            "summary",
            "started_year",
            "themes",
            *(question.name for question in QUESTIONS),
            "may_publish",
        ]
        labels = {"organisation_kind": "Sa forme"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.commune:
            self.initial["commune"] = str(self.instance.commune)
        self.fields["commune"].limit_to(self.instance.edition.departments.all())

    @property
    def answers(self):
        return [self[question.name] for question in QUESTIONS]

    @property
    def file_is_lost(self):
        """Browsers never send a file again by themselves."""
        return bool(self.files) and bool(self.errors)

    def clean_file(self):
        upload = self.cleaned_data["file"]
        return attachments.prepare(upload) if upload else None

    @transaction.atomic
    def save(self):
        """Write the columns of the form alone: the status may be moving at the same time."""
        if self.instance.commune is None:
            self.instance.department = None
        columns = [name for name in self._meta.fields if name != "themes"]
        self.instance.save(update_fields=[*columns, "department", "updated_at"])
        self._save_m2m()
        if self.cleaned_data["file"]:
            services.attach(self.instance, self.cleaned_data["file"])
        elif self.cleaned_data["remove"]:
            services.detach(self.instance)
        return self.instance
