package dev.fairlead.lab.clients;

import dev.fairlead.lab.harness.FairleadProcess;
import dev.fairlead.lab.harness.Fairleads;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/// openai-node in the version that AnythingLLM has, and in the current one. The checks are in
/// `openai.mjs`.
final class OpenAiNodeE2E {
  @RegisterExtension static final Fairleads FAIRLEADS = Fairleads.perClass();

  private static Map<String, String> environment = Map.of();
  private static Supplier<String> transcripts = () -> "";

  @BeforeAll
  static void serve() {
    FairleadProcess real = Served.real(FAIRLEADS);
    FairleadProcess fake = Served.fakeWithKey(FAIRLEADS);
    environment =
        Map.of(
            "REAL_URL", real.url().toString(),
            "FAKE_URL", fake.url().toString(),
            "FAKE_KEY", Served.key(fake));
    transcripts = () -> real.transcript() + "\n" + fake.transcript();
  }

  @TestFactory
  Stream<DynamicContainer> clients() {
    return Stream.of("openai-4", "openai-6")
        .map(client ->
            DynamicContainer.dynamicContainer(
                client,
                NodeChecks.run(
                    "openai.mjs",
                    List.of(client),
                    environment,
                    Duration.ofMinutes(2),
                    transcripts)));
  }
}
