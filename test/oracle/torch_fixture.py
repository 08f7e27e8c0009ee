"""The file format of an oracle case: one safetensors file whose metadata key `case` is JSON (see README.md)."""

import json
from pathlib import Path

import numpy as np
import torch
from safetensors import safe_open
from safetensors.torch import save_file

# One thread: float sums then have one order, so that a rerun on the same machine is bit-equal.
torch.set_num_threads(1)


def write_case(folder: Path, name: str, tensors: dict[str, torch.Tensor], case: dict) -> None:
    """Writes `<folder>/<name>.safetensors`; `case` holds what is no tensor (loss, model folder, shapes…)."""
    folder.mkdir(parents=True, exist_ok=True)
    contiguous = {key: tensor.detach().contiguous() for key, tensor in tensors.items()}
    case = {**case, "shapes": {key: list(tensor.shape) for key, tensor in contiguous.items()}}
    save_file(contiguous, folder / f"{name}.safetensors", metadata={"case": json.dumps(case)})


def read_case(path: Path) -> tuple[dict[str, torch.Tensor], dict]:
    """Tensors and metadata of a case; a plain model file has the metadata {}."""
    with safe_open(path, framework="pt") as file:
        tensors = {key: file.get_tensor(key) for key in file.keys()}
        metadata = file.metadata() or {}
    return tensors, json.loads(metadata.get("case", "{}"))


def int32(array: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(np.ascontiguousarray(array, dtype=np.int32))


def float32(array: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(np.ascontiguousarray(array, dtype=np.float32))


def gradients(model: torch.nn.Module, prefix: str = "") -> dict[str, torch.Tensor]:
    """`grad.<parameter>` of every parameter that received one, rounded to float32."""
    return {
        f"grad.{prefix}{name}": parameter.grad.to(torch.float32)
        for name, parameter in model.named_parameters()
        if parameter.grad is not None
    }


def worst_gradient_error(tensors: dict[str, torch.Tensor], reference: dict[str, torch.Tensor]) -> float:
    """Largest ‖g−g′‖/‖g′‖ over parameters; key biases (true gradient 0) are left out."""
    errors = [
        ((tensors[key].double() - value.double()).norm() / value.double().norm()).item()
        for key, value in reference.items()
        if not is_key_bias(key)
    ]
    return max(errors)


def is_key_bias(name: str) -> bool:
    """A bias on the keys adds the same to every score of a row, so softmax cancels it: its true gradient is zero."""
    return name.endswith(("attention.self.key.bias", "attention.k_lin.bias"))
