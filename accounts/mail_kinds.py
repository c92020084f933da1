"""What kinds of mail there are: each is declared once, with its named fields and a text by default.

What an app tells by mail is declared in its `mail_texts.py`.
"""

from dataclasses import dataclass

from django.utils.text import Truncator

from accounts import mail_html, wording
from rallynov.outbox import one_line

LONGEST_SUBJECT = 250


@dataclass(frozen=True)
class Field:
    name: str  # as the team writes it, between braces
    help: str  # what stands in its place
    example: str  # for the preview
    is_required: bool = False  # the text is of no use without it
    is_link: bool = False  # an address of the site
    is_button: bool = False  # an address of the site, the one that the mail leads to
    is_loud: bool = False  # set large when it is alone


@dataclass(frozen=True)
class Wording:
    subject: str
    text: str
    button: str = ""


@dataclass(frozen=True)
class Kind:
    key: str
    label: str
    when: str  # it leaves
    wording: Wording
    fields: tuple[Field, ...]

    @property
    def names(self):
        return [each.name for each in self.fields]

    @property
    def required(self):
        return [each.name for each in self.fields if each.is_required]

    @property
    def examples(self):
        return {each.name: each.example for each in self.fields}

    @property
    def has_button(self):
        return any(each.is_button for each in self.fields)

    def subject_faults(self, subject):
        return wording.faults(subject, known=self.names)

    def text_faults(self, text):
        return wording.faults(text, known=self.names, required=self.required)

    def compose(self, values, written):
        """(subject, text, html) of the `Wording` `written`, filled with `values`."""
        subject = one_line(wording.filled(written.subject, values))
        subject = Truncator(subject).chars(LONGEST_SUBJECT)
        html = mail_html.page(
            subject=subject,
            text=written.text,
            values=values,
            links=[each.name for each in self.fields if each.is_link],
            loud=[each.name for each in self.fields if each.is_loud],
            buttons={each.name: written.button for each in self.fields if each.is_button},
        )
        return subject, wording.filled(written.text, values), html


def read_wording(path):
    """The `Wording` of a file: lines « Objet : … » and « Bouton : … », a blank line, the text."""
    head, _, text = path.read_text().partition("\n\n")
    values = dict(line.split(":", 1) for line in head.splitlines())
    values = {name.strip(): value.strip() for name, value in values.items()}
    return Wording(values["Objet"], text, values.get("Bouton", ""))


KINDS = {}


def declare(*kinds):
    """Add kinds of mail, in the order in which the team reads them."""
    KINDS.update((kind.key, kind) for kind in kinds)
