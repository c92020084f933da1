import logging

from django.core.exceptions import PermissionDenied
from django.core.signing import BadSignature
from django.db import Error
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from django.views.generic import TemplateView

from audience import figures
from audience.addresses import page_signer
from audience.buffer import buffer
from audience.models import DaySalt
from audience.visitors import digest_of, is_counted

logger = logging.getLogger("audience")


@require_GET
@never_cache
def seen(request):
    """A page says that it is shown. The answer is the same whether it counts or not."""
    if is_counted(request):
        try:
            count(request, page_signer.unsign(request.GET.get("page", "")))
        except (BadSignature, PermissionDenied):
            pass  # not a page of ours, or no address to tell a visitor by
        except (Error, DaySalt.DoesNotExist) as error:
            logger.warning("une page n’est pas comptée : %s", str(error).strip())
    return HttpResponse(status=204)


def count(request, path):
    day = timezone.localdate()
    buffer.add(day, path, digest_of(request, day))


class MethodView(TemplateView):
    """How the readers are counted, and how many they are."""

    template_name = "audience/method.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            years=figures.by_year(), archives=figures.archives(), **kwargs
        )
