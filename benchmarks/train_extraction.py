"""Fit the weights of the two scored choices (source, content) on annotated articles → weights.tsv.

    python benchmarks/train_extraction.py ../shared/eval/polnear/train.jsonl.gz [--reports]

`--reports` fits only whether a cue reports anything (the weights of `report_features.py`), around the
weights of the contents as the file has them; the ones shipped were made so. Two runs on one code give the
same; a rule that later takes a cue or a candidate away changes the choices, their order and so each weight a
little: fitted again four rules later, end to end F1 on PolNeAR's dev articles was 89.2 quoted, 59.6 indirect,
71.6 all.

The features are those of `speakers.py` and `contents.py`: word classes, closed-class words, reporting verbs,
marks, case, position, length. Fitting is a conditional logit by AdaGrad (Duchi et al., 2011), pruned to a
file that can be read. No word of the articles goes into the file.
"""

from __future__ import annotations

import gzip
import json
import math
import random
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from openrace.extract.english import choice_model
from openrace.extract.english.content_candidates import contents, sequel
from openrace.extract.english.content_features import content_features
from openrace.extract.english.cues import find_cues
from openrace.extract.english.report_features import report_features
from openrace.extract.english.sentences import read
from openrace.extract.english.source_choice import choose_source
from openrace.extract.english.source_phrases import phrase_kind, phrases, source_features

WEIGHTS = Path(choice_model.__file__).with_name("weights.tsv")
AT_LEAST = 15  # choices in which a feature must occur
EPOCHS = 8
AVERAGED = 5  # last epochs whose mean the weights are: single epochs differ by half a point on dev
RATE = 0.3
SIZES = {"source": 350, "content": 1100, "reports": 600}  # weights: five times as many gain nothing held out
NONE: Mapping[str, float] = {}
Choice = tuple[list[list[str]], int]  # the features of each candidate, and which is right


def fit(choices: list[Choice], size: int, fixed: Mapping[str, float] = NONE) -> dict[str, float]:
    """At most `size` weights that make the right candidates likeliest, fitted together.

    With weights `fixed`, which stay as they are, only those of "none" are fitted. Features seen in fewer than
    `AT_LEAST` choices are left out. Then, in rounds, the features whose loss would cost least (saliency,
    weight² × curvature: LeCun et al., Optimal Brain Damage, 1990) go and the rest are fitted anew.
    """
    seen = Counter(f for rows, _ in choices for f in {f for row in rows for f in row})
    kept = {f for f, n in seen.items() if n >= AT_LEAST and (not fixed or f.startswith("none "))}
    while True:
        weights, curvature = descend(choices, kept, fixed)
        print(f"  {len(kept)} features", file=sys.stderr)
        if len(kept) <= size:
            return weights
        by_saliency = sorted(kept, key=lambda f: (-(weights[f] ** 2) * curvature[f], f))
        kept = set(by_saliency[: max(size, len(kept) * 6 // 10)])


def descend(
    choices: list[Choice], kept: set[str], fixed: Mapping[str, float] = NONE
) -> tuple[dict[str, float], dict[str, float]]:
    """AdaGrad over all `choices`, `EPOCHS` times: the weights of the features `kept`, and their curvature.

    The weights `fixed` of other features count, and stay.
    """
    data = [
        ([[f for f in row if f in kept] for row in rows], _offsets(rows, fixed), right)
        for rows, right in choices
    ]
    weights = dict.fromkeys(sorted(kept), 0.0)
    squares = dict.fromkeys(sorted(kept), 1e-2)
    curvature = dict.fromkeys(sorted(kept), 0.0)
    mean = dict.fromkeys(sorted(kept), 0.0)
    order = random.Random(0)
    for epoch in range(EPOCHS):
        order.shuffle(data)
        rate = RATE / (1 + epoch)
        for rows, offsets, right in data:
            chances = choice_model.probabilities(weights, rows, offsets)
            for k, row in enumerate(rows):
                error = chances[k] - (k == right)
                if abs(error) < 1e-3:
                    continue
                for f in row:
                    squares[f] += error * error
                    weights[f] -= rate * error / math.sqrt(squares[f])
                    curvature[f] += chances[k] * (1 - chances[k])
        if epoch >= EPOCHS - AVERAGED:
            for f, weight in weights.items():
                mean[f] += weight / AVERAGED
    return mean, curvature


def _offsets(rows: list[list[str]], fixed: Mapping[str, float]) -> list[float] | None:
    """The scores of `rows` by the weights `fixed`; None where there are none."""
    return [choice_model.score(fixed, row) for row in rows] if fixed else None


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
            for cue in find_cues(text, sentence):
                token = text.tokens[sentence.first[cue.head]]
                yield text, index, cue, by_cue.get(token.start)


def overlaps(text, first, last, spans):
    start, end = text.tokens[first].start, text.tokens[last].end
    return any(start < e and s < end for s, e in spans)


def source_choices(articles) -> list[Choice]:
    choices = []
    at, previous = (None, None), None
    for text, index, cue, gold in sentences_with_gold(articles):
        if gold is None:
            continue
        if at[0] is not text or at[1] != index:
            at, previous = (text, index), None
        sentence = text.sentences[index]
        candidates = list(source_features(text, sentence, cue, phrases(sentence), previous))
        source = gold["source"] or ()
        right = [
            k
            for k, (p, _) in enumerate(candidates)
            if p and overlaps(text, sentence.first[p.first], sentence.last[p.last], source)
        ]
        if right:
            best = min(right, key=lambda k: candidates[k][0].first)
            previous = candidates[best][0]
            choices.append(([f for _, f in candidates], best))
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
    at, previous = (None, None), None
    for text, index, cue, gold in sentences_with_gold(articles):
        if at[0] is not text or at[1] != index:
            at, previous = (text, index), None
        sentence = text.sentences[index]
        source, sure = choose_source(text, sentence, cue, phrases(sentence), previous, source_weights)
        previous = source if gold else previous
        found = contents(text, sentence, cue, source, sequel(text, index))
        right = _right_content(text, index, found, gold) if found else None
        if right is not None:
            kind = phrase_kind(sentence, source)
            features = [report_features(text, sentence, cue, source, sure)]
            features += [content_features(text, sentence, cue, kind, c) for c in found]
            choices.append((features, right))
    return choices


def _right_content(text, index, found, gold) -> int | None:
    """The candidate with the best Dice overlap in words; 0: there is nothing to find; None: all miss."""
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
        if dice > best + 1e-9 or (dice >= 0.5 and right is None):
            best, right = dice, k + 1
    return right


def write_models(models: dict[str, dict[str, float]]) -> None:
    """Put `models` into the file of weights in place of those of the same names."""
    lines = [
        f"{model}\t{feature}\t{weight:.2f}"
        for model, weights in {**choice_model.load_weights(), **models}.items()
        for feature, weight in sorted(weights.items())
    ]
    head = "# model, feature, weight: made by `make weights`; see choice_model.py"
    WEIGHTS.write_text("\n".join([head, *lines, ""]), encoding="utf-8")


def fit_reports(articles) -> dict[str, float]:
    """The model "content" of the file with the weights of "none" fitted anew, all others as they are."""
    shipped = choice_model.load_weights()
    contents = {f: w for f, w in shipped["content"].items() if not f.startswith("none ")}
    choices = content_choices(articles, shipped["source"])
    return contents | fit(choices, SIZES["reports"], contents)


def main() -> None:
    with gzip.open(sys.argv[1], "rt", encoding="utf-8") as lines:
        articles = [json.loads(line) for line in lines]
    if "--reports" in sys.argv:
        write_models({"content": fit_reports(articles)})
        return
    models = {"source": fit(source_choices(articles), SIZES["source"])}
    models["content"] = fit(content_choices(articles, models["source"]), SIZES["content"])
    write_models(models)


if __name__ == "__main__":
    main()
