"""Loads the model of a finished run in sentence-transformers and compares its scores with the run's rankings.

    python test/oracle/saved_model.py RUN_FOLDER [--queries 10]

Prints the largest difference and exits with 1 when it is above 1e-4 (relative to scores above 1).
"""

import argparse
import json
import os
import sys
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"

from sentence_transformers import CrossEncoder, SentenceTransformer

TOLERANCE = 1e-4


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", type=Path)
    parser.add_argument("--queries", type=int, default=10)
    options = parser.parse_args()
    lines = (options.run / "rankings" / "test.jsonl").read_text(encoding="utf8").splitlines()[: options.queries]
    queries = [json.loads(line) for line in lines]
    folder = str(options.run / "model")
    is_bi_encoder = (options.run / "model" / "modules.json").exists()
    worst, n_pairs = 0.0, 0
    if is_bi_encoder:
        model = SentenceTransformer(folder, device="cpu")
    else:
        model = CrossEncoder(folder, device="cpu")
    for query in queries:
        titles = [product["title"] for product in query["products"]]
        if is_bi_encoder:
            scores = model.similarity(model.encode([query["text"]]), model.encode(titles))[0].tolist()
        else:
            scores = model.predict([(query["text"], title) for title in titles]).tolist()
        for ours, theirs in zip(query["scores"]["fine-tuned"], scores, strict=True):
            worst = max(worst, abs(ours - theirs) / max(1.0, abs(theirs)))
            n_pairs += 1
    print(f"{n_pairs} pairs, largest difference {worst:.1e}")
    sys.exit(worst > TOLERANCE)


if __name__ == "__main__":
    main()
