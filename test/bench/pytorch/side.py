"""PyTorch's side of the kernels bench: trains what it is asked to, and replies on stdout to each JSON line on stdin."""

import json
import math
import signal
import sys
import time

import torch
from torch import nn

from models import build

# As in test/bench/fixed-batch.ts. The rate is small so that the loss falls from the first step on, in any model.
SGD = {"lr": 0.001, "momentum": 0.9, "nesterov": True, "weight_decay": 5e-4}

LAYOUTS = {"NCHW": torch.contiguous_format, "NHWC": torch.channels_last}


class FixedBatch:
    """One model and one batch of random pictures in a memory layout."""

    def __init__(self, request: dict, layout: str) -> None:
        torch.manual_seed(1)
        batch, classes = request["batch"], request["classes"]
        height, width, channels = request["inputShape"]
        shape = (channels, height, width)
        model = build(request["architecture"], request["norm"], shape, classes)
        self.model = model.to(memory_format=LAYOUTS[layout]).train()
        self.images = torch.rand(batch, *shape).contiguous(memory_format=LAYOUTS[layout])
        self.labels = torch.arange(batch) % classes
        self.optimizer = torch.optim.SGD(self.model.parameters(), **SGD)

    def run(self, steps: int) -> dict:
        total = torch.zeros(())
        start = time.perf_counter()
        for _ in range(steps):
            self.optimizer.zero_grad(set_to_none=True)
            loss = nn.functional.cross_entropy(self.model(self.images), self.labels)
            loss.backward()
            self.optimizer.step()
            total += loss.detach()
        loss = total.item() / steps
        seconds = time.perf_counter() - start
        return {"seconds": seconds, "loss": loss if math.isfinite(loss) else None}

    def describe(self) -> dict:
        parameters = sum(weight.numel() for weight in self.model.parameters())
        return {"parameters": parameters, "macs": count_macs(self.model, self.images[:1])}


def count_macs(model: nn.Module, image: torch.Tensor) -> int:
    """Multiply-accumulates of convolutions and dense layers: each uses its kernel once for each output position."""
    total = 0

    def add(layer: nn.Module, _: object, output: torch.Tensor) -> None:
        nonlocal total
        total += layer.weight.numel() * output[0, 0].numel()

    layers = [layer for layer in model.modules() if isinstance(layer, (nn.Conv2d, nn.Linear))]
    hooks = [layer.register_forward_hook(add) for layer in layers]
    with torch.no_grad():
        model.eval()(image)
    model.train()
    for hook in hooks:
        hook.remove()
    return total


def faster_layout(request: dict) -> str:
    """The faster layout depends on the model, so each is tried in turn after a warm-up."""
    candidates = {layout: FixedBatch(request, layout) for layout in LAYOUTS}
    seconds = {layout: [] for layout in candidates}
    for trial in range(4):
        for layout, candidate in candidates.items():
            taken = candidate.run(2)["seconds"]
            if trial > 0:
                seconds[layout].append(taken)
    return min(seconds, key=lambda layout: min(seconds[layout]))


class Side:
    def __init__(self) -> None:
        self.training = None

    def start(self, threads: int, **_: object) -> dict:
        torch.set_num_threads(threads)
        # Values that are almost zero would make its steps slow, and PyTorch can set them to zero.
        torch.set_flush_denormal(True)
        return {"name": f"PyTorch {torch.__version__}"}

    def load(self, **request: object) -> dict:
        self.training = None
        layout = faster_layout(request)
        self.training = FixedBatch(request, layout)
        return {**self.training.describe(), "detail": f"{layout}, the faster of both layouts"}

    def run(self, steps: int) -> dict:
        return self.training.run(steps)

    def profile(self, **_: object) -> dict:
        raise NotImplementedError("PyTorch is timed, not profiled")


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    side = Side()
    for line in sys.stdin:
        request = json.loads(line)
        try:
            reply = getattr(side, request.pop("do"))(**request)
        except Exception as error:
            reply = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(reply), flush=True)


main()
