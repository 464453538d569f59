#!/usr/bin/env python3
"""What pytorch-metric-learning's miners choose from a batch, and its losses over that: Tests/MetricLearningTests/Resources/miners.safetensors.

Needs torch, pytorch-metric-learning and safetensors. The numbers do not depend on the machine beyond rounding.
"""
import pathlib
import torch
from pytorch_metric_learning import losses, miners
from safetensors.torch import save_file

torch.manual_seed(3)
labels = torch.tensor([0] * 4 + [1] * 4 + [2] * 4 + [3] * 2 + [4] * 3 + [5])  # classes of several sizes, one alone
embeddings = torch.randn(len(labels), 6) + 1.2 * torch.randn(6, 6)[labels]  # rows of any length
tensors = {"embeddings": embeddings, "labels": labels}

makers = {
    "semihard": miners.TripletMarginMiner(margin=0.2, type_of_triplets="semihard"),
    "hard": miners.TripletMarginMiner(margin=0.2, type_of_triplets="hard"),
    "batch-hard": miners.BatchHardMiner(),
    "multi-similarity": miners.MultiSimilarityMiner(epsilon=0.1),
}
losses_by_name = {
    "triplet": losses.TripletMarginLoss(margin=0.1),
    "contrastive": losses.ContrastiveLoss(pos_margin=0.1, neg_margin=0.9),
    "multi-similarity": losses.MultiSimilarityLoss(alpha=2, beta=10, base=0.5),
    "nt-xent": losses.NTXentLoss(temperature=0.2),
    "sup-con": losses.SupConLoss(temperature=0.2),
    "circle": losses.CircleLoss(m=0.4, gamma=8),
    "lifted-structure": losses.GeneralizedLiftedStructureLoss(neg_margin=1, pos_margin=0),
}
for name, miner in makers.items():
    found = miner(embeddings, labels)
    # (anchor, positive, negative) or (anchor, positive) and (anchor, negative), in one order
    if len(found) == 3:
        rows = torch.stack(found, 1)
        tensors[f"{name}.triplets"] = torch.tensor(sorted(rows.tolist()))
    else:
        for part, pair in (("positives", found[:2]), ("negatives", found[2:])):
            tensors[f"{name}.{part}"] = torch.tensor(sorted(torch.stack(pair, 1).tolist()))
    for loss_name, loss in losses_by_name.items():
        x = embeddings.clone().requires_grad_()
        value = loss(x, labels, found)
        value.backward()
        tensors[f"{name}.{loss_name}.loss"] = value.detach().reshape(1)
        tensors[f"{name}.{loss_name}.grad"] = x.grad

path = pathlib.Path(__file__).parent.parent / "Tests/MetricLearningTests/Resources/miners.safetensors"
save_file({k: v.contiguous() for k, v in tensors.items()}, path)
for name in makers:
    print(name, {k: tuple(v.shape) for k, v in tensors.items() if k.startswith(name) and "." in k and v.dtype == torch.int64})
