/*
 * One measure over a batch of rows, in order and gathered by number, four rows at a time. Included
 * at each level by the files that hold a measure, which define
 *   NAME(x)                        name##x, for the functions that result: NAME() and NAME(_of)
 *   QUERY, OUT                     types of the query's cells and of the results
 *   ROW_BYTES(dim)                 from one row to the next
 *   GROUP(query, rows, dim, n, out)  measures n rows, where n is the constant 4 or 1
 */
TARGET static void FN(NAME())(const QUERY *query, const char *rows, int64_t dim, int32_t count,
                              OUT *out) {
  const int64_t stride = ROW_BYTES(dim);
  int32_t i = 0;
  for (; i + 4 <= count; i += 4) {
    const char *at = rows + i * stride;
    const char *four[4] = {at, at + stride, at + 2 * stride, at + 3 * stride};
    GROUP(query, four, dim, 4, out + i);
  }
  for (; i < count; i++) {
    const char *one[1] = {rows + i * stride};
    GROUP(query, one, dim, 1, out + i);
  }
}

/* Answers count, or the place of the first id that is not below row_count. */
TARGET static int32_t FN(NAME(_of))(const QUERY *query, const char *rows, int64_t dim,
                                    int32_t row_count, const int32_t *ids, int32_t count,
                                    OUT *out) {
  const int64_t stride = ROW_BYTES(dim);
  const char *ahead[4] = {0};
  int32_t i = 0;
  if (count >= 4) {
    int32_t good = elanus_rows_ahead(rows, stride, row_count, ids, 4, ahead);
    if (good < 4) {
      return good;
    }
  }
  for (; i + 4 <= count; i += 4) {
    const char *four[4] = {ahead[0], ahead[1], ahead[2], ahead[3]};
    if (i + 8 <= count) {
      int32_t good = elanus_rows_ahead(rows, stride, row_count, ids + i + 4, 4, ahead);
      if (good < 4) {
        return i + 4 + good;
      }
    }
    GROUP(query, four, dim, 4, out + i);
  }
  for (; i < count; i++) {
    const char *one[1];
    if (elanus_rows_ahead(rows, stride, row_count, ids + i, 1, one) < 1) {
      return i;
    }
    GROUP(query, one, dim, 1, out + i);
  }
  return count;
}

#undef NAME
#undef GROUP
