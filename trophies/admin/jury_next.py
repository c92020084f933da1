"""What the team has to do next for the jury of an edition, in one sentence."""

from dataclasses import dataclass

from django.urls import reverse

from rallynov.dates import instant_text
from trophies.route import Phase


@dataclass(frozen=True)
class Next:
    text: str
    label: str = ""
    url: str = ""


def page(name, edition):
    return reverse(f"admin:trophies_{name}", args=[edition.pk])


def counted(count, one, many):
    """« un juré… », « 3 jurés… »"""
    return one if count == 1 else many.format(count)


def next_step(progress):
    """The `Next` of the jury, from a `Progress`."""
    phase = progress.edition.phase
    if progress.edition.is_in_second_round:
        steps = while_second_round(progress)
    elif phase == Phase.READING:
        steps = while_reading(progress)
    elif phase in (Phase.DELIBERATION, Phase.PUBLISHED):
        steps = after_reading(progress)
    else:
        steps = before_reading(progress)
    return next(step for step in steps if step)


def before_reading(progress):
    edition = progress.edition
    if not edition.criteria.all():
        yield Next(
            "La grille est vide\u202f: partez de celle de Rally’nov, puis faites-en la vôtre.",
            "Voir la grille",
            "#grille",
        )
    if edition.jury_opens_at is None:
        url = page("edition_change", edition)
        yield Next("Les dates des lectures restent à fixer.", "Fixer les dates", url)
    if not progress.sitting:
        url = page("invite_juror", edition)
        yield Next("Le jury n’a encore personne.", "Inviter un juré", url)
    yield ties(progress)
    if edition.is_closed and progress.to_screen:
        text = counted(
            progress.to_screen,
            "Une candidature reste à examiner\u202f: le jury ne lit que les recevables.",
            "{} candidatures restent à examiner\u202f: le jury ne lit que les recevables.",
        )
        url = reverse("admin:trophies_candidature_changelist")
        yield Next(text, "Les examiner", f"{url}?etat=deposee")
    yield waiting(edition)


def waiting(edition):
    opens = f"les lectures ouvriront le {instant_text(edition.jury_opens_at)}"
    if not edition.is_closed:
        return Next(f"Rien ne presse\u202f: {opens}.")
    url = page("edition_plan", edition)
    return Next(f"Relisez le plan des lectures\u202f: {opens}.", "Voir le plan", url)


def ties(progress):
    if not progress.ties:
        return None
    text = counted(
        progress.ties,
        "Un lien d’intérêts attend que vous l’examiniez.",
        "{} liens d’intérêts attendent que vous les examiniez.",
    )
    url = reverse("admin:trophies_conflictofinterest_changelist")
    return Next(text, "Les examiner", url)


def while_reading(progress):
    yield ties(progress)
    if not progress.total:
        url = page("edition_plan", progress.edition)
        yield Next("Les lectures sont ouvertes, et personne n’a rien à lire.", "Voir le plan", url)
    yield from waited_for(progress)
    if not progress.unfinished:
        yield Next("Tout est signé. Les moyennes se verront à la fin des lectures.")
    yield Next("Les lectures avancent\u202f: rien à faire aujourd’hui.")


def while_second_round(progress):
    """Its own page is for who sees every file: nothing here leads to it."""
    yield ties(progress)
    yield from waited_for(progress)
    at = instant_text(progress.edition.second_closes_at)
    if not progress.unfinished:
        yield Next(
            f"Au second tour, tout est signé. Il se clôt le {at}, ou avant si l’équipe le veut."
        )
    yield Next(f"Le second tour se lit jusqu’au {at}\u202f: rien à faire aujourd’hui.")


def waited_for(progress):
    if progress.late:
        text = counted(
            len(progress.late),
            "Un juré a pris du retard\u202f: un mot de l’équipe aide souvent.",
            "{} jurés ont pris du retard\u202f: un mot de l’équipe aide souvent.",
        )
        yield Next(text, "Voir qui", "#jures")
    if progress.undeclared:
        text = counted(
            len(progress.undeclared),
            "Un juré n’a pas encore déclaré tous ses liens\u202f: ses dossiers attendent.",
            "{} jurés n’ont pas encore déclaré tous leurs liens\u202f: leurs dossiers attendent.",
        )
        yield Next(text, "Voir qui", "#jures")


def after_reading(progress):
    edition = progress.edition
    if edition.phase == Phase.PUBLISHED:
        at = instant_text(edition.results_published_at)
        url = page("edition_follow_up", edition)
        yield Next(f"Les résultats sont publiés depuis le {at}.", "Suivre les prix", url)
    if edition.results_published_at is None:
        url = page("edition_change", edition)
        yield Next("La date des résultats reste à fixer.", "La fixer", url)
    at = instant_text(edition.results_published_at)
    text = f"Notez ici ce que le jury décide\u202f: rien n’en paraît avant le {at}."
    yield Next(text, "Voir les candidatures", "#dossiers")
