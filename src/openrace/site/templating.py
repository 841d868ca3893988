"""The only module that knows Jinja2: templates → HTML, with everything escaped and cleaned on its way out."""

from __future__ import annotations

import traceback
from collections import ChainMap
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from functools import lru_cache, partial
from hashlib import blake2b
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote

import jinja2
import jinja2.compiler
import jinja2.nodes
import jinja2.visitor
from markupsafe import Markup, escape
from pydantic_core import to_json

from openrace.errors import ConfigError
from openrace.resources import resource
from openrace.scripts import has_han
from openrace.site import charts, reader_text, structured_data
from openrace.site.family_line import FamilyLine
from openrace.site.fragments import ROOT, Fragments, RawJson
from openrace.site.interface_language import InterfaceLanguage, LanguageCode, catalogue_of, interface_language
from openrace.site.lookup_tables import Country, read_accuracy, read_countries
from openrace.site.page_addresses import file_of
from openrace.site.shown_wording import stretches

_RAW = f"{ROOT}-json"  # stands for JSON that is already written


class Templates:
    """The templates of a site: those bundled, with the user's own lying over them, in one language.

    `version` changes with any byte of them or of the code of this room: both decide what a page looks like.
    """

    def __init__(self, bundled: Path, overlay: Path | None = None, language: LanguageCode = "en") -> None:
        self.language = interface_language(language)
        self._folders, self._statics = _folders(bundled, overlay)
        self.countries = read_countries(self._folders, self.language.gettext)
        self.accuracy = read_accuracy(self._folders, self.language.with_numbers)
        self.version = _version_of(self._folders, [], language)
        self._environment = _environment(self._folders, self.countries, self.language)
        self._parts: dict[tuple[str, str, str, str], Markup] = {}
        self.fragments = Fragments()
        self._environment.globals |= {
            "part": self._part,
            "lines": self._lines,
            "speaker_address": lambda key: "",
        }

    def statics(self) -> dict[str, Path]:
        """Files to be copied as they are, by their path in the site; the user's own win."""
        found: dict[str, Path] = {}
        for folder in reversed(self._statics):
            for path in folder.rglob("*"):
                if path.is_file():
                    found[f"static/{path.relative_to(folder).as_posix()}"] = path
        return found

    def render(self, template: str, address: str, context: Mapping[str, Any]) -> bytes:
        """The page at `address`. Raises ConfigError with file and line for a template that cannot be used."""
        try:
            return reader_text.clean_bytes(self._environment.get_template(template).render(context))
        except jinja2.TemplateSyntaxError as error:
            place = f"{error.filename or template}:{error.lineno}"
            raise ConfigError(place, f"not a template: {error.message}", "mend the template") from error
        except (
            jinja2.TemplateError,
            TypeError,
            AttributeError,
            ValueError,
            LookupError,
            ArithmeticError,
        ) as error:
            place, page = _place_of(error, template), f"/{address}"
            problem = f"the page {page} cannot be made of it: {error}"
            raise ConfigError(place, problem, "mend the template") from error

    @jinja2.pass_context
    def _part(self, context: jinja2.runtime.Context, template: str, root: str, address: str) -> Markup:
        """A part that is the same on all pages of a depth and entry of the menu, rendered once."""
        site = context["site"]
        entry = address if address.count("/") < 2 else "elsewhere/"
        key = (template, root, entry, site["title"])
        if key not in self._parts:
            values = {"site": site, "root": root, "address": entry}
            self._parts[key] = Markup(self._environment.get_template(template).render(values))  # noqa: S704
        return self._parts[key]

    def link_speakers(self, address: Callable[[str], str]) -> None:
        """Link speakers to what `address` gives for their key, where that is not empty."""
        self._environment.globals["speaker_address"] = address

    def _lines(self, root: str, lines: Iterable[FamilyLine], form: str = "line") -> Markup:
        """Return lines of families, each as the macro `form` shows it, rendered once for all pages."""
        make = partial(self._line, form)
        bodies = [self.fragments.html(form, line, root, make) for line in lines]
        return Markup(b"\n".join(bodies).decode())  # noqa: S704 – rendered by a template

    def _line(self, form: str, line: FamilyLine) -> bytes:
        macros: Any = self._environment.get_template("macros.html").module
        return reader_text.clean_bytes(getattr(macros, form)(ROOT, line))


class _CompiledTemplates(jinja2.BytecodeCache):
    """Templates compiled by this process, whichever environment of a language asks for them."""

    _code: ClassVar[dict[tuple[str, str, str], bytes]] = {}

    def __init__(self, language: LanguageCode) -> None:
        self._language = language  # what is the same on all pages is worked out when a template is compiled

    def load_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        if code := self._code.get((self._language, bucket.key, bucket.checksum)):
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        self._code[self._language, bucket.key, bucket.checksum] = bucket.bytecode_to_string()


class _Environment(jinja2.Environment):
    """One whose templates share its globals: a page made anew flattens what else would be a chain of maps."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return ChainMap(d, self.globals) if d else self.globals


class _MessagesInPlace(jinja2.visitor.NodeTransformer):
    """Puts messages without values into a template as texts, in the place of the calls that look them up."""

    def __init__(self, say: Callable[..., Markup]) -> None:
        self._say = say

    def visit_Call(self, node: jinja2.nodes.Call) -> jinja2.nodes.Expr:  # noqa: N802 – Jinja2's name
        self.generic_visit(node)
        match node:
            case jinja2.nodes.Call(
                node=jinja2.nodes.Name(name="_" | "gettext"),
                args=[jinja2.nodes.Const(value=str(message))],
                kwargs=[],
            ):
                text = jinja2.nodes.Const(self._say(message), lineno=node.lineno)
                return jinja2.nodes.MarkSafe(text, lineno=node.lineno)
        return node


def _compiler(say: Callable[..., Markup]) -> type[jinja2.compiler.CodeGenerator]:
    """Return what compiles templates whose messages are those that `say` gives."""

    class Compiler(jinja2.compiler.CodeGenerator):
        def visit_Template(self, node: jinja2.nodes.Template, frame: Any = None) -> None:  # noqa: N802
            super().visit_Template(_MessagesInPlace(say).visit(node), frame)

    return Compiler


def _environment(
    folders: list[Path], countries: Mapping[str, Country], language: InterfaceLanguage
) -> jinja2.Environment:
    """Strict (a misspelt name is an error), escaping everything."""
    environment = _Environment(
        loader=jinja2.FileSystemLoader(folders),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=_CompiledTemplates(language.code),
        extensions=["jinja2.ext.i18n"],
    )
    environment.filters |= {
        "number": language.number,
        "day": language.day,
        "when": language.when,
        "weekday": language.weekday,
        "name_of_weekday": language.name_of_weekday,
        "short_day": language.short_day,
        "month": language.month,
        "week": language.week,
        "clock": language.clock,
        "clocks": language.clocks,
        "lag": language.lag,
        "confidence": language.confidence,
        "week_of": reader_text.week_of,
        "web": reader_text.web_link,
        "shorten": reader_text.shorten,
        "country": lambda code: countries[code].name if code in countries else code,
        "mark": lambda code: countries[code].mark if code in countries else "other",
        "component": reader_text.component,
        "json_ld": _json_ld,
        "href": _href,
        "lang": partial(_lang, site=language.code),
    }
    environment.install_gettext_callables(  # type: ignore[attr-defined]  # added by the extension
        language.gettext, language.ngettext, newstyle=True, pgettext=language.pgettext
    )
    say = _say(language)  # in place of the extension's own, which asks the context at each call
    environment.code_generator_class = _compiler(say)
    environment.globals |= {
        "_": say,
        "gettext": say,
        "counted": language.counted,
        "site_language": language.code,
        "between": language.sentences(["", ""]),  # what stands between two sentences
        "stretches": stretches,
        "kind_words": language.kinds,
        "kind_meaning": language.meanings,
        "timeline": charts.timeline,
        "bar_chart": charts.bars,
        "quotation": structured_data.quotation,
        "cite": structured_data.cite,
        "embed": structured_data.embed,
    }
    return environment


def _say(language: InterfaceLanguage) -> Callable[..., Markup]:
    """Return what gives a message of a template in `language`, its values escaped."""
    messages: dict[str, Markup] = {}

    def say(message: str, **values: object) -> Markup:
        found = messages.get(message)
        if found is None:
            found = messages[message] = Markup(language.gettext(message))  # noqa: S704 – ours, not an article's
        return found % values if "%" in found else found

    return say


@lru_cache(maxsize=1 << 14)
def _href(address: str, root: str = "") -> Markup:
    """Return the way to an address from a page from which `root` leads to the root of the site."""
    folder, anchor, name = address.partition("#")
    return escape(f"{root}{file_of(quote(folder))}{anchor}{name}")


def _lang(text: str, language: str | None = None, *, site: LanguageCode) -> Markup:
    """Return a ``lang`` attribute for a text in another language than that of the site, empty for none.

    What is not known to be in another one is Chinese where it has a Han character, else English.
    """
    if not language and has_han(text):
        language = "zh"
    if not language and site != "en" and any(map(str.isalpha, text)):
        language = "en"
    return _lang_attribute(language or "")


@lru_cache(maxsize=256)
def _lang_attribute(language: str) -> Markup:
    return Markup(' lang="{}"').format(language) if language else Markup()


def _json_ld(value: object) -> Markup:
    """`value` as JSON that can stand in a ``<script>``: no character of it opens or closes a tag."""
    written = to_json(value)
    for sign in b"<>&":
        written = written.replace(b"%c" % sign, b"\\u%04x" % sign)
    return Markup(written.decode())  # noqa: S704 – see above


def write_json(value: object) -> bytes:
    """`value` as canonical UTF-8 JSON; `RawJson` in it stays as it is."""
    raw: list[bytes] = []

    def mark(unknown: Any) -> str:
        if not isinstance(unknown, RawJson):
            raise TypeError(f"{type(unknown).__name__} has no JSON")
        raw.append(unknown.body)
        return _RAW

    written = reader_text.clean_json(value, mark)
    if raw:
        pieces = written.split(to_json(_RAW))
        written = b"".join(piece for pair in zip(pieces, [*raw, b""], strict=True) for piece in pair)
    return written + b"\n"


def look_version(overlay: Path | None = None, language: LanguageCode = "en") -> str:
    """What changes with any template or static file, ours or of `overlay`, code of this room or message."""
    templates, statics = _folders(resource("templates"), overlay)
    return _version_of(templates, statics, language)


def _folders(bundled: Path, overlay: Path | None) -> tuple[list[Path], list[Path]]:
    """The folders of templates and of static files, the user's own first; ConfigError where it has none."""
    own = [overlay / "templates", overlay / "static"] if overlay else []
    if overlay and not any(folder.is_dir() for folder in own):
        raise ConfigError(overlay, "holds neither templates/ nor static/", "give the folder that holds them")
    templates = [folder for folder in (*own[:1], bundled) if folder.is_dir()]
    return templates, [folder for folder in (*own[1:], bundled / "static") if folder.is_dir()]


def _version_of(templates: list[Path], statics: list[Path], language: LanguageCode) -> str:
    files = [p for folder in templates for p in sorted(folder.iterdir()) if p.is_file()]
    files += [p for folder in statics for p in sorted(folder.rglob("*")) if p.is_file()]
    messages = [path for path in [catalogue_of(language)] if path.is_file()]
    return _hash_of([*files, *sorted(Path(__file__).parent.glob("*.py")), *messages])


def _hash_of(files: list[Path]) -> str:
    """A hash over names and contents of `files`."""
    digest = blake2b(digest_size=12)
    for path in files:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _place_of(error: BaseException, template: str) -> str:
    """``file:line`` of the template in which `error` arose (Jinja2 rewrites tracebacks to say so)."""
    frames = traceback.extract_tb(error.__traceback__)
    inside = [f for f in frames if f.filename.endswith((".html", ".svg", ".txt"))]
    return f"{inside[-1].filename}:{inside[-1].lineno}" if inside else template
