"""The models of the zoo in PyTorch, built from the same description (shared/protocol/model-zoo.ts) and equal layer by layer
to client/trainer/models: they put out logits, no softmax. One thing differs and costs the same: with stride 2 PyTorch pads
both edges, TensorFlow pads the far edge more."""

from typing import Callable

import torch
from torch import nn

Norm = Callable[[int], nn.Module]


def build(architecture: dict, norm: str, shape: tuple[int, int, int], classes: int) -> nn.Module:
    """A model for inputs of `shape` (channels, height, width), with He initialisation, biases zero."""
    options = dict(architecture)
    family = options.pop("family")
    model = FAMILIES[family](NORMS[norm], shape, classes, **options)
    if family != "small-cnn":
        model = nn.Sequential(Standardise(), *model)
    for module in model.modules():
        if isinstance(module, (nn.Conv2d, nn.Linear)):
            nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
            if module.bias is not None:
                nn.init.zeros_(module.bias)
    return model


class Standardise(nn.Module):
    """Pixels in [0, 1] to [-2, 2]."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * 4 - 2


def group_norm(channels: int) -> nn.Module:
    groups = next(groups for groups in range(8, 0, -1) if channels % groups == 0)
    return nn.GroupNorm(groups, channels, eps=1e-5)


def batch_norm(channels: int) -> nn.Module:
    return nn.BatchNorm2d(channels, eps=1e-5, momentum=0.1)


NORMS = {"group": group_norm, "batch": batch_norm}


def conv(inputs: int, outputs: int, size: int, stride: int = 1, groups: int = 1, bias: bool = False) -> nn.Conv2d:
    return nn.Conv2d(inputs, outputs, size, stride, padding=size // 2, groups=groups, bias=bias)


def normed(norm: Norm, convolution: nn.Conv2d) -> list[nn.Module]:
    return [convolution, norm(convolution.out_channels), nn.ReLU(inplace=True)]


def mean_head(channels: int, classes: int) -> list[nn.Module]:
    return [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, classes)]


def small_cnn(_: Norm, shape: tuple[int, int, int], classes: int, widths: list[int]) -> nn.Module:
    first, second = widths
    channels, height, width = shape
    return nn.Sequential(
        conv(channels, first, 3, bias=True),
        nn.ReLU(inplace=True),
        nn.MaxPool2d(2),
        conv(first, second, 3, bias=True),
        nn.ReLU(inplace=True),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(second * (height // 4) * (width // 4), classes),
    )


def stages(norm: Norm, channels: int, widths: list[list[int]], classes: int, bias: bool) -> nn.Module:
    """Convolutions with norm and ReLU, a max pool after each stage; then the mean and a dense layer."""
    layers: list[nn.Module] = []
    for stage in widths:
        for width in stage:
            layers += normed(norm, conv(channels, width, 3, bias=bias))
            channels = width
        layers.append(nn.MaxPool2d(2))
    return nn.Sequential(*layers, *mean_head(channels, classes))


def flat_cnn(norm: Norm, shape: tuple[int, int, int], classes: int, widths: list[int]) -> nn.Module:
    channels, height, width = shape
    layers: list[nn.Module] = []
    for filters in widths:
        layers += [*normed(norm, conv(channels, filters, 3)), nn.MaxPool2d(2, ceil_mode=True)]
        channels, height, width = filters, (height + 1) // 2, (width + 1) // 2
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(channels * height * width, classes))


def deep_cnn(norm: Norm, shape: tuple[int, int, int], classes: int) -> nn.Module:
    return stages(norm, shape[0], [[32, 32], [64, 64], [128]], classes, bias=False)


def vgg16(norm: Norm, shape: tuple[int, int, int], classes: int, divisor: int) -> nn.Module:
    widths = [[64] * 2, [128] * 2, [256] * 3, [512] * 3, [512] * 3]
    return stages(norm, shape[0], [[width // divisor for width in stage] for stage in widths], classes, bias=True)


class Residual(nn.Module):
    def __init__(self, norm: Norm, inputs: int, inner: int, outputs: int, groups: int, stride: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            *normed(norm, conv(inputs, inner, 1)),
            *normed(norm, conv(inner, inner, 3, stride, groups)),
            conv(inner, outputs, 1),
            norm(outputs),
        )
        is_same = inputs == outputs and stride == 1
        self.shortcut = (
            nn.Identity() if is_same else nn.Sequential(conv(inputs, outputs, 1, stride), norm(outputs))
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.relu_(self.body(x) + self.shortcut(x))


def resnext(
    norm: Norm,
    shape: tuple[int, int, int],
    classes: int,
    blocks: int,
    cardinality: int,
    pathWidth: int,
    widen: int,
    stem: dict,
    **_: object,
) -> nn.Module:
    channels = stem["filters"]
    layers = normed(norm, conv(shape[0], channels, 3, stem["strides"]))
    for stage in range(3):
        inner, outputs = cardinality * pathWidth * 2**stage, 64 * widen * 2**stage
        for block in range(blocks):
            stride = 2 if stage > 0 and block == 0 else 1
            layers.append(Residual(norm, channels, inner, outputs, cardinality, stride))
            channels = outputs
    return nn.Sequential(*layers, *mean_head(channels, classes))


class DenseLayer(nn.Module):
    def __init__(self, norm: Norm, inputs: int, growth: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            norm(inputs),
            nn.ReLU(inplace=True),
            *normed(norm, conv(inputs, 4 * growth, 1)),
            conv(4 * growth, growth, 3),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.cat([x, self.body(x)], 1)


def densenet(
    norm: Norm, shape: tuple[int, int, int], classes: int, depth: int, growth: int, stem: dict
) -> nn.Module:
    channels = stem["filters"]
    layers: list[nn.Module] = [conv(shape[0], channels, 3, stem["strides"])]
    for block in range(3):
        if block > 0:
            layers += [norm(channels), nn.ReLU(inplace=True), conv(channels, channels // 2, 1), nn.AvgPool2d(2)]
            channels //= 2
        for _ in range((depth - 4) // 6):
            layers.append(DenseLayer(norm, channels, growth))
            channels += growth
    return nn.Sequential(*layers, norm(channels), nn.ReLU(inplace=True), *mean_head(channels, classes))


FAMILIES = {
    "small-cnn": small_cnn,
    "flat-cnn": flat_cnn,
    "deep-cnn": deep_cnn,
    "vgg16": vgg16,
    "resnext": resnext,
    "densenet": densenet,
}
