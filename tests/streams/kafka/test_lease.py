"""The lease is renewed by heartbeats of a fake coordinator."""

import asyncio
import time
from typing import Any

import pytest
from aiokafka.protocol.group import SyncGroupRequest

from streams.kafka.lease import SHARE, Lease

SESSION_TIMEOUT_S = 15.0


class Coordinator:
    """Stands for aiokafka's coordinator."""

    def __init__(self) -> None:
        self._rejoin_needed_fut: asyncio.Future[None] = asyncio.Future()
        self.answered = True

    async def _do_heartbeat(self) -> bool:
        return self.answered

    async def _send_req(self, request: Any) -> Any:
        return request


@pytest.mark.parametrize(
    ("answered", "to_rejoin", "held"), [(True, False, True), (False, False, False), (True, True, False)]
)
async def test_heartbeats_renew_the_lease(answered: bool, to_rejoin: bool, held: bool) -> None:
    coordinator, lease = Coordinator(), Lease(SESSION_TIMEOUT_S)
    lease.watch(coordinator)
    coordinator.answered = answered
    if to_rejoin:
        coordinator._rejoin_needed_fut.set_result(None)
    assert not lease.is_held()
    assert await coordinator._do_heartbeat() is answered
    assert lease.is_held() is held


async def test_the_time_of_the_request_for_an_assignment_is_noted() -> None:
    coordinator, lease = Coordinator(), Lease(SESSION_TIMEOUT_S)
    lease.watch(coordinator)
    await coordinator._send_req("heartbeat")
    assert lease.joined_s == 0.0
    request = SyncGroupRequest("group", 1, "member", "", [])
    assert await coordinator._send_req(request) is request
    assert lease.joined_s > 0.0


def test_a_lease_ends_before_the_session_does() -> None:
    lease = Lease(SESSION_TIMEOUT_S)
    now_s = time.monotonic()
    lease.renew(now_s)
    assert lease.until_s == now_s + SHARE * SESSION_TIMEOUT_S < now_s + SESSION_TIMEOUT_S
    lease.renew(now_s - SESSION_TIMEOUT_S)
    assert not lease.is_held()
