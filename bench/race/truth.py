"""The exact answers: the nearest 100 base rows of each query, of all rows and of labelled ones."""

from pathlib import Path

import numpy as np

from vectors import write_rows

DEPTH = 100
LABELS = 1000
# Percent of rows that pass, to the rule label < bound over LABELS equally likely labels.
FILTERS = {"50": 500, "10": 100, "1": 10, "0.1": 1}
ROWS_PER_BLOCK = 8192
QUERIES_PER_BLOCK = 256


def labels(count: int, seed: int = 11) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, LABELS, count, dtype=np.int32)


def nearest(base: np.ndarray, queries: np.ndarray, metric: str, depth: int) -> np.ndarray:
    """Row numbers, nearest first; −1 where fewer rows than the depth exist."""
    answer = np.full((len(queries), depth), -1, np.int32)
    squares = (base.astype(np.float64) ** 2).sum(1).astype(np.float32)
    for start in range(0, len(queries), QUERIES_PER_BLOCK):
        block = queries[start : start + QUERIES_PER_BLOCK]
        kept_rows = np.empty((len(block), 0), np.int64)
        kept_far = np.empty((len(block), 0), np.float32)
        for row in range(0, len(base), ROWS_PER_BLOCK):
            far = -(block @ base[row : row + ROWS_PER_BLOCK].T)
            if metric == "L2":
                far = squares[row : row + ROWS_PER_BLOCK] + 2 * far
            rows = np.broadcast_to(np.arange(row, row + far.shape[1]), far.shape)
            if far.shape[1] > depth:
                near = np.argpartition(far, depth, axis=1)[:, :depth]
                far = np.take_along_axis(far, near, 1)
                rows = np.take_along_axis(rows, near, 1)
            kept_far = np.concatenate([kept_far, far], 1)
            kept_rows = np.concatenate([kept_rows, rows], 1)
            order = np.argsort(kept_far, axis=1, kind="stable")[:, :depth]
            kept_far = np.take_along_axis(kept_far, order, 1)
            kept_rows = np.take_along_axis(kept_rows, order, 1)
        answer[start : start + len(block), : kept_rows.shape[1]] = kept_rows
    return answer


def truth_file(folder: Path, percent: str | None) -> Path:
    return folder / ("truth.ivecs" if percent is None else f"truth-{percent}.ivecs")


def write_truths(folder: Path, base: np.ndarray, queries: np.ndarray, metric: str) -> None:
    label = labels(len(base))
    label.tofile(folder / "labels.i32")
    write_rows(truth_file(folder, None), nearest(base, queries, metric, DEPTH))
    for percent, bound in FILTERS.items():
        rows = np.flatnonzero(label < bound)
        near = nearest(base[rows], queries, metric, DEPTH)
        mapped = np.where(near >= 0, rows[near], -1).astype(np.int32)
        write_rows(truth_file(folder, percent), mapped)
