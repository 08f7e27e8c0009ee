"""RobertaForSequenceClassification at tiny size: its own position ids and classification head (dense, tanh, out_proj)."""

from pathlib import Path

import numpy as np
from transformers import RobertaConfig, RobertaForSequenceClassification

import torch_batches as batches
from torch_cross import write_cross
from torch_fixture import float32, int32
from torch_models import TINY, randomise

SPECIALS = dict(pad=1, first=0, separator=2)


def write_cases(folder: Path) -> None:
    # Positions count from pad_token_id + 1, so 32 tokens need 34 rows; the eps of real RoBERTa checkpoints differs from BERT's.
    config = RobertaConfig(vocab_size=50, hidden_size=8, num_attention_heads=2, num_hidden_layers=2, intermediate_size=16,
                           max_position_embeddings=34, type_vocab_size=1, pad_token_id=1, layer_norm_eps=1e-5, num_labels=1,
                           hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0, classifier_dropout=0.0)
    model = RobertaForSequenceClassification(config)
    randomise(model, TINY, 104)
    model.save_pretrained(folder / "tiny-roberta")
    text = batches.texts(np.random.default_rng(701), [7, 4, 6], 7, 50, **SPECIALS, pair=True, types=1)
    batch = {**{key: int32(value) for key, value in text.items()}, "targets": float32(np.array([[1.0], [0.1], [0.0]]))}
    write_cross(folder, "tiny-roberta-cross-mse", "tiny-roberta", "mse", batch, architecture=RobertaForSequenceClassification)
