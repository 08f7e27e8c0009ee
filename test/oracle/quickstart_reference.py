"""The quickstart in PyTorch: random, BM25, pretrained, fine-tuned and ideal on the bundled data, with intervals.

    python test/oracle/quickstart_reference.py [--seeds 1 2 3] [--lr 1e-4] [--epochs 1] [--loss cosine-mse] [--batch 32]

A plain loop: bi-encoder with mean pooling, AdamW, linear schedule with 10 % warm-up, dropout 0.1. Exit code 1 when
fine-tuned minus pretrained is below 0.03, its interval reaches 0, or BM25 is less than 0.05 below fine-tuned.
"""

import argparse
import json
import math
import re
import sys
import time
from collections import Counter
from pathlib import Path

import numpy as np
import torch
from transformers import AutoConfig, AutoModel, AutoTokenizer

from bundled_model import GAIN, dequantised, esci_ndcg

ASSETS = Path(__file__).parents[2] / "assets"
MODEL = ASSETS / "models" / "all-MiniLM-L6-v2"


def read_split(folder: Path, split: str) -> list[tuple[str, list[str], np.ndarray]]:
    """Query, titles and gains, query by query."""
    queries: dict[str, list[dict]] = {}
    for line in (folder / f"{split}.jsonl").read_text("utf8").splitlines():
        row = json.loads(line)
        queries.setdefault(row["query"], []).append(row)
    return [(q, [r["product_title"] for r in rows], np.array([GAIN[r["esci_label"]] for r in rows])) for q, rows in queries.items()]


class Encoder:
    def __init__(self, max_length: int):
        self.tokenizer = AutoTokenizer.from_pretrained(MODEL)
        self.max_length = max_length
        self.model = AutoModel.from_config(AutoConfig.from_pretrained(MODEL))
        state = self.model.load_state_dict(dequantised(MODEL / "model.int8.safetensors"), strict=False)
        assert not state.unexpected_keys and all("position_ids" in key for key in state.missing_keys), state
        self.n_tokens = 0

    def __call__(self, texts: list[str]) -> torch.Tensor:
        batch = self.tokenizer(texts, padding=True, truncation=True, max_length=self.max_length, return_tensors="pt")
        self.n_tokens += batch["input_ids"].numel()
        hidden = self.model(**batch).last_hidden_state
        mask = batch["attention_mask"][..., None]
        return torch.nn.functional.normalize((hidden * mask).sum(1) / mask.sum(1), dim=-1)

    @torch.no_grad()
    def scores(self, queries) -> list[np.ndarray]:
        self.model.eval()
        texts = sorted({t for q, titles, _ in queries for t in (q, *titles)}, key=len)
        vectors = {}
        for i in range(0, len(texts), 64):
            vectors.update(zip(texts[i : i + 64], self(texts[i : i + 64]).numpy()))
        return [np.array([vectors[t] @ vectors[q] for t in titles]) for q, titles, _ in queries]


def bm25(queries, k1=1.2, b=0.75) -> list[np.ndarray]:
    """Okapi BM25 with statistics over all titles of the split."""
    words = lambda text: re.findall(r"[a-z0-9]+", text.lower())
    titles = {t: Counter(words(t)) for _, ts, _ in queries for t in ts}
    n, average = len(titles), np.mean([sum(c.values()) for c in titles.values()])
    df = Counter(w for c in titles.values() for w in c)
    idf = {w: math.log(1 + (n - f + 0.5) / (f + 0.5)) for w, f in df.items()}

    def score(query: str, title: str) -> float:
        counts = titles[title]
        norm = k1 * (1 - b + b * sum(counts.values()) / average)
        return sum(idf[w] * counts[w] * (k1 + 1) / (counts[w] + norm) for w in words(query) if w in counts)

    return [np.array([score(q, t) for t in ts]) for q, ts, _ in queries]


def ndcgs(queries, scores) -> np.ndarray:
    return np.array([esci_ndcg(s, gains) for (_, _, gains), s in zip(queries, scores)])


def interval(delta: np.ndarray, n=10_000) -> tuple[float, float]:
    rng = np.random.default_rng(0)
    means = delta[rng.integers(0, len(delta), (n, len(delta)))].mean(1)
    return tuple(np.percentile(means, [2.5, 97.5]))


def train(encoder: Encoder, queries, seed: int, options) -> float:
    """Fine-tunes in place; gives the seconds it took."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    pairs = [(q, t, g) for q, titles, gains in queries for t, g in zip(titles, gains)]
    if options.loss == "mnrl":
        pairs = [p for p in pairs if p[2] == 1]
    per_epoch = math.ceil(len(pairs) / options.batch)
    total = per_epoch * options.epochs
    decay = [p for n, p in encoder.model.named_parameters() if p.ndim > 1]
    plain = [p for n, p in encoder.model.named_parameters() if p.ndim <= 1]
    optimiser = torch.optim.AdamW([{"params": decay, "weight_decay": 0.01}, {"params": plain, "weight_decay": 0.0}], lr=options.lr)
    warm = max(1, round(0.1 * total))
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda s: min((s + 1) / warm, (total - s) / max(1, total - warm)))
    start, tokens, losses = time.time(), encoder.n_tokens, []
    for _ in range(options.epochs):
        encoder.model.train()
        order = rng.permutation(len(pairs))
        for i in range(0, len(order), options.batch):
            batch = [pairs[j] for j in order[i : i + options.batch]]
            q, t = encoder([p[0] for p in batch]), encoder([p[1] for p in batch])
            if options.loss == "mnrl":
                loss = torch.nn.functional.cross_entropy(q @ t.T * 20, torch.arange(len(batch)))
            else:
                loss = torch.nn.functional.mse_loss((q * t).sum(1), torch.tensor([p[2] for p in batch], dtype=torch.float32))
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(encoder.model.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            losses.append(loss.item())
    seconds = time.time() - start
    n = len(pairs) * options.epochs
    print(f"  seed {seed}: {len(losses)} steps in {seconds:.0f} s, {n / seconds:.0f} pairs/s, {(encoder.n_tokens - tokens) / n:.1f} tokens a pair (padded), loss {np.mean(losses[:5]):.3f} -> {np.mean(losses[-10:]):.3f}")
    return seconds


def main() -> bool:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, default=ASSETS / "quickstart")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--lr", type=float, default=1e-4)
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--max-length", type=int, default=64)
    parser.add_argument("--loss", choices=["cosine-mse", "mnrl"], default="cosine-mse")
    parser.add_argument("--no-train", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(2)
    data = {split: read_split(options.data, split) for split in ("train", "dev", "test")}
    test = data["test"]
    rng = np.random.default_rng(0)
    random_order = np.mean([ndcgs(test, [rng.random(len(g)) for _, _, g in test]).mean() for _ in range(50)])
    lexical = ndcgs(test, bm25(test))
    start = time.time()
    encoder = Encoder(options.max_length)
    before = ndcgs(test, encoder.scores(test))
    print(f"random {random_order:.4f}  BM25 {lexical.mean():.4f}  pretrained {before.mean():.4f}  ({time.time() - start:.0f} s)  dev {ndcgs(data['dev'], encoder.scores(data['dev'])).mean():.4f}")
    fine = True
    for seed in [] if options.no_train else options.seeds:
        encoder = Encoder(options.max_length)
        train(encoder, data["train"], seed, options)
        after = ndcgs(test, encoder.scores(test))
        dev = ndcgs(data["dev"], encoder.scores(data["dev"])).mean()
        low, high = interval(after - before)
        print(f"  fine-tuned {after.mean():.4f}  delta {after.mean() - before.mean():+.4f} [{low:+.4f}, {high:+.4f}]  over BM25 {after.mean() - lexical.mean():+.4f}  dev {dev:.4f}  wins {np.mean(after > before + 1e-9):.2f} losses {np.mean(after < before - 1e-9):.2f}", flush=True)
        fine &= after.mean() - before.mean() >= 0.03 and low > 0 and after.mean() - lexical.mean() >= 0.05
    return fine


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
