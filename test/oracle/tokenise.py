"""What the Rust tokenizer makes of random pairs at every max_length from 5 to 64, and of every code point → test/fixtures/tokenise.

    python test/oracle/tokenise.py [--check]
"""

import argparse
import copy
import hashlib
import json
import random
import struct
import sys
import tempfile
from pathlib import Path

import tokenizers
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers

from tokenise_texts import queries_and_products

ROOT = Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "fixtures" / "tokenise"
BERT = ROOT.parent / "assets" / "models" / "all-MiniLM-L6-v2" / "tokenizer.json"
MAX_LENGTHS = range(5, 65)


def bert(changes: dict) -> Tokenizer:
    """The bundled model's tokenizer with other entries in its normalizer."""
    spec = json.loads(BERT.read_text(encoding="utf-8"))
    spec["padding"] = None
    spec["normalizer"] = {**spec["normalizer"], **changes}
    return Tokenizer.from_str(json.dumps(spec))


def roberta() -> Tokenizer:
    """A byte-level BPE with RoBERTa's special tokens, trained on our own texts."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    trainer = trainers.BpeTrainer(vocab_size=800, special_tokens=special, show_progress=False,
                                  initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()))
    queries, products = queries_and_products(3, 300, 300)
    tokenizer.train_from_iterator(queries + products, trainer)
    tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0), trim_offsets=True, add_prefix_space=False)
    return tokenizer


def packed(encoding: tokenizers.Encoding) -> bytes:
    """Length, ids and token types, little-endian."""
    n = len(encoding.ids)
    return struct.pack(f"<H{n}H{n}B", n, *encoding.ids, *encoding.type_ids)


def pair_hash(truncating: list[Tokenizer], plain: Tokenizer, query: str, product: str, is_sample: bool) -> str:
    """One hash of the pair at all lengths, and of the product alone at every tenth."""
    first = plain.encode(query, add_special_tokens=False)
    second = plain.encode(product, add_special_tokens=False)
    digest = hashlib.sha256()
    for i, tokenizer in enumerate(truncating):
        # Truncates and adds special tokens; `encode` would tokenise both texts again for each length.
        pair = tokenizer.post_process(first, second)
        if is_sample:
            assert packed(pair) == packed(tokenizer.encode(query, product)), (query, product)
        digest.update(packed(pair))
        if i % 10 == 0:
            digest.update(packed(tokenizer.encode(product)))
    return digest.hexdigest()[:10]


def case(name: str, tokenizer: Tokenizer, seed: int, sizes: tuple[int, int, int], direction: str = "right") -> dict:
    n_queries, n_products, n_pairs = sizes
    tokenizer.no_truncation()
    truncating = []
    for max_length in MAX_LENGTHS:
        one = copy.deepcopy(tokenizer)
        one.enable_truncation(max_length, strategy="longest_first", direction=direction)
        truncating.append(one)
    queries, products = queries_and_products(seed, n_queries, n_products)
    rng = random.Random(seed + 1)
    pairs = []
    for i in range(n_pairs):
        # Every text is in some pair.
        query, product = (i % n_queries, rng.randrange(n_products)) if i % 2 else (rng.randrange(n_queries), i % n_products)
        pairs.append(f"{query} {product} {pair_hash(truncating, tokenizer, queries[query], products[product], i % 100 == 0)}")
    return {"name": name, "queries": queries, "products": products, "pairs": pairs}


def unicode_hashes() -> list[str]:
    """A hash for each 4,096 code points: what the normaliser and the pre-tokeniser make of `a<code point>B`."""
    normalise = normalizers.BertNormalizer(clean_text=True, handle_chinese_chars=True, strip_accents=None, lowercase=True).normalize_str
    split = pre_tokenizers.BertPreTokenizer().pre_tokenize_str
    hashes = []
    for start in range(0, 0x110000, 4096):
        digest = hashlib.sha256()
        for code in range(start, start + 4096):
            if 0xD800 <= code < 0xE000:
                continue
            text = f"a{chr(code)}B"
            digest.update("\0".join([normalise(text), *(word for word, _ in split(text)), ""]).encode())
        hashes.append(digest.hexdigest()[:10])
    return hashes


def write_all(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    byte_level = roberta()
    cases = [
        case("bert", bert({}), 1, (1500, 3000, 10_000)),
        case("bert-cased-left", bert({"lowercase": False}), 5, (150, 300, 600), "left"),
        case("bert-cased-stripped", bert({"lowercase": False, "strip_accents": True, "handle_chinese_chars": False}), 7, (150, 300, 600)),
        case("bert-lowered-accents", bert({"strip_accents": False}), 9, (150, 300, 600)),
        case("roberta", byte_level, 11, (150, 300, 1000)),
    ]
    for one in cases:
        write_json(folder / f"{one['name']}.json", one)
    write_json(folder / "unicode.json", unicode_hashes())
    (folder / "roberta").mkdir(exist_ok=True)
    byte_level.no_truncation()
    byte_level.save(str(folder / "roberta" / "tokenizer.json"), pretty=False)


def write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=0, separators=(",", ":")) + "\n", encoding="utf-8", newline="\n")


def check() -> int:
    with tempfile.TemporaryDirectory() as temporary:
        write_all(Path(temporary))
        names = sorted(path.relative_to(temporary) for path in Path(temporary).rglob("*.json"))
        wrong = [name for name in names if (FIXTURES / name).read_bytes() != (Path(temporary) / name).read_bytes()]
    print(f"{len(names) - len(wrong)} of {len(names)} files agree with tokenizers {tokenizers.__version__}")
    for name in wrong:
        print(f"differs: {name}")
    return len(wrong)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare with the committed fixtures instead of writing them")
    if parser.parse_args().check:
        return 1 if check() else 0
    write_all(FIXTURES)
    return 0


if __name__ == "__main__":
    sys.exit(main())
