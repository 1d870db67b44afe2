"""The two full-text engines behind one function: FTS5 in SQLite, tsvector in PostgreSQL.

Nothing that was typed gets into an expression but stems, which are letters and digits (see `words.py`).
"""

from typing import NamedTuple

from django.db import connection

from articles.search.query import Part, Query

WEIGHTS = {"headline": 10.0, "summary": 5.0, "names": 4.0, "story": 1.0}
BRIEF = "headline summary names"  # the short columns: where a match counts most


class Hit(NamedTuple):
    """A place in the index (see `indexing.place_of`), and how well it matches; only to be compared."""

    place: int
    score: float


def newest_hits(query: Query, filed: list[str], *, limit: int, in_brief: bool = False) -> list[Hit]:
    """The newest entries that match and are filed under all of these, newest first. One query.

    `in_brief` looks at the short columns alone. Newest first costs no sorting: the index is in that order.
    """
    find = {"sqlite": _find_fts5, "postgresql": _find_tsvector}[connection.vendor]
    return [Hit(place, score) for place, score in find(query, filed, limit, in_brief)]


# SQLite


def _find_fts5(query: Query, filed: list[str], limit: int, in_brief: bool) -> list[tuple[int, float]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rowid, -bm25(articles_searchindex, %s, %s, %s, %s, 0.0) FROM articles_searchindex"
            " WHERE articles_searchindex MATCH %s ORDER BY rowid DESC LIMIT %s",
            [*WEIGHTS.values(), fts5_expression(query, filed, in_brief=in_brief), limit],
        )
        return cursor.fetchall()


def fts5_expression(query: Query, filed: list[str], *, in_brief: bool = False) -> str:
    """A query in FTS5's language."""
    wanted = "(" + " AND ".join(_fts5(part) for part in query.wanted) + ")"
    expression = f"{{{BRIEF}}} : {wanted}" if in_brief else wanted
    for word in filed:
        expression += f' AND filed : "{word}"'
    if query.unwanted:
        unwanted = " OR ".join(_fts5(part) for part in query.unwanted)
        expression = f"({expression}) NOT ({unwanted})"
    return expression


def _fts5(part: Part) -> str:
    *before, last = part.stems

    def phrase(ending: str) -> str:
        return " + ".join(f'"{stem}"' for stem in (*before, ending))

    if not part.begins:
        return phrase(last)
    begun = f"{phrase(part.begins)} *"
    return "(" + " OR ".join([begun, *(phrase(stem) for stem in {last, *part.endings})]) + ")"


# PostgreSQL


def _find_tsvector(query: Query, filed: list[str], limit: int, in_brief: bool) -> list[tuple[int, float]]:
    column = "brief" if in_brief else "words"
    highest = max(WEIGHTS.values())
    weights = [WEIGHTS[name] / highest for name in ("story", "names", "summary", "headline")]  # D, C, B, A
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT id, ts_rank(%s::float4[], {column}, to_tsquery('simple', %s), 1) FROM (
                SELECT id, {column} FROM articles_searchentry
                WHERE {column} @@ to_tsquery('simple', %s) ORDER BY id DESC LIMIT %s
            ) newest
            """,  # noqa: S608 - one of two names
            [weights, tsquery_expression(query, []), tsquery_expression(query, filed), limit],
        )
        return cursor.fetchall()


def tsquery_expression(query: Query, filed: list[str]) -> str:
    """A query in the language of PostgreSQL's to_tsquery."""
    expression = " & ".join([*(_tsquery(part) for part in query.wanted), *(f"'{word}'" for word in filed)])
    if query.unwanted:
        unwanted = " | ".join(_tsquery(part) for part in query.unwanted)
        expression += f" & !({unwanted})"
    return expression


def _tsquery(part: Part) -> str:
    *before, last = part.stems
    endings = [f"'{stem}'" for stem in {last, *part.endings}]
    if part.begins:
        endings.append(f"'{part.begins}':*")
    return "(" + " <-> ".join([*(f"'{stem}'" for stem in before), f"({' | '.join(endings)})"]) + ")"
