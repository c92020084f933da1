from trophies.models.attachment import Attachment
from trophies.models.award import AwardFollowUp, Decision, Laureate
from trophies.models.candidature import Candidature, Deposit, StatusChange
from trophies.models.edition import Edition, EditionFigure, Prize, Regulation
from trophies.models.jury import (
    Assignment,
    ConflictOfInterest,
    Criterion,
    Evaluation,
    JuryMember,
    Score,
)

__all__ = [
    "Assignment",
    "Attachment",
    "AwardFollowUp",
    "Candidature",
    "ConflictOfInterest",
    "Criterion",
    "Decision",
    "Deposit",
    "Edition",
    "EditionFigure",
    "Evaluation",
    "JuryMember",
    "Laureate",
    "Prize",
    "Regulation",
    "Score",
    "StatusChange",
]
