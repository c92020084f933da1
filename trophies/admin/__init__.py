from trophies.admin import award, candidature, conflicts, edition, mails, reading

__all__ = ["award", "candidature", "conflicts", "edition", "mails", "reading"]
