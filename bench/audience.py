"""What the count of the readers costs: in a page, in what a page tells, in a writing.

Run: python bench/audience.py (the example, as `make run` made it)

Prints microseconds: what the page pays for its two lines, what one telling takes in the whole
application, and milliseconds for one statement of a thousand visitors.
"""

import os
import statistics
import sys
import time
import uuid
from contextlib import ExitStack
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ["DJANGO_SETTINGS_MODULE"] = "rallynov.settings"

from rallynov import embedded  # noqa: E402

AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
RUNS = 2_000


def median(call, runs=RUNS):
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return 1e6 * statistics.median(times)


def main():
    import django

    django.setup()
    from django.db import transaction
    from django.template import Context, Template
    from django.test import Client, RequestFactory
    from django.urls import resolve
    from django.utils import timezone

    from audience.addresses import seen_address
    from audience.buffer import buffer, write

    request = RequestFactory().get("/agenda/")
    request.resolver_match = resolve("/agenda/")
    tags, client = Template("{% load audience %}{% seen %}"), Client(headers={"User-Agent": AGENT})
    today, address = timezone.localdate(), seen_address(request)
    with transaction.atomic():
        page = median(lambda: tags.render(Context({"request": request})))
        told = median(lambda: client.get(address, headers={"Host": "127.0.0.1"}))
        buffer.take()
        people = [(today, uuid.uuid4()) for _ in range(1_000)]
        pages = {(today, f"/initiatives/{number}/"): 3 for number in range(1_000)}
        written = median(lambda: write(pages, people), 20)
        transaction.set_rollback(True)
    print(f"in a page: {page:.0f} µs; one telling: {told:.0f} µs")
    print(f"1 000 pages and 1 000 visitors written: {written / 1000:.1f} ms")


if __name__ == "__main__":
    with ExitStack() as held:
        if embedded.is_used():
            held.enter_context(embedded.running())
        main()
