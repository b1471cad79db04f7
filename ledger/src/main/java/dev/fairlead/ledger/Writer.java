package dev.fairlead.ledger;

import dev.fairlead.core.usage.UsageRow;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes rows, batch by batch, each in one transaction. While the database is away it tries the
/// same batch again, at growing distances; a batch that came through without our hearing of it does
/// no harm, for rows that are there already stay as they are. Also removes what is too old. Runs on
/// one thread; `stop` may be called from any.
final class Writer implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(Writer.class);
  private static final Duration IDLE = Duration.ofMinutes(10);
  private static final Duration PRUNE_EVERY = Duration.ofHours(1);
  private static final int PRUNE_ROWS = 5_000;
  private static final Duration FIRST_WAIT = Duration.ofMillis(250);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

  private final Parts parts;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private @Nullable Session session;
  private Instant nextPrune = Instant.MIN;
  private long lostTold;

  /// What it works with.
  record Parts(
      Database database,
      Schema schema,
      LedgerOptions options,
      RowQueue queue,
      Tally tally,
      InstantSource clock,
      RandomGenerator random) {}

  Writer(Parts parts) {
    this.parts = parts;
  }

  /// What waits is still written, if the database takes it at once.
  void stop() {
    stopping.countDown();
    parts.queue().hurry();
  }

  @Override
  public void run() {
    try {
      while (!stopped() || parts.queue().waiting() > 0) {
        List<UsageRow> rows =
            parts.queue().next(IDLE, stopped() ? Duration.ZERO : parts.options().linger());
        try {
          write(rows);
        } catch (RuntimeException e) {
          // The thread has to live on: without it all further rows would be lost.
          drop();
          parts.tally().refused(rows.size());
          log.error("usage not written, this is a defect", e);
        } finally {
          parts.queue().done(rows.size());
        }
        tellLost();
        if (!stopped()) {
          prune();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      drop();
    }
  }

  private boolean stopped() {
    return stopping.getCount() == 0;
  }

  private void write(List<UsageRow> rows) throws InterruptedException {
    Duration wait = FIRST_WAIT;
    boolean failing = false;
    while (!rows.isEmpty()) {
      boolean last = stopped();
      boolean fresh = session == null;
      try {
        session().insert(rows);
        parts.tally().written(rows.size());
        if (failing) {
          log.info("usage written again database={}", parts.database().name());
        }
        return;
      } catch (SQLException e) {
        if (parts.database().refusesRows(e)) {
          oneByOne(rows);
          return;
        }
        drop();
        if (!fresh && !failing) {
          // A connection that has been idle is often found closed.
          failing = true;
          continue;
        }
        log.warn(
            "usage not written database={} waiting={} why={}",
            parts.database().name(),
            parts.queue().waiting(),
            reason(e));
      } catch (LedgerException e) {
        drop();
        log.warn("usage not written waiting={} why={}", parts.queue().waiting(), e.getMessage());
      }
      failing = true;
      if (last) {
        parts.tally().refused(rows.size());
        return;
      }
      var _ = stopping.await(jittered(wait), TimeUnit.MILLISECONDS);
      wait = wait.multipliedBy(2).compareTo(LONGEST_WAIT) < 0 ? wait.multipliedBy(2) : LONGEST_WAIT;
    }
  }

  /// One row that the database does not take must not cost the others.
  private void oneByOne(List<UsageRow> rows) {
    for (UsageRow row : rows) {
      try {
        session().insert(List.of(row));
        parts.tally().written(1);
      } catch (SQLException | LedgerException e) {
        parts.tally().refused(1);
        String state = e instanceof SQLException sql ? String.valueOf(sql.getSQLState()) : "";
        log.error("usage refused id={} state={}", row.requestId(), state);
      }
    }
  }

  private void tellLost() {
    long lost = parts.tally().state().lost();
    if (lost > lostTold) {
      log.error("usage lost rows={} since start={}", lost - lostTold, lost);
      lostTold = lost;
    }
  }

  private void prune() {
    Instant now = parts.clock().instant();
    if (parts.options().retention().isEmpty() || now.isBefore(nextPrune)) {
      return;
    }
    try {
      Instant before = now.minus(parts.options().retention().orElseThrow());
      int gone = session().prune(before, PRUNE_ROWS);
      if (gone > 0) {
        log.info("usage pruned rows={} before={}", gone, before);
      }
      // Few at a time, so that rows are not held up; the rest follows with the next batches.
      nextPrune = gone == PRUNE_ROWS ? now : now.plus(PRUNE_EVERY);
    } catch (SQLException | LedgerException e) {
      drop();
      nextPrune = now.plus(PRUNE_EVERY);
      log.warn("usage not pruned database={} why={}", parts.database().name(), e.getMessage());
    }
  }

  private long jittered(Duration wait) {
    return wait.toMillis() / 2 + parts.random().nextLong(wait.toMillis() / 2 + 1);
  }

  private Session session() throws SQLException {
    if (session == null) {
      session = Session.open(parts.database(), parts.schema());
    }
    return session;
  }

  private void drop() {
    Session old = session;
    session = null;
    if (old != null) {
      try {
        old.close();
      } catch (SQLException e) {
        log.debug("connection not closed database={}", parts.database().name(), e);
      }
    }
  }

  /// The message of a failed batch holds the statement with its values.
  private static String reason(SQLException failure) {
    SQLException cause =
        failure instanceof BatchUpdateException && failure.getNextException() != null
            ? failure.getNextException()
            : failure;
    return cause instanceof BatchUpdateException
        ? String.valueOf(cause.getSQLState())
        : String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
  }
}
