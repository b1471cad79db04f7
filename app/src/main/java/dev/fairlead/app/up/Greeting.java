package dev.fairlead.app.up;

import dev.fairlead.core.model.ModelSpec;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;

/// What a user is told once everything listens: where it is, how to try it, what to do next.
///
/// @param url of the public door
/// @param tokenFile the file with the token that changes things in the console
record Greeting(String url, List<ModelSpec> models, Path tokenFile) {
  Greeting {
    models = List.copyOf(models);
  }

  void print(PrintStream out, boolean loopback, boolean demo) {
    out.printf("%nOpenAI API  %s/v1%nConsole     %s/%n", url, url);
    out.printf("            read-only; with the token in %s it scales too%n", tokenFile);
    for (ModelSpec model : models) {
      out.printf("Model       %s%n", model.servedName());
    }
    if (!models.isEmpty()) {
      out.printf("%nTry it:%n%s%n", curl(models.getFirst().servedName(), loopback));
    }
    if (demo) {
      out.printf(
          "%nThis is a toy of 135 million parameters: good to see Fairlead work, not to work with.%n"
              + "Next, serve your own model: fairlead up ~/model.gguf%n");
    }
    out.printf("%nCtrl-C stops. What happens is told below.%n%n");
    out.flush();
  }

  private String curl(String model, boolean loopback) {
    String key = loopback ? "" : " -H \"Authorization: Bearer $FAIRLEAD_API_KEY\"";
    return """
    curl -N %s/v1/chat/completions%s -H 'content-type: application/json' -d '{
      "model": "%s", "stream": true, "temperature": 0,
      "messages": [{"role": "system", "content": "You are a helpful assistant."},
                   {"role": "user", "content": "What is the capital of France?"}]}'\
    """
        .formatted(url, key, model);
  }
}
