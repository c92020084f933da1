"""Child processes that live and die together. Nothing here imports Django."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
GRACE = 10  # seconds between SIGTERM and SIGKILL
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


class Stopped(BaseException):
    """A signal asked this process to stop. Not an Exception: nothing on the way catches it."""


def stop_on_signals():
    """Raise `Stopped` at the first of Ctrl-C, SIGTERM or a closed terminal; ignore the others."""

    def stop(number, frame):
        for other in STOP_SIGNALS:
            signal.signal(other, signal.SIG_IGN)
        raise Stopped

    for number in STOP_SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:  # nohup, or a script's background
            signal.signal(number, stop)


def terminals():
    """Which of the standard streams are a terminal, at this moment."""
    return [stream for stream in (0, 1, 2) if os.isatty(stream)]


def say(text=""):
    """Print, even to a terminal that is gone: the stop goes on."""
    try:
        print(text, flush=True)
    except OSError:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115


class Children:
    """Processes by name, each leader of a group of its own."""

    def __init__(self):
        self.processes = {}

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.stop()

    def start(self, name, *command, cwd):
        self.processes[name] = subprocess.Popen(
            command,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=die_with_parent if LIBC else None,
        )

    def ended(self):
        """The name and exit code of one that has ended, or None."""
        for name, process in self.processes.items():
            if process.poll() is not None:
                return name, process.returncode
        return None

    def stop(self):
        for process in self.processes.values():
            signal_group(process, signal.SIGTERM)
        deadline = time.monotonic() + GRACE
        for process in self.processes.values():
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0, deadline - time.monotonic()))
        for process in self.processes.values():
            signal_group(process, signal.SIGKILL)
            process.wait()


def signal_group(process, number):
    with suppress(OSError):  # nobody is left in it
        os.killpg(process.pid, number)


def die_with_parent():
    """In the child: Linux sends it SIGTERM when the supervisor itself is killed."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
