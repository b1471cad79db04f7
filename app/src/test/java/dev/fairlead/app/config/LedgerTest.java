package dev.fairlead.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.usage.Price;
import dev.fairlead.core.usage.PriceTable;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LedgerTest {
  @TempDir private Path folder = Path.of("");

  @Test
  void withoutAWordItIsAFileOfTheStateFolderThatCostsNothing() {
    assertThat(Configuration.defaults().get(Ledger.SECTION))
        .isEqualTo(
            new Ledger(Optional.empty(), Optional.empty(), Duration.ofDays(400), PriceTable.NONE));
  }

  @Test
  void everythingCanBeSaid() throws Exception {
    Ledger ledger =
        read("""
        ledger:
          url: postgresql://fairlead@db.example/ledger?sslmode=verify-full
          passwordFile: secret
          retentionDays: 30
          prices:
            currency: EUR
            models:
              chat: {input: 0.5, cachedInput: 0.05, output: 1.50}
              team/embed: {input: 0.02}
        """)
            .configuration()
            .orElseThrow()
            .get(Ledger.SECTION);

    assertThat(ledger.url())
        .contains("postgresql://fairlead@db.example/ledger?sslmode=verify-full");
    assertThat(ledger.passwordFile()).contains(folder.resolve("secret"));
    assertThat(ledger.retention()).isEqualTo(Duration.ofDays(30));
    BigDecimal small = new BigDecimal("0.02");
    assertThat(ledger.prices().models())
        .isEqualTo(
            Map.of(
                "chat",
                new Price(new BigDecimal("0.5"), new BigDecimal("0.05"), new BigDecimal("1.50")),
                "team/embed",
                new Price(small, small, BigDecimal.ZERO)));
  }

  @Test
  void aPasswordInTheUrlIsAProblemThatDoesNotRepeatIt() throws Exception {
    ConfigurationFile.Read read = read("ledger: {url: 'postgresql://a:canary@db/x'}\n");

    assertThat(read.configuration()).isEmpty();
    assertThat(read.problems())
        .singleElement()
        .satisfies(
            problem -> assertThat(problem.text()).contains("password").doesNotContain("canary"));
  }

  @Test
  void pricesNeedACurrency() throws Exception {
    assertThat(read("ledger: {prices: {models: {chat: {input: 1}}}}\n").problems())
        .singleElement()
        .satisfies(problem -> assertThat(problem.text()).contains("`currency` is missing"));
  }

  private ConfigurationFile.Read read(String yaml) throws Exception {
    return ConfigurationFile.read(Files.writeString(folder.resolve("fairlead.yaml"), yaml));
  }
}
