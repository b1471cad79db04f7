package dev.fairlead.testkit.fault;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/// The faults that are still to come, each for one request. Several proxies may share a plan:
/// whichever sees the next request has the next fault. Any thread.
public final class FaultPlan {
  /// One fault and its place.
  public record Planned(Fault fault, Position position) {
    public Planned {
      requireNonNull(fault, "fault is null");
      requireNonNull(position, "position is null");
    }
  }

  private final String requests;
  private final ConcurrentLinkedQueue<Planned> planned = new ConcurrentLinkedQueue<>();
  private final AtomicInteger struck = new AtomicInteger();

  private FaultPlan(String requests) {
    this.requests = requests;
  }

  /// For requests that begin with this text, such as `POST /v1/`; all others pass unharmed.
  public static FaultPlan forRequests(String beginning) {
    return new FaultPlan(requireNonNull(beginning, "beginning is null"));
  }

  /// Plans a fault for the next request that has none.
  public void next(Fault fault, Position position) {
    planned.add(new Planned(fault, position));
  }

  /// How many faults have struck.
  public int struck() {
    return struck.get();
  }

  /// How many are still to come.
  public int left() {
    return planned.size();
  }

  Optional<Planned> claim(String request) {
    return request.startsWith(requests) ? Optional.ofNullable(planned.poll()) : Optional.empty();
  }

  void strikes() {
    struck.incrementAndGet();
  }
}
