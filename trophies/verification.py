"""Whether minutes are as they were sealed, recomputed from what they say, and from the database.

The first difference is told in a French sentence; what may be erased, once it is, is none.
"""

from itertools import chain

from trophies import verification_today as today
from trophies.ballots import Casting, Impossible, count
from trophies.computation import computed
from trophies.models import Minutes
from trophies.ranking import VERSION
from trophies.seals import digest_of, seal_of

BROKEN = "le sceau ne correspond plus au contenu\u202f: il a été changé depuis"


def first_difference(minutes) -> str:
    """The first thing that is not as it was sealed, in French; empty when there is none."""
    if seal_of(minutes.payload, minutes.previous_seal, minutes.journal) == minutes.seal:
        found = next(differences(minutes), "")
    else:
        where = place_of_damage(minutes)
        found = f"{BROKEN}\u202f; {where}" if where else BROKEN
    return f"{minutes.reference}\u202f: {found}" if found else ""


def place_of_damage(minutes):
    """The first difference of minutes that somebody changed, as far as they can still be read."""
    try:
        return next(differences(minutes), "")
    except (AttributeError, KeyError, TypeError, ValueError):
        return "il n’a plus la forme d’un procès-verbal"


def differences(minutes):
    """Each difference but that of the seal itself, which says less of where it is."""
    payload = minutes.payload
    return chain(
        in_chain(minutes),
        in_texts(minutes),
        today.in_grid(minutes),
        today.in_scores(minutes),
        today.in_room(minutes),
        today.in_votes(minutes),
        in_ballots(payload),
        in_ranking(payload),
        today.in_decisions(minutes),
        today.in_journal(minutes),
        in_algorithm(payload),
    )


# What the minutes say of themselves -------------------------------------------------------------


def in_chain(minutes):
    edition = minutes.session.edition
    earlier = Minutes.objects.filter(session__edition=edition, pk__lt=minutes.pk)
    previous = earlier.order_by("pk").last()
    expected = previous.seal if previous else ""
    if minutes.previous_seal == expected:
        return
    name = previous.reference if previous else "aucun procès-verbal"
    yield f"le sceau précédent n’est plus celui qui est gardé\u202f: {name} le précède"


def in_texts(minutes):
    for text in minutes.texts.all():
        if text.salt and digest_of(text.salt, text.text) != text.digest:
            yield f"le texte «\u202f{text}\u202f» n’est pas celui qui a été scellé"


def in_ballots(payload):
    """Each ballot is counted again, from its voices."""
    quorum = payload["session"]["quorum"]
    for ballot in payload["ballots"]:
        name = f"le scrutin {ballot['number']}"
        voters = len(ballot["voters"])
        if voters < quorum:
            yield f"{name} a {voters} votants, pour un quorum de {quorum}"
        try:
            found = set(recount(ballot).chosen)
        except Impossible as refusal:
            yield f"{name} n’est pas possible\u202f: {refusal}"
            continue
        kept = {choice["file"] for choice in ballot["choices"] if choice["is_chosen"]}
        if found != kept:
            yield f"{name}, recompté, retient {told(found)}\u202f; le procès-verbal, {told(kept)}"


def told(files):
    return ", ".join(sorted(files)) or "aucun dossier"


def recount(ballot):
    choices = ballot["choices"]
    casting = next((row["file"] for row in choices if row["has_casting_vote"]), None)
    if casting is None and ballot["casting_by"]:
        casting = Casting.AGAINST
    return count(
        {row["file"]: row["votes"] for row in choices},
        voters=len(ballot["voters"]),
        abstentions=ballot["abstentions"],
        seats=ballot["seats"],
        casting=casting,
    )


# The computation --------------------------------------------------------------------------------

FIGURES = {
    "place": "la place",
    "raw": "la moyenne",
    "calibrated": "la moyenne sans la sévérité des lecteurs",
    "standard_error": "l’erreur type",
    "rank_low": "le rang le plus haut possible",
    "rank_high": "le rang le plus bas possible",
    "rules": "ce qui départage",
    "is_equal": "ce qui est ex æquo",
}


def in_algorithm(payload):
    kept = payload["algorithm"]
    if kept != VERSION:
        yield (
            f"rien ne diffère, mais le classement vient de la version {kept} du calcul et ce "
            f"logiciel a la version {VERSION}\u202f: il ne se recalcule qu’avec la version {kept}"
        )


def in_ranking(payload):
    """Each round is computed again from the readings, weights and votes of the minutes."""
    if payload["algorithm"] != VERSION:
        return
    official, rules = payload["official_column"], payload["tie_break"]
    for kept in payload["rounds"]:
        name = f"au tour {kept['round']}, " if len(payload["rounds"]) > 1 else ""
        found = computed(kept, payload["criteria"], official, rules)
        for difference in in_round(kept, found):
            yield name + difference


def in_round(kept, found):
    now = {row["file"]: row for row in found["ranking"]}
    then = {row["file"]: row for row in kept["ranking"]}
    for file in sorted(now.keys() ^ then.keys()):
        here, there = ("classé", "absent") if file in now else ("absent", "classé")
        yield f"le dossier {file}, après calcul, est {here}, {there} au procès-verbal"
    for file in [file for file in then if file in now]:
        for name, label in FIGURES.items():
            if now[file][name] != then[file][name]:
                yield (
                    f"{label} du dossier {file}, après calcul, est {shown(now[file][name])}, "
                    f"{shown(then[file][name])} au procès-verbal"
                )
    if any(found[name] != kept[name] for name in ["is_calibrated", "reason", "undecided"]):
        yield "ce que les notes ne permettent pas de dire, après calcul, n’est pas le même"
    if [row["file"] for row in kept["ranking"]] != list(now):
        yield "l’ordre du classement, après calcul, n’est pas le même"


def shown(value):
    if value is None:
        return "inconnue"
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, list):
        return ", ".join(value) or "rien"
    return str(value).replace(".", ",")
