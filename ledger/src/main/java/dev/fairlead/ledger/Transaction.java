package dev.fairlead.ledger;

import java.sql.Connection;
import java.sql.SQLException;

/// Does all of something or nothing. Connections commit each statement otherwise: with `autoCommit`
/// off, SQLite's driver would hold the lock for writing all the time.
final class Transaction {
  private Transaction() {}

  /// What is done.
  interface Work<T> {
    T run() throws SQLException;
  }

  static <T> T run(Connection connection, Work<T> work) throws SQLException {
    connection.setAutoCommit(false);
    try {
      T result = work.run();
      // This commits, by the contract of JDBC.
      connection.setAutoCommit(true);
      return result;
    } catch (SQLException | RuntimeException e) {
      rollBack(connection, e);
      throw e;
    }
  }

  private static void rollBack(Connection connection, Exception why) {
    try {
      connection.rollback();
      connection.setAutoCommit(true);
    } catch (SQLException e) {
      why.addSuppressed(e);
    }
  }
}
