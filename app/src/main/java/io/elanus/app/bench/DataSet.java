package io.elanus.app.bench;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;

/**
 * Vectors to load and vectors to search with.
 *
 * @param vectors shape [rows × dim], row-major
 * @param queries shape [queries × dim]
 */
record DataSet(String name, int dim, float[] vectors, float[] queries) {
  private static final int DIM_OF_CLUSTER = 12;

  int rows() {
    return vectors.length / dim;
  }

  int queryCount() {
    return queries.length / dim;
  }

  float[] query(int index) {
    return Arrays.copyOfRange(queries, index * dim, (index + 1) * dim);
  }

  /** Clusters of uneven size, each spread along a few directions of its own, with noise in all. */
  static DataSet clustered(int rows, int dim, int clusters, int queries, long seed) {
    Random random = new Random(seed);
    float[][] centers = new float[clusters][dim];
    float[][][] axes = new float[clusters][Math.min(DIM_OF_CLUSTER, dim)][dim];
    for (int c = 0; c < clusters; c++) {
      fill(centers[c], random, 1f);
      for (float[] axis : axes[c]) {
        fill(axis, random, 0.35f);
      }
    }
    String name = "clustered %d x %d, %d clusters, seed %d".formatted(rows, dim, clusters, seed);
    float[] vectors = draw(rows, dim, centers, axes, random);
    return new DataSet(name, dim, vectors, draw(queries, dim, centers, axes, random));
  }

  private static void fill(float[] vector, Random random, float scale) {
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (float) random.nextGaussian() * scale;
    }
  }

  private static float[] draw(
      int count, int dim, float[][] centers, float[][][] axes, Random random) {
    float[] into = new float[count * dim];
    for (int row = 0; row < count; row++) {
      double share = random.nextDouble();
      int cluster = (int) (share * share * centers.length);
      int at = row * dim;
      for (int i = 0; i < dim; i++) {
        into[at + i] = centers[cluster][i] + (float) random.nextGaussian() * 0.1f;
      }
      for (float[] axis : axes[cluster]) {
        float along = (float) random.nextGaussian();
        for (int i = 0; i < dim; i++) {
          into[at + i] += along * axis[i];
        }
      }
    }
    return into;
  }

  /** A file of fvecs; its last {@code queries} vectors are held out to search with. */
  static DataSet file(Path file, int queries) {
    Fvecs all = Fvecs.read(file);
    int count = all.values().length / all.dim();
    if (count <= queries) {
      throw bad("%s holds %d vectors, too few to hold %d out".formatted(file, count, queries));
    }
    int kept = (count - queries) * all.dim();
    return new DataSet(
        "%s (%d x %d)".formatted(file.getFileName(), count - queries, all.dim()),
        all.dim(),
        Arrays.copyOf(all.values(), kept),
        Arrays.copyOfRange(all.values(), kept, all.values().length));
  }

  /** Two files of fvecs: what to load, and what to search with, of which the first are taken. */
  static DataSet files(Path file, Path queriesFile, int queries) {
    Fvecs all = Fvecs.read(file);
    Fvecs asked = Fvecs.read(queriesFile);
    if (asked.dim() != all.dim()) {
      throw bad(
          "%s has dimension %d, but %s has %d"
              .formatted(queriesFile, asked.dim(), file, all.dim()));
    }
    int taken = Math.min(asked.values().length, queries * all.dim());
    return new DataSet(
        "%s (%d x %d)".formatted(file.getFileName(), all.values().length / all.dim(), all.dim()),
        all.dim(),
        all.values(),
        Arrays.copyOf(asked.values(), taken));
  }

  /**
   * Vectors of a file: each is its dimension (4 bytes, little-endian) and that many floats.
   *
   * @param values shape [vectors × dim]
   */
  private record Fvecs(int dim, float[] values) {
    static Fvecs read(Path file) {
      try {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int dim = bytes.remaining() < 4 ? 0 : bytes.getInt(0);
        int stride = 4 * (dim + 1);
        if (dim < 2 || dim > 32_768 || bytes.remaining() % stride != 0) {
          throw bad(file + " is not a file of fvecs");
        }
        int count = bytes.remaining() / stride;
        float[] values = new float[count * dim];
        for (int row = 0; row < count; row++) {
          if (bytes.getInt() != dim) {
            throw bad("vector %d of %s has another dimension".formatted(row, file));
          }
          bytes.asFloatBuffer().get(values, row * dim, dim);
          bytes.position(bytes.position() + 4 * dim);
        }
        return new Fvecs(dim, values);
      } catch (IOException e) {
        throw bad("cannot read %s: %s".formatted(file, e.getMessage()));
      }
    }
  }

  private static ElanusException bad(String message) {
    return new ElanusException(ErrorCode.INVALID_ARGUMENT, message);
  }
}
