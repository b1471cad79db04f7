package dev.fairlead.app.cli;

import dev.fairlead.api.Resource;
import dev.fairlead.api.ResourceKey;
import dev.fairlead.app.control.ControlClient;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `fairlead delete`.
@Command(
    name = "delete",
    description = {
      "Takes models, versions and tenants away.",
      "Their running answers are finished. What is not there is an error; the others are"
          + " deleted all the same."
    },
    footer = {"", "Examples:", "  fairlead delete model/chat", "  fairlead delete -f models.yaml"})
final class DeleteCommand implements Callable<Integer> {
  private final CliEnvironment environment;

  @Mixin private final Target target = new Target();

  @Option(
      names = {"-f", "--filename"},
      paramLabel = "FILE|DIR|-",
      description = "Delete the resources that stand in it.")
  private List<String> files = new ArrayList<>();

  @Parameters(arity = "0..*", paramLabel = "KIND/NAME", description = "Such as model/chat.")
  private List<String> names = new ArrayList<>();

  DeleteCommand(CliEnvironment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    List<ResourceKey> keys = keys();
    int failures = 0;
    try (ControlClient client = target.connect(environment)) {
      for (ResourceKey key : keys) {
        try {
          environment.out().println(client.delete(key.kind().word(), key.namespace(), key.name()));
        } catch (ControlClient.RefusedException e) {
          if (e.status() == 0) {
            throw e;
          }
          Errors.print(environment.err(), String.valueOf(e.getMessage()));
          failures++;
        }
      }
    }
    return failures == 0 ? 0 : 1;
  }

  /// Models first: a version that a Model names is in use.
  private List<ResourceKey> keys() {
    var keys = new ArrayList<ResourceKey>();
    names.forEach(name -> keys.add(key(name)));
    if (!files.isEmpty()) {
      ResourceInput input = ResourceInput.read(files, environment);
      if (input.reportProblems()) {
        throw CliException.usage("nothing was deleted: correct the problems above");
      }
      input.parsed().resources().forEach(resource -> keys.add(resource.key()));
    }
    if (keys.isEmpty()) {
      throw CliException.usage("nothing to delete: give KIND/NAME, such as model/chat, or -f FILE");
    }
    keys.sort(Comparator.comparing(ResourceKey::kind));
    return keys;
  }

  private static ResourceKey key(String text) {
    int slash = text.indexOf('/');
    if (slash <= 0 || slash == text.length() - 1) {
      throw CliException.usage(
          "`%s` has no kind: write model/%s or version/%s".formatted(text, text, text));
    }
    String word = text.substring(0, slash);
    Resource.Kind kind =
        switch (Selection.Kind.of(word)
            .orElseThrow(() ->
                CliException.usage(
                    "there is no kind `%s`: write model/NAME, version/NAME or tenant/NAME"
                        .formatted(word)))) {
          case MODEL -> Resource.Kind.MODEL;
          case MODEL_VERSION -> Resource.Kind.MODEL_VERSION;
          case TENANT -> Resource.Kind.TENANT;
        };
    return new ResourceKey(kind, "default", text.substring(slash + 1));
  }
}
