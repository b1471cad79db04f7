package dev.fairlead.dataplane.limits;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/// What runs inside Redis, each in one call and undivided. The arguments are told in the files.
enum Script {
  RESERVE("account.lua", "reserve.lua"),
  SETTLE("account.lua", "settle.lua"),
  RESTORE("account.lua", "restore.lua"),
  BEAT("beat.lua");

  private final String text;

  Script(String... files) {
    StringBuilder all = new StringBuilder();
    for (String file : files) {
      all.append(read(file));
    }
    text = all.toString();
  }

  String text() {
    return text;
  }

  private static String read(String file) {
    try (InputStream in = Script.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("no such script: " + file);
      }
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
