"""What an organisation supported, year by year: what its public page tells, and nothing else.

Every row comes from a `published()`: a prize tells who has it at the instant of the results, not
before. Nothing dates the support of an initiative: those without a prize stand apart.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import Prefetch, Q

from events.models import Event, EventOrganisation
from initiatives.models import Initiative, Support
from partners.models import Partnership
from rallynov.numbers import counted
from trophies.models import Edition, Laureate, Prize

EVENT_ROLES = {
    EventOrganisation.Role.ORGANISER: "organise",
    EventOrganisation.Role.HOST: "accueille",
    EventOrganisation.Role.PARTNER: "soutient",
    EventOrganisation.Role.PARTICIPANT: "participe",
}


@dataclass
class Year:
    number: int
    partnerships: list[Partnership] = field(default_factory=list)
    prizes: list[Prize] = field(default_factory=list)
    laureates: list[Initiative] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    has_edition: bool = False  # with a page

    @property
    def told(self):
        return told(
            (sum(prize.quantity for prize in self.prizes), "prix financé", "prix financés"),
            (len(self.laureates), "lauréat", "lauréats"),
            (len(self.events), "rendez-vous", "rendez-vous"),
        )


@dataclass(frozen=True)
class Record:
    years: list[Year]
    initiatives: list[Initiative]  # without a prize

    @property
    def is_bare(self):
        """Whether nothing but partnerships is known."""
        rows = [row for y in self.years for row in (y.prizes, y.laureates, y.events) if row]
        return not rows and not self.initiatives

    @property
    def told(self):
        laureates = {sheet.pk for year in self.years for sheet in year.laureates}
        prizes = sum(prize.quantity for year in self.years for prize in year.prizes)
        return told(
            (sum(bool(y.partnerships) for y in self.years), "année avec nous", "années avec nous"),
            (prizes, "prix financé", "prix financés"),
            (len(laureates), "initiative lauréate", "initiatives lauréates"),
            (len(self.initiatives), "autre initiative", "autres initiatives"),
            (sum(len(year.events) for year in self.years), "rendez-vous", "rendez-vous"),
        )


def told(*counts):
    """« 2 prix financés, 1 lauréat »: what there is none of is left out."""
    return ", ".join(counted(*each) for each in counts if each[0])


def record_of(organisation):
    years = defaultdict(list)
    made = {}

    def year(number):
        return made.setdefault(number, Year(number))

    for partnership in organisation.partnerships.all():
        year(partnership.year).partnerships.append(partnership)
    for prize in prizes_of(organisation):
        year(prize.edition.year).prizes.append(prize)
    supported = Support.objects.filter(organisation=organisation)
    supported = set(supported.values_list("initiative", flat=True))
    for laureate in laureates_of(organisation, supported):
        years[laureate.initiative_id].append(laureate.prize.edition.year)
    keys = {*supported, *years}
    sheets = list(Initiative.objects.published().filter(pk__in=keys).for_cards())
    for sheet in sheets:
        for number in sorted(set(years[sheet.pk])):
            year(number).laureates.append(sheet)
    for event in events_of(organisation):
        year(event.edition_year or event.year).events.append(event)
    editions = set(Edition.objects.published().values_list("year", flat=True))
    for row in made.values():
        row.has_edition = row.number in editions
    others = [sheet for sheet in sheets if not years[sheet.pk]]
    return Record([made[number] for number in sorted(made, reverse=True)], others)


def prizes_of(organisation):
    published = Edition.objects.published()
    rows = Prize.objects.filter(funder=organisation, edition__in=published)
    return rows.select_related("edition").order_by("-edition__year", "position", "pk")


def laureates_of(organisation, supported):
    """Laureates of its prizes, and initiatives that it stands by and that were rewarded."""
    own = Q(prize__funder=organisation) | Q(initiative__in=supported)
    return Laureate.objects.published().filter(own).select_related("prize__edition")


def events_of(organisation):
    links = EventOrganisation.objects.filter(organisation=organisation)
    rows = Event.objects.published().filter(pk__in=links.values("event")).for_cards()
    rows = rows.prefetch_related(Prefetch("organisation_links", links, to_attr="own_links"))
    for event in rows.order_by("-starts_at", "pk"):
        event.part = ", ".join(EVENT_ROLES[link.role] for link in event.own_links)
        yield event


def linked_data(organisation):
    """The partner as an `Organization` of schema.org, without what is not known."""
    address = {"@type": "PostalAddress", "addressCountry": "FR"}
    if organisation.commune:
        address["addressLocality"] = organisation.commune.name
    if organisation.department:
        address["addressRegion"] = organisation.department.name
    url = f"{settings.SITE_URL}{organisation.get_absolute_url()}"
    found = {
        "@context": "https://schema.org",
        "@type": "Organization",
        "@id": url,
        "name": organisation.name,
        "alternateName": organisation.short_name,
        "description": organisation.description,
        "sameAs": organisation.website,
        "address": address if len(address) > 2 else None,
    }
    return {name: value for name, value in found.items() if value}
