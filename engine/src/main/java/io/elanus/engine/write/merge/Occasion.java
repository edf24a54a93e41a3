package io.elanus.engine.write.merge;

/** Why segments are looked at. */
public enum Occasion {
  /** Something was sealed. */
  STEADY,
  /** Nothing was written for a while. */
  QUIET,
  /** Someone asked: any two segments that fit together, any deleted row. */
  ASKED
}
