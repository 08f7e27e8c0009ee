"""DistilBertForSequenceClassification at tiny size: no types, no pooler, and a head of pre_classifier, relu, classifier."""

from pathlib import Path

import numpy as np
from transformers import DistilBertConfig, DistilBertForSequenceClassification

import torch_batches as batches
from torch_cross import write_cross
from torch_fixture import float32, int32
from torch_models import TINY, randomise


def write_cases(folder: Path) -> None:
    config = DistilBertConfig(vocab_size=50, dim=8, n_heads=2, n_layers=2, hidden_dim=16, max_position_embeddings=32, num_labels=1,
                              dropout=0.0, attention_dropout=0.0, seq_classif_dropout=0.0)
    model = DistilBertForSequenceClassification(config)
    randomise(model, TINY, 105)
    model.save_pretrained(folder / "tiny-distilbert")
    text = batches.texts(np.random.default_rng(702), [7, 4, 6], 7, 50, **batches.BERT_SPECIALS, pair=True, types=1)
    batch = {**{key: int32(value) for key, value in text.items()}, "targets": float32(np.array([[1.0], [0.1], [0.0]]))}
    write_cross(folder, "tiny-distilbert-cross-mse", "tiny-distilbert", "mse", batch,
                architecture=DistilBertForSequenceClassification)
