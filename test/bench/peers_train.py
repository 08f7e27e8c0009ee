"""Training speed of sentence-transformers' CrossEncoderTrainer (cpu, fp32, MSE, one label) on a file of pairs, as one line of JSON.

All settings but batch, steps and threads are the trainer's own defaults: fused AdamW, dropout 0.1, clipping at 1, random batches padded to their longest pair.
"""

import argparse
import contextlib
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

from peers_pairs import read_pairs, versions

import torch
from datasets import Dataset
from sentence_transformers.cross_encoder import CrossEncoder, CrossEncoderTrainer, CrossEncoderTrainingArguments
from sentence_transformers.cross_encoder.losses import MSELoss
from transformers import TrainerCallback


class StepClock(TrainerCallback):
    """The time at the end of every optimiser step; a step's time includes collating its batch."""

    def __init__(self) -> None:
        self.ends: list[float] = []

    def on_step_end(self, args, state, control, **kwargs) -> None:
        self.ends.append(time.perf_counter())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path, help="Hugging Face folder")
    parser.add_argument("pairs", type=Path, help='jsonl: {"query", "title", "gain"}')
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--steps", type=int, default=20, help="steps that are timed")
    parser.add_argument("--warmup", type=int, default=3, help="steps before them")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if options.warmup < 1:
        parser.error("--warmup must be at least 1: the first step has no start time")
    torch.set_num_threads(options.threads)

    pairs = read_pairs(options.pairs)
    data = Dataset.from_dict({
        "query": [pair["query"] for pair in pairs],
        "title": [pair["title"] for pair in pairs],
        "label": [float(pair["gain"]) for pair in pairs],
    })
    model = CrossEncoder(str(options.model), num_labels=1, device="cpu", local_files_only=True, model_kwargs={"dtype": torch.float32})
    clock = StepClock()
    # The trainer prints its own summary; standard output is for the JSON line alone.
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(sys.stderr):
        arguments = CrossEncoderTrainingArguments(
            output_dir=folder, per_device_train_batch_size=options.batch, max_steps=options.warmup + options.steps,
            learning_rate=2e-5, dataloader_drop_last=True, seed=options.seed, use_cpu=True, save_strategy="no", logging_strategy="no",
            report_to="none", disable_tqdm=True)
        CrossEncoderTrainer(model=model, args=arguments, train_dataset=data, loss=MSELoss(model), callbacks=[clock]).train()

    seconds = [after - before for before, after in zip(clock.ends, clock.ends[1:])][-options.steps:]
    json.dump({
        "peer": "sentence-transformers CrossEncoderTrainer", "pairsPerSecond": options.batch * len(seconds) / sum(seconds),
        "medianStepSeconds": statistics.median(seconds), "stepSeconds": seconds, "steps": len(seconds), "batch": options.batch,
        "threads": options.threads, "dtype": str(next(model.parameters()).dtype), "pairs": len(pairs),
        "versions": versions(),
    }, sys.stdout)
    print()


if __name__ == "__main__":
    main()
