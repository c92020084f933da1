from trophies.models.aftermath import LaureateNews
from trophies.models.alert import CallAlert
from trophies.models.attachment import Attachment
from trophies.models.award import AwardFollowUp, Decision, Laureate
from trophies.models.candidature import Candidature, Deposit, StatusChange
from trophies.models.conflict import ConflictOfInterest
from trophies.models.edition import Edition, EditionFigure, Regulation
from trophies.models.eligibility import EligibilityRule
from trophies.models.evaluation import Evaluation, Score
from trophies.models.journey import (
    Announcement,
    Extension,
    HolderChange,
    Invitation,
    PieceRequest,
    SetAside,
)
from trophies.models.jury import Assignment, Criterion, JuryMember
from trophies.models.minutes import Minutes, MinutesSeat, MinutesText
from trophies.models.prize import Prize
from trophies.models.report import AnnualReport, ReportParagraph
from trophies.models.session import Ballot, BallotChoice, JurySession, Presence

__all__ = [
    "AnnualReport",
    "Announcement",
    "Assignment",
    "Attachment",
    "AwardFollowUp",
    "Ballot",
    "BallotChoice",
    "CallAlert",
    "Candidature",
    "ConflictOfInterest",
    "Criterion",
    "Decision",
    "Deposit",
    "Edition",
    "EditionFigure",
    "EligibilityRule",
    "Evaluation",
    "Extension",
    "HolderChange",
    "Invitation",
    "JuryMember",
    "JurySession",
    "Laureate",
    "LaureateNews",
    "Minutes",
    "MinutesSeat",
    "MinutesText",
    "PieceRequest",
    "Presence",
    "Prize",
    "Regulation",
    "ReportParagraph",
    "Score",
    "SetAside",
    "StatusChange",
]
