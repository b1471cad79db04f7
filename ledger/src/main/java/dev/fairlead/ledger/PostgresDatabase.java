package dev.fairlead.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Pattern;

/// A PostgreSQL (13 or later) that several gateways may share.
///
/// @param url for JDBC, without user and password
record PostgresDatabase(String url, Optional<String> user, Optional<String> password)
    implements Database {
  /// Any number that others are unlikely to lock.
  private static final long SCHEMA_LOCK = 0x6661_6972_6c65_6164L;

  private static final Pattern SECRET =
      Pattern.compile("[?&](password|sslpassword)=", Pattern.CASE_INSENSITIVE);

  /// @param rest what follows the scheme, such as `//user@host:5432/name?sslmode=require`
  static PostgresDatabase of(String rest, Optional<String> password) {
    if (!rest.startsWith("//") || rest.length() == 2) {
      throw new LedgerException(
          "the ledger's URL names no database: `postgresql://USER@HOST:PORT/NAME`");
    }
    int query = rest.indexOf('?');
    int path = rest.indexOf('/', 2);
    int end = path > 0 ? path : query > 0 ? query : rest.length();
    String authority = rest.substring(2, end);
    int at = authority.lastIndexOf('@');
    String user = at < 0 ? "" : authority.substring(0, at);
    if (user.contains(":") || SECRET.matcher(rest).find()) {
      throw new LedgerException(
          "the ledger's URL holds a password, which others can see there: put it into a file or"
              + " into FAIRLEAD_LEDGER_PASSWORD");
    }
    return new PostgresDatabase(
        "jdbc:postgresql://" + authority.substring(at + 1) + rest.substring(end),
        user.isEmpty() ? Optional.empty() : Optional.of(URLDecoder.decode(user, UTF_8)),
        password);
  }

  @Override
  public String name() {
    return url.substring("jdbc:".length());
  }

  @Override
  public Connection connect() throws SQLException {
    Properties properties = new Properties();
    user.ifPresent(name -> properties.setProperty("user", name));
    password.ifPresent(secret -> properties.setProperty("password", secret));
    properties.setProperty("ApplicationName", "fairlead");
    properties.setProperty("connectTimeout", "5");
    properties.setProperty("loginTimeout", "5");
    properties.setProperty("socketTimeout", "40");
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("reWriteBatchedInserts", "true");
    // Not by the driver's class: javac cannot read the annotations of its class file.
    return DriverManager.getConnection(url, properties);
  }

  @Override
  public void lockSchema(Connection connection) throws SQLException {
    try (var statement = connection.prepareStatement("SELECT pg_advisory_xact_lock(?)")) {
      statement.setLong(1, SCHEMA_LOCK);
      statement.execute();
    }
  }

  @Override
  public String tableOptions() {
    return "";
  }

  /// Classes of https://www.postgresql.org/docs/current/errcodes-appendix.html.
  @Override
  public boolean mayPass(SQLException failure) {
    String state = state(failure);
    return state.startsWith("08") // the connection
        || state.startsWith("53") // resources, such as connections
        || state.startsWith("57P") // shut down, or not up yet
        || state.startsWith("40") // serialisation, deadlock
        || state.startsWith("58"); // the server's system
  }

  @Override
  public boolean refusesRows(SQLException failure) {
    String state = state(failure);
    return state.startsWith("22") || state.startsWith("23");
  }

  private static String state(SQLException failure) {
    String state = failure.getSQLState();
    return state == null ? "" : state;
  }

  /// Without the password.
  @Override
  public String toString() {
    return name();
  }
}
