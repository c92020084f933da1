"""Registering without an account. Who has the address of a registration acts for it.

What is shown to whoever types an address is judged on the event alone: whether the address is
registered already is told by mail, to the address.
"""

from hashlib import sha256

from django.conf import settings
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import DetailView, FormView

from events import services
from events.forms import RegistrationForm
from events.models import Event, Registration
from rallynov.formguard import GuardedView

CLOSED = (
    "Les inscriptions viennent de se clore, pendant que vous écriviez. Ce que vous avez écrit est "
    "encore là."
)


def open_to_the_public(slug):
    """The event, published, that takes registrations or once did."""
    event = get_object_or_404(Event.objects.published().for_detail(), slug=slug)
    if not event.takes_registrations:
        raise Http404
    return event


@method_decorator(never_cache, name="dispatch")
class RegisterView(GuardedView, FormView):
    form_class = RegistrationForm
    template_name = "events/registration_form.html"
    rate_action = "registration"

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.event = open_to_the_public(kwargs["slug"])

    def get_context_data(self, **kwargs):
        kept = settings.RETENTION["registrations"]
        return super().get_context_data(event=self.event, kept_months=kept, **kwargs)

    def send(self, form):
        names = ["name", "email", "organisation", "needs"]
        fields = {name: form.cleaned_data[name] for name in names}
        page = sha256(form.opened.encode()).hexdigest()[:32]
        try:
            services.register(self.event, page=page, **fields)
        except services.RegistrationClosedError:
            form.add_error(None, CLOSED)
            return self.form_invalid(form)
        return redirect("events:registered", self.event.slug)


@method_decorator(never_cache, name="dispatch")
class RegisteredView(DetailView):
    """The same answer whatever the address."""

    template_name = "events/registration_sent.html"

    def get_object(self):
        return open_to_the_public(self.kwargs["slug"])


def state_of(registration):
    """What its page tells: its status, or what became of it and of the event since."""
    event, status = registration.event, registration.status
    if event.status == Event.Status.CANCELLED:
        return "called_off"
    if status == Registration.Status.OFFERED and event.status == Event.Status.PLANNED:
        return "offered" if registration.may_be_accepted else "lapsed"
    if registration.is_active and not services.takes_answers(event):
        return "over"
    return status


@method_decorator(never_cache, name="dispatch")
class RegistrationView(DetailView):
    """Opening the link, as mail scanners do, takes no place and gives none up."""

    template_name = "events/registration.html"
    context_object_name = "registration"
    queryset = Registration.objects.select_related("event__commune", "event__department")
    gestures = {"prendre": services.accept, "renoncer": services.cancel}

    def get_object(self):
        return get_object_or_404(self.get_queryset(), uuid=self.kwargs["uuid"])

    def get_context_data(self, **kwargs):
        event = self.object.event
        public = Event.objects.published().filter(pk=event.pk)
        return super().get_context_data(
            event=event,
            state=state_of(self.object),
            is_public=public.exists(),
            is_open=public.taking_registrations().exists(),
            **kwargs,
        )

    def post(self, request, uuid):
        registration = self.get_object()
        gesture = self.gestures.get(request.POST.get("geste"))
        if gesture:
            gesture(registration)
        return redirect(registration)
