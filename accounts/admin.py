"""People, and the mails that were sent to them."""

from allauth.account.forms import ResetPasswordForm
from allauth.account.models import EmailAddress
from django import forms
from django.apps import apps
from django.contrib import admin, messages
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.html import format_html
from post_office.models import STATUS, Email, Log

from accounts.mail_admin import MailTextAdmin
from accounts.models import MailText, User
from accounts.roles import Role
from rallynov.editing import ContentAdmin

# post_office has no French of its own; its pages are read by staff.
apps.get_app_config("post_office").verbose_name = "courriels"
Email._meta.verbose_name = "courriel"
Email._meta.verbose_name_plural = "courriels"


class UserForm(forms.ModelForm):
    roles = forms.MultipleChoiceField(
        label="Rôles",
        choices=Role.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Aucun rôle : une personne qui dépose une candidature.",
    )

    def save(self, commit=True):
        if not self.instance.pk:
            self.instance.set_unusable_password()
        return super().save(commit)


class RoleFilter(admin.SimpleListFilter):
    title = "rôle"
    parameter_name = "role"

    def lookups(self, request, model_admin):
        return [*Role.choices, ("aucun", "sans rôle")]

    def queryset(self, request, queryset):
        if self.value() == "aucun":
            return queryset.filter(roles=[])
        return queryset.filter(roles__contains=[self.value()]) if self.value() else queryset


@admin.register(User)
class UserAdmin(ContentAdmin):
    """Nobody changes one's own powers, and only a superuser touches a superuser."""

    new_title = "Nouvelle personne"
    form = UserForm
    list_display = ["email", "name", "role_names", "account", "last_login"]
    list_filter = [RoleFilter, "is_active"]
    search_fields = ["email", "name"]
    actions = ["send_password_link"]
    readonly_fields = ["sign_in", "last_login", "joined_at"]
    fieldsets = [
        (None, {"fields": ["email", "name"]}),
        ("Ce que cette personne peut faire", {"fields": ["roles", "is_active"]}),
        ("Connexion", {"fields": ["sign_in", "last_login", "joined_at"]}),
    ]

    @admin.display(description="rôles")
    def role_names(self, user):
        names = [Role(role).label for role in user.roles]
        return ", ".join(["tous les droits"] * user.is_superuser + names) or "—"

    @admin.display(description="compte", ordering="is_active")
    def account(self, user):
        return "ouvert" if user.is_active else "fermé"

    @admin.display(description="pour se connecter")
    def sign_in(self, user):
        return (
            "La personne reçoit un code par courriel. Pour choisir un mot de passe, elle se sert "
            "de « Mot de passe oublié », ou vous lui envoyez un lien depuis la liste des personnes."
        )

    def has_change_permission(self, request, obj=None):
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return False

    def get_readonly_fields(self, request, obj=None):
        fields = super().get_readonly_fields(request, obj)
        return [*fields, "email", "roles", "is_active"] if obj == request.user else fields

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if not change:
            self.message_user(
                request,
                "Rien n’est encore parti : pour l’inviter, cochez son nom dans la liste, puis "
                "l’action « Envoyer un lien pour choisir un mot de passe ».",
                messages.INFO,
            )
        if "email" in form.changed_data:
            # The former address must not sign in any more.
            EmailAddress.objects.filter(user=obj).delete()

    @admin.action(
        description="Envoyer un lien pour choisir un mot de passe", permissions=["change"]
    )
    def send_password_link(self, request, queryset):
        people = [user for user in queryset if user.is_active and not user.is_superuser]
        for user in people:
            form = ResetPasswordForm({"email": user.email})
            if form.is_valid():
                form.save(request)
        count = len(people)
        text = "Un lien part vers une personne." if count == 1 else f"{count} liens partent."
        if not count:
            text = "Aucun lien ne part : ces comptes sont fermés, ou ont tous les droits."
        self.message_user(request, text, messages.SUCCESS if count else messages.WARNING)


admin.site.register(MailText, MailTextAdmin)


MAIL_STATES = {
    STATUS.sent: ("published", "parti"),
    STATUS.failed: ("failed", "en échec"),
    STATUS.queued: ("scheduled", "en attente"),
    STATUS.requeued: ("scheduled", "nouvel essai prévu"),
}


class MailStateFilter(admin.SimpleListFilter):
    title = "état"
    parameter_name = "etat"

    def lookups(self, request, model_admin):
        return [(str(status), text.capitalize()) for status, (_, text) in MAIL_STATES.items()]

    def queryset(self, request, queryset):
        return queryset.filter(status=self.value()) if self.value() else queryset


@admin.register(Email)
class MailAdmin(ContentAdmin):
    """Whether mails leave, and to whom; never what they say: some hold codes."""

    list_display = ["recipients", "title", "state", "queued_at", "next_try", "last_error"]
    list_display_links = ["recipients"]
    list_filter = [MailStateFilter]
    search_fields = ["to", "subject"]
    ordering = ["-created", "-pk"]
    fields = ["recipients", "title", "state", "queued_at", "next_try", "tries", "last_error"]
    readonly_fields = fields
    actions = None
    # post_office's own template for this page has buttons to send again.
    change_form_template = "admin/change_form.html"

    def get_queryset(self, request):
        failures = Log.objects.filter(email=OuterRef("pk"), status=STATUS.failed)
        last = failures.order_by("-date", "-pk").values("message")[:1]
        return super().get_queryset(request).annotate(error=Subquery(last))

    @admin.display(description="destinataire", ordering="to")
    def recipients(self, mail):
        return ", ".join(mail.to)

    @admin.display(description="objet", ordering="subject")
    def title(self, mail):
        return mail.subject

    @admin.display(description="état", ordering="status")
    def state(self, mail):
        name, text = MAIL_STATES.get(mail.status, ("draft", "inconnu"))
        return format_html('<span class="state state--{}">{}</span>', name, text)

    @admin.display(description="mis en file le", ordering="created")
    def queued_at(self, mail):
        return mail.created

    @admin.display(description="prochain essai", ordering="scheduled_time")
    def next_try(self, mail):
        return mail.scheduled_time if mail.status == STATUS.requeued else None

    @admin.display(description="essais manqués")
    def tries(self, mail):
        return mail.number_of_retries or 0

    @admin.display(description="dernière erreur")
    def last_error(self, mail):
        """Why it waits or was given up; nothing once it has left."""
        if mail.status == STATUS.failed and mail.expires_at and mail.expires_at <= timezone.now():
            return "Trop tard : il n’a pas pu partir à temps."
        return mail.error if mail.status in (STATUS.failed, STATUS.requeued) else None

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
