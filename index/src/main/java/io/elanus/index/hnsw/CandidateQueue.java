package io.elanus.index.hnsw;

/** Nodes to expand, nearest first: a growing min-heap. */
public final class CandidateQueue {
  private float[] distances = new float[256];
  private int[] nodes = new int[256];
  private int size;

  public void clear() {
    size = 0;
  }

  public boolean isEmpty() {
    return size == 0;
  }

  public float nearestDistance() {
    return distances[0];
  }

  public void add(float distance, int node) {
    if (size == distances.length) {
      distances = java.util.Arrays.copyOf(distances, size * 2);
      nodes = java.util.Arrays.copyOf(nodes, size * 2);
    }
    int at = size++;
    while (at > 0) {
      int parent = (at - 1) >>> 1;
      if (distances[parent] <= distance) {
        break;
      }
      distances[at] = distances[parent];
      nodes[at] = nodes[parent];
      at = parent;
    }
    distances[at] = distance;
    nodes[at] = node;
  }

  public int removeNearest() {
    int nearest = nodes[0];
    float distance = distances[--size];
    int node = nodes[size];
    int at = 0;
    while (true) {
      int child = 2 * at + 1;
      if (child >= size) {
        break;
      }
      if (child + 1 < size && distances[child + 1] < distances[child]) {
        child++;
      }
      if (distances[child] >= distance) {
        break;
      }
      distances[at] = distances[child];
      nodes[at] = nodes[child];
      at = child;
    }
    distances[at] = distance;
    nodes[at] = node;
    return nearest;
  }
}
