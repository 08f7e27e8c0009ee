"""Writes the PyTorch fixtures into test/fixtures/oracle; with --check into a temporary folder, to compare with those there."""

import argparse
import os
import sys
import tempfile
from pathlib import Path

# Everything is made here; nothing may be looked up on a hub.
os.environ.setdefault("HF_HUB_OFFLINE", "1")

import torch

import torch_adamw
import torch_bi
import torch_cross
import torch_distilbert
import torch_dropout
import torch_models
import torch_roberta
from torch_fixture import is_key_bias, read_case

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures" / "oracle"
WRITERS = [torch_models.write_models, torch_cross.write_cases, torch_bi.write_cases, torch_roberta.write_cases,
           torch_distilbert.write_cases, torch_adamw.write_cases, torch_dropout.write_cases]

# Float64 results differ between machines by the order of sums only; the outputs are stored as float32 at best to 6e-8.
TOLERANCE = 1e-6
# Measured figures (PyTorch's own float32, the mutants) depend on the machine and are no part of the comparison.
MEASURED = ("float32", "float32Drift", "mutants")


def write_all(folder: Path) -> None:
    for write in WRITERS:
        write(folder)


def differences(committed: Path, fresh: Path) -> list[str]:
    """One line for each tensor or metadata entry of a file that differs."""
    (old, old_case), (new, new_case) = read_case(committed), read_case(fresh)
    found = [f"tensor {key} is in one file only" for key in sorted(old.keys() ^ new.keys())]
    largest = max((value.double().norm().item() for key, value in new.items() if key.startswith("grad.")), default=0.0)
    for key in sorted(old.keys() & new.keys()):
        a, b = old[key], new[key]
        if a.dtype != b.dtype or a.shape != b.shape:
            found.append(f"tensor {key}: {a.dtype} {tuple(a.shape)}, regenerated {b.dtype} {tuple(b.shape)}")
        elif not a.is_floating_point():
            if not torch.equal(a, b):
                found.append(f"tensor {key}: integers differ")
        elif key.startswith("final.") and is_key_bias(key):
            continue  # Their true gradient is zero, so AdamW moves them by rounding noise alone.
        else:
            error = (a.double() - b.double()).norm().item()
            allowed = TOLERANCE * (b.double().norm().item() + (largest if key.startswith("grad.") else 0.0))
            if not error <= allowed:
                found.append(f"tensor {key}: differs by {error:.3g}, allowed {allowed:.3g}")
    for key in sorted((old_case.keys() | new_case.keys()) - set(MEASURED)):
        a, b = old_case.get(key), new_case.get(key)
        is_same = abs(a - b) <= TOLERANCE * abs(b) if key == "loss" else a == b
        if not is_same:
            found.append(f"metadata {key}: {a}, regenerated {b}")
    return found


def check() -> int:
    """The number of differing or missing files."""
    with tempfile.TemporaryDirectory() as temporary:
        write_all(Path(temporary))
        fresh = {path.relative_to(temporary) for path in Path(temporary).rglob("*.safetensors")}
        # A file left behind by a removed case is a difference too.
        ours = {path.relative_to(FIXTURES) for path in FIXTURES.rglob("*.safetensors")} | fresh
        n_wrong = 0
        for name in sorted(ours):
            if name not in fresh:
                lines = ["committed, but no longer generated"]
            elif not (FIXTURES / name).exists():
                lines = ["generated, but not committed"]
            else:
                lines = differences(FIXTURES / name, Path(temporary) / name)
            print(f"{'ok  ' if not lines else 'FAIL'} {name}")
            for line in lines:
                print(f"     {line}")
            n_wrong += bool(lines)
    print(f"{len(ours) - n_wrong} of {len(ours)} files agree with PyTorch {torch.__version__}")
    return n_wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare with the committed fixtures instead of writing them")
    if parser.parse_args().check:
        return 1 if check() else 0
    write_all(FIXTURES)
    return 0


if __name__ == "__main__":
    sys.exit(main())
