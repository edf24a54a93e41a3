package io.elanus.rag.rerank;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.rag.hash.Sha256;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * A cross-encoder in ONNX Runtime: question and passage in, one number out. Batches of a question
 * run beside each other on the threads that were given, each on one of them. What is not done in
 * time is left to end by itself: a run of a batch cannot be broken off.
 */
public final class OnnxReranker implements Reranker {
  private static final Set<String> INPUTS = Set.of("input_ids", "attention_mask", "token_type_ids");
  private static final int BATCH = 8;
  private static final int UNITS_PER_TOKEN = 16;

  static {
    // Else the tokenizer's library looks for newer natives in the network, and greets its makers.
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
  }

  private final OnnxConfig config;
  private final ExecutorService threads;
  private final String name;
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;
  private final HuggingFaceTokenizer tokenizer;
  private final ReentrantReadWriteLock life = new ReentrantReadWriteLock();
  private boolean closed;

  /**
   * @param threads of the platform's, as many as cores are to work on it
   * @throws ElanusException INVALID_ARGUMENT where the files are no cross-encoder
   */
  public OnnxReranker(OnnxConfig config, ExecutorService threads) {
    this.config = config;
    this.threads = threads;
    try {
      byte[] model = Files.readAllBytes(config.model());
      name = config.model().getFileName() + " " + digest(model);
      try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
        options.setIntraOpNumThreads(1);
        options.setInterOpNumThreads(1);
        session = environment.createSession(model, options);
      }
      tokenizer =
          HuggingFaceTokenizer.newInstance(
              config.tokenizer(),
              Map.of(
                  "padding",
                  "false",
                  "truncation",
                  "only_second",
                  "maxLength",
                  Integer.toString(config.tokensMax())));
    } catch (IOException | OrtException | RuntimeException e) {
      throw unfit(String.valueOf(e.getMessage()));
    }
    if (!INPUTS.containsAll(session.getInputNames())) {
      throw unfit(
          "it wants the inputs %s, known are %s".formatted(session.getInputNames(), INPUTS));
    }
  }

  private ElanusException unfit(String why) {
    return new ElanusException(
        ErrorCode.INVALID_ARGUMENT,
        "the reranker %s with %s cannot be run: %s"
            .formatted(config.model(), config.tokenizer(), why));
  }

  private static String digest(byte[] model) {
    return Sha256.hex(model).substring(0, 16);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int candidates() {
    return config.candidates();
  }

  @Override
  public double[] scores(String query, List<String> texts, Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    List<Future<double[]>> running = new ArrayList<>();
    double[] scores = new double[texts.size()];
    try {
      for (int from = 0; from < scores.length; from += BATCH) {
        List<String> batch = texts.subList(from, Math.min(scores.length, from + BATCH));
        running.add(threads.submit(() -> run(query, batch)));
      }
      int at = 0;
      for (Future<double[]> one : running) {
        double[] part = one.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        System.arraycopy(part, 0, scores, at, part.length);
        at += part.length;
      }
    } catch (TimeoutException e) {
      throw down("was not done in time");
    } catch (RejectedExecutionException e) {
      throw down("is closed");
    } catch (ExecutionException e) {
      throw down("failed on these passages");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ElanusException(ErrorCode.CANCELED, "the search was given up", e);
    } finally {
      running.forEach(one -> one.cancel(false));
    }
    for (double score : scores) {
      if (!Double.isFinite(score)) {
        throw down("answers with what is no number");
      }
    }
    return scores;
  }

  private static ElanusException down(String why) {
    return new ElanusException(ErrorCode.NOT_READY, "the reranker " + why);
  }

  /** On one of the threads; not while the native parts are freed. */
  private double[] run(String query, List<String> texts) throws OrtException {
    life.readLock().lock();
    try {
      if (closed) {
        throw down("is closed");
      }
      List<Encoding> pairs = new ArrayList<>();
      int longest = 0;
      for (String text : texts) {
        Encoding pair = tokenizer.encode(fit(query), fit(text));
        longest = Math.max(longest, Math.min(pair.getIds().length, config.tokensMax()));
        pairs.add(pair);
      }
      return run(pairs, longest);
    } finally {
      life.readLock().unlock();
    }
  }

  /**
   * No more than can matter, and whole characters: half of one would end the process inside the
   * tokenizer's native code.
   */
  private String fit(String text) {
    int units = Math.min(text.length(), UNITS_PER_TOKEN * config.tokensMax());
    byte[] bytes = text.substring(0, units).getBytes(StandardCharsets.UTF_8);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private double[] run(List<Encoding> pairs, int longest) throws OrtException {
    long[] ids = new long[pairs.size() * longest];
    long[] mask = new long[ids.length];
    long[] types = new long[ids.length];
    for (int row = 0; row < pairs.size(); row++) {
      Encoding pair = pairs.get(row);
      int length = Math.min(pair.getIds().length, longest);
      System.arraycopy(pair.getIds(), 0, ids, row * longest, length);
      System.arraycopy(pair.getAttentionMask(), 0, mask, row * longest, length);
      System.arraycopy(pair.getTypeIds(), 0, types, row * longest, length);
    }
    long[] shape = {pairs.size(), longest};
    Map<String, OnnxTensor> inputs = new HashMap<>();
    try {
      for (String input : session.getInputNames()) {
        long[] values =
            switch (input) {
              case "input_ids" -> ids;
              case "attention_mask" -> mask;
              default -> types;
            };
        inputs.put(input, OnnxTensor.createTensor(environment, LongBuffer.wrap(values), shape));
      }
      try (OrtSession.Result result = session.run(inputs)) {
        if (!(result.get(0) instanceof OnnxTensor tensor)) {
          throw down("answers with no numbers");
        }
        return numbers(tensor.getFloatBuffer(), pairs.size());
      }
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
  }

  /** A model of several classes says in its last one how well they fit. */
  private static double[] numbers(FloatBuffer values, int count) {
    if (values.remaining() < count || values.remaining() % count != 0) {
      throw down("answers with %d numbers for %d passages".formatted(values.remaining(), count));
    }
    int classes = values.remaining() / count;
    double[] scores = new double[count];
    for (int i = 0; i < count; i++) {
      scores[i] = values.get((i + 1) * classes - 1);
    }
    return scores;
  }

  @Override
  public void close() {
    life.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        session.close();
        tokenizer.close();
      }
    } catch (OrtException e) {
      throw new IllegalStateException("the reranker's session cannot be closed", e);
    } finally {
      life.writeLock().unlock();
    }
  }
}
