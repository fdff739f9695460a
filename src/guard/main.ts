import '../noDebugger.ts'

await import('./process.ts')
