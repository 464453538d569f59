#!/usr/bin/env python3
"""Writes Tests/ExperimentsTests/Resources/authors: small checkpoints under the names of the paper's own program
(github.com/Noahsark/ParameterEfficient-DML), pictures, and the embeddings that a plain PyTorch statement of the method
(design section 3 and 4) makes of them. Needs torch, timm, safetensors, numpy, pillow.

checkpoint.pth   state_dict of a network on Tests/VisionTransformersTests/Resources/layouts/plain.safetensors, biases moved;
                 12 x 12 pixels, prompts of 2 blocks, 5 tokens in the first and 3 in the second (step 2), class prompts, recurrence
wrapped.pth      the same of a DataParallel model inside a dictionary, in half precision, with the container beside it
namespace.pth    a dictionary with something else than tensors in it
expected.safetensors   `embeddings` of 0.png to 3.png; `half`, those of the tensors rounded to half precision;
                       `proxies`: one step of the recurrence, by the program's own convention, from `state` and `input`
"""
import argparse, collections, pathlib

import numpy, torch
import torch.nn.functional as F
from PIL import Image
from safetensors.torch import load_file, save_file
from timm.models.vision_transformer import VisionTransformer

root = pathlib.Path(__file__).resolve().parent.parent / "Tests"
out = root / "ExperimentsTests/Resources/authors"
torch.manual_seed(0)
WIDTH, DIM, CLASSES, STEP = 16, 12, 6, 2


class Recurrence(torch.nn.Module):
    def __init__(self, dim):
        super().__init__()
        for gate in "rzn":
            for name, shape in (("W_i", (dim, dim)), ("W_h", (dim, dim)), ("b_i", (dim,))):
                setattr(self, name + gate, torch.nn.Parameter(torch.randn(shape) * 0.3))
        self.W_ia = torch.nn.Parameter(torch.randn(dim, 1))

    def forward(self, x, h):
        z = torch.sigmoid(x @ self.W_iz + h @ self.W_hz + self.b_iz)
        r = torch.sigmoid(x @ self.W_ir + h @ self.W_hr + self.b_ir)
        n = F.relu(x @ self.W_in + r * (h @ self.W_hn) + self.b_in)
        return (1 - z) * n + z * h


class Network(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.model = VisionTransformer(img_size=12, patch_size=4, embed_dim=WIDTH, depth=2, num_heads=2, num_classes=7)
        self.model.load_state_dict(load_file(root / "VisionTransformersTests/Resources/layouts/plain.safetensors"), strict=False)
        self.head, self.fc_norm = torch.nn.Linear(WIDTH, DIM), torch.nn.LayerNorm(WIDTH)
        self.proxies_bias = torch.nn.Parameter(torch.randn(CLASSES, DIM) / 8)
        self.rnn_update = Recurrence(DIM)
        self.p_head, self.p_fc_norm = torch.nn.Linear(WIDTH, DIM), torch.nn.LayerNorm(WIDTH)
        self.prompts = torch.nn.ParameterList([torch.nn.Parameter(torch.randn(1, 5, WIDTH)) for _ in range(2)])
        self.p_prompts = torch.nn.ParameterList([torch.nn.Parameter(torch.randn(CLASSES, 3, WIDTH)) for _ in range(2)])

    def forward(self, x):
        x = self.model.norm_pre(self.model._pos_embed(self.model.patch_embed(x)))
        for place, block in enumerate(self.model.blocks):
            prompts = self.prompts[place][:, : max(5 - place * STEP, 0)].expand(len(x), -1, -1)
            x = block(torch.cat([prompts, x], 1))[:, prompts.shape[1]:]
        return F.normalize(self.head(self.fc_norm(self.model.norm(x)[:, 0])), dim=-1)


def pictures():
    rows = []
    for number in range(4):
        pixels = numpy.random.RandomState(number).randint(0, 256, (12, 12, 3)).astype(numpy.uint8)
        Image.fromarray(pixels).save(out / f"{number}.png")
        rows.append(torch.tensor(pixels.astype(numpy.float32) / 255 - 0.5).permute(2, 0, 1) / 0.5)
    return torch.stack(rows)


out.mkdir(parents=True, exist_ok=True)
network = Network().eval()
with torch.no_grad():
    for name, value in network.named_parameters():
        if name.startswith("model.") and name.endswith("bias"):
            value += 0.05 * torch.randn(value.shape)
        if name.split(".")[0] in ("fc_norm", "p_fc_norm"):
            value += 0.1 * torch.randn(value.shape)
    images = pictures()
    embeddings = network(images)
    state, given = F.normalize(torch.randn(3, DIM), dim=-1), F.normalize(torch.randn(3, DIM), dim=-1)
    proxies = F.normalize(network.rnn_update(given, state), dim=-1)
    names = network.state_dict()
    torch.save(names, out / "checkpoint.pth")
    half = {name: value.half() for name, value in names.items()}
    container = F.normalize(torch.randn(CLASSES, DIM), dim=-1)
    wrapped = collections.OrderedDict(("module." + name, value) for name, value in half.items())
    torch.save({"epoch": 3, "best": 0.5, "state_dict": wrapped, "proxies_container": container, "note": None, "part": images[1:3, :, 2:9:3, 3:5]}, out / "wrapped.pth")
    torch.save({"opt": argparse.Namespace(batch_size=64), "state_dict": {"x": torch.zeros(1)}}, out / "namespace.pth")
    network.load_state_dict({name: value.float() for name, value in half.items()})
    save_file({"embeddings": embeddings, "half": network(images), "state": state, "input": given, "proxies": proxies, "container": container, "part": images[1:3, :, 2:9:3, 3:5].contiguous()}, out / "expected.safetensors")
