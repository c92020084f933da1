from trophies.admin import award, edition, reading

__all__ = ["award", "edition", "reading"]
