"""Cases with dropout: models of transformers in train mode, in which every dropout multiplies with a mask of the case instead."""

import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

import numpy as np
import torch
import torch.nn.functional as F
from transformers import (BertConfig, BertForSequenceClassification, DistilBertConfig, DistilBertForSequenceClassification,
                          PreTrainedModel, RobertaConfig, RobertaForSequenceClassification)

import torch_batches as batches
import torch_bi
import torch_cross
import torch_roberta
from torch_fixture import float32, gradients, int32, worst_gradient_error, write_case
from torch_models import TINY, TINY_SHAPE, load, randomise

# A folder of its own: the cases beside it are those without dropout.
SUBFOLDER = "dropout"

# Three probabilities that differ, so that none can stand in for another.
HIDDEN, ATTENTION, CLASSIFIER = 0.2, 0.3, 0.4
BERT_DROPOUT = dict(hidden_dropout_prob=HIDDEN, attention_probs_dropout_prob=ATTENTION, classifier_dropout=CLASSIFIER)
DISTILBERT_DROPOUT = dict(dropout=HIDDEN, attention_dropout=ATTENTION, seq_classif_dropout=CLASSIFIER)

# What drops: module -> our names of the sites, one for each time that it drops in a forward pass, in that order.
Sites = dict[str, list[str]]


def encoder_sites(layers: str, modules: dict[str, str]) -> Sites:
    """Sites of an encoder of two layers; `modules` are those of a layer that drop. Attention weights are dropped by a function that
    belongs to no module of its own: the module that calls it stands for it."""
    encoder = layers.split(".")[0]
    inside = {f"{layers}.{i}.{module}": [f"{i}.{site}"] for i in range(2) for module, site in modules.items()}
    return {f"{encoder}.embeddings.dropout": ["embeddings"], **inside}


BERT_LAYER = {"attention.self": "attention", "attention.output.dropout": "attentionOutput", "output.dropout": "output"}
BERT_ENCODER = encoder_sites("bert.encoder.layer", BERT_LAYER)
BERT = {**BERT_ENCODER, "dropout": ["pooled"]}
# The head drops the first token's vector before its dense layer too, with the same module.
ROBERTA = {**encoder_sites("roberta.encoder.layer", BERT_LAYER), "classifier.dropout": ["first", "pooled"]}
# Nothing drops between the attention's output and the residual.
DISTILBERT = {**encoder_sites("distilbert.transformer.layer", {"attention": "attention", "ffn.dropout": "output"}),
              "dropout": ["pooled"]}
# Queries are encoded first, then products.
BI = {module: [f"{tower}.{site}" for tower in ("q", "p") for site in sites] for module, sites in BERT_ENCODER.items()}


@dataclass
class Masks:
    """Masks (0 or 1/(1 − p), exactly float32) and probabilities by site. A mask is drawn when torch first drops there, from the seed and
    the site's name, so that it does not depend on the order; later passes get the same one."""

    seed: int
    by_site: dict[str, torch.Tensor] = field(default_factory=dict)
    probabilities: dict[str, float] = field(default_factory=dict)

    def at(self, site: str, shape: tuple[int, ...], probability: float) -> torch.Tensor:
        # Hidden states are `[batch, tokens, hidden]` in torch and `[rows, hidden]` in our graph: the same numbers in the same order.
        ours = shape if len(shape) != 3 else (shape[0] * shape[1], shape[2])
        if site not in self.by_site:
            draw = np.random.default_rng([self.seed, zlib.crc32(site.encode())]).random(ours)
            mask = float32(np.where(draw < probability, 0.0, 1 / (1 - probability)))
            if len(mask.unique()) != 2:
                raise RuntimeError(f"the mask of {site} drops nothing or everything; take another seed")
            self.by_site[site], self.probabilities[site] = mask, probability
        if tuple(self.by_site[site].shape) != ours or self.probabilities[site] != probability:
            raise RuntimeError(f"{site} drops {ours} with probability {probability}, and did not before")
        return self.by_site[site].view(shape)


@contextmanager
def given_masks(model: PreTrainedModel, sites: Sites, masks: Masks) -> Iterator[None]:
    """Dropout in one pass of the model is the multiplication with a mask. Raises where torch drops and there is no site, where there is a
    site and torch does not drop, and when anything else was random."""
    running: list[str] = []
    pending = {module: list(names) for module, names in sites.items()}

    def dropout(x: torch.Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> torch.Tensor:
        module = running[-1]
        if not training or not 0 < p < 1:
            raise RuntimeError(f"{module} drops with probability {p}, training {training}")
        if not pending.get(module):
            raise RuntimeError(f"{module} drops {tuple(x.shape)}, and the case has no site for that")
        return x * masks.at(pending[module].pop(0), tuple(x.shape), p).to(x.dtype)

    def leave(*_: object) -> None:
        running.pop()

    handles = []
    for name, module in model.named_modules():
        handles += [module.register_forward_pre_hook(lambda *_, name=name: running.append(name)), module.register_forward_hook(leave)]
    random_state = torch.get_rng_state()
    # nn.Dropout and the attention both call this function.
    with mock.patch.object(F, "dropout", dropout):
        yield
    for handle in handles:
        handle.remove()
    # A dropout of any other name would have drawn from torch's generator.
    if not torch.equal(random_state, torch.get_rng_state()):
        raise RuntimeError("torch drew random numbers: it dropped by another function than the one replaced")
    unused = [site for names in pending.values() for site in names]
    if unused:
        raise RuntimeError(f"torch dropped nothing at {', '.join(unused)}")


Run = tuple[dict[str, torch.Tensor], float]


def write(folder: Path, name: str, model_folder: str, architecture, sites: Sites, batch: dict[str, torch.Tensor], seed: int,
          run: Callable[[PreTrainedModel], Run], case: dict) -> None:
    """One case: what `run` makes (outputs with gradients, and the loss) of the model in train mode, in float64 and in float32."""
    masks, runs = Masks(seed), []
    for dtype in (torch.float64, torch.float32):
        model = load(folder / SUBFOLDER / model_folder, dtype, architecture).train()
        with given_masks(model, sites, masks):
            runs.append(run(model))
    (reference, loss), (single, single_loss) = runs
    expected_gradients = {key: value for key, value in reference.items() if key.startswith("grad.")}
    dropped = {f"dropout.{site}": mask for site, mask in masks.by_site.items()}
    write_case(folder / SUBFOLDER, name, {**batch, **dropped, **reference}, {
        **case, "modelFolder": f"{SUBFOLDER}/{model_folder}", "loss": loss, "dropout": masks.probabilities,
        "float32": {
            "loss": abs(single_loss - loss) / abs(loss),
            "worstGradient": worst_gradient_error(single, expected_gradients),
        },
    })


def write_cross(folder: Path, model_folder: str, architecture, sites: Sites, batch: dict[str, torch.Tensor], seed: int) -> None:
    write(folder, f"{model_folder}-cross-mse", model_folder, architecture, sites, batch, seed,
          lambda model: torch_cross.run(model, batch, "mse"), {
              "kind": "cross-encoder", "lossName": "mse", "batch": batch["ids"].shape[0], "tokens": batch["ids"].shape[1],
              "labels": batch["targets"].shape[1],
          })


def write_bi(folder: Path, model_folder: str, seed: int) -> None:
    batch = torch_bi.pair_batch(seed, "tiny")

    def run(model: PreTrainedModel) -> Run:
        loss, embeddings = torch_bi.loss_of(model, batch, "cosine-mse", "mean")
        loss.backward()
        outputs = {f"{side}.embedding": value.detach().double() for side, value in embeddings.items()}
        return {**outputs, **gradients(model)}, loss.item()

    write(folder, f"{model_folder}-bi-cosine-mse-mean", model_folder, BertForSequenceClassification, BI, batch, seed, run, {
        "kind": "bi-encoder", "lossName": "cosine-mse", "pooling": "mean", "normalize": True, "batch": batch["q.ids"].shape[0],
        "queryTokens": batch["q.ids"].shape[1], "productTokens": batch["p.ids"].shape[1],
    })


def cross_batch(seed: int, specials: dict[str, int]) -> dict[str, torch.Tensor]:
    """Three pairs without token types, two of them padded."""
    text = batches.texts(np.random.default_rng(seed), [7, 4, 6], 7, 50, **specials, pair=True, types=1)
    return {**{key: int32(value) for key, value in text.items()}, "targets": float32(np.array([[1.0], [0.1], [0.0]]))}


def write_cases(folder: Path) -> None:
    models = {
        "tiny": BertForSequenceClassification(BertConfig(**TINY_SHAPE, num_labels=1, **BERT_DROPOUT)),
        "tiny-roberta": RobertaForSequenceClassification(RobertaConfig(
            **{**TINY_SHAPE, "max_position_embeddings": 34, "type_vocab_size": 1}, pad_token_id=1, layer_norm_eps=1e-5, num_labels=1,
            **BERT_DROPOUT)),
        "tiny-distilbert": DistilBertForSequenceClassification(DistilBertConfig(
            vocab_size=50, dim=8, n_heads=2, n_layers=2, hidden_dim=16, max_position_embeddings=32, num_labels=1, **DISTILBERT_DROPOUT)),
    }
    for seed, (name, model) in enumerate(models.items(), start=901):
        randomise(model, TINY, seed)
        model.save_pretrained(folder / SUBFOLDER / name)
    write_cross(folder, "tiny", BertForSequenceClassification, BERT, torch_cross.tiny_batch(911, 1), 911)
    write_cross(folder, "tiny-roberta", RobertaForSequenceClassification, ROBERTA, cross_batch(912, torch_roberta.SPECIALS), 912)
    write_cross(folder, "tiny-distilbert", DistilBertForSequenceClassification, DISTILBERT, cross_batch(913, batches.BERT_SPECIALS),
                913)
    write_bi(folder, "tiny", 914)
