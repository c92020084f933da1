"""Fields of forms that take words as people write them, and refuse in plain French."""

from django import forms
from django.core.exceptions import ValidationError

from rallynov.numbers import number


class TextField(forms.CharField):
    """A text with a limit, said in its help and counted the same in the browser and here.

    There is no `maxlength`: browsers count otherwise than people, and cut without a word.
    """

    def __init__(self, *, limit, help_text="", **options):
        said = f"{number(limit)} signes au plus."
        super().__init__(required=False, help_text=f"{help_text} {said}".strip(), **options)
        self.limit = limit
        self.widget.attrs["data-limit"] = limit

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

    def __init__(self, **options):
        super().__init__(**options)
        self.widget.attrs["data-line"] = ""

    def to_python(self, value):
        return " ".join(super().to_python(value).split())


class AddressField(forms.EmailField):
    """An e-mail address, in lower case. `missing`: what is said when it is not there."""

    def __init__(self, *, missing="Écrivez votre adresse.", autocomplete="email", **options):
        messages = {
            "required": missing,
            "invalid": "Écrivez une adresse complète, comme camille@exemple.fr.",
            "max_length": "Cette adresse est trop longue.",
        }
        widget = forms.EmailInput(attrs={"autocomplete": autocomplete})
        super().__init__(max_length=254, widget=widget, error_messages=messages, **options)

    def clean(self, value):
        return super().clean(value).lower()
