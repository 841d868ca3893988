"""Draw a share card: a PNG of 1200 × 630 with one statement, after the look of the pages.

Words inside quotation marks are in serif type, all other words in sans; the frame says the kind too. Letters
come from the site's own two fonts, Chinese ones from what the machine has (`_OTHERS`, as Pillow finds them in
its fonts). A text with a letter that none of them has, or that runs from right to left, is not drawn.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from io import BytesIO
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from openrace.scripts import HAN, has_han
from openrace.site.share_cards import CARD_SIZE, INK, Card, Run, Style

WIDTH, HEIGHT = CARD_SIZE
LEFT, RIGHT, RULE = 60, 1140, 524
BODY_TOP, BODY_ROOM = 204, RULE - 204 - 14  # pixels
SIZES = (68, 60, 54, 48, 42, 38, 34, 30, 27)  # of the statement: the largest at which it has room
LEADING = 1.28
COLOURS = 32  # of the file: paper, four inks and their edges; a card takes some 20 to 50 KB
PAPER, SOFT, RULE_COLOUR = "#fffefb", "#5a564d", "#d9d4c8"
BOLD = 650
# Faces for what the site's fonts have not, best first; a collection is searched for the wanted variety.
_OTHERS = (
    "NotoSansCJK-Regular.ttc", "SourceHanSans-Regular.ttc", "NotoSansSC-Regular.otf", "PingFang.ttc",
    "msyh.ttc", "simsun.ttc", "wqy-microhei.ttc", "DroidSansFallbackFull.ttf", "DejaVuSans.ttf",
    "LiberationSans-Regular.ttf", "Arial Unicode.ttf",
)  # fmt: skip
_OPENING, _CLOSING = "“‘「『（《【", "”’」』）》】，。、；：！？…,.;:!?"
_TOKEN = re.compile(rf"[{_OPENING}]*(?:[{HAN}]|[^\s{HAN}{_OPENING}]+|[{_OPENING}]+)[{_CLOSING}]*\s*|\s+")
Font = ImageFont.FreeTypeFont


class Faces:
    """The fonts of a card: the site's `serif` and `sans`, and what the machine has for other letters."""

    def __init__(self, serif: Path, sans: Path) -> None:
        self._own = {True: serif, False: sans}
        self._other_files = [name for name in _OTHERS if _opens(name)]
        self.font = lru_cache(maxsize=256)(self._font)
        self.of = lru_cache(maxsize=1 << 14)(self._of)

    def covers(self, text: str) -> bool:
        """Return whether every letter of `text` can be drawn."""
        return all(
            char.isspace()
            or (unicodedata.bidirectional(char) not in ("R", "AL", "AN") and self.of(char, False, "zh"))
            for char in set(text)
        )

    def _of(self, char: str, serif: bool, language: str) -> tuple[str, int] | None:
        """Return file and number in it of the face for `char`; None where no face has it.

        In Chinese text, marks are those of the Chinese face: Latin quotation marks are too narrow there.
        """
        chinese = language.startswith("zh") and not (char.isascii() or char.isalnum())
        own, others = (str(self._own[serif]), 0), [_variety(name, language) for name in self._other_files]
        faces = [*others, own] if chinese else [own, *others]
        return next(
            (face for face in faces if char.isspace() or _has(self.font(*face, 32, False), char)), None
        )

    def _font(self, file: str, number: int, size: int, bold: bool) -> Font:
        font = ImageFont.truetype(file, size, index=number)
        if file in map(str, self._own.values()):
            font.set_variation_by_axes([BOLD if bold else 400])
        return font

    def segments(self, runs: Sequence[Run], size: int, language: str) -> Iterator[tuple[str, Font, Style]]:
        """Yield `runs` in stretches of one font and style."""
        for text, style in runs:
            faces = [(self.of(char, style.serif, language), char) for char in text]
            for face, pairs in groupby(faces, itemgetter(0)):
                chars = (char for _, char in pairs)
                yield (
                    "".join(chars),
                    self.font(*(face or (str(self._own[False]), 0)), size, style.bold),
                    style,
                )

    def width(self, runs: Sequence[Run], size: int, language: str) -> float:
        """Return how many pixels `runs` take on one line."""
        return sum(font.getlength(text) for text, font, _ in self.segments(runs, size, language))


def _opens(name: str) -> bool:
    try:
        ImageFont.truetype(name, 32)
    except OSError:
        return False
    return True


@lru_cache(maxsize=64)
def _variety(name: str, language: str) -> tuple[str, int]:
    """Return the face of a collection that is made for `language` (``zh``, ``zh-Hant``), else its first."""
    wanted = "TC" if language == "zh-Hant" else "SC"
    if name.endswith(".ttc"):
        for number in range(12):
            try:
                family = ImageFont.truetype(name, 32, index=number).getname()[0] or ""
            except OSError:
                break
            if family.endswith(f" {wanted}"):
                return name, number
    return name, 0


def _has(font: Font, char: str) -> bool:
    """Return whether a font has a letter: what it lacks is drawn as it draws a code point that nobody has."""
    drawn, nothing = font.getmask(char), font.getmask("\U000effff")
    return drawn.size != nothing.size or bytes(drawn) != bytes(nothing)


def draw_card(card: Card, faces: Faces) -> bytes:
    """Return `card` as a PNG."""
    image = Image.new("RGB", CARD_SIZE, PAPER)
    draw = ImageDraw.Draw(image)
    _frame(draw, card)
    _mark(draw, card)
    language = card.language or ""

    def write(at: tuple[float, float], size: int, *runs: Run, lang: str = "") -> None:
        _write(draw, at, size, _fit(runs, size, faces, lang), faces, lang)

    write((106, 75), 32, Run(card.heading, Style(card.colour, bold=True)))
    write((106, 113), 26, Run(card.meaning, Style(SOFT)))
    who = (language or "zh") if has_han(card.who) else ""
    write((LEFT, 176), 34, Run(card.who, Style(INK, bold=True)), Run(card.role, Style(INK)), lang=who)
    size, lines = _layout(card.runs, faces, language)
    for number, line in enumerate(lines):
        at = (LEFT, BODY_TOP + size + number * size * LEADING)
        _write(draw, at, size, line, faces, language)
    draw.line([(LEFT, RULE), (RIGHT, RULE)], fill=RULE_COLOUR, width=2)
    write((LEFT, 562), 26, Run(card.where, Style(INK)))
    write((LEFT, 598), 24, Run(card.note, Style(SOFT)))
    brand = [Run(card.brand, Style(INK, serif=True, bold=True))]
    _write(draw, (RIGHT - faces.width(brand, 34, ""), 598), 34, brand, faces, "")
    file = BytesIO()
    # the harder compression saves a twentieth of the bytes and takes six times as long
    image.quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(file, "PNG")
    return file.getvalue()


def _frame(draw: ImageDraw.ImageDraw, card: Card) -> None:
    """Draw the bar of what was said so, in these words, or the dashes of everything else."""
    if not card.dash:
        draw.rectangle((0, 0, 13, HEIGHT), fill=card.colour)
        return
    for x in range(0, WIDTH, card.dash + 14):
        for y in (0, HEIGHT - 10):
            draw.rectangle((x, y, x + card.dash, y + 9), fill=card.colour)
    for y in range(0, HEIGHT, card.dash + 14):
        for x in (0, WIDTH - 10):
            draw.rectangle((x, y, x + 9, y + card.dash), fill=card.colour)


def _mark(draw: ImageDraw.ImageDraw, card: Card) -> None:
    """Draw the square before the heading: filled, half filled or empty."""
    draw.rectangle((60, 48, 89, 77), outline=card.colour, width=3)
    if card.filled:
        draw.rectangle((60, 48, 60 + round(29 * card.filled), 77), fill=card.colour)


def _write(
    draw: ImageDraw.ImageDraw,
    at: tuple[float, float],
    size: int,
    runs: Sequence[Run],
    faces: Faces,
    language: str,
) -> None:
    """Write `runs` on the line whose base is at `at`."""
    x, y = at
    for text, font, style in faces.segments(runs, size, language):
        draw.text((x, y), text, font=font, fill=style.colour, anchor="ls")
        length = font.getlength(text)
        if style.underlined:
            bare = font.getlength(text.rstrip())
            draw.rectangle(
                (x, y + size * 0.12, x + bare, y + size * 0.12 + max(2, size // 18)), fill=style.colour
            )
        x += length


def _fit(runs: Sequence[Run], size: int, faces: Faces, language: str) -> list[Run]:
    """Return `runs` cut with an ellipsis where they are longer than the line."""
    kept = [run for run in runs if run.text]
    room = RIGHT - LEFT - (240 if size < 30 else 50)  # beside the site's name, and behind the mark
    while kept and faces.width(kept, size, language) > room:
        last = kept.pop()
        head = last.text.removesuffix("…")[:-1].rstrip()
        kept += [last._replace(text=f"{head}…")] * bool(head)
    return kept


def _layout(runs: Sequence[Run], faces: Faces, language: str) -> tuple[int, list[list[Run]]]:
    """Return the largest size at which the statement has room, and its lines; the last one cut if need be."""
    letters = [run._replace(text="".join(run.text.split())) for run in runs]
    for size in SIZES:
        most = int(BODY_ROOM / (size * LEADING))
        if size > SIZES[-1] and faces.width(letters, size, language) > most * (RIGHT - LEFT):
            continue  # the letters alone are longer than all lines: no need to look for the words' places
        lines = list(_lines(runs, size, faces, language))
        if len(lines) <= most:
            break
    return size, lines[:most]


def _lines(runs: Sequence[Run], size: int, faces: Faces, language: str) -> Iterator[list[Run]]:
    """Yield the statement in lines: cut between words, and in Chinese between letters."""
    line, used = list[Run](), 0.0
    for token in _tokens(runs, size, faces, language):
        width = faces.width([(Run(run.text.rstrip(), run.style)) for run in token], size, language)
        if line and used + width > RIGHT - LEFT:
            yield line
            line, used = [], 0.0
        line += token
        used += faces.width(token, size, language)
    if line:
        yield line


def _tokens(runs: Sequence[Run], size: int, faces: Faces, language: str) -> Iterator[list[Run]]:
    """Yield what stays on one line, in runs of one style; a word wider than a line letter by letter."""
    text = "".join(run.text for run in runs)
    styles = [run.style for run in runs for _ in run.text]
    for found in _TOKEN.finditer(text):
        token = list(_styled(found[0], styles[found.start() : found.end()]))
        if faces.width(token, size, language) <= RIGHT - LEFT:
            yield token
        else:
            yield from ([Run(char, run.style)] for run in token for char in run.text)


def _styled(text: str, styles: Sequence[Style]) -> Iterator[Run]:
    for style, chars in groupby(zip(text, styles, strict=True), lambda pair: pair[1]):
        yield Run("".join(char for char, _ in chars), style)
