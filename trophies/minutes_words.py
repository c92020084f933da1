"""Minutes in French: one content, for their page, their preview and their PDF.

People have their names where nobody erased them, else their codes. Readings keep the codes alone,
and the people are told by name: who reads a file is not named beside what they think of it.
"""

from dataclasses import dataclass, field
from datetime import datetime

from rallynov.dates import instant_text, paris_text, time_text
from trophies.ballots import Impossible
from trophies.board_words import place_text
from trophies.models import ConflictOfInterest, Decision, JuryMember, Presence
from trophies.models.edition import OfficialColumn, TieBreak
from trophies.verification import recount

ERASED = "texte effacé"


@dataclass
class Minuted:
    """A payload, with what stands beside it: texts by digest, names by code."""

    payload: dict
    texts: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    def text(self, digest):
        return self.texts.get(digest) or (ERASED if digest else "")

    def name(self, code):
        return self.names.get(code) or code

    def people(self, codes):
        return ", ".join(sorted((self.name(code) for code in codes), key=str.casefold))

    @property
    def titles(self):
        return {row["reference"]: self.text(row["title"]) for row in self.payload["files"]}

    @property
    def prizes(self):
        return {row["key"]: self.text(row["name"]) for row in self.payload["prizes"]}

    def file(self, reference):
        return f"{reference}, «\u202f{self.titles[reference]}\u202f»"


def minuted(minutes):
    """What is left to read of sealed minutes."""
    texts = {row.digest: row.text for row in minutes.texts.all()}
    names = {row.code: row.name for row in minutes.seats.all()}
    return Minuted(minutes.payload, texts, names)


def minuted_draft(draft):
    names = {code: str(user) for code, user in draft.users.items()}
    return Minuted(draft.payload, draft.texts.by_digest, names)


def content_of(told):
    """All that minutes say, as plain JSON: the page and the PDF lay it out."""
    payload = told.payload
    session = payload["session"]
    return {
        "heading": f"Procès-verbal de la séance {session['number']}",
        "kicker": f"Trophées {payload['edition']} · jury",
        "lead": f"Le jury s’est réuni le {moment(session['opened_at'])}.",
        "facts": facts(told),
        "people": people(told),
        "recusals": [recusal(told, row) for row in payload["recusals"]],
        "rules": rules(payload),
        "grid": [
            [f"{number}. {told.text(row['label'])}", f"poids {row['weight']}"]
            for number, row in enumerate(payload["criteria"], start=1)
        ],
        "rounds": [round_of(told, row) for row in payload["rounds"]],
        "ballots": [ballot(told, row) for row in payload["ballots"]],
        "decisions": decisions(told),
        "left": [left_text(told, row) for row in payload["prizes"] if row["left"]],
        "shortlist": [told.file(reference) for reference in payload["shortlist"]],
        "remarks": told.text(payload["remarks"]),
        "count": len(payload["files"]),
    }


# The meeting ------------------------------------------------------------------------------------


def at(text):
    return datetime.fromisoformat(text)


def moment(text):
    return instant_text(at(text))


def facts(told):
    session, payload = told.payload["session"], told.payload
    regulation = payload["regulation"]
    return [
        ["Ouverte", paris_text(at(session["opened_at"]))],
        ["Levée", paris_text(at(session["closed_at"]))],
        ["Lieu", told.text(session["place"]) or "non précisé"],
        ["Quorum", f"{session['quorum']} juré{'s' * (session['quorum'] > 1)}"],
        ["Règlement", f"version {regulation}" if regulation else "aucun n’était publié"],
    ]


def people(told):
    """Those who were called, jurors first, by name: no code beside a name."""
    called = [row for row in told.payload["people"] if row["is_called"]]
    rows = [
        {
            "name": told.name(row["code"]),
            "role": JuryMember.Role(row["role"]).label if row["role"] else "sans voix",
            "moves": moves_text(row["moves"]),
            "is_juror": bool(row["role"]),
        }
        for row in called
    ]
    return sorted(rows, key=lambda row: (not row["is_juror"], row["name"].casefold()))


def moves_text(moves):
    """« dans la salle à 14 h 02, sorti de la salle à 14 h 30 »; « absent » when nobody came."""
    parts = [
        f"{Presence.State(state).label} à {time_text(at(instant))}"
        for number, (instant, state) in enumerate(moves)
        if number or state != Presence.State.ABSENT
    ]
    return ", ".join(parts) or "absent"


def recusal(told, row):
    origin = ConflictOfInterest.Origin(row["origin"]).label
    ballots = [
        f"scrutin {number}\u202f: {Presence.State(state).label}" for number, state in row["ballots"]
    ]
    return {
        "file": told.file(row["file"]),
        "who": told.name(row["code"]),
        "why": f"lien {origin}",
        "where": ", ".join(ballots) or "aucun scrutin sur ce dossier",
    }


# The computation --------------------------------------------------------------------------------


def rules(payload):
    """How the order was made, as it was fixed before the jury read."""
    column = OfficialColumn(payload["official_column"]).label
    separating = [TieBreak(rule).label for rule in payload["tie_break"]]
    return [
        ["L’ordre suit", column],
        ["À égalité", ", puis ".join(separating) or "les dossiers restent ex æquo"],
        ["Calcul", f"version {payload['algorithm']}"],
    ]


def round_of(told, made):
    undecided = [told.file(reference) for reference in made["undecided"]]
    return {
        "title": round_title(told.payload, made),
        "lead": round_text(made),
        "undecided": undecided,
        "ranking": [rank_row(told, row) for row in made["ranking"]],
        "criteria": [str(n) for n, _ in enumerate(told.payload["criteria"], start=1)],
        "readings": [reading_row(told.payload, row) for row in made["readings"]],
    }


def round_title(payload, made):
    if len(payload["rounds"]) == 1:
        return "Le classement"
    return "Le premier tour" if made["round"] == 1 else "Le second tour"


def round_text(made):
    readings = len(made["readings"])
    text = (
        f"{readings} lecture{'s' * (readings > 1)} signée{'s' * (readings > 1)}, "
        f"{made['places']} prix à attribuer."
    )
    if made["is_calibrated"]:
        return f"{text} Les rangs possibles tiennent neuf fois sur dix."
    return f"{text} Pas de moyenne sans la sévérité des lecteurs\u202f: {lower(made['reason'])}"


def lower(text):
    return text[:1].lower() + text[1:]


def rank_row(told, row):
    separated = ", puis ".join(TieBreak(rule).label for rule in row["rules"])
    return {
        "place": place_text(row["place"], row["is_equal"]),
        "reference": row["file"],
        "title": told.titles[row["file"]],
        "separated": f"départagé par {separated}" if separated else "",
        "raw": decimal(row["raw"]),
        "calibrated": decimal(row["calibrated"]),
        "error": decimal(row["standard_error"]),
        "ranks": ranks_text(row),
    }


def decimal(text):
    return text.replace(".", ",") if text else "—"


def ranks_text(row):
    low, high = row["rank_low"], row["rank_high"]
    if low is None:
        return "—"
    return f"{low}" if low == high else f"{low} à {high}"


def reading_row(payload, row):
    """File, juror by code, round, then a level for each criterion, in the order of the grid."""
    levels = [row["scores"].get(criterion["key"], "") for criterion in payload["criteria"]]
    given = ["s. o." if level is None else str(level) for level in levels]
    return [row["file"], row["juror"], str(row["round"]), *given]


# The votes and what was decided -----------------------------------------------------------------


def ballot(told, row):
    return {
        "title": f"Scrutin {row['number']}",
        "question": told.text(row["question"]),
        "facts": ballot_facts(told, row),
        "choices": [choice(told, each) for each in row["choices"]],
    }


def ballot_facts(told, row):
    prize = [["Prix", told.prizes.get(row["prize"], ERASED)]] if row["prize"] else []
    casting = [["Voix prépondérante", told.name(row["casting_by"])]] if row["casting_by"] else []
    return [
        ["Dépouillé", f"le {moment(row['closed_at'])}"],
        *prize,
        ["Passent", f"{row['seats']} dossier{'s' * (row['seats'] > 1)} au plus"],
        ["Votants", f"{len(row['voters'])}\u202f: {told.people(row['voters'])}"],
        ["Abstentions et blancs", str(row["abstentions"])],
        ["Majorité absolue", majority(row)],
        *casting,
    ]


def majority(row):
    try:
        found = recount(row)
    except Impossible as refusal:
        return str(refusal)
    expressed = f"{found.expressed} suffrage{'s' * (found.expressed > 1)} exprimé"
    return f"{found.majority} voix, pour {expressed}{'s' * (found.expressed > 1)}"


def choice(told, row):
    votes = f"{row['votes']} voix"
    if row["has_casting_vote"]:
        votes += ", et la voix prépondérante"
    return {"file": told.file(row["file"]), "votes": votes, "is_chosen": row["is_chosen"]}


def decisions(told):
    """By outcome, in the order of the outcomes: (what, files)."""
    groups = []
    for outcome in Decision.Outcome:
        files = [
            decided(told, row)
            for row in told.payload["decisions"]
            if row["outcome"] == outcome.value
        ]
        if files:
            groups.append([OUTCOMES[outcome], files])
    return groups


OUTCOMES = {
    Decision.Outcome.LAUREATE: "Lauréates",
    Decision.Outcome.RESERVE: "Sur liste de réserve",
    Decision.Outcome.FINALIST: "Finalistes",
    Decision.Outcome.NOT_SELECTED: "Non retenues",
}


def decided(told, row):
    file = told.file(row["file"])
    return f"{file}\u202f: {told.prizes.get(row['prize'], ERASED)}" if row["prize"] else file


def left_text(told, row):
    name = f"«\u202f{told.text(row['name'])}\u202f»"
    if row["quantity"] == 1:
        return name
    return f"{name}\u202f: {row['left']} sur {row['quantity']}"
