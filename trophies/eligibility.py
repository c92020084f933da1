"""The questions of an edition's rules of eligibility, in words for the project holder."""

from calendar import monthrange

from django.utils import timezone

from rallynov.dates import day_text
from trophies.models import EligibilityRule

Kind = EligibilityRule.Kind


def months_before(instant, months):
    """The date `months` before an aware instant, on the same day or the last of its month."""
    day = timezone.localdate(instant)
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return day.replace(year=year, month=month + 1, day=min(day.day, monthrange(year, month + 1)[1]))


def listed(names):
    """« le Doubs, le Jura ou la Haute-Saône »"""
    *first, last = names
    return f"{', '.join(first)} ou {last}" if first else last


def territory(rule):
    names = [department.name for department in rule.edition.departments.all()]
    where = f"sur ce territoire : {', '.join(names)}" if names else "en France"
    return f"Votre projet se déroule-t-il {where} ?"


def structure(rule):
    kinds = EligibilityRule._meta.get_field("structures").base_field.choices
    names = [label for value, label in kinds if value in rule.structures]
    return f"Votre structure a-t-elle l’une de ces formes : {listed(names)} ?"


def age(rule):
    day = day_text(months_before(rule.edition.closes_at, rule.months))
    return f"Votre projet existait-il déjà le {day} ?"


QUESTION = {
    Kind.TERRITORY: territory,
    Kind.STRUCTURE: structure,
    Kind.AGE: age,
    Kind.FIRST_PRIZE: lambda rule: "Ce projet est-il sans prix Rally’nov jusqu’ici ?",
    Kind.ONLY_ONE: lambda rule: "Est-ce la seule candidature de votre structure cette année ?",
}


def question(rule):
    """The question of a rule, to which « oui » is the answer that it asks for."""
    return QUESTION[rule.kind](rule)
