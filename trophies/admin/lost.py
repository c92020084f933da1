"""What a juror sent after their session had ended: kept until they have signed in again.

Without JavaScript the page that was typed is gone once it is sent: it waits in the session of
whoever has not signed in, on the server, for an hour, and is read by that address alone.
"""

from django.http import QueryDict

KEY = "sent_too_late"
LONGEST = 40_000  # signs of an encoded form: twice what two comments may hold
KEPT = 3600  # seconds


def keep(request):
    """Remember what an anonymous request sent to its address, if it is of a plausible size."""
    sent = request.POST.urlencode()
    if len(sent) <= LONGEST:
        request.session[KEY] = {"path": request.path, "sent": sent}
        request.session.set_expiry(KEPT)


def keeping(view):
    """Around a view of the admin: it keeps what comes in when nobody is signed in."""

    def kept(request, *args, **kwargs):
        if request.method == "POST" and not request.user.is_authenticated:
            keep(request)
        return view(request, *args, **kwargs)

    return kept


def given_back(request):
    """What was kept for this address, once; else None."""
    if request.session.get(KEY, {}).get("path") != request.path:
        return None
    return QueryDict(request.session.pop(KEY)["sent"])
