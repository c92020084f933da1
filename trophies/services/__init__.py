"""Every write that touches several rows, or that mails: one transaction each."""

from trophies.services.awards import (
    announce,
    carry_results_instant,
    decide,
    fill_sheets,
    means,
    send_letters,
)
from trophies.services.candidatures import attach, change_status, deposit, detach, start
from trophies.services.readings import (
    appoint,
    declare_conflict,
    distribute,
    save_evaluation,
    sign,
    unsign,
)

__all__ = [
    "announce",
    "appoint",
    "attach",
    "carry_results_instant",
    "change_status",
    "decide",
    "declare_conflict",
    "deposit",
    "detach",
    "distribute",
    "fill_sheets",
    "means",
    "save_evaluation",
    "send_letters",
    "sign",
    "start",
    "unsign",
]
