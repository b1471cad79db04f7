package dev.fairlead.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fairlead.app.control.Doors;
import dev.fairlead.app.control.FakeInstallation;
import dev.fairlead.app.control.Instances;
import dev.fairlead.app.control.UsageRequest;
import dev.fairlead.app.control.Watchers;
import dev.fairlead.core.usage.Dimension;
import dev.fairlead.core.usage.Price;
import dev.fairlead.core.usage.PriceTable;
import dev.fairlead.core.usage.UsageLedger;
import dev.fairlead.core.usage.UsageQuery;
import dev.fairlead.core.usage.UsageReport;
import dev.fairlead.core.usage.UsageSum;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `fairlead usage` against the control door of an installation whose ledger the test writes.
final class UsageCommandIT {
  private static final PriceTable PRICES =
      new PriceTable(
          "EUR",
          Map.of("chat", new Price(new BigDecimal("2"), new BigDecimal("0.5"), BigDecimal.TEN)));

  private final Doors doors =
      new Doors(
          new Watchers.Pace(Duration.ofMillis(10), Duration.ofSeconds(5)),
          exchange -> {
            throw new IllegalStateException("nothing else is asked for: " + exchange.path());
          });
  private final FakeInstallation installation = doors.installation();
  @TempDir private Path folder = Path.of("");
  private Cli cli = new Cli(folder);
  private volatile UsageQuery asked = new UsageQuery(Instant.EPOCH, Instant.EPOCH, Set.of(), 1);

  @BeforeEach
  void start() throws IOException {
    cli = new Cli(folder);
    Instances.Registration registration =
        cli.instances().register(ProcessHandle.current().pid(), RandomGenerator.getDefault());
    registration.announce(8080, URI.create(doors.consoleUrl()), URI.create(doors.controlUrl()));
    Files.writeString(folder.resolve("state/instances/8080.token"), Doors.TOKEN);
  }

  @AfterEach
  void stop() {
    doors.close();
  }

  @Test
  void aTableHasTheGroupsTheirTokensAndTheirCost() {
    used(PRICES, sum("search", "zoë", "chat", 1_500_000), sum("sales", "", "toy", 7));

    Cli.Result result = cli.run("usage", "--by", "tenant,user");

    assertThat(result.err()).contains("without a price, and therefore free: toy");
    assertThat(result.out().lines())
        .containsExactly(
            "TENANT  USER  REQUESTS     PROMPT  CACHED  COMPLETION   EUR",
            "search  zoë          2  1,500,000     100       1,000  3.01",
            "sales   -            2          7       7       1,000  0.00",
            "(all)   -            4  1,500,007     107       2,000  3.01",
            "The tokens of 2 of them are estimated: their engine did not come to tell.");
    assertThat(asked.by()).containsExactly(Dimension.TENANT, Dimension.USER);
    assertThat(asked.from()).isEqualTo(FakeInstallation.NOW.minus(Duration.ofDays(30)));
  }

  @Test
  void csvIsForSpreadsheetsAndHoldsNoFormulas() {
    used(
        PRICES,
        sum("search", "=HYPERLINK(\"http://x\",\"y\")", "chat", 1_000),
        sum("sales", "a,b", "chat", 3));

    Cli.Result result =
        cli.run("usage", "--by", "tenant,user", "-o", "csv", "--since", "2026-11-01");

    assertThat(result.out())
        .isEqualTo(
            """
            tenant,user,requests,estimated_requests,prompt_tokens,cached_tokens,completion_tokens,cost,currency
            search,"'=HYPERLINK(""http://x"",""y"")",2,1,1000,100,1000,0.01185,EUR
            sales,"a,b",2,1,3,3,1000,0.0100015,EUR
            """);
    assertThat(asked.from()).isEqualTo(Instant.parse("2026-11-01T00:00:00Z"));
  }

  @Test
  void jsonIsWhatTheDoorGives() throws Exception {
    used(PriceTable.NONE, sum("search", "a", "chat", 1_000));

    JsonNode tree =
        new ObjectMapper().readTree(cli.run("usage", "--by", "user", "-o", "json").out());

    assertThat(tree.at("/items/0/user").asText()).isEqualTo("a");
    assertThat(tree.at("/total/promptTokens").asLong()).isEqualTo(1_000);
    assertThat(tree.path("currency").isNull()).isTrue();
    assertThat(tree.at("/items/0").has("cost")).isFalse();
  }

  @Test
  void whereNothingWasUsedThatIsSaid() {
    assertThat(cli.run("usage").out()).isEqualTo("no request in this time\n");
  }

  @Test
  void wrongWordsAreRefusedWithTheRightOnes() {
    assertThat(cli.run("usage", "--by", "colour").err()).contains("day, tenant, key");
    assertThat(cli.run("usage", "--since", "soon").err()).contains("`30d`").contains("soon");
    assertThat(cli.run("usage", "-o", "xml").exitCode()).isEqualTo(2);
  }

  @Test
  void aLedgerThatIsAwayIsNamed() {
    installation.used(_ -> {
      throw new UsageLedger.UnavailableException("the ledger at db is away", new Exception());
    });
    Cli.Result result = cli.run("usage");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err()).contains("the ledger at db is away");
  }

  @Test
  void tooManyGroupsAreNoHalfBill() {
    installation.used(_ -> {
      throw new UsageLedger.TooManyGroupsException(10_000);
    });
    Cli.Result result = cli.run("usage", "--by", "user", "-o", "csv");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).contains("10,000 groups");
  }

  private void used(PriceTable prices, UsageSum... sums) {
    installation.used((UsageRequest request) -> {
      asked = request.query(FakeInstallation.NOW);
      return UsageReport.of(asked, List.of(sums), prices);
    });
  }

  private static UsageSum sum(String tenant, String user, String model, long prompt) {
    return new UsageSum(
        Map.of(Dimension.TENANT, tenant, Dimension.USER, user, Dimension.MODEL, model),
        new UsageSum.Counts(2, 1, prompt, Math.min(100, prompt), 1_000));
  }
}
