"""nDCG@10 of BM25 alone on Cranfield, through pymilvus against a running server.

Usage: cranfield.py FOLDER [URI]

FOLDER holds cran.all.1400, cran.qry and cranqrel (1,400 abstracts, 225 queries, graded judgments
from 1, the best, to 4; other grades are left out). They are not part of this repository. Exits with
an error below 0.355.
"""
import math
import re
import sys
import time
from pathlib import Path

from pymilvus import DataType, Function, FunctionType, MilvusClient

FLOOR = 0.355


def entries(text, field):
    """The field of every entry, in their order; fields begin with a dot and a letter."""
    found = []
    for entry in re.split(r"^\.I .*$", text, flags=re.M)[1:]:
        parts = re.split(r"^\.([A-Z])\s*$", entry, flags=re.M)
        fields = dict(zip(parts[1::2], parts[2::2]))
        found.append(" ".join(fields.get(field, "").split()))
    return found


def judgments(text):
    """Gain by document, per query; both are numbered from 1."""
    gains = {}
    for line in text.splitlines():
        numbers = [int(n) for n in line.split()]
        if len(numbers) >= 3:
            query, document, grade = numbers[0], numbers[1], numbers[-1]
            if 1 <= grade <= 4:
                gains.setdefault(query, {})[document] = 5 - grade
    return gains


def ndcg(ranked, gains, k=10):
    def discounted(values):
        return sum(g / math.log2(i + 2) for i, g in enumerate(values[:k]))

    ideal = discounted(sorted(gains.values(), reverse=True))
    return discounted([gains.get(d, 0) for d in ranked]) / ideal if ideal else 0.0


def file(folder, *names):
    for name in names:
        for path in (folder / name, *folder.glob("*/" + name)):
            if path.exists():
                return path.read_text(errors="replace")
    sys.exit(f"{folder} has none of {', '.join(names)}")


def main():
    folder = Path(sys.argv[1])
    client = MilvusClient(sys.argv[2] if len(sys.argv) > 2 else "http://127.0.0.1:19530")
    documents = entries(file(folder, "cran.all.1400"), "W")
    queries = entries(file(folder, "cran.qry"), "W")
    gains = judgments(file(folder, "cranqrel"))
    name = "cranfield_bm25"
    client.drop_collection(name)
    schema = client.create_schema()
    schema.add_field("id", DataType.INT64, is_primary=True)
    schema.add_field("text", DataType.VARCHAR, max_length=65535, enable_analyzer=True,
                     analyzer_params={"type": "english"})
    schema.add_field("sparse", DataType.SPARSE_FLOAT_VECTOR)
    schema.add_function(Function(name="bm25", input_field_names=["text"],
                                 output_field_names=["sparse"],
                                 function_type=FunctionType.BM25))
    index = client.prepare_index_params()
    index.add_index("sparse", index_type="SPARSE_INVERTED_INDEX", metric_type="BM25")
    client.create_collection(name, schema=schema, index_params=index, consistency_level="Strong")
    begin = time.perf_counter()
    client.insert(name, [{"id": i, "text": t} for i, t in enumerate(documents, 1)])
    inserted = time.perf_counter() - begin
    client.flush(name)
    begin = time.perf_counter()
    found = client.search(name, data=queries, anns_field="sparse", limit=100)
    searched = time.perf_counter() - begin
    scores, recalls = [], []
    for number, hits in enumerate(found, 1):
        judged = gains.get(number, {})
        ranked = [hit["id"] for hit in hits]
        scores.append(ndcg(ranked, judged))
        recalls.append(len(set(ranked) & set(judged)) / len(judged) if judged else 0)
    mean = sum(scores) / len(scores)
    print(f"{len(documents)} documents in {inserted:.2f} s, {len(queries)} queries in "
          f"{searched:.2f} s; nDCG@10 {mean:.4f}, recall@100 {sum(recalls) / len(recalls):.4f}")
    client.drop_collection(name)
    if mean < FLOOR:
        sys.exit(f"nDCG@10 is below {FLOOR}")


if __name__ == "__main__":
    main()
