"""Every write that touches several rows, or that mails: one transaction each."""

from trophies.services.alerts import (
    ask_alert,
    confirm_alert,
    forget_unconfirmed_alerts,
    stop_alert,
    tell_call_opened,
)
from trophies.services.asked import answer_piece, ask_piece
from trophies.services.awards import (
    announce,
    carry_results_instant,
    decide,
    fill_sheets,
    ranking,
    send_letters,
)
from trophies.services.candidatures import change_status, deposit
from trophies.services.desk import deposit_for, extend, hand_over
from trophies.services.drafts import choose, save_step, start
from trophies.services.editions import clone_edition
from trophies.services.holders import accept_invitation, cancel_invitation, invite, leave
from trophies.services.mails import announce_regulation
from trophies.services.pieces import announce_file, attach, detach
from trophies.services.readings import (
    appoint,
    declare_conflict,
    distribute,
    save_evaluation,
    sign,
    unsign,
)
from trophies.services.reminders import send_closing, send_reminders

__all__ = [
    "accept_invitation",
    "announce",
    "announce_file",
    "announce_regulation",
    "answer_piece",
    "appoint",
    "ask_alert",
    "ask_piece",
    "attach",
    "cancel_invitation",
    "carry_results_instant",
    "change_status",
    "choose",
    "clone_edition",
    "confirm_alert",
    "decide",
    "declare_conflict",
    "deposit",
    "deposit_for",
    "detach",
    "distribute",
    "extend",
    "fill_sheets",
    "forget_unconfirmed_alerts",
    "hand_over",
    "invite",
    "leave",
    "ranking",
    "save_evaluation",
    "save_step",
    "send_closing",
    "send_letters",
    "send_reminders",
    "sign",
    "start",
    "stop_alert",
    "tell_call_opened",
    "unsign",
]
