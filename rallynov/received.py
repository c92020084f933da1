"""The instant when a request came in, read before anything else: a deposit is dated by it."""

from django.utils import timezone


def received_at(get_response):
    """Middleware, the first of all: what follows may wait for the database, this does not."""

    def middleware(request):
        request.received_at = timezone.now()
        return get_response(request)

    return middleware
