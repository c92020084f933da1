"""One second before the results, nothing anywhere; one second after, everything: place by place.

`tests/test_embargo.py` holds that decisions change no byte before, and that all of it goes back;
`tests/admin/test_embargo.py`, what staff who may not know could find.
"""

import re
import time
from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.urls import resolve, reverse
from post_office.models import Email

from accounts.roles import Role
from rallynov import periodic
from tests.access.table import ALL, TABLE
from tests.factories import (
    ago,
    ahead,
    make_edition,
    make_eligible,
    make_event,
    make_figure,
    make_page,
    make_prize,
    make_regulation,
    make_user,
)
from tests.results import ANSWER, CITATION, NEWS, SHEET, World, read_letters, work
from trophies import services
from trophies.models import Edition

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)
KEPT_PRIZE = "Le prix que personne n’a eu"
MARKS = [
    SHEET, "semeuses-de-lune", NEWS, CITATION, "Lauréat 2033", "Lauréate 2033", "Lauréates 2033",
    "/2033/laureats/", ANSWER, "on attribué cette année",
]  # fmt: skip
# Public addresses where the results of an edition have no part at all.
NO_PART = {
    "alive", "ready", "robots", "audience:method", "audience:seen", "security-txt", "pattern",
    "privacy-register", "contact-form", "contact-sent", "data-table-schema", "data-json-schema",
    "initiatives:propose", "initiatives:proposed", "initiatives:freshness",
    "events:document", "events:registration",
    "privacy-copy",  # of one person alone: tests/rallynov/test_person.py
    "trophies:apply-now", "trophies:alert",
    "trophies:alert-asked", "trophies:alert-confirm", "trophies:alert-stop", "candidatures:start",
    "candidatures:first", "trophies:questions", "trophies:closing-ics", "account_inactive",
    "account_reset_password", "account_reset_password_done",
    "account_reset_password_from_key", "account_reset_password_from_key_done",
}  # fmt: skip


class Played(World):
    """Two laureates, with and without a sheet; a reserve, a refusal; a prize left; a ceremony."""

    def __init__(self):
        super().__init__()
        self.ceremony = make_event(
            title="La remise des prix", kind="ceremony", takes_registrations=True
        )
        Edition.objects.filter(pk=self.edition.pk).update(ceremony=self.ceremony)
        make_figure(edition=self.edition)
        make_regulation(edition=self.edition)
        make_prize(edition=self.edition, name=KEPT_PRIZE)
        for key in ["rallynov", "europe", "contact"]:
            make_page(key=key)
        self.reserve, self.refused = (make_eligible(edition=self.edition) for _ in range(2))

    def decide(self):
        services.decide(self.reserve, outcome="reserve")
        services.decide(self.refused, outcome="not_selected")
        super().decide()

    @property
    def addresses(self):
        """Every public address, with the queries that could count or find the laureates."""
        asked = ["laureat=2033", "q=semeuses", f"theme={self.theme.slug}", "tri=recentes",
                 f"condition={self.condition.slug}", "q=veilleurs&laureat=2033"]  # fmt: skip
        lists = [reverse(f"initiatives:{name}") for name in LISTS]
        kinds = ["csv", "json", "geojson"]
        lists += [reverse("data-file", args=["initiatives", kind]) for kind in kinds]
        others = [("laureats", "csv"), ("laureats", "json"), ("evenements", "csv")]
        words = ["semeuses", "laureats", "lune", "osent", "veilleurs"]
        return [
            *self.own_addresses(),
            REPORT_PDF,
            *self.shared_addresses(),
            *self.other_addresses(),
            *(f"{page}?{query}" for page in lists for query in asked),
            *(f"{reverse('search')}?q={word}" for word in [*words, ""]),
            *(f"{reverse('search-suggestions')}?q={word}" for word in words),
            *(reverse("initiatives:share-card", args=[s.slug]) for s in [self.sheet, self.known]),
            *(reverse("data-file", args=args) for args in others),
            *(
                reverse(f"initiatives:{name}", args=["veilleurs"])
                for name in ["fault", "fault-sent"]
            ),
            f"{reverse('initiatives:close')}?title=Les semeuses de lune",
            reverse("data"),
            self.ceremony.get_absolute_url(),
            *(reverse(f"events:{name}", args=[self.ceremony.slug]) for name in CEREMONY),
            reverse("events:year", args=[self.ceremony.year]),
            reverse("events:calendar"),
            reverse("trophies:regulation", args=[2033]),
            *(reverse(f"pages:{key}") for key in PAGES),
        ]


REPORT_PDF = "/trophees/2033/bilan.pdf"
LISTS = ["list", "map", "feed", "embed", "embed-frame"]
CEREMONY = ["ics", "register", "registered"]
PAGES = ["rallynov", "europe", "mentions-legales", "accessibilite", "donnees-personnelles",
         "contact"]  # fmt: skip


@pytest.fixture
def played():
    played = Played()
    played.decide()
    return played


def a_second_before(played, look):
    """What `look` sees while the instant is still to come, by the database's own clock."""
    for _ in range(5):
        played.move(Now() + SECOND)
        start = time.monotonic()
        seen = look()
        if time.monotonic() - start < 0.9:
            return seen
    pytest.fail("this machine is too slow to look within one second")


def a_second_after(played, look):
    played.move(Now() - SECOND)
    return look()


def content_of(response):
    """What is streamed can be read once."""
    if not hasattr(response, "was_read"):
        response.was_read = response.getvalue()
    return response.was_read


def body(response):
    return response.status_code, content_of(response)


def marks_in(response):
    text = content_of(response).decode(errors="replace")
    return {mark for mark in MARKS if mark in text}


# The public pages ---------------------------------------------------------------------------------


def test_every_public_address_is_looked_at(played):
    """An address that the access table opens to all is here, or has no part in the results."""
    looked = {resolve(address.partition("?")[0]).view_name for address in played.addresses}
    public = {name for name, _, statuses in TABLE if statuses == ALL}
    assert public - looked - NO_PART == set()


def test_public_addresses_tell_at_the_second_and_not_before(client, played):
    own = {*played.own_addresses(), share_card(played.sheet), REPORT_PDF}
    found, opened = set(), set()
    for address in played.addresses:
        before = a_second_before(played, lambda address=address: client.get(address))
        assert marks_in(before) <= asked_in(address), address
        assert (before.status_code == 404) == (address in own), address
        after = a_second_after(played, lambda address=address: client.get(address))
        assert after.status_code == 200, address
        found |= marks_in(after)
        opened |= {address} if body(before) != body(after) else set()
    work()
    found |= marks_in(client.get(played.known.get_absolute_url()))
    # Everything that could leak did come out, and every place that tells more told it.
    assert found >= set(MARKS) - {"Lauréate 2033", "Lauréates 2033"}
    assert opened >= own | set(played.shared_addresses()) | {share_card(played.known)}


def share_card(sheet):
    return reverse("initiatives:share-card", args=[sheet.slug])


def asked_in(address):
    """What the page says again of the very question: « laureat=2033 » names its filter."""
    return {"Lauréates 2033"} if "laureat=2033" in address else set()


def test_counts_change_at_the_second(client, played):
    """What is counted in processes (`directory.count_of`) does not outlive the instant."""
    address = f"{reverse('initiatives:list')}?laureat=2033"

    def count():
        return client.get(address).context["page_obj"].paginator.count

    for _ in range(2):
        assert a_second_before(played, count) == 0
        assert a_second_after(played, count) == 2


def test_previews_of_the_team_wait_as_the_public_does(client, played, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    client.force_login(make_user(roles=[Role.TEAM]))
    address = reverse("trophies:preview", args=[2033])
    assert "/2033/laureats/" not in a_second_before(played, lambda: text(client, address))
    assert "/2033/laureats/" in a_second_after(played, lambda: text(client, address))


def text(client, address):
    return client.get(address).content.decode()


# What is kept by caches ---------------------------------------------------------------------------


def test_kept_answers_do_not_outlive_the_instant(client, played):
    """What changes at the instant may be kept, if it is asked again each time."""
    for address in played.addresses:
        before = a_second_before(played, lambda address=address: client.get(address))
        conditions = conditions_of(before)
        after = a_second_after(
            played, lambda address=address, c=conditions: client.get(address, headers=c)
        )
        if body(before) == body(after) or after.status_code == 304:
            assert after.status_code != 304 or unchanged(client, played, address), address
            continue
        assert seconds_kept(before) == 0, address
        assert after.status_code == 200, address


def conditions_of(response):
    """What a cache that kept this answer asks with."""
    names = {"ETag": "If-None-Match", "Last-Modified": "If-Modified-Since"}
    return {names[name]: response[name] for name in names if name in response}


def seconds_kept(response):
    """How long a cache may serve an answer without asking; it guesses from a bare date."""
    control = response.get("Cache-Control", "")
    if "no-cache" in control or "no-store" in control:
        return 0
    found = re.search(r"max-age=(\d+)", control)
    return int(found[1]) if found else (1 if "Last-Modified" in response else 0)


def unchanged(client, played, address):
    before = a_second_before(played, lambda: body(client.get(address)))
    return before == a_second_after(played, lambda: body(client.get(address)))


def test_kept_answers_tell_nothing_of_what_awaits(client, played):
    """Dates and tags of the answers are the same whether the jury has decided or not."""

    def headers():
        responses = {address: client.get(address) for address in played.shared_addresses()}
        return {a: (conditions_of(r), r.get("Cache-Control")) for a, r in responses.items()}

    decided = headers()
    for file in [*played.files, played.reserve, played.refused]:
        services.decide(file, outcome="not_selected")
    played.news.delete()
    assert headers() == decided


# The holders --------------------------------------------------------------------------------------


def test_holders_read_their_decision_at_the_second(client, played):
    outcomes = {
        played.files[0]: "lauréate",
        played.reserve: "sur liste de réserve",
        played.refused: "non retenue",
    }
    read_letters(played.edition)
    waiting = make_eligible(edition=played.edition)
    for file, words in outcomes.items():
        client.force_login(file.holders.get())
        addresses = [file.get_absolute_url(), reverse("candidatures:sheet", args=[file.uuid])]
        pages = a_second_before(played, lambda a=addresses: [client.get(each) for each in a])
        assert [page.status_code for page in pages] == [200, 404]
        told = pages[0].content.decode()
        assert not any(word in told for word in ["La décision du jury", words, "/fiche/"])
        pages = a_second_after(played, lambda a=addresses: [client.get(each) for each in a])
        assert [page.status_code for page in pages] == [200, 200]
        told = pages[0].content.decode()
        assert all(word in told for word in ["La décision du jury", words, "/fiche/"])
    client.force_login(waiting.holders.get())
    assert "La décision du jury" not in text(client, waiting.get_absolute_url())


# The mails ----------------------------------------------------------------------------------------


def test_letters_leave_with_the_next_pass_and_not_before(played):
    Email.objects.all().delete()
    a_second_before(played, services.send_letters)
    assert Email.objects.count() == 0
    a_second_after(played, services.send_letters)
    assert sorted(to for mail in Email.objects.all() for to in mail.to) == sorted(
        file.holders.get().email for file in [*played.files, played.reserve, played.refused]
    )


def test_no_mail_of_the_worker_tells_before(played):
    played.move(ahead(minutes=5))
    Email.objects.all().delete()
    for function in periodic.EVERY_MINUTE:
        function()
    told = " ".join(f"{mail.subject} {mail.message}" for mail in Email.objects.all())
    assert not any(mark in told for mark in MARKS)


# An archive says nothing of its prizes ------------------------------------------------------------


def test_prize_left_is_told_of_what_was_judged_here_alone(client):
    archive = make_edition(
        year=2032,
        results_published_at=ago(days=1),
        **dict.fromkeys(["opens_at", "closes_at", "jury_opens_at", "jury_closes_at"]),
    )
    make_prize(edition=archive, name=KEPT_PRIZE)
    assert "on attribué" not in text(client, reverse("trophies:edition", args=[2032]))
    assert client.get(reverse("trophies:laureates", args=[2032])).status_code == 404
