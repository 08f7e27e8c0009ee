"""Writes the learning-rate factors of transformers' `get_scheduler` into test/fixtures/schedules.json."""

import json
import warnings
from pathlib import Path

import torch
from transformers import get_scheduler

FIXTURE = Path(__file__).resolve().parent.parent / "fixtures" / "schedules.json"
SCHEDULES = {"linear": "linear", "constant": "constant_with_warmup"}
CASES = [(10, 0), (10, 3), (7, 7), (5, 1), (12, 4), (4, 9)]


def factors(name: str, total_steps: int, warmup_steps: int) -> list[float]:
    """The factor on the peak learning rate in each step, and in two steps after the end."""
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    scheduler = get_scheduler(name, optimizer, num_warmup_steps=warmup_steps, num_training_steps=total_steps)
    found = []
    for _ in range(total_steps + 2):
        found.append(optimizer.param_groups[0]["lr"])
        scheduler.step()
    return found


def main() -> None:
    warnings.filterwarnings("ignore")  # The optimizer never steps: only its learning rate is read.
    table = [
        {"schedule": ours, "totalSteps": total, "warmupSteps": warmup, "factors": factors(theirs, total, warmup)}
        for ours, theirs in SCHEDULES.items()
        for total, warmup in CASES
    ]
    rows = ",\n  ".join(json.dumps(row) for row in table)
    FIXTURE.write_text(f"[\n  {rows}\n]\n")


if __name__ == "__main__":
    main()
