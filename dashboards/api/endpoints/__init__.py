"""Endpoints of the query API: one router a topic."""

from typing import Final

from fastapi import APIRouter

from dashboards.api.endpoints import (
    activity,
    campaigns,
    customer_lists,
    customers,
    health,
    live,
    login,
    pipeline,
    quality,
    rules,
    segments,
    service,
    top,
)

ROUTERS: Final[tuple[APIRouter, ...]] = (
    activity.router,
    campaigns.router,
    customer_lists.router,
    customers.router,
    health.router,
    live.router,
    login.router,
    pipeline.router,
    quality.router,
    rules.router,
    segments.router,
    service.router,
    top.router,
)
