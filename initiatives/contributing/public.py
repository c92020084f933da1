"""What anyone may send, without an account: an initiative, an error seen on a sheet."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.decorators import method_decorator
from django.views.decorators.cache import cache_control, never_cache
from django.views.generic import DetailView, FormView, TemplateView

from initiatives.contributing import services, values
from initiatives.contributing.duplicates import close_sheets
from initiatives.contributing.forms import FaultForm, ProposalForm
from initiatives.models import Initiative
from rallynov.formguard import GuardedView

LONGEST = 160


@method_decorator(never_cache, name="dispatch")
class ProposeView(GuardedView, FormView):
    """Sheets that it may be are shown once before it leaves, if nobody saw them while typing."""

    template_name = "contributions/propose.html"
    form_class = ProposalForm
    rate_action = "contribution"

    def form_valid(self, form):
        asked = form.cleaned_data
        close = close_sheets(asked["title"], commune=asked["commune"], website=asked["website"])
        seen = self.request.POST.get("seen", "").split()
        if any(sheet.slug not in seen for sheet in close):
            return self.render_to_response(self.get_context_data(form=form, close=close))
        return super().form_valid(form)

    def send(self, form):
        asked = form.cleaned_data
        services.propose(
            proposed={name: value for name, value in values.kept(asked).items() if value},
            name=asked["name"],
            email=asked["email"],
            carries_it=asked["carries_it"],
        )
        return redirect("initiatives:proposed")


class ProposedView(TemplateView):
    template_name = "contributions/proposed.html"


# What is shown changes with every publication, at its second.
@cache_control(public=True, no_cache=True)
def close(request):
    """The sheets that look like what is being typed: a part of a page."""
    asked = {name: request.GET.get(name, "") for name in ("title", "commune", "website")}
    found = close_sheets(
        asked["title"][:LONGEST], commune=commune_of(asked["commune"]), website=asked["website"]
    )
    if not found:
        return HttpResponse("")
    return render(request, "contributions/_close.html", {"close": found})


def commune_of(text):
    """The commune that was typed, if it is clear already."""
    form = ProposalForm({"commune": text.replace("\0", "")[:LONGEST]})
    form.is_valid()
    return form.cleaned_data.get("commune")


@method_decorator(never_cache, name="dispatch")
class FaultView(GuardedView, FormView):
    template_name = "contributions/fault.html"
    form_class = FaultForm
    rate_action = "contribution"

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.sheet = get_object_or_404(Initiative.objects.published(), slug=kwargs["slug"])

    def get_context_data(self, **kwargs):
        return super().get_context_data(sheet=self.sheet, **kwargs)

    def send(self, form):
        services.report_fault(initiative=self.sheet, **form.cleaned_data)
        return redirect("initiatives:fault-sent", self.sheet.slug)


class FaultSentView(DetailView):
    queryset = Initiative.objects.published()
    template_name = "contributions/fault_sent.html"
    context_object_name = "sheet"
