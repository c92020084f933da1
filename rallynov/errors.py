"""Error pages in French that need no database, no session and no context."""

import sys

from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.template.loader import render_to_string


def page(status):
    return HttpResponse(render_to_string(f"{status}.html"), status=status)


def bad_request(request, exception):
    too_big = isinstance(exception, RequestDataTooBig | TooManyFilesSent)
    return page(413 if too_big else 400)


def permission_denied(request, exception):
    return page(403)


def csrf_failure(request, reason=""):
    return page(403)


def not_found(request, exception):
    return page(404)


def too_many_requests(request, exception=None):
    response = page(429)
    response["Retry-After"] = "60"
    return response


def server_error(request):
    """503 when the database is away, which passes; 500 when the fault is ours."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        response = page(503)
        response["Retry-After"] = "30"
        return response
    return page(500)
