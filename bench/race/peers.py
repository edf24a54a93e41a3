"""The peers, each behind the same three calls: build, save, search.

All of them get unit vectors with the inner product where the data set's metric is an angle, one
thread, and all queries of a pass in one call, which spares them the interpreter's cost per query.
The one that would then work on many queries together is raced both ways.
"""

import importlib.metadata
import math

import numpy as np

from truth import FILTERS


class Peer:
    package = ""
    shares = ""  # whose index file it takes
    filters = False

    def __init__(self, metric: str, dim: int, params: dict[str, str]):
        self.l2 = metric == "L2"
        self.dim = dim
        self.params = params

    def number(self, name: str, fallback: int) -> int:
        return int(self.params.get(name, fallback))

    def version(self) -> str:
        return f"{self.package} {importlib.metadata.version(self.package)}"

    def load(self, path: str, base: np.ndarray) -> None:
        raise NotImplementedError

    def allow(self, labels: np.ndarray, percent: str) -> None:
        raise SystemExit(f"{self.package} is not raced with filters")


class Hnswlib(Peer):
    package = "hnswlib"

    def _empty(self):
        import hnswlib

        return hnswlib.Index("l2" if self.l2 else "ip", self.dim)

    def build(self, base):
        self.index = self._empty()
        self.index.init_index(
            len(base), M=self.number("M", 16), ef_construction=self.number("efConstruction", 200),
            random_seed=100,
        )
        self.index.set_num_threads(1)
        self.index.add_items(base, num_threads=1)

    def save(self, path):
        self.index.save_index(path)

    def load(self, path, base):
        self.index = self._empty()
        self.index.load_index(path)
        self.index.set_num_threads(1)

    def search(self, queries, k, params):
        self.index.set_ef(int(params["ef"]))
        return self.index.knn_query(queries, k, num_threads=1)[0]


class Faiss(Peer):
    """What the two faiss indexes share; a filter is a bitmap selector."""

    package = "faiss-cpu"
    filters = True
    selector = None

    def metric(self):
        import faiss

        return faiss.METRIC_L2 if self.l2 else faiss.METRIC_INNER_PRODUCT

    def save(self, path):
        import faiss

        faiss.write_index(self.index, path)

    def load(self, path, base):
        import faiss

        self.index = faiss.read_index(path)

    def allow(self, labels, percent):
        import faiss

        if percent is None:
            self.selector = None
            return
        bits = np.packbits(labels < FILTERS[percent], bitorder="little")
        self.bits = bits
        self.selector = faiss.IDSelectorBitmap(len(labels), faiss.swig_ptr(bits))

    def search(self, queries, k, params):
        return self.index.search(queries, k, params=self.effort(params))[1]


class FaissHnsw(Faiss):
    def build(self, base):
        import faiss

        self.index = faiss.IndexHNSWFlat(self.dim, self.number("M", 16), self.metric())
        self.index.hnsw.efConstruction = self.number("efConstruction", 200)
        self.index.add(base)

    def effort(self, params):
        import faiss

        return faiss.SearchParametersHNSW(efSearch=int(params["ef"]), sel=self.selector)


class FaissIvfFastScan(Faiss):
    """IVF with 4-bit product codes of two dimensions each, refined by the float32 vectors.

    One query per call, as a server would: all in one call, each list is scanned for many queries
    at once, which is another race (see the subclass). The call costs Python about two microseconds.
    Its refine does not take a selector, so it is raced without filters.
    """

    filters = False

    def build(self, base):
        import faiss

        lists = self.number("nlist", 1 << round(math.log2(4 * math.sqrt(len(base)))))
        self.index = faiss.index_factory(
            self.dim, f"IVF{lists},PQ{self.dim // 2}x4fs,RFlat", self.metric()
        )
        self.index.train(base)
        self.index.add(base)

    def effort(self, params):
        import faiss

        inner = faiss.SearchParametersIVF(nprobe=int(params["nprobe"]))
        return faiss.IndexRefineSearchParameters(
            k_factor=float(params["refine"]), base_index_params=inner
        )

    def search(self, queries, k, params):
        import faiss

        rows = np.empty((len(queries), k), np.int64)
        far = np.empty((len(queries), k), np.float32)
        effort = self.effort(params)
        for query, row, distance in zip(queries, rows, far):
            self.index.search_c(
                1, faiss.swig_ptr(query), k, faiss.swig_ptr(distance), faiss.swig_ptr(row), effort
            )
        return rows


class FaissIvfFastScanBatch(FaissIvfFastScan):
    """The same, all queries in one call."""

    shares = "faiss-ivfpq"

    def search(self, queries, k, params):
        return Faiss.search(self, queries, k, params)


class Usearch(Peer):
    package = "usearch"

    def _empty(self):
        from usearch.index import Index

        return Index(
            ndim=self.dim, metric="l2sq" if self.l2 else "ip", dtype="f32",
            connectivity=self.number("M", 16),
            expansion_add=self.number("efConstruction", 200),
        )

    def build(self, base):
        self.index = self._empty()
        self.index.add(np.arange(len(base)), base, threads=1)

    def save(self, path):
        self.index.save(path)

    def load(self, path, base):
        self.index = self._empty()
        self.index.load(path)

    def search(self, queries, k, params):
        self.index.expansion_search = int(params["ef"])
        return self.index.search(queries, k, threads=1).keys


class SymphonyQG(Peer):
    package = "rabitqlib"

    def build(self, base):
        import rabitqlib

        self.index = rabitqlib.SymqgIndex(
            self.dim, self.number("degree", 32), "l2" if self.l2 else "ip"
        )
        self.index.build(base, self.number("efConstruction", 200), 1)

    def save(self, path):
        self.index.save(path)

    def load(self, path, base):
        import rabitqlib

        self.index = rabitqlib.SymqgIndex.load(path)

    def search(self, queries, k, params):
        return self.index.search(queries, k, int(params["ef"]), 1)[0]


class RabitqIvf(Peer):
    """The RaBitQ library's clusters; centroids from faiss's k-means, as its documentation shows."""

    package = "rabitqlib"

    def build(self, base):
        import faiss
        import rabitqlib

        lists = self.number("nlist", 1 << round(math.log2(4 * math.sqrt(len(base)))))
        means = faiss.Kmeans(
            self.dim, lists, niter=10, seed=7, spherical=not self.l2,
            max_points_per_centroid=64,
        )
        means.train(base)
        nearest = means.index.search(base, 1)[1].reshape(-1).astype(np.uint32)
        self.index = rabitqlib.IvfIndex(
            self.dim, len(base), lists, self.number("bits", 7), "l2" if self.l2 else "ip"
        )
        self.index.build(base, means.centroids, nearest, 1)

    def save(self, path):
        self.index.save(path)

    def load(self, path, base):
        import rabitqlib

        self.index = rabitqlib.IvfIndex.load(path)

    def search(self, queries, k, params):
        return self.index.search(queries, k, int(params["nprobe"]), None, 1)[0]


PEERS = {
    "hnswlib": Hnswlib,
    "faiss-hnsw": FaissHnsw,
    "faiss-ivfpq": FaissIvfFastScan,
    "faiss-ivfpq-batch": FaissIvfFastScanBatch,
    "usearch": Usearch,
    "symphonyqg": SymphonyQG,
    "rabitq-ivf": RabitqIvf,
}
