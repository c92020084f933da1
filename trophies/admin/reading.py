"""The jurors' pages: their readings, the screen where they read and score, their conflicts."""

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone

from accounts.roles import READING
from trophies import services
from trophies.admin.reading_form import ConflictForm, ReadingForm
from trophies.admin.reading_route import (
    dossier,
    mean_text,
    readings_of,
    route_of,
    routes_of,
    saved_text,
)
from trophies.models import Assignment
from trophies.workflow import NotAllowed


@admin.register(Assignment)
class ReadingAdmin(admin.ModelAdmin):
    """Three pages of our own and none of Django's, which would tell of other people's readings."""

    def get_urls(self):
        return [
            path("", self.guard(self.list_view), name="trophies_readings"),
            path("<uuid:uuid>/", self.guard(self.reading_view), name="trophies_reading"),
            path("<uuid:uuid>/lien/", self.guard(self.tie_view), name="trophies_reading_conflict"),
        ]

    def guard(self, view):
        return self.admin_site.admin_view(permission_required(READING, raise_exception=True)(view))

    def has_module_permission(self, request):
        return False

    def page(self, request, template, context, status=200):
        context = self.admin_site.each_context(request) | context
        return TemplateResponse(request, template, context, status=status)

    # The list

    def list_view(self, request):
        context = {"title": "Vos lectures", "routes": routes_of(request.user)}
        return self.page(request, "admin/reading/list.html", context)

    # The screen

    def reading_view(self, request, uuid):
        reading = own_reading(request.user, uuid)
        if request.method == "POST":
            return self.submit(request, reading)
        return self.screen(request, reading, ReadingForm(reading))

    def submit(self, request, reading):
        """Save, then sign if asked. A refusal loses nothing of what was typed."""
        form = ReadingForm(reading, request.POST)
        if not form.is_valid():
            return self.refuse(request, form, form.faults, status=400)
        action = request.POST.get("action")
        try:
            carry_out(form, action)
        except NotAllowed as refusal:
            return self.refuse(request, form, [str(refusal)], status=409)
        if wants_json(request):
            return JsonResponse(saved(form))
        if action == "sign" and form.missing:
            return self.screen(request, own_reading(request.user, reading.uuid), form, to_sign=True)
        messages.success(request, ANSWERS.get(action, ANSWERS["save"]))
        return redirect(f"{reading.get_absolute_url()}#grille")

    def refuse(self, request, form, faults, status):
        if wants_json(request):
            return JsonResponse({"error": " ".join(faults)}, status=status)
        reading = own_reading(request.user, form.reading.uuid)
        form = form if form.is_filled else ReadingForm(reading)
        return self.screen(request, reading, form, faults=faults, status=status)

    def screen(self, request, reading, form, *, faults=(), to_sign=False, status=200):
        route = route_of(reading, request.user)
        stop, before, after = route.around(reading)
        file = dossier(reading.candidature.last_deposit)
        context = {
            "title": file["title"],
            "file": file,
            "reading": reading,
            "route": route,
            "stop": stop,
            "before": before,
            "after": after,
            "to_do": route.next_after(stop),
            "form": form,
            "faults": faults,
            "missing": form.missing if to_sign else [],
            "is_writable": route.is_open and not reading.is_signed,
            "is_open": route.is_open,
        }
        return self.page(request, "admin/reading/screen.html", context, status)

    # A conflict

    def tie_view(self, request, uuid):
        reading = own_reading(request.user, uuid)
        form = ConflictForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            services.declare_conflict(reading, reason=form.cleaned_data["reason"])
            messages.success(request, ANSWERS["tie"])
            return redirect("admin:trophies_readings")
        title = "J’ai un lien avec ce dossier"
        context = {"title": title, "reading": reading, "form": form}
        return self.page(request, "admin/reading/tie.html", context)


ANSWERS = {
    "save": "Votre lecture est enregistrée.",
    "sign": "Votre lecture est signée.",
    "unsign": "Lecture reprise\u202f: modifiez-la, puis signez-la de nouveau.",
    "tie": "Votre lien est noté, et l’équipe le verra. Le dossier a quitté vos listes.",
}


def own_reading(user, uuid):
    """The reading, or the same 404 for what is another's, hidden or not there at all."""
    return get_object_or_404(readings_of(user), uuid=uuid)


def carry_out(form, action):
    if action == "unsign":
        services.unsign(form.reading)
    if form.is_filled:
        services.save_evaluation(form.reading, levels=form.levels, **form.comments)
    if action == "sign" and not form.missing:
        services.sign(form.reading)


def saved(form):
    return {
        "saved_at": saved_text(timezone.now()),
        "mean": mean_text(form.mean),
        "missing": [criterion.pk for criterion in form.missing],
    }


def wants_json(request):
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"
