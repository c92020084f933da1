"""From the call to a draft: the rules in a minute, the first step, and only then an account.

What is written without an account is kept in this browser's session for two days, and joins the
account once the code was entered.
"""

from urllib.parse import urlencode

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.views.decorators.cache import never_cache
from django.views.generic import View

from initiatives.models import Initiative
from trophies import services
from trophies.forms import EligibilityForm, StepForm, data_of
from trophies.holder import REFUSED, SIGN_IN, HolderMixin
from trophies.models import Candidature, Edition
from trophies.steps import STEPS
from trophies.workflow import NotAllowed, Status

KEPT_FOR = 48 * 3600  # seconds
FIRST = STEPS[0]


@method_decorator(never_cache, name="dispatch")
class StartingView(View):
    """A page before the draft exists: what was answered so far is in `self.begun`."""

    template_name = ""

    @cached_property
    def edition(self):
        editions = Edition.objects.published().for_detail()
        found = get_object_or_404(editions, year=self.kwargs["year"])
        if found.opens_at is None:
            raise Http404("no call")
        return found

    @property
    def key(self):
        return f"candidature-{self.edition.year}"

    @property
    def begun(self):
        return self.request.session.get(self.key, {})

    def keep(self, **answers):
        self.request.session[self.key] = self.begun | answers
        if not self.request.user.is_authenticated:
            self.request.session.set_expiry(KEPT_FOR)

    def url(self, name):
        return reverse(f"candidatures:{name}", args=[self.edition.year])

    def show(self, status=200, **context):
        context |= {"edition": self.edition}
        return render(self.request, self.template_name, context, status=status)

    def dispatch(self, request, *args, **kwargs):
        if not self.edition.is_open:
            self.template_name = "candidatures/start.html"
            return self.show(status=200 if request.method == "GET" else REFUSED)
        return super().dispatch(request, *args, **kwargs)


class StartView(StartingView):
    """The rules, a question each."""

    template_name = "candidatures/start.html"

    @cached_property
    def rules(self):
        return list(self.edition.eligibility_rules.with_advisors())

    def get(self, request, year):
        if slug := request.GET.get("initiative"):
            sheet = Initiative.objects.published().filter(slug=slug).first()
            self.keep(initiative=sheet.slug if sheet else "")
        answers = self.begun.get("eligibility", {})
        initial = {kind: "oui" if is_met else "non" for kind, is_met in answers.items()}
        return self.show(form=EligibilityForm(self.rules, initial=initial))

    def post(self, request, year):
        form = EligibilityForm(self.rules, request.POST)
        if not form.is_valid():
            return self.show(form=form)
        self.keep(eligibility=form.cleaned_data)
        if form.refused() and "anyway" not in request.POST:
            return self.show(form=form, refused=form.refused())
        if request.user.is_authenticated:
            return redirect(self.url("join"))
        return redirect(self.url("first"))


class FirstStepView(StartingView):
    """The first step, before anybody signs in."""

    template_name = "candidatures/first.html"

    @property
    def draft(self):
        return Candidature(edition=self.edition)

    def get(self, request, year):
        raw = self.begun.get("first")
        data = None if raw is None else data_of(raw)
        return self.show(form=StepForm(FIRST, data, instance=self.draft), step=FIRST)

    def post(self, request, year):
        form = StepForm(FIRST, request.POST, instance=self.draft)
        form.is_valid()
        self.keep(first=form.raw)
        return redirect(f"{reverse(SIGN_IN)}?{urlencode({'next': self.url('join')})}")


class JoinView(HolderMixin, StartingView):
    """What was begun in this browser becomes a draft of the account, or completes one."""

    template_name = "candidatures/join.html"

    def drafts(self):
        return self.candidatures().filter(edition=self.edition, status=Status.DRAFT)

    def get(self, request, year):
        if drafts := self.drafts():
            return self.show(drafts=drafts, begun=self.begun)
        if self.key not in request.session:
            return redirect(self.url("start"))
        return self.create()

    def post(self, request, year):
        return self.create()

    def create(self):
        begun = self.begun
        values, typed = self.first_step(begun.get("first"))
        try:
            draft = services.start(
                edition=self.edition,
                by=self.request.user,
                eligibility=begun.get("eligibility", {}),
                initiative=self.sheet(begun.get("initiative")),
                values=values,
                typed=typed,
            )
        except NotAllowed:
            self.template_name = "candidatures/start.html"
            return self.show(status=REFUSED)
        self.request.session.pop(self.key, None)
        return redirect("candidatures:edit", draft.uuid)

    def sheet(self, slug):
        return Initiative.objects.published().filter(slug=slug).first() if slug else None

    def first_step(self, raw):
        """What was written before signing in: what was understood, and the rest as typed."""
        if not (raw or {}).get("organisation_name"):
            return {}, {}
        form = StepForm(FIRST, data_of(raw), instance=Candidature(edition=self.edition))
        form.is_valid()
        return form.values, form.typed
