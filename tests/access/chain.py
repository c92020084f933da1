"""Who may open what of a candidature, of its readings and of its decision.

Each state is a candidature of its own, in an edition at that moment; every person below stands to
all of them as their column says.
"""

ROLES = [
    "anonymous", "owner", "other holder", "juror", "juror in conflict", "juror of another edition",
    "editor", "team", "team in conflict", "superuser",
]  # fmt: skip

# fmt: off
#                                                anon own oth jur con far edi tea tco sup
OWN = {
    # Nobody but its holders finds a candidature in the holder's space.
    ("candidatures:detail", "draft"):           "302 200 404 404 404 404 404 404 404 404",
    ("candidatures:detail", "submitted"):       "302 200 404 404 404 404 404 404 404 404",
    ("candidatures:detail", "eligible"):        "302 200 404 404 404 404 404 404 404 404",
    ("candidatures:detail", "reading"):         "302 200 404 404 404 404 404 404 404 404",
    ("candidatures:detail", "ineligible"):      "302 200 404 404 404 404 404 404 404 404",
    ("candidatures:detail", "withdrawn"):       "302 200 404 404 404 404 404 404 404 404",
    ("candidatures:detail", "decided"):         "302 200 404 404 404 404 404 404 404 404",
    ("candidatures:detail", "published"):       "302 200 404 404 404 404 404 404 404 404",
    ("candidatures:edit", "draft"):             "302 200 404 404 404 404 404 404 404 404",
    ("candidatures:edit", "submitted"):         "302 200 404 404 404 404 404 404 404 404",
    ("candidatures:edit", "eligible"):          "302 302 404 404 404 404 404 404 404 404",
    ("candidatures:edit", "reading"):           "302 302 404 404 404 404 404 404 404 404",
    ("candidatures:edit", "withdrawn"):         "302 302 404 404 404 404 404 404 404 404",
    ("candidatures:deposit", "draft"):          "302 200 404 404 404 404 404 404 404 404",
    ("candidatures:deposit", "submitted"):      "302 200 404 404 404 404 404 404 404 404",
    ("candidatures:deposit", "reading"):        "302 302 404 404 404 404 404 404 404 404",
    ("candidatures:receipt", "draft"):          "302 404 404 404 404 404 404 404 404 404",
    ("candidatures:receipt", "submitted"):      "302 200 404 404 404 404 404 404 404 404",
    ("candidatures:receipt", "reading"):        "302 200 404 404 404 404 404 404 404 404",
    ("candidatures:receipt", "published"):      "302 200 404 404 404 404 404 404 404 404",
    ("candidatures:withdraw", "draft"):         "302 302 404 404 404 404 404 404 404 404",
    ("candidatures:withdraw", "submitted"):     "302 200 404 404 404 404 404 404 404 404",
    ("candidatures:withdraw", "reading"):       "302 200 404 404 404 404 404 404 404 404",
    # Neither yes nor no while the jury decides: a refusal would tell.
    ("candidatures:withdraw", "deliberating"):  "302 302 404 404 404 404 404 404 404 404",
    ("candidatures:withdraw", "decided"):       "302 302 404 404 404 404 404 404 404 404",
    ("candidatures:withdraw", "published"):     "302 302 404 404 404 404 404 404 404 404",
    # A file opens to the team once deposited, to its jurors while they read.
    ("attachment", "draft"):                    "302 200 404 404 404 404 404 404 404 404",
    ("attachment", "submitted"):                "302 200 404 404 404 404 404 200 404 200",
    ("attachment", "eligible"):                 "302 200 404 404 404 404 404 200 404 200",
    ("attachment", "reading"):                  "302 200 404 200 404 404 404 200 404 200",
    ("attachment", "ineligible"):               "302 200 404 404 404 404 404 200 404 200",
    ("attachment", "withdrawn"):                "302 200 404 404 404 404 404 200 404 200",
    ("attachment", "decided"):                  "302 200 404 200 404 404 404 200 404 200",
}
ADMIN = {
    # Django sends who may read candidatures, and not this one, back to the first page: 302.
    ("candidature_change", "draft"):            "302 403 403 403 403 403 403 200 302 200",
    ("candidature_change", "submitted"):        "302 403 403 403 403 403 403 200 302 200",
    ("candidature_change", "reading"):          "302 403 403 403 403 403 403 200 302 200",
    ("candidature_change", "withdrawn"):        "302 403 403 403 403 403 403 200 302 200",
    ("candidature_history", "reading"):         "302 403 403 302 302 302 302 200 302 200",
    ("candidature_delete", "draft"):            "302 403 403 403 403 403 403 403 403 403",
    ("candidature_transition", "draft"):        "302 403 403 404 404 404 404 200 404 200",
    ("candidature_transition", "submitted"):    "302 403 403 404 404 404 404 200 404 200",
    ("candidature_transition", "reading"):      "302 403 403 404 404 404 404 200 404 200",
    ("candidature_transition", "published"):    "302 403 403 404 404 404 404 200 404 200",
    ("readings", ""):                           "302 403 403 200 200 200 403 403 200 200",
    ("reading", "eligible"):                    "302 403 403 404 404 404 403 403 404 404",
    ("reading", "reading"):                     "302 403 403 200 404 404 403 403 404 404",
    ("reading", "withdrawn"):                   "302 403 403 404 404 404 403 403 404 404",
    ("reading", "ineligible"):                  "302 403 403 404 404 404 403 403 404 404",
    ("reading", "deliberating"):                "302 403 403 200 404 404 403 403 404 404",
    ("reading", "decided"):                     "302 403 403 200 404 404 403 403 404 404",
    ("reading", "published"):                   "302 403 403 200 404 404 403 403 404 404",
    ("reading_conflict", "reading"):            "302 403 403 200 404 404 403 403 404 404",
    ("reading_conflict", "eligible"):           "302 403 403 404 404 404 403 403 404 404",
    ("edition_jury", "submitted"):              "302 403 403 403 403 403 403 200 200 200",
    ("edition_jury", "reading"):                "302 403 403 403 403 403 403 200 200 200",
    ("edition_jury", "deliberating"):           "302 403 403 403 403 403 403 200 200 200",
    ("decide", "reading"):                      "302 403 403 403 403 403 403 404 404 404",
    ("decide", "deliberating"):                 "302 403 403 403 403 403 403 200 404 200",
    ("decide", "decided"):                      "302 403 403 403 403 403 403 200 404 200",
    ("decide", "published"):                    "302 403 403 403 403 403 403 200 404 200",
    ("announce", "deliberating"):               "302 403 403 405 405 405 405 405 405 405",
    ("laureate_change", "decided"):             "302 403 403 403 403 403 403 200 302 200",
    ("laureate_change", "published"):           "302 403 403 403 403 403 403 200 302 200",
    ("conflictofinterest_changelist", ""):      "302 403 403 403 403 403 403 200 200 200",
    ("candidature_changelist", ""):             "302 403 403 403 403 403 403 200 200 200",
}
# fmt: on
