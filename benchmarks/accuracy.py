"""The figures of `make eval` for the page that explains the method, put into `templates/accuracy.toml`."""

from __future__ import annotations

import re
from pathlib import Path

ACCURACY = Path(__file__).parents[1] / "templates" / "accuracy.toml"
Bands = list[tuple[str, int, float, float]]  # (confidence from–to, claims, mean confidence, share right)

_TOLD = """\
[[measured]]
what = "A quotation found whole, with the right speaker"
figure = "{quoted[f1]:.0f} % (F1)"
compared = "{quoted[p]:.0f} of 100 found are right, {quoted[r]:.0f} of 100 there are found"
measured_on = "{quotations:,} quotations in annotated news articles (PolNeAR, development set)"

[[measured]]
what = "The speaker named for a quotation is the right one"
figure = "{speaker:.0f} %"
measured_on = "the same"

[[measured]]
what = "A paraphrase found, with the right speaker"
figure = "{indirect[f1]:.0f} % (F1)"
compared = "{indirect[p]:.0f} of 100 found are right, {indirect[r]:.0f} of 100 there are found"
measured_on = "{paraphrases:,} paraphrases in the same articles"

[[measured]]
what = "Attributions called sure, likely, tentative that are right"
figure = "{sure:.0f} %, {likely:.0f} %, {tentative:.0f} %"
measured_on = "{statements:,} statements in the same articles"
"""


def write_accuracy(rows: dict, bands: Bands) -> None:
    """Put the figures of extraction in place of the first entries; what others measured stays."""
    told = _TOLD.format(
        quoted=rows["quoted"]["end_to_end"],
        indirect=rows["indirect"]["end_to_end"],
        quotations=rows["quoted"]["gold"],
        paraphrases=rows["indirect"]["gold"],
        speaker=rows["quoted"]["speaker"]["precision"],
        sure=_right(bands, 0.9, 1),
        likely=_right(bands, 0.7, 0.9),
        tentative=_right(bands, 0, 0.7),
        statements=sum(n for _, n, _, _ in bands),
    )
    head, *entries = re.split(r"(?m)^(?=\[\[measured\]\])", ACCURACY.read_text("utf-8"))
    others = entries[told.count("[[measured]]") :]
    ACCURACY.write_text("".join([head, told, *("\n" * bool(others), *others)]), "utf-8")


def _right(bands: Bands, least: float, below: float) -> float:
    """The percentage right of the claims whose confidence is at least `least` and below `below`."""
    inside = [(n, right) for band, n, _, right in bands if least <= float(band.split("–")[0]) < below]
    return 100 * sum(n * right for n, right in inside) / max(sum(n for n, _ in inside), 1)
