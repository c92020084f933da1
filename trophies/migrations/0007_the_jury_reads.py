import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

UNTRACKED = {"db_constraint": False, "related_name": "+", "related_query_name": "+"}
SEAT = """SELECT {wanted} FROM trophies_jurymember seat
    JOIN trophies_candidature file ON file.edition_id = seat.edition_id
    WHERE file.id = tie.candidature_id AND {known}"""
# A history is append-only, hence its triggers aside. Rows just written hold their table until their
# keys were checked.
CHECKED = "SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED"


def moved(model, *, on_delete, related_name="conflicts", **options):
    """A tie was a juror's; it becomes a person's. Backwards, those of nobody's seat go."""
    table = f"trophies_{model}"

    def person(**more):
        return models.ForeignKey(
            to=settings.AUTH_USER_MODEL,
            verbose_name="personne",
            **{"on_delete": on_delete, "related_name": related_name} | options | more,
        )

    def seat(**more):
        return models.ForeignKey(
            to="trophies.jurymember",
            verbose_name="juré",
            **{"on_delete": on_delete, "related_name": related_name} | options | more,
        )

    find_user = SEAT.format(wanted="seat.user_id", known="seat.id = tie.jury_member_id")
    find_seat = SEAT.format(wanted="seat.id", known="seat.user_id = tie.user_id")
    return [
        migrations.AddField(model, "user", person(null=True, related_name="+")),
        migrations.AlterField(model, "jury_member", seat(null=True)),
        migrations.RunSQL(
            [
                f"ALTER TABLE {table} DISABLE TRIGGER USER",
                f"UPDATE {table} tie SET user_id = ({find_user})",
                f"DELETE FROM {table} WHERE user_id IS NULL",
                CHECKED,
                f"ALTER TABLE {table} ENABLE TRIGGER USER",
            ],
            [
                f"ALTER TABLE {table} DISABLE TRIGGER USER",
                f"DELETE FROM {table} tie WHERE NOT EXISTS ({find_seat})",
                f"UPDATE {table} tie SET jury_member_id = ({find_seat})",
                CHECKED,
                f"ALTER TABLE {table} ENABLE TRIGGER USER",
            ],
        ),
        migrations.RemoveField(model, "jury_member"),
        migrations.AlterField(model, "user", person()),
    ]


class Migration(migrations.Migration):
    dependencies = [
        ("initiatives", "0007_counts"),
        ("trophies", "0006_call_alerts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="conflictofinterest",
            name="conflict_is_within_an_edition",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="conflictofinterest",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="conflictofinterest",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="conflictofinterest",
            name="delete_delete",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="criterion",
            name="criterion_allows_what_was_given",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="edition",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="edition",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="edition",
            name="delete_delete",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="evaluation",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="evaluation",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="evaluation",
            name="delete_delete",
        ),
        migrations.RemoveConstraint(
            model_name="conflictofinterest",
            name="conflict_is_unique",
        ),
        *moved("conflictofinterest", on_delete=django.db.models.deletion.PROTECT),
        *moved(
            "conflictofinterestevent", on_delete=django.db.models.deletion.DO_NOTHING, **UNTRACKED
        ),
        migrations.AddField(
            model_name="conflictofinterest",
            name="origin",
            field=models.CharField(
                choices=[
                    ("declared", "déclaré"),
                    ("team", "noté par l’équipe"),
                    ("detected", "relevé dans les données"),
                ],
                default="declared",
                editable=False,
                max_length=8,
                verbose_name="origine",
            ),
        ),
        migrations.AddField(
            model_name="conflictofinterest",
            name="ruled_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="examiné le"),
        ),
        migrations.AddField(
            model_name="conflictofinterest",
            name="ruled_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="conflict_rulings",
                to=settings.AUTH_USER_MODEL,
                verbose_name="examiné par",
            ),
        ),
        migrations.AddField(
            model_name="conflictofinterest",
            name="ruling",
            field=models.CharField(
                choices=[
                    ("pending", "à examiner"),
                    ("upheld", "maintenu"),
                    ("dismissed", "écarté"),
                ],
                default="pending",
                max_length=9,
                verbose_name="examen",
            ),
        ),
        migrations.AddField(
            model_name="conflictofinterest",
            name="ruling_reason",
            field=models.TextField(blank=True, max_length=500, verbose_name="motif de l’équipe"),
        ),
        migrations.AddField(
            model_name="conflictofinterest",
            name="signs",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("same_person", "même personne"),
                        ("holder", "porte le projet"),
                        ("organisation", "même structure"),
                        ("mandate", "mandat dans la structure"),
                        ("funder", "a financé un prix du projet"),
                        ("partner", "partenaire ou financeur du projet"),
                        ("email_domain", "même domaine de messagerie"),
                        ("commune", "même commune"),
                    ],
                    max_length=12,
                ),
                blank=True,
                default=list,
                editable=False,
                size=None,
                verbose_name="ce qui a été relevé",
            ),
        ),
        migrations.AddField(
            model_name="conflictofinterestevent",
            name="origin",
            field=models.CharField(
                choices=[
                    ("declared", "déclaré"),
                    ("team", "noté par l’équipe"),
                    ("detected", "relevé dans les données"),
                ],
                default="declared",
                editable=False,
                max_length=8,
                verbose_name="origine",
            ),
        ),
        migrations.AddField(
            model_name="conflictofinterestevent",
            name="ruled_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="examiné le"),
        ),
        migrations.AddField(
            model_name="conflictofinterestevent",
            name="ruled_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="examiné par",
            ),
        ),
        migrations.AddField(
            model_name="conflictofinterestevent",
            name="ruling",
            field=models.CharField(
                choices=[
                    ("pending", "à examiner"),
                    ("upheld", "maintenu"),
                    ("dismissed", "écarté"),
                ],
                default="pending",
                max_length=9,
                verbose_name="examen",
            ),
        ),
        migrations.AddField(
            model_name="conflictofinterestevent",
            name="ruling_reason",
            field=models.TextField(blank=True, max_length=500, verbose_name="motif de l’équipe"),
        ),
        migrations.AddField(
            model_name="conflictofinterestevent",
            name="signs",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("same_person", "même personne"),
                        ("holder", "porte le projet"),
                        ("organisation", "même structure"),
                        ("mandate", "mandat dans la structure"),
                        ("funder", "a financé un prix du projet"),
                        ("partner", "partenaire ou financeur du projet"),
                        ("email_domain", "même domaine de messagerie"),
                        ("commune", "même commune"),
                    ],
                    max_length=12,
                ),
                blank=True,
                default=list,
                editable=False,
                size=None,
                verbose_name="ce qui a été relevé",
            ),
        ),
        migrations.AddField(
            model_name="edition",
            name="is_anonymous",
            field=models.BooleanField(
                default=False,
                help_text="Les jurés ne voient ni les structures, ni les personnes, ni les pièces.",
                verbose_name="lecture anonyme",
            ),
        ),
        migrations.AddField(
            model_name="edition",
            name="official_column",
            field=models.CharField(
                choices=[
                    ("raw", "la moyenne des lectures"),
                    ("calibrated", "la moyenne sans la sévérité des lecteurs"),
                ],
                default="raw",
                max_length=10,
                verbose_name="l’ordre officiel suit",
            ),
        ),
        migrations.AddField(
            model_name="edition",
            name="others_shown",
            field=models.CharField(
                choices=[
                    ("never", "jamais"),
                    ("signed", "à qui a signé sa lecture, qui devient définitive"),
                    ("closed", "quand les lectures sont closes"),
                ],
                default="never",
                max_length=6,
                verbose_name="les lectures des autres jurés se montrent",
            ),
        ),
        migrations.AddField(
            model_name="edition",
            name="plan_seed",
            field=models.PositiveIntegerField(editable=False, null=True, verbose_name="tirage"),
        ),
        migrations.AddField(
            model_name="edition",
            name="readings_per_file",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="Vide : chaque juré lit tout, ce qui convient jusqu’à 25 candidatures.",
                null=True,
                validators=[django.core.validators.MinValueValidator(1)],
                verbose_name="lectures par candidature",
            ),
        ),
        migrations.AddField(
            model_name="editionevent",
            name="is_anonymous",
            field=models.BooleanField(
                default=False,
                help_text="Les jurés ne voient ni les structures, ni les personnes, ni les pièces.",
                verbose_name="lecture anonyme",
            ),
        ),
        migrations.AddField(
            model_name="editionevent",
            name="official_column",
            field=models.CharField(
                choices=[
                    ("raw", "la moyenne des lectures"),
                    ("calibrated", "la moyenne sans la sévérité des lecteurs"),
                ],
                default="raw",
                max_length=10,
                verbose_name="l’ordre officiel suit",
            ),
        ),
        migrations.AddField(
            model_name="editionevent",
            name="others_shown",
            field=models.CharField(
                choices=[
                    ("never", "jamais"),
                    ("signed", "à qui a signé sa lecture, qui devient définitive"),
                    ("closed", "quand les lectures sont closes"),
                ],
                default="never",
                max_length=6,
                verbose_name="les lectures des autres jurés se montrent",
            ),
        ),
        migrations.AddField(
            model_name="editionevent",
            name="plan_seed",
            field=models.PositiveIntegerField(editable=False, null=True, verbose_name="tirage"),
        ),
        migrations.AddField(
            model_name="editionevent",
            name="readings_per_file",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="Vide : chaque juré lit tout, ce qui convient jusqu’à 25 candidatures.",
                null=True,
                validators=[django.core.validators.MinValueValidator(1)],
                verbose_name="lectures par candidature",
            ),
        ),
        migrations.AddField(
            model_name="evaluation",
            name="confidence",
            field=models.PositiveSmallIntegerField(
                blank=True,
                choices=[(1, "peu sûr"), (2, "assez sûr"), (3, "sûr")],
                null=True,
                verbose_name="assurance",
            ),
        ),
        migrations.AddField(
            model_name="evaluation",
            name="others_seen_at",
            field=models.DateTimeField(
                editable=False, null=True, verbose_name="a lu les autres le"
            ),
        ),
        migrations.AddField(
            model_name="evaluationevent",
            name="confidence",
            field=models.PositiveSmallIntegerField(
                blank=True,
                choices=[(1, "peu sûr"), (2, "assez sûr"), (3, "sûr")],
                null=True,
                verbose_name="assurance",
            ),
        ),
        migrations.AddField(
            model_name="evaluationevent",
            name="others_seen_at",
            field=models.DateTimeField(
                editable=False, null=True, verbose_name="a lu les autres le"
            ),
        ),
        migrations.AddField(
            model_name="jurymember",
            name="ceiling",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="Vide : pas de plafond.",
                null=True,
                verbose_name="lectures au plus",
            ),
        ),
        migrations.AddField(
            model_name="jurymember",
            name="declared_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="liens déclarés le"),
        ),
        migrations.AddField(
            model_name="jurymember",
            name="invited_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="invité le"),
        ),
        migrations.AddField(
            model_name="jurymember",
            name="left_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="parti le"),
        ),
        migrations.AddField(
            model_name="jurymember",
            name="themes",
            field=models.ManyToManyField(
                blank=True,
                related_name="jury_members",
                to="initiatives.theme",
                verbose_name="thèmes connus",
            ),
        ),
        migrations.AlterField(
            model_name="conflictofinterest",
            name="declared_at",
            field=models.DateTimeField(auto_now_add=True, verbose_name="noté le"),
        ),
        migrations.AlterField(
            model_name="conflictofinterest",
            name="reason",
            field=models.TextField(blank=True, max_length=500, verbose_name="quel lien ?"),
        ),
        migrations.AlterField(
            model_name="conflictofinterestevent",
            name="declared_at",
            field=models.DateTimeField(auto_now_add=True, verbose_name="noté le"),
        ),
        migrations.AlterField(
            model_name="conflictofinterestevent",
            name="reason",
            field=models.TextField(blank=True, max_length=500, verbose_name="quel lien ?"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="conflictofinterest",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "trophies_conflictofinterestevent" ("candidature_id", "declared_at", "id", "origin", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "ruled_at", "ruled_by_id", "ruling", "ruling_reason", "signs", "user_id") VALUES (NEW."candidature_id", NEW."declared_at", NEW."id", NEW."origin", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reason", NEW."ruled_at", NEW."ruled_by_id", NEW."ruling", NEW."ruling_reason", NEW."signs", NEW."user_id"); RETURN NULL;',
                    hash="220491066351b10355d21b710233cb56b44d3b9a",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_da7d0",
                    table="trophies_conflictofinterest",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="conflictofinterest",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "trophies_conflictofinterestevent" ("candidature_id", "declared_at", "id", "origin", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "ruled_at", "ruled_by_id", "ruling", "ruling_reason", "signs", "user_id") VALUES (NEW."candidature_id", NEW."declared_at", NEW."id", NEW."origin", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason", NEW."ruled_at", NEW."ruled_by_id", NEW."ruling", NEW."ruling_reason", NEW."signs", NEW."user_id"); RETURN NULL;',
                    hash="39c0d865fe3a6689e17f8978a56439bd7efcd74d",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_d3a11",
                    table="trophies_conflictofinterest",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="conflictofinterest",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "trophies_conflictofinterestevent" ("candidature_id", "declared_at", "id", "origin", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "ruled_at", "ruled_by_id", "ruling", "ruling_reason", "signs", "user_id") VALUES (OLD."candidature_id", OLD."declared_at", OLD."id", OLD."origin", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reason", OLD."ruled_at", OLD."ruled_by_id", OLD."ruling", OLD."ruling_reason", OLD."signs", OLD."user_id"); RETURN NULL;',
                    hash="9022e9fc28527c4fdb703de875f77d03491778ea",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_6cacf",
                    table="trophies_conflictofinterest",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="criterion",
            trigger=pgtrigger.compiler.Trigger(
                name="criterion_is_locked_by_scores",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                    IF TG_OP = 'UPDATE' AND NEW.weight = OLD.weight\n                        AND NEW.allows_not_applicable = OLD.allows_not_applicable THEN\n                        RETURN NEW;\n                    END IF;\n                    IF EXISTS (SELECT 1 FROM trophies_score score\n                               JOIN trophies_criterion given ON given.id = score.criterion_id\n                               WHERE given.edition_id =\n                               CASE TG_OP WHEN 'DELETE' THEN OLD.edition_id\n                                          ELSE NEW.edition_id END) THEN\n                        RAISE EXCEPTION 'Des jurés ont déjà noté : la grille ne change plus.'\n                            USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;\n                ",
                    hash="b3fad995d5087ce6b9bf64314cd7448ad576ca9f",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_criterion_is_locked_by_scores_83eda",
                    table="trophies_criterion",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="edition",
            trigger=pgtrigger.compiler.Trigger(
                name="edition_official_column_is_locked",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."official_column" IS DISTINCT FROM (NEW."official_column"))',
                    func="\n                    IF OLD.jury_opens_at <= NOW() OR EXISTS (\n                        SELECT 1 FROM trophies_score score\n                        JOIN trophies_criterion given ON given.id = score.criterion_id\n                        WHERE given.edition_id = OLD.id) THEN\n                        RAISE EXCEPTION 'Le jury lit déjà : l’ordre officiel ne change plus.'\n                            USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NEW;\n                ",
                    hash="03155a21f0069e0d757ca2f68715a2a854bc18a7",
                    operation='UPDATE OF "official_column"',
                    pgid="pgtrigger_edition_official_column_is_locked_6b172",
                    table="trophies_edition",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="edition",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "trophies_editionevent" ("ceremony_id", "closes_at", "credits", "id", "is_anonymous", "is_example", "jury_closes_at", "jury_opens_at", "largest_file", "most_files", "official_column", "opens_at", "ordinal", "others_shown", "perspectives", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_seed", "presentation", "published_at", "readings_per_file", "results_published_at", "summary", "year") VALUES (NEW."ceremony_id", NEW."closes_at", NEW."credits", NEW."id", NEW."is_anonymous", NEW."is_example", NEW."jury_closes_at", NEW."jury_opens_at", NEW."largest_file", NEW."most_files", NEW."official_column", NEW."opens_at", NEW."ordinal", NEW."others_shown", NEW."perspectives", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."plan_seed", NEW."presentation", NEW."published_at", NEW."readings_per_file", NEW."results_published_at", NEW."summary", NEW."year"); RETURN NULL;',
                    hash="bf524a98c2433b9a5a6181f106ef8e2dbe6b4298",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_5b8d3",
                    table="trophies_edition",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="edition",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."ceremony_id" IS DISTINCT FROM (NEW."ceremony_id") OR OLD."closes_at" IS DISTINCT FROM (NEW."closes_at") OR OLD."credits" IS DISTINCT FROM (NEW."credits") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_anonymous" IS DISTINCT FROM (NEW."is_anonymous") OR OLD."is_example" IS DISTINCT FROM (NEW."is_example") OR OLD."jury_closes_at" IS DISTINCT FROM (NEW."jury_closes_at") OR OLD."jury_opens_at" IS DISTINCT FROM (NEW."jury_opens_at") OR OLD."largest_file" IS DISTINCT FROM (NEW."largest_file") OR OLD."most_files" IS DISTINCT FROM (NEW."most_files") OR OLD."official_column" IS DISTINCT FROM (NEW."official_column") OR OLD."opens_at" IS DISTINCT FROM (NEW."opens_at") OR OLD."ordinal" IS DISTINCT FROM (NEW."ordinal") OR OLD."others_shown" IS DISTINCT FROM (NEW."others_shown") OR OLD."perspectives" IS DISTINCT FROM (NEW."perspectives") OR OLD."plan_seed" IS DISTINCT FROM (NEW."plan_seed") OR OLD."presentation" IS DISTINCT FROM (NEW."presentation") OR OLD."published_at" IS DISTINCT FROM (NEW."published_at") OR OLD."readings_per_file" IS DISTINCT FROM (NEW."readings_per_file") OR OLD."results_published_at" IS DISTINCT FROM (NEW."results_published_at") OR OLD."summary" IS DISTINCT FROM (NEW."summary") OR OLD."year" IS DISTINCT FROM (NEW."year"))',
                    func='INSERT INTO "trophies_editionevent" ("ceremony_id", "closes_at", "credits", "id", "is_anonymous", "is_example", "jury_closes_at", "jury_opens_at", "largest_file", "most_files", "official_column", "opens_at", "ordinal", "others_shown", "perspectives", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_seed", "presentation", "published_at", "readings_per_file", "results_published_at", "summary", "year") VALUES (NEW."ceremony_id", NEW."closes_at", NEW."credits", NEW."id", NEW."is_anonymous", NEW."is_example", NEW."jury_closes_at", NEW."jury_opens_at", NEW."largest_file", NEW."most_files", NEW."official_column", NEW."opens_at", NEW."ordinal", NEW."others_shown", NEW."perspectives", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."plan_seed", NEW."presentation", NEW."published_at", NEW."readings_per_file", NEW."results_published_at", NEW."summary", NEW."year"); RETURN NULL;',
                    hash="ca277c76e6f6c2657427d38dde7f192f82055c35",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_f64e7",
                    table="trophies_edition",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="edition",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "trophies_editionevent" ("ceremony_id", "closes_at", "credits", "id", "is_anonymous", "is_example", "jury_closes_at", "jury_opens_at", "largest_file", "most_files", "official_column", "opens_at", "ordinal", "others_shown", "perspectives", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_seed", "presentation", "published_at", "readings_per_file", "results_published_at", "summary", "year") VALUES (OLD."ceremony_id", OLD."closes_at", OLD."credits", OLD."id", OLD."is_anonymous", OLD."is_example", OLD."jury_closes_at", OLD."jury_opens_at", OLD."largest_file", OLD."most_files", OLD."official_column", OLD."opens_at", OLD."ordinal", OLD."others_shown", OLD."perspectives", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."plan_seed", OLD."presentation", OLD."published_at", OLD."readings_per_file", OLD."results_published_at", OLD."summary", OLD."year"); RETURN NULL;',
                    hash="394a4d555106da0a596941f999ebf2f4dd1cdc80",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_7d1c4",
                    table="trophies_edition",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="evaluation",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "trophies_evaluationevent" ("assignment_id", "comment_for_candidate", "comment_for_jury", "confidence", "id", "others_seen_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "signed_at", "updated_at") VALUES (NEW."assignment_id", NEW."comment_for_candidate", NEW."comment_for_jury", NEW."confidence", NEW."id", NEW."others_seen_at", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."signed_at", NEW."updated_at"); RETURN NULL;',
                    hash="7a471c767ae421c06e0b04e697bf66b4a73aaab1",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_5f5b0",
                    table="trophies_evaluation",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="evaluation",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "trophies_evaluationevent" ("assignment_id", "comment_for_candidate", "comment_for_jury", "confidence", "id", "others_seen_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "signed_at", "updated_at") VALUES (NEW."assignment_id", NEW."comment_for_candidate", NEW."comment_for_jury", NEW."confidence", NEW."id", NEW."others_seen_at", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."signed_at", NEW."updated_at"); RETURN NULL;',
                    hash="ffb6e1295bd482014c3e0567d1b7d45aac9f5b8e",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_696f6",
                    table="trophies_evaluation",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="evaluation",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "trophies_evaluationevent" ("assignment_id", "comment_for_candidate", "comment_for_jury", "confidence", "id", "others_seen_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "signed_at", "updated_at") VALUES (OLD."assignment_id", OLD."comment_for_candidate", OLD."comment_for_jury", OLD."confidence", OLD."id", OLD."others_seen_at", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."signed_at", OLD."updated_at"); RETURN NULL;',
                    hash="2426342721fc56773567649fd59a7ac3854f175e",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_ae59a",
                    table="trophies_evaluation",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="conflictofinterest",
            constraint=models.UniqueConstraint(
                fields=("user", "candidature"),
                name="conflict_is_unique",
                violation_error_message="Ce lien est déjà noté.",
            ),
        ),
        migrations.AddConstraint(
            model_name="conflictofinterest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ruled_at", None), ("ruled_by", None), ("ruling", "pending")),
                    models.Q(
                        ("ruled_at__isnull", False),
                        ("ruled_by__isnull", False),
                        ("ruling__in", ["upheld", "dismissed"]),
                        models.Q(("ruling_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="conflict_ruling_has_reason",
                violation_error_message="Un examen a un auteur, une date et un motif.",
            ),
        ),
        migrations.AddConstraint(
            model_name="conflictofinterest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reason", ""), _negated=True),
                    models.Q(("origin", "detected"), ("signs__len__gt", 0)),
                    _connector="OR",
                ),
                name="conflict_says_what_it_is",
                violation_error_message="Dites en quelques mots quel est ce lien.",
            ),
        ),
        migrations.AddConstraint(
            model_name="evaluation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("confidence__isnull", True), ("confidence__range", (1, 3)), _connector="OR"
                ),
                name="evaluation_confidence_is_known",
                violation_error_message="Cette assurance n’existe pas.",
            ),
        ),
        migrations.AddConstraint(
            model_name="evaluation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("others_seen_at__isnull", True), ("signed_at__isnull", False), _connector="OR"
                ),
                name="evaluation_is_signed_once_others_are_seen",
                violation_error_message="Qui a lu les autres ne reprend plus sa signature.",
            ),
        ),
    ]
