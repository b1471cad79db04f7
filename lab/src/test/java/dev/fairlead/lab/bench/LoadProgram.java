package dev.fairlead.lab.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fairlead.dataplane.net.ClientOptions;
import dev.fairlead.dataplane.net.EventLoops;
import dev.fairlead.dataplane.net.HttpClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.time.Duration;

/// Reads a {@link Load} a line, puts it on a server, prints what it {@link Measured}; ends with its
/// input.
public final class LoadProgram {
  private static final ObjectMapper JSON = new ObjectMapper();

  private LoadProgram() {}

  public static void main(String[] arguments) throws IOException {
    var options =
        new ClientOptions(
            2_048, Duration.ofSeconds(20), Duration.ofSeconds(1), 64 << 10, Duration.ofSeconds(60));
    try (EventLoops loops = EventLoops.start(1, "load");
        HttpClient client = new HttpClient(options, loops);
        var in = new BufferedReader(new InputStreamReader(System.in, UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        Load load = JSON.readValue(line, Load.class);
        Measured measured = new LoadRun(client, loops.next(), load).run();
        System.out.println(JSON.writeValueAsString(measured));
      }
    }
  }
}
