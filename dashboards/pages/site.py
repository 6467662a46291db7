"""All pages, in the order of the navigation, and how an application gets them."""

from typing import Final

from fastapi import FastAPI

from dashboards.pages import campaigns, customers, doors, pipeline, quality, rules, service, static_files
from dashboards.pages.overview import page as overview
from dashboards.pages.page import Page
from dashboards.pages.widget import KeptAnswers

PAGES: Final[tuple[Page, ...]] = (
    overview.PAGE,
    customers.PAGE,
    campaigns.PAGE,
    service.PAGE,
    rules.PAGE,
    quality.PAGE,
    pipeline.PAGE,
)


def add_pages(app: FastAPI) -> None:
    """Add the pages to an application of `dashboards.api`."""
    app.state.pages = PAGES
    app.state.kept_answers = KeptAnswers()
    app.state.show_problem = doors.show_problem
    for router in (static_files.router, doors.router, *(page.router for page in PAGES)):
        app.include_router(router)
