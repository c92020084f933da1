import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("trophies", "0008_why_a_criterion_changed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="LaureateNews",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "years",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "un an"), (3, "trois ans"), (5, "cinq ans")],
                        verbose_name="après",
                    ),
                ),
                (
                    "asked_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="demandée le"),
                ),
                (
                    "text",
                    models.TextField(
                        blank=True, max_length=3000, verbose_name="que sont-ils devenus ?"
                    ),
                ),
                (
                    "told_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="racontée le"),
                ),
                (
                    "is_public",
                    models.BooleanField(default=False, verbose_name="paraît sur la fiche"),
                ),
            ],
            options={
                "verbose_name": "nouvelle d’un lauréat",
                "verbose_name_plural": "nouvelles des lauréats",
                "ordering": ["laureate", "years", "pk"],
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="decision",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="decision",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="decision",
            name="delete_delete",
        ),
        migrations.AddField(
            model_name="awardfollowup",
            name="came_to_ceremony",
            field=models.BooleanField(
                blank=True, null=True, verbose_name="présent à la remise des prix"
            ),
        ),
        migrations.AddField(
            model_name="candidature",
            name="publishable",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=30),
                blank=True,
                default=list,
                size=None,
                verbose_name="ce qui peut paraître dans l’annuaire",
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="letter_read_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="lettre relue le"),
        ),
        migrations.AddField(
            model_name="decision",
            name="letter_read_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="letters_read",
                to=settings.AUTH_USER_MODEL,
                verbose_name="relue par",
            ),
        ),
        migrations.AddField(
            model_name="decisionevent",
            name="letter_read_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="lettre relue le"),
        ),
        migrations.AddField(
            model_name="decisionevent",
            name="letter_read_by",
            field=models.ForeignKey(
                db_constraint=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="relue par",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="decision",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "trophies_decisionevent" ("candidature_id", "decided_at", "id", "letter", "letter_queued_at", "letter_read_at", "letter_read_by_id", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."candidature_id", NEW."decided_at", NEW."id", NEW."letter", NEW."letter_queued_at", NEW."letter_read_at", NEW."letter_read_by_id", NEW."outcome", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;',
                    hash="dd2f62f2da6d7f19091e2c22371bd9b6521761ec",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_ee68b",
                    table="trophies_decision",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="decision",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "trophies_decisionevent" ("candidature_id", "decided_at", "id", "letter", "letter_queued_at", "letter_read_at", "letter_read_by_id", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."candidature_id", NEW."decided_at", NEW."id", NEW."letter", NEW."letter_queued_at", NEW."letter_read_at", NEW."letter_read_by_id", NEW."outcome", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;',
                    hash="c01bd2c07f00605fd8939fae4ac3bf8b1ef8c6db",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_09182",
                    table="trophies_decision",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="decision",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "trophies_decisionevent" ("candidature_id", "decided_at", "id", "letter", "letter_queued_at", "letter_read_at", "letter_read_by_id", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."candidature_id", OLD."decided_at", OLD."id", OLD."letter", OLD."letter_queued_at", OLD."letter_read_at", OLD."letter_read_by_id", OLD."outcome", _pgh_attach_context(), NOW(), \'delete\', OLD."id"); RETURN NULL;',
                    hash="093b717efb862721069232656bcbbd3d36a215e1",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_ab1c3",
                    table="trophies_decision",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("letter_read_at", None), ("letter_read_by", None)),
                    models.Q(("letter_read_at__isnull", False), ("letter_read_by__isnull", False)),
                    _connector="OR",
                ),
                name="decision_letter_was_read_by_somebody",
                violation_error_message="Une lettre relue l’a été par quelqu’un, à une date.",
            ),
        ),
        migrations.AddField(
            model_name="laureatenews",
            name="laureate",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="later_news",
                to="trophies.laureate",
                verbose_name="lauréat",
            ),
        ),
        migrations.AddField(
            model_name="laureatenews",
            name="told_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="later_news",
                to=settings.AUTH_USER_MODEL,
                verbose_name="racontée par",
            ),
        ),
        migrations.AddConstraint(
            model_name="laureatenews",
            constraint=models.UniqueConstraint(
                fields=("laureate", "years"),
                name="laureate_news_is_unique",
                violation_error_message="Cette nouvelle est déjà là.",
            ),
        ),
        migrations.AddConstraint(
            model_name="laureatenews",
            constraint=models.CheckConstraint(
                condition=models.Q(("years__in", [1, 3, 5])),
                name="laureate_news_comes_at_its_years",
                violation_error_message="On demande des nouvelles après 1, 3 et 5 ans.",
            ),
        ),
        migrations.AddConstraint(
            model_name="laureatenews",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_public", False), models.Q(("text", ""), _negated=True), _connector="OR"
                ),
                name="laureate_news_is_written_before_it_is_public",
                violation_error_message="Écrivez la nouvelle avant de la faire paraître.",
            ),
        ),
    ]
