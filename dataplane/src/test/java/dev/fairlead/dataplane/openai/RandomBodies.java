package dev.fairlead.dataplane.openai;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/// Valid chat requests in all spellings that JSON allows.
final class RandomBodies {
  private RandomBodies() {}

  static String next(Random random) {
    List<String> pairs = new ArrayList<>();
    pairs.add(key("model", random) + string(1 + random.nextInt(6), random));
    pairs.add(key("messages", random) + messages(random));
    boolean stream = random.nextBoolean();
    if (stream) {
      pairs.add(key("stream", random) + "true");
    } else if (random.nextBoolean()) {
      pairs.add(key("stream", random) + (random.nextBoolean() ? "false" : "null"));
    }
    if (stream && random.nextBoolean()) {
      pairs.add(key("stream_options", random) + options(random));
    }
    if (random.nextBoolean()) {
      pairs.add("\"extra\":" + value(3, random));
    }
    if (random.nextBoolean()) {
      pairs.add("\"temperature\" : -0.5E+1");
    }
    Collections.shuffle(pairs, random);
    return space(random) + "{" + space(random) + String.join(",", pairs) + "}" + space(random);
  }

  private static String options(Random random) {
    return switch (random.nextInt(5)) {
      case 0 -> "null";
      case 1 -> "{" + space(random) + "}";
      case 2 -> "{\"other\":[1]}";
      case 3 -> "{\"include_usage\":true}";
      default -> "{\"other\":{},\"include_usage\" : false}";
    };
  }

  private static String messages(Random random) {
    List<String> messages = new ArrayList<>();
    for (int i = 0; i <= random.nextInt(4); i++) {
      String role = key("role", random) + "\"user\"";
      String content = key("content", random) + string(random.nextInt(40), random);
      messages.add(
          "{" + (random.nextBoolean() ? role + "," + content : content + "," + role) + "}");
    }
    return "[" + String.join("," + space(random), messages) + "]";
  }

  private static String value(int depth, Random random) {
    return switch (random.nextInt(depth == 0 ? 4 : 6)) {
      case 0 -> string(random.nextInt(9), random);
      case 1 -> Double.toString(random.nextGaussian());
      case 2 -> Long.toString(random.nextLong());
      case 3 -> "null";
      case 4 -> "[" + value(depth - 1, random) + "," + value(depth - 1, random) + "]";
      default -> "{\"model\":" + value(depth - 1, random) + "}";
    };
  }

  private static String key(String key, Random random) {
    StringBuilder text = new StringBuilder("\"");
    for (int i = 0; i < key.length(); i++) {
      char c = key.charAt(i);
      text.append(random.nextInt(8) == 0 ? String.format("\\u%04x", (int) c) : c);
    }
    return text.append('"').append(space(random)).append(':').append(space(random)).toString();
  }

  private static String string(int length, Random random) {
    String[] pieces = {
      "a",
      "Zz",
      "ü",
      "中",
      "\uD83D\uDE00",
      "\\n",
      "\\\"",
      "\\\\",
      "\\u00e9",
      "\\ud83d\\ude00",
      "}",
      ","
    };
    StringBuilder text = new StringBuilder("\"x");
    for (int i = 0; i < length; i++) {
      text.append(pieces[random.nextInt(pieces.length)]);
    }
    return text.append('"').toString();
  }

  private static String space(Random random) {
    return " \n\t\r".substring(0, random.nextInt(5));
  }
}
