from events.admin import event, photos

__all__ = ["event", "photos"]
