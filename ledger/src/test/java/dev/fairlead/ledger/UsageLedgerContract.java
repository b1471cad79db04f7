package dev.fairlead.ledger;

import static dev.fairlead.ledger.Rows.NOON;
import static dev.fairlead.ledger.Rows.all;
import static dev.fairlead.ledger.Rows.row;
import static dev.fairlead.ledger.Rows.total;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fairlead.core.usage.Dimension;
import dev.fairlead.core.usage.UsageLedger;
import dev.fairlead.core.usage.UsageQuery;
import dev.fairlead.core.usage.UsageRow;
import dev.fairlead.core.usage.UsageSum;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/// What every usage ledger does, whatever the database. An implementing test gives each test an
/// empty database.
interface UsageLedgerContract {
  Schema WITH_A_LATER_STEP =
      new Schema(
          List.of(
              Schema.CURRENT.steps().getFirst(),
              List.of("ALTER TABLE fairlead_usage ADD COLUMN later BIGINT")));

  Database database() throws SQLException;

  default UsageLedger open() throws SQLException {
    return open(LedgerOptions.DEFAULT);
  }

  default UsageLedger open(LedgerOptions options) throws SQLException {
    return JdbcUsageLedger.open(
        database(), options, InstantSource.fixed(NOON.plus(Duration.ofDays(1))), new Random(1));
  }

  @Test
  default void whatWasRecordedIsInTheNextAnswer() throws SQLException {
    try (UsageLedger ledger = open()) {
      assertThat(ledger.sums(all())).isEmpty();
      for (int i = 0; i < 2_500; i++) {
        ledger.record(row(i));
      }
      assertThat(ledger.sums(all()))
          .containsExactly(
              new UsageSum(Map.of(), new UsageSum.Counts(2_500, 0, 25_000, 10_000, 7_500)));
      assertThat(ledger.state()).isEqualTo(new UsageLedger.State(2_500, 0, 0));
    }
  }

  @Test
  default void whatWasRecordedIsThereAfterAClose() throws SQLException {
    try (UsageLedger ledger = open()) {
      ledger.record(row(1));
    }
    try (UsageLedger ledger = open()) {
      assertThat(total(ledger.sums(all())).requests()).isEqualTo(1);
    }
  }

  @Test
  default void aRowThatCameTwiceCountsOnce() throws SQLException {
    try (UsageLedger ledger = open()) {
      ledger.record(row(1));
      ledger.record(row(1));
      assertThat(total(ledger.sums(all())).requests()).isEqualTo(1);
      ledger.record(row(1));
      ledger.record(row(2));
      assertThat(total(ledger.sums(all())).requests()).isEqualTo(2);
      assertThat(ledger.state().lost()).isZero();
    }
  }

  @Test
  default void sumsAreByWhatIsAskedFor() throws SQLException {
    UsageRow night =
        new UsageRow(
            "req_9",
            Instant.parse("2026-11-24T23:59:59.999999Z"),
            Instant.parse("2026-11-25T00:00:10Z"),
            new UsageRow.Payer("sales", "", "o'hara; \"x\""),
            new UsageRow.Service("other", "", Optional.empty(), "embedding"),
            new UsageRow.Tokens(7, 0, 0, true),
            Optional.empty(),
            "cancelled");
    try (UsageLedger ledger = open()) {
      ledger.record(row(1));
      ledger.record(row(2, "search", NOON.plus(Duration.ofDays(1))));
      ledger.record(night);

      assertThat(ledger.sums(all(Dimension.values())))
          .containsExactlyInAnyOrder(
              sum("2026-11-24", "search", "laptop", "chat", "chat-1", "zoë", 10, 4, 3, 0),
              sum("2026-11-25", "search", "laptop", "chat", "chat-1", "zoë", 10, 4, 3, 0),
              sum("2026-11-24", "sales", "", "other", "", "o'hara; \"x\"", 7, 0, 0, 1));
      assertThat(ledger.sums(all(Dimension.TENANT)))
          .containsExactlyInAnyOrder(
              new UsageSum(Map.of(Dimension.TENANT, "search"), new UsageSum.Counts(2, 0, 20, 8, 6)),
              new UsageSum(Map.of(Dimension.TENANT, "sales"), new UsageSum.Counts(1, 1, 7, 0, 0)));
    }
  }

  private static UsageSum sum(
      String day,
      String tenant,
      String key,
      String model,
      String version,
      String user,
      long... numbers) {
    return new UsageSum(
        Map.of(
            Dimension.DAY,
            day,
            Dimension.TENANT,
            tenant,
            Dimension.KEY,
            key,
            Dimension.MODEL,
            model,
            Dimension.VERSION,
            version,
            Dimension.USER,
            user),
        new UsageSum.Counts(1, numbers[3], numbers[0], numbers[1], numbers[2]));
  }

  @Test
  default void theTimeIsFromTheFirstMomentToBeforeTheLast() throws SQLException {
    try (UsageLedger ledger = open()) {
      ledger.record(row(1, "search", NOON));
      ledger.record(row(2, "search", NOON.plusSeconds(1)));
      ledger.record(row(3, "search", NOON.minusNanos(1_000)));
      List<UsageSum> sums = ledger.sums(new UsageQuery(NOON, NOON.plusSeconds(1), Set.of(), 10));
      assertThat(total(sums).requests()).isEqualTo(1);
    }
  }

  @Test
  default void moreGroupsThanAskedForAreRefusedAndNotCutOff() throws SQLException {
    try (UsageLedger ledger = open()) {
      for (int i = 0; i < 11; i++) {
        ledger.record(row(i, "tenant-" + i, NOON));
      }
      UsageQuery ten = new UsageQuery(Instant.EPOCH, Instant.MAX, Set.of(Dimension.TENANT), 10);
      assertThatThrownBy(() -> ledger.sums(ten))
          .isInstanceOf(UsageLedger.TooManyGroupsException.class)
          .hasMessageContaining("10 groups");
      UsageQuery eleven = new UsageQuery(Instant.EPOCH, Instant.MAX, Set.of(Dimension.TENANT), 11);
      assertThat(ledger.sums(eleven)).hasSize(11);
    }
  }

  @Test
  default void theTokensOfADayOutliveARestart() throws SQLException {
    try (UsageLedger ledger = open()) {
      ledger.record(row(1, "search", Instant.parse("2026-11-23T23:59:59Z")));
      ledger.record(row(2, "search", Instant.parse("2026-11-24T00:00:00Z")));
      ledger.record(row(3, "search", NOON));
      ledger.record(row(4, "sales", NOON));
    }
    try (UsageLedger ledger = open()) {
      Instant today = Instant.parse("2026-11-24T00:00:00Z");
      assertThat(ledger.tokensSince("search", today)).isEqualTo(26);
      assertThat(ledger.tokensSince("nobody", today)).isZero();
      assertThat(ledger.tokensSince(today)).isEqualTo(Map.of("search", 26L, "sales", 13L));
    }
  }

  @Test
  default void anyTextIsKeptAsItIs() throws SQLException {
    UsageRow.Payer odd = new UsageRow.Payer("'; DROP TABLE fairlead_usage; --", "", "🚀\0\n=1+1");
    try (UsageLedger ledger = open()) {
      ledger.record(row(1, NOON, odd));
      assertThat(ledger.sums(all(Dimension.TENANT, Dimension.USER)))
          .extracting(UsageSum::group)
          .containsExactly(Map.of(Dimension.TENANT, odd.tenant(), Dimension.USER, "🚀=1+1"));
    }
  }

  @Test
  default void whatIsTooOldIsRemoved() throws SQLException {
    try (UsageLedger ledger = open()) {
      for (int i = 0; i < 6_000; i++) {
        ledger.record(row(i, "search", NOON.minus(Duration.ofDays(7)).plusMillis(i)));
      }
      ledger.record(row(6_000, "search", NOON.minus(Duration.ofDays(5))));
      assertThat(total(ledger.sums(all())).requests()).isEqualTo(6_001);
    }
    LedgerOptions week = LedgerOptions.DEFAULT.retention(Optional.of(Duration.ofDays(7)));
    try (UsageLedger ledger = open(week)) {
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> assertThat(total(ledger.sums(all())).requests()).isEqualTo(1));
    }
  }

  @Test
  default void twoGatewaysShareALedger() throws SQLException {
    try (UsageLedger one = open();
        UsageLedger other = open()) {
      for (int i = 0; i < 2_000; i++) {
        one.record(row(i));
        other.record(row(2_000 + i));
      }
      assertThat(total(one.sums(all())).requests()).isGreaterThanOrEqualTo(2_000);
      assertThat(total(other.sums(all())).requests()).isEqualTo(4_000);
      assertThat(total(one.sums(all())).requests()).isEqualTo(4_000);
    }
  }

  @Test
  default void anOlderLedgerIsBroughtUpAndKeepsItsRows() throws SQLException {
    try (UsageLedger ledger = open()) {
      ledger.record(row(1));
    }
    try (Session later = Session.open(database(), WITH_A_LATER_STEP)) {
      assertThat(total(later.sums(all())).requests()).isEqualTo(1);
    }
    Session.open(database(), WITH_A_LATER_STEP).close();
  }

  @Test
  default void aLedgerOfALaterVersionIsRefused() throws SQLException {
    Session.open(database(), WITH_A_LATER_STEP).close();
    assertThatThrownBy(this::open)
        .isInstanceOf(LedgerException.class)
        .hasMessageContaining("later Fairlead");
  }

  @Test
  default void gatewaysThatStartAtOnceMakeTheTablesOnce() throws Exception {
    List<Thread> threads = new ArrayList<>();
    List<Throwable> failures = new CopyOnWriteArrayList<>();
    for (int i = 0; i < 4; i++) {
      int number = i;
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                try (UsageLedger ledger = open()) {
                  ledger.record(row(number));
                  assertThat(total(ledger.sums(all())).requests()).isPositive();
                } catch (SQLException | RuntimeException | AssertionError e) {
                  failures.add(e);
                }
              }));
    }
    for (Thread thread : threads) {
      assertThat(thread.join(Duration.ofSeconds(30))).isTrue();
    }
    assertThat(failures).isEmpty();
    try (UsageLedger ledger = open()) {
      assertThat(total(ledger.sums(all())).requests()).isEqualTo(4);
    }
  }
}
