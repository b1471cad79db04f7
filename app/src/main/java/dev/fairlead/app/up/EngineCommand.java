package dev.fairlead.app.up;

import dev.fairlead.artifacts.engine.EngineProgram;
import dev.fairlead.artifacts.engine.EngineProgram.Kind;
import dev.fairlead.engines.host.GpuProbe;
import java.io.PrintStream;
import java.util.List;
import java.util.function.Supplier;

/// The engine's command, fetched once, when it is first needed: servers elsewhere need none. Any
/// thread may ask.
final class EngineCommand implements Supplier<List<String>> {
  private final Machine machine;
  private final PrintStream out;
  private List<String> command = List.of();

  EngineCommand(Machine machine, PrintStream out) {
    this.machine = machine;
    this.out = out;
  }

  @Override
  public synchronized List<String> get() {
    if (command.isEmpty()) {
      command = fetch();
    }
    return command;
  }

  private List<String> fetch() {
    EngineProgram program = machine.engine();
    if (program.kind() == Kind.WHEEL || program.kind() == Kind.BUILT) {
      // Those are built for the CPU; what the user brought may use the GPU.
      GpuProbe.ofThisMachine().find().ifPresent(gpu -> out.println("gpu: " + gpu.unused()));
    }
    return program.command();
  }
}
