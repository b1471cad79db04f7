package dev.fairlead.ledger;

import static dev.fairlead.ledger.Rows.all;
import static dev.fairlead.ledger.Rows.row;
import static dev.fairlead.ledger.Rows.total;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.core.usage.UsageLedger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SqliteLedgerIT implements UsageLedgerContract {
  @TempDir Path folder;

  @Override
  public Database database() {
    return Database.of("sqlite:" + folder.resolve("state").resolve("usage.db"), Optional.empty());
  }

  @Test
  void onlyItsOwnerReadsTheFile() throws Exception {
    open().close();
    Path file = folder.resolve("state").resolve("usage.db");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void nothingButTheFileIsLeft() throws Exception {
    try (UsageLedger ledger = open()) {
      ledger.record(row(1));
    }
    try (var files = Files.list(folder.resolve("state"))) {
      assertThat(files.map(file -> file.getFileName().toString())).containsExactly("usage.db");
    }
  }

  @Test
  void aFileThatIsNoLedgerIsNamed() throws Exception {
    Path file = Files.writeString(folder.resolve("letter.txt"), "Dear Sir or Madam, ".repeat(99));
    assertThatThrownBy(() ->
            JdbcUsageLedger.open(
                Database.of("sqlite:" + file, Optional.empty()),
                LedgerOptions.DEFAULT,
                () -> Rows.NOON,
                new Random(1)))
        .isInstanceOf(LedgerException.class)
        .hasMessageContaining("letter.txt");
  }

  /// Another program holds the write lock for longer than a row may wait to be written.
  @Test
  void whileTheFileIsLockedRowsWaitAndThenAreLostAndCounted() throws Exception {
    LedgerOptions small = new LedgerOptions(5, Duration.ofMillis(1), Optional.empty());
    try (UsageLedger ledger = open(small);
        Connection other = database().connect()) {
      other.setAutoCommit(false);
      for (int i = 0; i < 8; i++) {
        ledger.record(row(i));
      }
      assertThat(ledger.state()).isEqualTo(new UsageLedger.State(0, 3, 5));
      other.setAutoCommit(true);
      assertThat(total(ledger.sums(all())).requests()).isEqualTo(5);
      assertThat(ledger.state()).isEqualTo(new UsageLedger.State(5, 3, 0));
    }
  }

  @Test
  void afterTheCloseNothingIsTaken() throws SQLException {
    UsageLedger ledger = open();
    ledger.close();
    ledger.record(row(1));
    assertThat(ledger.state()).isEqualTo(new UsageLedger.State(0, 1, 0));
  }
}
