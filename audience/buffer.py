"""What this process counted and has not written yet: one statement every few seconds.

A page must answer when the database does not: what could not be written waits for the next time.
"""

import logging
import os
import threading
from collections import Counter

from django.db import Error, connection

from audience.visitors import salts

PERIOD = 5  # seconds
MOST = 20_000  # visitors that wait for a database that is away

logger = logging.getLogger("audience")

# Sorted alike in every process, so that two of them never wait for one another.
WRITE = """
WITH visitor AS (
    INSERT INTO audience_visitor (day, digest)
    SELECT * FROM unnest(%(visitor_days)s::date[], %(digests)s::uuid[])
    ON CONFLICT DO NOTHING
    RETURNING day
), page AS (
    SELECT * FROM unnest(%(days)s::date[], %(paths)s::text[], %(counts)s::int[])
        AS page (day, path, pages)
), written AS (
    INSERT INTO audience_pagecount (day, path, pages)
    SELECT day, path, pages FROM page
    ON CONFLICT (day, path) DO UPDATE SET pages = audience_pagecount.pages + EXCLUDED.pages
)
INSERT INTO audience_daycount (day, pages, visits)
SELECT day, sum(pages), (SELECT count(*) FROM visitor WHERE visitor.day = page.day)
FROM page GROUP BY day ORDER BY day
ON CONFLICT (day) DO UPDATE SET
    pages = audience_daycount.pages + EXCLUDED.pages,
    visits = audience_daycount.visits + EXCLUDED.visits
"""


def write(pages, visitors):
    """Add `pages`, counts by (day, path), and `visitors`, pairs (day, digest)."""
    rows, known = sorted(pages.items()), sorted(visitors)
    values = {
        "days": [day for (day, _), _ in rows],
        "paths": [path for (_, path), _ in rows],
        "counts": [count for _, count in rows],
        "visitor_days": [day for day, _ in known],
        "digests": [str(digest) for _, digest in known],
    }
    with connection.cursor() as cursor:
        cursor.execute(WRITE, values)


class Buffer:
    def __init__(self):
        self.lock = threading.Lock()
        self.writing = threading.Lock()
        self.pages, self.visitors, self.lost = Counter(), set(), 0

    def add(self, day, path, digest):
        with self.lock:
            if len(self.visitors) < MOST or (day, digest) in self.visitors:
                self.pages[day, path] += 1
                self.visitors.add((day, digest))
            else:
                self.lost += 1

    def take(self):
        with self.lock:
            taken = self.pages, self.visitors
            self.pages, self.visitors = Counter(), set()
            return taken

    def put_back(self, pages, visitors):
        with self.lock:
            self.pages.update(pages)
            self.visitors |= visitors

    def flush(self):
        with self.writing:
            pages, visitors = self.take()
            if pages:
                self.attempt(pages, visitors)

    def attempt(self, pages, visitors):
        try:
            write(pages, visitors)
        except Error as error:
            self.put_back(pages, visitors)
            logger.warning(
                "%s pages attendent la base, %s sont perdues : %s",
                *(pages.total(), self.lost, str(error).strip()),
            )


buffer = Buffer()


def flush():
    try:
        buffer.flush()
        salts.forget_past()
    except Exception:
        logger.exception("échec")
    finally:
        connection.close()


def flush_while(thread):
    """Write every few seconds while `thread` runs, and once more when it has ended."""
    while thread.is_alive():
        thread.join(PERIOD)
        flush()


def start():
    """Called once by a web process, which may fork others (wsgi.py)."""
    os.register_at_fork(after_in_child=start_thread)
    start_thread()


def start_thread():
    # A fork copies the locks as they are, held or not, and what its parent will write itself.
    buffer.__init__()
    salts.__init__()
    # Python waits for a thread that is no daemon, however the process ends but by a kill: `atexit`
    # is not called in the workers of granian.
    threading.Thread(target=flush_while, args=[threading.main_thread()]).start()
