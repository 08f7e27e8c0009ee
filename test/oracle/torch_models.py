"""Hugging Face folders with seeded random weights that are exactly float32, and how the other scripts load them."""

from pathlib import Path

import numpy as np
import torch
from transformers import BertConfig, BertForSequenceClassification, PreTrainedModel
from transformers.utils import logging

from torch_fixture import float32

logging.disable_progress_bar()

# No part of a real model is at its initial value: every bias and LayerNorm is random, so that none can be forgotten unnoticed.
TINY = {"weight": 0.3, "bias": 0.2, "norm": 0.2}
SMALL = {"weight": 0.08, "bias": 0.05, "norm": 0.1}

TINY_SHAPE = dict(vocab_size=50, hidden_size=8, num_attention_heads=2, num_hidden_layers=2, intermediate_size=16,
                  max_position_embeddings=32, type_vocab_size=2)
SMALL_SHAPE = dict(vocab_size=400, hidden_size=64, num_attention_heads=4, num_hidden_layers=2, intermediate_size=128,
                   max_position_embeddings=128, type_vocab_size=2)

# name -> (shape, standard deviations, labels, seed)
BERT_FOLDERS = {
    "tiny": (TINY_SHAPE, TINY, 1, 101),
    "tiny-labels4": (TINY_SHAPE, TINY, 4, 102),
    "small": (SMALL_SHAPE, SMALL, 1, 103),
}


def randomise(model: PreTrainedModel, spread: dict[str, float], seed: int) -> None:
    """Draws every parameter in the order of its name."""
    rng = np.random.default_rng(seed)
    with torch.no_grad():
        for name, parameter in sorted(model.named_parameters()):
            draw = rng.standard_normal(tuple(parameter.shape))
            is_norm = "layernorm" in name.lower() or "layer_norm" in name.lower()
            if is_norm:
                draw = draw * spread["norm"] + (1.0 if name.endswith("weight") else 0.0)
            else:
                draw = draw * spread["bias" if name.endswith("bias") else "weight"]
            parameter.copy_(float32(draw))


def write_models(folder: Path) -> None:
    for name, (shape, spread, labels, seed) in BERT_FOLDERS.items():
        config = BertConfig(**shape, num_labels=labels, hidden_act="gelu", layer_norm_eps=1e-12, hidden_dropout_prob=0.0,
                            attention_probs_dropout_prob=0.0, classifier_dropout=0.0)
        model = BertForSequenceClassification(config)
        randomise(model, spread, seed)
        model.save_pretrained(folder / name)


def load(folder: Path, dtype: torch.dtype = torch.float64, architecture=BertForSequenceClassification) -> PreTrainedModel:
    """The model of a folder with its float32 parameters cast to `dtype`; dropout is 0 in the configuration."""
    return architecture.from_pretrained(folder, attn_implementation="eager", dtype=torch.float32).to(dtype).eval()
