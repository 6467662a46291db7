"""The generic adapter: samples of a mapping, and of those that are shipped."""

from sources.collected import Collected
from sources.hooks.provider import Unmappable
from tests.sources.hooks.samples.postmark import sign
from tests.sources.hooks.webhooks import Sample, Webhooks

MAPPING = """
[[touch]]
channel = "orders"
each = "orders[]"
when = "total > `0`"
time_unit = "s"
[touch.fields]
event_id = "join('-', [to_string(id), status])"
type = "status"
order_id = "id"
occurred_at = "at"
total = "total"
currency = "'eur'"
"ids.erp" = "customer.number"
"properties.shop" = "$shop || 'main'"
[touch.types]
"Billed" = "paid"
"Draft" = ""
[[touch]]
channel = "calls"
each = "calls[]"
[touch.fields]
type = "'answered'"
direction = "'inbound'"
occurred_at = "at"
phone = "from"
duration_s = "seconds"
""".replace("$shop", "shop")
OWN = {"mapping": MAPPING}


def shipped(name: str, payload: object, channel: str, touch: dict[str, object]) -> Sample:
    return Sample(f"shipped: {name}", payload, [Collected(channel, touch)], options={"mapping": name})


WEBHOOKS = Webhooks(
    sign,
    (
        Sample(
            "orders and a call",
            {
                "orders": [
                    {"id": 4711, "status": "Billed", "at": 1_796_034_700, "total": 25.9, "customer": {"number": 7}},
                    {"id": 4712, "status": "Draft", "at": 1_796_034_700, "total": 1},
                    {"id": 4713, "status": "Billed", "at": 1_796_034_700, "total": 0},
                ],
                "calls": [{"at": "2026-11-30T10:31:40Z", "from": 4930901820, "seconds": "61.5"}],
            },
            [
                Collected(
                    "orders",
                    {
                        "event_id": "4711-Billed",
                        "type": "paid",
                        "order_id": "4711",
                        "occurred_at": 1_796_034_700_000,
                        "total": "25.9",
                        "currency": "EUR",
                        "ids": {"erp": "7"},
                        "properties": {"shop": "main"},
                    },
                ),
                Collected(
                    "calls",
                    {
                        "event_id": "0c34e880325981396630d1dd85182a9d",
                        "type": "answered",
                        "direction": "inbound",
                        "occurred_at": "2026-11-30T10:31:40Z",
                        "phone": "4930901820",
                        "duration_s": 61.5,
                    },
                ),
            ],
            options=OWN,
        ),
        Sample(
            "a word that the mapping does not have",
            {"orders": [{"id": 1, "status": "Lost", "at": 1_796_034_700, "total": 1}]},
            Unmappable("type: 'Lost' is none of the types of the mapping"),
            options=OWN,
        ),
        Sample(
            "a time in another unit",
            {"calls": [{"at": 1_796_034_700, "from": "1"}]},
            Unmappable(
                "occurred_at: 1796034700, no plausible number of milliseconds since 1970: add --time-unit s if it "
                "counts those"
            ),
            options=OWN,
        ),
        Sample("another body", {"x": 1}, Unmappable("no [[touch]] of the mapping applies to the body"), options=OWN),
        shipped(
            "cdr",
            [
                ("uniqueid", "1796034700.17"),
                ("start", "2026-11-30 10:31:40"),
                ("src", "+4930901820"),
                ("dst", "200"),
                ("dcontext", "sales"),
                ("billsec", "61"),
                ("disposition", "ANSWERED"),
            ],
            "calls",
            {
                "event_id": "1796034700.17",
                "type": "answered",
                "occurred_at": 1_796_034_700_000,
                "direction": "inbound",
                "phone": "+4930901820",
                "duration_s": 61.0,
                "agent": "200",
                "queue": "sales",
            },
        ),
        shipped(
            "netsuite",
            {
                "type": "salesorder",
                "tranId": "SO-4711",
                "lastModifiedDate": "2026-11-30T10:31:40Z",
                "total": 25.9,
                "currency": "EUR",
                "entity": {"id": 7, "email": "ada@example.org"},
                "items": [{"item": "A-1", "description": "Lamp", "rate": 25.9, "quantity": 1}],
            },
            "orders",
            {
                "event_id": "6546ced31def387c0e42cb4f076d0beb",
                "type": "placed",
                "order_id": "SO-4711",
                "occurred_at": "2026-11-30T10:31:40Z",
                "total": "25.9",
                "currency": "EUR",
                "customer_id": "7",
                "email": "ada@example.org",
                "items": [{"sku": "A-1", "name": "Lamp", "price": "25.9", "quantity": 1}],
            },
        ),
        shipped(
            "sap",
            {
                "id": "QgEK7wOtHtu5",
                "type": "sap.s4.beh.salesorder.v1.SalesOrder.Created.v1",
                "time": "2026-11-30T10:31:40Z",
                "data": {
                    "SalesOrder": "4711",
                    "TotalNetAmount": "25.90",
                    "TransactionCurrency": "EUR",
                    "SoldToParty": "17100001",
                },
            },
            "orders",
            {
                "event_id": "QgEK7wOtHtu5",
                "type": "placed",
                "occurred_at": "2026-11-30T10:31:40Z",
                "order_id": "4711",
                "total": "25.90",
                "currency": "EUR",
                "customer_id": "17100001",
            },
        ),
        shipped(
            "infor",
            {
                "DataArea": {
                    "SalesOrder": [
                        {
                            "DocumentID": "SO4711",
                            "Status": "Open",
                            "LastModificationDateTime": "2026-11-30T10:31:40Z",
                            "TotalAmount": {"value": 25.9, "currencyID": "EUR"},
                            "CustomerParty": {"ID": "C7", "Email": "ada@example.org"},
                        }
                    ]
                }
            },
            "orders",
            {
                "event_id": "9ebf2ae1f53c546ae3bb7d8fb3fc7783",
                "type": "placed",
                "order_id": "SO4711",
                "occurred_at": "2026-11-30T10:31:40Z",
                "total": "25.9",
                "currency": "EUR",
                "customer_id": "C7",
                "email": "ada@example.org",
            },
        ),
        shipped(
            "sage",
            {
                "invoice_number": "SI-4711",
                "status": {"id": "PAID"},
                "updated_at": "2026-11-30T10:31:40Z",
                "total_amount": "25.9",
                "currency": {"id": "GBP"},
                "contact": {"id": "c7", "email": "ada@example.org"},
            },
            "orders",
            {
                "event_id": "71b403b01df0cf8c2c43868195cba9ca",
                "type": "paid",
                "order_id": "SI-4711",
                "occurred_at": "2026-11-30T10:31:40Z",
                "total": "25.9",
                "currency": "GBP",
                "customer_id": "c7",
                "email": "ada@example.org",
            },
        ),
        shipped(
            "siebel",
            {
                "SiebelMessage": {
                    "ListOfService Request": {
                        "Service Request": [
                            {
                                "Id": "1-2ABC",
                                "SR Number": "1-4711",
                                "Status": "Open",
                                "Updated": "11/30/2026 10:31:40",
                                "Abstract": "Where is my order?",
                                "Contact Email": "ada@example.org",
                                "Contact Id": "1-7",
                            }
                        ]
                    }
                }
            },
            "tickets",
            {
                "event_id": "1-2ABC:Open:11/30/2026 10:31:40",
                "type": "opened",
                "occurred_at": 1_796_034_700_000,
                "ticket_id": "1-4711",
                "subject": "Where is my order?",
                "email": "ada@example.org",
                "ids": {"siebel": "1-7"},
            },
        ),
    ),
    covers_body=False,
)
