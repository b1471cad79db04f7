package dev.fairlead.lab.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.lab.embedding.EmbeddingModel;
import dev.fairlead.lab.harness.FairleadProcess;
import dev.fairlead.lab.harness.Fairleads;
import dev.fairlead.lab.harness.Ingredients;
import dev.fairlead.lab.harness.Start;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the client suites have served: {@link #CHAT} and {@link #EMBEDDINGS} by the real engine,
/// and {@link #CHAT} by the fake one behind a key. Stateless.
public final class Served {
  public static final String CHAT = "chat";
  public static final String EMBEDDINGS = "embeddings";

  /// What takes one request at a time; in `fakeModels` only.
  public static final String BUSY = "busy";

  /// The context of `CHAT` in tokens.
  public static final int CONTEXT_LENGTH = 2048;

  private static final Pattern KEY = Pattern.compile("^key: (\\S+)", Pattern.MULTILINE);

  private Served() {}

  /// Both models by the real engine, without a key.
  public static FairleadProcess real(Fairleads fairleads) {
    return fairleads.up(
        chat()
            + "---\n"
            + Ingredients.model(EMBEDDINGS, EmbeddingModel.obtain(), "minReplicas: 1"));
  }

  /// The chat model by the fake engine, whose faults the questions ask for, on every address of
  /// this machine and therefore with a key.
  public static FairleadProcess fakeWithKey(Fairleads fairleads) {
    return fake(fairleads, chat());
  }

  /// As `fakeWithKey`, with {@link #EMBEDDINGS} and {@link #BUSY} too.
  static FairleadProcess fakeModels(Fairleads fairleads) {
    return fake(
        fairleads,
        String.join(
            "---\n",
            chat(),
            Ingredients.model(EMBEDDINGS, EmbeddingModel.obtain(), "minReplicas: 1"),
            Ingredients.model(
                BUSY,
                Ingredients.model(),
                "minReplicas: 1",
                "maxReplicas: 1",
                "engine: {maxBatchSize: 1}")));
  }

  private static FairleadProcess fake(Fairleads fairleads, String yaml) {
    Path engine =
        fairleads.script(
            "fake-llama-server",
            Ingredients.exec(
                Ingredients.fakeEngine("--fake-ping-ms", "200", "--fake-token-ms", "10")));
    return fairleads.up(
        Start.of(fairleads.file("fake.yaml", yaml))
            .and("--listen", "0.0.0.0")
            .environment("LLAMA_SERVER", engine.toString()));
  }

  /// The key that it printed when it started.
  public static String key(FairleadProcess fairlead) {
    Matcher key = KEY.matcher(fairlead.out());
    assertThat(key.find()).as("a key in:\n%s", fairlead.out()).isTrue();
    return key.group(1);
  }

  private static String chat() {
    return Ingredients.model(
        CHAT,
        Ingredients.model(),
        "minReplicas: 1",
        "engine: {contextLength: %d}".formatted(CONTEXT_LENGTH));
  }
}
