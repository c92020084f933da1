import uuid

import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("trophies", "0005_holder_journey"),
    ]

    operations = [
        migrations.CreateModel(
            name="CallAlert",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "email",
                    models.EmailField(
                        error_messages={"unique": "Cette adresse est déjà notée."},
                        max_length=254,
                        unique=True,
                        verbose_name="adresse électronique",
                    ),
                ),
                ("token", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("asked_at", models.DateTimeField(verbose_name="demandée le")),
                (
                    "confirmed_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="confirmée le"),
                ),
                (
                    "last_told_year",
                    models.PositiveSmallIntegerField(
                        editable=False, null=True, verbose_name="dernier appel annoncé"
                    ),
                ),
            ],
            options={
                "verbose_name": "adresse à prévenir",
                "verbose_name_plural": "adresses à prévenir",
                "ordering": ["asked_at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("email", django.db.models.functions.text.Lower("email"))
                        ),
                        name="call_alert_email_is_lower_case",
                        violation_error_message="L’adresse électronique s’écrit en minuscules.",
                    )
                ],
            },
        ),
    ]
