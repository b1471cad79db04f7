package dev.fairlead.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.api.ResourceNames;
import dev.fairlead.api.TimeText;
import dev.fairlead.app.control.ControlClient;
import dev.fairlead.app.control.SecretKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `fairlead tenant key create`.
@Command(
    name = "create",
    description = {
      "Makes a key for a tenant and shows it, once.",
      "The key alone goes to stdout, what is to be said of it to stderr. With --offline the entry"
          + " for the Tenant's resource goes to stdout, which holds no secret, and the key to stderr."
    },
    footer = {
      "",
      "Examples:",
      "  fairlead tenant key create team-a --name spring --expires 90d",
      "  KEY=$(fairlead tenant key create team-a)",
      "  fairlead tenant key create team-a --offline > entry.yaml"
    })
final class TenantKeyCreateCommand implements Callable<Integer> {
  private final CliEnvironment environment;

  @Mixin private final Target target = new Target();
  @Mixin private final ListForm form = new ListForm();

  @Parameters(paramLabel = "TENANT", description = "The name of the Tenant.")
  private String tenant = "";

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "Tells the tenant's keys apart, also in the usage ledger. Default: key-1, …")
  private @Nullable String name;

  @Option(
      names = "--expires",
      paramLabel = "DURATION|DATE",
      description =
          "Such as 90d, 12h, 2026-12-31 (its end in UTC) or 2026-12-31T18:00:00Z. Default: never")
  private @Nullable String expires;

  @Option(
      names = {"--offline", "--print-yaml"},
      description =
          "Prints the entry for `keys` of the Tenant's resource and tells nobody: no Fairlead has to"
              + " run.")
  private boolean offline;

  TenantKeyCreateCommand(CliEnvironment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    Optional<Expiry> end = Optional.ofNullable(expires).map(TenantKeyCreateCommand::expiry);
    if (offline) {
      offline(end);
      return 0;
    }
    try (ControlClient client = target.connect(environment)) {
      ObjectNode wanted = JsonNodeFactory.instance.objectNode().put("tenant", tenant);
      Optional.ofNullable(name).ifPresent(given -> wanted.put("name", given));
      end.ifPresent(one -> one.put(wanted));
      JsonNode made = client.createTenantKey(wanted);
      if (form.json()) {
        environment.out().println(made.toPrettyString());
        return 0;
      }
      tell(made.path("name").asText(), made.path("expires").textValue());
      environment.out().println(made.path("key").asText());
    }
    return 0;
  }

  private void offline(Optional<Expiry> end) {
    String given = Optional.ofNullable(name).orElse("key-1");
    if (!ResourceNames.isSubdomain(given)) {
      throw CliException.usage(
          "`%s` is no name for a key: take `%s`".formatted(given, ResourceNames.slug(given)));
    }
    Instant now = InstantSource.system().instant().truncatedTo(ChronoUnit.SECONDS);
    Optional<Instant> until = end.map(one -> one.at(now));
    if (until.isPresent() && !until.orElseThrow().isAfter(now)) {
      throw CliException.usage("--expires %s lies in the past".formatted(expires));
    }
    SecretKey key = SecretKey.make(new SecureRandom());
    ObjectNode entry =
        JsonNodeFactory.instance.objectNode().put("name", given).put("sha256", key.sha256());
    until.ifPresent(time -> entry.put("expires", time.toString()));
    if (form.json()) {
      environment.out().println(entry.put("key", key.text()).toPrettyString());
      return;
    }
    environment
        .err()
        .printf(
            "key: %s%n     shown only this once; clients send `Authorization: Bearer KEY`%n"
                + "     it is valid once this stands in `spec.keys` of Tenant %s:%n",
            key.text(), tenant);
    environment.err().flush();
    // Indented as it stands below `spec:` and `keys:`.
    environment.out().print(Yaml.print(JsonNodeFactory.instance.arrayNode().add(entry)).indent(2));
  }

  private void tell(String given, @Nullable String until) {
    environment
        .err()
        .printf(
            "key %s of tenant %s, %s; shown only this once, clients send `Authorization: Bearer KEY`:%n",
            given, tenant, until == null ? "does not expire" : "valid until " + until);
    environment.err().flush();
  }

  private static Expiry expiry(String text) {
    Optional<Expiry> length = Lifetimes.duration(text).map(Expiry.After::new);
    return length
        .or(() -> TimeText.parse(text).map(Expiry.At::new))
        .orElseThrow(() ->
            CliException.usage(
                "--expires is a duration such as `90d` or a date such as `2026-12-31`, not `%s`"
                    .formatted(text)));
  }

  /// When a key shall end.
  private sealed interface Expiry {
    record After(Duration length) implements Expiry {}

    record At(Instant time) implements Expiry {}

    default Instant at(Instant now) {
      return switch (this) {
        case After(Duration length) -> now.plus(length);
        case At(Instant time) -> time;
      };
    }

    /// Into a request; a length is counted by the clock of who makes the key.
    default void put(ObjectNode wanted) {
      switch (this) {
        case After(Duration length) ->
            wanted.put("expiresInSeconds", (int) Math.min(Integer.MAX_VALUE, length.toSeconds()));
        case At(Instant time) -> wanted.put("expires", time.toString());
      }
    }
  }
}
