import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { packageRoot } from '../../src/packageRoot.ts'
import { MAIN } from '../support/processes.ts'

const FLAG = '--single-threaded-gc'

describe('REQ-CORE: however it is started, the controller collects its garbage on one thread and leaves the guard a core', () => {
  test('by its own name', () => {
    expect(readFileSync(MAIN, 'utf8').split('\n', 1)[0]).toBe(`#!/usr/bin/env -S node ${FLAG}`)
  })

  test('by npm', () => {
    const { scripts } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8'))
    for (const name of ['start', 'cuffpilot']) expect(scripts[name]).toContain(`node ${FLAG} dist/src/cli/main.js`)
  })

  test('Node knows the flag', () => {
    expect(execFileSync(process.execPath, [FLAG, MAIN, '--version'], { encoding: 'utf8' })).toBe('0.1.0\n')
  })
})
