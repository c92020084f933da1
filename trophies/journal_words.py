"""The lines of the journal in French: who, when, what changed.

Long texts are never quoted, and who reads a file is not named beside what they think of it.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.text import capfirst

from accounts.models import User
from rallynov.dates import day_text, instant_text, time_text
from rallynov.numbers import euros
from trophies.models import (
    Assignment,
    Ballot,
    Candidature,
    Criterion,
    Decision,
    Evaluation,
    JuryMember,
    JurySession,
    Presence,
    Prize,
    StatusChange,
)
from trophies.ties import SIGNS
from trophies.workflow import TRANSITIONS

NOTHING, GONE, ITSELF, A_JUROR = "rien", "(supprimé)", "Le site", "Un juré"
# Updates that their sentence tells whole.
WHOLE = {"Assignment", "Evaluation", "Score", "Presence", "BallotChoice"}
READING_GROUP = "lectures"


@dataclass(frozen=True)
class Change:
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Entry:
    at: datetime
    group: str
    who: str
    what: str
    file: Candidature | None
    changes: list[Change]
    reason: str

    @property
    def day(self):
        return timezone.localtime(self.at).date()

    @property
    def time(self):
        return time_text(self.at)


def entries_of(rows):
    """The `Entry` of each of `rows`: (instant, group, row with its `former`)."""
    names = Names([row for _, _, row in rows])
    return [entry_of(at, group, row, names) for at, group, row in rows]


def entry_of(at, group, row, names):
    kind = type(row).__name__.removesuffix("Event")
    what, reason = SENTENCES[kind](row, names)
    is_update = getattr(row, "pgh_label", "") == "update" and row.former is not None
    return Entry(
        at=at,
        group=group,
        who=A_JUROR if group == READING_GROUP else who_of(row, names),
        what=what,
        file=names.file_of(row),
        changes=changes_of(row, names) if is_update and kind not in WHOLE else [],
        reason=reason,
    )


def who_of(row, names):
    if isinstance(row, StatusChange):
        return names.text(User, row.by_id)
    user = user_of(row)
    return names.text(User, user) if user else ITSELF


def user_of(event):
    """The person whose request wrote the event, by key; None for the worker."""
    context = getattr(event, "pgh_context", None)
    return context.metadata.get("user") if context else None


# Names ------------------------------------------------------------------------------------------

LOADED_WITH = {
    JuryMember: ["user"],
    Assignment: ["candidature"],
    Evaluation: ["assignment__candidature"],
    JurySession: ["edition"],
    Ballot: ["session"],
}
TEXTS = {
    Prize: lambda row: row.name,
    JuryMember: lambda row: str(row.user),
    JurySession: lambda row: f"la séance {row.number}",
    Ballot: lambda row: f"scrutin {row.number} de la séance {row.session.number}",
}
# Those whose last name stays in the history once they are gone.
KEPT_NAMES = {Prize: "name", Criterion: "label"}


class Names:
    """What the rows of a page name, loaded at once: a query for each model, whatever the rows."""

    def __init__(self, rows):
        wanted = defaultdict(set)
        for row in rows:
            for seen in (row, getattr(row, "former", None)):
                for field in relations(seen) if seen else []:
                    wanted[field.related_model].add(getattr(seen, field.attname))
            wanted[User].add(user_of(row))
        self.rows = {model: self.load(model, keys - {None}) for model, keys in wanted.items()}
        self.former = {
            model: self.load_former(model, wanted[model] - {None} - set(self.rows[model]))
            for model in KEPT_NAMES
            if model in wanted
        }

    def load(self, model, keys):
        return model._default_manager.select_related(*LOADED_WITH.get(model, [])).in_bulk(keys)

    def load_former(self, model, keys):
        if not keys:
            return {}
        events = model._meta.get_field("events").related_model
        rows = events.objects.filter(pgh_obj__in=keys).order_by("pgh_id")
        return dict(rows.values_list("pgh_obj", KEPT_NAMES[model]))

    def row(self, model, key):
        return self.rows.get(model, {}).get(key)

    def text(self, model, key):
        row = self.row(model, key)
        if row is None:
            return self.former.get(model, {}).get(key, GONE)
        return TEXTS.get(model, str)(row)

    def file_of(self, row):
        """The candidature that a row is about, or None."""
        if hasattr(row, "candidature_id"):
            return self.row(Candidature, row.candidature_id)
        if hasattr(row, "assignment_id"):
            reading = self.row(Assignment, row.assignment_id)
        else:
            evaluation = self.row(Evaluation, getattr(row, "evaluation_id", None))
            reading = evaluation and evaluation.assignment
        return reading and reading.candidature

    def title(self, row):
        file = self.file_of(row)
        return f"«\u202f{file}\u202f»" if file else GONE


def relations(row):
    """The relations of a row that a line may name."""
    return [
        field
        for field in row._meta.concrete_fields
        if field.is_relation and not field.name.startswith("pgh_")
    ]


# Changes ----------------------------------------------------------------------------------------


def changes_of(event, names):
    """What an update changed, field by field; of a long text, only that it changed."""
    changed = [
        field
        for field in event._meta.concrete_fields
        if not field.name.startswith("pgh_")
        and field.name != "change_reason"
        and getattr(event, field.attname) != getattr(event.former, field.attname)
    ]
    return [change_of(field, event, names) for field in changed]


def change_of(field, event, names):
    label = capfirst(str(field.verbose_name))
    if is_long(field):
        return Change(label, "", "texte changé")
    before, after = (
        value_text(field, getattr(row, field.attname), names) for row in (event.former, event)
    )
    return Change(label, before, after)


def is_long(field):
    return isinstance(field, models.TextField) or field.name in ("help", "levels")


def value_text(field, value, names):
    if value is None or value in ("", []):
        return NOTHING
    if field.is_relation:
        return names.text(field.related_model, value)
    if isinstance(field, ArrayField):
        labels = SIGNS | dict(field.base_field.flatchoices)
        return ", ".join(labels.get(item, item) for item in value)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return plain_text(value)


def plain_text(value):
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, datetime):
        return instant_text(value, weekday=False)
    if isinstance(value, date):
        return day_text(value)
    return euros(value) if isinstance(value, Decimal) else str(value)


# Sentences: (what happened, why) ----------------------------------------------------------------


def verb(event, inserted, updated, deleted):
    return {"insert": inserted, "update": updated, "delete": deleted}[event.pgh_label]


def status_change(row, names):
    move = TRANSITIONS.get(row.name)
    states = f"{row.get_source_display()} → {row.get_target_display()}"
    label = f" ({move.label[0].lower()}{move.label[1:]})" if move else ""
    return f"{names.title(row)}\u202f: {states}{label}", row.reason


def edition(event, names):
    return verb(event, "L’édition est créée", "L’édition change", "L’édition est supprimée"), ""


def prize(event, names):
    name = f"«\u202f{event.name}\u202f»"
    return f"Le prix {name} {verb(event, 'est ajouté', 'change', 'est supprimé')}", ""


def criterion(event, names):
    label = f"«\u202f{event.label}\u202f»"
    is_reasoned = event.pgh_label == "update" and event.change_reason
    reason = event.change_reason if is_reasoned else ""
    return f"Le critère {label} {verb(event, 'est ajouté', 'change', 'est supprimé')}", reason


def tie(event, names):
    person = names.text(User, event.user_id)
    what = verb(event, "est noté", "change", "est supprimé")
    text = f"Le lien d’intérêts entre {person} et {names.title(event)} {what}"
    if event.pgh_label == "insert":
        return f"{text}\u202f: {event.get_origin_display()}", event.reason
    is_ruled = event.former is not None and event.ruling_reason != event.former.ruling_reason
    return text, event.ruling_reason if is_ruled else ""


def reading(event, names):
    file, juror = names.title(event), names.text(JuryMember, event.jury_member_id)
    return verb(
        event,
        f"{file} est donnée à lire à {juror}",
        f"{file} change de place dans les lectures de {juror}",
        f"{file} n’est plus à lire par {juror}",
    ), ""


def evaluation(event, names):
    return f"Une lecture de {names.title(event)} {evaluation_verb(event)}", ""


def evaluation_verb(event):
    former = event.former
    if former is None:
        return "commence"
    if bool(event.signed_at) != bool(former.signed_at):
        return "est signée" if event.signed_at else "est reprise"
    if event.others_seen_at and not former.others_seen_at:
        return "devient définitive\u202f: son auteur a lu les autres"
    return "continue"


def score(event, names):
    label, given = names.text(Criterion, event.criterion_id), level_text(event)
    before = level_text(event.former) if event.former else NOTHING
    what = verb(event, f"niveau {given}", f"niveau {before} → {given}", f"niveau {given} retiré")
    return f"{names.title(event)}, {label}\u202f: {what}", ""


def level_text(event):
    return "sans objet" if event.level is None else event.level


def decision(event, names):
    outcome = Decision.Outcome(event.outcome).label
    what = verb(event, f"est notée\u202f: {outcome}", "change", "est retirée")
    return f"La décision sur {names.title(event)} {what}", ""


def laureate(event, names):
    sheet = event._meta.get_field("initiative").related_model
    name = f"«\u202f{names.text(sheet, event.initiative_id)}\u202f»"
    if event.candidature_id:
        name = names.title(event)
    award = f"«\u202f{names.text(Prize, event.prize_id)}\u202f»"
    return verb(
        event,
        f"{name} reçoit le prix {award}",
        f"Le prix {award} de {name} change",
        f"{name} n’a plus le prix {award}",
    ), ""


def meeting(event, names):
    former, what = event.former, verb(event, "est prévue", "change", "est supprimée")
    if event.pgh_label == "update" and former is not None:
        if event.opened_at and not former.opened_at:
            what = "s’ouvre"
        elif event.closed_at and not former.closed_at:
            what = "est levée"
    return f"La séance {event.number} {what}", ""


def presence(event, names):
    person, where = names.text(User, event.user_id), names.text(JurySession, event.session_id)
    if event.pgh_label == "update":
        state = Presence.State(event.state).label
        return f"{person}, à {where}\u202f: {state}", ""
    return f"{person} {verb(event, 'est appelé', '', 'n’est plus appelé')} à {where}", ""


def ballot(event, names):
    where = names.text(JurySession, event.session_id)
    is_counted = event.closed_at and (event.former is None or not event.former.closed_at)
    changed = "est dépouillé" if is_counted else "change"
    what = verb(event, "s’ouvre", changed, "est supprimé")
    return f"Le scrutin {event.number} de {where}, «\u202f{event.question}\u202f», {what}", ""


def ballot_choice(event, names):
    what = verb(event, "est", "a", "n’est plus")
    text = f"{names.title(event)} {what}"
    where = names.text(Ballot, event.ballot_id)
    if event.pgh_label != "update":
        return f"{text} au {where}", ""
    votes = f"{event.votes} voix" + (" et la prépondérante" if event.has_casting_vote else "")
    return f"{text} {votes} au {where}{', et passe' if event.is_chosen else ''}", ""


SENTENCES = {
    "StatusChange": status_change,
    "Edition": edition,
    "Prize": prize,
    "Criterion": criterion,
    "ConflictOfInterest": tie,
    "Assignment": reading,
    "Evaluation": evaluation,
    "Score": score,
    "Decision": decision,
    "Laureate": laureate,
    "JurySession": meeting,
    "Presence": presence,
    "Ballot": ballot,
    "BallotChoice": ballot_choice,
}
