package dev.fairlead.core.usage;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class UsageReportTest {
  private static final PriceTable PRICES =
      new PriceTable(
          "EUR",
          Map.of(
              "chat",
              new Price(new BigDecimal("1.00"), new BigDecimal("0.25"), new BigDecimal("4.00"))));

  @Test
  void aMillionTokensOfEachKindCostTheirPrices() {
    Price price = new Price(BigDecimal.ONE, new BigDecimal("0.1"), BigDecimal.TEN);

    assertThat(price.of(new UsageSum.Counts(1, 0, 3_000_000, 2_000_000, 1_000_000)))
        .isEqualByComparingTo("11.2");
  }

  @Test
  void aSingleTokenIsNotRoundedAway() {
    Price price = new Price(new BigDecimal("0.05"), BigDecimal.ZERO, BigDecimal.ZERO);

    assertThat(price.of(new UsageSum.Counts(1, 0, 1, 0, 0))).isEqualByComparingTo("0.00000005");
  }

  @Test
  void groupsWithoutTheModelAddUpWhatEachModelCosts() {
    UsageReport report =
        UsageReport.of(
            by(Dimension.TENANT),
            List.of(
                sum("search", "chat", 1_000_000, 0, 0),
                sum("search", "toy", 500, 0, 500),
                sum("sales", "chat", 0, 0, 1_000_000)),
            PRICES);

    assertThat(report.lines()).hasSize(2);
    UsageReport.Line search = report.lines().getFirst();
    assertThat(search.sum().group()).isEqualTo(Map.of(Dimension.TENANT, "search"));
    assertThat(search.sum().counts()).isEqualTo(new UsageSum.Counts(2, 0, 1_000_500, 0, 500));
    assertThat(search.cost().orElseThrow()).isEqualByComparingTo("1");
    assertThat(report.lines().get(1).cost().orElseThrow()).isEqualByComparingTo("4");
    assertThat(report.total().cost().orElseThrow()).isEqualByComparingTo("5");
    assertThat(report.total().sum().counts().requests()).isEqualTo(3);
    assertThat(report.currency()).contains("EUR");
    assertThat(report.unpriced()).containsExactly("toy");
  }

  @Test
  void withoutPricesThereIsNoCost() {
    UsageReport report =
        UsageReport.of(
            by(Dimension.TENANT), List.of(sum("search", "chat", 1, 0, 1)), PriceTable.NONE);

    assertThat(report.lines().getFirst().cost()).isEmpty();
    assertThat(report.total().cost()).isEmpty();
    assertThat(report.currency()).isEmpty();
    assertThat(report.unpriced()).isEmpty();
  }

  @Test
  void nothingUsedCostsNothing() {
    UsageReport report = UsageReport.of(by(), List.of(), PRICES);

    assertThat(report.lines()).isEmpty();
    assertThat(report.total().cost()).contains(BigDecimal.ZERO);
  }

  @Test
  void daysComeInOrderAndWithinThemTheLargestFirst() {
    UsageReport report =
        UsageReport.of(
            by(Dimension.DAY, Dimension.TENANT),
            List.of(
                day("2026-11-02", "a", 1), day("2026-11-01", "a", 5), day("2026-11-01", "b", 9)),
            PriceTable.NONE);

    assertThat(report.lines())
        .extracting(line -> String.join(" ", line.sum().group().values()))
        .containsExactly("2026-11-01 b", "2026-11-01 a", "2026-11-02 a");
  }

  @Test
  void aUsersNameIsOneStorableLineOf256Characters() {
    assertThat(UserName.clean(" Zoë\0\n\u2028\ud800 ")).isEqualTo("Zoë");
    assertThat(UserName.clean("\ud83d\ude80".repeat(300)))
        .isEqualTo("\ud83d\ude80".repeat(UserName.LONGEST));
  }

  @Test
  void theLedgerIsAskedByModelToo() {
    assertThat(by(Dimension.USER).alsoByModel().by())
        .containsExactly(Dimension.MODEL, Dimension.USER);
  }

  @Test
  void cachedTokensAreAPartOfThePrompt() {
    assertThat(new UsageRow.Tokens(5, 9, 0, false).cached()).isEqualTo(5);
  }

  private static UsageQuery by(Dimension... by) {
    return new UsageQuery(Instant.EPOCH, Instant.MAX, Set.of(by), 10);
  }

  private static UsageSum sum(
      String tenant, String model, long prompt, long cached, long completion) {
    return new UsageSum(
        Map.of(Dimension.TENANT, tenant, Dimension.MODEL, model),
        new UsageSum.Counts(1, 0, prompt, cached, completion));
  }

  private static UsageSum day(String day, String tenant, long tokens) {
    return new UsageSum(
        Map.of(Dimension.DAY, day, Dimension.TENANT, tenant, Dimension.MODEL, "chat"),
        new UsageSum.Counts(1, 0, tokens, 0, 0));
  }
}
