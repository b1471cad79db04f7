package dev.fairlead.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.lab.harness.Chat;
import dev.fairlead.lab.harness.FairleadProcess;
import dev.fairlead.lab.harness.Fairleads;
import dev.fairlead.lab.harness.Finished;
import dev.fairlead.lab.harness.Ingredients;
import dev.fairlead.lab.harness.Start;
import dev.fairlead.lab.harness.Streamed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Teams with keys of their own, as an operator and their programs meet them.
class TenantsE2E {
  private static final Pattern OWN_KEY = Pattern.compile("key: (fl-\\S+)");
  private static final String TEAM =
      """
      ---
      apiVersion: fairlead.dev/v1alpha1
      kind: Tenant
      metadata: {name: team}
      spec: {models: [chat]}
      """;

  @RegisterExtension final Fairleads fairleads = Fairleads.perTest();

  private FairleadProcess up(String yaml) {
    Path file = fairleads.file("models.yaml", yaml);
    return fairleads.up(Start.of(file).and("--listen", "0.0.0.0"));
  }

  private String run(String... arguments) {
    Finished finished = fairleads.run(arguments);
    assertThat(finished.exitCode()).as(finished.err()).isZero();
    return finished.out().strip();
  }

  private static int status(FairleadProcess fairlead, String key) {
    return fairlead.openAi(key).get("/v1/models").status();
  }

  @Test
  void aKeyIsRotatedAndRevokedUnderARunningStream() throws Exception {
    Path model = Ingredients.model();
    String yaml = Ingredients.model("chat", model) + "---\n" + Ingredients.model("secret", model);
    FairleadProcess fairlead = up(yaml + TEAM);
    fairlead.control().awaitReady(2);
    String winter = run("tenant", "key", "create", "team", "--name", "winter");
    String spring = run("tenant", "key", "create", "team", "--name", "spring", "--expires", "90d");
    Streamed running = fairlead.openAi(winter).stream(Chat.story("chat", 900));
    running.awaitText();

    assertThat(fairlead.openAi(winter).chat(Chat.ask("secret", "Hi")).status()).isEqualTo(404);
    run("tenant", "key", "revoke", "team", "winter");
    int after = status(fairlead, winter);
    boolean acrossTheEnd = !running.isOver();

    assertThat(after).isEqualTo(401);
    assertThat(status(fairlead, spring)).isEqualTo(200);
    assertThat(running.awaitEnd().failure()).as("%s", running).isEmpty();
    assertThat(acrossTheEnd).as("the stream outlasts its key").isTrue();
    assertThat(running.finishReason()).contains("length");
    assertThat(running.done()).isTrue();

    fairleads.file("models.yaml", yaml);
    fairlead.control().awaitEvent("EditTaken");
    assertThat(status(fairlead, spring)).as("its tenant is gone").isEqualTo(401);
    Matcher own = OWN_KEY.matcher(fairlead.out());
    assertThat(own.find()).isTrue();
    assertThat(status(fairlead, own.group(1))).isEqualTo(200);
    for (String key : new String[] {winter, spring}) {
      assertThat(fairlead.transcript()).doesNotContain(key);
      assertThat(Files.readString(fairleads.folder().resolve("state").resolve("tenant-keys.json")))
          .doesNotContain(key);
    }
  }

  @Test
  void keysOutliveAKilledFairlead() {
    FairleadProcess first = up(TEAM.replace("spec: {models: [chat]}", "spec: {}"));
    String key = run("tenant", "key", "create", "team");
    assertThat(status(first, key)).isEqualTo(200);
    first.kill();

    FairleadProcess second =
        fairleads.up(
            Start.of(fairleads.folder().resolve("models.yaml")).and("--listen", "0.0.0.0"));

    assertThat(status(second, key)).isEqualTo(200);
    assertThat(run("tenant", "key", "list", "team")).contains("key-1").contains("valid");
  }
}
