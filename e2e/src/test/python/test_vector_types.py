"""Half, int8 and binary vectors, in the forms pymilvus takes them: numpy arrays and bytes."""
import base64
import json
import unittest
import urllib.request

import ml_dtypes
import numpy as np
from pymilvus import (
    AnnSearchRequest, Collection, CollectionSchema, DataType, FieldSchema, MilvusClient,
    MilvusException, RRFRanker, connections, utility,
)

from support import URI

DIM = 16
ROWS = 300


def floats(kind, stored):
    """What a stored value means, as numbers; of bits the bits."""
    if kind == DataType.FLOAT16_VECTOR:
        return np.frombuffer(stored, dtype="<f2").astype(np.float64)
    if kind == DataType.BFLOAT16_VECTOR:
        return np.frombuffer(stored, dtype=ml_dtypes.bfloat16).astype(np.float64)
    if kind == DataType.INT8_VECTOR:
        return np.frombuffer(stored, dtype=np.int8).astype(np.float64)
    return np.unpackbits(np.frombuffer(stored, dtype=np.uint8)).astype(np.float64)


def raw(value):
    """The bytes of a value as it came back."""
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], bytes):
        value = value[0]
    if isinstance(value, bytes):
        return value
    return np.asarray(value).tobytes() if isinstance(value, np.ndarray) else bytes(
        int(x) & 255 for x in value)


def distances(metric, query, rows):
    if metric == "L2":
        return ((rows - query) ** 2).sum(1)
    if metric == "IP":
        return -(rows @ query)
    if metric == "COSINE":
        return -(rows @ query) / np.linalg.norm(rows, axis=1) / np.linalg.norm(query)
    if metric == "HAMMING":
        return np.abs(rows - query).sum(1)
    both = rows @ query
    either = rows.sum(1) + query.sum() - both
    return 1 - both / np.maximum(either, 1)


class VectorTypes(unittest.TestCase):
    def setUp(self):
        self.client = MilvusClient(URI)
        for name in self.client.list_collections():
            self.client.drop_collection(name)
        self.numbers = np.random.default_rng(1).normal(0, 1, (ROWS, DIM)).astype(np.float32)

    def tearDown(self):
        self.client.close()

    def value(self, kind, row):
        numbers = self.numbers[row]
        if kind == DataType.FLOAT16_VECTOR:
            return numbers.astype(np.float16)
        if kind == DataType.BFLOAT16_VECTOR:
            return numbers.astype(ml_dtypes.bfloat16)
        if kind == DataType.INT8_VECTOR:
            return np.clip(numbers * 40, -128, 127).astype(np.int8)
        return np.packbits(numbers > 0).tobytes()

    def bytes(self, kind, row):
        value = self.value(kind, row)
        return value if isinstance(value, bytes) else value.tobytes()

    def create(self, kind, index, metric, name="types", **build):
        self.client.drop_collection(name)
        schema = self.client.create_schema(auto_id=False, enable_dynamic_field=True)
        schema.add_field("id", DataType.INT64, is_primary=True)
        schema.add_field("v", kind, dim=DIM)
        params = self.client.prepare_index_params()
        params.add_index("v", index_type=index, metric_type=metric, params=build)
        self.client.create_collection(name, schema=schema, index_params=params,
                                      consistency_level="Strong")
        rows = [{"id": i, "v": self.value(kind, i), "group": i % 3} for i in range(ROWS)]
        self.assertEqual(self.client.insert(name, rows)["insert_count"], ROWS)

    def check(self, kind, metric, name="types", **search):
        """What is found has the right distances, and they are the smallest."""
        rows = np.array([floats(kind, self.bytes(kind, i)) for i in range(ROWS)])
        queries = [5, 77]
        found = self.client.search(
            name, [self.value(kind, q) for q in queries], limit=10, output_fields=["v", "group"],
            search_params={"metric_type": metric, "params": search})
        for q, hits in zip(queries, found):
            truth = distances(metric, rows[q], rows)
            sign = -1 if metric in ("IP", "COSINE") else 1
            self.assertEqual(len(hits), 10)
            np.testing.assert_allclose([h["distance"] for h in hits], np.sort(truth)[:10] * sign,
                                       rtol=1e-4, atol=1e-4)
            for hit in hits:
                self.assertAlmostEqual(hit["distance"], sign * truth[hit["id"]], places=3)
                self.assertEqual(raw(hit["entity"]["v"]), self.bytes(kind, hit["id"]))
                self.assertEqual(hit["entity"]["group"], hit["id"] % 3)

    def each(self, kind, indexes, metrics):
        for index, build, search in indexes:
            for metric in metrics:
                with self.subTest(kind=kind.name, index=index, metric=metric):
                    self.create(kind, index, metric, **build)
                    self.check(kind, metric, **search)
                    self.client.flush("types")
                    self.check(kind, metric, **search)
                    self.client.drop_collection("types")

    NUMBERS = [("FLAT", {}, {}), ("HNSW", {"M": 8, "efConstruction": 64}, {"ef": 100}),
               ("IVF_FLAT", {"nlist": 4}, {"nprobe": 4}), ("AUTOINDEX", {}, {})]

    def test_float16(self):
        self.each(DataType.FLOAT16_VECTOR, self.NUMBERS, ["L2", "IP", "COSINE"])

    def test_bfloat16(self):
        self.each(DataType.BFLOAT16_VECTOR, self.NUMBERS, ["IP"])

    def test_int8(self):
        self.each(DataType.INT8_VECTOR, self.NUMBERS, ["L2", "COSINE"])

    def test_binary(self):
        self.each(DataType.BINARY_VECTOR,
                  [("BIN_FLAT", {}, {}), ("BIN_IVF_FLAT", {"nlist": 4}, {"nprobe": 4}),
                   ("AUTOINDEX", {}, {})], ["HAMMING", "JACCARD"])

    def test_query_upsert_get_and_delete(self):
        for kind in (DataType.FLOAT16_VECTOR, DataType.BFLOAT16_VECTOR, DataType.INT8_VECTOR,
                     DataType.BINARY_VECTOR):
            with self.subTest(kind=kind.name):
                binary = kind == DataType.BINARY_VECTOR
                self.create(kind, "AUTOINDEX", "HAMMING" if binary else "L2")
                rows = self.client.query("types", filter="id in [3, 4]", output_fields=["*"])
                self.assertEqual([raw(r["v"]) for r in rows],
                                 [self.bytes(kind, 3), self.bytes(kind, 4)])
                self.client.upsert("types", [{"id": 3, "v": self.value(kind, 9), "group": 7}])
                got = self.client.get("types", [3])[0]
                self.assertEqual((raw(got["v"]), got["group"]), (self.bytes(kind, 9), 7))
                hits = self.client.search("types", [self.value(kind, 9)], limit=2)[0]
                self.assertEqual({h["id"] for h in hits}, {3, 9})
                self.client.delete("types", ids=[3])
                hits = self.client.search("types", [self.value(kind, 9)], limit=1)[0]
                self.assertEqual([h["id"] for h in hits], [9])
                info = self.client.describe_collection("types")["fields"][1]
                self.assertEqual((info["type"], info["params"]["dim"]), (kind, DIM))
                self.client.drop_collection("types")

    def test_ranges_filters_and_iterators(self):
        self.create(DataType.BINARY_VECTOR, "BIN_FLAT", "HAMMING")
        rows = np.array([floats(DataType.BINARY_VECTOR, self.bytes(DataType.BINARY_VECTOR, i))
                         for i in range(ROWS)])
        truth = distances("HAMMING", rows[0], rows)
        query = [self.value(DataType.BINARY_VECTOR, 0)]
        hits = self.client.search("types", query, limit=ROWS, filter="group == 1", search_params={
            "metric_type": "HAMMING", "params": {"radius": 6, "range_filter": 3}})[0]
        self.assertEqual({h["id"] for h in hits},
                         {i for i in range(ROWS) if i % 3 == 1 and 3 <= truth[i] < 6})
        seen = []
        iterator = self.client.search_iterator(
            "types", query, batch_size=40, search_params={"metric_type": "HAMMING", "params": {}})
        while True:
            page = iterator.next()
            if not page:
                break
            seen += [h["id"] for h in page]
        iterator.close()
        self.assertEqual(sorted(seen), list(range(ROWS)))
        self.assertEqual(list(truth[seen]), sorted(truth))

    def test_halves_as_bytes_and_queries_of_float32(self):
        """Rows may be bytes; queries that are bytes mean bits to pymilvus, so they are floats."""
        for kind in (DataType.FLOAT16_VECTOR, DataType.BFLOAT16_VECTOR):
            self.create(kind, "FLAT", "L2")
            self.client.insert("types", [{"id": ROWS, "v": self.bytes(kind, 5), "group": 0}])
            query = [float(x) for x in floats(kind, self.bytes(kind, 5))]
            hits = self.client.search("types", [query], limit=2)[0]
            self.assertEqual([(h["id"], h["distance"]) for h in hits], [(5, 0), (ROWS, 0)])

    def test_several_types_in_one_collection(self):
        schema = self.client.create_schema(auto_id=True)
        schema.add_field("id", DataType.INT64, is_primary=True)
        kinds = {"h": DataType.FLOAT16_VECTOR, "b": DataType.BFLOAT16_VECTOR,
                 "i": DataType.INT8_VECTOR, "x": DataType.BINARY_VECTOR}
        params = self.client.prepare_index_params()
        for name, kind in kinds.items():
            schema.add_field(name, kind, dim=DIM)
            params.add_index(name, index_type="AUTOINDEX",
                             metric_type="JACCARD" if name == "x" else "COSINE")
        self.client.create_collection("several", schema=schema, index_params=params,
                                      consistency_level="Strong")
        ids = self.client.insert("several", [
            {name: self.value(kind, row) for name, kind in kinds.items()} for row in range(ROWS)
        ])["ids"]
        searches = [AnnSearchRequest([self.value(kind, 8)], name, {}, limit=5)
                    for name, kind in kinds.items()]
        hits = self.client.hybrid_search("several", searches, RRFRanker(), limit=3,
                                         output_fields=list(kinds))[0]
        self.assertEqual(hits[0]["id"], ids[8])
        for name, kind in kinds.items():
            self.assertEqual(raw(hits[0]["entity"][name]), self.bytes(kind, 8))

    def test_older_style(self):
        connections.connect(uri=URI)
        schema = CollectionSchema([
            FieldSchema("id", DataType.INT64, is_primary=True),
            FieldSchema("x", DataType.BINARY_VECTOR, dim=DIM),
        ])
        collection = Collection("older", schema, consistency_level="Strong")
        values = [self.value(DataType.BINARY_VECTOR, i) for i in range(ROWS)]
        collection.insert([list(range(ROWS)), values])
        collection.create_index("x", {"index_type": "BIN_FLAT", "metric_type": "JACCARD"})
        collection.load()
        hits = collection.search([values[4]], "x", {"metric_type": "JACCARD"}, limit=1)
        self.assertEqual(hits[0][0].distance, 0)
        self.assertEqual(raw(collection.query("id == 4", output_fields=["x"])[0]["x"]), values[4])
        utility.drop_collection("older")
        connections.disconnect("default")

    def test_what_is_refused(self):
        def refused(text, call, *args, **kwargs):
            with self.assertRaises(MilvusException) as raised:
                call(*args, **kwargs)
            self.assertIn(text, raised.exception.message)

        schema = self.client.create_schema()
        schema.add_field("id", DataType.INT64, is_primary=True)
        schema.add_field("v", DataType.BINARY_VECTOR, dim=12)
        refused("multiple of 8", self.client.create_collection, "odd", schema=schema)
        refused("BIN_FLAT", self.create, DataType.BINARY_VECTOR, "IVF_SQ8", "HAMMING", "a")
        refused("HAMMING", self.create, DataType.BINARY_VECTOR, "BIN_FLAT", "L2", "b")
        refused("HNSW", self.create, DataType.INT8_VECTOR, "BIN_FLAT", "L2", "c")
        self.create(DataType.FLOAT16_VECTOR, "FLAT", "COSINE", "half")
        wrong = np.full(DIM, np.inf, dtype=np.float16)
        refused("NaN or infinity", self.client.insert, "half", [{"id": 1, "v": wrong}])
        refused("zero vector", self.client.insert, "half",
                [{"id": 1, "v": np.zeros(DIM, dtype=np.float16)}])
        refused("vector type must be the same", self.client.search, "half",
                [self.value(DataType.INT8_VECTOR, 1)], limit=1)

    def test_rest(self):
        def call(path, body):
            request = urllib.request.Request(
                URI + "/v2/vectordb" + path, json.dumps(body).encode(),
                {"Content-Type": "application/json"})
            answer = json.load(urllib.request.urlopen(request))
            self.assertEqual(answer["code"], 0, answer)
            return answer

        fields = [{"fieldName": "id", "dataType": "Int64", "isPrimary": True}]
        names = {"h": "Float16Vector", "b": "BFloat16Vector", "i": "Int8Vector",
                 "x": "BinaryVector"}
        for name, kind in names.items():
            fields.append({"fieldName": name, "dataType": kind,
                           "elementTypeParams": {"dim": DIM}})
        call("/collections/create", {
            "collectionName": "rest", "schema": {"fields": fields}, "indexParams": [
                {"fieldName": n, "indexName": n, "metricType": "HAMMING" if n == "x" else "L2",
                 "indexType": "AUTOINDEX"} for n in names]})
        half = [i / 2 for i in range(DIM)]
        row = {"id": 1, "h": half, "b": half, "i": list(range(DIM)), "x": "AQI="}
        other = {"id": 2, "h": base64.b64encode(np.zeros(DIM, dtype="<f2").tobytes()).decode(),
                 "b": [0] * DIM, "i": [-1] * DIM, "x": [255, 255]}
        call("/entities/insert", {"collectionName": "rest", "data": [row, other]})
        for name in names:
            hits = call("/entities/search", {
                "collectionName": "rest", "annsField": name, "data": [row[name]], "limit": 2,
                "consistencyLevel": "Strong", "outputFields": ["*"]})["data"]
            self.assertEqual([h["id"] for h in hits], [1, 2])
            self.assertEqual(hits[0]["distance"], 0)
            self.assertEqual((hits[0]["x"], hits[0]["i"]), ("AQI=", list(range(DIM))))
            stored = np.frombuffer(base64.b64decode(hits[0]["h"]), dtype="<f2")
            self.assertEqual(list(stored), half)


if __name__ == "__main__":
    unittest.main()
