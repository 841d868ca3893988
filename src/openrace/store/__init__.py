"""The store: one SQLite file, entered anew by every step of the night.

`open_store` opens (and if need be makes or migrates) it; `transaction` is the one way to write. What is
kept is then read and written with the functions of `articles`, `claims`, `families` and `search`, which
take the connection first. Importing this package, and `search`, loads neither pydantic nor any room.
"""

from openrace.store.database import open_store, transaction

__all__ = ["open_store", "transaction"]
