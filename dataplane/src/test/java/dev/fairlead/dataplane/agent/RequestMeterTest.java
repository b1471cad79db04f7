package dev.fairlead.dataplane.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.dataplane.openai.Usage;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RequestMeterTest {
  private final AgentMetrics metrics = new AgentMetrics("tiny");
  private Instant now = Instant.EPOCH;
  private final RequestMeter meter = new RequestMeter(metrics, () -> now);

  @Test
  void oneAnswerGivesTheTimesThatVllmWouldTell() throws IOException {
    pass(100);
    meter.started();
    pass(400);
    meter.generated(1);
    pass(20);
    meter.generated(1);
    pass(60);
    meter.generated(2);
    pass(20);
    meter.finished(Optional.of(new Usage(12, 4, 3)), "stop");
    assertThat(text())
        .contains("vllm:request_queue_time_seconds_sum{model_name=\"tiny\"} 0.1")
        .contains("vllm:time_to_first_token_seconds_sum{model_name=\"tiny\"} 0.5")
        .contains("vllm:inter_token_latency_seconds_count{model_name=\"tiny\"} 3")
        .contains("vllm:inter_token_latency_seconds_sum{model_name=\"tiny\"} 0.08")
        .contains("vllm:e2e_request_latency_seconds_sum{model_name=\"tiny\"} 0.6")
        .contains("vllm:prompt_tokens_total{model_name=\"tiny\"} 12.0")
        .contains("vllm:generation_tokens_total{model_name=\"tiny\"} 4.0")
        .contains("vllm:prefix_cache_hits_total{model_name=\"tiny\"} 3.0")
        .contains("vllm:request_success_total{finished_reason=\"stop\",model_name=\"tiny\"} 1.0");
  }

  @Test
  void tokensOfAnAnswerThatBrokeOffAreCountedAndItIsNoSuccess() throws IOException {
    meter.started();
    meter.generated(3);
    meter.brokenOff();
    assertThat(text())
        .contains("vllm:generation_tokens_total{model_name=\"tiny\"} 3.0")
        .contains("vllm:request_success_total{finished_reason=\"stop\",model_name=\"tiny\"} 0.0");
  }

  @Test
  void aReasonThatNobodyKnowsMakesNoSeriesOfItsOwn() throws IOException {
    meter.finished(Optional.empty(), "because \"I\" say so");
    assertThat(text())
        .contains("vllm:request_success_total{finished_reason=\"other\",model_name=\"tiny\"} 1.0");
  }

  @Test
  void aClockThatIsSetBackGivesNoNegativeTimes() throws IOException {
    pass(-5_000);
    meter.started();
    meter.generated(1);
    meter.finished(Optional.empty(), "stop");
    assertThat(text()).contains("vllm:e2e_request_latency_seconds_sum{model_name=\"tiny\"} 0.0");
  }

  @Test
  void occupancyIsShown() throws IOException {
    metrics.occupancy(2, 5);
    assertThat(text())
        .contains("vllm:num_requests_running{model_name=\"tiny\"} 2.0")
        .contains("vllm:num_requests_waiting{model_name=\"tiny\"} 5.0");
  }

  private void pass(long millis) {
    now = now.plusMillis(millis);
  }

  private String text() throws IOException {
    var out = new ByteArrayOutputStream();
    PrometheusTextFormatWriter.create().write(out, metrics.registry().scrape());
    return out.toString(UTF_8);
  }
}
