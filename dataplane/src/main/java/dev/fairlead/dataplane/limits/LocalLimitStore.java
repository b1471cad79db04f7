package dev.fairlead.dataplane.limits;

import dev.fairlead.core.admit.Account;
import dev.fairlead.core.admit.Account.Booking;
import dev.fairlead.core.admit.Ask;
import dev.fairlead.core.admit.LimitStore;
import dev.fairlead.core.admit.OpeningBalance;
import dev.fairlead.core.admit.Reservation;
import dev.fairlead.core.admit.Verdict;
import dev.fairlead.core.admit.WindowShape;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// Counts in this process, for one gateway that is alone. Safe for every thread: each tenant has a
/// lock of its own, held for some additions; answers come in the calling thread.
public final class LocalLimitStore implements LimitStore {
  private final InstantSource clock;
  private final WindowShape shape;
  private final OpeningBalance opening;
  private final Map<String, Account> accounts = new ConcurrentHashMap<>();

  public LocalLimitStore(InstantSource clock, WindowShape shape, OpeningBalance opening) {
    this.clock = clock;
    this.shape = shape;
    this.opening = opening;
  }

  /// One that begins with nothing used.
  public static LocalLimitStore empty(InstantSource clock) {
    return new LocalLimitStore(clock, WindowShape.MINUTE, OpeningBalance.NONE);
  }

  @Override
  public void reserve(Ask ask, Consumer<Verdict> answer) {
    answer.accept(decide(ask));
  }

  private Verdict decide(Ask ask) {
    Account account = accounts.computeIfAbsent(ask.tenant(), this::opened);
    synchronized (account) {
      Instant now = clock.instant();
      Optional<Verdict.Refused> refusal = account.refusal(ask, now);
      if (refusal.isPresent()) {
        return refusal.orElseThrow();
      }
      Booking booking = account.book(ask, now);
      return new Verdict.Admitted(
          new Held(account, booking, clock, new AtomicBoolean()),
          account.standing(ask.limits(), now));
    }
  }

  private Account opened(String tenant) {
    Account account = new Account(shape);
    account.open(opening, tenant, clock.instant());
    return account;
  }

  @Override
  public void close() {}

  /// What one request holds.
  private record Held(Account account, Booking booking, InstantSource clock, AtomicBoolean settled)
      implements Reservation {

    @Override
    public void settle(long tokens) {
      if (settled.compareAndSet(false, true)) {
        synchronized (account) {
          account.settle(booking, tokens, clock.instant());
        }
      }
    }
  }
}
