"""A sheet's neighbours within the search that one came from: `?<query of the directory>&rang=N`."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from initiatives.directory import PAGE_SIZE, Directory

LAST_RANK = 1_000_000


@dataclass(frozen=True)
class Neighbour:
    title: str
    address: str


@dataclass(frozen=True)
class Neighbours:
    """Where one came from, and the sheets before and after; both None if the list has changed."""

    back: str
    count: int
    previous: Neighbour | None
    following: Neighbour | None


def neighbours_of(initiative, data):
    """What the query `data` says of the search one came from; None without a search."""
    rank = rank_in(data)
    directory = Directory(data) if rank else None
    if not directory or not directory.sorted_query:
        return None
    first = max(rank - 2, 0)
    rows = list(directory.ordered.values("pk", "slug", "title")[first : rank + 1])
    place = rank - 1 - first
    is_here = len(rows) > place and rows[place]["pk"] == initiative.pk
    before = rows[place - 1] if is_here and place else None
    after = rows[place + 1] if is_here and len(rows) > place + 1 else None
    return Neighbours(
        back=back_to(directory, rank if is_here else 1),
        count=directory.count,
        previous=before and neighbour(before, directory, rank - 1),
        following=after and neighbour(after, directory, rank + 1),
    )


def rank_in(data):
    """The rank that the address says, from 1; 0 for none or for nonsense."""
    text = data.get("rang", "")
    is_rank = text.isascii() and text.isdigit() and len(text) <= len(str(LAST_RANK))
    return int(text) if is_rank else 0


def neighbour(row, directory, rank):
    address = reverse("initiatives:detail", args=[row["slug"]])
    return Neighbour(row["title"], f"{address}?{directory.sorted_query}&rang={rank}")


def back_to(directory, rank):
    """The page of the list that shows the row of that rank."""
    page = (rank - 1) // PAGE_SIZE + 1
    query = directory.sorted_query + (f"&{urlencode({'page': page})}" if page > 1 else "")
    return f"{reverse('initiatives:list')}?{query}"
