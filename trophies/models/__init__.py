from trophies.models.award import Laureate
from trophies.models.edition import Edition, EditionFigure, Prize, Regulation

__all__ = ["Edition", "EditionFigure", "Laureate", "Prize", "Regulation"]
