"""The peer of families.py: near-duplicate quotes with datasketch's MinHash LSH, from stdin to stdout.

Word 3-shingles, 128 permutations, Jaccard 0.3 (the threshold that did best on labelled news quotes), each
distinct wording once, connected components. Runs in a virtual environment of its own: needs datasketch alone.
"""

from __future__ import annotations

import json
import re
import sys

from datasketch import MinHash, MinHashLSH

THRESHOLD, PERMUTATIONS = 0.3, 128


def shingles(text: str) -> list[bytes]:
    words = re.findall(r"\w+", text.casefold())
    return [" ".join(words[i : i + 3]).encode() for i in range(max(1, len(words) - 2))]


def main() -> None:
    index = MinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS)
    parents: list[int] = []
    known: dict[str, int] = {}
    rows: list[tuple[str, int]] = []

    def root(i: int) -> int:
        while parents[i] != i:
            parents[i] = parents[parents[i]]
            i = parents[i]
        return i

    for line in sys.stdin:
        quote = json.loads(line)
        text = " ".join(re.findall(r"\w+", quote["text"].casefold()))
        if text not in known:
            known[text] = place = len(parents)
            parents.append(place)
            hashes = MinHash(num_perm=PERMUTATIONS)
            hashes.update_batch(shingles(text))
            for other in index.query(hashes):
                parents[root(place)] = root(other)
            index.insert(place, hashes)
        rows.append((quote["quote_id"], known[text]))
    for quote_id, place in rows:
        print(json.dumps({"quote_id": quote_id, "cluster_id": str(root(place))}))


if __name__ == "__main__":
    main()
