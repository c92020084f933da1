"""The mails about a candidature, to those of the team who may see it."""

from django.contrib import admin
from django.db.models import Exists, OuterRef
from post_office.models import Email

from accounts.admin import MailAdmin
from rallynov import outbox
from trophies.models import Candidature

admin.site.unregister(Email)


@admin.register(Email)
class CandidatureMailAdmin(MailAdmin):
    def get_queryset(self, request):
        hidden = Candidature.objects.exclude(
            pk__in=Candidature.objects.visible_to(request.user).values("pk")
        )
        mails = outbox.with_about(super().get_queryset(request))
        return mails.exclude(Exists(hidden.filter(uuid=OuterRef("about"))))
