package io.elanus.rag.ingest;

/**
 * What is let in.
 *
 * @param jobDocumentsMax documents of one job
 * @param waitingDocumentsMax documents that wait, over all jobs; beyond it BUSY
 * @param waitingBytesMax bytes of them, on disk; beyond it BUSY
 * @param metadataBytesMax of one document's JSON
 * @param finishedJobsKept records of jobs that are over
 * @param errorsKept sentences about documents in one job's record
 */
public record IngestLimits(
    int jobDocumentsMax,
    int waitingDocumentsMax,
    long waitingBytesMax,
    int metadataBytesMax,
    int finishedJobsKept,
    int errorsKept) {
  public static final IngestLimits DEFAULT =
      new IngestLimits(1_000, 10_000, 1L << 30, 16_384, 500, 100);
}
