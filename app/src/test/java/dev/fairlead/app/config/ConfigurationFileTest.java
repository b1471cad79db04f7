package dev.fairlead.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.api.Problem;
import dev.fairlead.core.route.ReplicaHealth;
import dev.fairlead.core.route.RetryBudget;
import dev.fairlead.dataplane.gateway.Resilience;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ConfigurationFileTest {
  private static final Path FILE = Path.of("/etc/fairlead/fairlead.yaml");

  @Test
  void anEmptyFileIsTheDefaults() {
    for (String text : new String[] {"", "# nothing yet\n", "cors:\n", "requests: {}\n"}) {
      Configuration read = ConfigurationFile.parse(text, FILE).configuration().orElseThrow();

      assertThat(read.get(Listen.SECTION)).isEqualTo(new Listen("127.0.0.1", 8080));
      assertThat(read.get(Tls.SECTION).files()).isEmpty();
      assertThat(read.get(Cors.SECTION).rule().origins()).isEmpty();
      assertThat(read.get(Requests.SECTION))
          .isEqualTo(Configuration.defaults().get(Requests.SECTION));
      assertThat(read.get(Timeouts.SECTION).drain()).isEqualTo(Duration.ofSeconds(30));
      assertThat(read.get(Failures.SECTION).resilience()).isEqualTo(Resilience.defaults());
    }
  }

  @Test
  void whatIsWrittenHoldsAndTheRestIsDefault() {
    Configuration read =
        ConfigurationFile.parse(
                """
                listen: {address: 0.0.0.0, port: 8443}
                tls:
                  certificateFile: /certs/tls.crt
                  keyFile: tls.key
                cors: {origins: ["https://chat.example.com", "http://localhost:5173"]}
                requests: {maxBodyBytes: 1Mi, maxDepth: 12}
                timeouts: {body: 1m30s, stall: 500ms}
                failures: {retryShare: 0.5, spareRetries: 200, replayBytes: 1Gi, ejectFor: 1s}
                """,
                FILE)
            .configuration()
            .orElseThrow();

    assertThat(read.get(Listen.SECTION)).isEqualTo(new Listen("0.0.0.0", 8443));
    assertThat(read.get(Tls.SECTION).files())
        .contains(
            new Tls.Files(Path.of("/certs/tls.crt"), Path.of("/etc/fairlead").resolve("tls.key")));
    assertThat(read.get(Cors.SECTION).rule().origins())
        .containsExactlyInAnyOrder("https://chat.example.com", "http://localhost:5173");
    Requests requests = read.get(Requests.SECTION);
    assertThat(requests.http().maxBodyBytes()).isEqualTo(1 << 20);
    assertThat(requests.content().bodyBytes()).isEqualTo(1 << 20);
    assertThat(requests.content().depth()).isEqualTo(12);
    assertThat(requests.http().maxHeaderCount()).isEqualTo(100);
    assertThat(read.get(Timeouts.SECTION).server().body()).isEqualTo(Duration.ofSeconds(90));
    assertThat(read.get(Timeouts.SECTION).server().stall()).isEqualTo(Duration.ofMillis(500));
    assertThat(read.get(Failures.SECTION).resilience())
        .isEqualTo(
            Resilience.defaults()
                .withReplayBytes(1L << 30)
                .withRetries(new RetryBudget.Policy(0.5, 200, Duration.ofSeconds(1), 200))
                .withEjection(
                    new ReplicaHealth.Policy(5, Duration.ofSeconds(1), Duration.ofMinutes(5))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          corz: {}                                  | 1:1: unknown section `corz`; did you mean `cors`?
          maxBodyBytes: 1Mi                         | 1:1: unknown section `maxBodyBytes`; it is a key of requests
          cors: {origin: []}                        | 1:8: unknown key `origin` in cors; did you mean `origins`?
          tls: {key: abc}                           | 1:7: unknown key `key` in tls; write it into a file of its own and name that with `keyFile`
          timeouts: {hedd: 1s, quux: 2s}            | 1:22: unknown key `quux` in timeouts; known are head, body, idle, stall, drain
          listen: {port: 70000}                     | 1:16: listen.port: must be from 1 to 65535
          listen: {port: "80"}                      | 1:16: listen.port: expected a whole number, got '80'
          listen: {address: 127}                    | 1:19: listen.address: expected text, got the number 127; put it in quotes: "127"
          listen: 8080                              | 1:9: listen: expected a mapping, got the number 8080
          requests: {maxBodyBytes: 12q}             | 1:26: requests.maxBodyBytes: expected a size such as 64Ki, 32Mi or 65536, got '12q'
          requests: {maxBodyBytes: 1}               | 1:26: requests.maxBodyBytes: must be whole bytes from 1Ki to 1Gi, got 1
          timeouts: {body: 30}                      | 1:18: timeouts.body: expected a duration such as 30s, 5m or 1h30m, got the number 30
          timeouts: {body: 2h}                      | 1:18: timeouts.body: must be from 100ms to 1h, got 2h
          failures: {retryShare: 20}                | 1:24: failures.retryShare: must be from 0 to 1
          failures: {retryShare: 20%}               | 1:24: failures.retryShare: expected a number from 0 to 1, got '20%'
          failures: {replayBytes: 2Ti}              | 1:25: failures.replayBytes: must be whole bytes from 0 to 1Ti, got 2Ti
          failures: {ejectAfter: 0}                 | 1:24: failures.ejectAfter: must be from 1 to 1000
          failures: {ejectFor: 10m}                 | 1:11: failures: `ejectForAtMost` is shorter than `ejectFor`: 5m, 10m
          traces: {ratio: 2}                        | 1:17: traces.ratio: must be from 0 to 1
          cors: {origins: [https://a.example/path]} | 1:18: cors.origins[0]: must be `*` or an origin such as https://chat.example.com, without a path, got 'https://a.example/path'
          tls: {keyFile: key.pem}                   | 1:6: tls: `certificateFile` and `keyFile` belong together; `certificateFile` is missing
          tls: {keyFile: ~/key.pem}                 | 1:16: tls.keyFile: a path is written out, without `~`
          kind: Model                               | 1:1: this is a resource, not a configuration: pass the file with -f
          [1, 2]                                    | 1:1: the configuration: expected a mapping, got a list
          """)
  void aMistakeIsNamedWithItsPlaceAndWhatWasMeant(String text, String message) {
    ConfigurationFile.Read read = ConfigurationFile.parse(text, FILE);

    assertThat(read.configuration()).isEmpty();
    assertThat(read.problems()).extracting(Problem::text).contains(FILE + ":" + message);
  }

  @Test
  void everyMistakeIsToldAtOnce() {
    ConfigurationFile.Read read =
        ConfigurationFile.parse("listen: {port: x}\ncors: {origin: []}\nfoo: 1\n", FILE);

    assertThat(read.problems()).extracting(Problem::line).containsExactly(1, 2, 3);
  }

  @Test
  void brokenYamlAndTwoDocumentsAreRefused() {
    assertThat(ConfigurationFile.parse("cors: {origins: [", FILE).problems())
        .singleElement()
        .satisfies(problem -> assertThat(problem.message()).startsWith("not YAML"));
    assertThat(ConfigurationFile.parse("cors: {}\n---\ncors: {}\n", FILE).problems())
        .extracting(Problem::text)
        .containsExactly(FILE + ":3:1: a configuration is one document, not several");
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    ConfigurationFile.Read read = ConfigurationFile.read(Path.of("/nowhere/fairlead.yaml"));

    assertThat(read.problems())
        .extracting(Problem::text)
        .containsExactly("/nowhere/fairlead.yaml: there is no such file");
  }
}
