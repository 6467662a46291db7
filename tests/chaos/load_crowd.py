"""The ordinary load of a crowd of customers: everything that good and bad producers do, drawn from a seed."""

from collections.abc import Mapping
from dataclasses import replace
from random import Random
from typing import Final

from schemas.activity import encode_record
from schemas.channels import CHANNELS as CHANNEL_MODELS
from schemas.identity_messages import Claim, Unlink
from streams.records import partition_of
from tests.chaos.load_meaning import Facts, Item, Meaning, Refused
from tests.chaos.load_people import SWITCHBOARD, Person, name
from tests.chaos.load_pings import make_pings
from tests.chaos.load_touches import Made, Maker, Moment
from tests.journeys.crowd import CHANNELS, DAY_MS, HOUR_MS, Raw
from tests.schemas.touches import SAMPLES
from tests.streams.intake.bad_messages import BAD, LIMIT_BYTES, Bad

ACTIVITY: Final = "activity"  # the channel of commands, which are appended to the topic `activity` itself
SPAN_DAYS: Final = 25  # age of the oldest touches; fewer days than stay open
CROWDED: Final = 25  # customers behind one switchboard: more than may share an identifier
PLACES: Final = 230  # visitors of one customer: more than one customer may have
BY_NATURAL_ID: Final = [channel for channel, model in CHANNEL_MODELS.items() if model.COUNTS_BY_NATURAL_ID]
_SMALL_BAD: Final = [bad for bad in BAD if bad.value is not None and len(bad.value) < 3_000]
_LARGE_BAD: Final = [bad for bad in BAD if bad.value is not None and 3_000 <= len(bad.value) <= LIMIT_BYTES + 1]


class Crowd:
    """Generator of records, each with a place between 0 and 1 in the run."""

    def __init__(self, seed: int, day_ms: int, raw_partitions: int, activity_partitions: int) -> None:
        self.random = Random(seed)
        self.day_ms = day_ms
        self._raw_partitions, self._activity_partitions = raw_partitions, activity_partitions
        self._maker = Maker(self.random)
        self._placed: list[tuple[float, Item]] = []
        self._made = 0

    def items(self) -> list[Item]:
        """Return everything in sending order."""
        return [item for _, item in sorted(self._placed, key=lambda placed: placed[0])]

    # ---- ordinary customers

    def fill(self, touches: int, people: int) -> None:
        """Add touches of ordinary people, with refusals, commands and wrong clocks in proportion."""
        for number in range(people):
            self._link_identifiers(Person(number))
        for _ in range(touches):
            self._ordinary(Person(min(int(self.random.paretovariate(0.9)), people) - 1))
        for _ in range(1 + touches // 60):
            self._unidentified()
            self._clock(self._random_person(people))
            self._reused_event_id(self._random_person(people))
            self._several_senders(self._random_person(people))
            for _ in range(3):
                self._revised(self._random_person(people))
            for _ in range(8):
                self._viewed(self._random_person(people))
            self.refused(self.random.choice(_SMALL_BAD))
        for bad in (*_SMALL_BAD, *_LARGE_BAD):  # each kind once
            self.refused(bad)
        for number in range(1 + touches // 400):
            self._latecomer(number)
            self._command(self._random_person(people), number)
        for number in range(CROWDED):
            self._shared(Person(number))
        if touches >= 2_000:
            for number in range(PLACES):
                self.visitor_of("c-many", number)

    def _random_person(self, people: int) -> Person:
        return Person(self.random.randrange(people))

    def _when(self, event_id: str = "", *, days: float = SPAN_DAYS) -> Moment:
        return Moment(self.day_ms - self.random.randrange(int(days * DAY_MS)), event_id)

    def _id(self) -> str:
        """Return a new event id; some start with a letter that sorts differently in UTF-16."""
        self._made += 1
        return f"{self.random.choice(('u', 'u', 'u', 'ü', '￿', '😀'))}{self._made}"

    def _link_identifiers(self, person: Person) -> None:
        """Link visitor -> mail -> customer <- phone in any order: chains of three, shared visitors, conflicts."""
        random = self.random
        for visitor in range(2):
            self._touch(person, "visits", {"anonymous_id": person.visitor(visitor), "email": person.email})
        self._touch(person, "emails", {"email": person.email, "customer_id": person.customer})
        if person.number % 3:
            self._touch(person, "calls", {"phone": person.phone, "customer_id": person.customer})
        if person.number % 5 == 0:
            self._touch(person, "visits", {"crm": f"0035g{person.number}", "email": person.email})
        if person.number % 4 == 1:  # a mailbox that two customers claim
            other = Person(person.number + 11)
            self._touch(person, "emails", {"email": person.email, "customer_id": other.customer})
        if random.random() < 0.1:
            everything = {"customer_id": person.customer, "email": person.email, "phone": person.phone}
            self._touch(person, "visits", everything | {"anonymous_id": person.visitor(3)})

    def _ordinary(self, person: Person) -> None:
        channel = self.random.choice(("visits", "visits", *CHANNELS))
        everything = {
            "anonymous_id": person.visitor(self.random.randrange(2)),
            "email": person.email,
            "phone": person.phone,
            "customer_id": person.customer,
        }
        namespace = SAMPLES[channel].identifier
        values = {namespace: everything[namespace]}
        if self.random.random() < 0.05:
            values = {"customer_id": person.customer}
        self._touch(person, channel, values)

    def _touch(self, person: Person, channel: str, values: Mapping[str, str]) -> None:
        """Add a touch; some are repeated: within seconds, hours later, or by another producer."""
        random = self.random
        junk = random.choice(("anonymous_id", "email", "phone", "customer_id")) if random.random() < 0.04 else ""
        named = name(random, values, junk=junk, other="gold" if random.random() < 0.05 else "")
        event_id = self._id() if random.random() < 0.9 else ""
        made = self._maker.any(person.tenant, named, self._when(event_id), channel)
        if random.random() < 0.2:  # by a collector, which waited for Kafka
            made = replace(made, received_at_ms=self.day_ms - random.randrange(2 * HOUR_MS))
        place, partition = random.random(), self._partition()
        self.put(made, place, partition)
        if not (made.facts.event_id or made.facts.natural):
            return
        chance = random.random()
        if chance < 0.04:  # the sender lost the acknowledgement
            self.put(made, place + 0.0005, partition)
        elif chance < 0.07:  # a spool file that is sent again
            self.put(made, min(place + random.uniform(0.1, 0.5), 1.0), partition)
        elif chance < 0.11:  # two producers; either may be first
            self.put(made, min(max(place + random.uniform(-0.2, 0.2), 0.0), 1.0), partition + 1)
            self.put(made, place + 0.0001, partition)

    def _unidentified(self) -> None:
        """Add a touch without identifiers or with junk ones only."""
        named = name(self.random, {}, junk=self.random.choice(("", "anonymous_id", "email")))
        made = self._maker.any("main", named, self._when(self._id()), self.random.choice(CHANNELS))
        self.put(made, self.random.random(), self._partition())

    def _clock(self, person: Person) -> None:
        """Add touches of wrong clocks: with a known offset, in the future, long ago. Arrival decides their times."""
        named = name(self.random, {"customer_id": person.customer})
        slow_ms, fast_ms = self.day_ms - 3 * HOUR_MS, self.day_ms + 400 * DAY_MS
        for when in (
            Moment(slow_ms - 600_000, self._id(), slow_ms),
            Moment(self.day_ms - 5_000, self._id(), self.day_ms - 4_700),
            Moment(fast_ms, self._id()),
        ):
            made = self._maker.any(person.tenant, named, when, self.random.choice(CHANNELS))
            self.put(made, self.random.random(), self._partition())
        past = name(self.random, {"anonymous_id": f"past{self._made}"})
        made = self._maker.visit("main", past, Moment(self.day_ms - 2_000 * DAY_MS, self._id()))
        self.put(made, self.random.random(), self._partition())

    def _reused_event_id(self, person: Person) -> None:
        """Reuse one event id: under a stronger identifier, on another channel, on another day, and by a retry.

        The retry names more identifiers. All others are distinct touches.
        """
        random, event_id = self.random, self._id()
        visitor = {"anonymous_id": person.visitor()}
        when = self._when(event_id)
        weak = self._maker.visit(person.tenant, name(random, visitor), when)
        soon, then = Moment(when.stated_ms + 1, event_id), Moment(when.stated_ms + 2, event_id)
        strong = self._maker.visit(person.tenant, name(random, visitor | {"email": person.email}), soon)
        other = self._maker.call(person.tenant, name(random, {"phone": person.phone}), then)
        later = self._maker.visit(person.tenant, name(random, visitor), Moment(when.stated_ms - 2 * DAY_MS, event_id))
        for made in (weak, other, later):
            self.put(made, random.random(), self._partition())
        more = {"email": person.email, "anonymous_id": person.visitor(4)}
        retry = self._maker.visit(person.tenant, name(random, more), soon)
        place, partition = random.random(), self._partition()
        self.put(strong, place, partition)
        self.put(retry, place + 0.02, partition)

    def _several_senders(self, person: Person) -> None:
        """Report one event from several senders, in channels where it counts once: other event ids, times and fields.

        All copies are in one partition of the raw topic, so the first is known.
        """
        random = self.random
        for channel in BY_NATURAL_ID:
            samples = SAMPLES[channel]
            assert samples.make is not None
            field = CHANNEL_MODELS[channel].NATURAL_ID_FIELD
            first = samples.make(random)
            first.setdefault(field, f"{channel}-{self._id()}")
            place, partition = random.random() / 2, self._partition()
            for copy in range(random.randrange(2, 5)):
                own = samples.make(random) | {"type": first["type"], field: first[field]} if copy else first
                named = name(random, {"customer_id": person.customer})
                made = self._maker.copy(person.tenant, named, self._when(self._id(), days=4), channel, own)
                self.put(made, min(place + random.uniform(0.0, 0.2), 1.0), partition)

    def _revised(self, person: Person) -> None:
        """Add several revisions of one touch in any order, through any partition, some of them twice."""
        random, when = self.random, self._when(self._id())
        channel = random.choice([one for one in CHANNELS if one not in BY_NATURAL_ID])
        for revision in random.sample(range(9), random.randint(1, 4)):
            sent_at_ms = when.stated_ms + 4_000 if random.random() < 0.2 else None  # does not correct the time
            report = replace(when, revision=revision, sent_at_ms=sent_at_ms)
            made = self._maker.any(person.tenant, name(random, {"customer_id": person.customer}), report, channel)
            for _ in range(random.choice((1, 1, 2))):
                self.put(made, random.random(), self._partition())

    def _viewed(self, person: Person) -> None:
        """Add a page view and its pings, some of them under the address that the visitor gave meanwhile."""
        random, page_id, when = self.random, f"view{self._id()}", self._when(self._id())
        visitor = {"anonymous_id": person.visitor()}
        page = self._maker.visit(person.tenant, name(random, visitor), when, "page", page_id=page_id)
        self.put(page, random.random(), self._partition())
        for values in (visitor, visitor | {"email": person.email}, {})[: random.randint(1, 3)]:
            for value, ping in make_pings(random, person.tenant, name(random, values), page_id, when.stated_ms):
                for _ in range(random.choice((1, 1, 2))):
                    self._add("visits", self._partition(), value, ping, random.random(), False)

    def _latecomer(self, number: int) -> None:
        """Add touches of one identifier in one partition; the older ones arrive after their days are closed."""
        place = self.random.random() / 2
        for step, days in enumerate((1, 2, 80, 79.9, 78, 3, 2.1, 80, 45)):
            named = name(self.random, {"anonymous_id": f"late{number}"})
            when = Moment(self.day_ms - int(days * DAY_MS), f"late{number}-{step}" if step != 7 else f"late{number}-2")
            kind = self.random.choice(("page", "form", "click", "identify"))
            made = self._maker.visit("main", named, when, kind)
            self.put(made, place + 0.01 * step, 0)

    def _command(self, person: Person, number: int) -> None:
        """Add an unlink command, every second one undone, and a join of two customers under a master id."""
        random, at = self.random, self.day_ms - number
        email, customer = person.key("email", person.email), person.key("customer_id", person.customer)
        target = "*" if number % 4 == 3 else customer
        self.command(Unlink(email, target, at, True))
        if number % 2:
            self.command(Unlink(email, target, at + 1_000, False))
        other = Person(person.number + 11 * random.randrange(1, 3))
        master = person.key("master_id", f"m{number}")
        self.command(Claim(master, (customer, other.key("customer_id", other.customer)), at))

    def _shared(self, person: Person) -> None:
        self._touch(person, "calls", {"customer_id": person.customer, "phone": SWITCHBOARD})

    # ---- building blocks of scenarios

    def visitor_of(self, customer: str, number: int, noisy: bool = False) -> None:
        """Link one more visitor to a customer, and add a touch of that visitor."""
        visitor = {"anonymous_id": f"{customer}-{number}"}
        both = name(self.random, visitor | {"customer_id": customer})
        for named in (both, name(self.random, visitor)):
            made = self._maker.visit("main", named, self._when(self._id()))
            self.put(made, self.random.random(), self._partition(), noisy=noisy)

    def by(self, values: Mapping[str, str], channel: str, place: float, *, size: int = 0, partition: int = -1) -> None:
        """Add a noisy touch, one of those that make a scenario bad."""
        named, when = name(self.random, values), self._when(self._id())
        maker = self._maker
        made = maker.visit("main", named, when, size=size) if size else maker.any("main", named, when, channel)
        self.put(made, place, self._partition() if partition < 0 else partition, noisy=True)

    def key_in(self, partition: int, namespace: str, start: int) -> str:
        """Return a value whose key belongs to that partition of `activity`."""
        numbers = range(start, start + 1_000)
        values = (f"{namespace[0]}{number}" for number in numbers)
        return next(
            value
            for value in values
            if partition_of(f"main|{namespace}:{value}".encode(), self._activity_partitions) == partition
        )

    def refused(self, bad: Bad | None = None, *, noisy: bool = False) -> None:
        """Add a record that intake refuses."""
        found = bad or self.random.choice(_SMALL_BAD)
        assert found.value is not None
        meaning = Refused(found.reason.value, found.detail)
        self._add(found.channel, self._partition(), found.value, meaning, self.random.random(), noisy)

    def command(self, record: Claim | Unlink) -> None:
        """Add a command as `touchline identity` appends it."""
        key = record.to.encode()
        partition = partition_of(key, self._activity_partitions)
        item = Item(Raw(ACTIVITY, partition, encode_record(record), key), record)
        self._placed.append((self.random.random(), item))

    def put(self, made: Made, place: float, partition: int, *, noisy: bool = False) -> None:
        """Add a good message at a place in the run."""
        facts: Facts = made.facts
        partition %= self._raw_partitions
        self._add(facts.channel, partition, made.value, facts, place, noisy, made.received_at_ms)

    def _partition(self) -> int:
        return self.random.randrange(self._raw_partitions)

    def _add(
        self, channel: str, partition: int, value: bytes, meaning: Meaning, place: float, noisy: bool,
        received_at_ms: int | None = None,
    ) -> None:  # fmt: skip
        key = b"k%d" % self.random.randrange(9) if self.random.random() < 0.2 else None  # without meaning
        self._placed.append((place, Item(Raw(channel, partition, value, key, received_at_ms), meaning, noisy)))
