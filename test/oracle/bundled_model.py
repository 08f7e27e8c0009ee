"""How close the bundled int8 model is to the original weights: cosine of sentence embeddings and ESCI nDCG.

    python test/oracle/bundled_model.py ORIGINAL_MODEL_FOLDER [ESCI_SAMPLE]

Bounds: cosine on the sample's test titles median ≥ 0.999 and minimum ≥ 0.998; ESCI nDCG of all queries within 0.002.
Exit code 1 when one is missed.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import torch
from safetensors.numpy import load_file
from sentence_transformers import SentenceTransformer

GAIN = {"E": 1.0, "S": 0.1, "C": 0.01, "I": 0.0}
BUNDLED = Path(__file__).parents[2] / "assets" / "models" / "all-MiniLM-L6-v2" / "model.int8.safetensors"


def dequantised(path: Path) -> dict[str, torch.Tensor]:
    """The float32 tensors that the int8 file stands for."""
    stored = load_file(path)
    tensors = {}
    for name, tensor in stored.items():
        if name.endswith(".scale"):
            continue
        if tensor.dtype == np.int8:
            tensor = tensor.astype(np.float32) * stored[f"{name}.scale"][:, None]
        tensors[name] = torch.from_numpy(tensor)
    return tensors


def esci_ndcg(scores: np.ndarray, gains: np.ndarray) -> float:
    """Linear gains over log2(rank + 1), full list."""
    discounts = 1 / np.log2(np.arange(len(gains)) + 2)
    return float((gains[np.argsort(-scores, kind="stable")] * discounts).sum() / (np.sort(gains)[::-1] * discounts).sum())


def mean_ndcg(model: SentenceTransformer, table) -> float:
    values = []
    for query, rows in table.groupby("query"):
        texts = model.encode([query, *rows.product_title.fillna("")], normalize_embeddings=True, show_progress_bar=False)
        values.append(esci_ndcg(texts[1:] @ texts[0], rows.esci_label.map(GAIN).to_numpy()))
    return float(np.mean(values))


def main(original: Path, sample: Path) -> bool:
    torch.set_num_threads(2)
    splits = {name: pq.read_table(next((sample / "hub" / "data").glob(f"{name}-*.parquet"))).to_pandas() for name in ("train", "dev", "test")}
    titles = list(splits["test"].product_title.fillna("").unique())
    model = SentenceTransformer(str(original), device="cpu")
    every = pd.concat(splits.values())
    before, ndcg_before = model.encode(titles, normalize_embeddings=True), mean_ndcg(model, every)
    missing = model[0].auto_model.load_state_dict(dequantised(BUNDLED), strict=False)
    assert not missing.unexpected_keys and all("position_ids" in key for key in missing.missing_keys), missing
    after, ndcg_after = model.encode(titles, normalize_embeddings=True), mean_ndcg(model, every)
    cosine = (before * after).sum(axis=1)
    print(f"{len(titles)} test titles: cosine median {np.median(cosine):.5f}, minimum {cosine.min():.5f}")
    print(f"ESCI nDCG of {every['query'].nunique()} queries: original {ndcg_before:.4f}, bundled {ndcg_after:.4f}, difference {ndcg_after - ndcg_before:+.4f}")
    return np.median(cosine) >= 0.999 and cosine.min() >= 0.998 and abs(ndcg_after - ndcg_before) <= 0.002


if __name__ == "__main__":
    default = Path(__file__).parents[3] / "shared" / "esci-sample"
    sys.exit(0 if main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else default) else 1)
