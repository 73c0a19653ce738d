"""Templates to pages: in the reader's language, with the headers that keep a page its own."""

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from fastapi.routing import APIRoute
from jinja2 import Environment, PackageLoader, StrictUndefined

from api.pages import recorded_words, refusal_words, static_files, wording
from api.pages.compression import shrink
from api.pages.forms import keep_token, token_of
from api.pages.languages import LANGUAGES, Language, chosen, keep_language
from api.pages.navigation import places
from registry.lookups import readings
from registry.sp_id import SpId, printed

POLICY: Final = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; script-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Vary": "Cookie, Accept-Language, Accept-Encoding",
}


@dataclass(frozen=True)
class Page:
    """A page to render.

    Attributes:
        template: its file.
        values: what the template shows.
        status: of the answer.
        sent: fields of the form that the page answers, so that a change of language asks again.
    """

    template: str
    values: Mapping[str, object] = field(default_factory=dict)
    status: int = 200
    sent: Mapping[str, str] = field(default_factory=dict)


class PageRoute(APIRoute):
    """A route whose answers, redirections too, carry the headers of a page."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the handler."""
        handler = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            return guard(request, await handler(request))

        return guarded


def guard(request: Request, response: Response) -> Response:
    """Give an answer the headers of a page and few bytes, and the browser its token."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    keep_token(request, response)
    keep_language(request, response)
    return shrink(request, response)


def render(request: Request, page: Page) -> HTMLResponse:
    """Render a page for its reader."""
    language = chosen(request)
    reader = getattr(request.state, "principal", None)
    context = {
        "form_token": token_of(request),
        "language": language,
        "languages": LANGUAGES.values(),
        "path": request.url.path,
        "places": places(reader, request.url.path),
        "reader": reader,
        "sent": page.sent,
        **page.values,
    }
    text = _environment(language).get_template(page.template).render(context)
    return HTMLResponse(text, page.status, {"Content-Language": language.code})


@cache
def _environment(language: Language) -> Environment:
    environment = Environment(
        loader=PackageLoader("api.pages"), autoescape=True, undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"], trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.install_gettext_translations(language.words, newstyle=True)  # type: ignore[attr-defined] # the extension adds it
    environment.filters.update(
        clock=language.clock, day=language.day, digits=language.digits, moment=language.moment,
        number=language.number, share=language.share,
        recorded=lambda text: recorded_words.told(text, language),
        refusal=lambda text: refusal_words.told(text, language),
        sp_id=lambda number: printed(SpId(number)),
    )  # fmt: skip
    environment.globals["static"] = static_files.address
    environment.globals["place"] = readings.place
    environment.globals["reading"] = readings.reading
    environment.globals["category_name"] = wording.category_name
    environment.globals["scheme_name"] = wording.scheme_name
    return environment
