"""Every write that touches several rows, or that mails: one transaction each."""

from trophies.services.alerts import (
    ask_alert,
    confirm_alert,
    forget_unconfirmed_alerts,
    stop_alert,
    tell_call_opened,
)
from trophies.services.asked import answer_piece, ask_piece
from trophies.services.awards import announce, carry_results_instant, decide
from trophies.services.candidatures import change_status, deposit
from trophies.services.conflicts import declare, declare_conflict, rule
from trophies.services.desk import deposit_for, extend, hand_over
from trophies.services.detection import detect, detect_conflicts
from trophies.services.drafts import choose, save_step, start
from trophies.services.editions import clone_edition
from trophies.services.follow_up import ask_for_news, tell_news
from trophies.services.grid import propose_grid
from trophies.services.holders import accept_invitation, cancel_invitation, invite, leave
from trophies.services.jury_reminders import (
    remind_jurors,
    send_jury_last_days,
    send_jury_opened,
)
from trophies.services.letters import send_letters, version_of_letter, write_letter
from trophies.services.mails import announce_regulation
from trophies.services.minutes import (
    draft_minutes,
    erase_people,
    erase_texts,
    seal_minutes,
    why_not_sealed,
)
from trophies.services.pieces import announce_file, attach, detach
from trophies.services.plan import come_back, distribute, drop_out, make_plan
from trophies.services.ranking import inputs, ranking
from trophies.services.readings import (
    appoint,
    save_evaluation,
    show_others,
    sign,
    take_first_reading,
    unsign,
)
from trophies.services.reminders import send_closing, send_reminders
from trophies.services.report import (
    freeze_report,
    publish_report,
    restore_paragraph,
    version_of_paragraph,
    write_paragraph,
)
from trophies.services.seats import change_seat, invite_juror, send_invitation
from trophies.services.second_round import (
    cancel_second_round,
    close_second_round,
    extend_second_round,
    open_second_round,
)
from trophies.services.sessions import (
    add_person,
    call_session,
    change_session,
    close_ballot,
    close_session,
    drop_ballot,
    move,
    open_ballot,
    open_session,
)
from trophies.services.sheets import fill_sheets, may_have_sheet, propose_sheet

__all__ = [
    "accept_invitation",
    "add_person",
    "announce",
    "announce_file",
    "announce_regulation",
    "answer_piece",
    "appoint",
    "ask_alert",
    "ask_for_news",
    "ask_piece",
    "attach",
    "call_session",
    "cancel_invitation",
    "cancel_second_round",
    "carry_results_instant",
    "change_seat",
    "change_session",
    "change_status",
    "choose",
    "clone_edition",
    "close_ballot",
    "close_second_round",
    "close_session",
    "come_back",
    "confirm_alert",
    "decide",
    "declare",
    "declare_conflict",
    "deposit",
    "deposit_for",
    "detach",
    "detect",
    "detect_conflicts",
    "distribute",
    "draft_minutes",
    "drop_ballot",
    "drop_out",
    "erase_people",
    "erase_texts",
    "extend",
    "extend_second_round",
    "fill_sheets",
    "forget_unconfirmed_alerts",
    "freeze_report",
    "hand_over",
    "inputs",
    "invite",
    "invite_juror",
    "leave",
    "make_plan",
    "may_have_sheet",
    "move",
    "open_ballot",
    "open_second_round",
    "open_session",
    "propose_grid",
    "propose_sheet",
    "publish_report",
    "ranking",
    "remind_jurors",
    "restore_paragraph",
    "rule",
    "save_evaluation",
    "save_step",
    "seal_minutes",
    "send_closing",
    "send_invitation",
    "send_jury_last_days",
    "send_jury_opened",
    "send_letters",
    "send_reminders",
    "show_others",
    "sign",
    "start",
    "stop_alert",
    "take_first_reading",
    "tell_call_opened",
    "tell_news",
    "unsign",
    "version_of_letter",
    "version_of_paragraph",
    "why_not_sealed",
    "write_letter",
    "write_paragraph",
]
