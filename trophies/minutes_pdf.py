"""Sealed minutes as a PDF, with what anyone needs to check their seal."""

from rallynov import typesetting
from rallynov.dates import paris_text
from rallynov.numbers import number
from trophies.minutes_words import content_of, minuted

HOW = [
    "Le sceau est le SHA-256 de trois choses mises bout à bout\u202f: le contenu de ce "
    "procès-verbal, le sceau du précédent, et les empreintes de chaque ligne du journal de "
    "l’édition. Un chiffre changé, une ligne retirée, et il ne correspond plus.",
    "Le contenu scellé ne nomme personne\u202f: les jurés y sont J1, J2…, les dossiers leur "
    "référence, les textes leur empreinte. Les noms et les textes peuvent donc être effacés un "
    "jour, et le sceau tient toujours.",
    "Pour vérifier\u202f: la page du procès-verbal, ou la commande «\u202fmanage.py "
    "verify_minutes\u202f», recalculent le sceau, le classement et chaque scrutin, et disent la "
    "première différence.",
]


def minutes_pdf(minutes) -> bytes:
    """Equal minutes, of which as much was erased, give equal bytes."""
    return typesetting.pdf("minutes", pdf_content(minutes), at=minutes.sealed_at)


def pdf_content(minutes):
    edition = minutes.session.edition
    content = content_of(minuted(minutes))
    return content | {
        "title": f"{content['heading']}, jury {edition.year} — Rally’nov",
        "foot": f"{minutes.reference}, sceau {minutes.seal[:12]}…",
        "is_example": edition.is_example,
        "seal": seal_facts(minutes),
        "how": HOW,
    }


def seal_facts(minutes):
    return [
        ["Scellé", f"{paris_text(minutes.sealed_at)}, par {minutes.sealed_by}"],
        ["Sceau", minutes.seal],
        ["Sceau précédent", minutes.previous_seal or "aucun\u202f: c’est le premier"],
        ["Journal", f"{number(len(minutes.journal))} lignes"],
    ]
