"""Full text as Milvus has it: analyzers, BM25 beside dense vectors, words and phrases in filters."""
import math
import random
import re
import unittest

from pymilvus import AnnSearchRequest, DataType, Function, FunctionType, MilvusClient, RRFRanker
from pymilvus.exceptions import MilvusException

from support import URI, vectors

STOP = {"the", "of", "a"}


def words(text):
    return [w for w in re.findall(r"[a-z0-9]+", text.lower()) if w not in STOP]


def bm25(query, texts, k1=1.2, b=0.75):
    """Scores by the formula, of every text that has a word of the query."""
    split = {i: words(t) for i, t in texts.items()}
    average = sum(map(len, split.values())) / len(split)
    scores = {}
    for word in words(query):
        n = sum(word in t for t in split.values())
        idf = math.log(1 + (len(split) - n + 0.5) / (n + 0.5))
        for i, t in split.items():
            tf = t.count(word)
            if tf:
                weight = tf * (k1 + 1) / (tf + k1 * (1 - b + b * len(t) / average))
                scores[i] = scores.get(i, 0) + idf * weight
    return scores


class Text(unittest.TestCase):
    COUNT = 1500

    def setUp(self):
        self.client = MilvusClient(URI)
        for name in self.client.list_collections():
            self.client.drop_collection(name)
        schema = self.client.create_schema(auto_id=False)
        schema.add_field("id", DataType.INT64, is_primary=True)
        schema.add_field("text", DataType.VARCHAR, max_length=1000, enable_analyzer=True,
                         enable_match=True,
                         analyzer_params={"type": "standard", "stop_words": sorted(STOP)})
        schema.add_field("sparse", DataType.SPARSE_FLOAT_VECTOR)
        schema.add_field("dense", DataType.FLOAT_VECTOR, dim=8)
        schema.add_function(Function(name="text_bm25", input_field_names=["text"],
                                     output_field_names=["sparse"],
                                     function_type=FunctionType.BM25))
        index = self.client.prepare_index_params()
        index.add_index("sparse", index_type="SPARSE_INVERTED_INDEX", metric_type="BM25",
                        params={"inverted_index_algo": "DAAT_MAXSCORE", "bm25_k1": 1.2,
                                "bm25_b": 0.75})
        index.add_index("dense", index_type="FLAT", metric_type="IP")
        self.client.create_collection("c", schema=schema, index_params=index,
                                      consistency_level="Strong")
        rng = random.Random(21)
        self.texts = {i: self.sentence(rng, rng.randint(1, 30)) for i in range(self.COUNT)}
        self.dense = vectors(self.COUNT, 8, 22)
        data = [{"id": i, "text": self.texts[i], "dense": self.dense[i]}
                for i in range(self.COUNT)]
        # Half on disk and indexed, half in memory.
        self.client.insert("c", data[:1000])
        self.client.flush("c")
        self.client.insert("c", data[1000:])
        self.queries = [self.sentence(rng, 4) for _ in range(8)]

    def tearDown(self):
        self.client.close()

    @staticmethod
    def sentence(rng, count):
        """Few words are frequent, many are rare; the stop words come often."""
        vocabulary = sorted(STOP) + [f"word{i}" for i in range(600)]
        return " ".join(vocabulary[int(603 ** rng.random()) - 1] for _ in range(count))

    def expect(self, query, hits, texts, limit):
        scores = bm25(query, texts)
        best = sorted(scores.values(), reverse=True)[:limit]
        self.assertEqual(len(hits), len(best))
        for hit, score in zip(hits, best):
            self.assertAlmostEqual(hit["distance"], score, delta=1e-4)
            self.assertAlmostEqual(hit["distance"], scores[hit["id"]], delta=1e-4)

    def test_raw_text_is_searched_by_bm25(self):
        found = self.client.search("c", data=self.queries, anns_field="sparse", limit=20,
                                   output_fields=["text"],
                                   search_params={"params": {"drop_ratio_search": 0.0}})
        self.assertEqual(len(found), len(self.queries))
        for query, hits in zip(self.queries, found):
            self.expect(query, hits, self.texts, 20)
            for hit in hits:
                self.assertEqual(hit["entity"]["text"], self.texts[hit["id"]])

    def test_deleted_texts_do_not_count(self):
        self.client.delete("c", filter="id % 3 == 0")
        left = {i: t for i, t in self.texts.items() if i % 3}
        for query in self.queries:
            hits = self.client.search("c", data=[query], anns_field="sparse", limit=10)[0]
            self.expect(query, hits, left, 10)
        self.client.compact("c")
        self.client.flush("c")
        for query in self.queries:
            hits = self.client.search("c", data=[query], anns_field="sparse", limit=10)[0]
            self.expect(query, hits, left, 10)

    def test_hybrid_search_over_dense_and_text(self):
        limit = 10
        query = self.queries[0]
        near = AnnSearchRequest([self.dense[7]], "dense", {"metric_type": "IP"}, limit=limit)
        text = AnnSearchRequest([query], "sparse", {"metric_type": "BM25"}, limit=limit)
        alone = {"dense": self.client.search("c", [self.dense[7]], anns_field="dense", limit=limit),
                 "sparse": self.client.search("c", [query], anns_field="sparse", limit=limit)}
        fused = {}
        for hits in alone.values():
            for rank, hit in enumerate(hits[0], 1):
                fused[hit["id"]] = fused.get(hit["id"], 0) + 1 / (60 + rank)
        hits = self.client.hybrid_search("c", [near, text], RRFRanker(60), limit=limit)[0]
        best = sorted(fused.values(), reverse=True)[:limit]
        self.assertEqual(len(hits), limit)
        for hit, score in zip(hits, best):
            self.assertAlmostEqual(hit["distance"], score, delta=1e-6)
            self.assertAlmostEqual(hit["distance"], fused[hit["id"]], delta=1e-6)

    def test_words_and_phrases_are_matched(self):
        split = {i: words(t) for i, t in self.texts.items()}

        def ids(expression):
            rows = self.client.query("c", filter=expression, output_fields=["id"], limit=16384)
            return sorted(row["id"] for row in rows)

        some = ["word3", "word40", "word200"]
        either = [i for i, t in split.items() if set(some) & set(t)]
        self.assertGreater(len(either), 20)
        self.assertEqual(ids(f"text_match(text, '{' '.join(some)}')"), either)
        both = [i for i, t in split.items() if len({"word0", "word1", "word2"} & set(t)) >= 2]
        self.assertGreater(len(both), 20)
        self.assertEqual(
            ids("text_match(text, 'WORD0 word1 word2', minimum_should_match=2)"), both)
        # Stop words are not in the texts, but keep their places.
        phrase = [i for i, t in self.texts.items() if re.search(r"\bword0 word1\b", t)]
        self.assertGreater(len(phrase), 3)
        self.assertEqual(ids("phrase_match(text, 'word0 word1')"), phrase)
        hits = self.client.search("c", data=["word5"], anns_field="sparse", limit=50,
                                  filter="text_match(text, 'word0')")[0]
        scores = bm25("word5", self.texts)
        self.assertGreater(len(hits), 0)
        for hit in hits:
            self.assertIn("word0", split[hit["id"]])
            self.assertAlmostEqual(hit["distance"], scores[hit["id"]], delta=1e-4)

    def test_schema_comes_back_and_output_stays_hidden(self):
        described = self.client.describe_collection("c")
        function = described["functions"][0]
        self.assertEqual(function["name"], "text_bm25")
        self.assertEqual(function["input_field_names"], ["text"])
        self.assertEqual(function["output_field_names"], ["sparse"])
        row = self.client.query("c", filter="id == 1", output_fields=["*"])[0]
        self.assertEqual(set(row), {"id", "text", "dense"})
        with self.assertRaises(MilvusException) as refused:
            self.client.query("c", filter="id == 1", output_fields=["sparse"])
        self.assertIn("not allowed to retrieve raw data", str(refused.exception))
        with self.assertRaises(MilvusException) as refused:
            self.client.search("c", data=[{1: 0.5}], anns_field="sparse", limit=1)
        self.assertIn("please provide varchar/text", str(refused.exception))

    def test_analyzers_are_run(self):
        tokens = self.client.run_analyzer(["Running the FOXES", "a b"], {"type": "english"})
        self.assertEqual([list(t.tokens) for t in tokens], [["run", "fox"], ["b"]])
        detailed = self.client.run_analyzer(
            "élan of vital", {"tokenizer": "standard", "filter": ["lowercase", "asciifolding", {
                "type": "stop", "stop_words": ["of"]}]}, with_detail=True, with_hash=True)
        first, last = detailed.tokens
        self.assertEqual((first["token"], first["start_offset"], first["end_offset"]),
                         ("elan", 0, 5))
        self.assertEqual((last["token"], last["position"]), ("vital", 2))
        field = self.client.run_analyzer("The CAT", collection_name="c", field_name="text")
        self.assertEqual(list(field.tokens), ["cat"])
        with self.assertRaises(MilvusException) as refused:
            self.client.run_analyzer("x", {"type": "chinese"})
        self.assertIn("jieba", str(refused.exception))


if __name__ == "__main__":
    unittest.main()
