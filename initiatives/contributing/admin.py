"""The queue: what people bring, read by the team, which answers each."""

from django.contrib import admin, messages
from django.forms import BaseInlineFormSet
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.html import format_html

from initiatives.contributing import answers, holding, rows, services
from initiatives.contributing.models import Contribution, SheetHolder
from initiatives.contributing.moderating import AcceptForm, RefuseForm
from initiatives.contributing.refusals import NotPossible
from rallynov.editing import ContentAdmin, TabularInline

Kind, State = Contribution.Kind, Contribution.State

STATE_LOOKS = {State.PENDING: "scheduled", State.ACCEPTED: "published", State.REFUSED: "draft"}
DONE = {
    AcceptForm: "C’est fait\u202f: {title}.",
    RefuseForm: "C’est écarté\u202f: {title}.",
}
TOLD = " La réponse part à {email}."


class StateFilter(admin.SimpleListFilter):
    title = "état"
    parameter_name = "etat"

    def lookups(self, request, model_admin):
        return State.choices

    def queryset(self, request, queryset):
        return queryset.filter(state=self.value()) if self.value() else queryset


class HolderFormSet(BaseInlineFormSet):
    def delete_existing(self, obj, commit=True):
        if commit:
            holding.take_back(initiative=obj.initiative, user=obj.user)


class HolderInline(TabularInline):
    """Who holds a sheet, for the team, which takes it back; giving it is an answer to a claim."""

    model = SheetHolder
    formset = HolderFormSet
    verbose_name_plural = "personnes qui tiennent la fiche, et qu’un retrait prévient"
    fields = readonly_fields = ["user", "address", "since"]
    classes = ["collapse"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("user")

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    @admin.display(description="adresse")
    def address(self, holder):
        return holder.user.email


@admin.register(Contribution)
class ContributionAdmin(ContentAdmin):
    """Answered on a page of its own, never changed nor deleted by hand."""

    list_display = ["what", "sender", "created_at", "state_look"]
    list_filter = [StateFilter, "kind"]
    list_select_related = ["initiative", "by", "answered_by"]
    search_fields = ["values__title", "initiative__title", "email", "name"]
    search_help_text = "Titre, nom ou adresse."
    ordering = ["-created_at", "-pk"]
    actions = None

    def get_queryset(self, request):
        """Without what searching needs of the sheets, which is long."""
        long = ["search_text", "search_vector", "title_vector"]
        return super().get_queryset(request).defer(*(f"initiative__{name}" for name in long))

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description="contribution")
    def what(self, contribution):
        return format_html(
            "{} <small>{}</small>",
            answers.title_of(contribution) or "sans titre",
            contribution.get_kind_display(),
        )

    @admin.display(description="de")
    def sender(self, contribution):
        return contribution.name or contribution.email or "sans nom ni adresse"

    @admin.display(description="état", ordering="state")
    def state_look(self, contribution):
        look, text = STATE_LOOKS[contribution.state], contribution.get_state_display()
        return format_html('<span class="state state--{}">{}</span>', look, text)

    # One contribution --------------------------------------------------------------------------

    def get_urls(self):
        own = [
            path(f"<int:pk>/{address}/", self.admin_site.admin_view(view), name=name)
            for address, view, name in [
                ("retenir", self.accept_view, "initiatives_contribution_accept"),
                ("ecarter", self.refuse_view, "initiatives_contribution_refuse"),
            ]
        ]
        return own + super().get_urls()

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """What is brought and the forms that answer it; Django's own would change it."""
        contribution = self.get_object(request, str(object_id))
        if contribution is None or not self.has_view_permission(request, contribution):
            raise Http404("no such contribution")
        return self.page(request, contribution)

    def accept_view(self, request, pk):
        return self.answer(request, pk, AcceptForm)

    def refuse_view(self, request, pk):
        return self.answer(request, pk, RefuseForm)

    def answer(self, request, pk, form_class):
        contribution = self.get_object(request, str(pk))
        if contribution is None or not self.has_change_permission(request, contribution):
            raise Http404("no such contribution")
        if request.method != "POST":
            return redirect("admin:initiatives_contribution_change", pk)
        form = form_class(contribution, request.POST)
        if form.is_valid():
            try:
                answered = form.make(by=request.user)
            except NotPossible as refusal:
                form.add_error(None, str(refusal))
            else:
                return self.after(request, answered, form)
        return self.page(request, self.get_object(request, str(pk)), form)

    def after(self, request, contribution, form):
        """The list, with a word of what was done; the history of the sheet says it too."""
        title = answers.title_of(contribution)
        text = DONE[type(form)].format(title=title)
        if contribution.email and contribution.answer:
            text += TOLD.format(email=contribution.email)
        self.log_change(request, contribution, contribution.get_state_display())
        if contribution.state == State.ACCEPTED and contribution.initiative:
            told = history_of(contribution, form.cleaned_data["names"])
            self.log_change(request, contribution.initiative, told)
        self.message_user(request, text, messages.SUCCESS)
        return redirect("admin:initiatives_contribution_changelist")

    def page(self, request, contribution, given=None):
        accept = given if isinstance(given, AcceptForm) else AcceptForm(contribution)
        refuse = given if isinstance(given, RefuseForm) else RefuseForm(contribution)
        context = {
            "opts": self.opts,
            "title": answers.title_of(contribution) or "Contribution",
            "contribution": contribution,
            "state": self.state_look(contribution),
            "is_open": contribution.state == State.PENDING
            and self.has_change_permission(request, contribution),
            "given": given,
            "accept": accept,
            "refuse": refuse,
            "rows": rows.of(contribution, accept.ticked),
            "seen": services.version_of(contribution),
            "close": rows.close_to(contribution, request.user),
            "holders": rows.holders_of(contribution),
            "invited": rows.invited_by(contribution),
        }
        return TemplateResponse(
            request,
            "admin/initiatives/contribution/page.html",
            self.admin_site.each_context(request) | context,
        )


def history_of(contribution, names):
    """What the history of the sheet keeps: the words that were there, field by field.

    Not who brought others: the contribution says it, for as long as that may be kept.
    """
    kept = [row for row in rows.of(contribution) if row.name in names]
    changes = [f"{row.label} (avant\u202f: {row.former or 'rien'})" for row in kept]
    kind = contribution.get_kind_display().capitalize()
    return f"{kind}. {' ; '.join(changes)}".strip()
