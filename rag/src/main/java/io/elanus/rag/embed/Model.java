package io.elanus.rag.embed;

/**
 * Which model makes vectors. Two embedders whose models are equal make the same vectors of the same
 * texts; the name and the version are stored with every collection.
 *
 * @param name as the provider spells it
 * @param version what tells two models of one name apart: a digest of the file, a revision; empty
 *     where the provider tells none
 * @param dimension of its vectors
 * @param tokensMax longest text it reads; what is longer is cut off
 */
public record Model(String name, String version, int dimension, int tokensMax) {
  private static final int VERSION_SHOWN = 12;

  /** Whether the other one makes the same vectors of the same texts. */
  public boolean makesVectorsOf(Model other) {
    return name.equals(other.name) && version.equals(other.version) && dimension == other.dimension;
  }

  /** For sentences: name, version, dimension. */
  public String shown() {
    String digits =
        version.isEmpty()
            ? ""
            : ", version " + version.substring(0, Math.min(VERSION_SHOWN, version.length()));
    return "%s%s (%d numbers)".formatted(name, digits, dimension);
  }
}
