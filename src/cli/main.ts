#!/usr/bin/env -S node --single-threaded-gc
// A controller that collects its garbage on one thread leaves the guard a core of its own, even on a laptop with two.
import '../noDebugger.ts'

await import('./program.ts')
