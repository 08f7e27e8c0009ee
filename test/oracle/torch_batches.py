"""Seeded batches of token ids with ragged lengths; padding has id `pad`, type 0 and mask 0."""

import numpy as np

GAINS = np.array([1.0, 0.1, 0.01, 0.0], dtype=np.float32)
BERT_SPECIALS = dict(pad=0, first=1, separator=2)


def ragged_lengths(rng: np.random.Generator, batch: int, shortest: int, longest: int) -> list[int]:
    """One row has the full length, so that the batch is padded to it."""
    return [longest, *rng.integers(shortest, longest + 1, batch - 1).tolist()]


def texts(rng: np.random.Generator, lengths: list[int], longest: int, vocab: int, pad: int, first: int, separator: int,
          pair: bool, types: int = 2) -> dict[str, np.ndarray]:
    """ids, typeIds and mask `[batch, tokens]`: first … separator, or as a pair: first … separator … separator."""
    shape = (len(lengths), longest)
    ids, type_ids, mask = np.full(shape, pad), np.zeros(shape, dtype=int), np.zeros(shape, dtype=int)
    for row, length in enumerate(lengths):
        ids[row, :length] = rng.integers(3, vocab, length)
        ids[row, 0], ids[row, length - 1] = first, separator
        mask[row, :length] = 1
        if pair:
            boundary = int(rng.integers(1 + (length > 4), max(3, length // 2)))
            ids[row, boundary] = separator
            if types > 1:
                type_ids[row, boundary + 1 : length] = 1
    return {"ids": ids, "typeIds": type_ids, "mask": mask}


def gains(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    return GAINS[rng.integers(0, len(GAINS), shape)]


def one_hot(rng: np.random.Generator, batch: int, labels: int) -> np.ndarray:
    return np.eye(labels, dtype=np.float32)[rng.integers(0, labels, batch)]
