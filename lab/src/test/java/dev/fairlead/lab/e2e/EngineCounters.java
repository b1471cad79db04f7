package dev.fairlead.lab.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.lab.harness.Answer;
import dev.fairlead.lab.harness.FairleadProcess;
import dev.fairlead.lab.harness.OpenAi;
import dev.fairlead.testkit.ListeningPorts;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The tokens that all agents and all engines of a Fairlead have counted, each by its own metrics.
///
/// @param enginePrompt what llama.cpp has read: without what was in its KV cache
record EngineCounters(
    long agentPrompt, long agentGenerated, long enginePrompt, long engineGenerated) {

  static EngineCounters of(FairleadProcess fairlead) {
    List<String> agents =
        ListeningPorts.of(fairlead.pid()).stream()
            .filter(port -> port != fairlead.port() && port != fairlead.control().port())
            .map(EngineCounters::metrics)
            .toList();
    List<String> engines =
        fairlead.control().replicas("Ready").stream()
            .map(EngineCounters::pid)
            .flatMap(pid -> ListeningPorts.of(pid).stream())
            .map(EngineCounters::metrics)
            .toList();
    return new EngineCounters(
        sum(agents, "vllm:prompt_tokens_total"),
        sum(agents, "vllm:generation_tokens_total"),
        sum(engines, "llamacpp:prompt_tokens_total"),
        sum(engines, "llamacpp:tokens_predicted_total"));
  }

  EngineCounters since(EngineCounters before) {
    return new EngineCounters(
        agentPrompt - before.agentPrompt,
        agentGenerated - before.agentGenerated,
        enginePrompt - before.enginePrompt,
        engineGenerated - before.engineGenerated);
  }

  private static long pid(JsonNode replica) {
    return replica.path("pid").asLong();
  }

  private static String metrics(int port) {
    Answer answer =
        new OpenAi(URI.create("http://127.0.0.1:" + port), Optional.empty()).get("/metrics");
    if (answer.status() != 200) {
      throw new AssertionError("port %d has no metrics: %s".formatted(port, answer.body()));
    }
    return answer.body();
  }

  private static long sum(List<String> pages, String metric) {
    Pattern line =
        Pattern.compile(
            "^" + Pattern.quote(metric) + "(?:\\{[^}]*\\})? (\\S+)$", Pattern.MULTILINE);
    long sum = 0;
    boolean found = false;
    for (String page : pages) {
      Matcher match = line.matcher(page);
      while (match.find()) {
        found = true;
        sum += Math.round(Double.parseDouble(match.group(1)));
      }
    }
    if (!found) {
      throw new AssertionError(metric + " is nowhere in:\n" + String.join("\n", pages));
    }
    return sum;
  }
}
