"""Where the server is, and data that looks like a user's."""
import math
import os
import random

URI = os.environ["ELANUS_URI"]


def vectors(count, dim, seed):
    """Unit vectors."""
    rng = random.Random(seed)
    out = []
    for _ in range(count):
        v = [rng.gauss(0, 1) for _ in range(dim)]
        norm = math.sqrt(sum(x * x for x in v))
        out.append([x / norm for x in v])
    return out


def nearest(query, rows, k):
    """Positions of the k largest inner products."""
    scores = [(-sum(a * b for a, b in zip(query, row)), i) for i, row in enumerate(rows)]
    return [i for _, i in sorted(scores)[:k]]
