"""Small data sets, whole and broken, written by pyarrow -> test/fixtures/data.

    python3 test/oracle/data_fixtures.py

`whole/` holds the same judgements in every layout and format, `codecs/` one table in every parquet codec and page version,
`broken/` one folder for each thing that can be wrong. Nothing is random; another pyarrow changes bytes, not contents.
"""

import csv
import json
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

OUT = Path(__file__).parent.parent / "fixtures" / "data"
LABELS = "ESCIEESI"
JOINED = ["example_id", "query", "query_id", "product_id", "product_locale", "esci_label", "small_version", "large_version",
          "split", "product_title", "product_brand"]
EXAMPLES = JOINED[:9]


def rows():
    """Eight queries: 0-4 train, 5 dev, 6-7 test; a query with leading blanks, quotes, commas, another alphabet; a null title."""
    texts = ["  towels for kitchen", 'tv 27" wall, mount', "# 2 pencils not yellow", "зарядка usb-c", "gift\u00a0card", "$5 mug", "mouse pad", "lamp"]
    made = []
    for q, text in enumerate(texts):
        for p in range(4):
            product = (3 * q + p) % 20
            made.append({
                "example_id": 4 * q + p,
                "query": text,
                "query_id": 2**53 + 1 + q,
                "product_id": f"B{product:04d}",
                "product_locale": "us",
                "esci_label": LABELS[(q + p) % 8],
                "small_version": 1 if q != 3 else 0,
                "large_version": 1,
                "split": "test" if q > 5 else "dev" if q == 5 else "train",
                "product_title": None if product == 7 else f'Product {product}, 5" "wide"\nsecond line é',
                "product_brand": None if product % 3 == 0 else f"Brand {product % 5}",
            })
    return made


def of(split, made=None):
    return [row for row in made or rows() if row["split"] == split]


def table(made, columns=JOINED, types=None):
    given = types or {}
    return pa.table({name: pa.array([row[name] for row in made], given.get(name)) for name in columns})


def write(path, data, **options):
    path = OUT / path
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(data, pa.Table):
        pq.write_table(data, path, store_schema=False, **options)
    elif isinstance(data, bytes):
        path.write_bytes(data)
    else:
        path.write_text(data, encoding="utf-8", newline="")


def write_csv(path, made, columns=JOINED, delimiter=","):
    path = OUT / path
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=delimiter, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([[row[name] for name in columns] for row in made])


def write_jsonl(path, made, columns=JOINED):
    # The ids do not fit a JavaScript number, so they are texts here.
    write(path, "".join(json.dumps({name: str(row[name]) if name == "query_id" else row[name] for name in columns}) + "\n" for row in made))


def write_whole():
    made = rows()
    write("whole/hub/data/train-00000-of-00002.parquet", table(of("train")[:7]), row_group_size=3)
    write("whole/hub/data/train-00001-of-00002.parquet", table(of("train")[7:]))
    write("whole/hub/data/validation-00000-of-00001.parquet", table(of("dev")))
    write("whole/hub/data/test-00000-of-00001.parquet", table(of("test")))
    write("whole/hub/README.md", "# A data card\n")
    for split, name in [("train", "train"), ("dev", "dev"), ("test", "test")]:
        write_csv(f"whole/csv/{name}.csv", of(split))
        write_csv(f"whole/tsv/{name}.tsv", of(split), delimiter="\t")
        write_jsonl(f"whole/jsonl/{name}.jsonl", of(split))
        write(f"whole/split-folders/{name}/0000.parquet", table(of(split)))
    write_csv("whole/one-file/judgements.csv", made[::-1])
    # As released: no dev split, queries of other locales, each product once a locale, in one order that is not the judgements'.
    examples = [{**row, "split": "test" if row["split"] == "test" else "train"} for row in made]
    spanish = [{**row, "query_id": 900, "query": "toalla", "product_locale": "es"} for row in made[:4]]
    write("whole/official/shopping_queries_dataset_examples.parquet", table(spanish + examples, EXAMPLES), row_group_size=10)
    products = {row["product_id"]: row for row in made}
    listed = [{**row, "product_title": "Producto", "product_locale": "es"} for row in made[:4]] + [products[key] for key in sorted(products)]
    write("whole/official/shopping_queries_dataset_products.parquet", table(listed, ["product_id", "product_title", "product_brand", "product_locale"]), row_group_size=9)
    write("whole/official/shopping_queries_dataset_sources.csv", "query_id,source\n1,other\n")


def write_codecs():
    made = [{**row, "product_title": (row["product_title"] or "") + " again" * 40} for row in rows()]
    for codec in ["none", "snappy", "gzip", "brotli", "zstd", "lz4"]:
        write(f"codecs/{codec}.parquet", table(made), compression=codec)
    write("codecs/zstd-v2-delta.parquet", table(made), compression="zstd", data_page_version="2.0", use_dictionary=False,
          column_encoding={"query_id": "DELTA_BINARY_PACKED", "product_title": "DELTA_BYTE_ARRAY", "query": "DELTA_LENGTH_BYTE_ARRAY"})
    write("codecs/snappy-v2-pages.parquet", table(made), data_page_version="2.0", data_page_size=200, write_page_index=True)


def whole_but(name, split, made, columns=JOINED, types=None, **options):
    """A broken data set of three parquet files of which one is given."""
    for other in ["train", "dev", "test"]:
        data = table(made, columns, types) if other == split else table(of(other))
        write(f"broken/{name}/data/{other}-00000-of-00001.parquet", data, **(options if other == split else {}))


def changed(split, row, **values):
    made = of(split)
    made[row] = {**made[row], **values}
    return made


def write_broken():
    whole = (OUT / "whole/hub/data/test-00000-of-00001.parquet").read_bytes()
    test = "data/test-00000-of-00001.parquet"

    def test_bytes(name, data):
        whole_but(name, None, [])
        write(f"broken/{name}/{test}", data)

    # Files that are not what their name says.
    test_bytes("parquet-truncated", whole[: len(whole) // 2])
    test_bytes("parquet-middle-lost", whole[:40] + whole[-1500:])
    test_bytes("parquet-footer-damaged", whole[:-300] + b"\xff" * 200 + whole[-100:])
    test_bytes("parquet-page-damaged", whole[:4] + b"\xff" * 300 + whole[304:])
    test_bytes("parquet-empty-file", b"")
    test_bytes("parquet-is-text", b"query,product_id,esci_label\n")
    test_bytes("parquet-is-lfs-pointer", b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n")
    test_bytes("parquet-is-web-page", b"<!DOCTYPE html><html></html>")

    # Columns and values.
    whole_but("column-missing", "test", of("test"), [name for name in JOINED if name != "query"])
    whole_but("title-missing", "train", of("train"), [name for name in JOINED if name != "product_title"])
    renamed = table(of("train")).rename_columns(["esci_lable" if name == "esci_label" else name for name in JOINED])
    whole_but("column-misspelt", None, [])
    write("broken/column-misspelt/data/train-00000-of-00001.parquet", renamed)
    whole_but("query-is-number", "test", [{**row, "query": 42} for row in of("test")])
    whole_but("title-is-list", "test", [{**row, "product_title": ["a", "b"]} for row in of("test")])
    whole_but("label-is-number", "test", [{**row, "esci_label": 3} for row in of("test")])
    whole_but("label-unknown", "train", changed("train", 4, esci_label="X"))
    whole_but("label-null", "train", changed("train", 2, esci_label=None))
    whole_but("query-null", "dev", changed("dev", 1, query=None))
    whole_but("query-id-fraction", "dev", [{**row, "query_id": 1.5} for row in of("dev")])
    whole_but("product-id-null", "dev", changed("dev", 3, product_id=None))
    whole_but("version-unknown", "train", [{**row, "small_version": 2} for row in of("train")])
    whole_but("title-huge", "train", changed("train", 6, product_title="x" * 1_000_001), compression="zstd")
    write_csv("broken/label-misspelt-csv/train.csv", changed("train", 1, esci_label="Exakt"))
    write_csv("broken/label-misspelt-csv/test.csv", of("test"))
    write_csv("broken/split-unknown/all.csv", [{**row, "split": "holdout"} if row["example_id"] == 9 else row for row in rows()])
    write_jsonl("broken/query-id-inexact/test.jsonl", of("test"))
    write("broken/query-id-inexact/train.jsonl", "".join(json.dumps(row) + "\n" for row in of("train")))

    # Splits and rows.
    whole_but("split-file-empty", "test", [], types={name: pa.string() for name in JOINED})
    write_csv("broken/no-test/train.csv", of("train"))
    write_csv("broken/no-train/test.csv", of("test"))
    write_csv("broken/one-train-query/train.csv", of("train")[:4])
    write_csv("broken/one-train-query/test.csv", of("test"))
    write_csv("broken/other-locale/all.csv", [{**row, "product_locale": "es"} for row in rows()])
    write_csv("broken/other-version/all.csv", [{**row, "small_version": 0} for row in rows()])
    write_csv("broken/no-split-column/judgements.csv", rows(), [name for name in JOINED if name != "split"])

    # Text formats.
    header = ",".join(JOINED)
    line = "1,mug,1,B1,us,E,1,1,test,Mug,Brand"
    write("broken/csv-quote-open/test.csv", f'{header}\n{line}\n{line.replace("Mug", chr(34) + "Mug")}\n{line}\n')
    write("broken/csv-field-too-many/test.csv", f"{header}\n{line}\n{line},more\n")
    write("broken/csv-latin-1/test.csv", f"{header}\n{line}\n{line.replace('Mug', 'Café')}\n".encode("latin-1"))
    write("broken/csv-utf-16/test.csv", f"{header}\n{line}\n".encode("utf-16"))
    write("broken/csv-column-twice/test.csv", f"{header},query\n{line},mug\n")
    write("broken/csv-header-only/test.csv", f"{header}\n")
    write("broken/jsonl-cut-off/test.jsonl", '{"query": "mug", "product_id": "B1", "esci_label": "E", "product_title": "Mug"}\n{"query": "mug", "prod')
    write("broken/jsonl-not-object/test.jsonl", '["mug", "B1", "E"]\n')

    # Sets of files.
    shutil.copytree(OUT / "whole/official", OUT / "broken/official-without-products")
    (OUT / "broken/official-without-products/shopping_queries_dataset_products.parquet").unlink()
    shutil.copytree(OUT / "whole/official", OUT / "broken/official-of-other-products")
    others = table([{**row, "product_id": f"A{row['product_id']}"} for row in rows()], ["product_id", "product_title", "product_brand", "product_locale"])
    write("broken/official-of-other-products/shopping_queries_dataset_products.parquet", others)
    shutil.copytree(OUT / "whole/official", OUT / "broken/official-untitled")
    untitled = table(rows(), ["product_id", "product_brand", "product_locale"])
    write("broken/official-untitled/shopping_queries_dataset_products.parquet", untitled)
    shutil.copytree(OUT / "whole/hub", OUT / "broken/shard-missing")
    (OUT / "broken/shard-missing/data/train-00001-of-00002.parquet").unlink()
    write_csv("broken/two-formats/train.csv", of("train"))
    write("broken/two-formats/train.parquet", table(of("train")))
    write_csv("broken/two-sets/a/test.csv", of("test"))
    write_csv("broken/two-sets/b/test.csv", of("test"))
    write("broken/no-data/README.md", "Nothing here.\n")
    write("broken/no-data/train.xlsx", "")


if __name__ == "__main__":
    for folder in ["whole", "codecs", "broken"]:
        shutil.rmtree(OUT / folder, ignore_errors=True)
    write_whole()
    write_codecs()
    write_broken()
