package io.elanus.index.recall;

/**
 * What is measured.
 *
 * @param shares of allowed rows, falling from 1
 * @param efforts rising; measured until all neighbours are found
 * @param queries as many rows as are searched for
 */
public record RecallPlan(double[] shares, int[] efforts, int queries) {}
