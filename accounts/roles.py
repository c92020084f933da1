"""Who may do what in the admin: one table, in code, so that it is read, tested and versioned.

A role opens whole models. Which *rows* a person sees is another question, and `visible_to(user)`
answers it.
"""

from django.db import models

# To read the files of a jury that one sits in: which ones, `Assignment.visible_to()` says.
READING = "trophies.read_assignment"
ACTIONS = ("view", "add", "change", "delete")


class Role(models.TextChoices):
    TEAM = "team", "équipe"
    EDITOR = "editor", "rédaction"
    JURY = "jury", "jury"


EDITED_BY_ALL = {
    "initiatives": ("initiative", "photo", "support", "initiativetheme"),
    "events": (
        "event",
        "eventdocument",
        "eventorganisation",
        "eventphoto",
        "imageauthorisation",
        "speaker",
    ),
    "news": ("newsitem", "newsphoto", "page"),
    "partners": ("organisation", "partnership"),
}
EDITED_BY_TEAM = {
    "initiatives": ("theme", "condition"),
    "partners": ("membership",),
    "trophies": (
        "edition",
        "editionfigure",
        "eligibilityrule",
        "regulation",
        "prize",
        "criterion",
        "jurymember",
        "laureate",
        "awardfollowup",
        "laureatenews",
    ),
}
# A sheet is taken back by making it a draft. Deleting it would be refused to a laureate's, which
# would tell a prize before its time.
DELETED_BY_TEAM = {"initiatives": ("initiative",), "partners": ("organisation",)}
READ_BY_ALL = {
    "audience": ("daycount",),
    "places": ("department", "epci", "commune"),
    "initiatives": ("theme", "condition"),
    "trophies": ("edition", "editionfigure", "eligibilityrule", "regulation", "prize"),
}


def permissions(models_by_app, actions=ACTIONS):
    """The names of permissions, `app.action_model`, for every model of the mapping."""
    return {
        f"{app}.{action}_{model}"
        for app, names in models_by_app.items()
        for model in names
        for action in actions
    }


ROLE_PERMISSIONS = {
    Role.TEAM: permissions(EDITED_BY_ALL)
    | permissions(EDITED_BY_TEAM)
    | permissions(READ_BY_ALL, ["view"])
    | permissions({"accounts": ["user"]}, ["view", "add", "change"])
    | permissions({"accounts": ["mailtext"]}, ["view", "change"])
    | permissions({"trophies": ["candidature", "decision"]}, ["view", "change"])
    | permissions({"initiatives": ["contribution"]}, ["view", "change"])
    | permissions({"initiatives": ["sheetholder"]}, ["view", "delete"])
    | permissions({"events": ["registration"]}, ["view", "change"])
    | permissions({"trophies": ["annualreport"]}, ["view", "change"])
    | permissions({"trophies": ["conflictofinterest"]}, ["view", "add", "change"])
    | permissions({"post_office": ["email"]}, ["view"]),
    Role.EDITOR: (permissions(EDITED_BY_ALL) - permissions(DELETED_BY_TEAM, ["delete"]))
    | permissions(READ_BY_ALL, ["view"]),
    # No model of the jury is open as a whole: a juror reads through pages made for it.
    Role.JURY: {READING},
}
