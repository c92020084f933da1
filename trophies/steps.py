"""The steps of a candidature, each a page: what is asked together, in the order it is asked."""

from dataclasses import dataclass

from django.urls import reverse


@dataclass(frozen=True)
class Step:
    slug: str
    title: str
    lead: str
    fields: tuple[str, ...] = ()  # empty: the step has a page of its own

    def url(self, candidature):
        if not self.fields:
            return reverse(f"candidatures:{self.slug}", args=[candidature.uuid])
        return reverse("candidatures:step", args=[candidature.uuid, self.slug])


STEPS = [
    Step(
        "structure",
        "Votre structure",
        "Qui porte le projet, et où.",
        ("organisation_name", "organisation_kind", "commune"),
    ),
    Step(
        "projet",
        "Votre projet",
        "Ce qu’on en lit d’abord : son nom, une phrase, ses thèmes.",
        ("title", "summary", "started_year", "themes"),
    ),
    Step(
        "besoin",
        "Le besoin et la réponse",
        "D’où vient le projet, et ce qu’il fait.",
        ("need", "response"),
    ),
    Step(
        "personnes",
        "Les personnes et les effets",
        "Avec qui, et ce que cela change.",
        ("people", "effects"),
    ),
    Step(
        "suite",
        "Le risque et la suite",
        "Ce qui a été tenté, ce qui peut durer, ce que d’autres pourraient reprendre.",
        ("risks", "spread", "viability"),
    ),
    Step("pieces", "Les pièces jointes", "Si elles aident à comprendre. Rien n’est obligatoire."),
    Step(
        "accord",
        "Votre accord",
        "Ce qui pourra paraître dans l’annuaire.",
        ("publishable",),
    ),
]
WRITTEN = {step.slug: step for step in STEPS if step.fields}
STEP_OF = {name: step for step in STEPS for name in step.fields}


def after(step):
    """The step that follows, or None after the last."""
    return next(iter(STEPS[STEPS.index(step) + 1 :]), None)


def first_to_write(candidature):
    """The step where there is something left to write, else the first."""
    missing = {STEP_OF[name].slug for name in candidature.missing}
    return next((step for step in STEPS if step.slug in missing), STEPS[0])


@dataclass(frozen=True)
class Stop:
    """A step on the route of one candidature."""

    step: Step
    url: str
    number: int
    is_current: bool
    missing: int  # fields that a deposit still needs
    is_begun: bool

    @property
    def is_done(self):
        return self.is_begun and not self.missing


def is_begun(candidature, step):
    """Whether somebody wrote in this step, or joined a file."""
    if not step.fields:
        return bool(candidature.attachments_kept)
    return step.slug in candidature.versions or any(
        candidature.is_filled(name) for name in step.fields if name != "organisation_kind"
    )


def route(candidature, current):
    """The steps as they stand for `candidature`, the `current` one marked."""
    missing = candidature.missing
    return [
        Stop(
            step,
            step.url(candidature),
            number,
            step == current,
            sum(name in missing for name in step.fields),
            is_begun(candidature, step),
        )
        for number, step in enumerate(STEPS, 1)
    ]
