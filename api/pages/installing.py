"""The pages as a part of the application."""

from fastapi import FastAPI

from api.pages import failures, static_files
from api.pages.routes import (
    account,
    accounts,
    audit,
    check,
    figures,
    language,
    lists,
    people,
    provider,
    reviews,
    sign_in,
    start,
)
from registry.access.provider import of_installation
from registry.settings import Settings

ROUTES = (
    account, accounts, audit, check, figures, language, lists, people, provider, reviews,
    sign_in, start,
)  # fmt: skip


def install(app: FastAPI, settings: Settings) -> None:
    """Add the pages; the application's own error handlers are installed before."""
    app.state.home = settings.home
    app.state.schemes = settings.schemes
    app.state.population = settings.population
    app.state.provider = of_installation(settings)
    failures.install(app)
    app.include_router(static_files.router)
    for routes in ROUTES:
        app.include_router(routes.router)
