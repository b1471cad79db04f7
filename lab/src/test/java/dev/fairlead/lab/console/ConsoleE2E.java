package dev.fairlead.lab.console;

import dev.fairlead.lab.clients.NodeChecks;
import dev.fairlead.lab.clients.Served;
import dev.fairlead.lab.clients.TestTools;
import dev.fairlead.lab.embedding.EmbeddingModel;
import dev.fairlead.lab.harness.Commands;
import dev.fairlead.lab.harness.FairleadProcess;
import dev.fairlead.lab.harness.Fairleads;
import dev.fairlead.lab.harness.Ingredients;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What a user sees and does on the console's page. The checks are in `console.mjs`. Screenshots go
/// to `lab/target/console`; with the system property `fairlead.docs` they are taken after minutes
/// of traffic and go to `docs/images`, where the README's lies.
final class ConsoleE2E {
  @RegisterExtension static final Fairleads FAIRLEADS = Fairleads.perClass();

  private static final Duration TRAFFIC_FOR_DOCS = Duration.ofMinutes(4);
  private static final Duration TRAFFIC = Duration.ofSeconds(3);

  private static String models() {
    return Ingredients.model(
            Ingredients.DEMO,
            Ingredients.model(),
            "minReplicas: 0",
            "maxReplicas: 2",
            "engine: {contextLength: 2048}")
        + "---\n"
        + Ingredients.model("all-minilm", EmbeddingModel.obtain());
  }

  @TestFactory
  Stream<DynamicTest> console() {
    Path chromium = TestTools.require("chromium", "chromium", "chromium-browser");
    boolean docs = Boolean.getBoolean("fairlead.docs");
    FairleadProcess served = FAIRLEADS.up(models());
    FairleadProcess locked = Served.fakeWithKey(FAIRLEADS);
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("URL", served.url().toString());
    environment.put("TOKEN", served.control().token());
    environment.put("LOCKED_URL", locked.url().toString());
    environment.put("LOCKED_KEY", Served.key(locked));
    environment.put("CHROMIUM", chromium.toString());
    environment.put("SCREENSHOTS", Commands.root().resolve("lab/target/console").toString());
    environment.put(
        "README_PICTURE",
        Commands.root()
            .resolve(docs ? "docs/images" : "lab/target/console")
            .resolve("console.png")
            .toString());
    environment.put(
        "TRAFFIC_SECONDS", Long.toString((docs ? TRAFFIC_FOR_DOCS : TRAFFIC).toSeconds()));
    return NodeChecks.run(
        "console.mjs",
        List.of(),
        environment,
        TRAFFIC_FOR_DOCS.plusMinutes(4),
        () -> served.transcript() + "\n" + locked.transcript());
  }
}
