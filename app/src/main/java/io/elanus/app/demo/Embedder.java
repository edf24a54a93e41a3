package io.elanus.app.demo;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** all-MiniLM-L6-v2, quantised: text to 384 numbers of length one, in this process. */
final class Embedder implements AutoCloseable {
  static final int DIMENSION = 384;

  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;
  private final HuggingFaceTokenizer tokenizer;

  Embedder(int threads) throws IOException, OrtException {
    System.setProperty("ai.djl.offline", "true");
    try (InputStream json = resource("/all-minilm-l6-v2-q-tokenizer.json")) {
      tokenizer =
          HuggingFaceTokenizer.newInstance(
              json, Map.of("padding", "true", "truncation", "true", "maxLength", "256"));
    }
    try (InputStream model = resource("/all-minilm-l6-v2-q.onnx");
        OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(threads);
      options.setInterOpNumThreads(1);
      session = environment.createSession(model.readAllBytes(), options);
    }
  }

  private static InputStream resource(String name) throws IOException {
    InputStream in = Embedder.class.getResourceAsStream(name);
    if (in == null) {
      throw new FileNotFoundException("the embedding model is not on the class path: " + name);
    }
    return in;
  }

  List<float[]> embed(List<String> texts) throws OrtException {
    Encoding[] encodings = tokenizer.batchEncode(texts);
    long[][] ids = new long[encodings.length][];
    long[][] mask = new long[encodings.length][];
    long[][] types = new long[encodings.length][];
    for (int i = 0; i < encodings.length; i++) {
      ids[i] = encodings[i].getIds();
      mask[i] = encodings[i].getAttentionMask();
      types[i] = encodings[i].getTypeIds();
    }
    try (OnnxTensor idTensor = OnnxTensor.createTensor(environment, ids);
        OnnxTensor maskTensor = OnnxTensor.createTensor(environment, mask);
        OnnxTensor typeTensor = OnnxTensor.createTensor(environment, types);
        OrtSession.Result result =
            session.run(
                Map.of(
                    "input_ids", idTensor,
                    "attention_mask", maskTensor,
                    "token_type_ids", typeTensor))) {
      float[][][] tokens = (float[][][]) result.get(0).getValue();
      List<float[]> vectors = new ArrayList<>();
      for (int i = 0; i < tokens.length; i++) {
        vectors.add(unitMean(tokens[i], mask[i]));
      }
      return vectors;
    }
  }

  /** The mean over real tokens, scaled to length one; the mean's divisor cancels out. */
  private static float[] unitMean(float[][] tokens, long[] mask) {
    float[] sum = new float[DIMENSION];
    for (int token = 0; token < tokens.length; token++) {
      for (int d = 0; mask[token] != 0 && d < DIMENSION; d++) {
        sum[d] += tokens[token][d];
      }
    }
    double squares = 0;
    for (float x : sum) {
      squares += (double) x * x;
    }
    float scale = (float) (1 / Math.sqrt(squares));
    for (int d = 0; d < DIMENSION; d++) {
      sum[d] *= scale;
    }
    return sum;
  }

  @Override
  public void close() throws OrtException {
    session.close();
    tokenizer.close();
  }
}
