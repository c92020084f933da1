"""The answers that the team finds written, and makes its own before they leave."""

from initiatives.contributing.models import Contribution

Kind = Contribution.Kind

# What stands where the reason of a refusal must be written.
REASON = "[écrivez ici pourquoi]"

ACCEPTED = {
    Kind.PROPOSAL: "Merci d’avoir proposé « {title} ». L’équipe l’a lue avec plaisir, "
    "et en fait une fiche de l’annuaire.",
    Kind.CORRECTION: "Merci d’avoir relu la fiche de « {title} ». Vos corrections sont en ligne.",
    Kind.CLAIM: "Merci. Vous tenez désormais la fiche de « {title} »\u202f: vous pouvez la "
    "corriger quand vous voulez, et inviter d’autres personnes à la tenir avec vous.",
    Kind.FAULT: "Merci d’avoir signalé une erreur sur la fiche de « {title} ». Nous l’avons "
    "corrigée.",
}
REFUSED = {
    Kind.PROPOSAL: "Merci d’avoir proposé « {title} ». Nous n’en ferons pas une fiche de "
    "l’annuaire\u202f: {reason}",
    Kind.CORRECTION: "Merci d’avoir relu la fiche de « {title} ». Nous avons gardé le texte tel "
    "qu’il était\u202f: {reason}",
    Kind.CLAIM: "Merci de votre message sur la fiche de « {title} ». Nous ne pouvons pas vous la "
    "confier pour l’instant\u202f: {reason}",
    Kind.FAULT: "Merci de votre message sur la fiche de « {title} ». Nous l’avons gardée telle "
    "qu’elle est\u202f: {reason}",
}


def accepted(contribution):
    return filled(ACCEPTED, contribution)


def refused(contribution):
    return filled(REFUSED, contribution)


def filled(texts, contribution):
    """Without an address to answer to, the team writes a note to itself, from nothing."""
    if not contribution.email:
        return ""
    text = texts[contribution.kind].format(title=title_of(contribution), reason=REASON)
    name = f" {contribution.name}" if contribution.name else ""
    return f"Bonjour{name},\n\n{text}"


def title_of(contribution):
    """The title of the sheet, or the one that is proposed."""
    sheet = contribution.initiative
    return sheet.title if sheet else contribution.values.get("title", "")
