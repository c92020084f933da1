"""Whether what the database holds today is what minutes say of it: a sentence for each difference.

What may be erased, once it is, is no difference; nor is what a later session may have changed.
"""

from django.db.models import Count

from trophies.minutes import instant
from trophies.models import Candidature, Decision, JurySession, Presence, Score
from trophies.seals import journal_of


def differ(what, now, then):
    return f"{what} est {now} dans la base, {then} au procès-verbal"


# The grid and the readings ----------------------------------------------------------------------


def in_grid(minutes):
    edition, payload = minutes.session.edition, minutes.payload
    weights = {str(key): weight for key, weight in edition.criteria.values_list("pk", "weight")}
    for number, row in enumerate(payload["criteria"], start=1):
        now = weights.get(row["key"])
        if now != row["weight"]:
            yield differ(f"le poids du critère {number}", said(now), row["weight"])
    if edition.official_column != payload["official_column"]:
        yield "la colonne qui donne l’ordre officiel n’est plus celle du procès-verbal"
    if list(edition.tie_break) != payload["tie_break"]:
        yield "la liste de départage n’est plus celle du procès-verbal"


def users_of(minutes):
    """The person of each code, by key; those who were erased are not there."""
    return {seat.code: seat.user_id for seat in minutes.seats.all() if seat.user_id}


def in_scores(minutes):
    """The readings of those who are not erased are still there, and give the same levels."""
    users, now = users_of(minutes), scores_now(minutes.session.edition)
    numbers = {row["key"]: n for n, row in enumerate(minutes.payload["criteria"], start=1)}
    readings = [reading for made in minutes.payload["rounds"] for reading in made["readings"]]
    for reading in readings:
        user = users.get(reading["juror"])
        if user is not None:
            found = now.get((reading["file"], user, reading["round"]))
            yield from in_reading(reading, found, numbers)


def scores_now(edition):
    """By reference, user and round, the levels of the signed readings by criterion."""
    reading = "evaluation__assignment__"
    rows = Score.objects.filter(
        **{f"{reading}candidature__edition": edition}, evaluation__signed_at__isnull=False
    )
    found = {}
    fields = ["candidature__reference", "jury_member__user", "round"]
    names = [f"{reading}{name}" for name in fields]
    for reference, user, round, criterion, level in rows.values_list(*names, "criterion", "level"):
        found.setdefault((reference, user, round), {})[str(criterion)] = level
    return found


def in_reading(reading, found, numbers):
    juror, file, then = reading["juror"], reading["file"], reading["scores"]
    if found is None:
        yield f"la lecture du dossier {file} par {juror} n’est plus dans la base, ou plus signée"
        return
    for key in sorted(then.keys() | found.keys(), key=lambda key: numbers.get(key, 0)):
        now, kept = found.get(key, "absente"), then.get(key, "absente")
        if now != kept:
            criterion = f"le critère {numbers.get(key, key)}"
            yield differ(f"la note de {juror} sur {criterion} du dossier {file}", *said2(now, kept))


def said(value):
    return "absent" if value is None else value


def said2(*values):
    return ["sans objet" if value is None else value for value in values]


def in_room(minutes):
    """The session, and who was called to it."""
    session, then = minutes.session, minutes.payload["session"]
    for name, label in [
        ("starts_at", "la date prévue"),
        ("opened_at", "l’ouverture"),
        ("closed_at", "la levée"),
    ]:
        if instant(getattr(session, name)) != then[name]:
            yield differ(label, instant(getattr(session, name)) or "absente", then[name])
    if session.number != then["number"]:
        yield differ("le numéro de la séance", session.number, then["number"])
    if session.quorum != then["quorum"]:
        yield differ("le quorum", session.quorum, then["quorum"])
    yield from in_presences(minutes)


def in_presences(minutes):
    users = users_of(minutes)
    now = dict(minutes.session.presences.values_list("user", "state"))
    for person in minutes.payload["people"]:
        user = users.get(person["code"])
        if user is not None and now.pop(user, "") != person["state"]:
            state = Presence.objects.filter(session=minutes.session, user=user).first()
            there = f"«\u202f{state.get_state_display()}\u202f»" if state else "sans trace"
            then = f"«\u202f{label_of(Presence.State, person['state'])}\u202f»"
            yield differ(f"la présence de {person['code']}", there, then)
    if now and len(users) == len(minutes.payload["people"]):
        yield "une personne est appelée à la séance dans la base, et pas au procès-verbal"


def label_of(choices, value):
    return dict(choices.choices).get(value, "pas appelée")


# The ballots ------------------------------------------------------------------------------------


def in_votes(minutes):
    """Each ballot that was counted, with its voices and its voters."""
    rows = minutes.session.ballots.filter(closed_at__isnull=False)
    now = {row.number: row for row in rows.prefetch_related("choices__candidature", "voters")}
    seats = seats_of(minutes)
    for then in minutes.payload["ballots"]:
        name, row = f"le scrutin {then['number']}", now.pop(then["number"], None)
        if row is None:
            yield f"{name} n’est plus dans la base"
        else:
            yield from in_ballot(name, row, then, seats)
    for number in now:
        yield f"le scrutin {number} est dans la base, et pas au procès-verbal"


def seats_of(minutes):
    """The code of each seat of the jury, by its key."""
    users = users_of(minutes)
    codes = {user: code for code, user in users.items()}
    members = minutes.session.edition.jury_members.values_list("pk", "user")
    return {pk: codes[user] for pk, user in members if user in codes}


def in_ballot(name, row, then, seats):
    facts = [
        ("le nombre de dossiers qui passent", row.seats, then["seats"]),
        ("le nombre d’abstentions", row.abstentions, then["abstentions"]),
        ("le prix", row.prize_id, then["prize"]),
        ("l’heure du dépouillement", instant(row.closed_at), then["closed_at"]),
    ]
    for what, now, kept in facts:
        if now != kept:
            yield differ(f"au {name[3:]}, {what}", now, kept)
    yield from in_voters(name, row, then, seats)
    yield from in_choices(name, row, then)


def in_voters(name, row, then, seats):
    """Unless people were erased: nobody knows any more who voted."""
    if not seats:
        return
    now = {seats.get(voter.pk, "une autre personne") for voter in row.voters.all()}
    for code in sorted(now ^ set(then["voters"])):
        here, there = ("votante", "absente") if code in now else ("absente", "votante")
        yield differ(f"au {name[3:]}, {code}", here, there)
    casting = seats.get(row.casting_by_id, "") if row.casting_by_id else ""
    if casting != then["casting_by"]:
        yield differ(
            f"au {name[3:]}, la voix prépondérante",
            f"à {casting or 'personne'}",
            f"à {then['casting_by'] or 'personne'}",
        )


def in_choices(name, row, then):
    now = {choice.candidature.reference: choice for choice in row.choices.all()}
    for kept in then["choices"]:
        choice = now.pop(kept["file"], None)
        if choice is None:
            yield f"le dossier {kept['file']} n’est plus dans la base au {name[3:]}"
        elif choice.votes != kept["votes"]:
            what = f"le nombre de voix du dossier {kept['file']} au {name[3:]}"
            yield differ(what, choice.votes, kept["votes"])
        elif (choice.has_casting_vote, choice.is_chosen) != (
            kept["has_casting_vote"],
            kept["is_chosen"],
        ):
            yield f"ce que le {name[3:]} a décidé du dossier {kept['file']} a changé dans la base"
    for file in now:
        yield f"le dossier {file} est dans la base au {name[3:]}, et pas au procès-verbal"


# The decisions ----------------------------------------------------------------------------------


def in_decisions(minutes):
    """Of the last minutes alone, and while no later session is at work: it may change them."""
    session = minutes.session
    later = JurySession.objects.filter(edition=session.edition, opened_at__gt=session.opened_at)
    if later.exists():
        return
    now = decisions_now(session.edition)
    then = {row["file"]: row for row in minutes.payload["decisions"]}
    for file in sorted(now.keys() | then.keys() & files_now(session.edition)):
        yield from in_decision(file, now.get(file), then.get(file))
    yield from in_prizes(minutes)


def files_now(edition):
    return set(edition.candidatures.values_list("reference", flat=True))


def decisions_now(edition):
    rows = Candidature.objects.filter(edition=edition, decision__isnull=False)
    names = ["reference", "decision__outcome", "laureate__prize", "laureate__place"]
    return {row[0]: row[1:] for row in rows.values_list(*names)}


def in_decision(file, now, then):
    kept = then and (then["outcome"], then["prize"], then["place"])
    outcome, outcome_then = (label_of_outcome(row) for row in (now, kept))
    if outcome != outcome_then:
        yield differ(
            f"la décision sur le dossier {file}",
            f"«\u202f{outcome}\u202f»",
            f"«\u202f{outcome_then}\u202f»",
        )
    elif now != kept:
        yield f"le prix du dossier {file} n’est pas le même dans la base et au procès-verbal"


def label_of_outcome(row):
    return label_of(Decision.Outcome, row[0]) if row else "à prendre"


def in_prizes(minutes):
    given = minutes.session.edition.prizes.annotate(given=Count("laureates"))
    now = {prize.pk: prize.quantity - prize.given for prize in given}
    for prize in minutes.payload["prizes"]:
        left = now.pop(prize["key"], "absent")
        if left != prize["left"]:
            what = f"le nombre d’exemplaires non attribués du prix {prize['key']}"
            yield differ(what, left, prize["left"])
    for key in sorted(now):
        yield f"le prix {key} est dans la base, et pas au procès-verbal"


# The journal ------------------------------------------------------------------------------------


def in_journal(minutes):
    """Line by line; those that were added since are no difference."""
    now = dict(journal_of(minutes.session.edition))
    for number, (key, digest) in enumerate(minutes.journal, start=1):
        if key not in now:
            yield f"{line_text(number, key)} n’est plus dans la base"
        elif now[key] != digest:
            yield f"{line_text(number, key)} a changé"
    kept = {key for key, _ in minutes.journal}
    order = [key for key in now if key in kept]
    for number, ((key, _), found) in enumerate(zip(minutes.journal, order, strict=False), start=1):
        if key != found:
            yield f"{line_text(number, key)} n’est plus à sa place"


def line_text(number, key):
    return f"la ligne {number} du journal ({key})"
