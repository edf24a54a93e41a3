package io.elanus.rag.embed.local;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.rag.embed.local.LocalConfig.Pooling;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A transformer in ONNX Runtime: token numbers in, one vector of length one per text out.
 *
 * <p>One session serves all threads, each run on the thread that calls it: the runtime's own pool
 * would bind itself to cores and spin on them between runs. The vectors of tokens are read from the
 * runtime's buffer in one piece; as nested arrays they would cost more than a small model.
 */
final class OnnxModel implements AutoCloseable {
  private static final Set<String> INPUTS = Set.of("input_ids", "attention_mask", "token_type_ids");

  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;
  private final String output;
  private final Pooling pooling;
  private final ConcurrentLinkedQueue<Scratch> scratches = new ConcurrentLinkedQueue<>();

  /** With INVALID_ARGUMENT where the file is no model of text. */
  OnnxModel(byte[] model, LocalConfig config) {
    this.pooling = config.pooling();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      session = environment.createSession(model, options);
    } catch (OrtException e) {
      throw unfit(config, e.toString());
    }
    try {
      output = output(config);
    } catch (OrtException e) {
      throw unfit(config, e.toString());
    }
  }

  /** The first output that has a vector for every token, or else for every text. */
  private String output(LocalConfig config) throws OrtException {
    if (!session.getInputNames().contains("input_ids")
        || !INPUTS.containsAll(session.getInputNames())) {
      throw unfit(
          config,
          "it wants the inputs %s, known are %s".formatted(session.getInputNames(), INPUTS));
    }
    for (int rank = 3; rank >= 2; rank--) {
      for (NodeInfo node : session.getOutputInfo().values()) {
        if (node.getInfo() instanceof TensorInfo tensor && tensor.getShape().length == rank) {
          return node.getName();
        }
      }
    }
    throw unfit(config, "none of its outputs has a vector for every token or text");
  }

  private static ElanusException unfit(LocalConfig config, String why) {
    return new ElanusException(
        ErrorCode.INVALID_ARGUMENT,
        "the embedding model %s cannot be run: %s".formatted(config.name(), why));
  }

  /** Vectors in the order of the texts, which are padded to the longest. */
  float[][] run(List<Encoded> texts) {
    int longest = 0;
    for (Encoded text : texts) {
      longest = Math.max(longest, text.length());
    }
    Scratch scratch = scratches.poll();
    if (scratch == null || scratch.size() < texts.size() * longest) {
      scratch = new Scratch(texts.size() * longest);
    }
    try {
      return run(texts, longest, scratch);
    } catch (OrtException e) {
      throw new ElanusException(
          ErrorCode.INTERNAL, "the embedding model failed: " + e.getMessage(), e);
    } finally {
      scratches.add(scratch);
    }
  }

  private float[][] run(List<Encoded> texts, int longest, Scratch scratch) throws OrtException {
    scratch.fill(texts, longest);
    long[] shape = {texts.size(), longest};
    int size = texts.size() * longest;
    Map<String, OnnxTensor> inputs = new HashMap<>();
    try {
      put(inputs, "input_ids", scratch.ids(), size, shape);
      put(inputs, "attention_mask", scratch.mask(), size, shape);
      put(inputs, "token_type_ids", scratch.types(), size, shape);
      try (OrtSession.Result result = session.run(inputs, Set.of(output))) {
        OnnxValue value = result.get(0);
        if (!(value instanceof OnnxTensor tensor)) {
          throw new IllegalStateException("the output was a tensor when the model was loaded");
        }
        return pool(texts, tensor.getFloatBuffer(), tensor.getInfo().getShape());
      }
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
  }

  private void put(
      Map<String, OnnxTensor> inputs, String name, LongBuffer values, int size, long[] shape)
      throws OrtException {
    if (session.getInputNames().contains(name)) {
      inputs.put(name, OnnxTensor.createTensor(environment, values.slice(0, size), shape));
    }
  }

  private float[][] pool(List<Encoded> texts, FloatBuffer values, long[] shape) {
    int dimension = Math.toIntExact(shape[shape.length - 1]);
    int rows = shape.length == 3 ? Math.toIntExact(shape[1]) : 1;
    float[] all = new float[values.remaining()];
    values.get(all);
    float[][] vectors = new float[texts.size()][];
    for (int i = 0; i < vectors.length; i++) {
      int tokens = pooling == Pooling.MEAN ? Math.min(rows, texts.get(i).length()) : 1;
      vectors[i] = unit(sum(all, i * rows * dimension, tokens, dimension));
    }
    return vectors;
  }

  /** The mean's divisor cancels out when the length becomes one. */
  private static float[] sum(float[] all, int from, int tokens, int dimension) {
    float[] sum = new float[dimension];
    for (int token = 0; token < tokens; token++) {
      int row = from + token * dimension;
      for (int d = 0; d < dimension; d++) {
        sum[d] += all[row + d];
      }
    }
    return sum;
  }

  private static float[] unit(float[] vector) {
    double squares = 0;
    for (float x : vector) {
      squares += (double) x * x;
    }
    if (!(squares > 0) || Double.isInfinite(squares)) {
      throw new ElanusException(
          ErrorCode.INTERNAL, "the embedding model gave a vector that has no direction");
    }
    float scale = (float) (1 / Math.sqrt(squares));
    for (int d = 0; d < vector.length; d++) {
      vector[d] *= scale;
    }
    return vector;
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("the runtime refused to close a session", e);
    }
  }

  /** Memory that inputs are written to, kept from run to run. */
  private record Scratch(LongBuffer ids, LongBuffer mask, LongBuffer types) {
    Scratch(int size) {
      this(buffer(size), buffer(size), buffer(size));
    }

    private static LongBuffer buffer(int size) {
      return ByteBuffer.allocateDirect(size * Long.BYTES)
          .order(ByteOrder.nativeOrder())
          .asLongBuffer();
    }

    int size() {
      return ids.capacity();
    }

    void fill(List<Encoded> texts, int longest) {
      for (int i = 0; i < texts.size(); i++) {
        Encoded text = texts.get(i);
        int from = i * longest;
        ids.put(from, text.ids());
        types.put(from, text.types());
        for (int t = 0; t < longest; t++) {
          mask.put(from + t, t < text.length() ? 1 : 0);
        }
        for (int t = text.length(); t < longest; t++) {
          ids.put(from + t, 0);
          types.put(from + t, 0);
        }
      }
    }
  }
}
