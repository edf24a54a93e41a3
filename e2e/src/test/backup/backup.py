"""A collection of every type through backup, restore and export. Phases: fill FOLDER, check FOLDER.

`fill` writes rows, exports them and backs them up while others write; `check` runs against a server
on the restored folder. Between the two, what the rows are lies in FOLDER/expected.json.
"""

import csv
import json
import os
import subprocess
import sys
import threading

import ml_dtypes
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from pymilvus import DataType, MilvusClient

URI = os.environ["ELANUS_URI"]
HOME = os.environ["ELANUS_REPOSITORY"]
ROWS = 1500
DIM = 16


def elanus(*arguments):
    done = subprocess.run(
        [os.path.join(HOME, "elanus"), *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, "ELANUS_BUILT": "1"},
    )
    assert done.returncode == 0, (arguments, done.stdout, done.stderr)
    return done.stdout


def schema(client):
    s = client.create_schema(auto_id=False, enable_dynamic_field=True)
    s.add_field("id", DataType.VARCHAR, is_primary=True, max_length=32)
    s.add_field("flag", DataType.BOOL)
    s.add_field("i8", DataType.INT8)
    s.add_field("i16", DataType.INT16)
    s.add_field("i32", DataType.INT32, nullable=True)
    s.add_field("i64", DataType.INT64)
    s.add_field("f32", DataType.FLOAT)
    s.add_field("f64", DataType.DOUBLE, nullable=True)
    s.add_field("text", DataType.VARCHAR, max_length=100, nullable=True)
    s.add_field("doc", DataType.JSON)
    s.add_field("tags", DataType.ARRAY, element_type=DataType.VARCHAR, max_capacity=8, max_length=20)
    s.add_field("numbers", DataType.ARRAY, element_type=DataType.INT32, max_capacity=8)
    s.add_field("v", DataType.FLOAT_VECTOR, dim=DIM)
    s.add_field("half", DataType.FLOAT16_VECTOR, dim=DIM)
    s.add_field("brain", DataType.BFLOAT16_VECTOR, dim=DIM)
    s.add_field("bits", DataType.BINARY_VECTOR, dim=DIM)
    s.add_field("sparse", DataType.SPARSE_FLOAT_VECTOR)
    return s


def row(i):
    rng = np.random.default_rng(i)
    v = rng.standard_normal(DIM).astype(np.float32)
    return {
        "id": f"k{i:05d}",
        "flag": i % 2 == 0,
        "i8": i % 100 - 50,
        "i16": i,
        "i32": None if i % 3 == 0 else i * 1000,
        "i64": i * 10**12,
        "f32": float(np.float32(i / 7)),
        "f64": None if i % 5 == 0 else i / 7,
        "text": None if i % 7 == 0 else f'a "quoted", text\n{i} ü',
        "doc": {"n": i, "list": [1, {"a": None}]},
        "tags": [f"t{j}" for j in range(i % 4)],
        "numbers": list(range(i % 5)),
        "v": v.tolist(),
        "half": v.astype(np.float16),
        "brain": v.astype(ml_dtypes.bfloat16),
        "bits": bytes([i % 256, 255 - i % 256]),
        "sparse": {i % 50: 1.5, 100 + i % 50: float(np.float32(i + 0.25))},
        "extra": i % 11,
        "other": {"deep": [i]},
    }


def fill(folder):
    client = MilvusClient(URI)
    index = client.prepare_index_params()
    index.add_index("v", index_type="HNSW", metric_type="L2", params={"M": 8, "efConstruction": 64})
    index.add_index("half", index_type="FLAT", metric_type="L2")
    index.add_index("brain", index_type="FLAT", metric_type="L2")
    index.add_index("bits", index_type="BIN_FLAT", metric_type="HAMMING")
    index.add_index("sparse", index_type="SPARSE_INVERTED_INDEX", metric_type="IP")
    index.add_index("i64", index_type="INVERTED")
    client.create_collection("every", schema=schema(client), index_params=index)
    for start in range(0, ROWS, 500):
        client.insert("every", [row(i) for i in range(start, start + 500)])
    client.delete("every", filter='id in ["k00001", "k00002"]')
    client.create_collection("busy", dimension=4)
    expected = [row(i) for i in range(ROWS) if i not in (1, 2)]
    export(folder, expected)

    # Rows of one insert are seen all or not at all, in whichever order the backup meets them.
    stop = threading.Event()
    written = []

    def write():
        busy = MilvusClient(URI)
        n = 0
        while not stop.is_set():
            busy.insert("busy", [{"id": 3 * n + j, "vector": [n, j, 0, 1], "n": n} for j in range(3)])
            n += 1
            written.append(n)

    writer = threading.Thread(target=write)
    writer.start()
    while len(written) < 5:
        pass
    before = len(written)
    said = elanus("backup", "--to", os.path.join(folder, "backups"), "--server", URI)
    after = len(written) + 1
    said += elanus("backup", "--to", os.path.join(folder, "backups"), "--server", URI)
    stop.set()
    writer.join()
    elanus("backup", "verify", "--from", os.path.join(folder, "backups"))
    first = elanus("backup", "list", "--from", os.path.join(folder, "backups")).split()[0]
    elanus(
        "restore",
        "--from",
        os.path.join(folder, "backups"),
        "--backup",
        first,
        "--data",
        os.path.join(folder, "restored"),
    )
    elanus("doctor", "--data", os.path.join(folder, "restored"))
    with open(os.path.join(folder, "expected.json"), "w") as out:
        json.dump({"before": before, "after": after}, out)
    print(said)


def export(folder, expected):
    parquet = os.path.join(folder, "every.parquet")
    elanus("export", "--server", URI, "--collection", "every", "--to", parquet)
    table = pq.read_table(parquet)
    types = {field.name: field.type for field in table.schema}
    json_types = (pa.string(), getattr(pa, "json_", pa.string)())
    assert types["flag"] == pa.bool_() and types["i8"] == pa.int8() and types["i16"] == pa.int16()
    assert types["i32"] == pa.int32() and types["i64"] == pa.int64()
    assert types["f32"] == pa.float32() and types["f64"] == pa.float64()
    assert types["text"] == pa.string() and types["id"] == pa.string()
    assert types["doc"] in json_types, types["doc"]
    assert types["tags"].value_type == pa.string() and types["numbers"].value_type == pa.int32()
    for vector in ("v", "half", "brain"):
        assert types[vector].value_type == pa.float32(), types[vector]
    assert types["bits"].value_type == pa.uint8()
    assert types["sparse"].field("indices").type.value_type == pa.uint32()
    found = table.to_pylist()
    assert [r["id"] for r in found] == [r["id"] for r in expected]
    for got, want in zip(found, expected):
        for name in ("flag", "i8", "i16", "i32", "i64", "f32", "f64", "text", "tags", "numbers", "v"):
            assert got[name] == want[name], (name, got[name], want[name])
        assert got["half"] == want["half"].astype(np.float32).tolist()
        assert got["brain"] == want["brain"].astype(np.float32).tolist()
        assert bytes(got["bits"]) == want["bits"]
        pairs = dict(zip(got["sparse"]["indices"], got["sparse"]["values"]))
        assert pairs == want["sparse"]
        assert json.loads(got["doc"]) == want["doc"]
        assert json.loads(got["$meta"]) == {"extra": want["extra"], "other": want["other"]}

    lines = os.path.join(folder, "every.jsonl")
    elanus("export", "--server", URI, "--collection", "every", "--to", lines)
    with open(lines, encoding="utf-8") as file:
        objects = [json.loads(line) for line in file]
    assert len(objects) == len(expected)
    for got, want in zip(objects, expected):
        assert got["i32"] == want["i32"] and got["text"] == want["text"] and got["doc"] == want["doc"]
        assert got["extra"] == want["extra"] and got["tags"] == want["tags"]
        assert np.array_equal(np.float32(got["v"]), np.float32(want["v"]))

    table_file = os.path.join(folder, "every.csv")
    elanus("export", "--server", URI, "--collection", "every", "--to", table_file)
    with open(table_file, encoding="utf-8", newline="") as file:
        cells = list(csv.DictReader(file))
    assert [c["id"] for c in cells] == [r["id"] for r in expected]
    assert all((c["text"] or None) == r["text"] for c, r in zip(cells, expected))
    assert all(json.loads(c["numbers"]) == r["numbers"] for c, r in zip(cells, expected))


def check(folder):
    with open(os.path.join(folder, "expected.json")) as file:
        limits = json.load(file)
    client = MilvusClient(URI)
    expected = {r["id"]: r for r in (row(i) for i in range(ROWS) if i not in (1, 2))}
    found = client.query("every", filter='id >= ""', output_fields=["*"], limit=ROWS)
    assert len(found) == len(expected)
    for got in found:
        want = expected[got["id"]]
        for name in ("flag", "i8", "i32", "i64", "text", "doc", "extra", "other"):
            assert got[name] == want[name], (name, got[name], want[name])
        assert list(got["tags"]) == want["tags"]
        assert np.array_equal(np.float32(got["v"]), np.float32(want["v"]))
    for i in (0, 7, 999):
        hits = client.search("every", [row(i)["v"]], anns_field="v", limit=1)[0]
        assert hits[0]["id"] == row(i)["id"], hits
    count = client.query("busy", output_fields=["count(*)"])[0]["count(*)"]
    assert count % 3 == 0, count
    assert 3 * limits["before"] <= count <= 3 * limits["after"], (count, limits)
    client.insert("busy", [{"id": 10**9, "vector": [1, 2, 3, 4]}])
    assert client.query("busy", output_fields=["count(*)"])[0]["count(*)"] == count + 1


{"fill": fill, "check": check}[sys.argv[1]](sys.argv[2])
print("OK", sys.argv[1])
