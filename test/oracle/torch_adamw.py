"""Thirty AdamW steps in float64, the same in float32 (`float32Drift`), and the same with one mistake each (`mutants`)."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Callable

import torch
from transformers import get_linear_schedule_with_warmup

import torch_bi
import torch_cross
from torch_fixture import is_key_bias, write_case
from torch_models import load

STEPS = 30
WARMUP_STEPS = 3


@dataclass(frozen=True)
class Recipe:
    """Optimiser settings; the defaults are the reference and every mutant changes one of them."""

    max_grad_norm: float
    peak_lr: float = 1e-3
    betas: tuple[float, float] = (0.9, 0.999)
    eps: float = 1e-8
    weight_decay: float = 0.01
    decay_everything: bool = False
    schedule_shift: int = 0


@dataclass
class Trajectory:
    start: dict[str, torch.Tensor]
    final: dict[str, torch.Tensor]
    losses: list[float]
    grad_norms: list[float]
    lrs: list[float]


Batch = dict[str, torch.Tensor]
LossOf = Callable[[torch.nn.Module, Batch], torch.Tensor]


def is_decayed(name: str) -> bool:
    return "bias" not in name and "LayerNorm." not in name


def train(model: torch.nn.Module, loss_of: LossOf, batches: list[Batch], recipe: Recipe) -> Trajectory:
    """Trains on `batches` in order; parameters that get no gradient in the first batch are left out."""
    loss_of(model, batches[0]).backward()
    parameters = {name: p for name, p in model.named_parameters() if p.grad is not None}
    start = {name: p.detach().double().clone() for name, p in parameters.items()}
    decayed = [p for name, p in parameters.items() if recipe.decay_everything or is_decayed(name)]
    others = [p for name, p in parameters.items() if not (recipe.decay_everything or is_decayed(name))]
    optimizer = torch.optim.AdamW(
        [{"params": decayed, "weight_decay": recipe.weight_decay}, {"params": others, "weight_decay": 0.0}],
        lr=recipe.peak_lr, betas=recipe.betas, eps=recipe.eps)
    schedule = get_linear_schedule_with_warmup(optimizer, WARMUP_STEPS, STEPS)
    for _ in range(recipe.schedule_shift):
        optimizer.zero_grad()
        optimizer.step()
        schedule.step()
    losses, grad_norms, lrs = [], [], []
    for batch in batches:
        optimizer.zero_grad()
        loss = loss_of(model, batch)
        loss.backward()
        grad_norms.append(torch.nn.utils.clip_grad_norm_(parameters.values(), recipe.max_grad_norm).item())
        losses.append(loss.item())
        lrs.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    final = {name: p.detach().double() for name, p in parameters.items()}
    return Trajectory(start, final, losses, grad_norms, lrs)


def drift(trajectory: Trajectory, reference: Trajectory) -> dict:
    """‖θ−θ′‖/‖θ′−θ₀‖ over all parameters and for each (key biases left out there); the largest relative loss deviation."""
    def norm(names, left, right) -> float:
        return torch.stack([(left[name] - right[name]).norm() for name in names]).norm().item()

    names = list(reference.final)
    figured = [name for name in names if not is_key_bias(name)]

    def relative(some: list[str]) -> float:
        return norm(some, trajectory.final, reference.final) / norm(some, reference.final, reference.start)

    return {
        "overall": relative(names),
        "overallWithoutKeyBiases": relative(figured),
        "worstParameter": max(relative([name]) for name in figured),
        "perParameter": {name: relative([name]) for name in figured},
        "loss": max(abs(a - b) / abs(b) for a, b in zip(trajectory.losses, reference.losses)),
    }


def mutants(recipe: Recipe) -> dict[str, Recipe]:
    return {
        "noDecay": replace(recipe, weight_decay=0.0),
        "decayOnBiasesAndLayerNorm": replace(recipe, decay_everything=True),
        "noClipping": replace(recipe, max_grad_norm=float("inf")),
        "scheduleShiftedByOne": replace(recipe, schedule_shift=1),
    }


def write_trajectory(folder: Path, name: str, model_folder: str, recipe: Recipe, batches: list[Batch], loss_of: LossOf,
                     final_dtype: torch.dtype, case: dict) -> None:
    reference = train(load(folder / model_folder), loss_of, batches, recipe)
    clipped = sum(norm > recipe.max_grad_norm for norm in reference.grad_norms)
    if not STEPS / 3 <= clipped < STEPS:
        raise ValueError(f"{name}: clipping is active in {clipped} of {STEPS} steps, norms {sorted(reference.grad_norms)}")
    single = train(load(folder / model_folder, torch.float32), loss_of, batches, recipe)
    wrong = {label: drift(train(load(folder / model_folder), loss_of, batches, mutant), reference)
             for label, mutant in mutants(recipe).items()}
    tensors = {key: torch.stack([batch[key] for batch in batches]) for key in batches[0]}
    tensors |= {
        "losses": torch.tensor(reference.losses, dtype=torch.float64),
        "gradNorms": torch.tensor(reference.grad_norms, dtype=torch.float64),
        "lrs": torch.tensor(reference.lrs, dtype=torch.float64),
    }
    tensors |= {f"final.{key}": value.to(final_dtype) for key, value in reference.final.items()}
    write_case(folder, name, tensors, {
        **case, "modelFolder": model_folder, "loss": reference.losses[0], "steps": STEPS, "warmupSteps": WARMUP_STEPS,
        "batch": batches[0]["targets"].shape[0], "peakLr": recipe.peak_lr, "betas": recipe.betas, "eps": recipe.eps,
        "weightDecay": recipe.weight_decay, "maxGradNorm": recipe.max_grad_norm, "clippedSteps": clipped,
        "undecayed": [key for key in reference.final if not is_decayed(key)],
        "keyBiases": [key for key in reference.final if is_key_bias(key)],
        "float32Drift": drift(single, reference), "mutants": wrong,
    })


def cross_loss(loss_name: str) -> LossOf:
    def loss_of(model: torch.nn.Module, batch: Batch) -> torch.Tensor:
        logits = torch_cross.logits_of(model, batch)
        return torch_cross.LOSSES[loss_name](logits, batch["targets"].to(logits.dtype))

    return loss_of


def write_cases(folder: Path) -> None:
    write_trajectory(folder, "tiny-adamw-cross-bce", "tiny", Recipe(max_grad_norm=0.4),
                     [torch_cross.tiny_batch(400 + step, 1) for step in range(STEPS)], cross_loss("bce"), torch.float64,
                     {"kind": "cross-encoder", "lossName": "bce"})
    write_trajectory(folder, "small-adamw-cross-mse", "small", Recipe(max_grad_norm=3.0),
                     [torch_cross.small_batch(500 + step, 16) for step in range(STEPS)], cross_loss("mse"), torch.float32,
                     {"kind": "cross-encoder", "lossName": "mse"})
    write_trajectory(folder, "small-adamw-bi-cosine-mse-mean", "small", Recipe(max_grad_norm=1.5),
                     [torch_bi.pair_batch(600 + step, "small", 16) for step in range(STEPS)],
                     lambda model, batch: torch_bi.loss_of(model, batch, "cosine-mse", "mean")[0], torch.float32,
                     {"kind": "bi-encoder", "lossName": "cosine-mse", "pooling": "mean", "normalize": True})
