package dev.fairlead.ledger;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteConfig.TransactionMode;
import org.sqlite.SQLiteErrorCode;

/// A file that several processes of one machine may share: it has a write-ahead log, so that
/// readers and the one writer at a time do not wait for each other (https://sqlite.org/wal.html).
/// Each commit is synced: there are few, and what is written then survives a loss of power.
record SqliteDatabase(Path file) implements Database {
  private static final Duration BUSY = Duration.ofSeconds(5);
  private static final int PRIMARY_CODE = 0xFF;

  static SqliteDatabase of(String path) {
    String plain = path.startsWith("//") ? path.substring(2) : path;
    Path file = Path.of(plain);
    if (!file.isAbsolute() || plain.contains("?")) {
      throw new LedgerException(
          "the ledger's URL does not name a file by its whole path: `sqlite:/PATH/FILE`");
    }
    return new SqliteDatabase(file);
  }

  @Override
  public String name() {
    return "sqlite:" + file;
  }

  @Override
  public Connection connect() throws SQLException {
    create();
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(JournalMode.WAL);
    config.setSynchronous(SynchronousMode.FULL);
    config.setBusyTimeout((int) BUSY.toMillis());
    config.setTransactionMode(TransactionMode.IMMEDIATE);
    return config.createConnection("jdbc:sqlite:" + file);
  }

  /// Only its owner may read who used what.
  private void create() {
    Path folder = file.getParent();
    try {
      if (folder != null) {
        Files.createDirectories(folder, only("rwx------"));
      }
      Files.createFile(file, only("rw-------"));
    } catch (FileAlreadyExistsException _) {
      // As it is most of the time.
    } catch (IOException e) {
      throw new LedgerException(
          "the ledger %s cannot be made (%s): name another place".formatted(file, e.getMessage()),
          e);
    }
  }

  private FileAttribute<?>[] only(String mode) {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))
        }
        : new FileAttribute<?>[0];
  }

  /// A transaction is immediate: it has the one lock for writing from its beginning on.
  @Override
  public void lockSchema(Connection connection) {}

  /// Rows lie in the order of the primary key, which is that of time.
  @Override
  public String tableOptions() {
    return " WITHOUT ROWID";
  }

  @Override
  public boolean mayPass(SQLException failure) {
    return switch (code(failure)) {
      case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_FULL, SQLITE_IOERR -> true;
      default -> false;
    };
  }

  @Override
  public boolean refusesRows(SQLException failure) {
    return switch (code(failure)) {
      case SQLITE_CONSTRAINT, SQLITE_MISMATCH, SQLITE_TOOBIG, SQLITE_RANGE -> true;
      default -> false;
    };
  }

  private static SQLiteErrorCode code(SQLException failure) {
    return SQLiteErrorCode.getErrorCode(failure.getErrorCode() & PRIMARY_CODE);
  }
}
