"""Cross-encoder cases: logits, loss and gradients of BertForSequenceClassification in float64."""

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

import torch_batches as batches
from torch_fixture import float32, gradients, int32, worst_gradient_error, write_case
from torch_models import load

# MSE: mean over batch × labels. BCE: binary cross entropy with logits, mean over batch × labels.
LOSSES = {"mse": F.mse_loss, "bce": F.binary_cross_entropy_with_logits}


def tiny_batch(seed: int, labels: int) -> dict[str, torch.Tensor]:
    rng = np.random.default_rng(seed)
    text = batches.texts(rng, [7, 4, 6], 7, 50, **batches.BERT_SPECIALS, pair=True)
    targets = batches.one_hot(rng, 3, labels) if labels > 1 else np.array([[1.0], [0.1], [0.0]])
    return {**{key: int32(value) for key, value in text.items()}, "targets": float32(targets)}


def small_batch(seed: int, batch: int = 32) -> dict[str, torch.Tensor]:
    rng = np.random.default_rng(seed)
    lengths = batches.ragged_lengths(rng, batch, 20, 64)
    text = batches.texts(rng, lengths, 64, 400, **batches.BERT_SPECIALS, pair=True)
    return {**{key: int32(value) for key, value in text.items()}, "targets": float32(batches.gains(rng, (batch, 1)))}


def logits_of(model: torch.nn.Module, batch: dict[str, torch.Tensor]) -> torch.Tensor:
    """`[batch, labels]`"""
    inputs = dict(input_ids=batch["ids"].long(), attention_mask=batch["mask"].long())
    if getattr(model.config, "type_vocab_size", 0) > 1:
        inputs["token_type_ids"] = batch["typeIds"].long()
    return model(**inputs).logits


def run(model: torch.nn.Module, batch: dict[str, torch.Tensor], loss_name: str) -> tuple[dict[str, torch.Tensor], float]:
    """Logits and gradients, and the loss, in the model's own precision."""
    logits = logits_of(model, batch)
    loss = LOSSES[loss_name](logits, batch["targets"].to(logits.dtype))
    loss.backward()
    return {"logits": logits.detach().double(), **gradients(model)}, loss.item()


def write_cross(folder: Path, name: str, model_folder: str, loss_name: str, batch: dict[str, torch.Tensor],
                frozen: str = "", **load_options) -> None:
    """One case; parameters whose name starts with `frozen` get no gradient."""
    results = []
    for dtype in (torch.float64, torch.float32):
        model = load(folder / model_folder, dtype, **load_options)
        for parameter_name, parameter in model.named_parameters():
            parameter.requires_grad_(not (frozen and parameter_name.startswith(frozen)))
        results.append(run(model, batch, loss_name))
    (reference, loss), (single, single_loss) = results
    expected_gradients = {key: value for key, value in reference.items() if key.startswith("grad.")}
    write_case(folder, name, {**batch, **reference}, {
        "kind": "cross-encoder", "modelFolder": model_folder, "lossName": loss_name, "loss": loss,
        "batch": batch["ids"].shape[0], "tokens": batch["ids"].shape[1], "labels": batch["targets"].shape[1],
        "frozenPrefix": frozen or None,
        "float32": {
            "logits": (single["logits"] - reference["logits"]).abs().max().item(),
            "loss": abs(single_loss - loss) / abs(loss),
            "worstGradient": worst_gradient_error(single, expected_gradients),
        },
    })


def write_cases(folder: Path) -> None:
    for loss_name in LOSSES:
        write_cross(folder, f"tiny-cross-{loss_name}", "tiny", loss_name, tiny_batch(201, 1))
        write_cross(folder, f"tiny-labels4-cross-{loss_name}", "tiny-labels4", loss_name, tiny_batch(202, 4))
        write_cross(folder, f"small-cross-{loss_name}", "small", loss_name, small_batch(203))
    write_cross(folder, "tiny-cross-mse-frozen-encoder", "tiny", "mse", tiny_batch(201, 1), frozen="bert.encoder.")
