"""The language in which pages and mails speak to their readers: messages, counts, dates.

    language = interface_language("zh")
    language.gettext("Method")                                    方法
    language.counted(2310, "%(n)s report", "%(n)s reports")       2,310篇报道
    language.day("2025-05-19")                                    2025年5月19日

English messages are the keys of ``locale/<locale>/LC_MESSAGES/openrace.po``, which is read as it stands;
what it lacks stays English. The words of articles, their titles and names never come through here. Times
are UTC. The only module that knows Babel.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache, cached_property, lru_cache, reduce
from gettext import NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date
from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import Translations

from openrace.records import Kind
from openrace.resources import PACKAGE

LanguageCode = Literal["en", "zh"]
MONTH, YEAR = 730.5, 8766  # hours
_LOCALES: dict[LanguageCode, str] = {"en": "en", "zh": "zh_Hans"}
_NEW_YORK, _SHANGHAI = ZoneInfo("America/New_York"), ZoneInfo("Asia/Shanghai")


class InterfaceLanguage:
    """A language of the interface; `tag` names it in HTML. Get one from `interface_language`."""

    def __init__(
        self, code: LanguageCode, locale: Locale, translations: NullTranslations, of_browser: dict[str, str]
    ) -> None:
        self.code, self._locale, self._translations = code, locale, translations
        self.of_browser = of_browser  # messages of the search that runs in the browser
        self.tag = str(locale).replace("_", "-")
        self.pgettext = translations.pgettext

    def gettext(self, message: str, **values: object) -> str:
        """Return `message` in this language; ``%(name)s`` in it stands for a value."""
        found = self._translations.gettext(message)
        return found % values if values else found

    def ngettext(self, one: str, many: str, number: int) -> str:
        """Return the form of a message for so many things, nothing put into it yet."""
        return self._translations.ngettext(one, many, number)

    def counted(self, number: int, one: str, many: str, **values: object) -> str:
        """Return a message about `number` things, ``%(n)s`` in it: ``1 report``, ``2,310 reports``."""
        return self.ngettext(one, many, number) % {"n": self.number(number), **values}

    def number(self, number: int) -> str:
        """Return a number with its digits in groups."""
        return _in_groups(self._locale, number)

    def sentences(self, sentences: list[str]) -> str:
        """Return whole sentences one after the other."""
        both = self.gettext("%(first)s %(second)s")
        return reduce(lambda first, second: both % {"first": first, "second": second}, sentences)

    def name_of(self, language: str) -> str:
        """Return the name of a language by its ISO 639-1 code, which stays where the name is not known."""
        return {"en": self.gettext("English"), "zh": self.gettext("Chinese")}.get(language, language)

    def with_numbers(self, text: str) -> str:
        """Return a text whose message is the same whatever its numbers are, as those that are measured."""
        message, numbers = apart_from_numbers(text)
        return self._translations.gettext(message) % numbers

    def listed(self, names: list[str]) -> str:
        """Return `names` one after the other."""
        return self.gettext(", ").join(names)

    # -- days and instants, as `records.When` has them -----------------------------------------------------

    def _date(self, pattern: str, when: str) -> str:
        """Return the day of `when` by a pattern of CLDR."""
        return _by_pattern(self._locale, pattern, when[:10])

    def day(self, when: str | None) -> str:
        """``2025-05-19…`` → ``19 May 2025``."""
        return self._date(self.pgettext("CLDR", "d MMMM y"), when) if when else self.gettext("date unknown")

    def weekday(self, when: str) -> str:
        """``2026-11-21…`` → ``Saturday, 21 November 2026``."""
        return self._date(self.pgettext("CLDR", "EEEE, d MMMM y"), when)

    def name_of_weekday(self, when: str) -> str:
        """``2026-11-21…`` → ``Saturday``."""
        return self._date("EEEE", when)

    def short_day(self, when: str) -> str:
        """``2025-02-13…`` → ``13 Feb``."""
        return self._date(self.pgettext("CLDR", "d MMM"), when)

    def tick(self, at: datetime, *, time: bool, year: bool) -> str:
        """Return the label of a time axis at this point: ``13 Feb``, with its time or its year."""
        day = at.date().isoformat()
        label = self._date(self.pgettext("CLDR", "d MMM y"), day) if year else self.short_day(day)
        return f"{label} {at:%H:%M}" if time else label

    def month(self, when: str) -> str:
        """``2025-05…`` → ``May 2025``."""
        return self._date(self.pgettext("CLDR", "MMMM y"), f"{when[:7]}-01")

    def when(self, when: str | None) -> str:
        """A day as such, an instant with its time: ``19 May 2025, 10:00 UTC``."""
        return self._with_time(self.day(when), when)

    def clock(self, when: str | None) -> str:
        """The same, but short: ``10 Feb 2025, 21:31 UTC``."""
        if not when:
            return self.gettext("no date")
        return self._with_time(self._date(self.pgettext("CLDR", "d MMM y"), when), when)

    def _with_time(self, day: str, when: str | None) -> str:
        if not when or len(when) <= 10:
            return day
        return self.gettext("%(day)s, %(time)s UTC", day=day, time=when[11:16])

    def clocks(self, when: str | None) -> str:
        """Return an instant on two clocks: ``16:31 Washington, 05:31 Beijing``; nothing for a day."""
        if not when or len(when) <= 10:
            return ""
        at = datetime.fromisoformat(when).astimezone(UTC)
        washington, beijing = (f"{at.astimezone(zone):%H:%M}" for zone in (_NEW_YORK, _SHANGHAI))
        return self.gettext(
            "%(washington)s Washington, %(beijing)s Beijing", washington=washington, beijing=beijing
        )

    def week(self, week: str) -> str:
        """``2026-W47`` → ``16–22 November 2026``."""
        monday = date.fromisocalendar(int(week[:4]), int(week[6:]), 1)
        sunday = monday + timedelta(days=6)
        if monday.month == sunday.month:
            first, last = self.pgettext("CLDR, from", "d"), self.pgettext("CLDR, to", "d MMMM y")
            form = self.gettext("%(monday)s–%(sunday)s")
        else:
            first, last = (
                self.pgettext("CLDR, from", "d MMMM"),
                self.pgettext("CLDR, to the month", "d MMMM y"),
            )
            form = self.gettext("%(monday)s – %(sunday)s")
        if monday.year != sunday.year:
            first = last = self.pgettext("CLDR", "d MMMM y")
        ends = self._date(first, monday.isoformat()), self._date(last, sunday.isoformat())
        return form % dict(zip(("monday", "sunday"), ends, strict=True))

    # -- how late, how sure, how printed -------------------------------------------------------------------

    def lag(self, hours: float | None) -> str:
        """Return hours after the first report, as a reader says it: ``+3 h``, ``+2 days``, ``+9 months``."""
        if hours is None:
            return self.gettext("unknown")
        if hours < 1:
            return self.gettext("at once")
        if hours < 24:
            return self.counted(round(hours), "+%(n)s h", "+%(n)s h")
        if hours < 14 * 24 or round(hours / MONTH) == 0:
            return self.counted(round(hours / 24), "+%(n)s day", "+%(n)s days")
        if hours < YEAR:
            return self.counted(round(hours / MONTH), "+%(n)s month", "+%(n)s months")
        return self.counted(round(hours / YEAR), "+%(n)s year", "+%(n)s years")

    def confidence(self, confidence: float) -> str:
        """How sure an attribution is, in words; the steps are those of the method page."""
        if confidence >= 0.9:
            return self.gettext("sure")
        return self.gettext("likely") if confidence >= 0.7 else self.gettext("tentative")

    def statements_of(self, name: str) -> str:
        """Return the title of a feed of statements."""
        return self.gettext("%(name)s · statements", name=name)

    @property
    def others(self) -> str:
        """What stands over the statements of those who are on no side."""
        return self.gettext("Others, and speakers unknown")

    @cached_property
    def kinds(self) -> dict[Kind, str]:
        """How words are printed, by a claim's kind."""
        return {
            "direct": self.gettext("Verbatim"),
            "mixed": self.gettext("Partial"),
            "indirect": self.gettext("Paraphrase"),
        }

    @cached_property
    def meanings(self) -> dict[Kind, str]:
        """What each kind says of the words."""
        return {
            "direct": self.gettext("The words stand inside quotation marks"),
            "mixed": self.gettext("Some of the words stand inside quotation marks"),
            "indirect": self.gettext("The article tells it in its own words"),
        }


def apart_from_numbers(text: str) -> tuple[str, dict[str, str]]:
    """Return a text as a message with its numbers taken out, ``%(1)s`` for the first, and the numbers."""
    numbers: dict[str, str] = {}

    def take(found: re.Match[str]) -> str:
        numbers[str(len(numbers) + 1)] = found[0]
        return f"%({len(numbers)})s"

    return re.sub(r"\d+(?:[.,]\d+)*", take, text.replace("%", "%%")), numbers


def message(text: str) -> str:
    """Mark a message of a table, which is put into a language where it is shown."""
    return text


@cache
def interface_language(code: LanguageCode) -> InterfaceLanguage:
    """Return a language of the interface."""
    locale, path = Locale.parse(_LOCALES[code]), catalogue_of(code)
    if not path.is_file():
        return InterfaceLanguage(code, locale, NullTranslations(), {})
    with path.open("rb") as file:
        catalogue = read_po(file, locale=locale)
    return InterfaceLanguage(code, locale, _translations(catalogue), dict(_of_browser(catalogue)))


def catalogue_of(code: LanguageCode) -> Path:
    """Return where the messages of a language are; English has no such file."""
    return PACKAGE / "locale" / _LOCALES[code] / "LC_MESSAGES" / "openrace.po"


def _translations(catalogue: Catalog) -> NullTranslations:
    """Return the messages of a catalogue: compiled in memory, so that no compiled file can be out of date."""
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)


def _of_browser(catalogue: Catalog) -> Iterator[tuple[str, str]]:
    """Yield the messages of the browser's search with their translations; what is counted has one form."""
    for message in catalogue:
        if message.id and message.string and any(name.endswith("search.js") for name, _ in message.locations):
            one, *_ = [message.id] if isinstance(message.id, str) else message.id
            *_, form = [message.string] if isinstance(message.string, str) else message.string
            yield one, form


def _by_pattern(locale: Locale, pattern: str, day: str) -> str:
    return format_date(date.fromisoformat(day), pattern, locale=locale)


@lru_cache(maxsize=1 << 12)
def _in_groups(locale: Locale, number: int) -> str:
    return format_decimal(number, locale=locale)
