"""The PDFs of a call: the receipt of a deposit, and the questions to be prepared on paper."""

import hashlib
import json
from datetime import datetime
from functools import lru_cache

from django.conf import settings
from django.urls import reverse

from rallynov import typesetting
from rallynov.dates import day_text, paris_text
from rallynov.numbers import number
from trophies import consent
from trophies.attachments import EXTENSIONS
from trophies.forms import CandidatureForm
from trophies.models import Attachment
from trophies.steps import STEPS

QUESTIONS_VERSION = 1  # raise it when the drawing of the questions changes
KEPT = 8  # in each process
SIGNS_BY_LINE = 150  # written by hand, with room to change one's mind
MOST_LINES = 16

# How anyone can tell that a deposit is the one of its receipt.
PROOF = [
    "Cette empreinte est celle du contenu déposé, pièces comprises par leurs propres empreintes : "
    "un seul signe changé en donnerait une autre.",
    "Pour la refaire : dans l’archive ZIP de votre espace, prenez le fichier JSON de ce dépôt, tel "
    "quel, et calculez son SHA-256 (« sha256sum » sous Linux, « shasum -a 256 » sous macOS, "
    "« certutil -hashfile … SHA256 » sous Windows).",
    "Un signe que ce document ne sait pas dessiner y paraît sous son code, comme [U+1F600] ; le "
    "fichier JSON le garde tel qu’il a été écrit.",
]


def absolute(name, *args):
    return settings.SITE_URL + reverse(name, args=args)


# The receipt ------------------------------------------------------------------------------------


def receipt_pdf(deposit) -> bytes:
    """Everything that the deposit holds, and what proves it; equal deposits make equal bytes."""
    return typesetting.pdf("receipt", receipt_content(deposit), at=deposit.received_at)


def receipt_content(deposit):
    payload, reference = deposit.payload, deposit.candidature.reference
    heading = f"Reçu du dépôt n° {deposit.number}"
    return {
        "title": f"{heading}, candidature {reference} — Rally’nov",
        "kicker": str(deposit.candidature.edition),
        "heading": heading,
        "lead": f"La candidature {reference} nous est parvenue le "
        f"{paris_text(deposit.received_at)}.",
        "foot": f"Reçu {reference}, dépôt n° {deposit.number}",
        "is_example": deposit.candidature.edition.is_example,
        "facts": deposit_facts(deposit),
        "project": payload["title"] or "Projet sans nom",
        "summary": payload["summary"],
        "sheet": project_facts(payload),
        "answers": [*given_answers(deposit), *answers_to_requests(payload)],
        "files": [file_row(file) for file in payload["files"]],
        "sha256": deposit.sha256,
        "proof": PROOF,
    }


def deposit_facts(deposit):
    rows = [
        ("Référence", deposit.candidature.reference),
        ("Dépôt", f"n° {deposit.number}, {deposit.get_origin_display()}"),
        ("Reçu", f"le {paris_text(deposit.received_at)}"),
        ("Par", person(deposit.by)),
        ("Règlement", regulation_text(deposit.regulation)),
    ]
    if deposit.reason:
        rows.append(("Motif", deposit.reason))
    return rows


def person(user):
    return f"{user.name}, {user.email}" if user.name else user.email


def regulation_text(regulation):
    if regulation is None:
        return "aucun n’était publié"
    adopted = regulation.adopted_on
    return f"version {regulation.version}" + (f", du {day_text(adopted)}" if adopted else "")


def project_facts(payload):
    organisation, commune = payload["organisation"], payload["commune"]
    return [
        ("Structure", organisation["name"] or "non renseignée"),
        ("Sa forme", organisation["kind_name"]),
        ("Commune", f"{commune['name']} ({commune['department']})" if commune else "—"),
        ("Thèmes", ", ".join(theme["name"] for theme in payload["themes"]) or "—"),
        ("Depuis", str(payload["started_year"] or "—")),
        ("Peuvent paraître", consent.told(payload)),
    ]


def given_answers(deposit):
    return [(question.title, text or "Sans réponse.") for question, text in deposit.sections]


def answers_to_requests(payload):
    names = {file["uuid"]: file["name"] for file in payload["files"]}
    for answer in payload.get("answers_to_requests", []):
        files = [f"Pièce jointe : {names[uuid]}" for uuid in answer["files"] if uuid in names]
        words = [f"Demande de l’équipe : {answer['asked']}", answer["text"], "\n".join(files)]
        yield "Complément demandé", "\n\n".join(part for part in words if part)


def file_row(file):
    kind = dict(Attachment.Kind.choices).get(file["kind"], file["kind"])
    return {
        "name": file["name"],
        "kind": kind,
        "size": f"{number(file['size'])} octets",
        "sha256": file["sha256"],
    }


# The questions ----------------------------------------------------------------------------------


def questions_content(edition):
    """All that the questions of an edition show: equal contents make equal bytes."""
    return json.dumps(
        {
            "version": QUESTIONS_VERSION,
            "at": edition.published_at.isoformat(),
            "title": f"Les questions des trophées {edition.year} — Rally’nov",
            "kicker": str(edition),
            "heading": "Les questions",
            "lead": "Pour se préparer : à remplir au crayon, à plusieurs, autour d’une table. "
            "Ce document ne s’envoie pas : la candidature se dépose en ligne.",
            "foot": f"Trophées {edition.year}, les questions",
            "is_example": edition.is_example,
            "facts": call_facts(edition),
            "criteria": [{"label": c.label, "help": c.help} for c in edition.criteria.all()],
            "steps": [
                {"title": step.title, "lead": step.lead, "fields": asked(step, edition)}
                for step in STEPS
            ],
            "closing": f"Clôture : {paris_text(edition.closes_at)}. Seul compte ce qui est déposé "
            "en ligne avant cet instant.",
        }
    )


def questions_tag(content):
    return f'"{hashlib.sha256(content.encode()).hexdigest()[:32]}"'


@lru_cache(KEPT)
def questions_pdf(content) -> bytes:
    """The PDF of a `questions_content`."""
    data = json.loads(content)
    return typesetting.pdf("questions", data, at=datetime.fromisoformat(data["at"]))


def call_facts(edition):
    """(name, words, address or "") of what frames the answers."""
    apply = absolute("trophies:apply", edition.year)
    rows = [
        ("Ouverture", paris_text(edition.opens_at), ""),
        ("Clôture", paris_text(edition.closes_at), ""),
        ("Où déposer", apply, apply),
    ]
    departments = ", ".join(department.name for department in edition.departments.all())
    if departments:
        rows.append(("Territoire", departments, ""))
    if edition.regulations.all():
        address = absolute("trophies:regulation", edition.year)
        rows.append(("Règlement", address, address))
    return rows


def asked(step, edition):
    if not step.fields:
        return [asked_files(edition)]
    return [asked_field(CandidatureForm.base_fields[name]) for name in step.fields]


def asked_field(field):
    choices = [str(label) for value, label in getattr(field, "choices", []) if value]
    if not hasattr(field, "limit") and field.widget.input_type == "checkbox":
        choices = choices or ["Oui", "Non"]
    limit = getattr(field, "limit", SIGNS_BY_LINE)
    return {
        "label": str(field.label),
        "help": str(field.help_text),
        "choices": choices,
        "lines": 0 if choices else min(-(-limit // SIGNS_BY_LINE), MOST_LINES),
    }


def asked_files(edition):
    kinds = ", ".join(extension[1:].upper() for extension in EXTENSIONS if extension != ".jpg")
    return {
        "label": "Les pièces que vous joindrez",
        "help": f"{edition.most_files} au plus, de {edition.largest_file} Mo chacune : {kinds}.",
        "choices": [],
        "lines": 3,
    }
