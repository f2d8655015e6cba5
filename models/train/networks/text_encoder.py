"""Word-level transformer encoder with the signature of Stable Diffusion's: token ids in, one state a token out."""

import torch
from torch import nn
from torch.nn import functional

from .layers import Attention

WIDTH = 128
LAYERS = 2


class TransformerLayer(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.norm1 = nn.LayerNorm(width)
        self.attention = Attention(width)
        self.norm2 = nn.LayerNorm(width)
        self.expand = nn.Linear(width, 4 * width)
        self.contract = nn.Linear(4 * width, width)

    def forward(self, x):  # [B, N, width]
        x = x + self.attention(self.norm1(x))
        return x + self.contract(functional.gelu(self.expand(self.norm2(x))))


class TextEncoder(nn.Module):
    """Padding takes part in attention, as in Stable Diffusion."""

    def __init__(self, vocabulary, tokens, width=WIDTH, layers=LAYERS):
        super().__init__()
        self.words = nn.Embedding(vocabulary, width)
        self.positions = nn.Parameter(torch.randn(1, tokens, width) * 0.02)
        self.layers = nn.ModuleList(TransformerLayer(width) for _ in range(layers))
        self.norm = nn.LayerNorm(width)
        nn.init.normal_(self.words.weight, std=0.3)

    def forward(self, ids):  # int64 [B, tokens] → [B, tokens, width]
        x = self.words(ids) + self.positions
        for layer in self.layers:
            x = layer(x)
        return self.norm(x)
