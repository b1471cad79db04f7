package dev.fairlead.dataplane.limits;

import dev.fairlead.core.admit.Account;
import dev.fairlead.core.admit.Account.Booking;
import dev.fairlead.core.admit.Ask;
import dev.fairlead.core.admit.Limits;
import dev.fairlead.core.admit.Reservation;
import dev.fairlead.core.admit.Tally;
import dev.fairlead.core.admit.Verdict;
import dev.fairlead.core.admit.WindowShape;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What a gateway knows of one tenant whose account is in Redis, so that it can go on alone when
/// Redis is lost, and tell what it did when Redis is back. All times are Redis'. Safe for every
/// thread: one lock, held for some additions.
///
/// Every change that this gateway makes is kept until Redis has told an account that holds it
/// (`since`); one that it made alone is owed to Redis besides (`owed`).
final class TenantUse {
  private final String tenant;
  private final WindowShape shape;
  private final Owner owner;
  private final Map<String, Booking> running = new HashMap<>();
  private Tally told;
  private Tally since;
  private Tally owed;
  private @Nullable Account alone;
  private @Nullable RedisSession attached;

  /// The store, which talks to Redis.
  interface Owner {
    Instant now();

    /// Settles a reservation in Redis.
    void settle(RedisSession session, Ended ended);
  }

  /// A reservation that has ended.
  ///
  /// @param taken tokens
  record Ended(String tenant, String id, Booking booking, long taken) {}

  /// What Redis is to be told when it is back.
  ///
  /// @param running the ids of requests that run
  record Debt(Tally told, Tally owed, List<String> running) {}

  /// @param told what is known of the account already
  /// @param attached the session in which the account lives; null while there is none
  TenantUse(
      String tenant, WindowShape shape, Owner owner, Tally told, @Nullable RedisSession attached) {
    this.tenant = tenant;
    this.shape = shape;
    this.owner = owner;
    this.told = told;
    this.since = new Tally(shape);
    this.owed = new Tally(shape);
    this.attached = attached;
  }

  String tenant() {
    return tenant;
  }

  synchronized boolean attachedTo(RedisSession session) {
    return session.equals(attached);
  }

  /// Redis has told the account; it holds what this gateway did before.
  synchronized void told(Tally account) {
    told = account;
    since = new Tally(shape);
  }

  /// Redis has let a request pass.
  synchronized Reservation booked(String id, Booking booking) {
    running.put(id, booking);
    since.add(booking.at(), 1, booking.tokens());
    if (alone != null) {
      var _ = alone.book(new Ask(tenant, Limits.NONE, booking.tokens()), booking.at());
    }
    return new Held(this, id, booking, new AtomicBoolean());
  }

  /// Decides without Redis, by this gateway's share.
  synchronized Verdict decideAlone(Ask ask, String id, int gateways) {
    Instant now = owner.now();
    attached = null;
    if (alone == null) {
      alone = Account.share(shape, told, gateways, now);
      alone.take(since, running.size(), now);
    }
    Ask mine = shareOf(ask, gateways);
    Optional<Verdict.Refused> refusal = alone.refusal(mine, now);
    if (refusal.isPresent()) {
      return refusal.orElseThrow();
    }
    Booking booking = alone.book(mine, now);
    running.put(id, booking);
    since.add(now, 1, booking.tokens());
    owed.add(now, 1, booking.tokens());
    return new Verdict.Admitted(
        new Held(this, id, booking, new AtomicBoolean()), alone.standing(mine.limits(), now));
  }

  /// Nobody shall be refused for asking for more at once than a share, if the whole limit allows
  /// it: such a request takes all of the share.
  private static Ask shareOf(Ask ask, int gateways) {
    Limits share = ask.limits().share(gateways);
    long whole = ask.limits().tokensPerMinute().orElse(Long.MAX_VALUE);
    long part = share.tokensPerMinute().orElse(Long.MAX_VALUE);
    long tokens = ask.tokens() <= whole ? Math.min(ask.tokens(), part) : ask.tokens();
    return new Ask(ask.tenant(), share, tokens);
  }

  private void settle(String id, Booking booking, long taken) {
    Instant now = owner.now();
    RedisSession session;
    synchronized (this) {
      running.remove(id);
      session = attached;
      long change = taken - booking.tokens();
      Instant when = change < 0 ? booking.at() : now;
      since.add(when, 0, change);
      if (alone != null) {
        alone.settle(booking, taken, now);
      }
      if (session == null) {
        owed.add(when, 0, change);
      }
    }
    if (session != null) {
      owner.settle(session, new Ended(tenant, id, booking, taken));
    }
  }

  /// Redis is back: hands over what it has to be told, before anything else is asked in that
  /// session.
  synchronized void attach(RedisSession session, Consumer<Debt> send) {
    attached = session;
    alone = null;
    Tally debt = owed;
    owed = new Tally(shape);
    send.accept(new Debt(told, debt, List.copyOf(running.keySet())));
  }

  /// What was handed over has not arrived.
  synchronized void owe(Tally again) {
    owed.addAll(again);
  }

  /// The ids of requests that run.
  synchronized List<String> running() {
    return List.copyOf(running.keySet());
  }

  /// What one request holds.
  private record Held(TenantUse use, String id, Booking booking, AtomicBoolean settled)
      implements Reservation {

    @Override
    public void settle(long tokens) {
      if (settled.compareAndSet(false, true)) {
        use.settle(id, booking, tokens);
      }
    }
  }
}
