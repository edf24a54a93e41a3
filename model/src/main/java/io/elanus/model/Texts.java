package io.elanus.model;

import io.elanus.model.query.AnalyzeRequest;
import io.elanus.model.query.TextToken;
import java.util.List;

/** What analyzers make of texts. */
public interface Texts {
  /** The tokens of each text, in the order of the texts. */
  List<List<TextToken>> analyze(Caller caller, AnalyzeRequest request);
}
