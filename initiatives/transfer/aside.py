"""Writes that the transaction under way does not take back: progress, a trial's report."""

from concurrent.futures import ThreadPoolExecutor

from django.db import connections


class Aside:
    """Calls functions on a connection of its own, one after the other, and waits for each.

    Nothing called may wait for a row that the caller's transaction has locked.
    """

    def __enter__(self):
        self.thread = ThreadPoolExecutor(max_workers=1)
        return self

    def __exit__(self, *exception):
        self.thread.submit(connections.close_all).result()
        self.thread.shutdown()

    def __call__(self, function, *arguments):
        return self.thread.submit(function, *arguments).result()
