"""All that the site holds of one person, as one ZIP: a text to read, the rows as JSON, the files.

Rows and columns are those of the register. What is left out is told in `LISEZ-MOI.txt`.
"""

import json
import zipfile

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import FileField
from django.utils import timezone

from accounts.models import ConsentText
from rallynov.dates import instant_text
from rallynov.privacy.person import held_by
from rallynov.privacy.register import BY_KEY
from trophies.archive import entry, safe_name, write, write_piece
from trophies.models import Attachment, Candidature

# Codes and links, and what only machines read.
LEFT_OUT = {"password", "data", "tab", "versions", "object_id", "message_id", "from_email"}
OF_MAILS = {"message", "html_message", "context", "headers", "cc", "bcc", "event"}
# The packages that bring these columns have no French of their own.
LABELS = {
    "account": {"email": "adresse électronique"},
    "admin": {"object_repr": "objet", "change_message": "ce qui a été fait"},
    "mfa": {"type": "sorte", "created_at": "créé le", "last_used_at": "servi le"},
    "post_office": {"to": "à", "subject": "objet", "status": "état", "created": "écrit le"},
}
# Told although no register needs to name them.
ALSO = {
    *("status", "state", "level", "round", "confidence", "number", "years", "type", "outcome"),
    *("created_at", "updated_at", "joined_at", "last_login", "submitted_at", "received_at", "at"),
    *("given_at", "withdrawn_at", "asked_at", "answered_at", "signed_at", "came_at", "ended_at"),
    *("confirmed_at", "last_used_at", "created", "action_time", "declared_at", "paid_on"),
}
# Rows that are named beside: never a person.
NAMED = {
    *("organisation", "event", "initiative", "criterion", "candidature", "edition", "text"),
    *("session", "prize"),
}
READ_ME = """\
Ce que Rally’nov garde de {email}, le {instant}.

donnees.json    tout, partie par partie du registre : pourquoi c’est gardé, et combien de temps ;
pieces/         les fichiers joints à vos candidatures, s’il y en a.

N’y sont pas : les mots de passe, les codes et les liens personnels, que nous ne gardons pas sous
une forme lisible ; ce que d’autres ont écrit d’eux-mêmes ; ce que les résultats d’une édition
rendront public, tant qu’ils ne le sont pas ; les textes et les photographies qui vous nomment sans
votre adresse : dites-nous où, et nous les chercherons.

Pour corriger, effacer, ou nous dire que quelque chose manque : {site}
{remarks}"""


def write_takeout(person, file, *, site):
    """Write the ZIP in an open file; memory holds a piece of a file at a time."""
    remarks = []
    now = timezone.now()
    with zipfile.ZipFile(file, "w") as target:
        told = json.dumps(content(person), ensure_ascii=False, indent=2, cls=DjangoJSONEncoder)
        write(target, "donnees.json", told.encode(), now)
        for position, piece in enumerate(pieces_of(person), 1):
            name = f"pieces/{position:03}-{safe_name(piece.name)}"
            if remark := write_piece(target, name, piece):
                remarks.append(f"{name} : {remark}")
        text = READ_ME.format(
            email=person.email,
            instant=instant_text(now),
            site=site,
            remarks="\n".join(["", *remarks]),
        )
        target.writestr(entry("LISEZ-MOI.txt", now), text, zipfile.ZIP_DEFLATED)


def pieces_of(person):
    if person.user is None:
        return Attachment.objects.none()
    return Attachment.objects.filter(candidature__holders=person.user).order_by("pk")


def content(person):
    """What is held, by part of the register, each with why and how long."""
    parts = {}
    for treatment, found in held_by(person):
        if found:
            words = treatment.words
            parts[words["title"]] = {
                "pourquoi": words["why"],
                "combien de temps": words["term"],
                "contenu": {name_of(label): told_rows(label, rows) for label, rows in found},
            }
    return {"adresse": person.email, "au": timezone.localtime(), "registre": parts}


def name_of(label):
    return str(apps.get_model(label)._meta.verbose_name_plural)


def told_rows(label, rows):
    columns = columns_of(label)
    labels = LABELS.get(label.partition(".")[0], {})
    names = {field: labels.get(field.name, str(field.verbose_name)) for field in columns}
    return [{names[field]: told(row, field) for field in columns} for row in rows.iterator()]


def columns_of(label):
    """The fields of a model that are told: those that the register names, and dates beside."""
    held = {name for treatment in BY_KEY.values() for name in treatment.holds.get(label, ())}
    held -= LEFT_OUT | (OF_MAILS if label in ("post_office.Email", "accounts.MailSent") else set())
    fields = apps.get_model(label)._meta.concrete_fields
    return [field for field in fields if is_told(field, held)]


def is_told(field, held):
    if field.is_relation:
        # The sheet of a candidature would tell a prize before its time.
        return field.name in (NAMED if field.model is not Candidature else {"edition"})
    return field.name in held or field.name in ALSO


def told(row, field):
    value = getattr(row, field.name)
    if isinstance(value, ConsentText):
        return value.text
    if isinstance(field, FileField):
        return row.name if hasattr(row, "name") else bool(value)
    if field.is_relation:
        return value and str(value)
    return getattr(row, f"get_{field.name}_display")() if field.choices else value
