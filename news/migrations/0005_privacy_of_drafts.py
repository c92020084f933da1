"""What the privacy page said of drafts is no longer so: the sentence changes where it still stands."""

from django.db import migrations
from django.db.models import F, Value
from django.db.models.functions import Replace

BEFORE = (
    "<p>Ce que vous écrivez et la pièce que vous joignez restent entre vous et nous, jusqu’à ce que "
    "vous déposiez\u202f: un brouillon n’est lu ni par l’équipe ni par le jury. Nous conservons "
    "alors\u202f:</p>"
)
AFTER = (
    "<p>Avant toute connexion, vos réponses sur le règlement et la première étape sont gardées deux "
    "jours, liées à ce navigateur. Ensuite, le site enregistre ce que vous tapez. Le jury ne lit "
    "jamais un brouillon\u202f; l’équipe peut le lire, avec ses pièces, pour vous aider. Les "
    "personnes que vous invitez à écrire voient votre adresse.</p>\n<p>Tant qu’un texte n’a pas pu "
    "être enregistré, une copie en reste dans votre navigateur, 30 jours au plus\u202f; sur un "
    "ordinateur partagé, effacez les données du site en partant.</p>\n<p>Quand vous déposez, nous "
    "conservons\u202f:</p>"
)


def replace(apps, old, new):
    pages = apps.get_model("news", "Page").objects.filter(key="donnees-personnelles")
    pages.update(body=Replace(F("body"), Value(old), Value(new)))


class Migration(migrations.Migration):
    dependencies = [("news", "0004_search")]

    operations = [
        migrations.RunPython(
            lambda apps, editor: replace(apps, BEFORE, AFTER),
            lambda apps, editor: replace(apps, AFTER, BEFORE),
        )
    ]
