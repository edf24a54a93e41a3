"""Sparse vectors: dicts, lists of pairs, scipy where it is there; alone and beside dense ones."""
import random
import unittest

from pymilvus import AnnSearchRequest, DataType, MilvusClient, RRFRanker, WeightedRanker
from pymilvus.exceptions import MilvusException

from support import URI, vectors

try:
    from scipy.sparse import csr_array
except ImportError:
    csr_array = None

LAST = 2**32 - 2


def sparse(rng, terms=12):
    """Common terms more often; sometimes the largest dimension there is."""
    picked = {int(2000 ** rng.random()) for _ in range(terms)}
    return {i if i % 97 else LAST - i: round(rng.random() + 0.1, 3) for i in picked}


def product(a, b):
    return sum(v * b[i] for i, v in a.items() if i in b)


def nearest(query, rows, k):
    scored = [(-product(query, row), i) for i, row in enumerate(rows)]
    return [(i, -s) for s, i in sorted(scored)[:k] if s < 0]


class Sparse(unittest.TestCase):
    COUNT = 3000

    def setUp(self):
        self.client = MilvusClient(URI)
        for name in self.client.list_collections():
            self.client.drop_collection(name)
        schema = self.client.create_schema(auto_id=False)
        schema.add_field("id", DataType.INT64, is_primary=True)
        schema.add_field("size", DataType.INT64)
        schema.add_field("s", DataType.SPARSE_FLOAT_VECTOR)
        schema.add_field("v", DataType.FLOAT_VECTOR, dim=8)
        index = self.client.prepare_index_params()
        index.add_index("s", index_type="SPARSE_INVERTED_INDEX", metric_type="IP",
                        params={"inverted_index_algo": "DAAT_MAXSCORE"})
        index.add_index("v", index_type="FLAT", metric_type="IP")
        self.client.create_collection("c", schema=schema, index_params=index,
                                      consistency_level="Strong")
        rng = random.Random(11)
        self.rows = [sparse(rng) for _ in range(self.COUNT)]
        self.dense = vectors(self.COUNT, 8, 12)
        data = [{"id": i, "size": i % 10, "s": self.rows[i], "v": self.dense[i]}
                for i in range(self.COUNT)]
        # Half on disk and indexed, half in memory.
        self.client.insert("c", data[:2000])
        self.client.flush("c")
        self.client.insert("c", data[2000:])
        self.queries = [sparse(rng, 6) for _ in range(10)]

    def tearDown(self):
        self.client.close()

    def assertHits(self, hits, wanted):
        self.assertEqual(len(hits), len(wanted))
        for hit, (i, score) in zip(hits, wanted):
            self.assertAlmostEqual(hit["distance"], score, places=4)
            self.assertAlmostEqual(product(self.query, self.rows[hit["id"]]), score, places=4)

    def test_search_is_exact(self):
        found = self.client.search("c", self.queries, anns_field="s", limit=10)
        for self.query, hits in zip(self.queries, found):
            self.assertHits(hits, nearest(self.query, self.rows, 10))

    def test_forms_of_queries(self):
        self.query = self.queries[0]
        pairs = [sorted(self.query.items())]
        forms = [[self.query], pairs]
        if csr_array is not None:
            items = sorted((i, v) for i, v in self.query.items() if i < 2000)
            self.query = dict(items)
            row = csr_array(([v for _, v in items], ([0] * len(items), [i for i, _ in items])),
                            shape=(1, 2000))
            forms = [row, [self.query]]
        for data in forms:
            hits = self.client.search("c", data, anns_field="s", limit=5)[0]
            self.assertHits(hits, nearest(self.query, self.rows, 5))

    def test_filter_drop_and_range(self):
        self.query = self.queries[1]
        hits = self.client.search("c", [self.query], anns_field="s", limit=20,
                                  filter="size == 3", output_fields=["s", "size"])[0]
        passing = {i: r for i, r in enumerate(self.rows) if i % 10 == 3}
        wanted = sorted((-product(self.query, r), i) for i, r in passing.items())
        self.assertHits(hits, [(i, -s) for s, i in wanted[:20] if s < 0])
        for hit in hits:
            self.assertEqual(hit["entity"]["size"], 3)
            for index, value in self.rows[hit["id"]].items():
                self.assertAlmostEqual(hit["entity"]["s"][index], value, places=5)
        bound = hits[4]["distance"]
        near = self.client.search("c", [self.query], anns_field="s", limit=20, filter="size == 3",
                                  search_params={"params": {"radius": bound}})[0]
        self.assertEqual([h["id"] for h in near],
                         [h["id"] for h in hits if h["distance"] > bound])
        kept = dict(sorted(self.query.items(), key=lambda e: e[1])[len(self.query) // 2:])
        dropped = self.client.search("c", [self.query], anns_field="s", limit=5,
                                     search_params={"params": {"drop_ratio_search": 0.5}})[0]
        self.query = kept
        self.assertHits(dropped, nearest(kept, self.rows, 5))

    def test_hybrid_search(self):
        self.query = self.queries[2]
        requests = [
            AnnSearchRequest([self.query], "s", {"params": {}}, limit=30),
            AnnSearchRequest([self.dense[5]], "v", {"params": {}}, limit=30),
        ]
        ranks = [[i for i, _ in nearest(self.query, self.rows, 30)],
                 [h["id"] for h in self.client.search("c", [self.dense[5]], anns_field="v",
                                                      limit=30)[0]]]
        hits = self.client.hybrid_search("c", requests, RRFRanker(), limit=10)[0]
        fused = {}
        for ids in ranks:
            for place, i in enumerate(ids):
                fused[i] = fused.get(i, 0) + 1 / (60 + place + 1)
        best = sorted(fused.values(), reverse=True)[:10]
        for hit, score in zip(hits, best):
            self.assertAlmostEqual(hit["distance"], score, places=5)
        hits = self.client.hybrid_search("c", requests, WeightedRanker(1.0, 0.0), limit=5)[0]
        self.assertEqual(len(hits), 5)

    def test_iterator_brings_every_hit_once(self):
        self.query = self.queries[3]
        iterator = self.client.search_iterator("c", [self.query], anns_field="s", batch_size=100,
                                               search_params={"metric_type": "IP"})
        ids = []
        while True:
            page = iterator.next()
            if not page:
                break
            ids.extend(h["id"] for h in page)
        iterator.close()
        self.assertEqual(len(ids), len(set(ids)))
        self.assertEqual(set(ids), {i for i, _ in nearest(self.query, self.rows, self.COUNT)})

    def test_upsert_empty_and_bad_rows(self):
        self.client.upsert("c", [{"id": 0, "size": 0, "s": {5: 100.0}, "v": self.dense[0]},
                                 {"id": 1, "size": 1, "s": {}, "v": self.dense[1]}])
        self.assertEqual(self.client.search("c", [{5: 1.0}], anns_field="s", limit=1)[0][0]["id"], 0)
        row = self.client.query("c", filter="id in [0, 1]", output_fields=["s"])
        self.assertEqual([dict(r["s"]) for r in row], [{5: 100.0}, {}])
        with self.assertRaises(MilvusException) as caught:
            self.client.insert("c", [{"id": 9, "size": 1, "s": {1: -0.5}, "v": self.dense[1]}])
        self.assertIn("negative value", str(caught.exception))
        description = self.client.describe_index("c", "s")
        self.assertEqual(description["index_type"], "SPARSE_INVERTED_INDEX")
        self.assertEqual(description["metric_type"], "IP")
        field = next(f for f in self.client.describe_collection("c")["fields"] if f["name"] == "s")
        self.assertEqual((field["type"], field["params"]), (DataType.SPARSE_FLOAT_VECTOR, {}))


if __name__ == "__main__":
    unittest.main()
