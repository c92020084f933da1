"""What the lines of a file may name: communes, themes, conditions, organisations, sheets."""

import re

from django.db import connection

from initiatives.models import Condition, Initiative, Theme
from initiatives.transfer.matching import Choices, Forms, Misread, any_of
from initiatives.transfer.organisations import Organisations
from partners.models import Organisation
from places.models import Commune, Department
from rallynov.publishing import EMBARGO_PERMISSION

MOST_FORMS = 5_000
WITH_DEPARTMENT = re.compile(r"(?P<name>.+?)\s*\((?P<code>\w{2,3})\)")
WITH_POSTAL_CODE = re.compile(r"(?P<code>\d\d)\d{3}\s+(?P<name>.+)")


class Known:
    """What the lines of a file may name; `user` None may see everything."""

    def __init__(self, user=None):
        self.user = user
        self.forms = forms = Forms()
        self.themes = Choices(forms, [(r.slug, r.name, r) for r in Theme.objects.all()])
        self.conditions = Choices(forms, [(r.slug, r.title, r) for r in Condition.objects.all()])
        self.departments = Choices(forms, [(r.code, r.name, r) for r in Department.objects.all()])
        self.kinds = Choices(forms, [(k.value, k.label, k) for k in Organisation.Kind])
        communes = Commune.objects.select_related("department").only("name", "department__name")
        self.communes = Choices(forms, [(row.code, row.name, row) for row in communes])
        self.organisations = Organisations(forms)
        self.years = {}

    @property
    def sheets(self):
        """What the person may see: for an import, nothing else exists."""
        rows = Initiative.objects.all()
        return rows.visible_to(self.user) if self.user else rows

    def forget(self):
        """The forms of some lines are of no use to the next."""
        if len(self.forms) > MOST_FORMS:
            self.forms.clear()

    def department(self, text):
        named = WITH_DEPARTMENT.fullmatch(text)
        text = named["name"] if named else text
        return self.departments.the(text.zfill(2) if text.isdigit() else text)

    def commune(self, text, department=None):
        """The commune that `text` names, in the department if one is said."""
        named = WITH_DEPARTMENT.fullmatch(text) or WITH_POSTAL_CODE.fullmatch(text)
        code = department.code if department else ""
        if named and named["code"].lower() in self.departments.by_code:
            code = named["code"].upper()
        found = self.communes.found(named["name"] if named else text)
        within = [row for row in found if not code or row.department_id == code]
        if len(within) == 1:
            return within[0]
        raise Misread(
            self.no_commune(text, within or found, is_elsewhere=bool(found) and not within)
        )

    def no_commune(self, text, found, *, is_elsewhere):
        names = any_of(map(str, found))
        if is_elsewhere:
            return f"« {text} » n’est pas dans ce département, mais il y a {names}."
        if found:
            return f"« {text} » peut vouloir dire {names} : précisez le département."
        return f"« {text} » n’est pas une commune connue : écrivez son nom ou son code INSEE."

    def may_await(self, year):
        """Whether the person may know of sheets that come out with the results of `year`."""
        if year not in self.years:
            with connection.cursor() as cursor:
                cursor.execute("SELECT results_instant(%s), now()", [year])
                instant, now = cursor.fetchone()
            is_out = instant is not None and instant <= now
            may_know = self.user is None or self.user.has_perm(EMBARGO_PERMISSION)
            self.years[year] = instant is not None and (is_out or may_know)
        return self.years[year]
