#!/usr/bin/env python3
"""Writes Tests/MetricLearningTests/Resources/metric-cases.{json,safetensors}: small data with what other programs measure on it.

usage: make-metric-cases.py      (needs numpy, scipy, scikit-learn, pytorch-metric-learning, torch, safetensors)

agreement  NMI of scikit-learn, and F1 over pairs from its pair_confusion_matrix, of random partitions
kmeans     scikit-learn's Lloyd iterations from given centres on rows of three groups: labels, inertia
retrieval  scikit-learn's average_precision_score over the whole ranking, pytorch-metric-learning's R-precision and MAP@R, and
           Recall@K, by cosine and by Euclidean distance, all against all and query against gallery
mcnemar    scipy's exact two-sided binomial test of discordant pairs
quantile   numpy's linear quantiles
"""
import json, os
import numpy as np, torch
from pytorch_metric_learning.utils.accuracy_calculator import AccuracyCalculator
from safetensors.numpy import save_file
from scipy.stats import binomtest
from sklearn.cluster import KMeans
from sklearn.metrics import average_precision_score, normalized_mutual_info_score
from sklearn.metrics.cluster import pair_confusion_matrix

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../Tests/MetricLearningTests/Resources")
rng = np.random.default_rng(7)
cases, tensors = {}, {}

cases["agreement"] = []
for n, a, b in [(1, 1, 1), (6, 1, 3), (6, 6, 1), (8, 8, 8), (40, 4, 5), (200, 30, 12)]:
    clusters, labels = rng.integers(0, a, n), rng.integers(0, b, n)
    if a == b == 8:
        labels = clusters = np.arange(8)
    (_, fp), (fn, tp) = pair_confusion_matrix(labels, clusters)
    f1 = 1.0 if tp + fp + fn == 0 else 2 * tp / (2 * tp + fp + fn)
    cases["agreement"].append(dict(clusters=clusters.tolist(), labels=labels.tolist(), f1=float(f1), nmi=float(normalized_mutual_info_score(labels, clusters))))

rows = np.concatenate([rng.normal(c, 1, (30, 5)) for c in (-1, 0, 1.5)]).astype(np.float32)
start = rows[[3, 5, 40, 70]]
found = KMeans(4, init=start, n_init=1, tol=0, max_iter=100, algorithm="lloyd").fit(rows)
tensors["kmeans.rows"], tensors["kmeans.start"] = rows, start
cases["kmeans"] = dict(labels=found.labels_.tolist(), inertia=float(found.inertia_))

labels = np.concatenate([np.repeat(np.arange(9), 7), np.repeat(np.arange(9, 14), 3), [14, 15]])
x = (np.eye(16)[labels] @ rng.normal(0, 1, (16, 10)) + rng.normal(0, 1.3, (len(labels), 10))).astype(np.float32)
x *= rng.uniform(0.3, 3, (len(labels), 1)).astype(np.float32)
tensors["retrieval.embeddings"] = x
query, gallery = np.arange(0, len(labels), 3), np.array([i for i in range(len(labels)) if i % 3])


def similarities(a, b, measure):
    a, b = a.astype(np.float64), b.astype(np.float64)
    if measure == "cosine":
        return (a / np.linalg.norm(a, axis=1, keepdims=True)) @ (b / np.linalg.norm(b, axis=1, keepdims=True)).T
    return -((a[:, None] - b[None]) ** 2).sum(-1)


def retrieval(measure, q, g, leave_out):
    s, precisions, hits = similarities(x[q], x[g], measure), [], []
    for place, item in enumerate(q):
        keep = g != item if leave_out else np.ones(len(g), bool)
        right = labels[g][keep] == labels[item]
        if right.any():
            precisions.append(average_precision_score(right, s[place][keep]))
            hits.append(right[np.argsort(-s[place][keep])])
    recall = {str(k): float(np.mean([h[:k].any() for h in hits])) for k in (1, 2, 10)}
    return dict(mean_ap=float(np.mean(precisions)), recall=recall, queries=len(precisions))


everything = np.arange(len(labels))
calculator = AccuracyCalculator(include=("r_precision", "mean_average_precision_at_r"), k="max_bin_count", knn_func=None)
unit = torch.nn.functional.normalize(torch.from_numpy(x))
figures = calculator.get_accuracy(unit, torch.from_numpy(labels))
cases["retrieval"] = dict(
    labels=labels.tolist(), query=query.tolist(), gallery=gallery.tolist(), r_precision=float(figures["r_precision"]), map_at_r=float(figures["mean_average_precision_at_r"]),
    cosine=retrieval("cosine", everything, everything, True), euclidean=retrieval("euclidean", everything, everything, True),
    query_gallery=retrieval("cosine", query, gallery, False))

cases["mcnemar"] = [dict(first=a, second=b, p=float(binomtest(a, a + b, 0.5).pvalue) if a + b else 1.0) for a, b in [(0, 0), (1, 0), (5, 5), (3, 14), (120, 95), (2000, 1800)]]
values = rng.normal(size=41)
cases["quantile"] = dict(values=values.tolist(), at=[0.025, 0.5, 0.975], expected=[float(v) for v in np.quantile(values, [0.025, 0.5, 0.975])])

with open(os.path.join(OUT, "metric-cases.json"), "w") as file:
    json.dump(cases, file, indent=1)
    file.write("\n")
save_file(tensors, os.path.join(OUT, "metric-cases.safetensors"))
