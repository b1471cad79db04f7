/// The built product as a user runs it, for the end-to-end suites: started as a process, asked over
/// its doors, stopped by signals, and looked after at the end of each test.
@NullMarked
package dev.fairlead.lab.harness;

import org.jspecify.annotations.NullMarked;
