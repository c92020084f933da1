"""Who is counted, and how one visitor of a day is told from another without being known."""

import hashlib
import re
import secrets
import threading
from ipaddress import ip_address, ip_network
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.utils import timezone

from audience.models import DaySalt

# All browsers begin so, and few of the programs that fetch pages: curl, wget, libraries, feeds.
BROWSER = re.compile(r"(Mozilla|Opera)/", re.ASCII)
# Words of the machines that begin as browsers do. « http »: they give their address. CUBOT is a
# make of telephones.
MACHINE = re.compile(
    r"(?<!cu)bot|crawl|spider|slurp|https?:|headless|preview|lighthouse|pagespeed|gtmetrix|ptst/"
    r"|monitor|uptime|statuscake|site24x7|zabbix|datadog|pingdom|validator|scan|archiver"
    r"|qwantify|phantomjs|facebookexternal|google-|-google|python|electron",
    re.ASCII | re.IGNORECASE,
)
SHARED_BITS = {4: 24, 6: 48}  # of an address: what about 256 households have in common


def objects(request):
    """« Do not track », and what took its place: Global Privacy Control."""
    return request.headers.get("DNT") == "1" or request.headers.get("Sec-GPC") == "1"


def is_machine(user_agent):
    return not BROWSER.match(user_agent) or bool(MACHINE.search(user_agent))


def is_ahead(request):
    """The page is fetched before anybody asked to see it."""
    return "prefetch" in request.headers.get("Sec-Purpose", "")


def is_elsewhere(request):
    """Another site shows what counts our pages."""
    return request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin"


def is_counted(request):
    return not (
        objects(request)
        or is_ahead(request)
        or is_elsewhere(request)
        or is_machine(request.headers.get("User-Agent", ""))
    )


def network_of(address):
    """« 192.0.2.0/24 »: an address without the part that tells one household from the next."""
    address = ip_address(address)
    address = getattr(address, "ipv4_mapped", None) or address
    return str(ip_network((address, SHARED_BITS[address.version]), strict=False))


class Salts:
    """The salt of the day, read once a day by each process."""

    def __init__(self):
        self.lock = threading.Lock()
        self.kept = (None, b"")

    def of(self, day):
        with self.lock:
            if self.kept[0] != day:
                self.kept = (day, self.read(day))
            return self.kept[1]

    def read(self, day):
        """The salt that whoever came first made: two processes may ask at once."""
        DaySalt.objects.filter(day__lt=day).delete()  # as the worker does, were it stopped
        own = DaySalt(day=day, salt=secrets.token_bytes(32))
        DaySalt.objects.bulk_create([own], ignore_conflicts=True)
        return bytes(DaySalt.objects.get(day=day).salt)

    def forget_past(self):
        with self.lock:
            if self.kept[0] != timezone.localdate():
                self.kept = (None, b"")


salts = Salts()


def digest_of(request, day):
    network = network_of(get_adapter().get_client_ip(request))
    text = f"{network}\n{request.headers.get('User-Agent', '')}"
    digest = hashlib.blake2b(text.encode(), key=salts.of(day), digest_size=16)
    return UUID(bytes=digest.digest())
