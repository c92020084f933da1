"""What a letter says by itself: texts whose figures are named, agreed with what is counted.

`n(name)` is how many there are. A sentence stands only where there is something to tell.
"""

from rallynov.numbers import agreed

SECTIONS = {
    "edition": "L’édition",
    "rencontres": "On s’est rencontrés",
    "salons": "Au-devant du public",
    "laureats": "Les lauréats",
    "partenaires": "Qui a poussé à la roue",
    "europe": "Le fil européen",
    "audience": "Le site",
    "annuaire": "L’annuaire",
    "perspectives": "Et après",
}

NO_LAUREATE = "Aucun lauréat n’est annoncé."


def together(*sentences):
    return " ".join(sentence for sentence in sentences if sentence)


def edition(n):
    files, winners = n("candidatures"), n("laureats")
    arrived = agreed(files, "est arrivée", "sont arrivées")
    leave = agreed(winners, "repart", "repartent")
    return together(
        files and f"{{candidatures}} {arrived} pour {{edition}}.",
        winners and f"{{laureats}} {leave} avec un prix.",
        n("dotation") and "Mis bout à bout, ces prix font {dotation}.",
    )


def rencontres(n):
    count = n("rencontres")
    gathered = agreed(count, "a réuni", "ont réuni")
    return count and f"{{rencontres}} dans l’année {gathered} {{participants}}."


def salons(n):
    return n("salons") and "Rally’nov est allé trouver le public là où il passe, sur {salons}."


def partenaires(n):
    joined = agreed(n("partenaires"), "s’y est attelé", "s’y sont attelés")
    carry = agreed(n("pilotes"), "porte", "portent")
    fund = agreed(n("financeurs"), "participe", "participent")
    rally = agreed(n("mobilises"), "se mobilise", "se mobilisent")
    return together(
        n("partenaires") and f"{{partenaires}} {joined}.",
        n("pilotes") and f"{{noms_pilotes}} {carry} Rally’nov.",
        n("financeurs") and f"{{noms_financeurs}} {fund} au financement.",
        n("mobilises") and f"À leurs côtés {rally} {{noms_mobilises}}.",
    )


def europe(n):
    return n("europe") and "Cette année, le fil européen de Rally’nov passe par {europe}."


def audience(n):
    if n("visites"):
        return "Sur le site\u202f: {visites}, {pages}."
    if n("visiteurs") and n("pages"):
        return "{visiteurs} sont passés par le site, et y ont ouvert {pages}."
    return ""


def annuaire(n):
    if n("initiatives"):
        return "Le site présentait alors {initiatives}."
    if not n("fiches"):
        return ""
    new = n("nouvelles_fiches")
    is_all = new == n("fiches")
    more = ", dont {nouvelles_fiches}" if new and not is_all else ""
    return f"À la fin de {{annee}}, l’annuaire compte {{fiches}}{more}."


def laureats(n):
    count = n("laureats")
    received = agreed(count, "a reçu", "ont reçu chacun")
    share = agreed(count, "a reçu", "se partagent")
    if n("montant"):
        prizes = f"{{laureats}} {received} {{montant}}\u202f: {{noms_laureats}}."
    elif n("dotation"):
        prizes = f"{{laureats}} {share} {{dotation}}\u202f: {{noms_laureats}}."
    else:
        prizes = "{laureats}\u202f: {noms_laureats}." if count else NO_LAUREATE
    return together(
        prizes, n("remise_des_prix") and "La remise des prix a eu lieu {remise_des_prix}."
    )


def perspectives(n):
    return n("perspectives") and "{perspectives}"


def winner(n):
    cited = "«\u202f{citation}\u202f» — le jury" if n("citation") else ""
    return "\n\n".join(filter(None, ["{resume}", cited]))


WRITERS = [
    edition, rencontres, salons, laureats, partenaires, europe, audience, annuaire, perspectives,
]  # fmt: skip
TEXTS = dict(zip(SECTIONS, WRITERS, strict=True))
