package io.elanus.app.rag;

import io.elanus.rag.ingest.IngestLimits;
import io.elanus.rag.parse.ParseLimits;
import java.time.Duration;

/**
 * {@code rag.ingest}: how much is let in, and what a document may cost.
 *
 * @param workers documents at a time; they mostly wait for the disk and the model
 * @param parsers processes that read documents, at most
 * @param parserHeapMebibytes memory of each
 * @param parserIdle after which one that nobody needs is ended
 */
public record IngestSettings(
    IngestLimits limits,
    ParseLimits parse,
    int workers,
    int parsers,
    int parserHeapMebibytes,
    Duration parserIdle) {
  static IngestSettings of(Section section) {
    IngestLimits limits = IngestLimits.DEFAULT;
    ParseLimits parse = ParseLimits.DEFAULT;
    return new IngestSettings(
        new IngestLimits(
            limits.jobDocumentsMax(),
            section.number("waiting-documents", limits.waitingDocumentsMax(), 1, 1_000_000),
            section.bytes("waiting-bytes", limits.waitingBytesMax()),
            limits.metadataBytesMax(),
            section.number("finished-jobs", limits.finishedJobsKept(), 1, 100_000),
            limits.errorsKept()),
        new ParseLimits(
            parse.documentBytesMax(),
            section.number("text-characters", parse.textCharsMax(), 1_000, 64 << 20),
            parse.blocksMax(),
            parse.depthMax(),
            section.duration("parse-time", parse.time())),
        section.number("workers", 2 + Runtime.getRuntime().availableProcessors(), 1, 256),
        section.number("parsers", 2, 1, 16),
        section.number("parser-memory-mebibytes", 256, 64, 8_192),
        section.duration("parser-idle", Duration.ofMinutes(1)));
  }
}
