package dev.fairlead.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What a user reads after a mistake: the line, the column and the words.
class BadResourcesTest {
  private static final String HEAD =
      "apiVersion: fairlead.dev/v1alpha1\nkind: ModelVersion\nmetadata: {name: a}\nspec:\n";
  private static final String MODEL_HEAD = HEAD.replace("ModelVersion", "Model");

  @ParameterizedTest
  @MethodSource({"syntax", "identity", "fields", "values", "rules", "tenants"})
  void everyMistakeIsNamedWithItsLine(String yaml, List<String> expected) {
    ParseResult result = ResourceParser.parse(yaml, "f.yaml");
    assertThat(result.problems().stream().map(Problem::text)).containsExactlyElementsOf(expected);
    assertThat(result.resources()).isEmpty();
  }

  private static Arguments bad(String yaml, String... problems) {
    return Arguments.of(yaml, Stream.of(problems).map(text -> "f.yaml:" + text).toList());
  }

  static Stream<Arguments> syntax() {
    return Stream.of(
        bad("kind: [Model\n", "2:1: not YAML: expected ',' or ']', but got <stream end>"),
        bad("x: a: b\n", "1:5: not YAML: mapping values are not allowed here"),
        bad(
            "x: @a\n",
            "1:4: not YAML: found character '@' that cannot start any token. (Do not use @ for indentation)"),
        bad(
            "{\"kind\": \"Model\",}",
            "1:18: not JSON: Unexpected character ('}' (code 125)): was expecting double-quote to start field name"),
        bad(
            "{\"kind\": \"Model\"",
            "1:17: not JSON: Unexpected end-of-input: expected close marker for Object"),
        bad("a: *nope\n", "1:4: no mapping or list before this alias carries the anchor `&nope`"),
        bad("[".repeat(65) + "]".repeat(65), "1:65: nested deeper than 64 levels"),
        bad(bomb(), "5:38: more than 100,000 values, counting what aliases repeat"),
        bad(
            "# " + "x".repeat(1 << 20),
            "1:1: the file has 1,048,578 characters; at most 1,048,576 are read"),
        bad("just words", "1:1: expected a resource with apiVersion and kind, got 'just words'"));
  }

  private static String bomb() {
    StringBuilder yaml = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
    for (int i = 1; i < 10; i++) {
      String alias = "*a" + (i - 1);
      yaml.append("a%d: &a%d [".formatted(i, i)).append(alias);
      yaml.append(("," + alias).repeat(9)).append("]\n");
    }
    return yaml.toString();
  }

  static Stream<Arguments> identity() {
    return Stream.of(
        bad(
            "kind: Modle\nmetadata: {name: a}\n",
            "1:1: apiVersion is missing; known are fairlead.dev/v1alpha1",
            "1:7: unknown kind `Modle`; did you mean `Model`?"),
        bad(
            "apiVersion: fairlead.dev/v1\nkind: Deployment\n",
            "1:13: unknown apiVersion `fairlead.dev/v1`; known are fairlead.dev/v1alpha1",
            "2:7: unknown kind `Deployment`; known are Model, ModelVersion, Tenant"),
        bad(
            "apiVersion: fairlead.dev/v1alpha1\nkind: Model\n",
            "1:1: metadata is missing",
            "1:1: spec is missing"),
        bad(
            HEAD.replace("a}", "My_Model}") + "  modelPath: m\n",
            "3:18: metadata.name: 'My_Model' is not a DNS name (lower-case letters, digits, '-' and"
                + " '.', at most 253); take `my-model`"));
  }

  static Stream<Arguments> fields() {
    return Stream.of(
        bad(
            HEAD + "  modelPath: m\n  maxReplica: 2\n",
            "6:3: unknown field `maxReplica` in spec; did you mean `maxReplicas`?"),
        bad(
            MODEL_HEAD + "  template: {modelPath: m}\n  minReplicas: 2\n",
            "6:3: unknown field `minReplicas` in spec; it belongs in spec.template"),
        bad(
            HEAD + "  modelPath: m\n  engine: {qqqqqq: 1}\n",
            "6:12: unknown field `qqqqqq` in spec.engine; known are name, image, args, env, envFrom,"
                + " maxBatchSize, contextLength, baseUrl, upstreamModel, secretRef"),
        bad(
            HEAD + "  engine: {baseUrl: http://x}\n",
            "5:12: spec: engine.baseUrl is for the engine `openai`: set engine.name to it"),
        bad(
            HEAD + "  modelPath: m\n  engine: {name: openai}\n",
            "5:3: spec: the engine `openai` is a server elsewhere: engine.baseUrl says which"),
        bad(
            HEAD + "  modelPath: m\n  engine: {name: openai, baseUrl: http://x}\n",
            "5:3: spec: `modelPath` and `engine.baseUrl` exclude each other; keep one"),
        bad(
            HEAD + "  engine: {name: openai, baseUrl: 'ftp://x'}\n",
            "5:35: spec.engine.baseUrl: expected the URL where the server's `/models` begins, such as"
                + " https://host/v1, got 'ftp://x'"),
        bad(
            HEAD + "  modelPath: m\n  modelPath: n\n",
            "6:3: `modelPath` is there twice: here and in line 5"),
        bad(HEAD + "  source: {sha256:}\n", "5:11: spec.source.uri is missing"));
  }

  static Stream<Arguments> values() {
    String head = HEAD + "  modelPath: m\n";
    return Stream.of(
        bad(
            head + "  minReplicas: one\n  spot: maybe\n  tolerations: {}\n",
            "6:16: spec.minReplicas: expected a whole number, got 'one'",
            "7:9: spec.spot: expected true or false, got 'maybe'",
            "8:16: spec.tolerations: expected a list, got a mapping"),
        bad(
            head + "  minReplicas: -1\n  maxReplicas: 0\n  replicas: 1.5\n",
            "6:16: spec.minReplicas: must be from 0 to 10000, got -1",
            "7:16: spec.maxReplicas: must be from 1 to 10000, got 0",
            "8:13: spec.replicas: expected a whole number, got the number 1.5"),
        bad(
            head + "  version: 1.0\n",
            "6:12: spec.version: expected text, got the number 1.0; put it in quotes: \"1.0\""),
        bad(
            head + "  maxStreamDuration: 5 minutes\n  coldStart: {nonStreamingWait: 30}\n",
            "6:22: spec.maxStreamDuration: expected a duration such as 30s, 5m or 1h30m, got '5"
                + " minutes'",
            "7:33: spec.coldStart.nonStreamingWait: expected a duration such as 30s, 5m or 1h30m, got"
                + " the number 30"),
        bad(
            head + "  autoscaling: {mode: Off}\n  engine: {env: {A: yes}}\n",
            "6:23: spec.autoscaling.mode: expected text, got the flag Off; put it in quotes: \"Off\"",
            "7:21: spec.engine.env.A: expected text, got the flag yes; put it in quotes: \"yes\""),
        bad(
            HEAD + "  modelPath: \"a\\0b\"\n",
            "5:14: spec.modelPath: a path is not blank, has no control character and is written out"
                + " without `~`"),
        bad(
            head + "  maxStreamDuration: 0s\n",
            "6:22: spec.maxStreamDuration: must be from 1s to 24h, got 0s"),
        bad(
            head + "  storage: {size: 4GB, accessMode: ReadWriteOne}\n",
            "6:19: spec.storage.size: expected a quantity such as 4Gi, 500m or 2, got '4GB'",
            "6:36: spec.storage.accessMode: expected one of ReadWriteOnce, ReadOnlyMany,"
                + " ReadWriteMany, ReadWriteOncePod, got 'ReadWriteOne'; did you mean"
                + " `ReadWriteOnce`?"),
        bad(
            head + "  engine: {args: [a, 1], env: {1X: y}, maxBatchSize: 99999999999999999999}\n",
            "6:22: spec.engine.args[1]: expected text, got the number 1; put it in quotes: \"1\"",
            "6:32: spec.engine.env: `1X` is not a legal name here",
            "6:54: spec.engine.maxBatchSize: must be from 1 to 4096, got 99999999999999999999"),
        bad(
            HEAD + "  source: {uri: model.gguf, sha256: ABC}\n",
            "5:17: spec.source.uri: expected a URI such as https://host/model.gguf, got 'model.gguf'",
            "5:37: spec.source.sha256: expected 64 hex digits in lower case, got 3 characters"),
        bad(
            HEAD.replace("spec:\n", "spec: 3\n"),
            "4:7: spec: expected a mapping, got the number 3"));
  }

  static Stream<Arguments> rules() {
    String again = "---\n" + HEAD + "  modelPath: m\n";
    return Stream.of(
        bad(
            HEAD + "  minReplicas: 1\n",
            "5:3: spec: one of `modelPath` and `source` must be there"),
        bad(
            HEAD + "  source: {uri: https://h/m}\n  modelPath: m\n",
            "5:3: spec: `modelPath` and `source` exclude each other; keep one"),
        bad(
            MODEL_HEAD + "  servedName: \"a\\tb\"\n",
            "5:15: spec.servedName: a served name has 1 to 256 characters, no control character and no space at its ends",
            "5:3: spec: one of `template` and `version` must be there"),
        bad(
            MODEL_HEAD + "  servedName: \" \"\n",
            "5:15: spec.servedName: a served name has 1 to 256 characters, no control character and no space at its ends",
            "5:3: spec: one of `template` and `version` must be there"),
        bad(
            HEAD + "  modelPath: m\n  minReplicas: 5\n  maxReplicas: 2\n",
            "6:16: spec.minReplicas: 5 is over maxReplicas 2"),
        bad(
            again.replace("modelPath: m", "x: 1") + again.replace("modelPath: m", "x: 1"),
            "6:3: unknown field `x` in spec; known are " + SPEC_FIELDS,
            "6:3: spec: one of `modelPath` and `source` must be there",
            "12:3: unknown field `x` in spec; known are " + SPEC_FIELDS,
            "12:3: spec: one of `modelPath` and `source` must be there"));
  }

  static Stream<Arguments> tenants() {
    String head = HEAD.replace("ModelVersion", "Tenant");
    String hash = "0123456789abcdef".repeat(4);
    return Stream.of(
        bad(
            head + "  limit: {requestsPerMinute: 1}\n",
            "5:3: unknown field `limit` in spec; did you mean `limits`?"),
        bad(
            head + "  tokensPerMinute: 5\n  sha256: " + hash + "\n",
            "5:3: unknown field `tokensPerMinute` in spec; it belongs in spec.limits",
            "6:3: unknown field `sha256` in spec; it belongs in spec.keys[]"),
        bad(head + "  models: []\n", "5:11: spec.models: is empty: leave it out to allow all"),
        bad(
            head + "  models: chat\n  priority: 1001\n  overflow: maybe\n",
            "5:11: spec.models: expected a list, got 'chat'",
            "6:13: spec.priority: must be from -1000 to 1000, got 1001",
            "7:13: spec.overflow: expected true or false, got 'maybe'"),
        bad(
            head + "  limits: {requestsPerMinute: 0, tokensPerDay: 1e3, concurrency: -1}\n",
            "5:31: spec.limits.requestsPerMinute: must be from 1 to 1000000000000000, got 0",
            "5:48: spec.limits.tokensPerDay: expected a whole number, got the number 1e3",
            "5:66: spec.limits.concurrency: must be from 1 to 1000000, got -1"),
        bad(
            head + "  attributionHeader: x user\n",
            "5:22: spec.attributionHeader: a header name has 1 to 64 letters, digits or `-`, such"
                + " as x-user"),
        bad(
            head + "  attributionHeader: Authorization\n",
            "5:22: spec.attributionHeader: the header Authorization holds a secret; name one that"
                + " holds only the user"),
        bad(
            head + "  keys:\n    - {name: a, key: fl-secret}\n",
            "6:17: unknown field `key` in spec.keys[0]; known are name, sha256, expires",
            "6:7: spec.keys[0].sha256 is missing"),
        bad(
            head + "  keys:\n    - {name: My Key, sha256: fl-secret, expires: tomorrow}\n",
            "6:14: spec.keys[0].name: 'My Key' is not a DNS name (lower-case letters, digits, '-'"
                + " and '.', at most 253); take `my-key`",
            "6:30: spec.keys[0].sha256: expected 64 hex digits in lower case, got 9 characters",
            "6:50: spec.keys[0].expires: expected a date such as 2026-12-31 or a time such as"
                + " 2026-12-31T18:00:00Z, got 'tomorrow'"),
        bad(
            head
                + "  keys:\n    - {name: a, sha256: "
                + hash
                + "}\n    - {name: a, sha256: "
                + hash
                + "}\n",
            "7:14: spec.keys[1].name: this is there twice: here and in line 6",
            "7:25: spec.keys[1].sha256: this is there twice: here and in line 6"));
  }

  private static final String SPEC_FIELDS =
      "version, modelPath, source, storage, engine, resources, accelerator, nodeSelector,"
          + " tolerations, spot, priorityClassName, podTemplate, replicas, minReplicas, maxReplicas,"
          + " autoscaling, coldStart, maxStreamDuration, placement";
}
