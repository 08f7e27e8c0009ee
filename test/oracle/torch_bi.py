"""Bi-encoder cases: normalised embeddings, loss and gradients of BertModel with sentence-transformers' pooling, in float64."""

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

import torch_batches as batches
from torch_fixture import float32, gradients, int32, worst_gradient_error, write_case
from torch_models import load

SCALE = 20.0


def cosine_mse(queries: torch.Tensor, products: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """Mean over the batch of (cos(q_i, p_i) − target_i)², as sentence-transformers' CosineSimilarityLoss."""
    return F.mse_loss((queries * products).sum(dim=1), targets)


def multiple_negatives(queries: torch.Tensor, products: torch.Tensor, _targets: torch.Tensor) -> torch.Tensor:
    """Cross entropy of 20·cos(q_i, p_j) with label i, mean over i, as sentence-transformers' MultipleNegativesRankingLoss."""
    return F.cross_entropy(SCALE * queries @ products.T, torch.arange(len(queries)))


LOSSES = {"cosine-mse": cosine_mse, "multiple-negatives": multiple_negatives}


def pair_batch(seed: int, model_folder: str, batch: int | None = None) -> dict[str, torch.Tensor]:
    rng = np.random.default_rng(seed)
    if model_folder == "tiny":
        batch, vocab = 3, 50
        query_lengths, product_lengths = [3, 4, 4], [7, 4, 6]
    else:
        batch, vocab = batch or 32, 400
        query_lengths = batches.ragged_lengths(rng, batch, 4, 16)
        product_lengths = batches.ragged_lengths(rng, batch, 20, 64)
    tensors = {}
    for side, lengths in (("q", query_lengths), ("p", product_lengths)):
        text = batches.texts(rng, lengths, max(lengths), vocab, **batches.BERT_SPECIALS, pair=False)
        tensors |= {f"{side}.{key}": int32(value) for key, value in text.items()}
    targets = np.array([1.0, 0.1, 0.0]) if model_folder == "tiny" else batches.gains(rng, (batch,))
    return {**tensors, "targets": float32(targets)}


def embed(bert: torch.nn.Module, batch: dict[str, torch.Tensor], side: str, pooling: str) -> torch.Tensor:
    """L2-normalised `[batch, hidden]`; `bert` is a BertModel, whose pooler is not used."""
    mask = batch[f"{side}.mask"].long()
    hidden = bert(input_ids=batch[f"{side}.ids"].long(), attention_mask=mask,
                  token_type_ids=batch[f"{side}.typeIds"].long()).last_hidden_state
    if pooling == "cls":
        pooled = hidden[:, 0]
    else:
        weights = mask.unsqueeze(-1).expand(hidden.size()).to(hidden.dtype)
        pooled = (hidden * weights).sum(1) / torch.clamp(weights.sum(1), min=1e-9)
    return F.normalize(pooled, p=2, dim=1)


def loss_of(model: torch.nn.Module, batch: dict[str, torch.Tensor], loss_name: str,
            pooling: str) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
    embeddings = {side: embed(model.bert, batch, side, pooling) for side in ("q", "p")}
    loss = LOSSES[loss_name](embeddings["q"], embeddings["p"], batch["targets"].to(embeddings["q"].dtype))
    return loss, embeddings


def write_bi(folder: Path, model_folder: str, loss_name: str, pooling: str, seed: int) -> None:
    batch = pair_batch(seed, model_folder)
    if loss_name == "multiple-negatives":
        del batch["targets"]
    results = []
    for dtype in (torch.float64, torch.float32):
        model = load(folder / model_folder, dtype)
        loss, embeddings = loss_of(model, {"targets": torch.empty(0), **batch}, loss_name, pooling)
        loss.backward()
        outputs = {f"{side}.embedding": value.detach().double() for side, value in embeddings.items()}
        results.append(({**outputs, **gradients(model)}, loss.item()))
    (reference, loss), (single, single_loss) = results
    expected_gradients = {key: value for key, value in reference.items() if key.startswith("grad.")}
    write_case(folder, f"{model_folder}-bi-{loss_name}-{pooling}", {**batch, **reference}, {
        "kind": "bi-encoder", "modelFolder": model_folder, "lossName": loss_name, "pooling": pooling, "normalize": True,
        "scale": SCALE if loss_name == "multiple-negatives" else None, "loss": loss, "batch": batch["q.ids"].shape[0],
        "queryTokens": batch["q.ids"].shape[1], "productTokens": batch["p.ids"].shape[1],
        "float32": {
            "embeddings": max((single[key] - reference[key]).abs().max().item() for key in ("q.embedding", "p.embedding")),
            "loss": abs(single_loss - loss) / abs(loss),
            "worstGradient": worst_gradient_error(single, expected_gradients),
        },
    })


def write_cases(folder: Path) -> None:
    for loss_name in LOSSES:
        write_bi(folder, "tiny", loss_name, "mean", 301)
        write_bi(folder, "tiny", loss_name, "cls", 302)
        write_bi(folder, "small", loss_name, "mean", 303)
