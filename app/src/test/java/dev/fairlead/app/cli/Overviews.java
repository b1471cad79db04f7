package dev.fairlead.app.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/// An overview as a running Fairlead gives it.
final class Overviews {
  private Overviews() {}

  /// One model that serves, one that is idle, one that is being fetched.
  static final String THREE =
      """
      {"version":"0.1.0","time":"2026-11-24T08:00:00Z","bootId":"b","controlUrl":"http://x",
       "host":{"cores":2,"memoryBytes":25,"memoryFreeBytes":19},
       "models":[
        {"name":"chat","servedName":"team/chat","aliases":["default"],"state":"Ready",
         "reason":"Ready","message":"","purpose":"chat","activeVersion":"chat-1",
         "versions":["chat-1"]},
        {"name":"qwen2.5-0.5b","servedName":"qwen2.5-0.5b","aliases":[],"state":"Idle",
         "reason":"Idle","message":"No request for 5 min.","purpose":"chat",
         "activeVersion":"qwen2.5-0.5b-7","versions":["qwen2.5-0.5b-7"]},
        {"name":"big","servedName":"big","aliases":[],"state":"Progressing","reason":"Fetching",
         "message":"","purpose":null,"activeVersion":null,"versions":["big-1"]}],
       "versions":[
        {"name":"chat-1","model":"chat","state":"Ready","reason":"Ready","message":"",
         "minReplicas":0,"maxReplicas":2,"desiredReplicas":2,"pinned":2,"engine":"llama.cpp",
         "source":"/models/chat.gguf",
         "artifact":{"format":"GGUF","architecture":"llama","parameters":134515008,
          "bytes":98362432,"contextLength":8192,"digest":"sha256:6f1c"},
         "prepare":null,
         "replicas":[
          {"id":"r1","phase":"Ready","since":"2026-11-24T07:50:00Z","pid":4001,"slots":4,
           "running":3,"waiting":1,"restarts":0,"message":""},
          {"id":"r2","phase":"Loading","since":"2026-11-24T07:59:58Z","pid":4002,"slots":4,
           "running":0,"waiting":0,"restarts":1,"message":"after a crash"}],
         "waiting":1,"inFlight":4,"generationTokensPerSecond":61.24,"promptTokensPerSecond":10,
         "timeToFirstTokenMillis":{"p50":210,"p95":1480}},
        {"name":"qwen2.5-0.5b-7","model":"qwen2.5-0.5b","state":"Idle","reason":"Idle",
         "message":"","minReplicas":0,"maxReplicas":1,"desiredReplicas":0,"pinned":null,
         "engine":"llama.cpp","source":"/models/qwen.gguf",
         "artifact":{"format":"GGUF","architecture":"qwen2","parameters":494032768,
          "bytes":491400032,"contextLength":32768,"digest":null},
         "prepare":null,"replicas":[],"waiting":0,"inFlight":0,"generationTokensPerSecond":0,
         "promptTokensPerSecond":0,"timeToFirstTokenMillis":null},
        {"name":"big-1","model":"big","state":"Preparing","reason":"Fetching","message":"",
         "minReplicas":1,"maxReplicas":1,"desiredReplicas":1,"pinned":null,"engine":null,
         "source":"https://models.example/big.gguf","artifact":null,
         "prepare":{"label":"Fetching","bytes":400000000,"totalBytes":2019377696},
         "replicas":[],"waiting":0,"inFlight":0,"generationTokensPerSecond":0,
         "promptTokensPerSecond":0,"timeToFirstTokenMillis":null}]}
      """;

  static JsonNode tree() {
    try {
      return new ObjectMapper().readTree(THREE);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  static Overview three() {
    return Overview.of(tree());
  }
}
