"""Scoring speed of sentence-transformers' `CrossEncoder.predict` (cpu, fp32) on a file of pairs, as one line of JSON."""

import argparse
import json
import statistics
import sys
import time
from pathlib import Path

from peers_pairs import read_pairs, versions

import torch
from sentence_transformers.cross_encoder import CrossEncoder


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path, help="Hugging Face folder")
    parser.add_argument("pairs", type=Path, help='jsonl: {"query", "title", "gain"}')
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--limit", type=int, default=0, help="score only the first pairs of the file; 0: all")
    parser.add_argument("--repeats", type=int, default=1, help="times the whole file is scored")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)

    pairs = [(pair["query"], pair["title"]) for pair in read_pairs(options.pairs)]
    pairs = pairs[: options.limit or None]
    model = CrossEncoder(str(options.model), num_labels=1, device="cpu", local_files_only=True, model_kwargs={"dtype": torch.float32})
    model.predict(pairs[: 2 * options.batch], batch_size=options.batch, show_progress_bar=False)
    seconds = []
    for _ in range(options.repeats):
        start = time.perf_counter()
        model.predict(pairs, batch_size=options.batch, show_progress_bar=False)
        seconds.append(time.perf_counter() - start)
    json.dump({
        "peer": "sentence-transformers CrossEncoder.predict", "pairsPerSecond": len(pairs) / statistics.median(seconds),
        "repeatSeconds": seconds, "batch": options.batch, "threads": options.threads,
        "dtype": str(next(model.parameters()).dtype), "pairs": len(pairs), "versions": versions(),
    }, sys.stdout)
    print()


if __name__ == "__main__":
    main()
