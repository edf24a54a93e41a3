"""Files of vectors: fvecs and ivecs, that is per row an int32 of its length, then the numbers."""

from pathlib import Path

import numpy as np


def write_rows(path: Path, rows: np.ndarray) -> None:
    """float32 rows as fvecs, int32 rows as ivecs; the file appears whole or not at all."""
    rows = np.ascontiguousarray(rows)
    if rows.dtype not in (np.float32, np.int32):
        raise TypeError(f"{path.name}: rows of {rows.dtype}, want float32 or int32")
    out = np.empty((len(rows), rows.shape[1] + 1), np.int32)
    out[:, 0] = rows.shape[1]
    out[:, 1:] = rows.view(np.int32)
    partial = path.with_suffix(".partial")
    out.tofile(partial)
    partial.rename(path)


def read_rows(path: Path, dtype=np.float32) -> np.ndarray:
    """Rows × width, densely packed."""
    raw = np.fromfile(path, np.int32)
    width = int(raw[0])
    return np.ascontiguousarray(raw.reshape(-1, width + 1)[:, 1:]).view(dtype)


def unit(rows: np.ndarray) -> np.ndarray:
    """Rows scaled to length one; rows of length zero are dropped."""
    lengths = np.linalg.norm(rows.astype(np.float64), axis=1)
    kept = lengths > 1e-9
    return (rows[kept] / lengths[kept, None]).astype(np.float32)


def distinct(rows: np.ndarray) -> np.ndarray:
    """The first of each set of equal rows, in order."""
    _, first = np.unique(rows, axis=0, return_index=True)
    return rows[np.sort(first)]
