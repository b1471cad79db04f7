package dev.fairlead.engines.fake;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a chat or completion request asks for.
///
/// @param prompt its tokens
/// @param question the last user message, or the prompt
/// @param begun an answer to be continued: the content of a last message of the assistant
/// @param tool the tool that shall be called
record Ask(
    boolean chat,
    List<String> prompt,
    String question,
    String begun,
    Optional<Tool> tool,
    Form form) {

  /// In which form the answer comes, and at most how long it is.
  record Form(boolean stream, boolean usage, int maxTokens) {
    static Form of(JsonNode body) {
      int limit = body.path("max_completion_tokens").asInt(body.path("max_tokens").asInt(-1));
      return new Form(
          body.path("stream").asBoolean(),
          body.path("stream_options").path("include_usage").asBoolean(),
          limit < 0 ? Integer.MAX_VALUE : Math.max(1, limit));
    }
  }

  /// A tool with arguments that fit its schema.
  record Tool(String name, String arguments) {}

  /// Llama.cpp's refusal of a request, for its 400.
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    Refused(String message) {
      super(message);
    }
  }

  static Ask chat(JsonNode body) throws Refused {
    var messages = body.get("messages");
    if (messages == null) {
      throw new Refused("'messages' is required");
    }
    var prompt = new ArrayList<String>();
    var question = "";
    var begun = "";
    var toolAnswered = false;
    for (var message : messages) {
      var role = message.path("role").asText();
      var content = content(message.path("content"));
      prompt.add("<|im_start|>" + role + "\n");
      prompt.addAll(Answers.tokensOf(content));
      prompt.add("<|im_end|>");
      question = role.equals("user") ? content : question;
      begun = role.equals("assistant") ? content : "";
      toolAnswered = role.equals("tool");
    }
    var tools = body.path("tools");
    boolean calls =
        !tools.isEmpty() && !toolAnswered && !body.path("tool_choice").asText().equals("none");
    var tool = calls ? Optional.of(toolOf(tools.get(0).path("function"))) : Optional.<Tool>empty();
    return new Ask(true, List.copyOf(prompt), question, begun, tool, Form.of(body));
  }

  static Ask completion(JsonNode body) throws Refused {
    if (!body.has("prompt")) {
      throw new Refused("\"prompt\" is required");
    }
    var prompt = body.get("prompt").asText();
    return new Ask(false, Answers.tokensOf(prompt), prompt, "", Optional.empty(), Form.of(body));
  }

  boolean stream() {
    return form.stream();
  }

  boolean usage() {
    return form.usage();
  }

  int maxTokens() {
    return form.maxTokens();
  }

  private static String content(JsonNode content) {
    if (!content.isArray()) {
      return content.isNull() ? "" : content.asText();
    }
    var text = new StringBuilder();
    content.forEach(part -> text.append(part.path("text").asText()));
    return text.toString();
  }

  private static Tool toolOf(JsonNode function) {
    var arguments = Answers.JSON.createObjectNode();
    function
        .path("parameters")
        .path("properties")
        .properties()
        .forEach(property -> arguments.put(property.getKey(), "Paris"));
    return new Tool(function.path("name").asText(), arguments.toString());
  }

  /// The tokens of the answer, the continued part left out.
  List<String> answer(Optional<Fault> fault) {
    if (fault.isPresent() && fault.get().kind() == Fault.Kind.TOKENS) {
      var tokens = new ArrayList<String>();
      for (int i = 0; i < fault.get().number(); i++) {
        tokens.add((i == 0 ? "" : " ") + "word" + i);
      }
      return tokens;
    }
    var text =
        question.contains("capital of France")
            ? "The capital of France is Paris."
            : "You said: " + question;
    return Answers.tokensOf(text.startsWith(begun) ? text.substring(begun.length()) : text);
  }
}
