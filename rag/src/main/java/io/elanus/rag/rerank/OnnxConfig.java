package io.elanus.rag.rerank;

import java.nio.file.Path;

/**
 * A cross-encoder in this process.
 *
 * @param model an ONNX file with the inputs input_ids, attention_mask and perhaps token_type_ids,
 *     and one number per pair as its first output
 * @param tokenizer its tokenizer.json
 * @param candidates it looks at
 * @param tokensMax of question and passage together; what is longer is cut off the passage
 */
public record OnnxConfig(Path model, Path tokenizer, int candidates, int tokensMax) {}
