"""Blocks that several networks share."""

from torch import nn
from torch.nn import functional

CHANNELS_PER_GROUP = 8


def zeroed(layer):
    """The layer with zero weights, so that the residual branch it ends starts as nothing."""
    for parameter in layer.parameters():
        nn.init.zeros_(parameter)
    return layer


def group_norm(channels):
    return nn.GroupNorm(channels // CHANNELS_PER_GROUP, channels, eps=1e-5)


def conv3(channels_in, channels_out, stride=1):
    return nn.Conv2d(channels_in, channels_out, 3, stride=stride, padding=1)


def upsample(x):
    return functional.interpolate(x, scale_factor=2.0, mode="nearest")


class ResidualBlock(nn.Module):
    """GroupNorm, SiLU, convolution, twice, around a skip; a time embedding [B, embedding] is added in the middle."""

    def __init__(self, channels_in, channels_out, embedding=None):
        super().__init__()
        self.norm1 = group_norm(channels_in)
        self.conv1 = conv3(channels_in, channels_out)
        self.embedding = nn.Linear(embedding, channels_out) if embedding else None
        self.norm2 = group_norm(channels_out)
        self.conv2 = zeroed(conv3(channels_out, channels_out))
        self.skip = nn.Conv2d(channels_in, channels_out, 1) if channels_in != channels_out else nn.Identity()

    def forward(self, x, embedding=None):  # [B, channels_in, H, W]
        h = self.conv1(functional.silu(self.norm1(x)))
        if self.embedding is not None:
            h = h + self.embedding(embedding)[:, :, None, None]
        return self.skip(x) + self.conv2(functional.silu(self.norm2(h)))


class Attention(nn.Module):
    """Multi-head attention of x [B, N, width] to itself or to a context [B, M, context]."""

    def __init__(self, width, context=None, head=32):
        super().__init__()
        self.heads = width // head
        self.query = nn.Linear(width, width, bias=False)
        self.key = nn.Linear(context or width, width, bias=False)
        self.value = nn.Linear(context or width, width, bias=False)
        self.out = nn.Linear(width, width)

    def forward(self, x, context=None):
        context = x if context is None else context
        q, k, v = (self._split(y) for y in (self.query(x), self.key(context), self.value(context)))
        # Spelled out rather than scaled_dot_product_attention: exporters of all versions write the same few nodes.
        weights = (q * (q.shape[-1] ** -0.5) @ k.transpose(2, 3)).softmax(-1)
        return self.out((weights @ v).transpose(1, 2).flatten(2))

    def _split(self, x):  # [B, heads, N, head]
        return x.unflatten(2, (self.heads, -1)).transpose(1, 2)
