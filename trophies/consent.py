"""What a project holder lets the sheet of the directory show, a consent for each.

A name is a column of `Initiative` and of `Candidature`. What makes a sheet at all (`ALWAYS`) goes
with the prize: the form and the page that accepts the regulation say so.
"""

PUBLISHABLE = {
    "started_year": "L’année où il a commencé",
    "need": "Le besoin",
    "response": "La réponse",
    "people": "Les personnes associées",
    "effects": "Les effets",
}
ALWAYS = "son nom, sa phrase de présentation, ses thèmes, sa structure et sa commune"


def in_order(names):
    return [name for name in PUBLISHABLE if name in names]


def allowed(payload):
    """The names that a deposit lets appear; the first deposits had one yes for all of them."""
    if "publishable" in payload:
        return in_order(payload["publishable"])
    return list(PUBLISHABLE) if payload["may_publish"] else []


def as_now(payload):
    """A payload in the words of today's: what it lets appear, name by name."""
    kept = {key: value for key, value in payload.items() if key != "may_publish"}
    return kept | {"publishable": allowed(payload)}


def in_words(names):
    """« Le besoin, les effets »: what appears, as people read it."""
    labels = [PUBLISHABLE[name] for name in in_order(names)]
    return ", ".join([*labels[:1], *(label[0].lower() + label[1:] for label in labels[1:])])


def told(payload):
    """What a deposit lets appear, in a sentence for receipts and pages."""
    names = allowed(payload)
    if not names:
        return "aucune"
    return f"{in_words(names)}, si le projet est primé"


def value_of(payload, name):
    """What a deposit says under a name: an answer, or the year."""
    return payload[name] if name in payload else payload["answers"][name]
