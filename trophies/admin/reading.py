"""The jurors' pages: their readings, the screen where they read and score, their conflicts."""

from csp.constants import SELF
from csp.decorators import csp_update
from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.db import transaction
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.decorators import method_decorator

from accounts.roles import READING
from trophies import booklet, services
from trophies.admin import declaration
from trophies.admin.lost import given_back, keeping
from trophies.admin.reading_form import ConflictForm, ReadingForm, Verdict
from trophies.admin.reading_route import mean_text, opened, routes_of, saved_text
from trophies.dossier import Dossier, department_names
from trophies.models import Assignment
from trophies.others import may_see_others, others_of
from trophies.services.readings import Outdated, first_reading, version_of
from trophies.workflow import NotAllowed

# PDFs of a file are shown in its page, and in no other page of the site.
with_frames = method_decorator(csp_update({"frame-src": [SELF]}))


@admin.register(Assignment)
class ReadingAdmin(admin.ModelAdmin):
    """Pages of our own and none of Django's, which would tell of other people's readings."""

    def get_urls(self):
        return [
            path("", self.guard(self.list_view), name="trophies_readings"),
            *declaration.pages(self),
            path("livret/<int:year>/", self.guard(self.booklet_view), name="trophies_booklet"),
            path("<uuid:uuid>/", keeping(self.guard(self.reading_view)), name="trophies_reading"),
            path(
                "<uuid:uuid>/autres/",
                self.guard(self.others_view),
                name="trophies_reading_others",
            ),
            path("<uuid:uuid>/lien/", self.guard(self.tie_view), name="trophies_reading_conflict"),
        ]

    def guard(self, view):
        return self.admin_site.admin_view(permission_required(READING, raise_exception=True)(view))

    def has_module_permission(self, request):
        return False

    def page(self, request, template, context, status=200):
        context = self.admin_site.each_context(request) | context
        return TemplateResponse(request, template, context, status=status)

    # The list, and the booklet

    def list_view(self, request):
        context = {"title": "Vos lectures", "routes": routes_of(request.user)}
        return self.page(request, "admin/reading/list.html", context)

    def booklet_view(self, request, year):
        content = booklet.booklet_content(request.user, year)
        if content is None:
            raise Http404("no reading of theirs")
        return HttpResponse(
            booklet.booklet_pdf(content),
            content_type="application/pdf",
            headers={"Content-Disposition": f'attachment; filename="lectures-jury-{year}.pdf"'},
        )

    # The screen

    @with_frames
    def reading_view(self, request, uuid):
        found = open_reading(request.user, uuid)
        if request.method == "POST":
            return self.submit(request, found.reading)
        if sent := given_back(request):
            return self.show_again(request, found, sent)
        return self.screen(request, found, ReadingForm(found.reading))

    def show_again(self, request, found, sent):
        """What was typed until the session ended; as in a disagreement, the juror saves it."""
        form = ReadingForm(found.reading, sent)
        if not (form.is_filled and form.is_valid()):
            return self.screen(request, found, ReadingForm(found.reading))
        return self.screen(request, found, form, faults=[TOO_LATE], version=form.version)

    def submit(self, request, reading):
        """Save, then sign if asked. A refusal loses nothing of what was typed."""
        form = ReadingForm(reading, request.POST)
        if not form.is_valid():
            return self.refuse(request, form, form.faults, status=400)
        action = request.POST.get("action")
        try:
            evaluation = carry_out(form, action)
        except Outdated as refusal:
            return self.disagree(request, form, str(refusal))
        except NotAllowed as refusal:
            return self.refuse(request, form, [str(refusal)], status=409)
        if wants_json(request):
            return JsonResponse(saved(form, evaluation))
        if action == "sign" and form.missing:
            return self.screen(
                request, open_reading(request.user, reading.uuid), form, to_sign=True
            )
        messages.success(request, ANSWERS.get(action, ANSWERS["save"]))
        return redirect(f"{reading.get_absolute_url()}#grille")

    def disagree(self, request, form, fault):
        """Something else was kept meanwhile: both are shown, and the next answer chooses."""
        found = open_reading(request.user, form.reading.uuid)
        if wants_json(request):
            version = version_of(found.reading.evaluation)
            return JsonResponse({"error": fault, "version": version}, status=409)
        kept = form.differences(ReadingForm(found.reading))
        return self.screen(request, found, form, faults=[fault], kept=kept, status=409)

    def refuse(self, request, form, faults, status):
        if wants_json(request):
            return JsonResponse({"error": " ".join(faults)}, status=status)
        found = open_reading(request.user, form.reading.uuid)
        version = form.version if form.is_filled else None
        form = form if form.is_filled else ReadingForm(found.reading)
        return self.screen(request, found, form, faults=faults, version=version, status=status)

    def screen(
        self, request, found, form, *, faults=(), kept=(), version=None, to_sign=False, status=200
    ):
        reading, route = found.reading, found.route
        stop, before, after = route.around(reading.uuid)
        file = Dossier(reading.candidature, department_names())
        criteria = reading.candidature.edition.criteria.all()
        evaluation = getattr(reading, "evaluation", None)
        is_writable = route.is_open and not reading.is_signed
        context = {
            "title": file.title,
            "file": file,
            "reading": reading,
            "evaluation": evaluation,
            "version": version_of(evaluation) if version is None else version,
            "saved": saved_text(evaluation.updated_at) if evaluation else "",
            "mean": mean_text(evaluation.mean(criteria)) if evaluation else "",
            "route": route,
            "pins": route.pins(stop),
            "stop": stop,
            "before": before,
            "after": after,
            "to_do": route.next_after(stop),
            "form": form,
            "faults": faults,
            "kept": kept,
            "missing": form.missing if to_sign else [],
            "is_writable": is_writable,
            "first_reading": is_writable and not evaluation and first_reading(reading),
            "is_open": route.is_open,
            "may_see_others": may_see_others(reading),
            "others": [Verdict(other, criteria) for other in others_of(reading)],
        }
        return self.page(request, "admin/reading/screen.html", context, status)

    # The others' readings

    def others_view(self, request, uuid):
        """Ask for them: a page that says what it changes, then a POST that changes it."""
        reading = open_reading(request.user, uuid).reading
        if request.method == "POST":
            try:
                services.show_others(reading)
            except NotAllowed as refusal:
                messages.error(request, str(refusal))
            return redirect(f"{reading.get_absolute_url()}#autres")
        if not may_see_others(reading):
            raise Http404("not shown")
        title = "Voir les autres lectures"
        context = {"title": title, "reading": reading, "file": Dossier(reading.candidature, {})}
        return self.page(request, "admin/reading/others.html", context)

    # A conflict

    def tie_view(self, request, uuid):
        reading = open_reading(request.user, uuid).reading
        form = ConflictForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            services.declare_conflict(reading, reason=form.cleaned_data["reason"])
            messages.success(request, ANSWERS["tie"])
            return redirect("admin:trophies_readings")
        title = "J’ai un lien avec ce dossier"
        file = Dossier(reading.candidature, {})
        context = {"title": title, "reading": reading, "file": file, "form": form}
        return self.page(request, "admin/reading/tie.html", context)


TOO_LATE = (
    "Votre session s’était terminée. Voici ce que vous aviez écrit\u202f: rien n’en est encore "
    "enregistré, faites-le maintenant."
)
ANSWERS = {
    "save": "Votre lecture est enregistrée.",
    "sign": "Votre lecture est signée.",
    "take_first": "Votre première lecture est reprise ici, sans être signée\u202f: relisez-la, "
    "changez ce qui doit l’être, puis signez.",
    "unsign": "Lecture reprise\u202f: modifiez-la, puis signez-la de nouveau.",
    "tie": "Votre lien est noté, et l’équipe le verra. Le dossier a quitté vos listes.",
}


def open_reading(user, uuid):
    """A reading and its route, or the same 404 for all that is not theirs to read."""
    found = opened(user, uuid)
    if found is None:
        raise Http404("not theirs to read")
    return found


@transaction.atomic
def carry_out(form, action):
    """The evaluation as it is now kept."""
    if action == "unsign":
        services.unsign(form.reading)
    if action == "take_first":
        return services.take_first_reading(form.reading)
    if form.is_filled:
        form.reading.evaluation = services.save_evaluation(
            form.reading, levels=form.levels, version=form.version, **form.written
        )
    if action == "sign" and not form.missing:
        return services.sign(form.reading)
    return getattr(form.reading, "evaluation", None)


def saved(form, evaluation):
    return {
        "saved_at": saved_text(evaluation.updated_at),
        "version": version_of(evaluation),
        "mean": mean_text(form.mean),
        "missing": [criterion.pk for criterion in form.missing],
    }


def wants_json(request):
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"
