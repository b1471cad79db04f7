package dev.fairlead.lab.limits;

/// Counts what was let through and is not settled. Safe for every thread.
final class InFlight {
  private int now;
  private int most;

  synchronized void begin() {
    now++;
    most = Math.max(most, now);
  }

  synchronized void end() {
    now--;
  }

  synchronized int now() {
    return now;
  }

  synchronized int most() {
    return most;
  }
}
