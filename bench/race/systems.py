"""Who runs: a name, how it is built, and the efforts it is asked for."""

from dataclasses import dataclass
from itertools import product

EF = "10,16,24,32,48,64,96,128,192,256,384,512"
NPROBE = "4,8,12,16,24,32,48,64,96,128,192"


@dataclass
class System:
    """A peer of worker.py, one of jvm/, or an index type of Elanus.

    The sweep gives values to each search parameter.
    """

    name: str
    peer: str | None = None
    jvm: str | None = None
    type: str | None = None
    build: str = ""
    sweep: str = f"ef={EF}"
    filters: bool = False

    def efforts(self) -> list[dict[str, str]]:
        """Each combination of the sweep's values, cheapest first."""
        names, values = [], []
        for part in self.sweep.split(";"):
            name, _, given = part.strip().partition("=")
            names.append(name)
            values.append(given.split(","))
        return [dict(zip(names, chosen)) for chosen in product(*values)]


KNOWN = [
    System("symphonyqg", peer="symphonyqg", build="degree=32,efConstruction=200"),
    System("hnswlib", peer="hnswlib", build="M=16,efConstruction=200"),
    System("faiss-hnsw", peer="faiss-hnsw", build="M=16,efConstruction=200", filters=True),
    System("usearch", peer="usearch", build="M=16,efConstruction=200"),
    System("svs-vamana", peer="svs-vamana", build="degree=32,window=200"),
    System("vsag-hgraph", peer="vsag-hgraph", build="degree=32,efConstruction=200"),
    System("faiss-ivfpq", peer="faiss-ivfpq", sweep=f"refine=4,10,25;nprobe={NPROBE}"),
    System("faiss-ivfpq-batch", peer="faiss-ivfpq-batch", sweep=f"refine=4,10,25;nprobe={NPROBE}"),
    System("rabitq-ivf", peer="rabitq-ivf", build="bits=7", sweep=f"nprobe={NPROBE}"),
    System("lucene", jvm="LucenePeer"),
    System("jvector", jvm="JvectorPeer"),
    System("elanus-hnsw", type="HNSW", build="M=16,efConstruction=200", filters=True),
    System("elanus-qg", type="QG", build="efConstruction=200", filters=True),
]


def elanus(text: str) -> System:
    """NAME:TYPE[:BUILD[:SWEEP]], say qg192:QG:bits=192:ef=16,32,64."""
    name, kind, *rest = text.split(":")
    build = rest[0] if rest else ""
    sweep = rest[1] if len(rest) > 1 else f"ef={EF}"
    return System(name, type=kind, build=build, sweep=sweep, filters=True)


def chosen(names: str) -> list[System]:
    known = {system.name: system for system in KNOWN}
    wanted = []
    for name in names.split(","):
        if name == "all":
            wanted += KNOWN
        elif name == "peers":
            wanted += [system for system in KNOWN if not system.type]
        elif name in known:
            wanted.append(known[name])
        else:
            raise SystemExit(f"no system {name}; there are all, peers, {', '.join(known)}")
    return list({system.name: system for system in wanted}.values())
