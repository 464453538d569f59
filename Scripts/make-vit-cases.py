#!/usr/bin/env python3
"""Writes Tests/VisionTransformersTests/Resources/layouts: tiny networks of every layout with what timm makes of an image.

usage: make-vit-cases.py      (needs torch, timm, safetensors)

<layout>.safetensors    the weights under timm's names, random
outputs.safetensors     `images.<side>` (2, 3, side, side) and `<layout>.<side>` (2, 16), timm's feature of them without a
                        classifier; at sides other than 12 the position embedding is resampled as timm's loader does it
"""
import os
from functools import partial
import timm, torch
from safetensors.torch import save_file
from timm.layers import LayerNorm, QuickGELU, resample_abs_pos_embed
from timm.models.deit import VisionTransformerDistilled
from timm.models.vision_transformer import VisionTransformer

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../Tests/VisionTransformersTests/Resources/layouts")
SIZES = dict(patch_size=4, embed_dim=16, depth=2, num_heads=2, num_classes=0)
CLIP = dict(pre_norm=True, norm_layer=partial(LayerNorm, eps=1e-5))
LAYOUTS = {
    "plain": (VisionTransformer, {}),
    "distilled": (VisionTransformerDistilled, {}),
    "layer-scale": (VisionTransformer, dict(init_values=0.1)),
    "registers": (VisionTransformer, dict(init_values=0.1, reg_tokens=2, no_embed_class=True)),
    "embedded-registers": (VisionTransformer, dict(reg_tokens=2)),
    "patch-positions": (VisionTransformer, dict(init_values=0.1, no_embed_class=True)),
    "clip": (VisionTransformer, dict(mlp_ratio=8 / 3, **CLIP)),
    "clip-quick-gelu": (VisionTransformer, dict(act_layer=QuickGELU, **CLIP)),
}
RESAMPLED = {"plain": (8, 20), "distilled": (20,), "registers": (8,)}


def features(kind, options, state, side):
    model = kind(img_size=side, **SIZES, **options).eval()
    state = dict(state)
    leading = 0 if model.no_embed_class else model.num_prefix_tokens
    state["pos_embed"] = resample_abs_pos_embed(state["pos_embed"], new_size=(side // 4, side // 4), num_prefix_tokens=leading)
    model.load_state_dict(state)
    with torch.no_grad():
        return model(images[side])


torch.manual_seed(7)
images = {side: torch.randn(2, 3, side, side) for side in (8, 12, 20)}
outputs = {f"images.{side}": value for side, value in images.items()}
os.makedirs(OUT, exist_ok=True)
for name, (kind, options) in LAYOUTS.items():
    model = kind(img_size=12, **SIZES, **options)
    state = {}
    for key, value in model.state_dict().items():
        center = 1.0 if key.endswith("norm.weight") or ".norm" in key and key.endswith("weight") or key == "norm_pre.weight" else 0.0
        scale = 0.3 if value.ndim > 1 else 0.2
        state[key] = center + scale * torch.randn_like(value)
    save_file(state, f"{OUT}/{name}.safetensors")
    for side in (12,) + RESAMPLED.get(name, ()):
        outputs[f"{name}.{side}"] = features(kind, options, state, side).contiguous()
save_file(outputs, f"{OUT}/outputs.safetensors")
print("timm", timm.__version__, "torch", torch.__version__, {key: list(value.shape) for key, value in outputs.items()})
