"""Endpoints of the query API: one router a topic."""

from typing import Final

from fastapi import APIRouter

from dashboards.api.endpoints import health, login, top

ROUTERS: Final[tuple[APIRouter, ...]] = (health.router, login.router, top.router)
