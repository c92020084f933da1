"""The files of open data over HTTP: rows a second, and the memory of the server that writes them.

Run: python bench/opendata.py   (in example mode, after `make run`, `manage.py collectstatic`,
`generate_initiatives N`; RALLYNOV_VAR=… for a folder of its own)

Starts the web server alone on 127.0.0.1, asks for each file as a client that reads as fast as it
comes, and reads the server's memory 20 times a second. Prints a line for bench/README.md for each
file: rows, rows a second, MB, seconds, then the memory before and at its highest, in MB; then what
PostgreSQL plans for a batch in the middle. Ends by itself.
"""

import http.client
import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rallynov.settings")
PORT = int(os.environ.setdefault("PORT", "8198"))

import django  # noqa: E402

from rallynov import embedded  # noqa: E402

django.setup()

from django.http import QueryDict  # noqa: E402

from initiatives.models import Initiative  # noqa: E402
from rallynov.management.commands.start import granian  # noqa: E402
from rallynov.opendata.datasets import DATASETS  # noqa: E402
from rallynov.opendata.stream import BATCH  # noqa: E402

KINDS = ["csv", "json", "geojson"]
MB = 1024 * 1024


def start_server():
    command = [sys.executable, "-m", *granian("127.0.0.1", PORT)[2:]]
    process = subprocess.Popen(command, cwd=ROOT, start_new_session=True)
    for _ in range(300):
        try:
            ask("/sante/", lambda chunk: None)
            return process
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server does not start")


def ask(address, read):
    """Give each piece of the answer to `read`; the status."""
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=120)
    connection.request("GET", address)
    response = connection.getresponse()
    while chunk := response.read(64 * 1024):
        read(chunk)
    connection.close()
    return response.status


def memory(process):
    """What the largest process of the server holds in memory now, in MB."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    return max(resident(pid) for pid in [process.pid, *children])


def resident(pid):
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024


class Watch(threading.Thread):
    """The highest memory of a process, until it is told to stop."""

    def __init__(self, process):
        super().__init__(daemon=True)
        self.process, self.highest, self.stopped = process, 0, threading.Event()

    def run(self):
        while not self.stopped.wait(0.05):
            self.highest = max(self.highest, memory(self.process))


def measure(process, kind, rows):
    before, watch, size = memory(process), Watch(process), 0

    def read(chunk):
        nonlocal size
        size += len(chunk)

    watch.start()
    start = time.perf_counter()
    status = ask(f"/donnees/initiatives.{kind}", read)
    seconds = time.perf_counter() - start
    watch.stopped.set()
    assert status == 200, status
    print(
        f"| {kind} | {rows} | {rows / seconds:.0f} | {size / MB:.1f} | {seconds:.1f} "
        f"| {before:.0f} | {watch.highest:.0f} |",
        flush=True,
    )


def plan():
    middle = Initiative.objects.order_by("pk")[Initiative.objects.count() // 2].pk
    rows = DATASETS["initiatives"].ask(QueryDict()).rows.order_by("pk").filter(pk__gt=middle)
    print(rows[:BATCH].explain(analyze=True))


def main():
    rows = Initiative.objects.published().count()
    process = start_server()
    try:
        for kind in KINDS:
            measure(process, kind, rows)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)
    plan()


if __name__ == "__main__":
    with embedded.running():
        main()
