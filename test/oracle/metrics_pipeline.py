"""Random judged queries scored by scikit-learn, NumPy and SciPy -> test/fixtures/metrics/pipeline.json.

ESCI nDCG and NDCG@10 are scikit-learn's ndcg_score (tied scores averaged); MRR@10, P@10 and R@10 are written out here as in the
original pipeline, with a stable sort; exact p values are SciPy's permutation_test.
"""

import json
from pathlib import Path

import numpy as np
from scipy import stats
from sklearn.metrics import ndcg_score

OUT = Path(__file__).parent.parent / "fixtures" / "metrics" / "pipeline.json"
GAINS = {"E": 1.0, "S": 0.1, "C": 0.01, "I": 0.0}
OFFICIAL = {"E": 1.0, "S": 0.01, "C": 0.1, "I": 0.0}


def make_queries(rng):
    queries = []
    for number in range(120):
        n = int(rng.choice([2, 3, 7, 10, 11, 16, 40]))
        weights = [[0.5, 0.25, 0.05, 0.2], [0.9, 0.1, 0, 0], [0, 0, 0, 1], [0.1, 0.1, 0.1, 0.7]][rng.integers(4)]
        grain = [1, 4, 0][rng.integers(3)]
        scores = rng.normal(size=n) if grain == 0 else rng.integers(-grain, grain + 1, size=n) / grain
        queries.append(
            {
                "id": str(number),
                # Several queries share a text, some of them far apart.
                "text": " q" + str(number % 100),
                "labels": "".join(rng.choice(list("ESCI"), size=n, p=weights)),
                "scores": [float(s) for s in scores.astype(np.float32)],
            }
        )
    return queries


def esci(query, gains):
    truth = np.array([[gains[label] for label in query["labels"]]])
    return float(ndcg_score(truth, np.array([query["scores"]]))) if truth.max() > 0 else 0.0


def pipeline(queries):
    texts = {}
    for query in queries:
        labels, scores = texts.setdefault(query["text"], ([], []))
        labels.extend(query["labels"])
        scores.extend(query["scores"])
    rows = {}
    for text, (labels, scores) in texts.items():
        relevant = np.array([label != "I" for label in labels], dtype=int)
        scores = np.array(scores)
        if relevant.min() == relevant.max():
            continue
        top = relevant[np.argsort(-scores, kind="stable")][:10]
        first = np.flatnonzero(top)
        rows[text] = [
            float(1 / (first[0] + 1)) if len(first) else 0.0,
            float(ndcg_score([relevant], [scores], k=10)),
            float(top.mean()),
            float(top.sum() / relevant.sum()),
        ]
    return {"rows": rows, "means": list(np.mean(list(rows.values()), axis=0)), "skipped": len(texts) - len(rows)}


def paired(rng):
    """Exact p of a few pairs, and for a large sample the normal approximation's interval and p."""
    cases = []
    for n in [2, 5, 9, 12]:
        deltas = rng.normal(0.3, 1, size=n).round(2)
        test = stats.permutation_test(
            (deltas,), np.mean, permutation_type="samples", n_resamples=np.inf, alternative="two-sided"
        )
        p = np.mean([abs(x) >= abs(deltas.mean()) - 1e-12 for x in np.atleast_1d(test.null_distribution)])
        cases.append({"deltas": list(deltas), "p": float(p)})
    deltas = rng.normal(0.05, 1, size=2000)
    boot = stats.bootstrap((deltas,), np.mean, n_resamples=20000, method="percentile", rng=np.random.default_rng(3))
    test = stats.permutation_test(
        (deltas,), np.mean, permutation_type="samples", n_resamples=20000, rng=np.random.default_rng(4)
    )
    large = {
        "deltas": [float(d) for d in deltas],
        "interval": [float(boot.confidence_interval.low), float(boot.confidence_interval.high)],
        "p": float(test.pvalue),
    }
    return {"exact": cases, "large": large}


def main():
    rng = np.random.default_rng(7)
    queries = make_queries(rng)
    fixture = {
        "queries": queries,
        "esci": [esci(query, GAINS) for query in queries],
        # Without ties the official variant is scikit-learn's too.
        "official": [
            esci(query, OFFICIAL) if len(set(query["scores"])) == len(query["scores"]) else None for query in queries
        ],
        "pipeline": pipeline(queries),
        "paired": paired(rng),
    }
    OUT.write_text(json.dumps(fixture, separators=(",", ":")) + "\n")
    print(OUT, OUT.stat().st_size, "bytes; skipped", fixture["pipeline"]["skipped"])


main()
