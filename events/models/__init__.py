from events.models.event import Event, EventOrganisation, Speaker
from events.models.material import EventDocument, EventPhoto, ImageAuthorisation
from events.models.registration import Registration

__all__ = [
    "Event",
    "EventDocument",
    "EventOrganisation",
    "EventPhoto",
    "ImageAuthorisation",
    "Registration",
    "Speaker",
]
