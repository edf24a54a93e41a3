"""MilvusClient, the newer style."""
import time
import unittest

from pymilvus import (AnnSearchRequest, DataType, MilvusClient, MilvusException, RRFRanker,
                      WeightedRanker)

from support import URI, vectors


class Client(unittest.TestCase):
    def setUp(self):
        self.client = MilvusClient(URI)
        for name in self.client.list_collections():
            self.client.drop_collection(name)

    def tearDown(self):
        self.client.close()

    def quick(self, name="quick", count=500, **options):
        self.client.create_collection(name, dimension=8, **options)
        data = vectors(count, 8, 3)
        rows = [
            {"id": i, "vector": data[i], "color": ["red", "green", "blue"][i % 3], "size": i}
            for i in range(count)
        ]
        self.assertEqual(self.client.insert(name, rows)["insert_count"], count)
        return rows

    def test_quick_start(self):
        rows = self.quick()
        hits = self.client.search("quick", [rows[7]["vector"]], limit=5, output_fields=["color"])
        self.assertEqual(hits[0][0]["id"], 7)
        self.assertAlmostEqual(hits[0][0]["distance"], 1.0, places=5)
        self.assertEqual(hits[0][0]["entity"], {"color": "green"})
        self.assertEqual(self.client.get("quick", [3, 4])[1]["size"], 4)
        rows = self.client.query("quick", filter="size < 3", output_fields=["size"])
        self.assertEqual(list(rows), [{"id": i, "size": i} for i in range(3)])
        rows = self.client.query("quick", filter="", limit=2, offset=5, output_fields=["id"])
        self.assertEqual(list(rows), [{"id": 5}, {"id": 6}])

    def test_upsert_and_delete(self):
        rows = self.quick()
        self.client.upsert("quick", [dict(rows[1], color="black")])
        self.assertEqual(self.client.get("quick", [1])[0]["color"], "black")
        self.client.delete("quick", ids=[2, 3])
        self.client.delete("quick", filter='color == "red" and size > 400')
        left = self.client.query("quick", filter="", output_fields=["count(*)"])[0]["count(*)"]
        gone = {2, 3} | {i for i in range(401, 500) if i % 3 == 0}
        self.assertEqual(left, 500 - len(gone))
        self.assertEqual(list(self.client.get("quick", [2, 3])), [])

    def test_dynamic_fields_and_filters(self):
        rows = self.quick()
        row = self.client.query("quick", filter="id == 9", output_fields=["*"])[0]
        self.assertEqual(row["color"], "red")
        self.assertEqual(len(row["vector"]), 8)
        count = lambda f, **p: len(self.client.query("quick", filter=f, limit=1000, **p))
        self.assertEqual(count('color in ["red", "blue"] and not (size >= 30)'), 20)
        self.assertEqual(count('color like "gr%" and size < 30'), 10)
        self.assertEqual(count("10 <= size < 20"), 10)
        self.assertEqual(count("size % 100 == 7"), 5)
        self.assertEqual(count("exists weight"), 0)
        self.assertEqual(count("size in {wanted} or color == {c} and size < 3",
                               filter_params={"wanted": [100, 200], "c": "red"}), 3)

    def test_schema_with_everything(self):
        schema = self.client.create_schema(auto_id=False, enable_dynamic_field=True)
        schema.add_field("key", DataType.VARCHAR, is_primary=True, max_length=20)
        schema.add_field("flag", DataType.BOOL)
        schema.add_field("small", DataType.INT8)
        schema.add_field("medium", DataType.INT16, nullable=True)
        schema.add_field("number", DataType.INT32, default_value=42)
        schema.add_field("price", DataType.FLOAT)
        schema.add_field("exact", DataType.DOUBLE)
        schema.add_field("info", DataType.JSON, nullable=True)
        schema.add_field("tags", DataType.ARRAY, element_type=DataType.VARCHAR, max_capacity=5,
                         max_length=20)
        schema.add_field("v", DataType.FLOAT_VECTOR, dim=4)
        params = self.client.prepare_index_params()
        params.add_index("v", index_type="HNSW", metric_type="L2", M=8, efConstruction=64)
        params.add_index("small", index_type="STL_SORT")
        params.add_index("key", index_type="INVERTED")
        params.add_index("flag", index_type="BITMAP")
        self.client.create_collection("all", schema=schema, index_params=params)
        data = vectors(60, 4, 5)
        self.client.insert("all", [
            {"key": f"k{i:03}", "flag": i % 2 == 0, "small": i - 30,
             "medium": None if i % 3 == 0 else i, "price": i / 2, "exact": i / 3,
             "info": {"a": {"b": [i, i + 1]}, "s": f"x{i}"} if i % 4 else None,
             "tags": [f"t{i % 5}", "all"], "v": data[i], "extra": i}
            for i in range(60)])
        rows = self.client.query("all", filter="", limit=60, output_fields=["*"])
        self.assertEqual([r["key"] for r in rows], [f"k{i:03}" for i in range(60)])
        self.assertEqual(rows[5]["number"], 42)
        self.assertIsNone(rows[3]["medium"])
        self.assertEqual(rows[5]["info"], {"a": {"b": [5, 6]}, "s": "x5"})
        self.assertIsNone(rows[4]["info"])
        self.assertEqual(list(rows[7]["tags"]), ["t2", "all"])
        self.assertEqual(rows[7]["extra"], 7)
        keys = lambda f: [r["key"] for r in self.client.query("all", filter=f, limit=60)]
        self.assertEqual(len(keys("medium is null")), 20)
        self.assertEqual(len(keys("not (medium > 10)")), 7)
        self.assertEqual(keys('info["a"]["b"][0] == 9'), ["k009"])
        self.assertEqual(len(keys('array_contains(tags, "t3")')), 12)
        self.assertEqual(len(keys('array_contains_all(tags, ["t3", "all"])')), 12)
        self.assertEqual(len(keys('json_contains(info["a"]["b"], 10)')), 2)
        self.assertEqual(len(keys("flag and small >= 0")), 15)
        self.assertEqual(len(keys('key > "k050"')), 9)
        self.assertEqual(keys("extra == 11 or price == 1.5"), ["k003", "k011"])
        self.client.flush("all")
        self.assertEqual(len(keys("flag and small >= 0")), 15)
        self.assertEqual(keys('key in ["k001", "k002", "zzz"]'), ["k001", "k002"])

    def test_tenants_by_partition_key(self):
        schema = self.client.create_schema()
        schema.add_field("id", DataType.INT64, is_primary=True, auto_id=True)
        schema.add_field("tenant", DataType.VARCHAR, max_length=32, is_partition_key=True)
        schema.add_field("v", DataType.FLOAT_VECTOR, dim=8)
        params = self.client.prepare_index_params()
        params.add_index("v", index_type="AUTOINDEX", metric_type="COSINE")
        self.client.create_collection("tenants", schema=schema, index_params=params,
                                      num_partitions=8)
        data = vectors(300, 8, 6)
        self.client.insert("tenants", [{"tenant": f"t{i % 10}", "v": data[i]} for i in range(300)])
        self.assertEqual(len(self.client.list_partitions("tenants")), 8)
        hits = self.client.search("tenants", data[:2], limit=50, filter='tenant == "t4"',
                                  output_fields=["tenant"], consistency_level="Strong")
        for row in hits:
            self.assertEqual(len(row), 30)
            self.assertEqual({h["entity"]["tenant"] for h in row}, {"t4"})

    def test_clustering_compaction(self):
        schema = self.client.create_schema()
        schema.add_field("id", DataType.INT64, is_primary=True)
        schema.add_field("day", DataType.INT64, is_clustering_key=True)
        schema.add_field("v", DataType.FLOAT_VECTOR, dim=8)
        params = self.client.prepare_index_params()
        params.add_index("v", index_type="FLAT", metric_type="L2")
        self.client.create_collection("days", schema=schema, index_params=params)
        data = vectors(400, 8, 9)
        for part in range(4):
            self.client.insert("days", [{"id": i, "day": i * 37 % 100, "v": data[i]}
                                        for i in range(part * 100, part * 100 + 100)])
            self.client.flush("days")
        described = {f["name"]: f for f in self.client.describe_collection("days")["fields"]}
        self.assertTrue(described["day"]["is_clustering_key"])
        ask = lambda: [r["id"] for r in self.client.query(
            "days", filter="20 <= day < 23 or day == 99", consistency_level="Strong")]
        before = ask()
        self.assertEqual(len(before), 16)
        job = self.client.compact("days", is_clustering=True)
        for _ in range(200):
            if self.client.get_compaction_state(job) == "Completed":
                break
            time.sleep(0.05)
        self.assertEqual(self.client.get_compaction_state(job), "Completed")
        self.assertEqual(ask(), before)
        self.quick()
        with self.assertRaisesRegex(MilvusException, "no clustering key"):
            self.client.compact("quick", is_clustering=True)

    def test_iterators(self):
        rows = self.quick(count=1200)
        iterator = self.client.query_iterator("quick", batch_size=500, filter="size >= 100",
                                              output_fields=["size"])
        seen = []
        while page := iterator.next():
            seen.extend(r["id"] for r in page)
        iterator.close()
        self.assertEqual(seen, list(range(100, 1200)))
        iterator = self.client.search_iterator("quick", data=[rows[0]["vector"]], batch_size=250,
                                               output_fields=["size"])
        seen = []
        while page := iterator.next():
            seen.extend(h["id"] for h in page)
        iterator.close()
        self.assertEqual(sorted(seen), list(range(1200)))

    def test_range_search(self):
        rows = self.quick(metric_type="L2")
        hits = self.client.search("quick", [rows[0]["vector"]], limit=500,
                                  search_params={"params": {"radius": 1.0, "range_filter": 0.2}})
        self.assertTrue(hits[0])
        for hit in hits[0]:
            self.assertTrue(0.2 <= hit["distance"] < 1.0)

    def test_hybrid_search(self):
        schema = self.client.create_schema()
        schema.add_field("id", DataType.INT64, is_primary=True)
        schema.add_field("a", DataType.FLOAT_VECTOR, dim=8)
        schema.add_field("b", DataType.FLOAT_VECTOR, dim=4)
        params = self.client.prepare_index_params()
        params.add_index("a", index_type="HNSW", metric_type="COSINE", M=8, efConstruction=64)
        params.add_index("b", index_type="FLAT", metric_type="IP")
        self.client.create_collection("two", schema=schema, index_params=params)
        a, b = vectors(200, 8, 7), vectors(200, 4, 8)
        self.client.insert("two", [{"id": i, "a": a[i], "b": b[i]} for i in range(200)])
        asks = [AnnSearchRequest([a[11]], "a", {"params": {"ef": 64}}, 20),
                AnnSearchRequest([b[11]], "b", {}, 20, expr="id < 100")]
        hits = self.client.hybrid_search("two", asks, RRFRanker(60), limit=5,
                                         output_fields=["id"], consistency_level="Strong")
        self.assertEqual(hits[0][0]["id"], 11)
        self.assertAlmostEqual(hits[0][0]["distance"], 2 / 61, places=5)
        hits = self.client.hybrid_search("two", asks, WeightedRanker(0.9, 0.1), limit=5)
        self.assertEqual(hits[0][0]["id"], 11)

    def test_databases(self):
        if "other" in self.client.list_databases():
            self.client.drop_database("other")
        self.client.create_database("other")
        self.assertIn("other", self.client.list_databases())
        second = MilvusClient(URI, db_name="other")
        second.create_collection("inside", dimension=4)
        self.assertEqual(second.list_collections(), ["inside"])
        self.assertNotIn("inside", self.client.list_collections())
        second.drop_collection("inside")
        second.close()
        self.client.drop_database("other")

    def test_load_release_and_rename(self):
        rows = self.quick()
        self.client.release_collection("quick")
        self.assertIn("NotLoad", str(self.client.get_load_state("quick")["state"]))
        with self.assertRaises(Exception):
            self.client.search("quick", [rows[0]["vector"]], limit=1)
        self.client.load_collection("quick")
        self.assertEqual(len(self.client.search("quick", [rows[0]["vector"]], limit=1)[0]), 1)
        self.client.rename_collection("quick", "slow")
        self.assertEqual(self.client.list_collections(), ["slow"])
        self.assertEqual(self.client.get_collection_stats("slow")["row_count"], 500)

    def test_aliases(self):
        self.quick()
        self.client.create_alias("quick", "nick")
        self.assertEqual(self.client.describe_collection("nick")["collection_name"], "quick")
        self.assertEqual(len(self.client.get("nick", [1])), 1)
        self.client.drop_alias("nick")
        self.assertFalse(self.client.has_collection("nick"))

    def test_a_large_batch_and_its_index(self):
        self.client.create_collection("large", dimension=128, metric_type="L2")
        data = vectors(10_000, 128, 9)
        self.client.insert("large", [{"id": i, "vector": v} for i, v in enumerate(data)])
        self.client.flush("large")
        info = self.client.describe_index("large", "vector")
        self.assertEqual(info["total_rows"], 10_000)
        hits = self.client.search("large", data[:20], limit=3)
        self.assertEqual([row[0]["id"] for row in hits], list(range(20)))


if __name__ == "__main__":
    unittest.main()
