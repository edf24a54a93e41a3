package io.elanus.index.ivf;

import io.elanus.index.code.CodeSpace;
import io.elanus.index.code.Codes;
import io.elanus.index.code.ProductCodes;
import org.jspecify.annotations.Nullable;

/**
 * What parameters choose of codes.
 *
 * @param exact whether the segment's vectors measure what is answered, or codes
 * @param groups of product codes, else 0
 * @param bits 4 or 8 for each group of product codes, else 0
 */
record CodedShape(boolean exact, int groups, int bits) {
  /** Whether product codes of vectors of this dimension can have the shape. */
  boolean fits(int dim) {
    return groups >= 1 && groups <= CodeSpace.width(dim) && (bits == 4 || bits == 8);
  }

  ProductCodes.Shape products(CodeSpace space) {
    return new ProductCodes.Shape(space.width(), groups, bits, space.euclidean());
  }

  /** Codes that are scanned measure as well, unless the vectors do. */
  Codes.@Nullable Measuring refining(Codes scanned) {
    return !exact && scanned instanceof Codes.Measuring measuring ? measuring : null;
  }
}
