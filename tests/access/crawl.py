"""A person who opens every page that the pages lead to, and what each of them answered."""

import re
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

LINK = re.compile(r'(?:href|src|action|formaction)="([^"]+)"')
# The token of a form, and the time and signature of a signed list: the list itself is compared.
TOKEN = re.compile(r'(name="csrfmiddlewaretoken" value=|name="shown" value="[^":]+:)"?[^"]+"')
# Orders and filters are many: those that matter are typed by hand. A ZIP tells its time.
LEFT_OUT = re.compile(
    r"/jsi18n/|/add/|/geste/|/delete/|/clone/|[?&](o|e|p|all|_\w+)=|__|\.(zip|xlsx)$"
)


@dataclass(frozen=True)
class Answer:
    status: int
    body: str
    queries: int


def crawl(user, starts, within=("/admin/trophies/", "/mes-candidatures/", "/pieces/"), most=200):
    """Address → `Answer`, from the addresses of `starts` along every link to a path `within`.

    `user` is None for a visitor. What differs at each visit (the tokens of forms) is taken out.
    """
    client = Client()
    if user is not None:
        client.force_login(user)
    waiting, answers = list(starts), {}
    while waiting and len(answers) < most:
        address = waiting.pop(0)
        if address in answers:
            continue
        answers[address] = answer = visit(client, address)
        waiting += links(answer.body, address, within)
    assert not waiting, f"more than {most} pages: {waiting[:5]}"
    return answers


def visit(client, address):
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
        body = b"".join(response).decode(
            "latin-1" if "pdf" in kind(response) else "utf-8", "replace"
        )
    location = response.headers.get("Location", "")
    return Answer(response.status_code, location + TOKEN.sub(r"\1", body), len(queries))


def kind(response):
    return response.headers.get("Content-Type", "")


def links(body, address, within):
    for link in LINK.findall(body):
        parts = urlsplit(urljoin(address, link.replace("&amp;", "&")))
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        if not parts.netloc and path.startswith(within) and not LEFT_OUT.search(path):
            yield path


def differences(before, after):
    """The addresses that two visits of the same person tell apart, and how; none is wanted."""
    told = []
    for address in sorted({*before, *after}):
        pair = before.get(address), after.get(address)
        if pair[0] != pair[1]:
            told.append(f"{address}: {difference(*pair)}")
    return told


def difference(before, after):
    if before is None or after is None:
        return "seen once only"
    if before.status != after.status:
        return f"{before.status}, then {after.status}"
    if before.body == after.body:
        return f"{before.queries} queries, then {after.queries}"
    start = next(
        (
            i
            for i, pair in enumerate(zip(before.body, after.body, strict=False))
            if len({*pair}) > 1
        ),
        min(len(before.body), len(after.body)),
    )
    around = slice(max(start - 60, 0), start + 60)
    return f"{before.body[around]!r}, then {after.body[around]!r}"
