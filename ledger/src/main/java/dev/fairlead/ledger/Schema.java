package dev.fairlead.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/// Brings the tables to the form that this version writes, whatever version wrote before. The steps
/// are numbered from 1 and never change once released; each is done once, and all of them in one
/// transaction.
///
/// @param steps the statements of each step; `%s` stands for the database's table options
record Schema(List<List<String>> steps) {
  static final Schema CURRENT =
      new Schema(
          List.of(
              List.of(
                  """
                  CREATE TABLE fairlead_usage (
                    arrived BIGINT NOT NULL,
                    request_id TEXT NOT NULL,
                    finished BIGINT NOT NULL,
                    tenant TEXT NOT NULL,
                    key_name TEXT NOT NULL,
                    user_name TEXT NOT NULL,
                    model TEXT NOT NULL,
                    version TEXT NOT NULL,
                    replica TEXT,
                    kind TEXT NOT NULL,
                    prompt_tokens BIGINT NOT NULL,
                    cached_tokens BIGINT NOT NULL,
                    completion_tokens BIGINT NOT NULL,
                    estimated SMALLINT NOT NULL,
                    first_token_micros BIGINT,
                    outcome TEXT NOT NULL,
                    PRIMARY KEY (arrived, request_id)
                  )%s\
                  """)));

  /// @throws LedgerException when a later version has been at work
  void bring(Database database, Connection connection) throws SQLException {
    if (!isCurrent(connection)) {
      int version =
          Transaction.run(
              connection,
              () -> {
                database.lockSchema(connection);
                return bringLocked(database, connection);
              });
      if (version > steps.size()) {
        throw new LedgerException(
            "the ledger %s has the schema %d of a later Fairlead, this one knows %d: use the later one"
                .formatted(database.name(), version, steps.size()));
      }
    }
  }

  /// Whether nothing is to be done, which costs no lock. What fails here fails again below, where
  /// it is told.
  private boolean isCurrent(Connection connection) {
    try {
      return version(connection) == steps.size();
    } catch (SQLException e) {
      return false;
    }
  }

  /// Returns the version that it is then.
  private int bringLocked(Database database, Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE IF NOT EXISTS fairlead_usage_schema (version INTEGER NOT NULL)");
      int version = version(connection);
      if (version >= steps.size()) {
        return version;
      }
      for (List<String> step : steps.subList(version, steps.size())) {
        for (String one : step) {
          statement.execute(one.formatted(database.tableOptions()));
        }
      }
      statement.execute("DELETE FROM fairlead_usage_schema");
      statement.execute("INSERT INTO fairlead_usage_schema VALUES (" + steps.size() + ")");
      return steps.size();
    }
  }

  /// 0 before the first step.
  private static int version(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT version FROM fairlead_usage_schema")) {
      return rows.next() ? rows.getInt(1) : 0;
    }
  }
}
