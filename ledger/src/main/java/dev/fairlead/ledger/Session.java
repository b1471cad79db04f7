package dev.fairlead.ledger;

import static java.util.stream.Collectors.joining;

import dev.fairlead.core.usage.Dimension;
import dev.fairlead.core.usage.UsageLedger.TooManyGroupsException;
import dev.fairlead.core.usage.UsageQuery;
import dev.fairlead.core.usage.UsageRow;
import dev.fairlead.core.usage.UsageSum;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// One connection to a ledger of the current schema, with what is asked of it. Times are
/// microseconds since 1970, which both databases hold and sort alike. Used by one thread.
final class Session implements AutoCloseable {
  private static final long DAY_MICROS = Duration.ofDays(1).toNanos() / 1_000;
  private static final int QUERY_SECONDS = 30;

  private static final String INSERT =
      """
      INSERT INTO fairlead_usage (arrived, request_id, finished, tenant, key_name, user_name,
        model, version, replica, kind, prompt_tokens, cached_tokens, completion_tokens, estimated,
        first_token_micros, outcome)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT DO NOTHING\
      """;

  private static final String PRUNE =
      """
      DELETE FROM fairlead_usage WHERE (arrived, request_id) IN (
        SELECT arrived, request_id FROM fairlead_usage WHERE arrived < ? ORDER BY arrived LIMIT ?)\
      """;

  private final Connection connection;

  private Session(Connection connection) {
    this.connection = connection;
  }

  /// Connects, and makes or changes the tables if need be.
  static Session open(Database database, Schema schema) throws SQLException {
    Connection connection = database.connect();
    try {
      schema.bring(database, connection);
      return new Session(connection);
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /// Writes all of them or none; those that are there already stay as they are.
  void insert(List<UsageRow> rows) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
      for (UsageRow row : rows) {
        bind(insert, row);
        insert.addBatch();
      }
      var _ = Transaction.run(connection, insert::executeBatch);
    }
  }

  private static void bind(PreparedStatement insert, UsageRow row) throws SQLException {
    int column = 0;
    insert.setLong(++column, micros(row.arrived()));
    insert.setString(++column, row.requestId());
    insert.setLong(++column, micros(row.finished()));
    insert.setString(++column, row.payer().tenant());
    insert.setString(++column, row.payer().key());
    insert.setString(++column, row.payer().user());
    insert.setString(++column, row.service().model());
    insert.setString(++column, row.service().version());
    insert.setString(++column, row.service().replica().orElse(null));
    insert.setString(++column, row.service().kind());
    insert.setLong(++column, row.tokens().prompt());
    insert.setLong(++column, row.tokens().cached());
    insert.setLong(++column, row.tokens().completion());
    insert.setInt(++column, row.tokens().estimated() ? 1 : 0);
    if (row.timeToFirstToken().isPresent()) {
      insert.setLong(++column, row.timeToFirstToken().orElseThrow().toNanos() / 1_000);
    } else {
      insert.setNull(++column, Types.BIGINT);
    }
    insert.setString(++column, row.outcome());
  }

  List<UsageSum> sums(UsageQuery query) throws SQLException {
    List<Dimension> by = List.copyOf(query.by());
    String columns = by.stream().map(Session::column).map(one -> one + ", ").collect(joining());
    String groups = by.stream().map(Session::column).collect(joining(", "));
    String sql =
        "SELECT "
            + columns
            + "COUNT(*), SUM(estimated), SUM(prompt_tokens), SUM(cached_tokens), SUM(completion_tokens)"
            + " FROM fairlead_usage WHERE arrived >= ? AND arrived < ?"
            + (by.isEmpty() ? " HAVING COUNT(*) > 0" : " GROUP BY " + groups)
            + " LIMIT ?";
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      select.setQueryTimeout(QUERY_SECONDS);
      select.setLong(1, micros(query.from()));
      select.setLong(2, micros(query.until()));
      select.setLong(3, query.most() + 1L);
      List<UsageSum> sums = new ArrayList<>();
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          sums.add(sum(by, rows));
        }
      }
      if (sums.size() > query.most()) {
        throw new TooManyGroupsException(query.most());
      }
      return sums;
    }
  }

  private static UsageSum sum(List<Dimension> by, ResultSet row) throws SQLException {
    Map<Dimension, String> group = new EnumMap<>(Dimension.class);
    int column = 0;
    for (Dimension dimension : by) {
      column++;
      group.put(
          dimension,
          dimension == Dimension.DAY
              ? LocalDate.ofEpochDay(row.getLong(column)).toString()
              : row.getString(column));
    }
    return new UsageSum(
        group,
        new UsageSum.Counts(
            row.getLong(++column),
            row.getLong(++column),
            row.getLong(++column),
            row.getLong(++column),
            row.getLong(++column)));
  }

  private static String column(Dimension dimension) {
    return switch (dimension) {
      case DAY -> "arrived / " + DAY_MICROS;
      case TENANT -> "tenant";
      case KEY -> "key_name";
      case MODEL -> "model";
      case VERSION -> "version";
      case USER -> "user_name";
    };
  }

  long tokensSince(String tenant, Instant from) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT SUM(prompt_tokens + completion_tokens) FROM fairlead_usage"
                + " WHERE arrived >= ? AND tenant = ?")) {
      select.setQueryTimeout(QUERY_SECONDS);
      select.setLong(1, micros(from));
      select.setString(2, tenant);
      try (ResultSet rows = select.executeQuery()) {
        return rows.next() ? rows.getLong(1) : 0;
      }
    }
  }

  /// Removes the oldest rows that arrived before then, `most` of them at most; returns how many.
  int prune(Instant before, int most) throws SQLException {
    try (PreparedStatement delete = connection.prepareStatement(PRUNE)) {
      delete.setLong(1, micros(before));
      delete.setInt(2, most);
      return delete.executeUpdate();
    }
  }

  /// Whatever a client may ask for, such as `Instant.MAX`, has microseconds.
  private static long micros(Instant instant) {
    Instant first = Instant.EPOCH;
    Instant last = Instant.EPOCH.plus(Long.MAX_VALUE, ChronoUnit.MICROS);
    Instant within = instant.isBefore(first) ? first : instant.isAfter(last) ? last : instant;
    return ChronoUnit.MICROS.between(first, within);
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
