"""The team's pages on the words of mails: the list of all kinds, and each with its preview."""

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp_replace, csp_update
from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.views.decorators.clickjacking import xframe_options_sameorigin

from accounts.mail_kinds import KINDS, Wording
from accounts.models import MailText
from rallynov.editing import ContentAdmin
from rallynov.outbox import one_line

SALT = "accounts.mail_preview"
LIFE = 24 * 3600  # of a preview, in seconds
# The HTML of a mail has its style in its attributes; nothing else may run or load in its frame.
MAIL_POLICY = {
    "default-src": [NONE],
    "script-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "form-action": [NONE],
    "frame-ancestors": [SELF],
}


def lines_only(text):
    return text.replace("\r\n", "\n").replace("\r", "\n")


class MailTextForm(forms.ModelForm):
    """Refuses a text that could not be filled, and says which field is wrong or missing."""

    class Meta:
        model = MailText
        fields = ["subject", "text", "button"]
        widgets = {
            "subject": forms.TextInput({"class": "vTextField"}),
            "text": forms.Textarea({"class": "vLargeTextField", "rows": 22}),
            "button": forms.TextInput({"class": "vTextField"}),
        }
        help_texts = {
            "text": "Une ligne vide sépare deux paragraphes ; un tiret ouvre une ligne de liste.",
            "button": "Ce qui est écrit sur le bouton, à la place de {lien}.",
        }

    def __init__(self, *args, kind, **kwargs):
        super().__init__(*args, **kwargs)
        self.kind = kind
        if kind.has_button:
            self.fields["button"].required = True
        else:
            del self.fields["button"]

    def clean_subject(self):
        subject = one_line(self.cleaned_data["subject"])
        return self.sound(subject, self.kind.subject_faults(subject))

    def clean_text(self):
        text = lines_only(self.cleaned_data["text"])
        return self.sound(text, self.kind.text_faults(text))

    def sound(self, text, faults):
        if faults:
            raise forms.ValidationError(faults)
        return text

    @property
    def wording(self):
        """What is typed when it is sound, else what was kept before."""
        values = self.cleaned_data if self.is_bound else self.initial
        return Wording(values["subject"], values["text"], values.get("button", ""))


class MailTextAdmin(ContentAdmin):
    """Every kind of mail is there, edited or not; a row stands for a text that the team wrote."""

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_urls(self):
        pages = [
            ("<slug:key>/apercu/", self.html_view, "accounts_mailtext_html"),
            ("<slug:key>/origine/", self.restore_view, "accounts_mailtext_restore"),
        ]
        own = [path(a, self.admin_site.admin_view(view), name=name) for a, view, name in pages]
        return own + super().get_urls()

    def get_object(self, request, object_id, from_field=None):
        """The text in force: the row, or one that is not saved and says the default."""
        kind = KINDS.get(object_id)
        if kind is None:
            return None
        row = super().get_object(request, object_id, from_field)
        default = kind.wording
        return row or MailText(
            key=kind.key, subject=default.subject, text=default.text, button=default.button
        )

    def page(self, request, template, **context):
        context = self.admin_site.each_context(request) | {"opts": self.opts} | context
        return TemplateResponse(request, template, context)

    def changelist_view(self, request, extra_context=None):
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        edited = MailText.objects.in_bulk()
        rows = [{"kind": kind, "edited": edited.get(kind.key)} for kind in KINDS.values()]
        return self.page(
            request, "admin/accounts/mailtext/list.html", title="Textes des courriels", rows=rows
        )

    def change_view(self, request, object_id, form_url="", extra_context=None):
        row = self.text_for(request, unquote(object_id))
        kind = KINDS[row.key]
        form = MailTextForm(request.POST or None, instance=row, kind=kind)
        if form.is_valid() and "_preview" not in request.POST:
            self.keep(request, form)
            return redirect("admin:accounts_mailtext_changelist")
        return csp_update({"frame-src": [SELF]})(self.page)(
            request,
            "admin/accounts/mailtext/text.html",
            title=kind.label,
            kind=kind,
            form=form,
            row=row,
            preview=self.preview(kind, form),
        )

    def text_for(self, request, key):
        row = self.get_object(request, key)
        if row is None:
            raise Http404("no such kind of mail")
        if not self.has_change_permission(request, row):
            raise PermissionDenied
        return row

    def preview(self, kind, form):
        """What the mail looks like with the words of the form; None when they are not sound."""
        if form.is_bound and not form.is_valid():
            return None
        written = form.wording
        token = signing.dumps(
            [written.subject, written.text, written.button], salt=SALT, compress=True
        )
        subject, text, _ = kind.compose(kind.examples, written)
        url = reverse("admin:accounts_mailtext_html", args=[kind.key])
        return {"subject": subject, "text": text, "url": f"{url}?t={token}"}

    def html_view(self, request, key):
        """The HTML of a mail, for the frame of its preview."""
        kind = KINDS[self.text_for(request, key).key]
        try:
            written = signing.loads(request.GET.get("t", ""), salt=SALT, max_age=LIFE)
        except signing.BadSignature:
            raise Http404("no such preview") from None
        _, _, html = kind.compose(kind.examples, Wording(*written))
        return csp_replace(MAIL_POLICY)(xframe_options_sameorigin(HttpResponse))(html)

    def keep(self, request, form):
        """Save what was typed; the default, typed again, is not kept as a text of its own."""
        row, default = form.instance, form.kind.wording
        if Wording(row.subject, row.text.strip(), row.button) == Wording(
            default.subject, default.text.strip(), default.button
        ):
            self.forget(request, row)
            return
        form.save()
        self.log_change(request, row, "Texte modifié.")
        self.message_user(request, f"« {row} » : ce texte partira désormais.", messages.SUCCESS)

    def restore_view(self, request, key):
        """Confirm, then go back to the default."""
        row = self.text_for(request, key)
        if request.method == "POST":
            self.forget(request, row)
            return redirect("admin:accounts_mailtext_changelist")
        kind = KINDS[row.key]
        title = f"{kind.label} : le texte d’origine"
        return self.page(
            request, "admin/accounts/mailtext/restore.html", title=title, kind=kind, row=row
        )

    def forget(self, request, row):
        if MailText.objects.filter(key=row.key).delete()[0]:
            self.log_change(request, row, "Texte d’origine rétabli.")
        self.message_user(request, f"« {row} » : le texte d’origine partira.", messages.SUCCESS)
