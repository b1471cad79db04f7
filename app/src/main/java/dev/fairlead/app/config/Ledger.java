package dev.fairlead.app.config;

import dev.fairlead.core.usage.Price;
import dev.fairlead.core.usage.PriceTable;
import dev.fairlead.ledger.Database;
import dev.fairlead.ledger.LedgerException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Where it is kept what requests took, for how long, and what that costs.
///
/// @param url empty for the file `usage.db` of the state folder
/// @param passwordFile holds the password of PostgreSQL
public record Ledger(
    Optional<String> url, Optional<Path> passwordFile, Duration retention, PriceTable prices) {
  private static final int LONGEST_DAYS = 36_500;

  private static final Option<String> URL =
      Option.of(
              "url",
              OptionTypes.text(),
              "`postgresql://USER@HOST:PORT/NAME?sslmode=require` or `sqlite:/PATH/FILE`, without a"
                  + " password.")
          .otherwise("`usage.db` in the state folder");
  private static final Option<Path> PASSWORD =
      Option.of(
              "passwordFile",
              OptionTypes.file(),
              "The password of PostgreSQL; the file's last line break is not part of it.")
          .otherwise("`FAIRLEAD_LEDGER_PASSWORD`, else `~/.pgpass`");
  private static final Option<Integer> RETENTION =
      Option.of(
              "retentionDays",
              OptionTypes.whole(1, LONGEST_DAYS),
              "Days for which a request is kept.")
          .byDefault(400);

  private static final Option<BigDecimal> INPUT =
      price("input", "A million prompt tokens.").byDefault(BigDecimal.ZERO);
  private static final Option<BigDecimal> CACHED =
      price("cachedInput", "A million of those that were in the KV cache.")
          .otherwise("that of `input`");
  private static final Option<BigDecimal> OUTPUT =
      price("output", "A million completion tokens.").byDefault(BigDecimal.ZERO);
  private static final Option<Map<String, Price>> MODELS =
      Option.of(
              "models",
              OptionTypes.map("model", new Group<>(List.of(INPUT, CACHED, OUTPUT), Ledger::price)),
              "By served name; a model that is not named costs nothing.")
          .required()
          .whileRunning();
  private static final Option<String> CURRENCY =
      Option.of("currency", OptionTypes.text(), "Any text, such as `EUR`.")
          .required()
          .whileRunning();
  private static final Option<PriceTable> PRICES =
      Option.of(
              "prices",
              new Group<>(List.of(CURRENCY, MODELS), Ledger::table),
              "What tokens cost, those of the past too: prices are applied when usage is shown.")
          .byDefault(PriceTable.NONE)
          .otherwise("no costs")
          .whileRunning();

  /// The section `ledger`.
  public static final Section<Ledger> SECTION =
      Section.of(
          "ledger",
          "What each request took, for `fairlead usage`.",
          List.of(URL, PASSWORD, RETENTION, PRICES),
          Ledger::of);

  private static Option<BigDecimal> price(String key, String doc) {
    return Option.of(key, OptionTypes.amount(), doc).whileRunning();
  }

  private static Price price(Values values) {
    BigDecimal input = values.get(INPUT);
    return new Price(input, values.find(CACHED).orElse(input), values.get(OUTPUT));
  }

  private static PriceTable table(Values values) {
    // Where something is missing, that is a problem by itself.
    return new PriceTable(values.find(CURRENCY).orElse(""), values.find(MODELS).orElseGet(Map::of));
  }

  private static Ledger of(Values values) {
    Optional<String> url = values.find(URL);
    try {
      url.ifPresent(one -> {
        var _ = Database.of(one, Optional.empty());
      });
    } catch (LedgerException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
    return new Ledger(
        url, values.find(PASSWORD), Duration.ofDays(values.get(RETENTION)), values.get(PRICES));
  }
}
