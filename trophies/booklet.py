"""A juror's booklet: their readings as a PDF, in their own order, with the grid to tick by pen."""

from django.db.models import Q
from django.utils import timezone

from rallynov import typesetting
from rallynov.dates import day_text, paris_text
from trophies.dossier import Dossier, department_names
from trophies.models import Assignment, Evaluation
from trophies.rounds import SECOND, end_of

USE = [
    "Les dossiers sont dans votre ordre de lecture : il n’est pas celui des autres jurés, pour "
    "qu’aucun dossier ne soit toujours lu le dernier.",
    "Cochez un niveau par critère, notez ce qui vous a décidé, puis reportez le tout à l’écran : "
    "seul compte ce qui est signé en ligne.",
    "Un lien avec un dossier, que vous découvrez en le lisant ? Arrêtez là, et déclarez-le à "
    "l’écran.",
    "Ce livret est pour vous seul. Ne le laissez pas derrière vous, et détruisez-le une fois vos "
    "lectures signées.",
]
ON_SCREEN = "Les pièces jointes ne sont pas imprimées : elles se lisent à l’écran."
ANONYMOUS = (
    "La lecture est anonyme : structures, personnes et adresses sont remplacées par [structure], "
    "[personne] et [adresse], et les pièces jointes ne se montrent pas."
)


def booklet_pdf(content) -> bytes:
    """Dated of its day: the same content gives the same bytes until midnight."""
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return typesetting.pdf("booklet", content, at=today)


def booklet_content(user, year):
    """What the booklet of `user` for an edition says; None when they have nothing to read."""
    readings = list(readings_of(user, year))
    if not readings:
        return None
    edition, departments = readings[0].candidature.edition, department_names()
    number = readings[0].round
    return {
        "title": f"Livret de lecture, jury {year} — Rally’nov",
        "kicker": f"{edition} · jury{', second tour' if number == SECOND else ''}",
        "heading": "Livret de lecture",
        "lead": f"De {user}. {count_text(len(readings))}.",
        "foot": f"Jury {year}, livret de lecture : confidentiel",
        "is_example": edition.is_example,
        "facts": facts(edition, number),
        "use": [*USE, ANONYMOUS if edition.is_anonymous else ON_SCREEN],
        "criteria": [criterion_row(criterion) for criterion in edition.criteria.all()],
        "confidences": [label for _, label in Evaluation.Confidence.choices],
        "files": [
            file_row(rank, Dossier(reading.candidature, departments))
            for rank, reading in enumerate(readings, start=1)
        ],
    }


def readings_of(user, year):
    """Those of the last round that was opened."""
    is_last = Q(round=SECOND) | Q(candidature__edition__second_opened_at=None)
    return (
        Assignment.objects.visible_to(user)
        .filter(is_last, candidature__edition__year=year)
        .for_reading()
        .select_related("candidature__organisation")
        .prefetch_related("candidature__edition__criteria", "candidature__holders")
    )


def count_text(count):
    return "Un dossier à lire" if count == 1 else f"{count} dossiers à lire"


def facts(edition, number):
    return [
        ["À signer avant", paris_text(end_of(edition, number))],
        ["Imprimé le", day_text(timezone.now())],
    ]


def criterion_row(criterion):
    levels = [f"{level} · {sentence}" for level, sentence in enumerate(criterion.levels)]
    if criterion.allows_not_applicable:
        levels.append("sans objet")
    return {
        "label": criterion.label,
        "help": criterion.help,
        "weight": f"poids {criterion.weight}",
        "levels": levels,
    }


def file_row(rank, file):
    return {
        "rank": f"{rank}{'re' if rank == 1 else 'e'} lecture",
        "title": file.title or "Projet sans nom",
        "summary": file.summary,
        "facts": " · ".join(file.facts),
        "answers": [[title, text or "Sans réponse."] for title, text in file.sections],
        "added": [[f"Demande de l’équipe : {asked}", text] for asked, text in file.added],
        "pieces": [f"{piece.name} ({piece.about})" for piece in file.pieces],
    }
