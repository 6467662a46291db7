"""Endpoints of the query API: one router a topic."""

from typing import Final

from fastapi import APIRouter

from dashboards.api.endpoints import health, login, pipeline, rules, top

ROUTERS: Final[tuple[APIRouter, ...]] = (health.router, login.router, pipeline.router, rules.router, top.router)
