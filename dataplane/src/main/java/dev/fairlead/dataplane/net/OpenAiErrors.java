package dev.fairlead.dataplane.net;

/// Renders `{"error":{"message","type","param","code"}}`, as the OpenAI API reference defines it.
enum OpenAiErrors implements ErrorRenderer {
  INSTANCE;

  @Override
  public String render(Refusal refusal) {
    var json = new StringBuilder(128).append("{\"error\":{\"message\":");
    quote(refusal.message(), json);
    json.append(",\"type\":\"").append(type(refusal.status()));
    json.append("\",\"param\":null,\"code\":");
    quote(refusal.code(), json);
    return json.append("}}").toString();
  }

  private static String type(int status) {
    return switch (status) {
      case 401 -> "authentication_error";
      case 403 -> "permission_error";
      case 429 -> "rate_limit_error";
      default -> status >= 500 ? "server_error" : "invalid_request_error";
    };
  }

  private static void quote(String text, StringBuilder json) {
    json.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> json.append('\\').append(c);
        case '\n' -> json.append("\\n");
        default -> {
          if (c < ' ' || Character.isSurrogate(c)) {
            json.append("\\u%04x".formatted((int) c));
          } else {
            json.append(c);
          }
        }
      }
    }
    json.append('"');
  }
}
