"""Which queries reach the store: no update, and none that would make this server call another one.

pyoxigraph dials every SERVICE address that a query names, so the word is looked for before the store sees the text.
emkg.sparql reads only as much of the grammar as that takes; see there for what it passes over.
"""

from __future__ import annotations

from emkg.errors import BadQuery
from emkg.sparql import UPDATES, Outline, depth, outline, place

DEPTH = 100


def admit(text: str, deepest: int = DEPTH) -> Outline:
    """The outline of a query that may run; raises BadQuery, with line and column, for one that may not.

    >>> admit("ASK { ?service ?p 'SERVICE' }").form
    'ASK'
    >>> admit("ASK { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }")
    Traceback (most recent call last):
    ...
    emkg.errors.BadQuery: federated queries are not run here ...
    """
    # pyoxigraph's parser recurses, and a query of some thousand open brackets ends its process.
    if (sum(map(text.count, "{([")) > deepest or "\\" in text) and depth(text) > deepest:
        raise BadQuery(f"the query nests too deeply: more than {deepest} open brackets", repair="nest less")
    found = outline(text)
    if found.form in UPDATES:
        raise BadQuery(
            f"{found.form} is an update: this service reads only",
            *place(text, found.form),
            "use SELECT, ASK, CONSTRUCT or DESCRIBE",
        )
    if found.calls_service:
        raise BadQuery(
            "federated queries are not run here (SERVICE)",
            *place(text, "SERVICE"),
            "ask both endpoints and join on your side",
        )
    if not found.form:
        raise BadQuery("no query form was found", 0, 0, "begin with SELECT, ASK, CONSTRUCT or DESCRIBE")
    return found
