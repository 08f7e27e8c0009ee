"""What the peers' scripts share: the pairs file and the thread count."""

import json
import os
from pathlib import Path

# The peers load a model folder; nothing may be looked up on a hub.
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "true")


def read_pairs(path: Path) -> list[dict]:
    """One JSON object a line: `query`, `title`, `gain`."""
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def versions() -> dict[str, str]:
    import sentence_transformers
    import torch

    return {"torch": torch.__version__, "sentence-transformers": sentence_transformers.__version__}
