import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.AcceptDocs;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TopKnnCollector;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.util.Version;

/** Lucene's HNSW over float32: one mapped segment, asked below its queries and collectors. */
final class LucenePeer implements Race.Index {
  private static final int M = 16;
  private static final int EF_CONSTRUCTION = 200;
  private static final String FIELD = "v";

  private Path folder = Path.of("");
  private LeafReader segment;

  public static void main(String[] arguments) throws Exception {
    Race.run(arguments, new LucenePeer());
  }

  @Override
  public String version() {
    return "lucene " + Version.LATEST;
  }

  @Override
  public void build(Path data, float[][] base, boolean l2) throws IOException {
    folder = data.resolve("indexes").resolve("lucene");
    if (Files.exists(folder)) {
      try (Stream<Path> old = Files.walk(folder)) {
        for (Path file : old.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
    VectorSimilarityFunction metric =
        l2 ? VectorSimilarityFunction.EUCLIDEAN : VectorSimilarityFunction.DOT_PRODUCT;
    KnnVectorsFormat graph = new Lucene99HnswVectorsFormat(M, EF_CONSTRUCTION);
    IndexWriterConfig config =
        new IndexWriterConfig()
            .setRAMBufferSizeMB(1900)
            .setCodec(
                new Lucene104Codec() {
                  @Override
                  public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
                    return graph;
                  }
                });
    MMapDirectory directory = new MMapDirectory(folder);
    try (IndexWriter writer = new IndexWriter(directory, config)) {
      for (float[] vector : base) {
        Document row = new Document();
        row.add(new KnnFloatVectorField(FIELD, vector, metric));
        writer.addDocument(row);
      }
      writer.forceMerge(1);
    }
    segment = DirectoryReader.open(directory).leaves().get(0).reader();
    if (segment.maxDoc() != base.length) {
      throw new IllegalStateException("want one segment, got one of " + segment.maxDoc());
    }
  }

  @Override
  public long bytes() throws IOException {
    long bytes = 0;
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : (List<Path>) files.toList()) {
        bytes += Files.size(file);
      }
    }
    return bytes;
  }

  @Override
  public int[] search(float[] query, int k, int effort) throws IOException {
    TopKnnCollector nearest = new TopKnnCollector(effort, Integer.MAX_VALUE);
    segment.searchNearestVectors(
        FIELD, query, nearest, AcceptDocs.fromLiveDocs(null, segment.maxDoc()));
    ScoreDoc[] hits = nearest.topDocs().scoreDocs;
    int[] rows = new int[Math.min(k, hits.length)];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = hits[i].doc;
    }
    return rows;
  }
}
