"""What keeps robots out of the forms that need no account, instead of a captcha.

A field that people do not see, a few seconds, a limit by address: nothing typed is lost, whatever
is refused. A page holds `includes/form_guard.html` inside its form.
"""

import time
from functools import cached_property

from allauth.core import ratelimit
from django import forms
from django.core import signing

SALT = "formguard"
LEAST = 3  # seconds that a person takes to write something
TRAP = "site"  # the field that people do not see

TRAPPED = (
    "Un champ que personne ne voit a été rempli, par une extension du navigateur peut-être. "
    "Nous l’avons vidé\u202f: envoyez de nouveau."
)
TOO_FAST = "C’était très rapide. Relisez ce que vous avez écrit, puis envoyez de nouveau."
TOO_MANY = (
    "Beaucoup d’envois sont partis d’ici depuis une heure. Le vôtre est encore là\u202f: gardez la "
    "page ouverte, et envoyez-le un peu plus tard."
)


class GuardedForm(forms.Form):
    use_required_attribute = False

    @cached_property
    def opened(self):
        """When the page was opened, signed: as it was sent, unless somebody made it up."""
        given = self.data.get("ouvert", "")
        return given if instant_of(given) else signing.dumps(time.time(), salt=SALT)

    def clean(self):
        if self.data.get(TRAP):
            raise forms.ValidationError(TRAPPED)
        if time.time() - instant_of(self.opened) < LEAST:
            raise forms.ValidationError(TOO_FAST)
        return super().clean()


class GuardedView:
    """Mixin of a FormView over a `GuardedForm`: `send(form)` once no limit refuses it."""

    rate_action = ""  # its rate is in ACCOUNT_RATE_LIMITS

    def form_valid(self, form):
        if not ratelimit.consume(self.request, action=self.rate_action):
            form.add_error(None, TOO_MANY)
            return self.render_to_response(self.get_context_data(form=form), status=429)
        return self.send(form)


def instant_of(signed):
    """The instant that `signed` holds, None if it was not signed here."""
    try:
        return signing.loads(signed, salt=SALT)
    except signing.BadSignature:
        return None
