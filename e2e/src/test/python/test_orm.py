"""The ORM style of pymilvus, as programs written for Milvus use it."""
import time
import unittest

from pymilvus import (
    Collection,
    CollectionSchema,
    DataType,
    FieldSchema,
    connections,
    utility,
)

from support import URI, nearest, vectors

DIM = 384
ROWS = 3000


class Orm(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        connections.connect("default", uri=URI)

    def build(self, name, index):
        if utility.has_collection(name):
            utility.drop_collection(name)
        fields = [
            FieldSchema("id", DataType.INT64, is_primary=True, auto_id=True),
            FieldSchema("embedding", DataType.FLOAT_VECTOR, dim=DIM),
            FieldSchema("document_id", DataType.VARCHAR, max_length=64),
            FieldSchema("category", DataType.VARCHAR, max_length=32),
            FieldSchema("timestamp", DataType.INT64),
        ]
        collection = Collection(name, CollectionSchema(fields, "documents"))
        data = vectors(ROWS, DIM, 1)
        now = 1_700_000_000
        result = collection.insert(
            [
                data,
                [f"doc-{i}" for i in range(ROWS)],
                ["news" if i % 3 == 0 else "blog" for i in range(ROWS)],
                [now + i for i in range(ROWS)],
            ]
        )
        self.assertEqual(result.insert_count, ROWS)
        self.assertEqual(len(result.primary_keys), ROWS)
        collection.flush()
        collection.create_index("embedding", index)
        collection.load()
        return collection, data, now, list(result.primary_keys)

    def check(self, name, index, search, floor):
        collection, data, now, keys = self.build(name, index)
        self.assertEqual(collection.num_entities, ROWS)
        queries = vectors(5, DIM, 2)
        for level in ("Bounded", "Strong"):
            hits = collection.search(
                queries, "embedding", search, limit=10, output_fields=["document_id"],
                consistency_level=level,
            )
            found = 0
            for query, row in zip(queries, hits):
                right = {keys[i] for i in nearest(query, data, 10)}
                found += len(right & set(row.ids))
                self.assertEqual(len(row), 10)
                self.assertEqual(sorted(row.distances, reverse=True), list(row.distances))
            self.assertGreaterEqual(found / 50, floor)
        hits = collection.search(
            queries[:1], "embedding", search, limit=10,
            expr=f'category == "news" and timestamp >= {now + 300} and timestamp < {now + 900}',
            output_fields=["category", "timestamp", "document_id"],
        )
        self.assertEqual(len(hits[0]), 10)
        for hit in hits[0]:
            self.assertEqual(hit.entity.get("category"), "news")
            self.assertTrue(now + 300 <= hit.entity.get("timestamp") < now + 900)
        utility.drop_collection(name)
        self.assertFalse(utility.has_collection(name))

    def test_hnsw_under_inner_product(self):
        index = {"index_type": "HNSW", "metric_type": "IP", "params": {"M": 16, "efConstruction": 200}}
        search = {"metric_type": "IP", "params": {"ef": 256}}
        self.check("orm_hnsw", index, search, 0.9)

    def test_ivf_flat_with_many_lists(self):
        index = {"index_type": "IVF_FLAT", "metric_type": "IP", "params": {"nlist": 4096}}
        search = {"metric_type": "IP", "params": {"nprobe": 64}}
        self.check("orm_ivf", index, search, 0.9)

    def test_iterators_of_the_first_kind(self):
        collection, data, now, keys = self.build(
            "orm_iterate",
            {"index_type": "FLAT", "metric_type": "L2", "params": {}},
        )
        iterator = collection.query_iterator(batch_size=700, output_fields=["document_id"])
        seen = set()
        while True:
            page = iterator.next()
            if not page:
                iterator.close()
                break
            for row in page:
                self.assertNotIn(row["id"], seen)
                seen.add(row["id"])
        self.assertEqual(seen, set(keys))
        iterator = collection.search_iterator(
            data[:1], "embedding", {"metric_type": "L2", "params": {}}, batch_size=400, limit=1000
        )
        found = []
        while True:
            page = iterator.next()
            if not page:
                iterator.close()
                break
            found.extend(page.ids())
        self.assertEqual(len(found), 1000)
        self.assertEqual(len(set(found)), 1000)
        collection.drop()

    def test_partitions_and_aliases(self):
        collection, data, now, keys = self.build(
            "orm_parts", {"index_type": "AUTOINDEX", "metric_type": "COSINE", "params": {}}
        )
        collection.create_partition("p1")
        self.assertTrue(collection.has_partition("p1"))
        collection.insert(
            [data[:3], ["x", "y", "z"], ["news"] * 3, [1, 2, 3]], partition_name="p1"
        )
        collection.load()
        rows = collection.query("timestamp < 10", partition_names=["p1"], consistency_level="Strong")
        self.assertEqual(len(rows), 3)
        utility.create_alias("orm_parts", "orm_alias")
        self.assertEqual(Collection("orm_alias").query(
            "timestamp < 10", output_fields=["count(*)"], consistency_level="Strong")[0]["count(*)"], 3)
        utility.drop_alias("orm_alias")
        collection.release()
        with self.assertRaises(Exception):
            collection.query("timestamp < 10")
        collection.drop_partition("p1")
        collection.drop()


if __name__ == "__main__":
    unittest.main()
