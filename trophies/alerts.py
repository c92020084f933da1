"""Being told of the next call, without an account: two consents, and one button to stop.

Who holds the link of a mail acts for its address: these pages ask for nothing else.
"""

from allauth.core import ratelimit
from django import forms
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import FormView, TemplateView, View

from rallynov.fields import AddressField
from trophies import services
from trophies.models import CallAlert


class AlertForm(forms.Form):
    use_required_attribute = False

    email = AddressField(
        label="Votre adresse électronique",
        help_text="Elle sert à vous écrire à l’ouverture d’un appel, et à rien d’autre. Vous "
        "l’effacez d’un clic, par un lien dans chaque message.",
    )


@method_decorator(never_cache, name="dispatch")
class AlertView(FormView):
    template_name = "trophies/alert.html"
    form_class = AlertForm
    success_url = reverse_lazy("trophies:alert-asked")

    def form_valid(self, form):
        email = form.cleaned_data["email"]
        refusal = ratelimit.consume_or_429(self.request, action="call_alert", key=email)
        if refusal:
            return refusal
        services.ask_alert(email=email)
        return super().form_valid(form)


class AlertAskedView(TemplateView):
    """The same answer whatever the address."""

    template_name = "trophies/alert_asked.html"


@method_decorator(never_cache, name="dispatch")
class AlertConfirmView(View):
    """The second consent: opening the link, as mail scanners do, confirms nothing."""

    def get(self, request, token):
        alert = get_object_or_404(CallAlert, token=token)
        return render(request, "trophies/alert_confirm.html", {"alert": alert})

    def post(self, request, token):
        alert = get_object_or_404(CallAlert, token=token)
        services.confirm_alert(alert)
        return redirect(alert)


@method_decorator([never_cache, csrf_exempt], name="dispatch")
class AlertStopView(View):
    """One button, which a mail program may press as well (RFC 8058), hence without CSRF."""

    def get(self, request, token):
        alert = CallAlert.objects.filter(token=token).first()
        return render(request, "trophies/alert_stop.html", {"alert": alert})

    def post(self, request, token):
        services.stop_alert(token)
        return render(request, "trophies/alert_stop.html", {"alert": None})
