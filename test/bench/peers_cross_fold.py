"""Fine-tunes a cross-encoder with sentence-transformers on one fold of the real-data study, and prints its ESCI nDCG on the fold's test queries.

    python test/bench/peers_cross_fold.py MODEL_FOLDER FOLD_FOLDER [--seed 1]

FOLD_FOLDER is a `fold-N` that test/bench/cross-validation.ts wrote. The settings are the study's: MSE, 3 epochs, lr 5e-5, warm-up 0.1, batch 32, eight
train queries left out.
"""

import argparse
import json
import math
import os
import random
import tempfile
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"

import torch
from datasets import Dataset
from sentence_transformers.cross_encoder import CrossEncoder, CrossEncoderTrainer, CrossEncoderTrainingArguments
from sentence_transformers.cross_encoder.losses import MSELoss

GAINS = {"E": 1.0, "S": 0.1, "C": 0.01, "I": 0.0}
N_DEV_QUERIES = 8


def read(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf8").splitlines()]


def esci_ndcg(scored: list[tuple[float, str]]) -> float:
    def dcg(labels: list[str]) -> float:
        return sum(GAINS[label] / math.log2(rank + 2) for rank, label in enumerate(labels))

    ranked = [label for _, label in sorted(scored, key=lambda pair: -pair[0])]
    return dcg(ranked) / dcg(sorted(ranked, key=lambda label: -GAINS[label]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("fold", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(2)
    train, test = read(options.fold / "train.jsonl"), read(options.fold / "test.jsonl")
    queries = sorted({row["query_id"] for row in train})
    random.Random(options.seed).shuffle(queries)
    left_out = set(queries[:N_DEV_QUERIES])
    train = [row for row in train if row["query_id"] not in left_out]
    model = CrossEncoder(str(options.model), num_labels=1, device="cpu", local_files_only=True, model_kwargs={"dtype": torch.float32})
    data = Dataset.from_dict({
        "query": [row["query"] for row in train],
        "title": [row["product_title"] for row in train],
        "label": [GAINS[row["esci_label"]] for row in train],
    })
    with tempfile.TemporaryDirectory() as folder:
        arguments = CrossEncoderTrainingArguments(
            output_dir=folder, per_device_train_batch_size=32, num_train_epochs=3, learning_rate=5e-5, warmup_ratio=0.1,
            seed=options.seed, use_cpu=True, save_strategy="no", report_to="none", disable_tqdm=True,
        )
        CrossEncoderTrainer(model=model, args=arguments, train_dataset=data, loss=MSELoss(model)).train()
    scores = model.predict([(row["query"], row["product_title"]) for row in test], batch_size=32)
    by_query: dict[str, list[tuple[float, str]]] = {}
    for row, score in zip(test, scores, strict=True):
        by_query.setdefault(row["query_id"], []).append((float(score), row["esci_label"]))
    print(f"ESCI nDCG {sum(map(esci_ndcg, by_query.values())) / len(by_query):.4f} over {len(by_query)} queries")


if __name__ == "__main__":
    main()
