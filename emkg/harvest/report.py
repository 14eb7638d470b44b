"""What did a harvest do with each record and each address?"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from emkg.model import Fault

_HOWS = ("new", "changed", "unchanged", "gone", "failed")


@dataclass(slots=True)
class RepositoryReport:
    """What a harvest did with each record: keys of the new, changed and vanished, how many stayed as they were, what was refused.

    ``rejected`` holds, for each record or file that gave no dataset, its key and the faults that say why; ``faults`` are the fields
    that were left out of records which were kept. ``left_as_before`` counts the records that were not reached and so stay as the
    last harvest left them. ``addresses`` are those asked for, by how they were had (see ``emkg.harvest.journal.Entry``);
    ``resumed`` counts those that a harvest which was interrupted had already had.
    """

    source: str
    path: Path
    datasets: int = 0
    statements: int = 0
    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    vanished: list[str] = field(default_factory=list)
    unchanged: int = 0
    left_as_before: int = 0
    rejected: dict[str, list[Fault]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    addresses: dict[str, list[str]] = field(default_factory=dict)
    resumed: int = 0

    @property
    def kept(self) -> int:
        """The records that gave at least one dataset."""
        return len(self.new) + len(self.changed) + self.unchanged

    @property
    def whole(self) -> bool:
        """Whether all could be had that was asked for."""
        return not self.addresses.get("failed")

    def to_text(self, longest: int = 20) -> str:
        """What a person reads after a harvest: numbers first, then each rejection with its place, then the commonest faults of fields."""
        head = (
            f"{self.source}: {self.kept} records kept ({len(self.new)} new, {len(self.changed)} changed, {self.unchanged} as before), "
            f"{len(self.vanished)} vanished, {len(self.rejected)} rejected; {self.datasets} datasets, {self.statements} statements"
        )
        lines = [head, *self._address_lines(longest)]
        for word, keys in (("changed", self.changed), ("vanished", self.vanished)):
            lines += [f"  {word}: {_some(keys, longest)}"] if keys else []
        if self.left_as_before:
            lines.append(f"  {self.left_as_before} records were not reached and stay as the last harvest left them")
        for key, faults in self.rejected.items():
            lines += [f"  rejected {key}: {_place(fault)}: {fault.reason}: {fault.text[:80]!r}" for fault in faults[:3]]
        common = Counter(fault.reason for fault in self.faults).most_common(longest)
        lines += [f"  {number} fields left out: {reason}" for reason, number in common]
        return "\n".join([*lines, f"written: {self.path}"]) + "\n"

    def _address_lines(self, longest: int) -> list[str]:
        if not self.addresses and not self.resumed:
            return []
        counts = ", ".join(f"{len(self.addresses[how])} {how}" for how in _HOWS if self.addresses.get(how))
        lines = [f"  addresses: {counts or 'none asked for'}"]
        if self.resumed:
            lines.append(f"  {self.resumed} addresses were had already by the harvest that was interrupted")
        changed = self.addresses.get("changed", [])
        return lines + ([f"  fetched anew: {_some(changed, longest)}"] if changed else [])

    def to_dict(self) -> dict[str, Any]:
        """The whole report, every fault with its place."""
        return {
            "source": self.source,
            "datasets": self.datasets,
            "statements": self.statements,
            "new": self.new,
            "changed": self.changed,
            "vanished": self.vanished,
            "unchanged": self.unchanged,
            "left_as_before": self.left_as_before,
            "rejected": {key: [_plain(one) for one in faults] for key, faults in self.rejected.items()},
            "faults": [_plain(one) for one in self.faults],
            "addresses": self.addresses,
            "resumed": self.resumed,
            "written": self.path.name,
        }


def _some(words: list[str], longest: int) -> str:
    return ", ".join(words[:longest]) + (f" … and {len(words) - longest} more" if len(words) > longest else "")


def _place(fault: Fault) -> str:
    return fault.path + (f":{fault.line}:{fault.column}" if fault.line else "")


def _plain(fault: Fault) -> dict[str, str]:
    return {"where": _place(fault), "reason": fault.reason, "text": fault.text}
