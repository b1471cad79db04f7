package dev.fairlead.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.app.control.ControlClient;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `fairlead usage`.
@Command(
    name = "usage",
    description = {
      "Sums up what requests took, and what that costs where there are prices.",
      "Every request that was answered or refused is in the ledger, without its content."
    })
final class UsageCommand implements Callable<Integer> {
  private final CliEnvironment environment;

  @Mixin private final Target target = new Target();

  @Option(
      names = "--since",
      paramLabel = "TIME",
      defaultValue = "30d",
      description =
          "Requests that arrived since then: `30d` or `12h` ago, or a day of UTC such as"
              + " 2026-11-01. Default: ${DEFAULT-VALUE}")
  private String since = "30d";

  @Option(
      names = "--until",
      paramLabel = "TIME",
      defaultValue = "",
      description = "Requests that arrived before that. Default: now")
  private String until = "";

  @Option(
      names = "--by",
      paramLabel = "WORD",
      split = ",",
      defaultValue = "tenant,model",
      description = "Any of day, tenant, key, model, version and user. Default: ${DEFAULT-VALUE}")
  private List<String> by = List.of();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "table",
      description = "table, csv or json. Default: ${DEFAULT-VALUE}")
  private String format = "table";

  UsageCommand(CliEnvironment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    if (!List.of("table", "csv", "json").contains(format)) {
      throw CliException.usage("-o is table, csv or json, not `%s`".formatted(format));
    }
    List<String> groups = List.copyOf(new LinkedHashSet<>(by));
    try (ControlClient client = target.connect(environment)) {
      JsonNode usage = client.usage(since, until, String.join(",", groups));
      environment
          .out()
          .print(
              switch (format) {
                case "csv" -> csv(groups, usage);
                case "json" -> usage.toPrettyString() + "\n";
                default -> table(groups, usage);
              });
      note(usage);
    }
    return 0;
  }

  /// Beside the output, so that a program that reads that does not stumble.
  private void note(JsonNode usage) {
    List<String> models = new ArrayList<>();
    usage.path("modelsWithoutPrice").forEach(model -> models.add(model.asText()));
    if (!models.isEmpty()) {
      environment
          .err()
          .println("note: without a price, and therefore free: " + String.join(", ", models));
    }
  }

  static String table(List<String> groups, JsonNode usage) {
    if (usage.path("items").isEmpty()) {
      return "no request in this time\n";
    }
    boolean priced = usage.path("currency").isTextual();
    List<Table.Column> columns = new ArrayList<>();
    groups.forEach(group -> columns.add(Table.Column.text(group.toUpperCase(Locale.ROOT))));
    for (String heading : List.of("REQUESTS", "PROMPT", "CACHED", "COMPLETION")) {
      columns.add(Table.Column.number(heading));
    }
    if (priced) {
      columns.add(Table.Column.number(usage.path("currency").asText()));
    }
    Table table = new Table(columns.toArray(Table.Column[]::new));
    usage.path("items").forEach(item -> table.row(cells(groups, item, priced)));
    if (usage.path("items").size() > 1) {
      table.row(cells(groups, usage.path("total"), priced));
    }
    return table.text() + estimated(usage.path("total"));
  }

  private static String[] cells(List<String> groups, JsonNode item, boolean priced) {
    List<String> cells = new ArrayList<>();
    groups.forEach(group -> cells.add(name(item, group)));
    if (!groups.isEmpty() && !item.has(groups.getFirst())) {
      cells.set(0, "(all)");
    }
    for (String number : List.of("requests", "promptTokens", "cachedTokens", "completionTokens")) {
      cells.add(String.format(Locale.ROOT, "%,d", item.path(number).asLong()));
    }
    if (priced) {
      cells.add(Quantities.amount(new BigDecimal(item.path("cost").asText("0"))));
    }
    return cells.toArray(String[]::new);
  }

  private static String name(JsonNode item, String group) {
    String value = item.path(group).asText();
    return value.isEmpty() ? "-" : value;
  }

  private static String estimated(JsonNode total) {
    long count = total.path("estimatedRequests").asLong();
    return count == 0
        ? ""
        : String.format(
            Locale.ROOT,
            "The tokens of %,d of them are estimated: their engine did not come to tell.%n",
            count);
  }

  static String csv(List<String> groups, JsonNode usage) {
    boolean priced = usage.path("currency").isTextual();
    Csv csv = new Csv();
    List<String> heading = new ArrayList<>(groups);
    heading.addAll(
        List.of(
            "requests",
            "estimated_requests",
            "prompt_tokens",
            "cached_tokens",
            "completion_tokens"));
    if (priced) {
      heading.addAll(List.of("cost", "currency"));
    }
    csv.row(heading);
    for (JsonNode item : usage.path("items")) {
      List<String> cells = new ArrayList<>();
      groups.forEach(group -> cells.add(item.path(group).asText()));
      for (String number :
          List.of(
              "requests",
              "estimatedRequests",
              "promptTokens",
              "cachedTokens",
              "completionTokens")) {
        cells.add(item.path(number).asText());
      }
      if (priced) {
        cells.add(item.path("cost").asText());
        cells.add(usage.path("currency").asText());
      }
      csv.row(cells);
    }
    return csv.text();
  }
}
