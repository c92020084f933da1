"""Who may open what of a candidature, of its readings and of its decision.

Each state is a candidature of its own, in an edition at that moment; every person below stands to
all of them as their column says. A line holds for all the states that it names.
"""

ROLES = [
    "anonymous", "owner", "other holder", "juror", "president", "juror not assigned",
    "juror who left", "juror undeclared", "juror in conflict", "juror of another edition",
    "editor", "team", "team in conflict", "superuser", "superuser in conflict", "disabled",
]  # fmt: skip
# Before the deposit, before and after screening, while the jury reads, decides, and after.
STATES = [
    "draft", "submitted", "eligible", "reading", "ineligible", "withdrawn", "deliberating",
    "decided", "published",
]  # fmt: skip


def cases(table):
    """((address, state), the status for each role) of every line."""
    for name, lines in table.items():
        for states, codes in lines.items():
            for state in states.split() or [""]:
                yield (name, state), [int(code) for code in codes.split()]


# fmt: off
#            anon own oth jur pre una lef und con els edi tea tco sup sco dis
OWN = {
    "candidatures:detail": {
        "draft submitted eligible reading ineligible withdrawn deliberating decided published":
            "302 200 404 404 404 404 404 404 404 404 404 404 404 404 404 302",
    },
    "candidatures:edit": {
        "draft submitted eligible reading ineligible withdrawn deliberating decided published":
            "302 302 404 404 404 404 404 404 404 404 404 404 404 404 404 302",
    },
    "candidatures:step": {
        "draft submitted":
            "302 200 404 404 404 404 404 404 404 404 404 404 404 404 404 302",
        "eligible reading ineligible withdrawn deliberating decided published":
            "302 302 404 404 404 404 404 404 404 404 404 404 404 404 404 302",
    },
    "candidatures:choose": {
        "draft submitted eligible reading ineligible withdrawn deliberating decided published":
            "302 302 404 404 404 404 404 404 404 404 404 404 404 404 404 302",
    },
    "candidatures:holders": {
        "draft submitted eligible reading ineligible withdrawn deliberating decided published":
            "302 200 404 404 404 404 404 404 404 404 404 404 404 404 404 302",
    },
    "candidatures:leave": {
        "draft submitted eligible reading ineligible withdrawn deliberating decided published":
            "302 200 404 404 404 404 404 404 404 404 404 404 404 404 404 302",
    },
    "candidatures:cancel-invitation": {
        "draft submitted eligible reading ineligible withdrawn deliberating decided published":
            "302 405 405 405 405 405 405 405 405 405 405 405 405 405 405 302",
    },
    "candidatures:pieces": {
        "draft submitted eligible reading ineligible withdrawn deliberating decided published":
            "302 200 404 404 404 404 404 404 404 404 404 404 404 404 404 302",
    },
    "candidatures:announce-piece": {
        "draft submitted eligible reading ineligible withdrawn deliberating decided published":
            "302 405 405 405 405 405 405 405 405 405 405 405 405 405 405 302",
    },
    "candidatures:remove-piece": {
        "draft submitted eligible reading ineligible withdrawn deliberating decided published":
            "302 302 404 404 404 404 404 404 404 404 404 404 404 404 404 302",
    },
    "candidatures:deposit": {
        "draft submitted":
            "302 200 404 404 404 404 404 404 404 404 404 404 404 404 404 302",
        "eligible reading ineligible withdrawn deliberating decided published":
            "302 302 404 404 404 404 404 404 404 404 404 404 404 404 404 302",
    },
    "candidatures:answer": {
        "draft submitted eligible reading ineligible withdrawn deliberating decided published":
            "302 200 404 404 404 404 404 404 404 404 404 404 404 404 404 302",
    },
    "candidatures:receipt": {
        "draft":
            "302 404 404 404 404 404 404 404 404 404 404 404 404 404 404 302",
        "submitted eligible reading ineligible withdrawn deliberating decided published":
            "302 200 404 404 404 404 404 404 404 404 404 404 404 404 404 302",
    },
    "candidatures:receipt-pdf": {
        "draft":
            "302 404 404 404 404 404 404 404 404 404 404 404 404 404 404 302",
        "submitted eligible reading ineligible withdrawn deliberating decided published":
            "302 200 404 404 404 404 404 404 404 404 404 404 404 404 404 302",
    },
    "candidatures:archive": {
        "draft submitted eligible reading ineligible withdrawn deliberating decided published":
            "302 200 404 404 404 404 404 404 404 404 404 404 404 404 404 302",
    },
    "candidatures:withdraw": {
        "draft ineligible withdrawn deliberating decided published":
            "302 302 404 404 404 404 404 404 404 404 404 404 404 404 404 302",
        "submitted eligible reading":
            "302 200 404 404 404 404 404 404 404 404 404 404 404 404 404 302",
    },
    "candidatures:sheet": {
        "draft submitted eligible reading ineligible withdrawn deliberating decided":
            "302 404 404 404 404 404 404 404 404 404 404 404 404 404 404 302",
        "published":
            "302 200 404 404 404 404 404 404 404 404 404 404 404 404 404 302",
    },
    "candidatures:news": {
        "draft submitted eligible reading ineligible withdrawn deliberating decided published":
            "302 404 404 404 404 404 404 404 404 404 404 404 404 404 404 302",
    },
    "attachment": {
        "draft submitted eligible ineligible withdrawn":
            "302 200 404 404 404 404 404 404 404 404 404 200 404 200 404 302",
        "reading deliberating decided published":
            "302 200 404 200 200 404 404 404 404 404 404 200 404 200 404 302",
    },
}
ADMIN = {
    "candidature_changelist": {
        "":
            "302 403 403 403 403 403 403 403 403 403 403 200 200 200 200 302",
    },
    "candidature_change": {
        "draft submitted eligible reading ineligible withdrawn deliberating decided published":
            "302 403 403 403 403 403 403 403 403 403 403 200 302 200 302 302",
    },
    "candidature_history": {
        "draft submitted eligible reading ineligible withdrawn deliberating decided published":
            "302 403 403 302 302 302 302 302 302 302 302 200 302 200 302 302",
    },
    "candidature_delete": {
        "draft submitted eligible reading ineligible withdrawn deliberating decided published":
            "302 403 403 403 403 403 403 403 403 403 403 403 403 403 403 302",
    },
    "candidature_transition": {
        "draft submitted eligible reading ineligible withdrawn deliberating decided published":
            "302 403 403 404 404 404 404 404 404 404 404 200 404 200 404 302",
    },
    "candidature_extend": {
        "draft submitted eligible reading ineligible withdrawn deliberating decided published":
            "302 403 403 404 404 404 404 404 404 404 404 200 404 200 404 302",
    },
    "candidature_deposit_for": {
        "draft submitted eligible reading ineligible withdrawn deliberating decided published":
            "302 403 403 404 404 404 404 404 404 404 404 200 404 200 404 302",
    },
    "candidature_ask_piece": {
        "draft submitted eligible reading ineligible withdrawn deliberating decided published":
            "302 403 403 404 404 404 404 404 404 404 404 200 404 200 404 302",
    },
    "candidature_hand_over": {
        "draft submitted eligible reading ineligible withdrawn deliberating decided published":
            "302 403 403 404 404 404 404 404 404 404 404 200 404 200 404 302",
    },
    "candidature_tie": {
        "draft submitted eligible reading ineligible withdrawn deliberating decided published":
            "302 403 403 404 404 404 404 404 404 404 404 200 404 200 404 302",
    },
    "candidature_deposit": {
        "draft":
            "302 403 403 404 404 404 404 404 404 404 404 404 404 404 404 302",
        "submitted eligible reading ineligible withdrawn deliberating decided published":
            "302 403 403 404 404 404 404 404 404 404 404 200 404 200 404 302",
    },
    "readings": {
        "":
            "302 403 403 200 200 200 200 200 200 200 403 403 200 200 200 302",
    },
    "declaration": {
        "draft submitted eligible reading ineligible withdrawn":
            "302 403 403 200 200 200 404 200 200 404 403 403 200 404 200 302",
        "deliberating decided published":
            "302 403 403 404 404 404 404 404 404 404 403 403 404 404 404 302",
    },
    "booklet": {
        "draft submitted eligible":
            "302 403 403 404 404 404 404 404 404 404 403 403 404 404 404 302",
        "reading ineligible withdrawn deliberating decided published":
            "302 403 403 200 200 404 404 404 404 404 403 403 404 404 404 302",
    },
    "reading": {
        "draft submitted eligible ineligible withdrawn":
            "302 403 403 404 404 404 404 404 404 404 403 403 404 404 404 302",
        "reading deliberating decided published":
            "302 403 403 200 200 404 404 404 404 404 403 403 404 404 404 302",
    },
    "reading_conflict": {
        "draft submitted eligible ineligible withdrawn":
            "302 403 403 404 404 404 404 404 404 404 403 403 404 404 404 302",
        "reading deliberating decided published":
            "302 403 403 200 200 404 404 404 404 404 403 403 404 404 404 302",
    },
    "reading_others": {
        "draft submitted eligible reading ineligible withdrawn deliberating decided published":
            "302 403 403 404 404 404 404 404 404 404 403 403 404 404 404 302",
    },
    "edition_change": {
        "draft submitted eligible reading ineligible withdrawn deliberating decided published":
            "302 403 403 403 403 403 403 403 403 403 200 200 200 200 200 302",
    },
    "edition_history": {
        "draft submitted eligible reading ineligible withdrawn deliberating decided published":
            "302 403 403 403 403 403 403 403 403 403 200 200 200 200 200 302",
    },
    "edition_clone": {
        "draft submitted eligible reading ineligible withdrawn deliberating decided published":
            "302 403 403 403 403 403 403 403 403 403 403 200 200 200 200 302",
    },
    "edition_jury": {
        "draft submitted eligible reading ineligible withdrawn deliberating decided published":
            "302 403 403 403 403 403 403 403 403 403 403 200 200 200 200 302",
    },
    "invite_juror": {
        "draft submitted eligible reading ineligible withdrawn deliberating decided published":
            "302 403 403 403 403 403 403 403 403 403 403 200 200 200 200 302",
    },
    "juror": {
        "draft submitted eligible reading ineligible withdrawn deliberating decided published":
            "302 403 403 403 403 403 403 403 403 403 403 200 200 200 200 302",
    },
    "juror_leaves": {
        "draft submitted eligible reading ineligible withdrawn deliberating decided published":
            "302 403 403 403 403 403 403 403 403 403 403 200 200 200 200 302",
    },
    "remind_jurors": {
        "draft submitted eligible reading ineligible withdrawn deliberating decided published":
            "302 403 403 405 405 405 405 405 405 405 405 405 405 405 405 302",
    },
    "propose_grid": {
        "draft submitted eligible reading ineligible withdrawn deliberating decided published":
            "302 403 403 405 405 405 405 405 405 405 405 405 405 405 405 302",
    },
    "edition_plan": {
        "draft submitted eligible reading ineligible withdrawn deliberating decided published":
            "302 403 403 403 403 403 403 403 403 403 403 200 200 200 200 302",
    },
    "conflictofinterest_changelist": {
        "":
            "302 403 403 403 403 403 403 403 403 403 403 200 200 200 200 302",
    },
    "conflictofinterest_add": {
        "":
            "302 403 403 403 403 403 403 403 403 403 403 200 200 200 200 302",
    },
    "conflictofinterest_change": {
        "draft submitted eligible reading ineligible withdrawn deliberating decided published":
            "302 403 403 404 404 404 404 404 404 404 404 200 404 200 404 302",
    },
    "conflictofinterest_delete": {
        "draft submitted eligible reading ineligible withdrawn deliberating decided published":
            "302 403 403 403 403 403 403 403 403 403 403 403 403 403 403 302",
    },
    "conflict_rule": {
        "draft submitted eligible reading ineligible withdrawn deliberating decided published":
            "302 403 403 404 404 404 404 404 404 404 404 200 404 200 404 302",
    },
    "decide": {
        "draft submitted eligible reading ineligible withdrawn":
            "302 403 403 403 403 403 403 403 403 403 403 404 404 404 404 302",
        "deliberating decided published":
            "302 403 403 403 403 403 403 403 403 403 403 200 404 200 404 302",
    },
    "sessions": {
        "draft submitted eligible reading ineligible withdrawn deliberating decided published":
            "302 403 403 403 403 403 403 403 403 403 403 200 403 200 403 302",
    },
    "session": {
        "draft submitted eligible reading ineligible withdrawn deliberating decided published":
            "302 403 403 403 403 403 403 403 403 403 403 200 403 200 403 302",
    },
    "room": {
        "draft submitted eligible reading ineligible withdrawn deliberating decided published":
            "302 403 403 403 403 403 403 403 403 403 403 200 403 200 403 302",
    },
    "room_file": {
        "draft submitted eligible reading ineligible withdrawn decided published":
            "302 403 403 403 403 403 403 403 403 403 403 404 403 404 403 302",
        "deliberating":
            "302 403 403 403 403 403 403 403 403 403 403 200 403 200 403 302",
    },
    "minutes": {
        "draft submitted eligible reading ineligible withdrawn deliberating":
            "302 403 403 403 403 403 403 403 403 403 403 404 403 404 403 302",
        "decided published":
            "302 403 403 403 403 403 403 403 403 403 403 200 403 200 403 302",
    },
    "minutes_pdf": {
        "draft submitted eligible reading ineligible withdrawn deliberating decided":
            "302 403 403 403 403 403 403 403 403 403 403 404 403 404 403 302",
        "published":
            "302 403 403 403 403 403 403 403 403 403 403 200 403 200 403 302",
    },
    "minutes_verify": {
        "draft submitted eligible reading ineligible withdrawn deliberating decided":
            "302 403 403 403 403 403 403 403 403 403 403 404 403 404 403 302",
        "published":
            "302 403 403 403 403 403 403 403 403 403 403 200 403 200 403 302",
    },
    "minutes_erase": {
        "draft submitted eligible reading ineligible withdrawn deliberating decided published":
            "302 403 403 405 405 405 405 405 405 405 405 405 405 405 405 302",
    },
    "second_round": {
        "draft submitted eligible reading ineligible withdrawn deliberating decided published":
            "302 403 403 403 403 403 403 403 403 403 403 200 403 200 403 302",
    },
    "second_round_close": {
        "draft submitted eligible reading ineligible withdrawn deliberating decided published":
            "302 403 403 403 403 403 403 403 403 403 403 302 403 302 403 302",
    },
    "second_round_cancel": {
        "draft submitted eligible reading ineligible withdrawn deliberating decided published":
            "302 403 403 403 403 403 403 403 403 403 403 302 403 302 403 302",
    },
    "announce": {
        "draft submitted eligible reading ineligible withdrawn deliberating decided published":
            "302 403 403 405 405 405 405 405 405 405 405 405 405 405 405 302",
    },
    "letters": {
        "draft submitted eligible reading ineligible withdrawn deliberating decided published":
            "302 403 403 403 403 403 403 403 403 403 403 200 200 200 200 302",
    },
    "letter": {
        "draft submitted eligible reading ineligible withdrawn deliberating":
            "302 403 403 403 403 403 403 403 403 403 403 404 404 404 404 302",
        "decided published":
            "302 403 403 403 403 403 403 403 403 403 403 200 404 200 404 302",
    },
    "laureate_change": {
        "draft submitted eligible reading ineligible withdrawn deliberating":
            "302 403 403 403 403 403 403 403 403 403 403 302 302 302 302 302",
        "decided published":
            "302 403 403 403 403 403 403 403 403 403 403 200 302 200 302 302",
    },
    "edition_report": {
        "draft submitted eligible reading ineligible withdrawn deliberating decided":
            "302 403 403 403 403 403 403 403 403 403 403 200 404 200 404 302",
        "published":
            "302 403 403 403 403 403 403 403 403 403 403 200 200 200 200 302",
    },
    "edition_report_pdf": {
        "draft submitted eligible reading ineligible withdrawn deliberating decided":
            "302 403 403 403 403 403 403 403 403 403 403 200 404 200 404 302",
        "published":
            "302 403 403 403 403 403 403 403 403 403 403 200 200 200 200 302",
    },
    "edition_report_text": {
        "draft submitted eligible reading ineligible withdrawn deliberating decided":
            "302 403 403 403 403 403 403 403 403 403 403 200 404 200 404 302",
        "published":
            "302 403 403 403 403 403 403 403 403 403 403 200 200 200 200 302",
    },
    "edition_report_freeze": {
        "draft submitted eligible reading ineligible withdrawn deliberating decided":
            "302 403 403 403 403 403 403 403 403 403 403 200 404 200 404 302",
        "published":
            "302 403 403 403 403 403 403 403 403 403 403 200 200 200 200 302",
    },
    "edition_report_publish": {
        "draft submitted eligible reading ineligible withdrawn deliberating decided published":
            "302 403 403 405 405 405 405 405 405 405 405 405 405 405 405 302",
    },
    "edition_report_restore": {
        "draft submitted eligible reading ineligible withdrawn deliberating decided published":
            "302 403 403 405 405 405 405 405 405 405 405 405 405 405 405 302",
    },
    "edition_follow_up": {
        "draft submitted eligible reading ineligible withdrawn deliberating decided published":
            "302 403 403 403 403 403 403 403 403 403 403 200 200 200 200 302",
    },
    "edition_exports": {
        "draft submitted eligible reading ineligible withdrawn deliberating decided published":
            "302 403 403 403 403 403 403 403 403 403 403 200 200 200 200 302",
    },
    "edition_export_candidatures_csv": {
        "draft submitted eligible reading ineligible withdrawn deliberating decided published":
            "302 403 403 403 403 403 403 403 403 403 403 200 200 200 200 302",
    },
    "edition_export_candidatures_xlsx": {
        "draft submitted eligible reading ineligible withdrawn deliberating decided published":
            "302 403 403 403 403 403 403 403 403 403 403 200 200 200 200 302",
    },
    "edition_export_readings_csv": {
        "draft submitted eligible reading ineligible withdrawn":
            "302 403 403 403 403 403 403 403 403 403 403 404 404 404 404 302",
        "deliberating decided published":
            "302 403 403 403 403 403 403 403 403 403 403 200 200 200 200 302",
    },
    "edition_export_readings_xlsx": {
        "draft submitted eligible reading ineligible withdrawn":
            "302 403 403 403 403 403 403 403 403 403 403 404 404 404 404 302",
        "deliberating decided published":
            "302 403 403 403 403 403 403 403 403 403 403 200 200 200 200 302",
    },
    "edition_export_decisions_csv": {
        "draft submitted eligible reading ineligible withdrawn deliberating decided published":
            "302 403 403 403 403 403 403 403 403 403 403 200 200 200 200 302",
    },
    "edition_export_decisions_xlsx": {
        "draft submitted eligible reading ineligible withdrawn deliberating decided published":
            "302 403 403 403 403 403 403 403 403 403 403 200 200 200 200 302",
    },
    "edition_export_follow_up_csv": {
        "draft submitted eligible reading ineligible withdrawn deliberating decided published":
            "302 403 403 403 403 403 403 403 403 403 403 200 200 200 200 302",
    },
    "edition_export_follow_up_xlsx": {
        "draft submitted eligible reading ineligible withdrawn deliberating decided published":
            "302 403 403 403 403 403 403 403 403 403 403 200 200 200 200 302",
    },
    "edition_journal": {
        "draft submitted eligible reading ineligible withdrawn deliberating decided published":
            "302 403 403 403 403 403 403 403 403 403 403 200 200 200 200 302",
    },
}
# fmt: on
