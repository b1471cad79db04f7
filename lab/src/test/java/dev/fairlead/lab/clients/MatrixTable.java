package dev.fairlead.lab.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The behaviour matrix: what each client library reports through the gateway when an engine
/// behaves so. The page `docs/reference/clients.md` shows the same table. Immutable.
final class MatrixTable {
  static final String TEXT =
      """
      | the engine … | openai-node 4 | openai-node 6 | ai-sdk | langchain js | openai-java | langchain4j |
      |---|---|---|---|---|---|---|
      | streams an answer (the real engine) | whole | whole | whole | whole | whole | whole |
      | gives a whole answer (the real engine) | whole | whole | whole | whole | whole | whole |
      | makes vectors (the real engine) | vectors | vectors | vectors | vectors | vectors | vectors |
      | is busy: comments before the answer | whole | whole | whole | whole | whole | whole |
      | tells the usage in a chunk with `choices: []` | whole | whole | whole | whole | whole | whole |
      | ends without a `finish_reason` | error | error | error | error | error | error |
      | sends `data: {"error": …}` in mid-stream | error | error | error | error | error | error |
      | sends `event: error` in mid-stream | error | error | error | error | error | error |
      | sends half a JSON object in mid-stream | error | error | error | error | error | error |
      | resets the connection in mid-stream | error | error | error | error | error | error |
      | calls a tool | one call | one call | one call | one call | one call | one call |
      | repeats id and name in each piece of a call | one call | one call | one call | one call | one call | one call |
      | leaves out the index of a call | one call | one call | one call | one call | one call | one call |
      | answers floats whatever was asked | vectors | vectors | vectors | vectors | vectors | vectors |
      | answers base64 whatever was asked | vectors | vectors | vectors | vectors | vectors | vectors |
      | answers with a page of HTML | 502 | 502 | 502 | 502 | 502 | 502 |
      """;

  private final Map<String, Map<Situation, String>> columns = new LinkedHashMap<>();

  MatrixTable() {
    List<List<String>> rows = TEXT.lines().map(MatrixTable::cells).toList();
    List<String> names = rows.getFirst();
    List<List<String>> body = rows.subList(2, rows.size());
    assertThat(body.stream().map(List::getFirst))
        .containsExactlyElementsOf(
            Arrays.stream(Situation.values()).map(Situation::label).toList());
    for (int column = 1; column < names.size(); column++) {
      Map<Situation, String> expected = new LinkedHashMap<>();
      Iterator<List<String>> lines = body.iterator();
      for (Situation situation : Situation.values()) {
        expected.put(situation, lines.next().get(column));
      }
      columns.put(names.get(column), expected);
    }
  }

  private static List<String> cells(String row) {
    return Arrays.stream(row.substring(1).split("\\|", -1))
        .map(String::strip)
        .filter(cell -> !cell.isEmpty())
        .toList();
  }

  /// The outcomes that a client shall report.
  Map<Situation, String> column(String client) {
    return columns.getOrDefault(client, Map.of());
  }
}
