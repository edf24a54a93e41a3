package io.elanus.engine.read;

import io.elanus.index.NearestHeap;
import java.util.List;

/**
 * How near a row must be to be of use yet, as the parts of a search tell what they found. Falls
 * only, so that whoever looks early does too much, never too little.
 */
final class Bound {
  private final NearestHeap nearest;
  private int offered;
  private volatile float worst = Float.POSITIVE_INFINITY;

  /**
   * @param limit hits wanted
   */
  Bound(int limit) {
    this.nearest = new NearestHeap(limit);
  }

  /** Takes note of what a part found. */
  synchronized void found(List<Hit> hits) {
    for (Hit hit : hits) {
      nearest.offer(hit.distance(), offered++);
    }
    worst = nearest.worst();
  }

  /** As many hits as wanted are no farther than this; +∞ while there are fewer. */
  float worst() {
    return worst;
  }

  /**
   * Only rows below this distance are wanted: with what is as near as the worst, as keys decide.
   */
  float below() {
    return Math.nextUp(worst);
  }
}
