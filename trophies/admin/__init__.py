from trophies.admin import award, candidature, edition, reading

__all__ = ["award", "candidature", "edition", "reading"]
