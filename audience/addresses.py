"""Which pages are counted, and the address by which they say that they are shown.

The address of a page is signed: nobody has this site count a page that it never showed.
"""

from urllib.parse import urlencode

from django.conf import settings
from django.core.signing import Signer
from django.urls import reverse

LONGEST = 200  # PageCount.path

page_signer = Signer(salt="audience")


def seen_address(request):
    """What the page asked for by `request` tells, once it is shown; "" if it is not counted."""
    match = request.resolver_match
    if not match or match.view_name not in settings.AUDIENCE_PAGES or len(request.path) > LONGEST:
        return ""
    return f"{reverse('audience:seen')}?{urlencode({'page': page_signer.sign(request.path)})}"
