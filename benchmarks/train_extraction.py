"""Fit the weights of the two scored choices (source, content) on annotated articles → weights.tsv.

    python benchmarks/train_extraction.py ../shared/eval/polnear/train.jsonl.gz

The features are those of `speakers.py` and `contents.py`: word classes, closed-class words, reporting verbs,
marks, case, position, length. Fitting is a conditional logit by AdaGrad (Duchi et al., 2011) with an L1 penalty
by cumulative truncation (Tsuruoka et al., 2009), so that most weights are zero and the rest can be read.
No word of the articles goes into the file.
"""

from __future__ import annotations

import gzip
import json
import math
import random
import sys
from collections import Counter
from pathlib import Path

from openrace.extract import attribution, scoring
from openrace.extract.contents import content_features, contents, sequel
from openrace.extract.sentences import read
from openrace.extract.speakers import phrase_kind, phrases, source_features

WEIGHTS = Path(scoring.__file__).with_name("weights.tsv")
Choice = tuple[list[list[str]], int]  # the features of each candidate, and which is right


def fit(choices: list[Choice], *, epochs=6, rate=0.3, l1=0.0, at_least=15, seed=0) -> dict[str, float]:
    """Weights that make the right candidates likeliest; features seen in fewer than `at_least` choices are left out."""
    seen = Counter(f for rows, _ in choices for f in {f for row in rows for f in row})
    frequent = {f for f, n in seen.items() if n >= at_least}
    data = [([[f for f in row if f in frequent] for row in rows], right) for rows, right in choices]
    weights = dict.fromkeys(frequent, 0.0)
    squares = dict.fromkeys(frequent, 1e-2)
    order = random.Random(seed)
    for epoch in range(epochs):
        order.shuffle(data)
        step = rate / (1 + epoch)
        loss = sum(_descend(weights, squares, rows, right, step, l1) for rows, right in data)
        print(f"  epoch {epoch}: loss {loss / len(data):.4f}", file=sys.stderr)
    return {f: w for f, w in weights.items() if abs(w) >= 0.02}


def _descend(weights, squares, rows, right, step, l1):
    chances = scoring.probabilities(weights, rows)
    for k, row in enumerate(rows):
        error = chances[k] - (k == right)
        if abs(error) < 1e-3:
            continue
        for f in row:
            squares[f] += error * error
            pace = step / math.sqrt(squares[f])
            moved = weights[f] - pace * error
            weights[f] = math.copysign(max(abs(moved) - pace * l1, 0.0), moved)
    return -math.log(max(chances[right], 1e-9))


def sentences_with_gold(articles):
    """(text, sentence index, cue at that sentence, the annotated attribution of that cue or None)."""
    for article in articles:
        text = read(article["text"])
        by_cue = {}
        for gold in article["attributions"]:
            for start, end in gold["cue"] or ():
                for at in range(start, end):
                    by_cue.setdefault(at, gold)
        for index, sentence in enumerate(text.sentences):
            for cue in attribution.cues(text, sentence):
                token = text.tokens[sentence.first[cue[0].head]]
                yield text, index, cue, by_cue.get(token.start)


def overlaps(text, first, last, spans):
    start, end = text.tokens[first].start, text.tokens[last].end
    return any(start < e and s < end for s, e in spans)


def source_choices(articles) -> list[Choice]:
    choices = []
    for text, index, (cue, lemma, frame), gold in sentences_with_gold(articles):
        if gold is None:
            continue
        sentence = text.sentences[index]
        candidates = list(source_features(sentence, cue, lemma, frame, phrases(sentence)))
        source = gold["source"] or ()
        right = [
            k for k, (p, _) in enumerate(candidates) if p and overlaps(text, sentence.first[p.first], sentence.last[p.last], source)
        ]  # fmt: skip
        if right:
            choices.append(([f for _, f in candidates], min(right, key=lambda k: candidates[k][0].first)))
        elif not source:
            choices.append(([f for _, f in candidates], 0))
    return choices


def words_of(text, ranges):
    return {i for a, b in ranges for i in range(a, b + 1) if text.tokens[i].low[0].isalnum()}


def gold_words(text, first, last, spans):
    return {
        i for i in range(first, last + 1) if text.tokens[i].low[0].isalnum() and overlaps(text, i, i, spans)
    }


def content_choices(articles, source_weights) -> list[Choice]:
    choices = []
    for text, index, (cue, lemma, frame), gold in sentences_with_gold(articles):
        sentence = text.sentences[index]
        rows = list(source_features(sentence, cue, lemma, frame, phrases(sentence)))
        chances = scoring.probabilities(source_weights, [f for _, f in rows])
        source = rows[scoring.best(chances)][0]
        found = contents(text, sentence, cue, source, sequel(text, index))
        right = _right_content(text, index, found, gold) if found else None
        if right is not None:
            kind = phrase_kind(sentence, source)
            features = [content_features(text, sentence, cue, lemma, frame, kind, c) for c in (None, *found)]
            choices.append((features, right))
    return choices


def _right_content(text, index, found, gold) -> int | None:
    """The candidate with the best Dice overlap in words, 0 where there is nothing to find, None where all miss."""
    if gold is None:
        return 0
    sentence = text.sentences[index]
    wanted = gold_words(text, sentence.first[0], sentence.last[-1], gold["content"])
    following = text.sentences[index + 1] if index + 1 < len(text.sentences) else None
    best, right = 0.5, None
    for k, content in enumerate(found):
        if content.runs:
            got = words_of(text, [(sentence.first[a], sentence.last[b]) for a, b in content.runs])
            aim = wanted
        elif wanted:
            continue
        else:
            got = words_of(text, [(following.first[0], following.last[-1])])
            aim = gold_words(text, following.first[0], following.last[-1], gold["content"])
        dice = 2 * len(got & aim) / (len(got) + len(aim)) if got or aim else 0
        if dice > best + 1e-9 or dice >= 0.5 and right is None:
            best, right = dice, k + 1
    return right


def main() -> None:
    with gzip.open(sys.argv[1], "rt", encoding="utf-8") as lines:
        articles = [json.loads(line) for line in lines]
    l1 = float(sys.argv[2]) if len(sys.argv) > 2 else 0.0
    models = {"source": fit(source_choices(articles), l1=l1)}
    models["content"] = fit(content_choices(articles, models["source"]), l1=l1)
    with WEIGHTS.open("w", encoding="utf-8") as out:
        out.write(
            "# model, feature, weight: made by `make weights`; see scoring.py and speakers.py, contents.py\n"
        )
        for model, weights in models.items():
            print(f"{model}: {len(weights)} weights", file=sys.stderr)
            for feature, weight in sorted(weights.items()):
                out.write(f"{model}\t{feature}\t{weight:.2f}\n")


if __name__ == "__main__":
    main()
