"""Endpoints of the query API: one router a topic."""

from typing import Final

from fastapi import APIRouter

from dashboards.api.endpoints import (
    campaigns,
    customer_lists,
    customers,
    health,
    live,
    login,
    pipeline,
    quality,
    rules,
    service,
    top,
)

ROUTERS: Final[tuple[APIRouter, ...]] = (
    campaigns.router,
    customer_lists.router,
    customers.router,
    health.router,
    live.router,
    login.router,
    pipeline.router,
    quality.router,
    rules.router,
    service.router,
    top.router,
)
