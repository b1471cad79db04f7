package dev.fairlead.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fairlead.api.ParseResult;
import dev.fairlead.api.ResourceParser;
import dev.fairlead.api.Tenant;
import dev.fairlead.app.control.Doors;
import dev.fairlead.app.control.FakeInstallation;
import dev.fairlead.app.control.FakeKeyring;
import dev.fairlead.app.control.Instances;
import dev.fairlead.app.control.SecretKey;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TenantCommandsIT {
  private static final String TENANTS =
      """
      {"time": "2026-11-24T08:00:00Z", "models": [], "versions": [], "tenants": [
        {"name": "team-a", "models": ["chat", "search"], "priority": 10, "overflow": true,
         "limits": {"requestsPerMinute": 120, "tokensPerDay": 5000000}, "keys": 2, "validKeys": 1,
         "lastUsed": "2026-11-24T07:55:00Z"},
        {"name": "team-b", "models": [], "priority": 0, "overflow": false, "limits": {}, "keys": 0,
         "validKeys": 0, "lastUsed": null}]}
      """;

  private final Doors doors = new Doors();
  private final FakeInstallation installation = doors.installation();
  @TempDir private Path folder = Path.of("");
  private Cli cli = new Cli(folder);

  @BeforeEach
  void announce() throws IOException {
    cli = new Cli(folder);
    Instances.Registration registration =
        cli.instances().register(ProcessHandle.current().pid(), RandomGenerator.getDefault());
    registration.announce(8080, URI.create(doors.consoleUrl()), URI.create(doors.controlUrl()));
    Files.writeString(folder.resolve("state/instances/8080.token"), Doors.TOKEN);
    installation.show(TENANTS.replace("\n", " "));
  }

  @AfterEach
  void close() {
    doors.close();
  }

  private static JsonNode json(String text) throws IOException {
    return new ObjectMapper().readTree(text);
  }

  @Test
  void tenantsAreListedWithTheirLimits() throws IOException {
    String table =
        """
        NAME    KEYS  LAST USE  PRIORITY  MODELS        LIMITS
        team-a  1/2     5m ago        10  chat, search  requestsPerMinute 120, tokensPerDay 5,000,000
        team-b  0/0          -         0  all           -
        """;
    assertThat(cli.run("tenant", "list").out()).isEqualTo(table);
    assertThat(cli.run("get", "tenants").out()).isEqualTo(table);
    assertThat(cli.run("get", "team-b").out().lines()).hasSize(2);
    assertThat(json(cli.run("tenant", "list", "-o", "json").out()).at("/0/validKeys").asInt())
        .isEqualTo(1);
    assertThat(cli.run("get", "tenant", "team-c").err())
        .isEqualTo("fairlead: there is no model or version `team-c`; did you mean `team-a`?\n");
  }

  @Test
  void theKeyAloneGoesToStandardOutput() throws IOException {
    Cli.Result made = cli.run("tenant", "key", "create", "team-a", "--name", "spring");

    assertThat(made.out()).isEqualTo(FakeKeyring.KEY + "\n");
    assertThat(made.err())
        .contains("key spring of tenant team-a, does not expire")
        .contains("only this once")
        .doesNotContain(FakeKeyring.KEY);
    JsonNode json =
        json(cli.run("tenant", "key", "create", "team-a", "--expires", "90d", "-o", "json").out());
    assertThat(json.path("key").asText()).isEqualTo(FakeKeyring.KEY);
    assertThat(json.path("sha256").asText()).isEqualTo(new SecretKey(FakeKeyring.KEY).sha256());
    assertThat(json.path("expires").asText()).isEqualTo("2027-02-22T08:00:00Z");
  }

  @ParameterizedTest
  @CsvSource({
    "90d, 2027-02-22T08:00:00Z",
    "12h, 2026-11-24T20:00:00Z",
    "2026-12-31, 2027-01-01T00:00:00Z",
    "2026-12-31T18:00:00+01:00, 2026-12-31T17:00:00Z",
  })
  void anExpiryIsALengthOrAMoment(String expires, String end) {
    assertThat(cli.run("tenant", "key", "create", "team-a", "--expires", expires).err())
        .contains("valid until " + end);
  }

  @ParameterizedTest
  @CsvSource({"tomorrow", "90", "31.12.2026", "-1d", "90 days", "2026-02-30"})
  void anythingElseIsNoExpiry(String expires) {
    Cli.Result refused = cli.run("tenant", "key", "create", "team-a", "--expires=" + expires);

    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err()).contains("such as `90d`").contains(expires);
    assertThat(refused.out()).isEmpty();
  }

  @Test
  void keysAreListedAndEnded() throws IOException {
    cli.run("tenant", "key", "create", "team-a", "--name", "spring");

    String list = cli.run("tenant", "key", "list", "team-a").out();
    assertThat(list)
        .startsWith("NAME    STATE  CREATED               EXPIRES  LAST USE  FROM\n")
        .contains("\nspring  valid  2026-11-24T08:00:00Z  never    -         command\n");
    assertThat(json(cli.run("tenant", "key", "list", "team-a", "-o", "json").out())).hasSize(1);
    assertThat(cli.run("tenant", "key", "revoke", "team-a", "spring", "--after", "7d").out())
        .isEqualTo("Key `spring` of tenant `team-a` ends after PT168H.\n");
    assertThat(cli.run("tenant", "key", "list", "team-a").err()).contains("no keys yet");
    assertThat(cli.run("describe", "team-a").out())
        .startsWith("Tenant team-a\n")
        .contains("chat, search")
        .contains("1 of 2 valid");
  }

  @Test
  void whatCannotBeDoneIsOneLineAndAnExitCode() {
    Cli.Result unknown = cli.run("tenant", "key", "create", "team-x");
    assertThat(unknown.exitCode()).isEqualTo(1);
    assertThat(unknown.out()).isEmpty();
    assertThat(unknown.err())
        .isEqualTo("fairlead: There is no tenant `team-x`; there are team-a.\n");
    assertThat(cli.run("tenant", "key", "revoke", "team-a", "spring").exitCode()).isEqualTo(1);
    assertThat(cli.run("tenant", "key", "revoke", "team-a", "a", "--after", "soon").err())
        .contains("such as `24h` or `7d`");
    assertThat(cli.run("tenant", "key", "list").exitCode()).isEqualTo(2);
    assertThat(cli.run("tenant", "keys").err()).contains("did you mean `key`?");
    assertThat(cli.run("tenant").out()).contains("list").contains("key");
  }

  @Test
  void anOfflineKeyIsToldBesideTheEntryForTheResource() {
    doors.installation().show("{}");
    Cli.Result made =
        cli.run(
            "tenant",
            "key",
            "create",
            "team-x",
            "--offline",
            "--name",
            "git",
            "--expires",
            "2099-12-31");

    String key = made.err().lines().findFirst().orElseThrow().replace("key: ", "");
    assertThat(key).matches("fl-[A-Za-z0-9_-]{43}");
    assertThat(made.out()).doesNotContain(key).startsWith("    - name: git\n      sha256: ");
    ParseResult parsed =
        ResourceParser.parse(
            "apiVersion: fairlead.dev/v1alpha1\nkind: Tenant\nmetadata: {name: team-x}\n"
                + "spec:\n  keys:\n"
                + made.out(),
            "f.yaml");
    assertThat(parsed.problems()).isEmpty();
    assertThat(((Tenant) parsed.resources().getFirst()).spec().keys())
        .containsExactly(
            new Tenant.Key(
                "git",
                new SecretKey(key).sha256(),
                Optional.of(Instant.parse("2100-01-01T00:00:00Z"))));
    assertThat(cli.run("tenant", "key", "create", "t", "--print-yaml", "--expires", "2020-01-01"))
        .extracting(Cli.Result::exitCode)
        .isEqualTo(2);
    assertThat(cli.run("tenant", "key", "create", "t", "--offline").out()).contains("name: key-1");
  }

  @Test
  void aTenantIsDeletedByItsKindAndName() throws IOException {
    Files.writeString(
        folder.resolve("t.yaml"),
        "apiVersion: fairlead.dev/v1alpha1\nkind: Tenant\nmetadata: {name: team-a}\nspec: {}\n");
    assertThat(cli.run("apply", "-f", "t.yaml").out()).isEqualTo("Tenant team-a created\n");
    assertThat(cli.run("get", "tenants", "-o", "yaml").out()).contains("kind: Tenant");
    assertThat(cli.run("validate", "-f", "t.yaml").out())
        .isEqualTo("tenant team-a with 0 keys could use all models\n");

    assertThat(cli.run("delete", "tenant/team-a").out()).isEqualTo("Tenant team-a deleted\n");
    assertThat(installation.resources()).isEmpty();
  }

  @Test
  void aLifeIsNeverNegativeNorEndless() {
    assertThat(Lifetimes.duration("7d")).contains(Duration.ofDays(7));
    assertThat(Lifetimes.duration("1h30m")).contains(Duration.ofMinutes(90));
    for (String bad : new String[] {"", "d", "-1d", "999999d", "1d2h", "1w", "999999999h"}) {
      assertThat(Lifetimes.duration(bad)).as(bad).isEmpty();
    }
  }
}
