package dev.fairlead.ledger;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;

/// Where the ledger lies: opens connections and knows what differs between the databases. Their SQL
/// is the same but for that. Immutable; safe for every thread.
public sealed interface Database permits SqliteDatabase, PostgresDatabase {

  /// Reads a URL: `sqlite:/PATH/FILE`, `postgresql://USER@HOST:PORT/NAME?sslmode=require` as libpq
  /// takes it, or the same for JDBC, `jdbc:sqlite:/PATH/FILE` and
  /// `jdbc:postgresql://HOST:PORT/NAME?user=USER`.
  ///
  /// @param password of PostgreSQL; without it `~/.pgpass` is looked at
  /// @throws LedgerException when it is none of them, or holds a password itself
  static Database of(String url, Optional<String> password) {
    String plain = url.startsWith("jdbc:") ? url.substring("jdbc:".length()) : url;
    int colon = plain.indexOf(':');
    String scheme = colon < 0 ? "" : plain.substring(0, colon).toLowerCase(Locale.ROOT);
    String rest = plain.substring(colon + 1);
    return switch (scheme) {
      case "sqlite" -> SqliteDatabase.of(rest);
      case "postgresql", "postgres" -> PostgresDatabase.of(rest, password);
      default ->
          throw new LedgerException(
              "the ledger's URL is neither `sqlite:/PATH/FILE` nor `postgresql://USER@HOST/NAME`");
    };
  }

  /// The ledger in this file, which is made where it is not there.
  static Database file(Path file) {
    return new SqliteDatabase(file.toAbsolutePath());
  }

  /// Where it is, for people; without secrets.
  String name();

  /// A connection, which the caller closes.
  Connection connect() throws SQLException;

  /// Keeps others from changing the schema until the transaction, which has begun, ends.
  void lockSchema(Connection connection) throws SQLException;

  /// What follows the columns in `CREATE TABLE`.
  String tableOptions();

  /// Whether this may pass by itself: the database is away or busy, not misconfigured.
  boolean mayPass(SQLException failure);

  /// Whether it is these rows that it does not take.
  boolean refusesRows(SQLException failure);
}
