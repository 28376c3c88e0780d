"""The bench's models in PyTorch, equal layer by layer to those of client/trainer/models: logits of ten classes."""

from torch import nn

CLASSES = 10


def two_conv() -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(32 * 7 * 7, CLASSES),
    )


# Name to builder and the shape of one input (channels, height, width).
MODELS = {
    "two-conv": (two_conv, (1, 28, 28)),
}


def build(name: str) -> tuple[nn.Module, tuple[int, int, int]]:
    """The model with He initialisation, biases zero, and its input shape."""
    if name not in MODELS:
        raise KeyError(f"no model {name} in PyTorch: there is {', '.join(MODELS)}")
    builder, shape = MODELS[name]
    model = builder()
    for module in model.modules():
        if isinstance(module, (nn.Conv2d, nn.Linear)):
            nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
            if module.bias is not None:
                nn.init.zeros_(module.bias)
    return model, shape
