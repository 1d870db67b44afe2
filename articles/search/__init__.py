"""Search: what a reader typed is understood (query), looked up (engines), ranked (finding), shown (passages).

Words are cut, folded and brought to their stems here and not in the database, so that both databases find the
same stories. See docs/adr/0012.
"""

from articles.search.finding import Found, defined_term, find, meant
from articles.search.indexing import index, reindex

__all__ = ["Found", "defined_term", "find", "index", "meant", "reindex"]
