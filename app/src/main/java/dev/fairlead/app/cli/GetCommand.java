package dev.fairlead.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.fairlead.app.control.ControlClient;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `fairlead get`.
@Command(
    name = "get",
    description = "Lists models, their versions or tenants, with their state.",
    footer = {
      "",
      "Examples:",
      "  fairlead get                     all models",
      "  fairlead get versions -w         all versions, and each that changes",
      "  fairlead get chat -o yaml        one model, as it was applied, with its status"
    })
final class GetCommand implements Callable<Integer> {
  /// The forms of the output.
  enum Form {
    TABLE,
    JSON,
    YAML
  }

  private final CliEnvironment environment;

  @Mixin private final Target target = new Target();

  @Parameters(
      arity = "0..*",
      paramLabel = "WHAT",
      description = "models (the default), versions, tenants, or names; also both: models NAME…")
  private List<String> what = new ArrayList<>();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORM",
      description = "table (the default), json or yaml.")
  private Form form = Form.TABLE;

  @Option(
      names = {"-w", "--watch"},
      description = "Go on, and print each row again when it changes. Only for tables.")
  private boolean watch;

  GetCommand(CliEnvironment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    if (watch && form != Form.TABLE) {
      throw CliException.usage("--watch prints tables: leave -o away");
    }
    try (ControlClient client = target.connect(environment)) {
      switch (form) {
        case TABLE -> table(client);
        case JSON -> environment.out().println(json(documents(client)));
        case YAML ->
            environment
                .out()
                .print(
                    documents(client).stream()
                        .map(Yaml::print)
                        .collect(Collectors.joining("---\n")));
      }
    }
    return 0;
  }

  private void table(ControlClient client) {
    if (!watch) {
      List<Table> tables = Selection.of(what).tables(Overview.of(client.overview()));
      if (tables.stream().allMatch(Table::isEmpty)) {
        String kind = Selection.of(what).kind().map(Selection.Kind::plural).orElse("models");
        environment.err().printf("no %s yet: add one with `fairlead apply -f FILE`%n", kind);
        return;
      }
      environment.out().print(tables.stream().map(Table::text).collect(Collectors.joining("\n")));
      return;
    }
    List<Map<String, List<String>>> seen =
        List.of(new HashMap<>(), new HashMap<>(), new HashMap<>());
    client.watch(tree -> {
      List<Table> tables = Selection.of(what).tables(Overview.of(tree));
      for (int i = 0; i < tables.size(); i++) {
        tables.get(i).changed(seen.get(i)).forEach(environment.out()::println);
      }
      return !environment.out().checkError();
    });
    throw CliException.failed("Fairlead has stopped");
  }

  private List<JsonNode> documents(ControlClient client) {
    return Selection.of(what).documents(client.resources("", ""));
  }

  private String json(List<JsonNode> documents) {
    if (documents.size() == 1) {
      return documents.getFirst().toPrettyString();
    }
    var list = JsonNodeFactory.instance.objectNode().put("apiVersion", "v1").put("kind", "List");
    list.putArray("items").addAll(documents);
    return list.toPrettyString();
  }
}
