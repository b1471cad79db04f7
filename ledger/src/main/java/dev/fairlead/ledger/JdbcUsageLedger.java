package dev.fairlead.ledger;

import dev.fairlead.core.usage.UsageLedger;
import dev.fairlead.core.usage.UsageQuery;
import dev.fairlead.core.usage.UsageRow;
import dev.fairlead.core.usage.UsageSum;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The usage ledger in a SQL database. A bounded queue leads to one thread that writes; queries
/// have a connection of their own. Safe for every thread.
public final class JdbcUsageLedger implements UsageLedger {
  private static final Logger log = LoggerFactory.getLogger(JdbcUsageLedger.class);
  private static final int BATCH = 1_000;
  private static final Duration READ_YOUR_WRITES = Duration.ofSeconds(2);
  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(5);

  private final Database database;
  private final Schema schema;
  private final RowQueue queue;
  private final Tally tally = new Tally();
  private final Writer writer;
  private final Thread thread;
  private volatile boolean closed;

  private JdbcUsageLedger(Database database, Schema schema, LedgerOptions options, Times times) {
    this.database = database;
    this.schema = schema;
    queue = new RowQueue(options.capacity(), BATCH);
    writer =
        new Writer(
            new Writer.Parts(
                database, schema, options, queue, tally, times.clock(), times.random()));
    // SQLite is native code, which would pin a virtual thread.
    thread = Thread.ofPlatform().daemon().name("usage-ledger").unstarted(writer);
  }

  private record Times(InstantSource clock, RandomGenerator random) {}

  /// Opens a ledger, and makes its tables if need be. A database that is only away is waited for in
  /// the background.
  ///
  /// @param random spreads the attempts to reach a lost database
  /// @throws LedgerException when it can never work as it is: no right to write, a wrong password,
  ///   a schema of a later version
  public static JdbcUsageLedger open(
      Database database, LedgerOptions options, InstantSource clock, RandomGenerator random) {
    return open(database, Schema.CURRENT, options, new Times(clock, random));
  }

  private static JdbcUsageLedger open(
      Database database, Schema schema, LedgerOptions options, Times times) {
    try (Session _ = Session.open(database, schema)) {
      log.info("usage ledger open database={}", database.name());
    } catch (SQLException e) {
      if (!database.mayPass(e)) {
        throw new LedgerException(
            "the ledger %s cannot be opened: %s".formatted(database.name(), e.getMessage()), e);
      }
      log.warn("usage ledger away database={} why={}", database.name(), e.getMessage());
    }
    JdbcUsageLedger ledger = new JdbcUsageLedger(database, schema, options, times);
    ledger.thread.start();
    return ledger;
  }

  @Override
  public void record(UsageRow row) {
    if (!closed && queue.offer(row)) {
      tally.taken();
    } else {
      tally.noRoom();
    }
  }

  @Override
  public List<UsageSum> sums(UsageQuery query) {
    return ask(session -> session.sums(query));
  }

  @Override
  public long tokensSince(String tenant, Instant from) {
    return ask(session -> session.tokensSince(tenant, from));
  }

  /// A question to a session.
  private interface Question<T> {
    T ask(Session session) throws SQLException;
  }

  private <T> T ask(Question<T> question) {
    queue.hurry();
    try {
      tally.await(READ_YOUR_WRITES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try (Session session = Session.open(database, schema)) {
      return question.ask(session);
    } catch (SQLException e) {
      throw new UnavailableException(
          "the usage ledger %s does not answer: %s".formatted(database.name(), e.getMessage()), e);
    } catch (LedgerException e) {
      throw new UnavailableException(String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public State state() {
    return tally.state();
  }

  /// Rows that cannot be written within seconds are lost, and said to be.
  @Override
  public void close() {
    closed = true;
    writer.stop();
    try {
      if (!thread.join(CLOSE_WITHIN)) {
        log.error("usage lost at the end rows={} database={}", queue.waiting(), database.name());
        thread.interrupt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
