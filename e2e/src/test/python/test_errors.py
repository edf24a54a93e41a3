"""Bad input: Milvus's code, a sentence, and nothing changed."""
import unittest

from pymilvus import DataType, MilvusClient, MilvusException

from support import URI


class Errors(unittest.TestCase):
    def setUp(self):
        self.client = MilvusClient(URI)
        if self.client.has_collection("strict"):
            self.client.drop_collection("strict")
        schema = self.client.create_schema(enable_dynamic_field=False)
        schema.add_field("id", DataType.INT64, is_primary=True)
        schema.add_field("name", DataType.VARCHAR, max_length=5)
        schema.add_field("v", DataType.FLOAT_VECTOR, dim=4)
        params = self.client.prepare_index_params()
        params.add_index("v", index_type="HNSW", metric_type="L2", M=8, efConstruction=64)
        self.client.create_collection("strict", schema=schema, index_params=params)
        self.row = {"id": 1, "name": "a", "v": [1.0, 2.0, 3.0, 4.0]}
        self.client.insert("strict", [self.row])

    def tearDown(self):
        rows = self.client.query("strict", filter="", output_fields=["count(*)"],
                                 consistency_level="Strong")
        self.assertEqual(rows[0]["count(*)"], 1)
        self.client.close()

    def refused(self, code, call, *args, **options):
        with self.assertRaises(MilvusException) as raised:
            call(*args, **options)
        if code is not None:
            self.assertEqual(raised.exception.code, code, raised.exception)
        self.assertGreater(len(raised.exception.message), 10)

    def test_missing_collection(self):
        self.refused(100, self.client.describe_collection, "nothing")
        self.refused(100, self.client.query, "nothing", filter="id > 1")

    def test_wrong_dimension(self):
        self.refused(None, self.client.insert, "strict", [dict(self.row, id=2, v=[1.0, 2.0])])
        self.refused(1100, self.client.search, "strict", [[1.0, 2.0]], limit=1)

    def test_not_a_number(self):
        bad = dict(self.row, id=2, v=[1.0, float("nan"), 3.0, 4.0])
        self.refused(None, self.client.insert, "strict", [bad])

    def test_overlong_text(self):
        self.refused(None, self.client.insert, "strict", [dict(self.row, id=2, name="too long")])

    def test_unknown_field(self):
        self.refused(1100, self.client.query, "strict", filter="color == 1")

    def test_wrong_type_in_a_filter(self):
        self.refused(1100, self.client.query, "strict", filter="name > 5")

    def test_deep_expression(self):
        deep = "(" * 100_000 + "id > 1" + ")" * 100_000
        self.refused(1100, self.client.query, "strict", filter=deep)

    def test_wide_expression_is_fine(self):
        wide = " or ".join(f"id == {i}" for i in range(5_000))
        self.assertEqual(len(self.client.query("strict", filter=wide, limit=10)), 1)

    def test_too_many_hits(self):
        self.refused(None, self.client.search, "strict", [self.row["v"]], limit=16_385)

    def test_small_ef(self):
        self.refused(1100, self.client.search, "strict", [self.row["v"]], limit=10,
                     search_params={"params": {"ef": 5}})

    def test_bad_name(self):
        self.refused(None, self.client.create_collection, "1 bad name", dimension=4)

    def test_wrong_metric(self):
        self.refused(1100, self.client.search, "strict", [self.row["v"]], limit=1,
                     search_params={"metric_type": "IP"})


if __name__ == "__main__":
    unittest.main()
