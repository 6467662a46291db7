"""A page of the navigation."""

from dataclasses import dataclass

from fastapi import APIRouter

from dashboards.api.security.roles import Right


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its address, its name in the navigation, its icon, and the key that opens it after `g`.

    `right`: what a viewer needs to be shown it. `operate` is true for the pages below the heading "Operate". `short` is
    true for those that a narrow screen shows in its bar; the others are behind "More". `router` has the routes of the
    page and of what is below it.
    """

    path: str
    name: str
    icon: str
    key: str
    right: Right
    router: APIRouter
    operate: bool = False
    short: bool = False
