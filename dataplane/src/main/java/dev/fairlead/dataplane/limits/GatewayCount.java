package dev.fairlead.dataplane.limits;

import java.util.ArrayDeque;
import java.util.Collections;

/// How many gateways share the limits: the most that were seen lately, since after a start of Redis
/// they come back one after the other, and a share must not be too large. Safe for every thread.
final class GatewayCount {
  private static final int LATELY = 5;

  private final ArrayDeque<Integer> seen = new ArrayDeque<>(LATELY + 1);

  GatewayCount(int atStart) {
    seen.add(atStart);
  }

  synchronized void see(int living) {
    seen.add(living);
    if (seen.size() > LATELY) {
      seen.removeFirst();
    }
  }

  synchronized int most() {
    return Collections.max(seen);
  }
}
