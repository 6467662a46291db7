"""Endpoints of the query API: one router a topic."""

from typing import Final

from fastapi import APIRouter

from dashboards.api.endpoints import campaigns, health, live, login, pipeline, quality, rules, service, top

ROUTERS: Final[tuple[APIRouter, ...]] = (
    campaigns.router,
    health.router,
    live.router,
    login.router,
    pipeline.router,
    quality.router,
    rules.router,
    service.router,
    top.router,
)
