package dev.fairlead.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.lab.harness.Answer;
import dev.fairlead.lab.harness.Chat;
import dev.fairlead.lab.harness.FairleadProcess;
import dev.fairlead.lab.harness.Fairleads;
import dev.fairlead.lab.harness.Finished;
import dev.fairlead.lab.harness.Ingredients;
import dev.fairlead.lab.harness.Start;
import dev.fairlead.lab.harness.Streamed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Servers with the OpenAI API in the place of engines; the server is another Fairlead.
class ServerElsewhereE2E {
  @RegisterExtension final Fairleads fairleads = Fairleads.perTest();

  private FairleadProcess server() {
    FairleadProcess server =
        fairleads.up(Ingredients.model("far", Ingredients.model(), "minReplicas: 1"));
    server.control().awaitReady(1);
    return server;
  }

  @Test
  void itsUrlAloneServesAllItsModelsAndTellsWhenItIsGone() {
    FairleadProcess server = server();
    FairleadProcess fairlead = fairleads.up(Start.with(server.url().toString()));
    fairlead.control().awaitReady(1);

    assertThat(fairlead.openAi().get("/v1/models").json().at("/data/0/id").asText())
        .isEqualTo("far");
    Streamed answer = fairlead.openAi().stream(Chat.ask("far", "Say hello.").maxTokens(8));
    assertThat(answer.awaitEnd().failure()).as("%s", answer).isEmpty();
    assertThat(answer.text()).isNotEmpty();
    assertThat(answer.done()).isTrue();

    server.terminate();
    assertThat(fairlead.control().awaitEvent("UpstreamUnreachable").message())
        .contains("it is asked again");
    Answer refused = fairlead.openAi().chat(Chat.ask("nothing", "Hi"));
    assertThat(refused.status()).isEqualTo(404);
    assertThat(refused.errorMessage()).contains("far");
  }

  @Test
  void aModelThatStartsIsHelpedOutByTheServer() {
    FairleadProcess server = server();
    String yaml =
        Ingredients.model("near", Ingredients.model(), "minReplicas: 0")
            + """
              overflow: {version: helper}
            ---
            apiVersion: fairlead.dev/v1alpha1
            kind: ModelVersion
            metadata: {name: helper}
            spec:
              engine: {name: openai, baseUrl: %s/v1, upstreamModel: far}
            """
                .formatted(server.url());
    FairleadProcess fairlead = fairleads.up(Start.of(fairleads.file("near.yaml", yaml)));
    fairlead.control().awaitEvent("ReplicaReady", event -> event.object().startsWith("helper"));

    Answer answer = fairlead.openAi().chat(Chat.ask("near", "Say hello.").maxTokens(8));
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(answer.json().path("model").asText()).isEqualTo("near");
    assertThat(fairlead.control().metrics())
        .contains("fairlead_overflows_total{model=\"near\"} 1.0");
    // The request that went elsewhere still starts the model's own replica.
    fairlead.control().awaitEvent("ReplicaReady", event -> event.object().startsWith("near"));
    assertThat(fairlead.openAi().get("/v1/models").body()).doesNotContain("helper");
  }

  @Test
  void aServerThatIsNotThereIsSaidBeforeAnythingListens() {
    Finished finished = fairleads.run("up", "http://127.0.0.1:9/v1");
    assertThat(finished.exitCode()).isEqualTo(1);
    assertThat(finished.err())
        .contains("/v1/models does not answer")
        .contains("does the server run?");
  }
}
