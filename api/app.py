"""The application: its routes, its errors, its database."""

import gc
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from anyio import to_thread
from fastapi import FastAPI

from api import errors, observing, tracing
from api.bounds import Bounds
from api.dci import app as dci
from api.fhir import app as fhir
from api.pages import installing as pages
from api.routes import (
    audit,
    batches,
    decisions,
    eligibility,
    findings,
    health,
    indicators,
    lookups,
    oauth,
    persons,
    reviews,
    schemes,
    uploads,
)
from api.straight import Straight
from registry import key_holder
from registry.access import sight
from registry.access.doorkeeper import Doorkeeper
from registry.access.limits import Limiter, by_purpose
from registry.database import THREADS, address, connect, transaction
from registry.entitlements import coverage_rules
from registry.entitlements import eligibility as eligibility_answers
from registry.gathering import Gathering
from registry.lines import Lines
from registry.matching import searching
from registry.settings import Settings

DESCRIPTION = """
One social protection ID (SP ID) for every person on the schemes' lists, and answers across schemes.

Every call but those on health needs a bearer token and a purpose; every read of a person is
recorded.
"""
ROUTES = (
    health, oauth, lookups, persons, batches, reviews, decisions, findings, indicators,
    schemes, uploads, audit,
)  # fmt: skip


def served() -> FastAPI:
    """The application for a process that does nothing else.

    What it has loaded before it answers stays for as long as it lives: the garbage collector need
    not look.
    """
    return create_app(is_ready=gc.freeze)


def create_app(
    settings: Settings | None = None, *, is_ready: Callable[[], object] = lambda: None
) -> FastAPI:
    """The application on an installation's database; `is_ready` is called before it answers."""
    chosen = settings or Settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        to_thread.current_default_thread_limiter().total_tokens = THREADS
        app.state.rules = coverage_rules.of_installation(chosen)
        app.state.engine = connect(address(chosen), chosen)
        key_holder.of(app.state.engine).sealer()
        with transaction(app.state.engine) as session:
            sight.narrow(session, sight.EVERYBODY)
            searching.get_ready(session)
        lines = Lines(app.state.engine)
        app.state.counter = Gathering(lines, eligibility_answers.asked_together)
        app.state.doorkeeper = Doorkeeper(app.state.engine, chosen)
        app.state.limiter = Limiter(
            app.state.engine, chosen.limit_factor, by_purpose(chosen.purpose_limits)
        )
        is_ready()
        yield
        app.state.doorkeeper.close()
        lines.close()
        app.state.engine.dispose()

    app = FastAPI(
        title="Social protection registry",
        version="1",
        description=DESCRIPTION,
        lifespan=lifespan,
        openapi_url="/openapi.json",
        telemetry=tracing.NOTHING_ELSE,
    )
    app.state.settings = chosen
    errors.install(app)
    app.router.routes.extend(eligibility.router.routes)
    pages.install(app, chosen)
    for routes in ROUTES:
        app.include_router(routes.router, responses=errors.described(429, 503))
    for path, door in (("/registry", dci.create()), ("/fhir", fhir.create())):
        door.state = app.state
        app.mount(path, door)
    app.add_middleware(Straight)
    app.add_middleware(Bounds, strict_transport=chosen.public_url.startswith("https:"))
    observing.install(app)
    tracing.install(app, chosen)
    return app
