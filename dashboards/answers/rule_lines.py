"""The table of rules: what each is worth, what its touches brought, and both as changed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dashboards.answers.clear import Clear
from dashboards.answers.rule_changes import KnownRule, Ruleset
from dashboards.answers.what_if import RuleEffect


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule with the sums of its touches (`what_if.RuleEffect`); the totals are of their points before decay.

    `in_use` is False for a rule of stored touches that the rules in use do not have, whose points and cap are therefore
    0. `name` is empty for touches of the channel that match no rule.
    """

    name: Clear
    channel: Clear
    in_use: bool
    points: float
    cap: int
    group: Clear
    new_points: float
    new_cap: int
    touches: int
    counted: int
    total: float
    new_counted: int
    new_total: float

    @property
    def is_changed(self) -> bool:
        """Whether its points or its cap differ."""
        return (self.points, self.cap) != (self.new_points, self.new_cap)


def rule_lines(known: Ruleset, changed: Sequence[KnownRule], effects: Iterable[RuleEffect]) -> list[RuleLine]:
    """Return the rules in use, in their order, then what else stored touches have."""
    found = {(one.channel, one.name): one for one in effects}
    new = {rule.name: rule for rule in changed}
    lines = [
        _line(rule, new.get(rule.name, rule), found.pop((rule.channel, rule.name), None), in_use=True)
        for rule in known.rules
    ]
    for channel, name in found:
        former = KnownRule(name, channel, 0.0)
        lines.append(_line(former, former, found[channel, name], in_use=False))
    return lines


def _line(rule: KnownRule, new: KnownRule, effect: RuleEffect | None, *, in_use: bool) -> RuleLine:
    sums = effect or RuleEffect(rule.channel, rule.name, 0, 0, 0.0, 0, 0.0)
    return RuleLine(
        name=rule.name,
        channel=rule.channel,
        in_use=in_use,
        points=rule.points,
        cap=rule.cap,
        group=rule.group,
        new_points=new.points,
        new_cap=new.cap,
        touches=sums.touches,
        counted=sums.counted,
        total=sums.points,
        new_counted=sums.new_counted,
        new_total=sums.new_points,
    )
