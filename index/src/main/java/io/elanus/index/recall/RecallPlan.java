package io.elanus.index.recall;

/**
 * What is measured.
 *
 * @param shares of allowed rows, falling from 1
 * @param efforts rising; measured until all neighbours are found
 * @param queries as many rows as are searched for
 * @param limitsApart whether a search for many neighbours finds the nearest of them more surely
 *     than one for few; else one search answers for all limits
 */
public record RecallPlan(double[] shares, int[] efforts, int queries, boolean limitsApart) {}
