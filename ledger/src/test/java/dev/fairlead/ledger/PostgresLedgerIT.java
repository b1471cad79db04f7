package dev.fairlead.ledger;

import static dev.fairlead.ledger.Rows.all;
import static dev.fairlead.ledger.Rows.row;
import static dev.fairlead.ledger.Rows.total;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fairlead.core.usage.UsageLedger;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class PostgresLedgerIT implements UsageLedgerContract {
  @RegisterExtension static final PostgresServer SERVER = new PostgresServer();

  private @Nullable String url;

  @Override
  public synchronized Database database() throws SQLException {
    if (url == null) {
      url = SERVER.newDatabase();
    }
    return Database.of(url, Optional.of(PostgresServer.PASSWORD));
  }

  @AfterEach
  void runsAgain() throws Exception {
    if (!SERVER.running()) {
      SERVER.start();
    }
  }

  @Test
  void rowsWaitForADatabaseThatWasLost() throws Exception {
    try (UsageLedger ledger = open()) {
      ledger.record(row(1));
      assertThat(total(ledger.sums(all())).requests()).isEqualTo(1);

      SERVER.stop();
      for (int i = 2; i <= 300; i++) {
        ledger.record(row(i));
      }
      assertThat(ledger.state()).isEqualTo(new UsageLedger.State(1, 0, 299));
      assertThatThrownBy(() -> ledger.sums(all()))
          .isInstanceOf(UsageLedger.UnavailableException.class)
          .hasMessageContaining("127.0.0.1");

      SERVER.start();
      awaitNothingWaits(ledger);
      assertThat(total(ledger.sums(all())).requests()).isEqualTo(300);
      assertThat(ledger.state().lost()).isZero();
    }
  }

  @Test
  void beyondTheBoundRowsAreLostAndCounted() throws Exception {
    LedgerOptions small = new LedgerOptions(10, Duration.ofMillis(1), Optional.empty());
    try (UsageLedger ledger = open(small)) {
      SERVER.stop();
      for (int i = 0; i < 25; i++) {
        ledger.record(row(i));
      }
      assertThat(ledger.state()).isEqualTo(new UsageLedger.State(0, 15, 10));

      SERVER.start();
      awaitNothingWaits(ledger);
      assertThat(total(ledger.sums(all())).requests()).isEqualTo(10);
    }
  }

  @Test
  void aGatewayStartsWithoutItsDatabase() throws Exception {
    Database database = database();
    SERVER.stop();
    try (UsageLedger ledger =
        JdbcUsageLedger.open(database, LedgerOptions.DEFAULT, () -> Rows.NOON, new Random(1))) {
      ledger.record(row(1));
      SERVER.start();
      awaitNothingWaits(ledger);
      assertThat(total(ledger.sums(all())).requests()).isEqualTo(1);
    }
  }

  @Test
  void atTheEndRowsOfALostDatabaseAreLostAndCounted() throws Exception {
    UsageLedger ledger = open();
    SERVER.stop();
    ledger.record(row(1));
    ledger.close();
    assertThat(ledger.state()).isEqualTo(new UsageLedger.State(0, 1, 0));
  }

  @Test
  void aRowThatTheDatabaseRefusesCostsNoOther() throws Exception {
    Database database = database();
    try (UsageLedger ledger = open()) {
      ledger.record(row(0));
      assertThat(total(ledger.sums(all())).requests()).isEqualTo(1);
      SERVER.execute(
          database.name().replaceAll(".*/", ""),
          "ALTER TABLE fairlead_usage ADD CHECK (tenant <> 'bad')");
      for (int i = 1; i <= 9; i++) {
        ledger.record(row(i, i == 5 ? "bad" : "good", Rows.NOON.plusMillis(i)));
      }
      assertThat(total(ledger.sums(all())).requests()).isEqualTo(9);
      assertThat(ledger.state()).isEqualTo(new UsageLedger.State(9, 1, 0));
    }
  }

  @Test
  void aWrongPasswordEndsTheStart() throws Exception {
    database();
    Database wrong = Database.of(SERVER.url("postgres"), Optional.of("wrong"));
    assertThatThrownBy(() ->
            JdbcUsageLedger.open(wrong, LedgerOptions.DEFAULT, () -> Rows.NOON, new Random(1)))
        .isInstanceOf(LedgerException.class)
        .hasMessageContaining("password")
        .hasMessageNotContaining("wrong");
  }

  private static void awaitNothingWaits(UsageLedger ledger) {
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(ledger.state().waiting()).isZero());
  }
}
