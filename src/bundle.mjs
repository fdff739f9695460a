/** Part of `npm run build`: the pages with all that they need, each as one script for a browser. What a browser lacks is an error. */
import { cpSync, mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { build } from 'rolldown'

const bundle = (input, output) =>
  build({
    input,
    platform: 'browser',
    output,
    onLog(_level, { message }) {
      throw new Error(message)
    },
  })

await bundle('src/review/page/main.ts', { file: 'dist/live-page.js', format: 'iife' })
await bundle('src/console/page/main.ts', { file: 'dist/console/main.js', format: 'es' })

/** What the console serves beside its script. */
const own = ['index.html', 'style.css', 'icon.svg'].map(name => `src/console/page/${name}`)
const files = [
  ...own,
  'machines/diagrams/session.svg',
  createRequire(import.meta.url).resolve('uplot/dist/uPlot.min.css'),
]
mkdirSync('dist/console', { recursive: true })
for (const file of files) cpSync(file, `dist/console/${file.split('/').at(-1)}`)
