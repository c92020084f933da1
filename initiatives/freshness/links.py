"""Whether the sites that sheets give still answer: looked at slowly, and by their own address.

A site is asked once a week, or once a day while it fails; a host, once a minute at most. It is
asked for its head first, and nothing of its pages is read.
"""

import http.client
import ipaddress
import socket
import ssl
from datetime import timedelta
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.db.models import F, Q
from django.utils import timezone
from django.utils.encoding import iri_to_uri

from initiatives.freshness.models import LinkCheck
from initiatives.models import Initiative

EVERY = timedelta(days=7)
WHEN_FAILING = timedelta(days=1)
HOST_REST = timedelta(minutes=1)
PATIENCE = 10  # seconds
MOST_HOPS = 5
MOST_LOOKED_THROUGH = 500  # addresses, for one whose host does not rest
# The site is there, and would rather not answer a machine.
ALIVE_ALL_THE_SAME = {401, 403, 405, 406, 429, 451, 999}
PORTS = {"http": 80, "https": 443}


class NotPublicError(OSError):
    """The name leads to a machine that is none of the public's: ours, or a neighbour's."""


def is_public(address):
    """Whether the IP `address` (text) may be asked for a page."""
    return ipaddress.ip_address(address).is_global


# Asking -----------------------------------------------------------------------------------------


def status_of(url, *, may_reach=is_public):
    """The HTTP status that `url` ends at, None if nobody answers. `http` and `https` alone.

    Each name is resolved once, and the very address that was judged is called: a name that
    changes its mind between the two leads nowhere else.
    """
    try:
        for _ in range(MOST_HOPS):
            status, onward = ask(url, "HEAD", may_reach)
            if status >= 400:
                # Some servers do not know HEAD.
                status, onward = ask(url, "GET", may_reach)
            if onward is None:
                return status
            url = urljoin(url, onward)
    except (OSError, http.client.HTTPException, ValueError):
        return None
    return None


def ask(url, method, may_reach):
    """(status, where it sends on or None) of one request."""
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise ValueError(url)
    connection = opened(parts, may_reach)
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request(method, iri_to_uri(path), headers=headers())
        response = connection.getresponse()
        is_sent_on = response.status in (301, 302, 303, 307, 308)
        return response.status, response.getheader("Location") if is_sent_on else None
    finally:
        connection.close()


def opened(parts, may_reach):
    host = parts.hostname.encode("idna").decode()
    port = parts.port or PORTS[parts.scheme]
    address = public_address(host, port, may_reach)
    sock = socket.create_connection(address, timeout=PATIENCE)
    if parts.scheme == "https":
        connection = http.client.HTTPSConnection(host, port)
        sock = ssl.create_default_context().wrap_socket(sock, server_hostname=host)
    else:
        connection = http.client.HTTPConnection(host, port)
    connection.sock = sock
    return connection


def public_address(host, port, may_reach):
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [row[4][:2] for row in found]
    if not all(may_reach(address) for address, _ in addresses):
        raise NotPublicError(host)
    return addresses[0]


def headers():
    return {
        "User-Agent": f"Rally-nov/1.0 (+{settings.SITE_URL}; verification des liens)",
        "Accept": "*/*",
        "Connection": "close",
    }


# What is asked, and when ------------------------------------------------------------------------


def note_addresses():
    """Keep the list of what public sheets give as their site, examples apart."""
    sheets = Initiative.objects.published().filter(is_example=False).exclude(website="")
    given = set(sheets.values_list("website", flat=True))
    known = set(LinkCheck.objects.values_list("url", flat=True))
    LinkCheck.objects.filter(url__in=known - given).delete()
    LinkCheck.objects.bulk_create(
        [LinkCheck(url=url) for url in sorted(given - known)], ignore_conflicts=True
    )


def check_next(*, may_reach=is_public):
    """Look at one address whose turn it is; False when none waits."""
    link = claim_next()
    if link is None:
        return False
    note(link, status_of(link.url, may_reach=may_reach))
    return True


def claim_next():
    """The first whose turn it is, of a host that rests no more; its turn is then over."""
    now = timezone.now()
    recent = LinkCheck.objects.filter(checked_at__gt=now - HOST_REST)
    resting = {urlsplit(url).hostname for url in recent.values_list("url", flat=True)}
    due = LinkCheck.objects.filter(
        Q(checked_at=None)
        | Q(failures=0, checked_at__lte=now - EVERY)
        | Q(failures__gt=0, checked_at__lte=now - WHEN_FAILING)
    )
    for link in due.order_by(F("checked_at").asc(nulls_first=True), "pk")[:MOST_LOOKED_THROUGH]:
        if urlsplit(link.url).hostname not in resting:
            # Of two workers, one has it.
            same = LinkCheck.objects.filter(pk=link.pk, checked_at=link.checked_at)
            if same.update(checked_at=now):
                return link
    return None


def note(link, status):
    is_alive = status is not None and (status < 400 or status in ALIVE_ALL_THE_SAME)
    failing_since = None if is_alive else link.failing_since or timezone.now()
    LinkCheck.objects.filter(pk=link.pk).update(
        status=status,
        failures=0 if is_alive else link.failures + 1,
        failing_since=failing_since,
    )
