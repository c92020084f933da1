"""The allowed moves of a candidature: this table, and nowhere else.

`services.change_status` is the only code that carries them out. A guard returns, in French, what
stands in the way, or nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import models

from trophies.rounds import is_first_over


class Status(models.TextChoices):
    DRAFT = "draft", "brouillon"
    SUBMITTED = "submitted", "déposée"
    ELIGIBLE = "eligible", "recevable"
    INELIGIBLE = "ineligible", "non recevable"
    WITHDRAWN = "withdrawn", "retirée"


class NotAllowed(Exception):
    """The move is refused; its text is the French reason, meant to be read."""


@dataclass(frozen=True)
class Transition:
    name: str
    label: str  # of the button
    sources: tuple[Status, ...]
    target: Status
    permission: Callable  # (candidature, user) -> bool
    guards: tuple[Callable, ...] = ()  # (candidature, instant) -> str
    needs_reason: bool = False
    makes_deposit: bool = False  # made with a deposit, by its service, and never alone


@dataclass(frozen=True)
class Gesture:
    """What people do around a candidature without moving its status."""

    name: str
    label: str  # of the button
    sources: tuple[Status, ...]
    permission: Callable
    guards: tuple[Callable, ...] = ()


def is_holder(candidature, user):
    return user.is_active and candidature.holders.filter(pk=user.pk).exists()


def is_team(candidature, user):
    return user.has_perm("trophies.change_candidature")


def is_holder_or_team(candidature, user):
    return is_team(candidature, user) or is_holder(candidature, user)


def call_has_opened(candidature, instant):
    opens_at = candidature.edition.opens_at
    return "L’appel n’est pas encore ouvert." if opens_at is None or instant < opens_at else ""


def call_is_open(candidature, instant):
    if refusal := call_has_opened(candidature, instant):
        return refusal
    return "L’appel est clos." if instant >= candidature.closes_at else ""


def jury_has_not_begun(candidature, instant):
    if candidature.edition.is_open_to_jury:
        return "Le jury a commencé à lire : plus aucun délai ne peut être donné."
    return ""


def is_complete(candidature, instant):
    return "Il reste des réponses à écrire ou à reprendre." if candidature.missing else ""


def is_not_decided(candidature, instant):
    return "Le jury a déjà décidé." if candidature.is_decided else ""


def jury_has_not_finished(candidature, instant):
    """By the phase, and not by what was decided: a refusal would tell it before its time."""
    if is_first_over(candidature.edition) or candidature.is_decided:
        return "Le jury a fini de lire : écrivez à l’équipe."
    return ""


TRANSITIONS = {
    transition.name: transition
    for transition in [
        Transition(
            "submit",
            "Déposer",
            (Status.DRAFT,),
            Status.SUBMITTED,
            is_holder,
            (call_is_open, is_complete),
            makes_deposit=True,
        ),
        Transition(
            "submit_for",
            "Déposer au nom d’un porteur",
            (Status.DRAFT,),
            Status.SUBMITTED,
            is_team,
            (call_has_opened, is_complete, jury_has_not_finished),
            needs_reason=True,
            makes_deposit=True,
        ),
        Transition(
            "accept",
            "Déclarer recevable",
            (Status.SUBMITTED, Status.INELIGIBLE),
            Status.ELIGIBLE,
            is_team,
            (is_not_decided,),
        ),
        Transition(
            "refuse",
            "Déclarer non recevable",
            (Status.SUBMITTED, Status.ELIGIBLE),
            Status.INELIGIBLE,
            is_team,
            (is_not_decided,),
            needs_reason=True,
        ),
        Transition(
            "withdraw",
            "Retirer la candidature",
            (Status.SUBMITTED, Status.ELIGIBLE),
            Status.WITHDRAWN,
            is_holder_or_team,
            (jury_has_not_finished,),
        ),
    ]
}

GESTURES = {
    gesture.name: gesture
    for gesture in [
        Gesture(
            "extend",
            "Accorder un délai",
            (Status.DRAFT, Status.SUBMITTED),
            is_team,
            (call_has_opened, jury_has_not_begun),
        ),
        Gesture(
            "ask_piece",
            "Demander une pièce",
            (Status.SUBMITTED, Status.ELIGIBLE),
            is_team,
            (jury_has_not_finished,),
        ),
        Gesture(
            "answer_piece",
            "Répondre",
            (Status.SUBMITTED, Status.ELIGIBLE),
            is_holder,
            (jury_has_not_finished,),
        ),
        Gesture("hand_over", "Changer de porteur", tuple(Status), is_team),
    ]
}


def wrong_status(candidature):
    status = candidature.get_status_display()
    return f"La candidature est « {status} » : ce geste n’est pas possible."


def obstacle(move, candidature, user, instant):
    """Why `user` cannot make this move or gesture now, in French; empty when nothing forbids it."""
    if not move.permission(candidature, user):
        return "Vous ne pouvez pas faire cela."
    if candidature.status not in move.sources:
        return wrong_status(candidature)
    reasons = (guard(candidature, instant) for guard in move.guards)
    return next((reason for reason in reasons if reason), "")


def available(candidature, user, instant):
    """The transitions that `user` may make now, in the order of the table."""
    return [
        transition
        for transition in TRANSITIONS.values()
        if not obstacle(transition, candidature, user, instant)
    ]
