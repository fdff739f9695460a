import { AsyncLocalStorage } from 'node:async_hooks'
import { onTestFinished, type TestContext, test as vitestTest } from 'vitest'

const running = new AsyncLocalStorage<TestContext>()

/** When the test ends that asks for it, also of several that run at once. */
export const whenFinished = (undo: () => void | Promise<void>): void =>
  (running.getStore()?.onTestFinished ?? onTestFinished)(undo)

type Body<Row extends readonly unknown[]> = (...row: Row) => void | Promise<void>

/**
 * A test that waits for real processes, beside others of its file: waiting takes no core. Each has a data folder, a
 * unit and a terminal of its own.
 */
export const test = Object.assign(
  (title: string, body: Body<[]>) => vitestTest.concurrent(title, context => running.run(context, body)),
  {
    each:
      <const Row extends readonly unknown[]>(rows: readonly Row[]) =>
      (title: string, body: Body<{ -readonly [I in keyof Row]: Row[I] }>) =>
        vitestTest.concurrent.for(rows)(title, (row, context) => running.run(context, () => body(...(row as never)))),
  },
)
