"""More graphs among the peers; each is left out where its package does not install or run."""

import json
from pathlib import Path

import numpy as np

from peers import Peer


class SvsVamana(Peer):
    """Scalable Vector Search, float32 (its compressed kinds run on one maker's processors only)."""

    package = "scalable-vs"

    def _distance(self):
        import svs

        return svs.DistanceType.L2 if self.l2 else svs.DistanceType.MIP

    def build(self, base):
        import svs

        parameters = svs.VamanaBuildParameters(
            graph_max_degree=self.number("degree", 32), window_size=self.number("window", 200)
        )
        self.index = svs.Vamana.build(parameters, base, self._distance(), 1)

    def save(self, path):
        parts = [Path(path) / part for part in ("config", "graph", "data")]
        for part in parts:
            part.mkdir(parents=True, exist_ok=True)
        self.index.save(*map(str, parts))

    def load(self, path, base):
        import svs

        self.index = svs.Vamana(
            str(Path(path) / "config"), svs.GraphLoader(str(Path(path) / "graph")),
            svs.VectorDataLoader(str(Path(path) / "data"), svs.DataType.float32),
            self._distance(), num_threads=1,
        )

    def search(self, queries, k, params):
        self.index.search_window_size = int(params["ef"])
        return self.index.search(queries, k)[0]


class VsagHgraph(Peer):
    """VSAG's HGraph over 8-bit codes, reordered by float32; its Python takes one query a call."""

    package = "pyvsag"

    def _empty(self):
        import pyvsag

        parameters = {
            "dtype": "float32",
            "metric_type": "l2" if self.l2 else "ip",
            "dim": self.dim,
            "index_param": {
                "base_quantization_type": self.params.get("codes", "sq8_uniform"),
                "use_reorder": True,
                "precise_quantization_type": "fp32",
                "max_degree": self.number("degree", 32),
                "ef_construction": self.number("efConstruction", 200),
                "build_thread_count": 1,
            },
        }
        return pyvsag.Index("hgraph", json.dumps(parameters))

    def build(self, base):
        self.index = self._empty()
        self.index.build(
            vectors=base, ids=np.arange(len(base)), num_elements=len(base), dim=self.dim
        )

    def save(self, path):
        self.index.save(path)

    def load(self, path, base):
        self.index = self._empty()
        self.index.load(path)

    def search(self, queries, k, params):
        effort = json.dumps({"hgraph": {"ef_search": int(params["ef"])}})
        rows = np.full((len(queries), k), -1, np.int64)
        for query, row in zip(queries, rows):
            found = self.index.knn_search(vector=query, k=k, parameters=effort)[0]
            row[: len(found)] = found
        return rows


OTHER_GRAPHS = {"svs-vamana": SvsVamana, "vsag-hgraph": VsagHgraph}
