"""Records for the tests of the oracle, few enough that the expected outcome can be derived by hand."""

from collections.abc import Iterable

from tests.chaos.load_meaning import Facts, Item, Meaning, Sent
from tests.journeys.crowd import DAY_MS, HOUR_MS, Raw
from tests.oracle.site import Expected, expect
from touchline.settings import Settings
from touchline.worker.rules_file import read_rules

DAY = 20_500 * DAY_MS
NOON = DAY + 12 * HOUR_MS
RULES = read_rules(None)
CUSTOMER, EMAIL, PHONE, VISITOR = "customer_id:c", "email:a@x.example", "phone:+493012345", "anonymous_id:v"


def facts(*ids: str, at_ms: int = NOON, event_id: str = "e", type_: str = "page", **fields: object) -> Facts:
    """Return a touch of these identifiers (strongest first), on a page with a weight of one."""
    given: dict[str, object] = {
        "tenant": "main", "channel": "visits", "natural": "", "sent_at_ms": None, "junk": False, "bot": False,
        "page": "", "source": "", "medium": "", "campaign": "", "traits": {},
    }  # fmt: skip
    columns = {"type": type_, "direction": "inbound", **dict(fields.pop("columns", {}))}  # type: ignore[call-overload]
    return Facts(event_id=event_id, ids=ids, stated_ms=at_ms, columns=columns, **(given | fields))  # type: ignore[arg-type]


def sent(*meanings: Meaning, partition: int = 0, start: int = 0, arrival_ms: int = DAY + DAY_MS) -> list[Sent]:
    """Return records with consecutive offsets in one partition."""
    channels = [one.channel if isinstance(one, Facts) else "activity" for one in meanings]
    return [
        Sent(Item(Raw(channel, partition, b"{}"), one), f"t-{channel}", partition, start + offset, arrival_ms)
        for offset, (channel, one) in enumerate(zip(channels, meanings, strict=True))
    ]


def oracle(records: Iterable[Sent], **settings: int) -> Expected:
    return expect(records, RULES, Settings(**settings))  # type: ignore[arg-type]
