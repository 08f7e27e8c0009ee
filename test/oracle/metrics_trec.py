"""Random rankings evaluated by trec_eval 9.0.8 (PyPI: pytrec-eval-terrier) -> test/fixtures/metrics/trec.json.

The rankings hold what is easily got wrong: equal scores, scores that are equal only as 32-bit floats, document ids whose order
as bytes differs from that as UTF-16 units, unjudged documents, negative judgements, queries without a ranking and without judgements.
"""

import json
import math
import random
from pathlib import Path

import pytrec_eval

OUT = Path(__file__).parent.parent / "fixtures" / "metrics" / "trec.json"
MEASURES = (
    "num_ret num_rel num_rel_ret map gm_map Rprec bpref recip_rank iprec_at_recall P recall gm_bpref 11pt_avg ndcg ndcg_cut "
    "map_cut success set_P set_recall set_map set_F"
).split()
CUTS = "3,7,10"
# Order of UTF-16 units: \ud83d... (U+1F600) before \uff21; order of bytes: the other way round.
PREFIXES = ["B0", "b0", "é", "\uff21", "\U0001f600", "\U00020bb7", "\ue000", "Z"]


def make_case(rng):
    qrels, run = {}, {}
    for number in range(1, 61):
        query = rng.choice(["q", "Q", "é"]) + str(number)
        documents = [rng.choice(PREFIXES) + str(i) for i in range(rng.choice([1, 2, 3, 8, 20, 45, 130]))]
        kind = rng.random()
        judged = [d for d in documents if rng.random() < (1 if kind < 0.4 else 0.7)]
        levels = rng.choice([[0, 1, 2, 3], [0, 0, 0, 0, 1], [0, 1], [0], [1, 2, 3], [0, 1, 3, -1]])
        if judged and rng.random() < 0.95:
            qrels[query] = {d: rng.choice(levels) for d in judged}
            for i in range(rng.choice([0, 0, 1, 5])):
                qrels[query]["missing" + str(i)] = rng.choice(levels)
            # trec_eval 9.0.8 reads outside of an array when no judgement of a query is 0 or above.
            if max(qrels[query].values()) < 0:
                qrels[query]["missing0"] = 0
        if rng.random() < 0.9:
            grain = rng.choice([2, 10, 1000, None])
            scores = {}
            for d in documents:
                score = rng.gauss(0, 1) if grain is None else rng.randint(-grain, grain) / grain
                if rng.random() < 0.3:
                    score += rng.choice([1e-9, -1e-9, 3e-9])
                scores[d] = score
            run[query] = scores
    return qrels, run


def evaluate(qrels, run, **options):
    result = pytrec_eval.RelevanceEvaluator(qrels, set(MEASURES), **options).evaluate(run)
    custom = pytrec_eval.RelevanceEvaluator(
        qrels, {f"{m}.{CUTS}" for m in ["P", "recall", "ndcg_cut", "map_cut", "success"]}, **options
    ).evaluate(run)
    for query in result:
        result[query].update(custom[query])
        for name in ["runid", "num_q"]:
            result[query].pop(name, None)
    return result


def summary(result, n_all):
    """trec_eval's averages: sums in the order of the query ids as bytes, divided by the number of queries."""
    queries = sorted(result, key=lambda q: q.encode())
    lines = {}
    for suffix, n in [("mean", len(queries)), ("complete", n_all)]:
        lines[suffix] = {}
        for name in result[queries[0]]:
            total = 0.0
            for query in queries:
                total += result[query][name]
            if name.startswith("num_"):
                lines[suffix][name] = "%d" % total
            elif name.startswith("gm_"):
                total += (n - len(queries)) * math.log(0.00001)
                lines[suffix][name] = "%6.4f" % math.exp(total / n)
            else:
                lines[suffix][name] = "%6.4f" % (total / n)
    return lines


def main():
    rng = random.Random(20240607)
    qrels, run = make_case(rng)
    qrels_text = "".join(f"{q} 0 {d} {rel}\n" for q, docs in qrels.items() for d, rel in docs.items())
    run_text = "".join(f"{q} Q0 {d} {i} {score!r} oracle\n" for q, docs in run.items() for i, (d, score) in enumerate(docs.items()))
    variants = {}
    for name, options in {
        "plain": {},
        "judged only": {"judged_docs_only_flag": True},
        "level 2": {"relevance_level": 2},
    }.items():
        result = evaluate(qrels, run, **options)
        queries = sorted(result, key=lambda q: q.encode())
        names = list(result[queries[0]])
        variants[name] = {
            "queries": queries,
            "names": names,
            "values": [[result[q][n] for n in names] for q in queries],
            "summary": summary(result, len(qrels)),
        }
    OUT.write_text(json.dumps({"qrels": qrels_text, "run": run_text, "variants": variants}, ensure_ascii=True, separators=(",", ":")) + "\n")
    print(OUT, OUT.stat().st_size, "bytes", {k: len(v["queries"]) for k, v in variants.items()})


main()
