package dev.fairlead.lab.limits;

import dev.fairlead.core.admit.Ask;
import dev.fairlead.core.admit.LimitStore;
import dev.fairlead.core.admit.Reservation;
import dev.fairlead.core.admit.Verdict;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// Writes down what a store lets through. Safe for every thread.
final class RecordedStore implements LimitStore {
  private final LimitStore store;
  private final int gateway;
  private final InstantSource clock;
  private final Collection<Passed> passed;
  private final InFlight inFlight;

  /// @param inFlight counts what is let through and not settled, at all gateways
  RecordedStore(
      LimitStore store,
      int gateway,
      InstantSource clock,
      Collection<Passed> passed,
      InFlight inFlight) {
    this.store = store;
    this.gateway = gateway;
    this.clock = clock;
    this.passed = passed;
    this.inFlight = inFlight;
  }

  @Override
  public void reserve(Ask ask, Consumer<Verdict> answer) {
    store.reserve(ask, verdict -> answer.accept(recorded(ask, verdict)));
  }

  private Verdict recorded(Ask ask, Verdict verdict) {
    Instant at = clock.instant();
    return switch (verdict) {
      case Verdict.Refused refused -> refused;
      case Verdict.Admitted(Reservation reservation, var standing) -> {
        inFlight.begin();
        AtomicBoolean settled = new AtomicBoolean();
        yield new Verdict.Admitted(
            tokens -> {
              if (settled.compareAndSet(false, true)) {
                inFlight.end();
                passed.add(new Passed(ask.tenant(), gateway, at, tokens));
              }
              reservation.settle(tokens);
            },
            standing);
      }
    };
  }

  @Override
  public void close() {
    store.close();
  }
}
