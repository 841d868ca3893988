"""A statement as a sparse vector: hashed words, stems, pairs of words and runs of Han characters, by tf–idf.

Readable and without a dependency: words are what people restate an argument with. On 16 labelled ideas in two
languages, ten marks an idea, cross-validated by speaker, words with pairs, five-letter stems and Han runs
of one and two give precision@20 .635; with character four-grams and Han runs of three beside them .624.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from openrace.scripts import HAN, to_simplified

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]

BUCKETS = 1 << 20  # of 100,000 distinct features one in twenty shares its bucket
STEM = 5  # letters: "commoditise", "commodity" and "commodities" share one
_WORD = re.compile(r"[a-z]+(?:['’][a-z]+)?|\d+(?:[.,]\d+)*%?")
_HAN_RUN = re.compile(f"[{HAN}]+")


def features(text: str) -> Iterator[str]:
    """Yield the features of a statement, one for each time it stands there."""
    low = to_simplified(text).lower()
    words = _WORD.findall(low)
    yield from words
    yield from (f"{first} {second}" for first, second in pairwise(words))
    yield from (f"{word[:STEM]}…" for word in words if len(word) > STEM)
    for run in _HAN_RUN.findall(low):
        yield from run
        yield from map("".join, pairwise(run))


class Vectors(NamedTuple):
    """Sparse rows laid end to end: row i is `begins[i]` to `begins[i + 1]` of `buckets` and `values`."""

    begins: Ints
    buckets: Ints
    values: Floats

    def __len__(self) -> int:
        return len(self.begins) - 1

    def row(self, index: int) -> tuple[Ints, Floats]:
        """Return the buckets of one row and their values."""
        part = slice(self.begins[index], self.begins[index + 1])
        return self.buckets[part], self.values[part]


class Vectoriser:
    """Turns statements into vectors of length 1, rare features weighing more (tf–idf).

    `background`: statements that say how common a feature is.
    """

    def __init__(self, background: Sequence[str]) -> None:
        self.background = background
        held = np.zeros(BUCKETS, np.int32)
        for text in background:
            held[list({_bucket(feature) for feature in features(text)})] += 1
        self._idf = (np.log((len(background) + 1) / (held + 1)) + 1).astype(np.float32)

    def vectors(self, texts: Iterable[str]) -> Vectors:
        """Return the vectors of `texts`, a row each."""
        sizes, buckets, counts = [0], list[int](), list[int]()
        for text in texts:
            counted = Counter(map(_bucket, features(text)))
            sizes.append(len(counted))
            buckets.extend(counted)
            counts.extend(counted.values())
        begins, where = np.cumsum(sizes, dtype=np.int64), np.array(buckets, np.int64)
        values = (1 + np.log(np.array(counts, np.float32))) * self._idf[where]
        return Vectors(begins, where, _to_length_one(begins, values))


def _bucket(feature: str) -> int:
    return zlib.crc32(feature.encode()) % BUCKETS


def _to_length_one(begins: Ints, values: Floats) -> Floats:
    rows = np.repeat(np.arange(len(begins) - 1), np.diff(begins))
    lengths = np.sqrt(np.bincount(rows, values**2, len(begins) - 1))
    scaled: Floats = (values / lengths[rows]).astype(np.float32)
    return scaled


def likeness(vectors: Vectors, others: Vectors) -> Floats:
    """Return the cosine of each of `vectors` (rows) with each of `others` (columns)."""
    table = np.zeros((len(vectors), len(others)), np.float32)
    dense = np.zeros(BUCKETS, np.float32)
    for column in range(len(others)):
        buckets, values = others.row(column)
        dense[buckets] = values
        rows = np.repeat(np.arange(len(vectors)), np.diff(vectors.begins))
        table[:, column] = np.bincount(rows, vectors.values * dense[vectors.buckets], len(vectors))
        dense[buckets] = 0
    return table
